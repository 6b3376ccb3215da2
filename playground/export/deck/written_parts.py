"""What the app wrote into a chart or table: the names of its parts, and the limits of its axes."""

from __future__ import annotations

from typing import Any, Final

from playground.export.deck.native_charts import Limits, across_limits, drawn_series, row_names, up_limits
from playground.export.deck.native_lines import is_bars, with_lines
from playground.export.deck.parts import Written
from playground.widgets.figure import Chart, Series, Table

_BAR: Final = "\n"
"""Beginning of the names of bars among colours, which no series has."""


def written_of(content: object) -> Written | None:
    """Return what the app writes of a chart or table; ``None`` for a picture."""
    match content:
        case Chart():
            return written_chart(with_lines(content))
        case Table():
            return Written(row_names(content), content.columns)
    return None


def written_chart(chart: Chart) -> Written:
    """Return what the app writes of ``chart``, whose lines are among its series."""
    names = tuple(series.name for series in (chart.series if is_bars(chart) else drawn_series(chart)))
    categories = tuple(map(str, chart.x)) if is_bars(chart) else ()
    return Written(names, categories, limits_of(chart), _colours(chart))


def recolour(element: Any, series: Series, before: Written | None) -> None:  # noqa: ANN401 - untyped library
    """Give a series of a chart in a deck the colours of ``series``, where it still has those that the app gave it."""
    if before is None or series.printed:
        return
    if isinstance(series.colour, str):
        _replace_colour(element, "./c:spPr/a:ln/a:solidFill/a:srgbClr", before.colours.get(series.name), series.colour)
        return
    for number, (name, colour) in enumerate(zip(before.columns, series.colour, strict=False)):
        path = f"./c:dPt[c:idx/@val='{number}']/c:spPr/a:solidFill/a:srgbClr"
        _replace_colour(element, path, before.colours.get(_BAR + name), colour)


def _replace_colour(element: Any, path: str, old: str | None, new: str) -> None:  # noqa: ANN401 - untyped library
    for found in element.xpath(path):
        if old is not None and found.get("val").upper() == old.lstrip("#").upper():
            found.set("val", new.lstrip("#").upper())


def _colours(chart: Chart) -> dict[str, str]:
    found = {}
    for series in chart.series:
        if series.printed:
            continue
        if isinstance(series.colour, str):
            found[series.name] = series.colour
        else:
            found.update({_BAR + str(x): colour for x, colour in zip(chart.x, series.colour, strict=False)})
    return found


def limits_of(chart: Chart) -> Limits:
    """Return the limits and steps of both axes."""
    return *across_limits(chart), *up_limits(chart)
