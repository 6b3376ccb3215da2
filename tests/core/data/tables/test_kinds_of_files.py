"""Each kind of file is recognized by its content."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.data.tables.file_kinds import looks_like_table
from core.data.tables.tables import preview_table
from core.errors import TableError
from core.experiment import TableSource
from tests.core.data.support import Write, read
from tests.core.data.tables.workbooks import ods, xlsx

ROWS = [["size", "colour", "ripe", "y"], [1.5, "red", True, 0.0], [2.0, "blue", False, 1.0], [-3e2, "red", True, 1.0]]
REPEATED = b'<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="200"/>'
EXPECTED = [[1.5, 0, 1, 1], [2, 1, 0, 0], [-300, 0, 1, 1]]


@pytest.mark.parametrize(
    "content",
    [
        xlsx({"Marks": ROWS, "Other": [["a"], [1]]}),
        ods({"Marks": ROWS, "Other": [["a"], [1]]}),
        json.dumps([dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]).encode(),
        xlsx({"Marks": [["Fruit of the year"], [], *ROWS]}),
    ],
    ids=["xlsx", "ods", "json", "xlsx with a title"],
)
def test_one_table_in_files_of_many_kinds(write: Write, content: bytes) -> None:
    raw = read(write(content))  # the name always ends in .csv
    assert raw.input_names == ("size", "colour=blue", "colour=red", "ripe")
    assert raw.inputs.tolist() == EXPECTED
    assert raw.target.tolist() == [0, 1, 1]


def test_a_sheet_is_chosen_by_its_name(write: Write) -> None:
    path = write(xlsx({"Notes": [["nothing", "here"]], "Marks": ROWS}))
    form = preview_table(path).form
    assert (form.sheets, form.sheet) == (("Notes", "Marks"), "Marks"), "a sheet with one row is not a table"
    assert read(path, sheet="Marks").inputs.tolist() == EXPECTED
    with pytest.raises(TableError, match=r't\.csv: there is no sheet "Gone"; the sheets are Notes, Marks'):
        read(path, sheet="Gone")


def test_dates_of_a_workbook_are_dates(write: Write) -> None:
    path = write(xlsx({"A": [["day", "y"], [45352, 45353.5], [45383, 45353.25], [45384, 45353.0]]}, dates=True))
    day, y = preview_table(path).columns
    assert (day.kind, day.summary) == ("date", "2024-03-01 to 2024-04-02")
    assert y.summary == "2024-03-02 to 2024-03-02"


def test_line_numbers_are_rows_of_the_sheet(write: Write) -> None:
    raw = read(
        write(xlsx({"A": [[None], ["a", "y"], [1, 2.5], [None, 3.5], ["two\nlines", 1.5], [5, 5.25]]})), inputs=("a",)
    )
    assert raw.table is not None
    assert [row.line for row in raw.table.dropped] == [4]


def _without_end_of_table() -> bytes:
    """Return a workbook in which calamine would look for the end of a table forever."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(ods({"A": ROWS}))) as whole, zipfile.ZipFile(made, "w") as broken:
        for name in whole.namelist():
            broken.writestr(name, whole.read(name).replace(b"</table:table>", b"</table:tab>"))
    return made.getvalue()


UNENDED = _without_end_of_table()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (xlsx({"A": ROWS})[:300], r"t\.csv: the workbook cannot be read \("),
        (xlsx({"A": []}), "t.csv: the sheet “A” is empty"),
        (UNENDED, r"t\.csv: the workbook cannot be read \(mismatched tag"),
        (b"[{", r"t\.csv: invalid JSON \("),
        (b"[]", r"t\.csv: the file is empty"),
        (b'{"format": 1}', r"t\.csv: expected a list of records"),
        (b'{"a": 1}\n{"a": ', r"t\.csv: invalid JSON"),
        (
            b"\n<HTML><table><tr><td>a</td></tr></table>",
            r"t\.csv: this is a web page \(HTML\) without a table",
        ),
        (b'[{"a": 1}, 2]', r't\.csv: record 2 is not of the form \{"column": value, …\}'),
        (b'[{"a": 1, "y": 2}, {"a": [1], "y": 3}]', r't\.csv: record 2, "a": a list or record cannot be a cell'),
        (b"[{" * 100_000, r"t\.csv: invalid JSON"),
        (b"PAR1\0\0\0\0PAR1", r"t\.csv: (the Parquet file cannot be read|Parquet files require the package pyarrow)"),
    ],
)
def test_an_error_in_a_file_is_described(write: Write, content: bytes, message: str) -> None:
    with pytest.raises(TableError, match=message):
        read(write(content))


