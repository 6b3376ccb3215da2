"""Undo and redo as two stacks of plain values; one slider drag is one entry."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from core.arrays import Floats
from core.experiment import Experiment
from core.network.parameters import Spot

MERGE_SECONDS: Final = 1.0
MAX_ENTRIES: Final = 500


class ExperimentEdit(Struct, frozen=True):
    """The Experiment was changed from ``old`` to ``new``.

    Attributes:
        label: label in the Edit menu.
        old: the Experiment before.
        new: the Experiment after.
        left: generation of the training just before this was last done, undone or redone; ``None`` if unknown.
        spot: where a layer or a neuron was added or removed, if known.
        rewinds: whether training also went back to step 0.
    """

    label: str
    old: Experiment
    new: Experiment
    left: int | None = None
    spot: Spot | None = None
    rewinds: bool = False


class ParameterEdit(Struct, frozen=True):
    """The user changed the parameter at flat ``index`` from ``old`` to ``new``."""

    label: str
    index: int
    old: float
    new: float


class ParametersEdit(Struct, frozen=True, eq=False):
    """All parameters were replaced: ``old (P,)`` by ``new (P,)``."""

    label: str
    old: Floats
    new: Floats


Edit: TypeAlias = ExperimentEdit | ParameterEdit | ParametersEdit


class UndoHistory:
    """The edits in order, and the current position among them."""

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
        """The edits that can be undone, oldest first."""
        return tuple(self._done)

    @property
    def undone(self) -> tuple[Edit, ...]:
        """The edits that can be redone, the next one last."""
        return tuple(self._undone)

    @property
    def undo_label(self) -> str | None:
        """Label of the edit that can be undone next, or ``None``."""
        return self._done[-1].label if self._done else None

    @property
    def redo_label(self) -> str | None:
        """Label of the edit that can be redone next, or ``None``."""
        return self._undone[-1].label if self._undone else None

    def push(self, edit: Edit, merge_key: str | None = None) -> bool:
        """Add ``edit``; merge it with the previous entry if that has the same ``merge_key`` and is less than a second old.

        Returns:
            Whether it was merged.
        """
        now = self._clock()
        previous = self._done[-1] if self._done else None
        merges = (
            merge_key is not None
            and self._last_merge is not None
            and self._last_merge[0] == merge_key
            and (self._held or now - self._last_merge[1] < MERGE_SECONDS)
        )
        if merges and isinstance(edit, ExperimentEdit) and isinstance(previous, ExperimentEdit):
            self._done[-1] = ExperimentEdit(edit.label, previous.old, edit.new, previous.left)
        elif merges and isinstance(edit, ParameterEdit) and isinstance(previous, ParameterEdit):
            self._done[-1] = ParameterEdit(edit.label, edit.index, previous.old, edit.new)
        else:
            self._done.append(edit)
            del self._done[:-MAX_ENTRIES]
        self._undone.clear()
        self._last_merge = (merge_key, now) if merge_key is not None else None
        return merges

    def hold(self, on: bool) -> None:  # noqa: FBT001 - follows Qt's setter form
        """Merge all edits with the same key until released, however long that takes."""
        self._held = on
        self._last_merge = None

    def undo(self, generation: int | None = None) -> Edit | None:
        """Return the edit to undo, or ``None``; ``generation`` is that of the training before this."""
        return self._move(self._done, self._undone, generation)

    def redo(self, generation: int | None = None) -> Edit | None:
        """Return the edit to redo, or ``None``; ``generation`` is that of the training before this."""
        return self._move(self._undone, self._done, generation)

    def _move(self, source: list[Edit], target: list[Edit], generation: int | None) -> Edit | None:
        self._last_merge = None
        if not source:
            return None
        edit = source.pop()
        target.append(replace(edit, left=generation) if isinstance(edit, ExperimentEdit) else edit)
        return edit

    def forget_redo(self) -> None:
        """Discard the edits that could be redone, because redoing turned out to be impossible."""
        self._undone.clear()

    def clear(self) -> None:
        """Discard all edits."""
        self._done.clear()
        self._undone.clear()
        self._last_merge = None
