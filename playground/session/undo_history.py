"""Undo and redo as two stacks of plain values; one slider drag is one entry."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from core.experiment import Experiment

MERGE_SECONDS: Final = 1.0
MAX_ENTRIES: Final = 500


@dataclass(frozen=True, slots=True)
class ExperimentEdit:
    """The Experiment was changed from ``old`` to ``new``."""

    label: str
    old: Experiment
    new: Experiment


@dataclass(frozen=True, slots=True)
class ParameterEdit:
    """The parameter at flat ``index`` was changed by hand from ``old`` to ``new``."""

    label: str
    index: int
    old: float
    new: float


Edit: TypeAlias = ExperimentEdit | ParameterEdit


class UndoHistory:
    """What was changed, in order, and how far it has been taken back."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, *, done: Iterable[Edit] = (), undone: Iterable[Edit] = ()
    ) -> None:
        self._clock = clock
        self._done: list[Edit] = list(done)
        self._undone: list[Edit] = list(undone)
        self._last_merge: tuple[str, float] | None = None
        self._held = False

    @property
    def done(self) -> tuple[Edit, ...]:
        """What can be undone, oldest first."""
        return tuple(self._done)

    @property
    def undone(self) -> tuple[Edit, ...]:
        """What can be redone; the next one last."""
        return tuple(self._undone)

    @property
    def undo_label(self) -> str | None:
        """What the next undo takes back, or ``None``."""
        return self._done[-1].label if self._done else None

    @property
    def redo_label(self) -> str | None:
        """What the next redo does again, or ``None``."""
        return self._undone[-1].label if self._undone else None

    def push(self, edit: Edit, merge_key: str | None = None) -> None:
        """Add ``edit``; with the same ``merge_key`` as the entry before, within a second, the two become one."""
        now = self._clock()
        previous = self._done[-1] if self._done else None
        merges = (
            merge_key is not None
            and self._last_merge is not None
            and self._last_merge[0] == merge_key
            and (self._held or now - self._last_merge[1] < MERGE_SECONDS)
        )
        if merges and isinstance(edit, ExperimentEdit) and isinstance(previous, ExperimentEdit):
            self._done[-1] = ExperimentEdit(edit.label, previous.old, edit.new)
        elif merges and isinstance(edit, ParameterEdit) and isinstance(previous, ParameterEdit):
            self._done[-1] = ParameterEdit(edit.label, edit.index, previous.old, edit.new)
        else:
            self._done.append(edit)
            del self._done[:-MAX_ENTRIES]
        self._undone.clear()
        self._last_merge = (merge_key, now) if merge_key is not None else None

    def hold(self, on: bool) -> None:  # noqa: FBT001 - follows Qt's setter form
        """Make one entry of all edits with the same key from now until it is let go, however long that takes."""
        self._held = on
        self._last_merge = None

    def undo(self) -> Edit | None:
        """Return the edit to take back, or ``None``."""
        self._last_merge = None
        if not self._done:
            return None
        self._undone.append(self._done.pop())
        return self._undone[-1]

    def redo(self) -> Edit | None:
        """Return the edit to do again, or ``None``."""
        self._last_merge = None
        if not self._undone:
            return None
        self._done.append(self._undone.pop())
        return self._done[-1]

    def forget_redo(self) -> None:
        """Forget what could be done again: it turned out to be impossible."""
        self._undone.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._done.clear()
        self._undone.clear()
        self._last_merge = None
