"""Replace the data of charts and tables in a deck; formats that exist stay."""

from __future__ import annotations

import copy
import math
from typing import TYPE_CHECKING, Any

from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml.ns import qn

from playground.export.deck.native_charts import (
    MAX_TABLE_ROWS,
    across_limits,
    chart_data,
    drawn_series,
    format_bar,
    format_series,
    set_limits,
    up_limits,
    written,
)
from playground.export.deck.native_lines import draw_as_lines, hide_in_legend, is_bars, with_lines
from playground.widgets.figure import Chart, Series

if TYPE_CHECKING:
    from playground.widgets.figure import Table

_POINTS = (
    XL_CHART_TYPE.XY_SCATTER,
    XL_CHART_TYPE.XY_SCATTER_LINES,
    XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS,
    XL_CHART_TYPE.XY_SCATTER_SMOOTH,
    XL_CHART_TYPE.XY_SCATTER_SMOOTH_NO_MARKERS,
)


def is_compatible(native: Any, chart: Chart) -> bool:  # noqa: ANN401 - untyped library
    """Return whether the data of ``chart`` fit a chart in a deck, whose kind the user may have changed."""
    return (native.chart_type in _POINTS) != is_bars(chart) and bool(is_bars(chart) or drawn_series(chart))


def replace_chart(native: Any, chart: Chart) -> None:  # noqa: ANN401 - untyped library
    """Replace the data of a chart; series that had their name before keep their format, and so do axes set by the user."""
    first_line = len(chart.series)
    bars = first_line if is_bars(chart) else 0
    chart = with_lines(chart)
    before = _as_chart(native, chart)
    old_axes = (across_limits(before), up_limits(before))
    formats = {series.name: copy.deepcopy(_format_of(series)) for series in native.series}
    counts = {series.name: len(list(series.values)) for series in native.series}
    native.replace_data(chart_data(chart))
    draw_as_lines(native, bars)
    drawn = chart.series if is_bars(chart) else drawn_series(chart)
    for place, (each, series) in enumerate(zip(native.series, drawn, strict=True)):
        is_bar = place < bars
        if series.name not in formats:
            number = chart.series.index(series)
            format_series(each, series, number, is_bar=is_bar, is_over=number >= first_line)
            continue
        _set_format(each, formats[series.name])
        for number in range(counts[series.name], len(series.values) if is_bar else 0):
            format_bar(each, series, number)
    hide_in_legend(native, tuple(formats), [each.name for each in drawn], bars=bars)
    axes = (native.category_axis, native.value_axis)
    for axis, old, new in zip(axes, old_axes, (across_limits(chart), up_limits(chart)), strict=True):
        if _is_close(axis.minimum_scale, old[0]) and _is_close(axis.maximum_scale, old[1]):
            set_limits(axis, new)


def replace_table(frame: Any, table: Table) -> None:  # noqa: ANN401 - untyped library
    """Replace the cells of a table; rows and columns are added and removed at its end, in the format of the last one."""
    rows = [table.columns, *list(table.rows)[:MAX_TABLE_ROWS]]
    element = frame.table._tbl
    _resize(element.findall(qn("a:tr")), len(rows))
    _resize(element.find(qn("a:tblGrid")).findall(qn("a:gridCol")), len(table.columns))
    for row in element.findall(qn("a:tr")):
        _resize(row.findall(qn("a:tc")), len(table.columns))
    for row, cells in enumerate(rows):
        for column, value in enumerate(cells):
            _set_text(frame.table.cell(row, column), written(value))


def _as_chart(native: Any, chart: Chart) -> Chart:  # noqa: ANN401 - untyped library
    """Return the present data of a chart, with the axes of ``chart``."""
    series = tuple(
        Series(each.name, tuple(_number(value) for value in each.values), "#000000") for each in native.series
    )
    xs: tuple[str, ...] | tuple[float, ...] = tuple(map(str, native.plots[0].categories))
    if not is_bars(chart):
        inside = f".//{qn('c:xVal')}//{qn('c:v')}"
        xs = tuple(float(node.text) for each in native.series for node in each._element.findall(inside))
    return Chart(x=xs, series=series, x_title="", y_title="", log=_log(native))


def _log(native: Any) -> bool:  # noqa: ANN401 - untyped library
    return native.value_axis._element.find(qn("c:scaling")).find(qn("c:logBase")) is not None


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _is_close(present: float | None, usual: float | None) -> bool:
    if present is None or usual is None:
        return present is usual
    return math.isclose(present, usual, rel_tol=1e-9, abs_tol=1e-12)


def _format_of(series: Any) -> list[Any]:  # noqa: ANN401 - untyped library
    names = ("c:spPr", "c:marker", "c:dPt", "c:dLbls", "c:trendline", "c:smooth", "c:invertIfNegative")
    return [child for child in series._element if child.tag in {qn(name) for name in names}]


def _set_format(series: Any, wanted: list[Any]) -> None:  # noqa: ANN401 - untyped library
    """Replace the format of ``series``; its elements have a fixed order, the format standing before the data."""
    for child in _format_of(series):
        series._element.remove(child)
    last = series._element.find(qn("c:tx"))
    last = series._element.find(qn("c:order")) if last is None else last
    for child in wanted:
        if child.tag == qn("c:smooth"):
            (series._element.findall(qn("c:yVal")) or [last])[-1].addnext(child)
        else:
            last.addnext(child)
            last = child


def _resize(elements: list[Any], count: int) -> None:
    """Copy or remove the last of ``elements`` until there are ``count`` of them."""
    for each in elements[count:]:
        each.getparent().remove(each)
    for _ in range(count - len(elements)):
        elements[-1].addnext(copy.deepcopy(elements[-1]))


def _set_text(cell: Any, text: str) -> None:  # noqa: ANN401 - untyped library
    """Replace the text of ``cell`` in the format of its beginning."""
    paragraph = cell.text_frame.paragraphs[0]
    if not paragraph.runs:
        cell.text = text
        return
    first, *others = paragraph.runs
    first.text = text
    for run in others:
        run._r.getparent().remove(run._r)
