"""A template gives its layouts, size and colours, keeps its slides, and a bad one is one sentence."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from typing import Any

import pptx
import pytest
from pptx.enum.dml import MSO_COLOR_TYPE, MSO_THEME_COLOR
from pptx.util import Emu, Inches
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from core.errors import PlaygroundError
from playground import __main__ as program
from playground.export.deck.deck import prepare_deck
from playground.export.deck.design import template_design
from playground.export.deck.native_charts import add_chart
from playground.export.renamed import RenamedFigure
from playground.style.theme import THEMES, Theme
from playground.widgets.figure import Chart, Series
from tests.playground.export.dialog_support import choose, opened, tick
from tests.playground.export.figures import SceneFigure

pytestmark = pytest.mark.usefixtures("fonts")


def template(path: Path, *, size: tuple[float, float] = (10.0, 7.5)) -> Path:
    """Write a deck of one slide of ``size`` in inches, whose layouts are scaled to it."""
    deck = pptx.Presentation()
    across, down = size[0] / 10.0, size[1] / 7.5
    deck.slide_width, deck.slide_height = Inches(size[0]), Inches(size[1])
    for part in (deck.slide_master, *deck.slide_layouts):
        for shape in part.placeholders:
            if shape._element.spPr.xfrm is not None:
                shape.left, shape.width = Emu(round(shape.left * across)), Emu(round(shape.width * across))
                shape.top, shape.height = Emu(round(shape.top * down)), Emu(round(shape.height * down))
    page = deck.slides.add_slide(deck.slide_layouts[0])
    page.shapes.title.text_frame.text = "My lecture"
    deck.save(str(path))
    return path


def deck_of(path: Path) -> Any:
    return pptx.Presentation(io.BytesIO(prepare_deck([SceneFigure()], None, caption="caption", template=path)()))


@pytest.mark.parametrize("size", [(10.0, 7.5), (13.333, 7.5), (16.0, 9.0), (5.0, 8.0)])
def test_slides_and_layouts_stay_and_the_figure_is_inside(tmp_path: Path, size: tuple[float, float]) -> None:
    deck = deck_of(template(tmp_path / "mine.pptx", size=size))
    assert [slide.shapes.title.text_frame.text for slide in deck.slides] == ["My lecture", "Network"]
    assert (deck.slide_width, deck.slide_height) == (Inches(size[0]), Inches(size[1]))
    new = deck.slides[1]
    assert new.slide_layout.name == "Title Only"
    title = new.shapes.title
    assert title._element.spPr.xfrm is None  # where the layout has it
    run = title.text_frame.paragraphs[0].runs[0]
    assert run.font.size is None
    assert run.font.color.type is None
    for shape in new.shapes:
        assert shape.left >= 0
        assert shape.top >= 0
        assert shape.left + shape.width <= deck.slide_width
        assert shape.top + shape.height <= deck.slide_height
        assert shape.shape_id == title.shape_id or shape.top >= title.top + title.height or size == (5.0, 8.0)
    picture = next(shape for shape in new.shapes if hasattr(shape, "image"))
    width, height = picture.image.size
    assert width / height == pytest.approx(picture.width / picture.height, rel=0.01)  # not distorted
    assert not [each for each in new.placeholders if each.placeholder_format.type.name not in ("TITLE", "CENTER_TITLE")]


@pytest.mark.parametrize("odd", ["only title slides", "made narrower"])
def test_a_title_without_room_below_or_beyond_the_slide_is_moved(tmp_path: Path, odd: str) -> None:
    path = template(tmp_path / "mine.pptx")
    deck = pptx.Presentation(str(path))
    if odd == "made narrower":  # as by a program that leaves the layouts as they were
        deck.slide_width, deck.slide_height = Inches(7.5), Inches(10.0)
    for layout in list(deck.slide_layouts):
        if odd == "only title slides" and not layout.used_by_slides:
            deck.slide_layouts.remove(layout)
    deck.save(str(path))
    made = deck_of(path)
    new = made.slides[1]
    assert new.shapes.title.top < made.slide_height * 0.1
    for shape in new.shapes:
        assert shape.left >= 0
        assert shape.left + shape.width <= made.slide_width
    design = template_design(path)
    assert design.body[3] > 0.5 * made.slide_height


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_lines_in_the_colour_of_text_follow_the_template(theme: Theme) -> None:
    lines = tuple(Series(name, (2.0, 1.0), colour) for name, colour in (("train", theme.ink), ("test", theme.muted)))
    chart = Chart(x=(1.0, 2.0), series=lines, x_title="epoch", y_title="loss")
    for is_own in (True, False):
        deck = pptx.Presentation()
        page = deck.slides.add_slide(deck.slide_layouts[6])
        train, test = add_chart(page.shapes, chart, (0, 0, 9_000_000, 5_000_000), theme, is_own=is_own).chart.series
        colour = train.format.line.color
        assert colour.type == (MSO_COLOR_TYPE.RGB if is_own else MSO_COLOR_TYPE.SCHEME)
        assert is_own or colour.theme_color == MSO_THEME_COLOR.TEXT_1
        assert test.format.line.color.type == MSO_COLOR_TYPE.RGB


def test_a_template_file_is_used_like_a_deck(tmp_path: Path) -> None:
    source = template(tmp_path / "mine.pptx")
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(tmp_path / "mine.potx", "w") as written:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(b"presentation.main+xml", b"template.main+xml")
            written.writestr(name, content)
    assert len(deck_of(tmp_path / "mine.potx").slides) == 2


def test_a_bad_template_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "text.pptx").write_bytes(b"no deck")
    os.mkfifo(tmp_path / "pipe.pptx")
    deck = pptx.Presentation()
    for layout in list(deck.slide_layouts):
        for shape in list(layout.placeholders):
            shape._element.getparent().remove(shape._element)
    deck.save(str(tmp_path / "untitled.pptx"))
    cut = template(tmp_path / "mine.pptx").read_bytes()
    (tmp_path / "cut.pptx").write_bytes(cut[: len(cut) // 2])
    with zipfile.ZipFile(tmp_path / "mine.pptx") as archive, zipfile.ZipFile(tmp_path / "broken.pptx", "w") as written:
        for name in archive.namelist():
            written.writestr(name, b"<open>" if name == "ppt/presentation.xml" else archive.read(name))
    sentences = {
        "text": "not a PowerPoint file",
        "pipe": "cannot be read",
        "gone": "cannot be read",
        "untitled": "This template has no layout with a title",
        "cut": "not a PowerPoint file",
        "broken": "not a PowerPoint file that can be used",
    }
    for name, sentence in sentences.items():
        path = tmp_path / f"{name}.pptx"
        with pytest.raises(PlaygroundError) as error:
            template_design(path)
        assert str(error.value).startswith(f"{path}: ")
        assert sentence in str(error.value)
        assert "\n" not in str(error.value)


def test_the_dialog_remembers_the_template(qtbot: QtBot, settings: QSettings, tmp_path: Path) -> None:
    mine = template(tmp_path / "mine.pptx")
    dialog = opened(qtbot, [SceneFigure(), SceneFigure()], settings)
    button = dialog.findChild(QPushButton, "templateButton")
    choose(dialog, "Format", "png")
    assert not button.isVisible()
    choose(dialog, "Format", "pptx")
    assert button.isVisible()
    dialog.options._template.set_path(mine)
    tick(dialog, 1)
    dialog.save_to(tmp_path / "talk.pptx")
    qtbot.waitUntil(lambda: bool(dialog.written), timeout=30_000)
    assert len(pptx.Presentation(str(tmp_path / "talk.pptx")).slides) == 3
    again = opened(qtbot, [SceneFigure()], settings)
    assert again.options.look().template == mine
    assert again.findChild(QLabel, "templateName").text() == "mine.pptx"
    mine.unlink()
    again.save_to(tmp_path / "other.pptx")
    qtbot.waitUntil(lambda: "mine.pptx: cannot be read" in again.findChild(QLabel, "exportMessage").text())
    assert not (tmp_path / "other.pptx").exists()
    again.findChild(QPushButton, "noTemplateButton").click()
    assert again.options.look().template is None


def test_the_command_line_checks_the_template_before_training(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["render", "default", "--epochs", "1000000", "--out", str(tmp_path / "out")]
    assert program.main([*command, "--template", str(tmp_path / "gone.pptx"), "--deck", "a.pptx"]) == 2
    assert f"{tmp_path / 'gone.pptx'}: cannot be read" in capsys.readouterr().err
    assert program.main([*command, "--template", str(tmp_path / "gone.pptx")]) == 2
    assert "--template requires a deck" in capsys.readouterr().err


def test_long_titles_are_smaller(tmp_path: Path) -> None:
    template(tmp_path / "mine.pptx")
    title = "A finding of many words that needs more lines than the title of this template has " * 2
    figure = RenamedFigure(SceneFigure(), title, "")
    for path in (tmp_path / "mine.pptx", None):
        deck = pptx.Presentation(io.BytesIO(prepare_deck([figure], None, template=path)()))
        shape = deck.slides[0 if path is None else 1].shapes.title
        size = shape.text_frame.paragraphs[0].runs[0].font.size
        lines = len(title) * 0.5 * size / shape.width  # letters are about half as wide as high
        assert Emu(round(lines * size)) < shape.height
        assert size.pt >= 12
