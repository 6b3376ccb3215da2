"""The loss over a whole run, in bounded memory, with more detail at the beginning."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from core.arrays import Floats
from core.training.recorders.thinned_rows import ThinnedRows

CAPACITY: Final = 2000
"""Maximum number of points; at this count some are dropped, so the whole run stays visible."""

LOG_RATIO: Final = 1.05
"""One point is kept in each interval whose end is this factor times its start."""

MAX_MARKS: Final = 100


SEPARATOR: Final = "; "
"""Separates what was changed at one step."""

WEIGHTS_SET: Final = "weights set"
OTHER_SAMPLES: Final = "steps on chosen or single samples"
_NOTES: Final = (WEIGHTS_SET, OTHER_SAMPLES)
"""What is noted beside changes of settings, and outlasts them."""


class Mark(Struct, frozen=True):
    """A point of the curve at which the run was changed.

    Attributes:
        epoch: fractional.
        step: updates made so far.
        text: what was changed.
    """

    epoch: float
    step: float
    text: str


class LossCurve(Struct, frozen=True):
    """Training and test loss at some steps of a run.

    Attributes:
        epoch: (n,), fractional.
        step: (n,), updates made.
        train: (n,), mean loss over the training set, penalty excluded.
        test: (n,), mean loss over the test set; NaN without one.
        penalty: (n,), the L1 and L2 penalty; ``None`` if it was always 0.
        marks: changes of data, settings or weights, oldest first.
        seconds: (n,), time spent on the steps so far; ``None`` where it was not measured.
    """

    epoch: Floats
    step: Floats
    train: Floats
    test: Floats
    penalty: Floats | None = None
    marks: tuple[Mark, ...] = ()
    seconds: Floats | None = None


def next_landmark(step: int) -> int:
    """Return the step at which to record the next point: each step at first, then at a constant factor."""
    return step + max(1, round(step * (LOG_RATIO - 1.0)))


class LossRecorder:
    """Records a loss curve; when full, it is thinned out evenly, except that the beginning stays detailed.

    Attributes:
        seconds: time spent on the steps so far, updated by the caller that takes them, and recorded with each point.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._rows = ThinnedRows(CAPACITY, 5, log_ratio=LOG_RATIO)
        self._marks: tuple[Mark, ...] = ()
        self._curve: LossCurve | None = None

    def record(self, *, epoch: float, step: int, train: float, test: float, penalty: float = 0.0) -> None:
        """Add a point; it replaces the last one if that is of the same step or closer than the spacing.

        Later points are discarded, because training has been rolled back. A non-finite training loss is not recorded.
        """
        if not math.isfinite(train):
            return
        self._rows.add(step, (epoch, train, test, penalty, self.seconds))
        self._marks = tuple(mark for mark in self._marks if mark.step <= step)
        self._curve = None

    def mark(self, *, epoch: float, step: int, text: str, merge: bool = False) -> None:
        """Mark a change of settings; with ``merge``, or at the same step, it replaces that of the last mark.

        Before the first step there is no curve to mark.
        """
        self._marks = tuple(mark for mark in self._marks if mark.step <= step)
        self._curve = None
        if step == 0:
            return
        last = self._marks[-1] if self._marks else None
        if last is not None and ((merge and last.step > 0) or last.step == step):
            notes = [part for part in last.text.split(SEPARATOR) if part in _NOTES]
            texts = [text, *notes] if text else notes
            self._marks = (*self._marks[:-1], *([replace(last, text=SEPARATOR.join(texts))] if texts else []))
        elif text:
            self._marks = (*self._marks, Mark(epoch, float(step), text))[-MAX_MARKS:]

    def note(self, *, epoch: float, step: int, text: str, on: bool = True) -> None:
        """Add ``text`` to the mark of this step, also of the start, or remove it from there."""
        earlier = tuple(mark for mark in self._marks if mark.step < step)
        here = [part for mark in self._marks if mark.step == step for part in mark.text.split(SEPARATOR)]
        parts = [*(part for part in here if part != text), *([text] if on else [])]
        self._marks = (*earlier, Mark(epoch, float(step), SEPARATOR.join(parts)))[-MAX_MARKS:] if parts else earlier
        self._curve = None

    def has_noted(self, text: str) -> bool:
        """Return whether the last mark contains ``text``."""
        return bool(self._marks) and text in self._marks[-1].text.split(SEPARATOR)

    def clear(self) -> None:
        """Discard all points and marks."""
        self._rows.clear()
        self._marks, self._curve, self.seconds = (), None, 0.0

    def resume(self, curve: LossCurve) -> None:
        """Replace the recorded points by ``curve``, and continue from there."""
        self.clear()
        nothing = np.zeros(len(curve.step))
        penalties = nothing if curve.penalty is None else curve.penalty
        seconds = nothing if curve.seconds is None else curve.seconds
        columns = (curve.step.tolist(), curve.epoch, curve.train, curve.test, penalties, seconds)
        for step, *row in zip(*columns, strict=True):
            self._rows.add(step, tuple(row))
        self.seconds = float(seconds[-1]) if len(seconds) else 0.0
        self._marks = curve.marks

    def curve(self) -> LossCurve:
        """Return a copy of the recorded points."""
        if self._curve is None:
            epoch, train, test, penalty, seconds = np.ascontiguousarray(self._rows.rows().T)
            whole = penalty if penalty.any() else None
            timed = seconds if seconds.any() else None
            self._curve = LossCurve(epoch, self._rows.steps(), train, test, whole, self._marks, timed)
        return self._curve
