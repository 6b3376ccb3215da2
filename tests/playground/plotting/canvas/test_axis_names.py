"""The name of an axis stays on the canvas; if it does not fit, it is elided and has a tooltip."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from pytestqt.qtbot import QtBot

from playground.plotting.canvas.axes import shorter_names
from playground.plotting.canvas.canvas import Canvas
from playground.plotting.drawing.pencil import text_width
from playground.style.theme import LIGHT, Style

STYLE = Style(LIGHT)
LONG = "random direction 1, filter-normalized"
TICKS = ((0.0, "0"), (1.0, "1"))


def canvas_of(qtbot: QtBot, width: int, *, reserved: float = 0.0, inline: bool = False, name: str = LONG) -> Canvas:
    canvas = Canvas(STYLE)
    qtbot.addWidget(canvas)
    canvas.resize(width, 200)
    canvas.show()
    canvas.arrange(STYLE, left=40, bottom=34, top=22, right=10)
    canvas.set_ranges((0.0, 1.0), (0.0, 1.0))
    canvas.bottom.show_ticks(TICKS, STYLE, name=name, inline=inline)
    canvas.left.show_ticks(TICKS, STYLE, name=name, reserved=reserved)
    canvas.grab()
    return canvas


@pytest.mark.parametrize("width", [120, 180, 240, 500])
def test_a_name_never_leaves_the_canvas(qtbot: QtBot, width: int) -> None:
    canvas = canvas_of(qtbot, width)
    for axis in (canvas.left, canvas.bottom):
        place: QRectF = axis.mapRectToScene(axis.shape().boundingRect())
        assert place.left() >= -1.0
        assert place.right() <= width + 1.0
        assert bool(axis.toolTip()) == (width < 220), "only what is cut needs a tooltip"
        assert axis.toolTip() in ("", LONG)


def test_a_control_beside_the_name_is_left_free(qtbot: QtBot) -> None:
    canvas = canvas_of(qtbot, 300, reserved=150.0)
    place: QRectF = canvas.left.mapRectToScene(canvas.left.shape().boundingRect())
    assert place.right() <= 151.0
    assert canvas.left.toolTip() == LONG


def test_a_name_between_two_ticks_is_left_out_where_it_would_cover_them(qtbot: QtBot) -> None:
    shown = canvas_of(qtbot, 400, inline=True, name="step").grab().toImage()
    assert shown != canvas_of(qtbot, 400, inline=True, name="").grab().toImage()
    canvas = canvas_of(qtbot, 160, inline=True)
    assert canvas.bottom.shape().boundingRect().isEmpty()


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("principal direction 1 (94 % of the path)", ["principal direction 1 (94 %)", "principal direction 1"]),
        (LONG, ["random direction 1"]),
        ("epoch", []),
    ],
)
def test_a_name_has_shorter_forms_before_it_is_cut(name: str, forms: list[str]) -> None:
    assert list(dict.fromkeys(shorter_names(name))) == [name, *forms]


def test_the_longest_form_that_fits_is_written(qtbot: QtBot) -> None:
    forms = list(shorter_names("principal direction 1 (94 % of the path)"))
    for form in forms:
        canvas = canvas_of(qtbot, round(text_width(STYLE, form)) + 4, name=forms[0])
        assert canvas.bottom.shape().boundingRect().width() == pytest.approx(text_width(STYLE, form), abs=1.0)
