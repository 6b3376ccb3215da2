"""Generate valid and damaged tables with all kinds of cells, delimiters and encodings."""

from __future__ import annotations

from hypothesis import strategies as st
from values import as_json, damaged, damages, values

_CELLS = (
    *(
        "1",
        "0",
        "-1",
        "2.5",
        "3,5",
        "1e5",
        "1e400",
        "-1e-400",
        "007",
        "+4",
        "1 234",
        "1,299.00",
        "1.299,00",
        "67,311,748",
    ),
    *("45%", "$12.00", "€ 1.299,00", "3,5 kg", "(5)", "5-", "0x1f", "1_000", "٣", "１２", "∞", "-∞", "½"),
    *("", " ", "-", "--", ".", "#N/A", "NA", "nan", "null", "missing", "-999", "-9999,0", "inf", "?"),
    *("2024-02-30", "31.12.1999", "12/31/99", "2024-01-01T25:61", "1/2/3", "0001-01-01", "9999-12-31", "Jan 5, 2020"),
    *(
        "true",
        "False",
        "yes",
        "a",
        "b",
        "red",
        "a b",
        " a ",
        '"',
        '""',
        "'",
        'a"b',
        "=1+1",
        "#",
        "# x",
        "<b>",
        "\\",
        "\\N",
    ),
    *("a" * 300, "\u200b", "\ufeff", "é", "日本", "\U0001f600", "\x00", "\x1a", "\x85", "\u2028"),
)
_SEPARATORS = (",", ",", ";", "\t", "|", " ", "  ", ", ", ":")
_ENCODINGS = (
    "utf-8",
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "latin-1",
    "cp1250",
    "gbk",
    "shift-jis",
)
_FIRST_LINES = ("", "", "", "sep=;\n", "# exported by x\n", "A title\n\n", "\n\n", "#\n#\n", "sep=\n", ",,,\n")
_SUFFIXES = (".csv", ".csv", ".csv", ".tsv", ".txt", ".data", ".json", ".xlsx", ".ods", ".parquet")

cell = st.sampled_from(_CELLS) | st.floats().map(repr) | st.integers(-3, 40).map(str) | st.text(max_size=4)


def _column(kind: int, seeds: list[str], rows: int) -> list[str]:
    """Return a column: mixed cells, numbers, counting, one text, or few distinct texts."""
    if kind == 0:
        return [seeds[row % len(seeds)] for row in range(rows)]
    if kind == 1:
        return [str(((row * 7919) % 101) / 8) for row in range(rows)]
    if kind == 2:
        return [str(row) for row in range(rows)]
    if kind == 3:
        return [seeds[0]] * rows
    return [("a", "b", seeds[0])[row % 3] for row in range(rows)]


_columns = st.lists(st.tuples(st.integers(0, 4), st.lists(cell, min_size=1, max_size=6)), min_size=1, max_size=5)


def _text(
    columns: list[tuple[int, list[str]]],
    names: list[str] | None,
    rows: int,
    separator: str,
    quoted: bool,
    first: str,
    end: str,
) -> str:
    drawn = [_column(kind, seeds, rows) for kind, seeds in columns]
    lines = [list(line) for line in zip(*drawn, strict=True)]
    if names is not None:
        lines.insert(0, [names[place % len(names)] for place in range(len(columns))])

    def written(text: str) -> str:
        if quoted or separator in text or "\n" in text:
            return '"' + text.replace('"', '""') + '"'
        return text

    return first + end.join(separator.join(map(written, line)) for line in lines) + end


_texts = st.builds(
    _text,
    _columns,
    st.none() | st.lists(cell | st.sampled_from(("x", "y", "class", "id", "x", " x ")), min_size=1, max_size=5),
    st.sampled_from((0, 1, 2, 3, 5, 12, 60)),
    st.sampled_from(_SEPARATORS),
    st.sampled_from((False, False, True)),
    st.sampled_from(_FIRST_LINES),
    st.sampled_from(("\n", "\n", "\r\n", "\r", "\n\n", "\n,,\n")),
)


def _encoded(text: str, encoding: str) -> bytes:
    return text.encode(encoding, errors="replace")


_text_files = st.tuples(
    st.sampled_from(_SUFFIXES), st.builds(damaged, st.builds(_encoded, _texts, st.sampled_from(_ENCODINGS)), damages)
)
_records = st.lists(st.dictionaries(st.sampled_from(("x", "y", "class", "", "a b")), values, max_size=4), max_size=12)
_json_files = st.tuples(st.just(".json"), st.builds(damaged, _records.map(as_json), damages))


def _workbook(rows: list[list[str | float | bool | None]]) -> bytes:
    """Return a minimal .xlsx file with ``rows``."""
    import io
    import zipfile
    from xml.sax.saxutils import escape

    def cell_xml(value: str | float | bool | None) -> str:
        if isinstance(value, bool):
            return f'<c t="b"><v>{int(value)}</v></c>'
        if isinstance(value, float):
            return f"<c><v>{value!r}</v></c>"
        if value is None:
            return "<c/>"
        clean = "".join(letter for letter in value if letter.isprintable())
        return f'<c t="inlineStr"><is><t>{escape(clean)}</t></is></c>'

    sheet = "".join(f"<row>{''.join(map(cell_xml, row))}</row>" for row in rows)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{relations}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets><sheet name="S" sheetId="1" '
        'r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}"><Relationship Id="r1" '
        f'Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>',
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


_sheet_cell = st.none() | st.booleans() | st.floats() | cell
_workbooks = st.tuples(
    st.sampled_from((".xlsx", ".xlsx", ".csv")),
    st.builds(
        damaged,
        st.lists(st.lists(_sheet_cell, min_size=1, max_size=4), max_size=8).map(_workbook),
        st.one_of(st.just([]), damages),
    ),
)
table_files = st.one_of(_text_files, _text_files, _text_files, _text_files, _json_files, _workbooks)
