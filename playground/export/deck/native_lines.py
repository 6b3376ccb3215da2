"""Lines over bars and curves in charts that PowerPoint can edit: pinned runs, forecasts and initial distributions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn

from playground.widgets.figure import Chart, Series

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NUMBERED: Final = "{name} ({number})"
"""Name of a line that has none, after the named one before it; it is not in the legend."""


def is_bars(chart: Chart) -> bool:
    """Return whether ``chart`` has bars, and not lines."""
    return bool(chart.x) and isinstance(chart.x[0], str)


def with_lines(chart: Chart) -> Chart:
    """Return ``chart`` with its lines among the series, each with its own name; between bars with a value for each."""
    lines, base, number = [], "", 1
    for line in chart.lines:
        number = 1 if line.name else number + 1
        base = line.name or base
        name = line.name or NUMBERED.format(name=base, number=number)
        lines.append(replace(line, name=name, x=line.x or chart.x))
    if not is_bars(chart):
        return replace(chart, series=(*chart.series, *lines), lines=())
    categories = tuple(dict.fromkeys(str(each) for each in (*chart.x, *(x for line in lines for x in line.x))))
    missing = (math.nan,) * (len(categories) - len(chart.x))
    bars = [replace(bar, values=(*bar.values, *missing), colour=_colours(bar, len(missing))) for bar in chart.series]
    over = [replace(line, x=(), values=_at(categories, line)) for line in lines if _can_be_drawn(line, log=chart.log)]
    return replace(chart, x=categories, series=(*bars, *over), lines=())


def _colours(bar: Series, missing: int) -> str | tuple[str, ...]:
    return bar.colour if isinstance(bar.colour, str) else (*bar.colour, *bar.colour[-1:] * missing)


def _can_be_drawn(line: Series, *, log: bool) -> bool:
    return any(math.isfinite(value) and (value > 0 or not log) for value in line.values)


def _at(categories: Sequence[str], line: Series) -> tuple[float, ...]:
    known = dict(zip(line.x, line.values, strict=True))
    return tuple(known.get(category, math.nan) for category in categories)


def draw_as_lines(native: Any, first: int) -> None:  # noqa: ANN401 - untyped library
    """Draw the series of a column chart from number ``first`` on as lines on the same axes."""
    area = native._chartSpace.plotArea
    bars = area.find(qn("c:barChart"))
    series = [] if bars is None else bars.findall(qn("c:ser"))[first:]
    if not series:
        return
    chart = area.find(qn("c:lineChart"))
    if chart is None:
        axes = "".join(f'<c:axId val="{each.get("val")}"/>' for each in bars.findall(qn("c:axId")))
        head = f'<c:lineChart {nsdecls("c")}><c:grouping val="standard"/><c:varyColors val="0"/>'
        chart = parse_xml(f'{head}<c:marker val="1"/>{axes}</c:lineChart>')
        bars.addnext(chart)
    end = chart.find(qn("c:marker"))
    for each in series:
        for child in list(each):
            if child.tag in {qn("c:invertIfNegative"), qn("c:dPt"), qn("c:spPr")}:
                each.remove(child)
        end.addprevious(each)


def hide_in_legend(native: Any, names: Sequence[str], *, bars: int = 0) -> None:  # noqa: ANN401 - untyped library
    """Leave the first ``bars`` series and those without a name of their own out of the legend."""
    set_legend_entries(native, {}, names, bars=bars)


def legend_entries(native: Any) -> dict[int, tuple[Any, Any]]:  # noqa: ANN401 - untyped library
    """Return every series of a chart with its entry in the legend, by its identity; ``None`` for an unchanged entry."""
    legend = native._chartSpace.chart.find(qn("c:legend"))
    entries = [] if legend is None else legend.findall(qn("c:legendEntry"))
    by_place = {int(entry.find(qn("c:idx")).get("val")): entry for entry in entries}
    return {id(each): (each, by_place.get(place)) for place, each in enumerate(native._chartSpace.plotArea.sers)}


def set_legend_entries(
    native: Any,  # noqa: ANN401 - untyped library
    before: Mapping[int, tuple[Any, Any]],
    names: Sequence[str],
    *,
    bars: int,
) -> None:
    """Set the entries of the legend that are hidden or formatted.

    Args:
        native: the chart.
        before: what :func:`legend_entries` returned for series that were there before; their entries stay.
        names: names of the series that the app gave; others are empty.
        bars: number of the series of bars below lines, whose name is on the axis.
    """
    legend = native._chartSpace.chart.find(qn("c:legend"))
    if legend is None:
        return
    for entry in legend.findall(qn("c:legendEntry")):
        legend.remove(entry)
    hidden = numbered(names) | set(range(bars if len(names) > bars else 0))
    last = legend.find(qn("c:legendPos"))
    for place, element in enumerate(native._chartSpace.plotArea.sers):
        _element, entry = before.get(id(element), (None, None))
        if entry is not None:
            entry.find(qn("c:idx")).set("val", str(place))
        elif id(element) in before or place not in hidden:
            continue
        else:
            head = f'<c:legendEntry {nsdecls("c")}><c:idx val="{place}"/>'
            entry = parse_xml(f'{head}<c:delete val="1"/></c:legendEntry>')
        if last is None:
            legend.insert(0, entry)
        else:
            last.addnext(entry)
        last = entry


def numbered(names: Sequence[str]) -> set[int]:
    """Return the places of names that :func:`with_lines` gave."""
    found, base, number = set(), "", 1
    for place, name in enumerate(names):
        if base and name == NUMBERED.format(name=base, number=number + 1):
            found.add(place)
            number += 1
        else:
            base, number = name, 1
    return found
