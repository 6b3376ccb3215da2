"""The training of experiments that were replaced, for going back to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from core.training.memories import Memories
from core.training.run_history import RunHistory
from core.training.training_state import TrainingState

MAX_KEPT: Final = 3


@dataclass(frozen=True, slots=True)
class Kept:
    """One training as it was left.

    Attributes:
        state: the whole training state; ``None`` for one that has not begun.
        memories: what undo needs of it.
        history: its loss curve and what was changed on the way.
    """

    state: TrainingState | None = None
    memories: Memories = field(default_factory=Memories)
    history: RunHistory = field(default_factory=RunHistory)


class Shelf:
    """Keeps the training of the last few experiments by the generation in which each was left."""

    def __init__(self) -> None:
        self._kept: dict[int, Kept] = {}

    def swap(self, generation: int, left: Kept | None, wanted: int | None) -> Kept:
        """Keep what was ``left`` in ``generation``; return what was left in the ``wanted`` one, else a new beginning."""
        taken = None if wanted is None else self._kept.pop(wanted, None)
        if left is not None:
            self._kept[generation] = left
        while len(self._kept) > MAX_KEPT:
            del self._kept[min(self._kept)]
        return taken or Kept()
