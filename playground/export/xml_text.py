"""Text that an XML file can contain."""

from __future__ import annotations

import re
from typing import Final, cast

from msgspec import structs

from playground.widgets.figure import Chart, Positions, Series, Table

_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def xml_text(text: str) -> str:
    """Return ``text`` with spaces in place of control characters and others that XML forbids."""
    return _FORBIDDEN.sub(" ", text)


def xml_chart(chart: Chart) -> Chart:
    """Return ``chart`` with texts that XML can contain."""
    return structs.replace(
        chart,
        x=_xml_places(chart.x),
        series=tuple(map(_xml_series, chart.series)),
        x_title=xml_text(chart.x_title),
        y_title=xml_text(chart.y_title),
        lines=tuple(map(_xml_series, chart.lines)),
    )


def _xml_series(series: Series) -> Series:
    return structs.replace(series, name=xml_text(series.name), x=_xml_places(series.x))


def _xml_places(places: Positions) -> Positions:
    return cast("Positions", tuple(xml_text(each) if isinstance(each, str) else each for each in places))


def xml_table(table: Table) -> Table:
    """Return ``table`` with texts that XML can contain."""
    rows = [tuple(xml_text(cell) if isinstance(cell, str) else cell for cell in row) for row in table.rows]
    return Table(tuple(xml_text(name) for name in table.columns), rows)
