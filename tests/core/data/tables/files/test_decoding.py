"""Text in any encoding is decoded; the code page is guessed from few words, or chosen."""

from __future__ import annotations

import pytest

from core.data.tables.tables import preview_table
from core.experiment import TableSource
from tests.core.data.support import Write, read


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