@pytest.mark.parametrize("make", [xlsx, ods])
def test_a_workbook_with_one_damaged_byte_is_read_or_rejected(write: Write, make: Callable[..., bytes]) -> None:
    content = make({"A": ROWS})
    refused = 0
    for place in range(0, len(content), 3):
        broken = bytearray(content)
        broken[place] ^= 0xFF
        try:
            preview_table(write(bytes(broken)))
        except TableError as error:
            refused += 1
            assert str(error).startswith("t.csv: ")  # noqa: PT017 - some damaged bytes do not matter
    assert refused > len(content) // 10


def test_a_stray_cell_far_away_does_not_take_all_memory(write: Write) -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx({"A": [["a", "y"], [1, 2]]}))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    stray = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    parts[sheet] = parts[sheet].replace(b"</sheetData>", stray)
    again = io.BytesIO()
    with zipfile.ZipFile(again, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    with pytest.raises(TableError, match="the sheet extends to column 16 384 of row 1 048 576"):
        preview_table(write(again.getvalue()))


def test_records_may_lack_keys(write: Write) -> None:
    raw = read(write(b'[{"a": 1, "y": 1.5}, {"y": 2.5}, {"a": 3, "y": 4.25, "b": null}, {"a": 4, "y": 7}]'))
    assert raw.inputs.tolist() == [[1], [3], [4]]
    assert raw.table is not None
    assert [row.columns for row in raw.table.dropped] == [("a",)]


@pytest.mark.parametrize(
    "content",
    [
        b'{"a": 1, "y": 2.5}\n{"a": 3, "y": 4.5}\n{"y": 5.5, "a": 5}\n',
        b'{"columns": ["a", "y"], "index": [0, 1, 2], "data": [[1, 2.5], [3, 4.5], [5, 5.5]]}',
        b'{"a": {"0": 1, "1": 3, "2": 5}, "y": {"0": 2.5, "1": 4.5, "2": 5.5}}',
        b'{"a": [1, 3, 5], "y": [2.5, 4.5, 5.5]}',
        b'\xef\xbb\xbf{"source": "here", "data": [{"a": 1, "y": 2.5}, {"a": 3, "y": 4.5}, {"a": 5, "y": 5.5}]}',
    ],
    ids=["lines", "split", "columns with an index", "columns", "under a key"],
)
def test_json_as_other_programs_write_it(write: Write, content: bytes) -> None:
    raw = read(write(content))
    assert (raw.inputs.tolist(), raw.target.tolist()) == ([[1], [3], [5]], [2.5, 4.5, 5.5])


def test_merged_cells_of_a_group_of_rows_have_its_value(write: Write) -> None:
    rows = [["Report", None, None], ["group", "a", "y"], ["g", 1, 2.5], [None, 3, 4.5], ["h", 5, 5.5], [None, 6, 7.5]]
    raw = read(write(xlsx({"A": rows}, merged=("A1:C1", "A3:A4", "A5:A6"))))
    assert raw.inputs.tolist() == [[1, 0, 1], [1, 0, 3], [0, 1, 5], [0, 1, 6]]


def test_cells_merged_again_and_again_do_not_take_long(write: Write) -> None:
    rows = [["a", "y"], *([n, n + 0.5] for n in range(2000))]
    content = xlsx({"A": rows}, merged=("A2:A2001",) * 20_000)
    assert preview_table(write(content)).columns[0].summary == "0"


def test_parquet_with_pyarrow(write: Write) -> None:
    pd = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    content = io.BytesIO()
    pd.DataFrame([dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]).to_parquet(content)
    assert read(write(content.getvalue())).inputs.tolist() == EXPECTED


def test_a_named_index_of_parquet_is_a_column(write: Write) -> None:
    pd = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    frame = pd.DataFrame({"a": [1.0, 0.0, 2.5], "b": [True, False, True], "y": [3.5, 4.5, 5.5]}, index=[5, 9, 7])
    for index, names in ((frame.index, ["a", "b", "y"]), (pd.Index(["u", "v", "u"], name="c"), ["a", "b", "y", "c"])):
        content = io.BytesIO()
        frame.set_index(index).to_parquet(content)
        assert [column.name for column in preview_table(write(content.getvalue())).columns] == names


def test_parquet_without_pyarrow_names_the_package_to_install(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(TableError, match=r"Parquet files require the package pyarrow; .*nn-playground\[parquet\]"):
        read(write(b"PAR1" + bytes(20)))


@pytest.mark.parametrize(
    ("name", "content", "answer"),
    [
        ("a.csv", b"", True),
        ("a.XLSX", b"", True),
        ("a.csv.gz", b"", True),
        ("iris.arff", b"", True),
        ("a.json", b'{"format": 1}', False),
        ("a.json", b' [{"a": 1}]', True),
        ("a.json", b'{"a": 1}\n{"a": 2}', True),
        ("a.png", b"", False),
        ("a", b"PAR1", True),
        ("a", b"a,b", False),
    ],
)
def test_what_looks_like_a_table(tmp_path: Path, name: str, content: bytes, answer: bool) -> None:
    (tmp_path / name).write_bytes(content)
    assert looks_like_table(tmp_path / name) is answer


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1250", "gb18030"])
def test_encodings_are_detected(write: Write, encoding: str) -> None:
    word = {"gb18030": "大", "cp1250": "żółty"}.get(encoding, "ä")
    raw = read(write(f"größe,y\n1,{word}\n2,o\n3,{word}\n".replace("größe", "a").encode(encoding)))
    assert set(raw.class_names) == {word, "o"}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_detected_in_any_script(write: Write, encoding: str) -> None:
    # 一 is U+4E00, of which one byte is 0 as in every Latin letter.
    content = "都市名称の一覧,大小\n" + "東京都千代田区,大\n大阪府大阪市,小\n" * 3
    assert preview_table(write(content.encode(encoding))).columns[1].summary == "大, 小"


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("windows-1250", "płeć mężczyzna kobieta"),
        ("windows-1250", "město Plzeň Brno Hradec_Králové Třebíč Ústí"),
        ("windows-1250", "nem férfi nő"),
        ("windows-1251", "ответ да нет"),
        ("windows-1251", "місто Київ Львів Харків"),
        ("windows-1252", "Größe groß klein"),
        ("windows-1252", "prénom Hélène François Noël"),
        ("windows-1252", "género año niño niña"),
        ("windows-1252", "køn mand kvinde måske"),
        ("windows-1253", "φύλο άνδρας γυναίκα"),
        ("windows-1254", "şehir İstanbul Iğdır Ağrı Kars"),
        ("gb18030", "城市 北京 上海 广州"),
        ("big5", "天氣 晴 颱風 多雲"),
        ("shift_jis", "性別 男性 女性 わからない"),
        ("euc-kr", "도시 서울 부산 대구"),
        ("mac-roman", "ville Orléans Nîmes Besançon"),
    ],
)
def test_a_code_page_is_guessed_from_few_words(write: Write, encoding: str, words: str) -> None:
    name, *texts = words.split()
    path = write("\n".join([f"x,{name}", *(f"{row},{texts[row % len(texts)]}" for row in range(8))]).encode(encoding))
    preview = preview_table(path)
    assert preview.form.encoding == encoding
    assert preview.columns[1].name == name
    assert preview.table.columns[1].categories == tuple(sorted(texts))
    assert any("a guess; choose another encoding" in note for note in preview.notes)


