"""The numbers above the bars have two digits for any number of layers and any width of the card."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from core.arrays import Floats
from playground.plots import GradientPlot
from playground.plots.gradient import labels as drawn_labels
from playground.plots.gradient.labels import Bars, bar_label, fitting_labels, outer_labels, places, stacked_label
from playground.plots.gradient.picture import GradientData
from playground.style.theme import DARK, LIGHT, Style
from tests.playground.plots.support import make

pytestmark = pytest.mark.usefixtures("fonts")

STYLE = Style(LIGHT)
TWO_DIGITS = re.compile(r"\d\.\d|\d\d|0\.0*[1-9]\d|\d\.\de−?\d+|e−?\d+")


def vanishing(layers: int) -> Floats:
    """Return magnitudes from about 1e−8 (1e−18 for many layers) to 0.07."""
    return np.asarray(0.0712 * 0.217 ** np.arange(layers)[::-1].astype(np.float64))


def written(
    card: Any, values: Floats, monkeypatch: pytest.MonkeyPatch, forecast: Floats | None = None
) -> list[tuple[str, float]]:
    """Return each text above the bars of ``card`` for ``values`` with its column in pixels."""
    texts: list[tuple[str, float]] = []
    write = drawn_labels.write

    def record(p: Any, style: Style, at: QPointF, text: str, **options: Any) -> None:
        texts.append((text, at.x()))
        write(p, style, at, text, **options)

    with monkeypatch.context() as patch:
        patch.setattr(drawn_labels, "write", record)
        card._picture.draw(GradientData(values, (), "∂L/∂W", forecast), card._style)
        card.canvas.grab()
    return texts


@pytest.mark.parametrize("layers", [3, 8, 10, 11, 12, 14, 16, 17, 20, 51])
@pytest.mark.parametrize("size", [(170, 271), (276, 310), (419, 423), (549, 521), (1200, 700)])
def test_every_number_has_two_digits(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, layers: int, size: tuple[int, int]
) -> None:
    card = make(qtbot, GradientPlot, style=Style(DARK if layers % 2 else LIGHT), size=size)
    values = vanishing(layers)
    texts = [text for text, _ in written(card, values, monkeypatch)]
    assert [text for text in texts if not TWO_DIGITS.fullmatch(text)] == []
    said = "".join(texts)
    mantissas = [f"{value:.1e}"[:3] for value in (values[0], values[-1])]
    assert all(mantissa in said or mantissa.replace(".", "") in said for mantissa in mantissas)


def test_eleven_layers_at_a_pitch_of_34_pixels_are_all_numbered(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    card = make(qtbot, GradientPlot, size=(419, 423))
    texts = written(card, vanishing(11), monkeypatch)
    assert len({x for _, x in texts}) == 11
    assert [text for text, _ in texts][:2] == ["1.6", "e−8"]


def area_of(card: Any, values: Floats) -> Any:
    card._picture.draw(GradientData(values, (), "∂L/∂W"), card._style)
    return card.canvas.area()


@pytest.mark.parametrize("layers", [3, 11, 13, 20, 51])
@pytest.mark.parametrize("width", [170, 276, 419, 549])
@pytest.mark.parametrize("scale", [1.0, 1.4])
def test_numbers_overlap_neither_each_other_nor_the_bars(qtbot: QtBot, layers: int, width: int, scale: float) -> None:
    style = replace(STYLE, scale=scale)
    card = make(qtbot, GradientPlot, style=style, size=(width, 320))
    values = vanishing(layers)
    area = area_of(card, values)
    pitch = area.x(1.0) - area.x(0.0)
    tops = area.ys(np.log10(values))
    bars = Bars(values, tops, min(0.72 * pitch, 110.0))
    labels = fitting_labels(values, pitch, style) or outer_labels(values)
    found = places(labels, bars, area, style)
    assert found
    for number, place in enumerate(found):
        assert card.canvas.rect().contains(place.box.toAlignedRect())
        assert not any(place.box.intersects(other.box) for other in found[:number])
        spanned = [
            i
            for i in range(layers)
            if place.box.left() < area.x(i) + bars.width / 2 and area.x(i) - bars.width / 2 < place.box.right()
        ]
        assert place.index in spanned
        assert place.box.bottom() <= min(tops[i] for i in spanned)


def test_a_number_over_several_columns_avoids_the_forecast(qtbot: QtBot) -> None:
    card = make(qtbot, GradientPlot, size=(200, 320))
    values = vanishing(20)
    area = area_of(card, values)
    tops = area.ys(np.log10(values))
    line = tops - 14.0
    plain, above = (
        places(outer_labels(values), Bars(values, tops, 5.0, lines), area, STYLE)[0].box for lines in ((), (line,))
    )
    xs = np.array([plain.left(), plain.right()])
    crossing = np.interp(xs, area.xs(np.arange(20.0)), line)
    assert (crossing > plain.top()).any()
    assert (crossing >= above.bottom()).all()


def test_non_finite_bars_are_numbered_too(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    card = make(qtbot, GradientPlot, size=(276, 310))
    values = vanishing(16)
    values[[5, 9]] = np.inf, np.nan
    assert {text for text, _ in written(card, values, monkeypatch)} >= {"∞", "NaN"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2.13e-8, ("2.1", "e−8")),
        (0.001296, ("1.3", "e−3")),
        (9.96e-4, ("1.0", "e−3")),
        (123456.0, ("1.2", "e5")),
        (0.0, ("0",)),
        (np.inf, ("∞",)),
    ],
)
def test_stacked_numbers_are_mantissa_over_power(value: float, expected: tuple[str, ...]) -> None:
    assert stacked_label(value) == expected


def test_one_line_is_preferred_to_two() -> None:
    wide = fitting_labels(np.array([0.13, 2.1e-8]), 80.0, STYLE)
    narrow = fitting_labels(np.array([0.13, 2.1e-8]), 30.0, STYLE)
    assert wide is not None
    assert narrow is not None
    assert wide.lines == {0: ("0.13",), 1: ("2.1e−8",)}
    assert narrow.lines == {0: ("0.13",), 1: ("2.1", "e−8")}
    assert fitting_labels(np.array([0.13, 2.1e-8]), 8.0, STYLE) is None


def test_a_bar_label_has_two_digits_by_default() -> None:
    assert bar_label(0.1296) == "0.13"
