"""One sentence on a loss curve, from rules that a user could check by eye."""

from __future__ import annotations

import numpy as np

from core.arrays import Floats
from core.training.loss_curve import LossCurve
from playground.style.numbers import thousands

MIN_POINTS = 12
JUMP = 10.0


def loss_sentences(curve: LossCurve, *, has_test: bool) -> tuple[str, ...]:
    """Return what to say of ``curve``, longest form first; an empty sentence when there is nothing honest to say.

    The end of the curve is the median over its last tenth, so that single noisy steps do not speak. Where the last value
    is 10 × that, something was changed just now, and what the curve did before does not matter any more.

    * rising: the training loss at the end is 1.5 × its value a quarter of the run before, and above its start's half;
    * memorizing: the test loss at the end is 3 × the training loss, and not falling any more;
    * falling: over the last quarter the training loss fell by more than 3 %.
    """
    if len(curve.step) < MIN_POINTS:
        return ("",) if has_test else ("no test set",)
    end, before = _level(curve.train, 0.9, 1.0), _level(curve.train, 0.65, 0.75)
    if not np.isfinite(end) or (end > 1.5 * before and end > 0.5 * curve.train[0]):
        return ("rising: the learning rate may be too large", "rising: learning rate too large?", "rising")
    if curve.train[-1] > JUMP * end:
        return ("",) if has_test else ("no test set",)
    if has_test:
        test_end, test_before = _level(curve.test, 0.9, 1.0), _level(curve.test, 0.65, 0.75)
        if test_end > 3.0 * end > 0.0 and test_end > 0.98 * test_before:
            times = _times(test_end / end)
            return (
                "test loss far above training loss: overfitting",
                f"test loss is {times} × the train loss",
                f"test is {times} × train",
            )
    if end < 0.97 * before:
        return ("still falling",)
    return ("",) if has_test else ("no test set",)


def _level(values: Floats, start: float, stop: float) -> float:
    """Return the median of ``values`` (n,) between two shares of the run."""
    count = len(values)
    part = values[int(start * (count - 1)) : int(stop * (count - 1)) + 1]
    ordered = np.sort(part)  # np.median would first load all of numpy.ma
    # Halved first: the sum of two of the largest floats is none.
    return float(ordered[(len(ordered) - 1) // 2] / 2 + ordered[len(ordered) // 2] / 2)


def _times(ratio: float) -> str:
    """Return ``ratio`` with two significant digits at most."""
    if ratio < 10.0:
        return f"{ratio:.1f}"
    if not ratio < 1e9:
        return "over 10⁹"
    power = 10 ** max(len(str(int(ratio))) - 2, 0)
    return thousands(int(round(ratio / power) * power))
