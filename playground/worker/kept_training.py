"""Keep the training of replaced experiments, so that the user can return to them."""

from __future__ import annotations

from typing import Final

from msgspec import Struct, field

from core.training.run_history import RunHistory
from core.training.training_state import TrainingState
from core.training.undo_states import UndoStates
from playground.worker.freed_memory import return_freed_later

MAX_KEPT: Final = 3


class Kept(Struct, frozen=True):
    """The training of one experiment.

    Attributes:
        state: the training state; ``None`` if training has not started.
        undo_states: previous states for undo.
        history: its loss curve and the changes made.
    """

    state: TrainingState | None = None
    undo_states: UndoStates = field(default_factory=UndoStates)
    history: RunHistory = field(default_factory=RunHistory)


class KeptTraining:
    """Keeps the training of the last few experiments, by their last generation."""

    def __init__(self) -> None:
        self._kept: dict[int, Kept] = {}

    def swap(self, generation: int, left: Kept | None, wanted: int | None) -> Kept:
        """Store ``left`` under ``generation``; return the training stored under ``wanted``, or a new one."""
        taken = None if wanted is None else self._kept.pop(wanted, None)
        if left is not None:
            self._kept[generation] = left
        while len(self._kept) > MAX_KEPT:
            del self._kept[min(self._kept)]
        return_freed_later()
        return taken or Kept()
