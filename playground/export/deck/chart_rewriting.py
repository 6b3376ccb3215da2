"""Replace the data of a chart in a deck; what a user deleted, added, renamed, reordered or formatted stays so.

Only elements with data are replaced, so that formats, labels, trend lines and error bars stay.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from msgspec import structs
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml.ns import qn

from core.errors import PlaygroundError
from playground.export.deck.chart_parts import Part, Points, parts_of, points_of
from playground.export.deck.marks import mark
from playground.export.deck.native_charts import Limits, drawn_series, format_bar, format_series, point_data, set_limits
from playground.export.deck.native_lines import draw_as_lines, is_bars, legend_entries, set_legend_entries, with_lines
from playground.export.deck.parts import Written
from playground.export.deck.written_parts import limits_of, recolour, written_chart
from playground.widgets.figure import Chart, Series

_POINTS: Final = (
    XL_CHART_TYPE.XY_SCATTER,
    XL_CHART_TYPE.XY_SCATTER_LINES,
    XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS,
    XL_CHART_TYPE.XY_SCATTER_SMOOTH,
    XL_CHART_TYPE.XY_SCATTER_SMOOTH_NO_MARKERS,
)
_DATA: Final = {qn(f"c:{name}") for name in ("idx", "order", "tx", "cat", "val", "xVal", "yVal")}


def is_compatible(native: Any, chart: Chart) -> bool:  # noqa: ANN401 - untyped library
    """Return whether the data of ``chart`` fit a chart in a deck, whose kind the user may have changed."""
    if not len(native.series):
        return False
    return (native.chart_type in _POINTS) != is_bars(chart) and bool(is_bars(chart) or drawn_series(chart))


def replace_chart(native: Any, chart: Chart, before: Written | None) -> Written:  # noqa: ANN401 - untyped library
    """Replace the data of a chart, and return what the app wrote in it until now.

    Args:
        native: the chart in the deck.
        chart: the new data.
        before: what the app wrote; ``None`` if that is unknown: then every series is the app's.

    Raises:
        PlaygroundError: there is no series left whose data could be replaced; the chart is as it was.
    """
    first_line, bars = len(chart.series) if is_bars(chart) else -1, len(chart.x)
    chart = with_lines(chart)
    new = {series.name: series for series in (chart.series if is_bars(chart) else drawn_series(chart))}
    parts = parts_of(native, chart, before)
    here = {part.key for part in parts}
    deleted = [] if before is None else [name for name in before.names if name not in here]
    added = [name for name in new if name not in here and name not in deleted]
    kept = [part for part in parts if part.key is None or part.key in new]
    if not added and all(part.key is None for part in kept):
        raise PlaygroundError("its chart has no series of the new figure")
    old_limits = (
        before.limits if before is not None and len(before.limits) == 6 else limits_of(_with_parts(chart, parts))
    )
    labels = _renamed_labels(parts, before)
    entries = legend_entries(native)
    fresh = {name: _add(native, is_line=0 <= first_line <= chart.series.index(new[name])) for name in added}
    _remove(native, [part.element for part in parts if part not in kept])
    elements = {part.key: part.element for part in kept if part.key is not None}
    _arrange(native, {**elements, **fresh}, fresh, tuple(new))
    final = _in_order(native, kept, fresh, {name: points_of(series, chart) for name, series in new.items()})
    native.replace_data(_bar_data(final, chart, bars, labels) if is_bars(chart) else _point_data(final))
    counts = {id(part.element): len(part.points) for part in kept}
    for each, part in zip(native.series, final, strict=True):
        if part.key is not None:
            place = chart.series.index(new[part.key])
            _format(each, new[part.key], place, counts.get(id(part.element)), first_line)
            recolour(each._element, new[part.key], before)
            mark(each._element, part.key)
    set_legend_entries(native, entries, [part.key or "" for part in final], bars=max(first_line, 0))
    limits = limits_of(_with_parts(chart, final))
    _set_limits(native, old_limits, limits)
    result = written_chart(chart)
    names = (*new, *(name for name in deleted if name not in new))
    return structs.replace(result, names=names, limits=limits)


def _add(native: Any, *, is_line: bool) -> Any:  # noqa: ANN401 - untyped library
    """Add a series without a format, at the end of the lines if it is one over bars, and return its element."""
    area = native._chartSpace.plotArea
    plots = [plot for plot in area.iter_xCharts() if plot.sers]
    lines = [plot for plot in plots if plot.tag == qn("c:lineChart")]
    plot = lines[-1] if is_line and lines else plots[0]
    count = len(plot.sers)
    element = copy.deepcopy(plot.sers[-1])
    for child in [child for child in element if child.tag not in _DATA]:
        element.remove(child)
    element.idx.val, element.order.val = area.next_idx, area.next_order
    plot.findall(qn("c:ser"))[-1].addnext(element)
    if is_line and plot not in lines:
        draw_as_lines(native, count)
    return element


def _remove(native: Any, elements: Sequence[Any]) -> None:  # noqa: ANN401 - untyped library
    """Remove series, and what is left without any."""
    for element in elements:
        element.getparent().remove(element)
    for plot in list(native._chartSpace.plotArea.iter_xCharts()):
        if not plot.sers:
            plot.getparent().remove(plot)


def _arrange(
    native: Any,  # noqa: ANN401 - untyped library
    elements: Mapping[str, Any],
    fresh: Collection[str],
    names: Sequence[str],
) -> None:
    """Put new series beside those that they follow in the figure; the order of the others is the user's.

    Args:
        native: the chart.
        elements: the series by the names that the app gave them.
        fresh: names of the new ones.
        names: all names, in the order of the figure.
    """
    order = list(native._chartSpace.plotArea.sers)
    for place, name in enumerate(names):
        if name not in fresh:
            continue
        element = elements[name]
        others = [elements[each] for each in (*names[:place][::-1], *names[place + 1 :]) if each in elements]
        near = next((each for each in others if each.getparent() is element.getparent()), None)
        if near is None:
            continue
        is_after = any(elements.get(each) is near for each in names[:place])
        order.remove(element)
        order.insert(order.index(near) + is_after, element)
        (near.addnext if is_after else near.addprevious)(element)
    if fresh:
        for number, element in enumerate(order):
            element.order.val = number


def _in_order(
    native: Any,  # noqa: ANN401 - untyped library
    kept: Sequence[Part],
    fresh: Mapping[str, Any],
    new: Mapping[str, Points],
) -> list[Part]:
    """Return the series with their new values in the order of the chart."""
    parts = [Part(element, name, name, new[name], "General") for name, element in fresh.items()]
    parts += [structs.replace(part, points=part.points if part.key is None else new[part.key]) for part in kept]
    places = {id(element): place for place, element in enumerate(native._chartSpace.plotArea.sers)}
    return sorted(parts, key=lambda part: places[id(part.element)])


def _format(native: Any, series: Series, place: int, count: int | None, first_line: int) -> None:  # noqa: ANN401
    """Format a new series, and of one that had ``count`` bars those that are new."""
    is_bar = place < first_line
    if count is None:
        format_series(native, series, place, is_bar=is_bar, is_over=0 <= first_line <= place)
    elif is_bar:
        for number in range(count, len(series.values)):
            format_bar(native, series, number)


def _renamed_labels(parts: Sequence[Part], before: Written | None) -> dict[str, str]:
    """Return the labels of bars that the user gave, by those of the app."""
    found = next((tuple(str(x) for x, _value in part.points) for part in parts if part.key is not None), ())
    if before is None or len(before.columns) != len(found):
        return {}
    return dict(zip(before.columns, found, strict=True))


def _bar_data(parts: Sequence[Part], chart: Chart, bars: int, labels: Mapping[str, str]) -> Any:  # noqa: ANN401
    """Return the values of bars and of lines over them; only the first ``bars`` categories need a value."""
    data = CategoryChartData()
    rows = []
    for part in parts:
        renamed = labels if part.key is not None else {}
        rows.append({renamed.get(str(x), str(x)): value for x, value in part.points})
    usual = [labels.get(str(x), str(x)) for x in chart.x]
    others = [label for row in rows for label in row if label not in usual[:bars] and row[label] is not None]
    order = [*usual[:bars], *(label for label in usual[bars:] if label in others)]
    data.categories = list(dict.fromkeys([*order, *others]))
    for part, row in zip(parts, rows, strict=True):
        data.add_series(part.name, [row.get(label) for label in dict.fromkeys([*order, *others])], part.number_format)
    return data


def _point_data(parts: Sequence[Part]) -> Any:  # noqa: ANN401 - untyped library
    return point_data(
        [(part.name, part.number_format, [each for each in part.points if each[1] is not None]) for part in parts]
    )


def _with_parts(chart: Chart, parts: Sequence[Part]) -> Chart:
    """Return ``chart`` with the series of a chart in a deck, and their positions unless they are bars."""
    series = tuple(part.as_series() for part in parts)
    x = chart.x if is_bars(chart) else max((each.x for each in series), key=len, default=())
    return structs.replace(chart, x=x, series=series)


def _set_limits(native: Any, before: Limits, after: Limits) -> None:  # noqa: ANN401 - untyped library
    """Set the limits of both axes, unless the user changed them."""
    for axis, side in ((native.category_axis, slice(0, 3)), (native.value_axis, slice(3, 6))):
        old, new = before[side], after[side]
        if _is_close(axis.minimum_scale, old[0]) and _is_close(axis.maximum_scale, old[1]):
            set_limits(axis, new)


def _is_close(present: float | None, usual: float | None) -> bool:
    if present is None or usual is None:
        return present is usual
    return math.isclose(present, usual, rel_tol=1e-9, abs_tol=1e-12)
