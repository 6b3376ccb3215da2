"""What was open, to go back to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.experiment import Experiment
from playground.session.undo_history import UndoHistory


@dataclass(frozen=True, slots=True)
class Opened:
    """An Experiment with all that belongs to it.

    Attributes:
        experiment: its settings as they were left.
        saved: as they are in the file.
        file: where it came from.
        folder: where relative table paths start.
        history: what can be undone and redone.
        before: what was open before this, as long as nobody knows whether this is usable itself.
        generation: under which the training thread keeps its training.
    """

    experiment: Experiment
    saved: Experiment
    file: Path | None
    folder: Path | None
    history: UndoHistory
    before: Opened | None = None
    generation: int | None = None
