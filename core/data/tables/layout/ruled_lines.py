"""Leave out ruled lines and frames, as in Markdown and in the output of databases, and the number of rows below the table."""

from __future__ import annotations

import re
from typing import Final

_RULERS: Final = "-|+:=,; \t"
_RULES: Final = ("--", "==", ":-", "-:", "-+-")
"""At least one of these must occur in a ruled line, because a single dash is a missing value."""

_COUNT: Final = re.compile(
    r"\(?[0-9]+ rows?(?: in set.*| affected)?\)?|\[[0-9]+ rows x [0-9]+ columns\]|\[ reached .*omitted [0-9]+ rows ?\]",
    re.IGNORECASE,
)
"""The number of rows as written by data bases, pandas and R."""


def without_rules(lines: list[str], first: int) -> tuple[list[str], int]:
    """Return ``lines`` with ruled ones from index ``first`` on, and a count of rows at the end, blank; and their number."""
    ruled = {index for index in range(first, len(lines)) if _is_rule(lines[index])}
    last = next((index for index in range(len(lines) - 1, first, -1) if lines[index].strip()), None)
    if last is not None and _COUNT.fullmatch(lines[last].strip()):
        ruled.add(last)
    if not ruled:
        return lines, 0
    return ["" if index in ruled else line for index, line in enumerate(lines)], len(ruled)


def without_frame(lines: list[str], first: int, bar: str) -> list[str]:
    """Return ``lines`` without the ``bar`` at both ends, if all lines from index ``first`` on that contain one have both."""
    ruled = [index for index in range(first, len(lines)) if bar in lines[index]]
    inner = [lines[index].strip() for index in ruled]
    if not ruled or any(len(line) < 2 or line[0] != bar or line[-1] != bar for line in inner):
        return lines
    lines = list(lines)
    for index, line in zip(ruled, inner, strict=True):
        lines[index] = line[1:-1]
    return lines


def _is_rule(line: str) -> bool:
    return line[:1] in _RULERS and not line.strip(_RULERS) and any(rule in line for rule in _RULES)
