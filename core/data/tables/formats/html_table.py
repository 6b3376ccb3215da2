"""Convert a table of a web page (HTML), which some programs save under the name .xls, to a text table."""

from __future__ import annotations

import csv
import html
import io
import itertools
import re
from typing import Final

from core.data.code_pages import ENCODINGS
from core.data.tables.files.decoding import decode
from core.data.tables.layout.text_table import TableText
from core.data.tables.limits import MAX_CELL, MAX_COLUMNS, Progress
from core.errors import TableError

_MAX_SPAN: Final = 1000
_MAX_CELLS: Final = 3_000_000
_TOLD_EVERY: Final = 10_000
_CHARSET: Final = re.compile(rb"""<meta[^<>]*charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
_PART: Final = re.compile(r"<!--|-->|<(/?)(table|tr|td|th|script|style)\b([^<>]*)>", re.IGNORECASE)
_OTHER_TAG: Final = re.compile(r"<[^<>]*>")
_SPAN: Final = re.compile(r"""(col|row)span\s*=\s*["']?(\d{1,6})""", re.IGNORECASE)

Rows = list[list[str]]


def read_html(content: bytes, name: str, progress: Progress) -> TableText:
    """Convert the table with the most cells to comma-separated text.

    Raises:
        TableError: there is no table with two rows, or it is too large.
    """
    found = _CHARSET.search(content[:4096])
    charset = found[1].decode().lower() if found else ""
    text = decode(content, name, charset if charset in ENCODINGS else None).text
    tables = _Tables(name)
    place, hidden = 0, ""
    for count, part in enumerate(_PART.finditer(text)):
        if count % _TOLD_EVERY == 0:
            progress.reach(part.start() / len(text))
        if not hidden:
            tables.add_text(text[place : part.start()])
        tag = part[0] if part[2] is None else part[1] + part[2].lower()
        place = part.end()
        if hidden:
            hidden = "" if tag == hidden else hidden
        elif tag in ("<!--", "script", "style"):
            hidden = "-->" if tag == "<!--" else f"/{tag}"
        elif tag not in ("-->", "/script", "/style"):
            tables.add_tag(tag, part[3])
    tables.end_cell()
    rows = max(tables.found, key=lambda table: sum(map(len, table)), default=[])
    if len(rows) < 2:
        raise TableError(f"{name}: this is a web page (HTML) without a table")
    rows, notes = _with_joined_header(rows, tables.n_headers(rows))
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(rows)
    return TableText(written.getvalue(), "html", delimiter=",", header=True if notes else None, notes=notes)


def _with_joined_header(rows: Rows, n_headers: int) -> tuple[Rows, tuple[str, ...]]:
    """Return ``rows`` with the names of a header of several rows in the last one, and notes on it; none for other tables."""
    names = [row for row in rows[:n_headers] if len(set(row)) > 1]  # others are titles
    if len(names) < 2 or n_headers == len(rows):
        return rows, ()
    columns = itertools.zip_longest(*names, fillvalue="")
    joined = [" ".join(dict.fromkeys(filter(None, column))) for column in columns]
    titles = n_headers - len(names)
    example = next((name for name in joined if not any(name in row for row in names)), joined[0])
    notes = (
        f"{titles} title line{'s' * (titles > 1)} above the header skipped." if titles else "",
        f"{'Two' if len(names) == 2 else len(names)} lines of names were joined, as in “{example}”.",
    )
    return [*([] for _ in range(n_headers - 1)), joined, *rows[n_headers:]], tuple(filter(None, notes))


class _Tables:
    """Collects the tables of a page; the cells of a table within a cell belong to a table of their own."""

    def __init__(self, name: str) -> None:
        self.found: list[Rows] = []
        self._name = name
        self._open: list[Rows] = []
        self._cell: list[str] | None = None
        self._columns = self._rows = 1
        self._below: dict[int, dict[int, str]] = {}
        self._cells = 0
        self._body_from: dict[int, int] = {}

    def n_headers(self, table: Rows) -> int:
        """Return the number of rows above the first one with a cell of data."""
        return self._body_from.get(id(table), 0)

    def add_text(self, text: str) -> None:
        """Add ``text`` to the cell that is open, if any."""
        if self._cell is not None:
            self._cell.append(text)

    def add_tag(self, tag: str, attributes: str) -> None:
        """Open or close a table, row or cell."""
        self.end_cell()
        match tag:
            case "table":
                self._open.append([])
                self.found.append(self._open[-1])
                self._below = {}
            case "/table":
                self._open = self._open[:-1]
            case "tr" if self._open:
                self._open[-1].append([])
            case "td" | "th" if self._open and self._open[-1]:
                spans = {kind.lower(): min(int(number), _MAX_SPAN) for kind, number in _SPAN.findall(attributes)}
                self._columns, self._rows = spans.get("col", 1) or 1, spans.get("row", 1) or 1
                self._cell = []
                if tag == "td":
                    self._body_from.setdefault(id(self._open[-1]), len(self._open[-1]) - 1)

    def end_cell(self) -> None:
        """Write the open cell, if any, as many times as it spans columns, and remember it for the rows that it spans."""
        if self._cell is None:
            return
        text = html.unescape(_OTHER_TAG.sub(" ", "".join(self._cell)))
        text = " ".join(text.replace("\0", " ").split())[: MAX_CELL // 2]
        self._cell = None
        table = self._open[-1]
        row = table[-1]
        self._fill(table)
        self._cells += self._columns * self._rows
        if self._cells > _MAX_CELLS or len(row) + self._columns > MAX_COLUMNS:
            raise TableError(f"{self._name}: the table of this web page has too many cells")
        for _ in range(self._columns):
            for below in range(1, self._rows):
                self._below.setdefault(len(table) - 1 + below, {})[len(row)] = text
            row.append(text)
        self._fill(table)

    def _fill(self, table: Rows) -> None:
        """Add the cells of the rows above that reach into the last row at its present end."""
        spanning = self._below.get(len(table) - 1, {})
        while len(table[-1]) in spanning:
            table[-1].append(spanning[len(table[-1])])
