"""Markdown becomes formatted text with formulas and live numbers, without HTML or anything from the network."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextDocument
from pytestqt.qtbot import QtBot

from playground.lessons.text.view import TextView
from playground.plotting.drawing.formula_store import FormulaStore
from playground.style.theme import DARK, LIGHT, Style


def view(qtbot: QtBot, markdown: str, folder: Path | None = None, number: str = "0.25") -> TextView:
    store = FormulaStore()
    made = TextView(markdown, folder, lambda _source: number, store, Style(LIGHT))
    store.setParent(made)
    qtbot.addWidget(made)
    made.resize(300, 100)
    made.show()
    return made


def images(made: TextView) -> list[str]:
    names = []
    block = made.document().begin()
    while block.isValid():
        for item in block:
            form = item.fragment().charFormat()
            if form.isImageFormat():
                names.append(form.toImageFormat().name())
        block = block.next()
    return names


def test_html_is_shown_as_text(qtbot: QtBot, fonts: None) -> None:
    made = view(qtbot, "a <b>bold</b> word\n\n<script>alert(1)</script>\n\n![x](https://example.org/x.png)")
    text = made.toPlainText()
    assert "a <b>bold</b> word" in text
    assert "<script>alert(1)</script>" in text
    assert "[x]" in text
    assert images(made) == []
    kind = QTextDocument.ResourceType.ImageResource.value
    assert made.loadResource(kind, QUrl("https://example.org/x.png")) is None


def test_paragraphs_lists_tables_and_quotes(qtbot: QtBot, fonts: None) -> None:
    made = view(qtbot, "one\n\n- a\n- b\n\n1. c\n2. d\n\n> said\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\nlast")
    text = made.toPlainText()
    assert [line for line in text.splitlines() if line] == [
        "one",
        "a",
        "b",
        "c",
        "d",
        "said",
        "x",
        "y",
        "1",
        "2",
        "last",
    ]
    lists = []
    block = made.document().begin()
    while block.isValid():
        if block.textList() is not None:
            lists.append((block.text(), block.textList().itemText(block)))
        block = block.next()
    assert lists[2:] == [("c", "1."), ("d", "2.")]


def test_live_numbers_are_replaced_in_place(qtbot: QtBot, fonts: None) -> None:
    current = {"a": "1", "b": "22"}
    store = FormulaStore()
    made = TextView("now {{a}}{{b}}, then {{a}}.", None, lambda source: current[source], store, Style(LIGHT))
    qtbot.addWidget(made)
    assert made.toPlainText() == "now 122, then 1."
    current.update(a="3.14", b="")
    made.show_numbers()
    assert made.live_numbers == ["3.14", "", "3.14"]
    assert made.toPlainText() == "now 3.14, then 3.14."
    current.update(b="7")
    made.show_numbers()
    assert made.toPlainText() == "now 3.147, then 3.14."


def test_a_formula_is_typeset_when_ready_and_again_in_another_theme(qtbot: QtBot, fonts: None) -> None:
    made = view(qtbot, r"slope $\varphi'(z)$ and" + "\n\n$$\\frac{a}{b}$$")
    qtbot.waitUntil(lambda: len(images(made)) == 2, timeout=20_000)
    assert made.toPlainText().startswith("slope")
    kind = QTextDocument.ResourceType.ImageResource.value
    name = QUrl(images(made)[0])
    light = made.document().resource(kind, name)
    made.set_style(Style(DARK))
    dark = made.document().resource(kind, name)
    assert isinstance(light, QImage)
    assert light != dark


def test_a_fraction_extends_below_the_baseline(qtbot: QtBot, fonts: None) -> None:
    made = view(qtbot, r"x $\frac{\partial L}{\partial w}$ y")
    qtbot.waitUntil(lambda: len(images(made)) == 1, timeout=20_000)
    layout = made.document().begin().layout()
    line = layout.lineAt(0)
    assert line.descent() > 6
    assert line.ascent() > 12


def test_only_images_in_the_lessons_folder_are_read(qtbot: QtBot, fonts: None, tmp_path: Path) -> None:
    folder = tmp_path / "lesson"
    folder.mkdir()
    picture = QImage(40, 20, QImage.Format.Format_RGB32)
    picture.fill(0)
    picture.save(str(folder / "in.png"))
    picture.save(str(tmp_path / "out.png"))
    made = view(qtbot, "![a](in.png) ![b](../out.png) ![c](none.png)", folder)
    assert images(made) == ["image:in.png"]
    assert "[b] [c]" in made.toPlainText()


def test_a_link_emits_a_signal_and_is_not_followed(qtbot: QtBot, fonts: None) -> None:
    made = view(qtbot, "see [depth](07-vanishing-gradient)")
    with qtbot.waitSignal(made.link_activated) as caught:
        made.anchorClicked.emit(QUrl("07-vanishing-gradient"))
    assert caught.args == ["07-vanishing-gradient"]
    assert "depth" in made.toPlainText()


@pytest.mark.parametrize("width", [200, 300, 500])
def test_the_view_is_as_high_as_its_text(qtbot: QtBot, fonts: None, width: int) -> None:
    made = view(qtbot, "word " * 100 + "{{a}} end")
    made.resize(width, 10)
    qtbot.waitUntil(lambda: abs(made.height() - made.document().size().height()) <= 2)
    assert not made.verticalScrollBar().maximum()
