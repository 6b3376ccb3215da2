"""Read the series of a chart in a deck, and distinguish the app's series from the user's."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

from msgspec import Struct
from pptx.oxml.ns import qn

from playground.export.deck.marks import named
from playground.export.deck.native_charts import shown_points
from playground.export.deck.native_lines import is_bars
from playground.export.deck.parts import Written
from playground.widgets.figure import Chart, Series

Points: TypeAlias = tuple[tuple[float | str, float | None], ...]
"""Positions or categories with their values; ``None`` is a gap."""


class Part(Struct, frozen=True, eq=False):
    """A series of a chart in a deck.

    Attributes:
        element: its XML element.
        name: its name in the deck.
        key: the name that the app gave it; ``None`` for a series of the user.
        points: its values.
        number_format: how its values are written.
    """

    element: Any
    name: str
    key: str | None
    points: Points
    number_format: str

    def as_series(self) -> Series:
        """Return the values as a series of the app."""
        values = tuple(math.nan if value is None else value for _x, value in self.points)
        return Series(self.name, values, "#000000", x=tuple(x for x, _value in self.points))  # type: ignore[arg-type]


def parts_of(native: Any, chart: Chart, before: Written | None) -> list[Part]:  # noqa: ANN401 - untyped library
    """Return the series of a chart in the order of the user.

    Args:
        native: the chart in the deck.
        chart: the new data, whose names are known too if what the app wrote is not.
        before: what the app wrote; ``None`` if that is unknown: then every series is the app's.
    """
    elements = list(native._chartSpace.plotArea.sers)
    names = [_name(element) for element in elements]
    known = (*names, *(series.name for series in chart.series)) if before is None else before.names
    keys = named(elements, names, dict.fromkeys(known))
    read = _bars if is_bars(chart) else _points
    return [
        Part(element, name, key, read(element), _number_format(element))
        for element, name, key in zip(elements, names, keys, strict=True)
    ]


def points_of(series: Series, chart: Chart) -> Points:
    """Return the values of a new series as they are written."""
    return tuple(shown_points(series, chart))


def _name(element: Any) -> str:  # noqa: ANN401 - untyped library
    return next(iter(element.xpath("./c:tx//c:pt/c:v/text()") or element.xpath("./c:tx/c:v/text()")), "")


def _number_format(element: Any) -> str:  # noqa: ANN401 - untyped library
    found = element.xpath("./c:val//c:formatCode/text() | ./c:yVal//c:formatCode/text()")
    return str(found[0]) if found else "General"


def _bars(element: Any) -> Points:  # noqa: ANN401 - untyped library
    labels, values = _cached(element, "cat"), _cached(element, "val")
    count = max((*labels, *values), default=-1) + 1
    return tuple((labels.get(place, str(place + 1)), _number(values.get(place))) for place in range(count))


def _points(element: Any) -> Points:  # noqa: ANN401 - untyped library
    places, values = _cached(element, "xVal"), _cached(element, "yVal")
    pairs = []
    for place in sorted(values):
        x = _number(places.get(place))
        pairs.append((float(place + 1) if x is None else x, _number(values[place])))
    return tuple(pairs)


def _cached(element: Any, name: str) -> dict[int, str]:  # noqa: ANN401 - untyped library
    """Return the values that a chart keeps beside its workbook, by their number."""
    found = element.find(qn(f"c:{name}"))
    points = [] if found is None else found.iter(qn("c:pt"))
    return {int(point.get("idx")): point.findtext(qn("c:v")) or "" for point in points}


def _number(text: str | None) -> float | None:
    """Return the number in ``text``, which may be an error such as ``#N/A``."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None
