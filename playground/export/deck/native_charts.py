"""Charts and tables that PowerPoint can edit, from those of the figures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE, MSO_PATTERN, MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Pt

from playground.export.deck.marks import mark
from playground.export.deck.native_lines import draw_as_lines, hide_in_legend, is_bars, numbered, with_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pptx.shapes.shapetree import SlideShapes

    from playground.style.theme import Theme
    from playground.widgets.figure import Chart, Series, Table

BODY: Final = Pt(16)
"""Size of text: 32 pixels on a slide of 1920 × 1080."""

TABLE: Final = Pt(20)
"""Size of text in a small table."""

SMALL: Final = Pt(12)
LINE: Final = Pt(2.25)
THIN: Final = Pt(1.5)
"""Width of lines for comparison."""

MIN_SHOWN: Final = 1e-300
"""Smallest beginning of a logarithmic axis; smaller numbers are too close to the smallest float64."""

HAIRLINE: Final = Pt(0.75)
GREY: Final = "#8C8C8C"
"""Colour of lines that are faint on light and on dark templates."""

MAX_POINTS: Final = 1000
"""Maximum number of points of a line: more are invisible, and make a deck slow to edit."""

MAX_TABLE_ROWS: Final = 20
STEPS: Final = 6
ROW_HEIGHT: Final = 540_000
HIGH_ROW_HEIGHT: Final = 810_000
LOW_ROW_HEIGHT: Final = 300_000
MAX_LARGE_ROWS: Final = 9
"""Maximum number of rows with text of the usual size."""

MAX_HIGH_ROWS: Final = 5
"""Maximum number of rows that are higher and have larger text, to use the space of a slide."""

HEADINGS: Final = "\n"
"""Name of the row of headings of a table, which no other row has."""

MAX_LEGEND: Final = 12

BLACK, WHITE = "#000000", "#FFFFFF"
DASHES: Final = (MSO_LINE.SOLID, MSO_LINE.DASH, MSO_LINE.ROUND_DOT, MSO_LINE.DASH_DOT, MSO_LINE.LONG_DASH)
HATCHES: Final = (
    MSO_PATTERN.WIDE_UPWARD_DIAGONAL, MSO_PATTERN.WIDE_DOWNWARD_DIAGONAL, MSO_PATTERN.DIAGONAL_CROSS,
    MSO_PATTERN.NARROW_HORIZONTAL, MSO_PATTERN.NARROW_VERTICAL, MSO_PATTERN.LARGE_GRID, MSO_PATTERN.PERCENT_25,
)  # fmt: skip
"""Dashes of lines and hatches of bars in the theme for print, as in pictures."""

Box = tuple[int, int, int, int]
Limits = tuple[float | None, ...]
"""Lower and upper limit of an axis, and the step of its grid; ``None`` for automatic ones."""


def add_chart(shapes: SlideShapes, chart: Chart, box: Box, theme: Theme, *, is_own: bool = True) -> Any:  # noqa: ANN401 - untyped library
    """Add ``chart`` at ``box`` (left, top, width, height in EMU) and return its frame.

    Lines are XY charts, so that the distances of their points are right; bars are column charts. Values that are not finite,
    and those of 0 and below on a logarithmic axis, are gaps. Text, axes and lines in
    the colour of text have the colours of ``theme``, or with ``is_own=False`` those of the deck.
    """
    first_line = len(chart.series)
    chart = with_lines(chart)
    bars, series = is_bars(chart), chart.series if is_bars(chart) else drawn_series(chart)
    kind = XL_CHART_TYPE.COLUMN_CLUSTERED if bars else XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS
    frame = shapes.add_chart(kind, *(Emu(side) for side in box), chart_data(chart))
    native = frame.chart
    if bars:
        native.plots[0].gap_width = 40
        draw_as_lines(native, first_line)
    for number, (each, shown) in enumerate(zip(native.series, series, strict=True)):
        place = chart.series.index(shown)
        is_bar = bars and number < first_line
        format_series(each, shown, place, is_bar=is_bar, is_over=place >= first_line)
        if not is_own and not is_bar and shown.colour == theme.ink:
            # Black would be invisible on a dark template, white on a light one.
            each.format.line.color.theme_color = MSO_THEME_COLOR.TEXT_1
        mark(each._element, shown.name)
    native.has_title = False
    native.font.size = BODY
    if is_own:
        native.font.color.rgb = _rgb(theme.ink)
    names = [each.name for each in series]
    native.has_legend = len(names) > 1 and len(names) - len(numbered(names)) <= MAX_LEGEND
    if native.has_legend:
        native.legend.position = XL_LEGEND_POSITION.TOP
        native.legend.include_in_layout = False
        hide_in_legend(native, names, bars=first_line if bars else 0)
    across, up = native.category_axis, native.value_axis
    faint = _rgb(theme.line if is_own else GREY)
    for axis, title in ((across, chart.x_title), (up, chart.y_title)):
        axis.has_title = True
        axis.axis_title.text_frame.text = title
        axis.axis_title.text_frame.paragraphs[0].runs[0].font.size = BODY
        axis.axis_title.text_frame.paragraphs[0].runs[0].font.bold = False
        axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        axis.format.line.color.rgb = faint
    across.has_major_gridlines = False
    up.major_gridlines.format.line.color.rgb = faint
    up.major_gridlines.format.line.width = HAIRLINE
    if chart.log:
        _use_log_axis(up)
    for axis, limits in ((across, across_limits(chart)), (up, up_limits(chart))):
        set_limits(axis, limits)
    return frame


def across_limits(chart: Chart) -> Limits:
    """Return the limits of the horizontal axis and its step; ``None`` for automatic ones."""
    if is_bars(chart) or len(chart.x) < 2:
        return None, None, None
    return round_range([float(value) for each in (chart.x, *(series.x for series in chart.series)) for value in each])


def up_limits(chart: Chart) -> Limits:
    """Return the limits of the vertical axis: on a logarithmic one the powers of ten around the values."""
    values = [value for series in chart.series for value in series.values if math.isfinite(value) and value > 0]
    if not chart.log or not values:
        return None, None, None
    low, high = math.floor(math.log10(max(min(values), MIN_SHOWN))), math.ceil(math.log10(max(values)))
    return 10.0**low, 10.0 ** min(max(high, low + 1), 308), None


def set_limits(axis: Any, limits: Limits) -> None:  # noqa: ANN401 - untyped library
    """Set the limits of ``axis``, and the numbers beside it where it is logarithmic."""
    low, high, step = limits
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = low, high, step
    if axis._element.find(qn("c:scaling")).find(qn("c:logBase")) is not None:
        plain = low is None or high is None or 1e-3 <= low <= high <= 1e5
        axis.tick_labels.number_format = "General" if plain else "0E+0"
        axis.tick_labels.number_format_is_linked = False


def add_table(shapes: SlideShapes, table: Table, box: Box) -> Any:  # noqa: ANN401 - untyped library
    """Add ``table`` at ``box`` (left, top, width, height in EMU) and return its frame."""
    rows = [table.columns, *list(table.rows)[:MAX_TABLE_ROWS]]
    left, top, width, height = box
    large, high = len(rows) <= MAX_LARGE_ROWS, len(rows) <= MAX_HIGH_ROWS
    height = min(height, (HIGH_ROW_HEIGHT if high else ROW_HEIGHT if large else LOW_ROW_HEIGHT) * len(rows))
    size = TABLE if high else BODY if large else SMALL
    frame = shapes.add_table(len(rows), len(table.columns), Emu(left), Emu(top), Emu(width), Emu(height))
    element = frame.table._tbl
    for each, name in zip(element.findall(qn("a:tr")), row_names(table), strict=True):
        mark(each, name)
    for each, name in zip(element.find(qn("a:tblGrid")).findall(qn("a:gridCol")), table.columns, strict=True):
        mark(each, name)
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            cell = frame.table.cell(row, column)
            cell.text = written(value)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            if not large:
                cell.margin_top = cell.margin_bottom = Emu(0)
            paragraph = cell.text_frame.paragraphs[0]
            if column and isinstance(table.rows[0][column] if table.rows else value, int | float):
                paragraph.alignment = PP_ALIGN.CENTER
            for run in paragraph.runs:
                run.font.size = size
    return frame


def row_names(table: Table) -> tuple[str, ...]:
    """Return the names of the rows of ``table`` that a deck shows, from that of the headings."""
    return (HEADINGS, *(written(row[0]) for row in list(table.rows)[:MAX_TABLE_ROWS]))


def chart_data(chart: Chart) -> Any:  # noqa: ANN401 - untyped library
    """Return the data of ``chart`` for the library: categories of bars, or points without those that cannot be drawn."""
    if is_bars(chart):
        data = CategoryChartData()
        data.categories = list(chart.x)
        for series in chart.series:
            data.add_series(series.name, [value for _x, value in shown_points(series, chart)])
        return data
    shown = drawn_series(chart)
    return point_data([(series.name, "General", shown_points(series, chart)) for series in shown])


def point_data(lines: Sequence[tuple[str, str, Sequence[tuple[float | str, float | None]]]]) -> Any:  # noqa: ANN401
    """Return the data of ``lines``, each with its name, number format and points.

    LibreOffice does not draw the first line if a later one has more points, so its end is repeated.
    """
    data = XyChartData()
    longest = max((len(points) for _name, _kind, points in lines), default=0)
    for number, (name, kind, points) in enumerate(lines):
        native = data.add_series(name, kind)
        padding = [points[-1]] * (longest - len(points)) if number == 0 and points else []
        for x, y in (*points, *padding):
            native.add_data_point(x, y)
    return data


def shown_points(series: Series, chart: Chart) -> list[tuple[float | str, float | None]]:
    """Return the values of ``series`` with their positions or categories; a line has no gaps, and not too many points."""
    places: Sequence[float | str] = series.x or chart.x
    pairs = [(x, _shown(y, log=chart.log)) for x, y in zip(places, series.values, strict=True)]
    if is_bars(chart):
        return pairs
    step = max(1, math.ceil(len(pairs) / MAX_POINTS))
    return [(x, y) for x, y in [*pairs[:-1:step], *pairs[-1:]] if y is not None]


def drawn_series(chart: Chart) -> tuple[Series, ...]:
    """Return the series of ``chart`` with at least one value that can be drawn; programs reject empty ones."""
    return tuple(
        series for series in chart.series if any(_shown(value, log=chart.log) is not None for value in series.values)
    )


def format_series(native: Any, series: Series, number: int, *, is_bar: bool, is_over: bool) -> None:  # noqa: ANN401
    """Give a line or bars the colours of ``series``, and a line in print the dashes of ``number``; one ``is_over`` is thin."""
    if is_bar:
        native.invert_if_negative = False  # otherwise PowerPoint fills negative bars with white
        for place in range(len(series.values)):
            format_bar(native, series, place)
        return
    native.smooth = False
    native.marker.style = XL_MARKER_STYLE.NONE
    line = native.format.line
    line.width = THIN if is_over else LINE
    line.color.rgb = _rgb(series.colour if isinstance(series.colour, str) else series.colour[0])
    if series.printed:
        line.dash_style = DASHES[number % len(DASHES)]
    elif series.dashed:
        line.dash_style = MSO_LINE.DASH


def format_bar(native: Any, series: Series, number: int) -> None:  # noqa: ANN401 - untyped library
    """Give one bar of ``series`` its colour."""
    fill = native.points[number].format.fill
    point = native._element.get_or_add_dPt_for_point(number)
    if point.find(qn("c:invertIfNegative")) is None:
        point.find(qn("c:idx")).addnext(parse_xml(f'<c:invertIfNegative {nsdecls("c")} val="0"/>'))
    if series.printed:
        fill.patterned()
        fill.pattern = HATCHES[number % len(HATCHES)]
        fill.fore_color.rgb, fill.back_color.rgb = _rgb(BLACK), _rgb(WHITE)
        return
    fill.solid()
    fill.fore_color.rgb = _rgb(series.colour if isinstance(series.colour, str) else series.colour[number])


def round_range(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the range of an axis that contains ``values``, and its step: 1, 2 or 5 times a power of ten."""
    low, high = min(values), max(values)
    rough = (high - low) / STEPS or 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= rough * (1.0 - 1e-9))
    return math.floor(low / step) * step, math.ceil(high / step - 1e-9) * step, step


def _use_log_axis(axis: Any) -> None:  # noqa: ANN401 - untyped library
    """Make ``axis`` logarithmic; it crosses the other axis at its lower limit."""
    scaling = axis._element.find(qn("c:scaling"))
    scaling.insert(0, parse_xml(f'<c:logBase {nsdecls("c")} val="10"/>'))


def _shown(value: float, *, log: bool) -> float | None:
    return value if math.isfinite(value) and (value > 0 or not log) else None


def written(value: float | int | str) -> str:
    """Return ``value`` as it is written in a table."""
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.lstrip("#").upper())
