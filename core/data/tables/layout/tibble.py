"""Split tables printed by R's tibbles into cells: names above types such as ``<dbl>``, rows with numbers in front."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_TYPES: Final = re.compile(r"\s*<[a-z0-9+,:]+>(?:\s+<[a-z0-9+,:]+>)*\s*")
_TYPE: Final = re.compile(r"<[^>]+>")
_RIGHT_ALIGNED: Final = frozenset({"<dbl>", "<int>", "<num>", "<int64>", "<drtn>"})
_COMMENT: Final = "#"
_MAX_ABOVE: Final = 20
"""Maximum number of lines above that of the types."""


def split_tibble(lines: list[str], first: int) -> list[str] | None:
    """Return ``lines`` with tabs between the cells and blank ones for all that are no row; ``None`` if it is no tibble."""
    stop = min(len(lines), first + _MAX_ABOVE)
    types = next((index for index in range(first + 1, stop) if _TYPES.fullmatch(lines[index])), None)
    if types is None or not lines[types - 1].strip():
        return None
    columns = [(match.start(), match.end(), match[0] in _RIGHT_ALIGNED) for match in _TYPE.finditer(lines[types])]
    cut = [""] * len(lines)
    for index in range(types - 1, len(lines)):
        line = lines[index]
        if index == types or not line.strip() or line.startswith(_COMMENT):
            continue
        cells = _cells(line, columns)
        if index >= types and not cells[0].isdigit():
            return None
        cut[index] = "\t".join(cells[1:])
    return cut


def _cells(line: str, columns: Sequence[tuple[int, int, bool]]) -> list[str]:
    """Return what is in front of a line, and its cells; columns are (start, stop, whether they are right-aligned).

    A left-aligned column ends where the next one starts, but a right-aligned one may be wider than its type to the left, down to
    the last blank before its cell.
    """
    front, place = line[: columns[0][0]].strip(), columns[0][0]
    found: list[str] = []
    for index, (start, stop, right) in enumerate(columns):
        if right:
            before, _, cell = line[place if index else 0 : stop].rstrip().rpartition(" ")
            if index == 0:
                front = before.strip()
            elif before.strip():
                found[-1] = before.strip()
            found.append(cell)
            place = stop
        else:
            after = columns[index + 1] if index + 1 < len(columns) else None
            end = len(line) if after is None else after[1] if after[2] else after[0]
            found.append("" if after is not None and after[2] else line[start:end].strip())
            place = start
    return [front, *found]
