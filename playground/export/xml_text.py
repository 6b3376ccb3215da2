"""Text that an XML file can contain."""

from __future__ import annotations

import re
from typing import Final

from msgspec import structs

from playground.widgets.figure import Chart, Table

_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def xml_text(text: str) -> str:
    """Return ``text`` with spaces in place of control characters and others that XML forbids."""
    return _FORBIDDEN.sub(" ", text)


def xml_chart(chart: Chart) -> Chart:
    """Return ``chart`` with texts that XML can contain."""
    series = tuple(structs.replace(each, name=xml_text(each.name)) for each in chart.series)
    x = tuple(xml_text(each) if isinstance(each, str) else each for each in chart.x)
    titles = xml_text(chart.x_title), xml_text(chart.y_title)
    return structs.replace(chart, x=x, series=series, x_title=titles[0], y_title=titles[1])


def xml_table(table: Table) -> Table:
    """Return ``table`` with texts that XML can contain."""
    rows = [tuple(xml_text(cell) if isinstance(cell, str) else cell for cell in row) for row in table.rows]
    return Table(tuple(xml_text(name) for name in table.columns), rows)
