"""Charts with missing, negative and extreme values, and texts with any character, give valid decks."""

from __future__ import annotations

import io
import math
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

import pptx
import pytest
from msgspec.structs import replace
from pptx.oxml.ns import qn

from playground.export.deck.chart_rewriting import replace_chart
from playground.export.deck.deck import prepare_deck
from playground.export.deck.written_parts import written_of
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
    if bars:
        assert found.series[0].invert_if_negative is False
        points = found.series[0]._element.findall(qn("c:dPt"))
        assert [point[1].get("val") for point in points if point[1].tag == qn("c:invertIfNegative")] == ["0"] * 3
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


def pinned(names: tuple[str, ...], *values: tuple[float, ...], x: Any = ()) -> tuple[Series, ...]:
    return tuple(Series(name, each, "#654321", dashed=True, x=x) for name, each in zip(names, values, strict=True))


def legend_of(found: Any) -> set[str]:
    hidden = {
        int(entry.find(qn("c:idx")).get("val"))
        for entry in found._chartSpace.iter(qn("c:legendEntry"))
        if entry.find(qn("c:delete")).get("val") == "1"
    }
    return {series.name for number, series in enumerate(found.series) if number not in hidden}


def test_lines_over_curves_can_be_edited_too() -> None:
    lines = pinned(("ReLU & <He>", "", "4"), (1.0, 9.0), (2.0, NAN), (NAN, NAN), x=(0.0, 50.0))
    found = native(ChartFigure(replace(chart((1.0, 2.0, 3.0), (4.0, 5.0, 6.0)), lines=lines)))
    assert [series.name for series in found.series] == ["s0", "s1", "ReLU & <He>", "ReLU & <He> (2)"]
    assert [list(series.values) for series in found.series][2:] == [[1.0, 9.0], [2.0]]
    assert found.category_axis.maximum_scale >= 50.0
    assert legend_of(found) == {"s0", "s1", "ReLU & <He>"}
    assert found.series[2].format.line.dash_style is not None


def test_lines_over_bars_can_be_edited_too() -> None:
    lines = pinned(("forecast", "deeper", "zero"), (1e-9, 2.0, NAN), (3.0,) * 3, (0.0,) * 3, x=("W0", "W1", "W2"))
    found = native(ChartFigure(replace(chart((1.0, 0.5), bars=True, log=True), lines=lines)))
    bars, over = found.plots
    assert [type(plot).__name__ for plot in found.plots] == ["BarPlot", "LinePlot"]
    assert list(bars.categories) == ["W0", "W1", "W2"]
    assert [(series.name, list(series.values)) for series in bars.series] == [("s0", [1.0, 0.5, None])]
    assert [(series.name, list(series.values)) for series in over.series] == [
        ("forecast", [1e-9, 2.0, None]),
        ("deeper", [3.0, 3.0, 3.0]),
    ]
    assert found.value_axis.minimum_scale == pytest.approx(1e-9)
    assert legend_of(found) == {"forecast", "deeper"}


@pytest.mark.parametrize("bars", [False, True])
def test_lines_are_refreshed(*, bars: bool) -> None:
    drawn = chart((1.0, 2.0), bars=bars)
    before = replace(drawn, lines=pinned(("tanh", ""), (3.0, 4.0), (5.0, 6.0)))
    found = native(ChartFigure(before))
    found.series[1].format.line.width = 99999
    after = replace(drawn, lines=pinned(("new", "tanh", "", ""), (1.0, 1.0), (2.0, 2.0), (7.0, 7.0), (8.0, 8.0)))
    written = replace_chart(found, after, written_of(before))
    assert [series.name for series in found.series] == ["s0", "new", "tanh", "tanh (2)", "tanh (3)"]
    assert [list(series.values) for series in found.series][1:] == [[1.0] * 2, [2.0] * 2, [7.0] * 2, [8.0] * 2]
    assert found.series[2].format.line.width == 99999
    assert legend_of(found) == {"new", "tanh"} | (set() if bars else {"s0"})
    written = replace_chart(found, drawn, written)
    assert [series.name for series in found.series] == ["s0"]
    assert len(list(found.plots)) == 1
    replace_chart(found, before, written)
    assert [type(plot).__name__ for plot in found.plots] == (["BarPlot", "LinePlot"] if bars else ["XyPlot"])


def test_the_first_line_has_as_many_points_as_the_longest() -> None:
    """LibreOffice does not draw it otherwise."""
    line = pinned(("longer",), (1.0, 2.0, 3.0, 4.0), x=(0.0, 1.0, 2.0, 3.0))
    found = native(ChartFigure(replace(chart((1.0, 2.0), (3.0, 4.0)), lines=line)))
    assert [list(series.values) for series in found.series] == [[1.0, 2.0, 2.0, 2.0], [3.0, 4.0], [1.0, 2.0, 3.0, 4.0]]
    assert found.series[0]._element.xpath("./c:xVal//c:v/text()") == ["0.0", "1.0", "1.0", "1.0"]
