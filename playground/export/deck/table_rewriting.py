"""Replace the cells of a table in a deck; rows and columns that a user deleted, added, renamed or moved stay so."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from pptx.oxml.ns import qn

from playground.export.deck.marks import mark, named
from playground.export.deck.native_charts import HEADINGS, MAX_TABLE_ROWS, row_names, written
from playground.export.deck.parts import Written

if TYPE_CHECKING:
    from playground.widgets.figure import Table


class _Line(Struct, frozen=True):
    """A row or column of the new table.

    Attributes:
        source: number of the present one that becomes it.
        key: the name that the app gives it; ``None`` for one of the user.
        is_new: whether the app writes its name.
        is_copy: whether it is a copy of ``source``, which stays too.
    """

    source: int
    key: str | None
    is_new: bool = False
    is_copy: bool = False


def replace_table(frame: Any, table: Table, before: Written | None) -> Written:  # noqa: ANN401 - untyped library
    """Replace the cells of a table, and return what the app wrote in it until now.

    New rows and columns take the places of those that are gone, or follow in the format of the last one.

    Args:
        frame: the table in the deck.
        table: the new data.
        before: what the app wrote; ``None`` if that is unknown: then all its cells are the app's.
    """
    element = frame.table._tbl
    names, columns = row_names(table), tuple(table.columns)
    rows, grid = element.findall(qn("a:tr")), element.find(qn("a:tblGrid")).findall(qn("a:gridCol"))
    row_keys, column_keys = _keys(frame, rows, grid, before)
    old = Written() if before is None else before
    down, deleted_rows = _lines(row_keys, names, old.names)
    across, deleted_columns = _lines(column_keys, columns, old.columns)
    _rebuild(rows, down)
    _rebuild(grid, across)
    for row in element.findall(qn("a:tr")):
        _rebuild(row.findall(qn("a:tc")), across)
    contents = dict(zip(names, (columns, *list(table.rows)[:MAX_TABLE_ROWS]), strict=True))
    for place, row in enumerate(down):
        for number, column in enumerate(across):
            cell = frame.table.cell(place, number)
            if row.key is None or column.key is None:
                if row.is_copy or column.is_copy:
                    _set_text(cell, "")
            elif not cell.is_spanned and _is_due(row, column, columns[0]):
                _set_text(cell, written(contents[row.key][columns.index(column.key)]))
    for each, line in zip(
        (*element.findall(qn("a:tr")), *element.iter(qn("a:gridCol"))), (*down, *across), strict=True
    ):
        if line.key is not None:
            mark(each, line.key)
    return Written((*names, *deleted_rows), (*columns, *deleted_columns))


def _keys(
    frame: Any,  # noqa: ANN401 - untyped library
    rows: Sequence[Any],
    grid: Sequence[Any],
    before: Written | None,
) -> tuple[list[str | None], list[str | None]]:
    """Return the names that the app gave the present rows and columns."""
    texts = [[cell.text for cell in row.cells] for row in frame.table.rows]
    if before is None:
        return [f"\n{place}\n" for place in range(len(rows))], [f"\n{place}\n" for place in range(len(grid))]
    corner = before.columns[0] if before.columns else ""
    labels = [HEADINGS if not place and row[0] == corner else row[0] for place, row in enumerate(texts)]
    return (
        named(rows, labels, dict.fromkeys(before.names)),
        named(grid, texts[0], dict.fromkeys(before.columns)),
    )


def _lines(keys: Sequence[str | None], wanted: Sequence[str], before: Sequence[str]) -> tuple[list[_Line], list[str]]:
    """Return the rows or columns of the new table, and the names of those that the user deleted."""
    deleted = [name for name in before if name not in keys]
    added = [name for name in wanted if name not in keys and name not in deleted]
    lines = []
    for place, key in enumerate(keys):
        if key is None or key in wanted:
            lines.append(_Line(place, key))
        elif added:
            lines.append(_Line(place, added.pop(0), is_new=True))
    last = next((place for place in reversed(range(len(lines))) if lines[place].key is not None), None)
    if last is not None:
        lines[last + 1 : last + 1] = [_Line(lines[last].source, name, is_new=True, is_copy=True) for name in added]
    return lines, [name for name in deleted if name not in wanted]


def _rebuild(elements: Sequence[Any], lines: Sequence[_Line]) -> None:
    """Copy and remove ``elements``, so that they are ``lines``."""
    last = None
    for line in lines:
        element = elements[line.source]
        if line.is_copy and last is not None:
            element = copy.deepcopy(element)
            last.addnext(element)
        last = element
    kept = {line.source for line in lines}
    for place, element in enumerate(elements):
        if place not in kept:
            element.getparent().remove(element)


def _is_due(row: _Line, column: _Line, names: str) -> bool:
    """Return whether the app writes a cell: a number always, a name only where it is new, as it may be renamed."""
    if row.key == HEADINGS:
        return column.is_new
    return column.key != names or row.is_new


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
