"""What the app wrote into a chart or table: the names of its parts, and the limits of its axes."""

from __future__ import annotations

from playground.export.deck.native_charts import Limits, across_limits, drawn_series, row_names, up_limits
from playground.export.deck.native_lines import is_bars, with_lines
from playground.export.deck.parts import Written
from playground.widgets.figure import Chart, Table


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
    return Written(names, categories, limits_of(chart))


def limits_of(chart: Chart) -> Limits:
    """Return the limits and steps of both axes."""
    return *across_limits(chart), *up_limits(chart)
