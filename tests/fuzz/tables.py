"""Make valid and damaged tables with all kinds of cells, delimiters and encodings, and damaged workbooks."""

from __future__ import annotations

import gzip
import io
import zipfile
from random import Random

from mutation import Document, as_json, damaged, edited, letters, number_text, pick

from tests.core.data.tables.workbooks import ods, xlsx

_CELLS = (
    *("1", "0", "-1", "2.5", "3,5", "1e5", "1e400", "-1e-400", "007", "+4", "1 234", "1,299.00", "1.299,00", "67,311,748"),
    *("45%", "$12.00", "€ 1.299,00", "3,5 kg", "(5)", "5-", "0x1f", "1_000", "٣", "１２", "∞", "-∞", "½", "1e", "--5", "1.2.3"),
    *("", " ", "-", "--", ".", "#N/A", "NA", "nan", "null", "missing", "-999", "-9999,0", "inf", "?", "N/A", "-inf"),
    *("2024-02-30", "31.12.1999", "12/31/99", "2024-01-01T25:61", "1/2/3", "0001-01-01", "9999-12-31", "Jan 5, 2020"),
    *("2024-05-01T12:00:00+02:00", "2024-12-01 01:00:00-14:00", "2024/03/31 3:00:00 AM GMT+2", "2024-01-01T00:00Z"),
    *("2024-01-01", "2024-05-17 12:30", "99999-01-01", "0000-00-00", "12:30", "true", "False", "yes", "a", "b", "red"),
    *("a b", " a ", '"', '""', "'", 'a"b', "=1+1", "#", "# x", "<b>", "\\", "\\N", "a" * 300, "\u200b", "\ufeff", "é", "日本"),
    *("\U0001f600", "\x00", "\x1a", "\x85", "\u2028", "\x1b[31m", "1" * 400, "9" * 25, "1e308", "-1e101", "a\nb", "other"),
    *("01234", "00", "044 123", "<0.5", "≤ 0.1", "> 1", "~5", "08:30", "8:30 PM", "00:01:15", "1 h 15 min", "1:23.4", "P1DT2H"),
    *("'a'", "'a, b'", "b'x'", "'it''s'", '="01234"', '\\"', "20230105", "1.5M", "250K", "1. März 2023", "2023年1月5日"),
)  # fmt: skip
_NAMES = (
    "x",
    "y",
    "class",
    "id",
    "x",
    " x ",
    "",
    "X",
    "target",
    "price",
    "unit",
    "x (2)",
    "1",
    "a" * 300,
    "é",
    "\x1b[1m",
)
_SEPARATORS = (",", ",", ",", ";", "\t", "|", " ", "  ", ", ", ":", "\x1f")
_ENCODINGS = (
    *("utf-8", "utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1"),
    *("cp1250", "cp1251", "cp1253", "cp1254", "mac-roman", "gbk", "big5", "shift-jis", "euc-kr"),
)
_FIRST_LINES = (
    *("", "", "", "", "sep=;\n", "# exported by x\n", "A title\n\n", "\n\n", "#\n#\n", "sep=\n", ",,,\n", "# x y\n"),
    *(
        "x,y,z\n(m),(s),(kg)\n",
        "sep=\t\n# a\n\n",
        "Size,,Weight\nmin,max,min\n",
        ",A,A\nid,b,c\n",
        "---|---\n",
        "A, b\n",
    ),
)
_ENDS = ("\n", "\n", "\n", "\n", "\r\n", "\r", "\n\n", "\n,,\n", "\n# x\n", "\nx,y,z\n", "\n---+---\n")
_LAST_LINES = (
    *("", "", "", "", "", ""),
    "Total,1,2\n",
    "\nSum;0;0;0",
    "Mean,1.5,2,,\n",
    "total\t5\t",
    "Source: x, 2024\n",
    "(3 rows)\n",
)
_SUFFIXES = (".csv", ".csv", ".csv", ".tsv", ".txt", ".data", ".json", ".xlsx", ".ods", ".parquet")
_ROWS = (0, 1, 2, 3, 5, 5, 12, 12, 12, 25, 60)
_PIECES = (
    *(b'"', b'""', b",", b";", b"\t", b"|", b"\n", b"\r", b"\r\n", b"\n\n", b"\x00", b"\xff", b"\xfe", b"\xef\xbb\xbf"),
    *(
        b"#",
        b" ",
        b"'",
        b"\\",
        b"\x1a",
        b",,,,,",
        b"sep=",
        b"1e999",
        b"-",
        b'"\n"',
        b"\x1b",
        b"PAR1",
        b"PK\x03\x04",
        b"[{",
    ),
    *(b"," * 3000, b"\n" * 300, b"a" * 140_000, b'"' + b"a" * 9000, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
)
_XML_PIECES = (
    *(
        b"<",
        b">",
        b"&",
        b'"',
        b"]]>",
        b"<!--",
        b"<![CDATA[",
        b"&#0;",
        b"&#xD800;",
        b"&amp;",
        b"\xff",
        b"\0",
        b"-1",
        b"1e999",
    ),
    *(
        b"9" * 30,
        b"r:id",
        b' t="s"',
        b' t="d"',
        b' t="e"',
        b' r="XFD1048576"',
        b' r="A0"',
        b' r="ZZZZZ1"',
        b"<row>",
        b"</c>",
    ),
    *(
        b'table:number-columns-repeated="1000000"',
        b'table:number-rows-repeated="1000000"',
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    ),
)


def cell(rng: Random) -> str:
    """Return the text of a cell."""
    kind = rng.random()
    return pick(rng, _CELLS) if kind < 0.6 else number_text(rng) if kind < 0.9 else letters(rng, 4)


def _column(rng: Random, rows: int) -> list[str]:
    """Return a column: mixed cells, numbers, counting, one text, few distinct texts, or numbers with one other cell."""
    seeds = [cell(rng) for _ in range(int(rng.random() * 5) + 1)]
    match int(rng.random() * 6):
        case 0:
            return [seeds[row % len(seeds)] for row in range(rows)]
        case 1:
            return [str(((row * 7919) % 101) / 8) for row in range(rows)]
        case 2:
            return [str(row) for row in range(rows)]
        case 3:
            return [seeds[0]] * rows
        case 4:
            return [("a", "b", seeds[0])[row % 3] for row in range(rows)]
        case _:
            at = int(rng.random() * (rows + 1))
            return [seeds[0] if row == at else str(row * 1.5) for row in range(rows)]


def _text(rng: Random) -> str:
    rows, width = pick(rng, _ROWS), int(rng.random() * 5) + 1
    drawn = [_column(rng, rows) for _ in range(width)]
    lines = [list(line) for line in zip(*drawn, strict=True)]
    if rng.random() < 0.7:
        lines.insert(0, [pick(rng, _NAMES) if rng.random() < 0.9 else cell(rng) for _ in range(width)])
    if lines and rng.random() < 0.15:
        line = pick(rng, lines)
        line.append(cell(rng)) if rng.random() < 0.5 else line.pop()
    separator, quoted = pick(rng, _SEPARATORS), rng.random() < 0.2

    def written(text: str) -> str:
        if quoted or separator in text or "\n" in text:
            return '"' + text.replace('"', '""') + '"'
        return text

    end = pick(rng, _ENDS)
    last = pick(rng, _LAST_LINES)
    return pick(rng, _FIRST_LINES) + end.join(separator.join(map(written, line)) for line in lines) + end + last


def _text_file(rng: Random) -> tuple[str, bytes]:
    content = _text(rng).encode(pick(rng, _ENCODINGS), errors="replace")
    return pick(rng, _SUFFIXES), damaged(rng, content, _PIECES) if rng.random() < 0.5 else content


_RECORDS = tuple(
    Document([{"x": row, "y": row / 7, "class": "ab"[row % 2], "when": f"2024-01-{row + 1:02}"} for row in range(rows)])
    for rows in (1, 3, 12)
)


def _json_file(rng: Random) -> tuple[str, bytes]:
    content = as_json(edited(rng, _RECORDS, 6))
    return ".json", damaged(rng, content) if rng.random() < 0.4 else content


# -- workbooks -----------------------------------------------------------------------------------------------------------

_SHEET = [
    ["x", "y", "class", None],
    *([row * 1.5, row / 7, "ab"[row % 2], row % 3 == 0] for row in range(6)),
    [None, float("nan"), "é", "=1"],
]
_BOOKS = tuple(
    (suffix, content)
    for suffix, content in (
        (".xlsx", xlsx({"One": _SHEET})),
        (".xlsx", xlsx({"One": [[1.0, 2.0], [3.0, 4.0]], "Two": _SHEET}, dates=True)),
        (".ods", ods({"One": _SHEET, "Two": [["a"], [1.0]]})),
    )
)


def members(content: bytes) -> dict[str, bytes]:
    """Return the files in an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


_MEMBERS = tuple((suffix, members(content)) for suffix, content in _BOOKS)


def archive_of(rng: Random, parts: dict[str, bytes]) -> bytes:
    """Return an archive of ``parts``, one of them damaged, missing, or called otherwise, and perhaps damaged as a whole."""
    parts = dict(parts)
    name = pick(rng, tuple(parts))
    match int(rng.random() * 8):
        case 0:
            del parts[name]
        case 1:
            parts[pick(rng, (name.upper(), f"../{name}", f"{name}x", "\x1b"))] = parts.pop(name)
        case 2:
            parts[name] = parts[pick(rng, tuple(parts))]
        case 3:
            pass
        case _:
            parts[name] = damaged(rng, parts[name], _XML_PIECES)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED if rng.random() < 0.7 else zipfile.ZIP_DEFLATED) as archive:
        for each, body in parts.items():
            archive.writestr(each, body)
    content = packed.getvalue()
    return damaged(rng, content, _PIECES) if rng.random() < 0.25 else content


def _workbook(rng: Random) -> tuple[str, bytes]:
    suffix, parts = pick(rng, _MEMBERS)
    if rng.random() < 0.3:  # cells of all kinds, in a file that is intact
        rows = [
            [pick(rng, (None, True, 1.0, 1e300, -5.0, cell(rng))) for _ in range(3)] for _ in range(pick(rng, _ROWS))
        ]
        clean = [[_printable(each) for each in row] for row in rows]
        return ".xlsx", xlsx({"One": clean}, dates=rng.random() < 0.3)
    return pick(rng, (suffix, suffix, ".csv")), archive_of(rng, parts)


def _printable(each: str | float | bool | None) -> str | float | bool | None:
    return "".join(letter for letter in each if letter.isprintable()) if isinstance(each, str) else each


# -- web pages and packed files ------------------------------------------------------------------------------------------

_TAGS = (
    *(b"<table>", b"</table>", b"<tr>", b"</tr>", b"<td>", b"<td rowspan=3>", b"<th colspan='4'>", b"<td colspan=99999>"),
    *(b"<!--", b"-->", b"<script>", b"</script>", b"<", b">", b"&amp;", b"&#0;", b"&#xD800;", b"<br/>", b"<meta charset=gbk>"),
)  # fmt: skip


def _web_page(rng: Random) -> tuple[str, bytes]:
    rows = [[cell(rng) for _ in range(3)] for _ in range(pick(rng, _ROWS))]
    lines = ["".join(f"<td>{each}" for each in row) for row in [["a", "b", "y"], *rows]]
    page = f"<html><table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"
    content = page.encode(pick(rng, _ENCODINGS), errors="replace")
    return pick(rng, (".xls", ".html", ".csv")), damaged(rng, content, _TAGS) if rng.random() < 0.7 else content


def _packed(rng: Random) -> tuple[str, bytes]:
    suffix, content = pick(rng, (_text_file, _json_file, _web_page, _workbook))(rng)
    if rng.random() < 0.5:
        packed = gzip.compress(content, 1)
    else:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr(f"table{suffix}", content)
        packed = archive.getvalue()
    return pick(rng, (".gz", ".zip", suffix)), damaged(rng, packed, _PIECES) if rng.random() < 0.4 else packed


def _weka(rng: Random) -> tuple[str, bytes]:
    rows = [",".join(cell(rng) for _ in range(3)) for _ in range(pick(rng, _ROWS))]
    head = ["% x", "@relation x", "@attribute a real", "@attribute 'b c' {x, y}", '@attribute "d" string', "@data"]
    content = "\n".join([*head, *rows]).encode(pick(rng, _ENCODINGS), errors="replace")
    return pick(rng, (".arff", ".txt")), damaged(rng, content, (*_PIECES, b"@data", b"{0 1}", b"@attribute"))


def table_file(rng: Random) -> tuple[str, bytes]:
    """Return the suffix and content of a table."""
    kind = rng.random()
    if kind < 0.1:
        return _web_page(rng) if kind < 0.04 else _weka(rng) if kind < 0.06 else _packed(rng)
    return _text_file(rng) if kind < 0.78 else _json_file(rng) if kind < 0.88 else _workbook(rng)
