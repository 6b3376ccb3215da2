"""Join a header of two lines, of which the first one names groups of columns: ``Size,,Weight,`` above ``min,max,min,max``."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

from core.data.tables.cells.missing import MISSING_AMONG_NUMBERS
from core.data.tables.cells.numbers import is_number

if TYPE_CHECKING:
    from collections.abc import Iterable

_MIN_ROWS: Final = 2
_JUDGED: Final = 8
"""Number of rows below the header that are judged; the first one may contain units."""


class JoinedHeader(NamedTuple):
    """The names of the columns, such as ``Size min``, and the number of lines of the header."""

    names: list[str]
    lines: int


def joined_header(rows: list[list[str]]) -> JoinedHeader | None:
    """Join the first two of ``rows``, whose cells are stripped; ``None`` unless they are groups and their columns.

    In files, cells are empty where the name of a group extends over several columns, or the name is repeated. Names
    below it recur from group to group, or some columns have a name in one of the lines only.
    """
    if len(rows) < 2 + _MIN_ROWS or len(rows[0]) > len(rows[1]):
        return None
    names, rest = rows[1], [row for row in rows[2 : 2 + _JUDGED] if len(row) == len(rows[1])]
    groups = [*rows[0], *[""] * (len(names) - len(rows[0]))]
    filled = [column for column, group in enumerate(groups) if group]
    repeated = any(a == b != "" for a, b in itertools.pairwise(groups))
    if not filled or not (repeated or "" in groups) or any(is_number(text) for text in (*groups, *names) if text):
        return None
    numeric = [_are_numbers(row[column] for row in rest[1:]) for column in range(len(names))]
    above_numbers = [name for on, name in zip(numeric, names, strict=True) if on and name]
    if not above_numbers or any(name in MISSING_AMONG_NUMBERS for name in above_numbers):
        return None
    if any(on and not name and not group for on, name, group in zip(numeric, names, groups, strict=True)):
        return None
    owners = groups if repeated else _extended(groups, names, numeric)
    if not _are_groups(owners, names) or not (repeated or _is_evident(groups, names, filled)):
        return None
    joined = [
        name if group in ("", name) else f"{group} {name}".strip() for group, name in zip(owners, names, strict=True)
    ]
    index = rows[2]
    if (
        len(index) == len(joined)
        and any(index)
        and all(not joined[column] for column, text in enumerate(index) if text)
    ):
        return JoinedHeader(
            [name or text for name, text in zip(joined, index, strict=True)], 3
        )  # pandas' names of rows
    return JoinedHeader(joined, 2)


def _extended(groups: list[str], names: list[str], numeric: list[bool]) -> list[str]:
    """Return the group of each column; the last one extends over no more texts than the others over columns."""
    starts = [column for column, group in enumerate(groups) if group]
    longest = max((stop - start for start, stop in itertools.pairwise(starts)), default=len(groups))
    owners: list[str] = []
    for column, (group, name) in enumerate(zip(groups, names, strict=True)):
        before = owners[-1] if owners else ""
        alone = column > 0 and groups[column - 1] != "" and not names[column - 1]  # a name over both lines
        beyond = column >= starts[-1] + max(longest, 2) and not numeric[column]
        owners.append(group or ("" if alone or beyond or not name else before))
    return owners


def _are_groups(owners: list[str], names: list[str]) -> bool:
    """Return whether some group has several columns, and the columns of each group have different names."""
    members: dict[str, list[str]] = {}
    for owner, name in zip(owners, names, strict=True):
        if owner and name:
            members.setdefault(owner, []).append(name)
    several = any(len(each) > 1 for each in members.values())
    return several and all(len(set(each)) == len(each) for each in members.values())


def _is_evident(groups: list[str], names: list[str], filled: list[int]) -> bool:
    """Return whether the first line is not a title: names recur below its groups, or some columns are named in one line only."""
    given = [name for name in names if name]
    over_both = any(group and not name for group, name in zip(groups, names, strict=True))
    return len(set(given)) < len(given) or filled[0] > 0 or (over_both and len(filled) > 1)


def _are_numbers(cells: Iterable[str]) -> bool:
    given = [cell for cell in cells if cell not in MISSING_AMONG_NUMBERS]
    return len(given) >= _MIN_ROWS and all(map(is_number, given))
