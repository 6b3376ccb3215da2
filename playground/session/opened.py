"""An opened Experiment that can be returned to."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from core.experiment import Experiment
from playground.session.editing.undo_history import UndoHistory
from playground.session.pins import Pin


class Opened(Struct, frozen=True):
    """An opened Experiment with its file, history and training.

    Attributes:
        experiment: the current settings.
        saved: the settings in the file.
        file: the file.
        folder: base folder of relative table paths.
        history: its undo history.
        before: what was open before this, until this is known to be usable.
        generation: the generation under which the training thread keeps its training.
    """

    experiment: Experiment
    saved: Experiment
    file: Path | None
    folder: Path | None
    history: UndoHistory
    before: Opened | None = None
    generation: int | None = None


class Aside(Struct, frozen=True):
    """The user's own work, put aside while something else is open.

    Attributes:
        opened: its Experiment, file, history and training.
        previous: what was open before it.
        pins: its pinned runs.
    """

    opened: Opened
    previous: Opened | None
    pins: tuple[Pin, ...]
