"""Mark the series of charts and the rows and columns of tables, so that those that were renamed or moved can be found.

The marks are the identifiers that PowerPoint itself gives series, rows and columns, and keeps. Other programs may drop
them; the names are used instead.
"""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Collection, Sequence
from typing import Any, Final

from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn

from core.training.origins.deck_origin import NAMESPACE

_SERIES: Final = ("c", "{C3380CC4-5D6E-409C-BE32-E72D297353CC}", "uniqueId", "chart")
_ROW: Final = ("a", "{0D108BD9-81ED-4DB2-BD59-A6C34878D82A}", "rowId", "main")
_COLUMN: Final = ("a", "{9D8B030D-6E8A-4147-A177-3AD203B41FA5}", "colId", "main")
_SPACE: Final = "http://schemas.microsoft.com/office/drawing/2014/"
_KINDS: Final = {qn("c:ser"): _SERIES, qn("a:tr"): _ROW, qn("a:gridCol"): _COLUMN}


def mark(element: Any, name: str) -> None:  # noqa: ANN401 - untyped library
    """Mark a series, row or column as the one that the app called ``name``."""
    prefix, uri, tag, space = _KINDS[element.tag]
    value = _value(element, name)
    found = _marks(element)
    if found:
        found[0].set("val", value)
        return
    extensions = element.find(qn(f"{prefix}:extLst"))
    if extensions is None:
        extensions = parse_xml(f"<{prefix}:extLst {nsdecls(prefix)}/>")
        element.append(extensions)  # the schema wants it last
    head = f'<{prefix}:ext {nsdecls(prefix)} uri="{uri}"'
    extensions.append(parse_xml(f'{head}><x:{tag} xmlns:x="{_SPACE}{space}" val="{value}"/></{prefix}:ext>'))


def named(elements: Sequence[Any], present: Sequence[str], known: Collection[str]) -> list[str | None]:
    """Return the name that the app gave each of ``elements``; ``None`` for those that it did not make.

    Args:
        elements: series, rows or columns.
        present: their names now.
        known: the names that the app gave.
    """
    found: list[str | None] = [None] * len(elements)
    by_value = {_value(elements[0], name): name for name in known} if elements else {}
    for place, element in enumerate(elements):
        name = next((by_value[each.get("val")] for each in _marks(element) if each.get("val") in by_value), None)
        found[place] = name if name not in found else None
    for place, name in enumerate(present):
        if found[place] is None and name in known and name not in found:
            found[place] = name
    return found


def _value(element: Any, name: str) -> str:  # noqa: ANN401 - untyped library
    if element.tag == qn("c:ser"):
        return f"{{{uuid.uuid5(uuid.NAMESPACE_URL, f'{NAMESPACE}:{name}')}}}".upper()
    return str(zlib.crc32(name.encode()))


def _marks(element: Any) -> list[Any]:  # noqa: ANN401 - untyped library
    prefix, uri, tag, space = _KINDS[element.tag]
    return [
        value
        for each in element.findall(f"{qn(f'{prefix}:extLst')}/{qn(f'{prefix}:ext')}")
        if each.get("uri") == uri
        for value in each.findall(f"{{{_SPACE}{space}}}{tag}")
    ]