def test_an_encoding_can_be_chosen(write: Write) -> None:
    path = write("a,y\n1,Žš\n2,ž\n3,ž\n".encode("cp1250"))
    source = TableSource(csv=str(path), target="y", encoding="windows-1251")
    preview = preview_table(path, source)
    assert preview.table.columns[1].categories == ("Ћљ", "ћ")
    assert preview.notes == ()


def test_the_code_page_of_a_table_with_long_words_is_guessed(write: Write) -> None:
    # A pattern that searches each run of letters for one beyond ASCII takes minutes here.
    path = write(
        ("a,y\n" + 64_000 * "a" + ",płeć\n" + 5_000 * "żółty" + ",mężczyzna\n" + "ł,kobieta\n").encode("cp1250")
    )
    assert preview_table(path).form.encoding == "windows-1250"


def test_bytes_undefined_in_every_code_page_are_read(write: Write) -> None:
    path = write(b"a,y\n1,\x81\x8d\xff\n2,\x90\n3,x\n")
    assert preview_table(path).n_rows == 3


def test_a_long_table_is_sampled(write: Write) -> None:
    path = write("a,y\n" + "".join(f"{row},{row % 2}\n" for row in range(100_500)))
    preview = preview_table(path)
    assert (preview.n_rows, preview.n_rows_in_file) == (100_000, 100_500)
    raw = read(path, rows=500)
    values = raw.inputs[:, 0]
    assert raw.samples == 500
    assert (np.diff(values) > 0).all(), "rows keep their order, without duplicates"
    assert values.mean() == pytest.approx(50_250, abs=5 * 29_000 / 500**0.5), "from the whole table"
    assert read(path, rows=500).inputs.tolist() == raw.inputs.tolist(), "the same each time"


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="ZZZZZ1"><v>1</v></c>',
        b'<c r="B1" r="ZZZZZ1"><v>1</v></c>',
        b'<c t="n" r="XFD1048576"><v>1</v></c>',
        b"<c r = 'XFD1048576'><v>1</v></c>",
    ],
)
def test_a_cell_far_away_is_found_however_it_is_written(write: Write, cell: bytes) -> None:
    content = repacked(xlsx({"Marks": ROWS}), "xl/worksheets/sheet1.xml", b"</row>", cell + b"</row>")
    with pytest.raises(TableError, match="delete stray cells"):
        read(write(content))


@pytest.mark.parametrize(
    "rows",
    [
        b"<table:table-row>" + REPEATED.replace(b"200", b"90000") + b"</table:table-row>",
        b'<table:table-row table:number-rows-repeated="999999"><table:table-cell/>' + REPEATED + b"</table:table-row>",
    ],
    ids=["columns", "rows"],
)
def test_a_value_that_is_repeated_too_often_is_found_wherever_it_stands(write: Write, rows: bytes) -> None:
    content = repacked(ods({"Marks": ROWS}), "content.xml", b"</table:table>", rows + b"</table:table>")
    with pytest.raises(TableError, match="delete stray cells"):
        read(write(content))


def repacked(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """Return the archive ``content`` with ``old`` replaced by ``new`` in the file ``name``, once."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    parts[name] = parts[name].replace(old, new, 1)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for each, body in parts.items():
            archive.writestr(each, body)
    return packed.getvalue()


def test_an_ods_file_with_an_element_that_is_not_closed_is_rejected(write: Write) -> None:
    content = repacked(ods({"Marks": ROWS}), "content.xml", b"</table:table>", b"</table:tabl>")
    with pytest.raises(TableError, match=r"the workbook cannot be read \(mismatched tag"):
        read(write(content))
