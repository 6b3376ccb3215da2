"""Charts with missing, negative and extreme values, and texts with any character, give valid decks."""

from __future__ import annotations

import io
import math
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

import pptx
import pytest
from pptx.oxml.ns import qn

from playground.export.deck import prepare_deck
from playground.style.theme import Style
from playground.widgets.figure import Chart, FigureText, Series
from tests.playground.export.figures import SceneFigure

pytestmark = pytest.mark.usefixtures("fonts")

NAN = math.nan


class ChartFigure(SceneFigure):
    """A figure with a given chart."""

    is_table = False

    def __init__(self, chart: Chart, title: str = "title") -> None:
        super().__init__()
        self._chart, self._title = chart, title

    def figure_chart(self, style: Style) -> Chart:  # noqa: ARG002 - the interface of charted figures
        return self._chart

    def figure_text(self) -> FigureText:
        return FigureText(self._title)


def chart(*values: tuple[float, ...], bars: bool = False, log: bool = False) -> Chart:
    series = tuple(Series(f"s{number}", each, "#123456") for number, each in enumerate(values))
    count = len(values[0])
    x = tuple(f"W{n}" for n in range(count)) if bars else tuple(float(n) for n in range(count))
    return Chart(x=x, series=series, x_title="x", y_title="y", log=log)  # type: ignore[arg-type]


def slide_of(figure: ChartFigure) -> Any:
    content = prepare_deck([figure], None)()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                ET.fromstring(archive.read(name))  # other programs parse it too
    return pptx.Presentation(io.BytesIO(content)).slides[0]


def native(figure: ChartFigure) -> Any:
    return next((shape.chart for shape in slide_of(figure).shapes if shape.has_chart), None)


def test_a_line_without_a_value_is_left_out_and_a_chart_without_any_is_a_picture() -> None:
    found = native(ChartFigure(chart((1.0, 2.0), (NAN, NAN), (-1.0, math.inf))))
    assert [series.name for series in found.series] == ["s0", "s2"]
    empty = slide_of(ChartFigure(chart((NAN, NAN))))
    assert any(hasattr(shape, "image") for shape in empty.shapes)
    assert native(ChartFigure(chart((-1.0, 0.0), log=True))) is None


@pytest.mark.parametrize("bars", [False, True])
def test_labels_of_negative_values_are_below_them(*, bars: bool) -> None:
    found = native(ChartFigure(chart((-3.0, 2.0, -1e-9), bars=bars)))
    assert list(found.series[0].values) == [-3.0, 2.0, -1e-9]
    assert found.category_axis._element.find(qn("c:tickLblPos")).get("val") == "low"


@pytest.mark.parametrize("values", [(1e-300, 1e300), (1e-9, 1e-9), (999.0, 1001.0), (1e-320, 1.0), (1.0, 1.7e308)])
def test_a_logarithmic_axis_begins_at_a_power_of_ten(values: tuple[float, ...]) -> None:
    axis = native(ChartFigure(chart(values, log=True, bars=True))).value_axis
    assert axis._element.find(qn("c:scaling"))[0].get("val") == "10"
    low, high = axis.minimum_scale, axis.maximum_scale
    assert 0 < low <= max(min(values), 1e-300)
    assert low < high
    assert max(values) <= high * (1 + 1e-12) or high >= 1e308
    for limit in (low, high):
        assert math.log10(limit) == pytest.approx(round(math.log10(limit)), abs=1e-9)


@pytest.mark.parametrize("title", ['a & < "b" > c', "tab\tline\nnext", "\x0b\x0c", "\x00\x01", "😀 φ′ ₁", "", " " * 5])
def test_any_title_gives_a_valid_deck(title: str) -> None:
    slide = slide_of(ChartFigure(chart((1.0, 2.0)), title))
    assert slide.shapes.title is not None
    visible = "".join(letter for letter in title if letter.isprintable() and not letter.isspace())
    shown = slide.shapes.title.text_frame.text
    assert visible in "".join(shown.split())
