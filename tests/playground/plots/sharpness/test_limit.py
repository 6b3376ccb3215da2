"""The value of the limit 2/α is placed beside its line, if possible where no curve passes."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from playground.plots.sharpness.picture import limit_box
from playground.style.theme import LIGHT, Style

PLOT = QRectF(40.0, 20.0, 300.0, 200.0)
STYLE = Style(LIGHT)
ALONG = np.linspace(40.0, 340.0, 50)


def level(y: float, share: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Return a curve at row ``y``, over the last ``share`` of the plot."""
    xs = ALONG[340.0 - share * 300.0 <= ALONG]
    return xs, np.full(len(xs), y)


def box(y: float, *curves: tuple[np.ndarray, np.ndarray]) -> QRectF:
    return limit_box(PLOT, y, 60.0, curves, STYLE)


def test_the_value_is_above_the_right_end_of_the_line_if_free() -> None:
    found = box(100.0, level(150.0))
    assert found.right() == PLOT.right()
    assert found.bottom() < 100.0


@pytest.mark.parametrize(
    ("curves", "is_left", "is_above"),
    [
        ((level(92.0, 0.5),), False, False),
        ((level(92.0, 0.5), level(108.0, 0.5)), True, True),
        ((level(92.0),), False, False),
    ],
)
def test_the_value_moves_where_a_curve_passes(curves: tuple, is_left: bool, is_above: bool) -> None:
    found = box(100.0, *curves)
    assert (found.left() == PLOT.left()) is is_left
    assert (found.bottom() < 100.0) is is_above
    for xs, ys in curves:
        assert not any(found.contains(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True))


@pytest.mark.parametrize("y", [21.0, 219.0])
def test_the_value_stays_in_the_plot(y: float) -> None:
    assert PLOT.contains(box(y, level(150.0)))


def test_gaps_in_a_curve_do_not_matter() -> None:
    xs, ys = level(92.0, 0.5)
    ys[:] = np.nan
    assert box(100.0, (xs, ys)) == box(100.0)
