"""The label of the mark at the largest α that does not overshoot: in full where it is free, cut to the plot elsewhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPolygonF

from playground.inspector.loss_slice.limit_label import Occupied, limit_label, limit_texts, name_label

AREA = QRectF(40.0, 10.0, 300.0, 100.0)
LOW = QPolygonF([QPointF(40.0, 100.0), QPointF(340.0, 100.0)])
FULL, TWO_LINES, LIMIT, SHORT = limit_texts(18.0)


def width_of(text: str) -> float:
    assert "\n" not in text
    return 6.0 * len(text)


def label(x: float, *, name: QRectF | None = None, curve: QPolygonF = LOW, area: QRectF = AREA) -> tuple[str, QRectF]:
    taken = Occupied((curve,), () if name is None else (name,))
    return limit_label(limit_texts(18.0), x, area, taken, width_of, lambda n: n)


def test_the_label_says_what_its_number_means() -> None:
    assert FULL == "overshoots above α = 18"
    assert TWO_LINES.replace("\n", " ") == FULL
    assert (LIMIT, SHORT) == ("limit α = 18", "α ≤ 18")


@pytest.mark.parametrize("x", [41.0, 60.0, 190.0, 320.0, 339.0])
def test_the_label_is_beside_its_mark_within_the_plot(x: float) -> None:
    text, box = label(x)
    assert text == FULL
    assert AREA.contains(box)
    assert box.left() >= x or box.right() <= x


def test_the_label_is_below_the_name_of_the_axis() -> None:
    name = QRectF(40.0, 10.0, 50.0, 15.0)
    text, box = label(50.0, name=name)
    assert text == FULL
    assert not box.intersects(name)


def test_not_on_the_curve() -> None:
    steep = QPolygonF([QPointF(40.0, 10.0), QPointF(140.0, 100.0), QPointF(340.0, 100.0)])
    _, box = label(100.0, curve=steep)
    assert box.left() > 100.0
    peak = QPolygonF([QPointF(40.0, 100.0), QPointF(200.0, 100.0), QPointF(220.0, 12.0), QPointF(340.0, 100.0)])
    text, box = label(130.0, curve=peak)
    assert text == TWO_LINES
    assert box.right() <= 213.0


@pytest.mark.parametrize(("width", "expected"), [(240.0, FULL), (110.0, TWO_LINES), (50.0, SHORT)])
def test_each_shortened_form_still_says_that_it_is_a_limit(width: float, expected: str) -> None:
    area = QRectF(40.0, 10.0, width, 60.0)
    text, box = label(44.0, area=area, curve=QPolygonF())
    assert text == expected
    assert area.contains(box)


def test_two_lines_are_not_on_the_curve() -> None:
    area = QRectF(40.0, 10.0, 110.0, 50.0)
    text, _ = label(44.0, area=area, curve=QPolygonF([QPointF(40.0, 36.0), QPointF(150.0, 36.0)]))
    assert text == LIMIT


@pytest.mark.parametrize("x", range(45, 136, 10))
@pytest.mark.parametrize("falls", [True, False])
def test_in_a_narrow_plot_no_steep_curve_runs_through_the_label(x: int, falls: bool) -> None:
    area = QRectF(40.0, 10.0, 100.0, 70.0)
    bend = [(40.0, 12.0), (60.0, 40.0), (90.0, 70.0), (140.0, 78.0)]
    points = [QPointF(left, y) for left, y in bend] if falls else [QPointF(180.0 - left, y) for left, y in bend[::-1]]
    curve = QPolygonF(points)
    text, box = label(float(x), area=area, curve=curve)
    assert text in limit_texts(18.0)
    assert area.contains(box)
    assert Occupied((curve,)).is_free(box)
    assert box.left() > x or box.right() < x, "the mark does not cross its label"


def test_the_name_of_the_axis_is_not_at_the_mark() -> None:
    falling = QPolygonF([QPointF(40.0, 12.0), QPointF(340.0, 108.0)])
    mark = QRectF(320.0, AREA.top(), 2.0, AREA.height())
    name, box = name_label(("loss",), AREA, Occupied((falling,), (mark,)), width_of, lambda n: n)
    assert name == "loss"
    assert Occupied((falling,), (mark,)).is_free(box)
    assert AREA.contains(box)


def test_the_short_form_stays_in_a_narrow_plot() -> None:
    area = QRectF(40.0, 10.0, 60.0, 100.0)
    text, box = label(70.0, area=area)
    assert text == SHORT
    assert area.left() <= box.left()
    assert box.right() <= area.right()


def test_the_name_of_the_axis_is_where_the_curve_is_not() -> None:
    falling = QPolygonF([QPointF(40.0, 12.0), QPointF(340.0, 108.0)])
    rising = QPolygonF([QPointF(40.0, 108.0), QPointF(340.0, 12.0)])
    late = QPolygonF([QPointF(40.0, 12.0), QPointF(250.0, 20.0), QPointF(340.0, 60.0)])
    names = ("loss − 0.69288", "Δ loss")

    def named(curve: QPolygonF, width_of: Callable[[str], float] = width_of) -> tuple[str, QRectF]:
        return name_label(names, AREA, Occupied((curve,)), width_of, lambda n: n)

    (name, right), (_, left) = named(falling), named(rising)
    assert name == names[0]
    assert (right.right(), left.left()) == (337.0, 43.0)
    assert right.top() == left.top() == 11.0
    name, below = named(late, lambda text: 16.0 * len(text))
    assert (name, below.left(), below.bottom()) == (names[0], 43.0, 108.0), "there is room below the curve"
    assert named(falling, lambda text: 20.0 * len(text))[0] == names[1], "the long name would lie on the curve"
    name, box = named(falling, lambda text: 50.0 * len(text))
    assert (name, box.top()) == (names[1], 11.0)
