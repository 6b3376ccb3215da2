"""Refreshing a deck replaces its figures and unedited texts, and changes nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pptx
import pytest
from PIL import Image
from pptx.dml.color import RGBColor
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QRadioButton
from pytestqt.qtbot import QtBot

from core.experiment.presets import preset
from core.training.origins.deck_origin import load_deck_origin
from core.training.origins.picture_origin import find
from core.training.pins.pinned_run import pinned
from core.training.run_history import RunHistory
from core.training.trainer import Trainer
from playground import __main__ as program
from playground.export.deck.fingerprint import fingerprint, is_known
from playground.export.deck.parts import SHAPE, detach, drop_custom_parts, read
from playground.export.deck.refresh_dialog import RefreshDialog
from playground.style.resources import load_fonts
from playground.style.theme import LIGHT, Style
from playground.window.export.deck_views import CardView
from playground.window.export.hidden_cards import HiddenCards
from tests.core.support import data_of

pytestmark = pytest.mark.usefixtures("qapp", "fonts", "short_runs")

Captured = pytest.CaptureFixture[str]
KEYS = ("network", "loss", "gradient", "weights", "activation", "output", "confusion", "waterfall", "neuron")


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication, short_runs: None) -> Path:
    """Return a deck of every card for the preset iris."""
    load_fonts()
    folder = tmp_path_factory.mktemp("deck")
    path = folder / "talk.pptx"
    command = ["render", "iris", "--epochs", "10", "--out", str(folder), "--format", "csv", "--deck", str(path)]
    assert program.main(command) == 0
    return path


@pytest.fixture
def deck(rendered: Path, tmp_path: Path) -> Path:
    """Return a copy of that deck with the slides of ``KEYS`` only."""
    opened = pptx.Presentation(str(rendered))
    slides = opened.slides._sldIdLst
    for number, slide in reversed(list(enumerate(opened.slides))):
        found = read(slide)
        assert found is not None
        if found[0].figures[0].figure not in KEYS:
            opened.part.drop_rel(slides[number].rId)
            slides.remove(slides[number])
    path = tmp_path / "talk.pptx"
    opened.save(str(path))
    return path


def by_key(path: Path) -> dict[str, Any]:
    """Return the slides that the app made by the key of their figure."""
    found = {}
    for slide in pptx.Presentation(str(path)).slides:
        data = read(slide)
        if data is not None:
            found[data[0].figures[0].figure] = slide
    return found


def shape_of(slide: Any) -> Any:
    data = read(slide)
    assert data is not None
    return next(shape for shape in slide.shapes if shape.name == data[0].figures[0].shape)


def texts(slide: Any) -> list[str]:
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def content(slide: Any) -> Any:
    """Return the numbers or pixels of the figure."""
    shape = shape_of(slide)
    if shape.has_chart:
        return [(series.name, list(series.values)) for series in shape.chart.series]
    if shape.has_table:
        return [[cell.text for cell in row.cells] for row in shape.table.rows]
    return shape.image.blob


def test_a_deck_of_the_same_version_is_drawn_alike(deck: Path, capsys: Captured) -> None:
    before = by_key(deck)
    assert set(before) == set(KEYS)
    assert program.main(["refresh", str(deck)]) == 0
    said = capsys.readouterr().out
    assert f"Refreshed {len(KEYS)} slides of talk.pptx." in said
    assert "Unchanged" not in said
    after = by_key(deck)
    for key in KEYS:
        assert texts(after[key]) == texts(before[key])
        assert content(after[key]) == content(before[key]), key
        assert after[key].notes_slide.notes_text_frame.text == before[key].notes_slide.notes_text_frame.text
        assert read(after[key]) == read(before[key])
    assert len(by_key(deck.with_name("talk (before refresh).pptx"))) == len(KEYS)


def test_the_lecturers_own_work_stays(deck: Path) -> None:
    opened = pptx.Presentation(str(deck))
    slides = {read(slide)[0].figures[0].figure: slide for slide in opened.slides}  # type: ignore[index]
    network, loss, gradient = slides["network"], slides["loss"], slides["gradient"]
    network.shapes.title.text_frame.text = "My network & < “title”"
    network.notes_slide.notes_text_frame.text = "My notes"
    picture = shape_of(network)
    picture.left, picture.top, picture.width, picture.height = Inches(1), Inches(2), Inches(4), Inches(4)
    note = network.shapes.add_textbox(Inches(6), Inches(2), Inches(2), Inches(1))
    note.text_frame.text = "look here"
    run = loss.shapes.title.text_frame.paragraphs[0].runs[0]
    run.font.size, run.font.color.rgb = Pt(33), RGBColor(1, 2, 3)
    chart = shape_of(loss).chart
    chart.series[0].format.line.color.rgb = RGBColor(9, 8, 7)
    chart.category_axis.maximum_scale = 99.0
    chart.value_axis.axis_title.text_frame.text = "my loss"
    shape_of(gradient).chart.series[0].points[1].format.fill.fore_color.rgb = RGBColor(3, 2, 1)
    own = opened.slides.add_slide(opened.slide_layouts[5])
    own.shapes.title.text_frame.text = "Questions?"
    opened.save(str(deck))
    old_title, old_pixels = loss.shapes.title.text_frame.text, shape_of(network).image.size
    assert program.main(["render", "--refresh", str(deck), "iris", "--epochs", "40", "--no-copy"]) == 0
    assert [path.name for path in deck.parent.iterdir()] == ["talk.pptx"]
    slides = by_key(deck)
    network, loss, gradient = slides["network"], slides["loss"], slides["gradient"]
    assert network.shapes.title.text_frame.text == "My network & < “title”"
    assert network.notes_slide.notes_text_frame.text == "My notes"
    assert "look here" in texts(network)
    picture = shape_of(network)
    assert (picture.left, picture.width, picture.height) == (Inches(1), Inches(4), Inches(4))
    assert picture.image.size != old_pixels
    assert picture.image.size[0] == picture.image.size[1]  # drawn for its new shape
    title = loss.shapes.title.text_frame.paragraphs[0].runs[0]
    assert (title.font.size, title.font.color.rgb) == (Pt(33), RGBColor(1, 2, 3))
    assert old_title
    chart = shape_of(loss).chart
    assert max(chart._chartSpace.xpath("//c:xVal//c:v/text()"), key=float) == "40.0"
    assert chart.series[0].format.line.color.rgb == RGBColor(9, 8, 7)
    assert chart.category_axis.maximum_scale == 99.0
    assert chart.value_axis.axis_title.text_frame.text == "my loss"
    assert shape_of(gradient).chart.series[0].points[1].format.fill.fore_color.rgb == RGBColor(3, 2, 1)
    assert any("epoch 40" in text for text in texts(loss))
    assert "epoch 40" in loss.notes_slide.notes_text_frame.text
    last = list(pptx.Presentation(str(deck)).slides)[-1]
    assert texts(last) == ["Questions?"]
    stored = find(picture.image.blob)
    assert stored is not None


def test_a_deeper_network_changes_charts_and_tables_in_place(deck: Path) -> None:
    before = by_key(deck)
    assert program.main(["refresh", str(deck), "vanishing-gradient", "--epochs", "2"]) == 0
    after = by_key(deck)
    chart = shape_of(after["gradient"]).chart
    layers = len(list(chart.plots[0].categories))
    assert layers > len(list(shape_of(before["gradient"]).chart.plots[0].categories))
    colours = {str(chart.series[0].points[number].format.fill.fore_color.rgb) for number in range(layers)}
    assert len(colours) > 3
    assert len(list(shape_of(after["weights"]).chart.series)) == layers
    assert content(after["confusion"]) == content(before["confusion"])  # there is none of two classes
    assert read(after["confusion"]) == read(before["confusion"])


def test_slides_that_cannot_be_drawn_are_named(deck: Path, capsys: Captured) -> None:
    assert program.main(["refresh", str(deck), "circle", "--epochs", "1"]) == 0
    assert "Unchanged: slide 7 (the figure “confusion” does not exist for its experiment)." in capsys.readouterr().out


def test_a_deck_without_such_slides_is_one_sentence(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "own.pptx"
    pptx.Presentation().save(str(path))
    content = path.read_bytes()
    assert program.main(["refresh", str(path)]) == 2
    error = capsys.readouterr().err
    assert error == f"nn-playground: {path}: it has no slide made by this program that can be drawn again\n"
    path.write_bytes(content[:900])
    assert program.main(["refresh", str(path)]) == 2
    assert "not a PowerPoint file" in capsys.readouterr().err
    assert program.main(["refresh", str(path), "circle"]) == 2
    assert "give FILE and --epochs together" in capsys.readouterr().err


def test_a_deck_whose_experiments_a_program_dropped_is_one_sentence(deck: Path, capsys: Captured) -> None:
    opened = pptx.Presentation(str(deck))
    for slide in opened.slides:
        detach(slide)
    opened.save(str(deck))
    before = deck.read_bytes()
    assert program.main(["refresh", str(deck)]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"nn-playground: {deck}: the experiments of its figures are missing: ")
    assert "a program that drops them; let all slides show the experiment in the window, or FILE" in error
    assert error.count("\n") == 1
    assert deck.read_bytes() == before


def saved_elsewhere(deck: Path, drop: Callable[[Any], None] = detach) -> dict[str, Any]:
    """Save ``deck`` without what ``drop`` removes, marks and texts for charts; return its slides by figure."""
    keys = {
        number: read(slide)[0].figures[0].figure for number, slide in enumerate(pptx.Presentation(str(deck)).slides)
    }  # type: ignore[index]
    opened = pptx.Presentation(str(deck))
    for slide in opened.slides:
        drop(slide)
        for shape in slide.shapes:
            if shape.has_chart or getattr(shape, "has_table", False):
                shape._element._nvXxPr.cNvPr.attrib.pop("descr", None)
                root = shape.chart._chartSpace if shape.has_chart else shape._element
                for extensions in root.xpath("//c:ser/c:extLst" if shape.has_chart else ".//a:tr/a:extLst"):
                    extensions.getparent().remove(extensions)
    opened.save(str(deck))
    return {keys[number]: slide for number, slide in enumerate(pptx.Presentation(str(deck)).slides)}


def is_alike(found: Any, before: Any) -> bool:
    """Return whether two figures are the same; letters of pictures may differ, as Qt caches only so many of them."""
    return is_known(found, [fingerprint(before)]) if isinstance(found, bytes) else bool(found == before)


def test_a_deck_saved_by_libreoffice_is_drawn_alike(deck: Path, capsys: Captured) -> None:
    before = {key: content(slide) for key, slide in by_key(deck).items()}
    kept = {key: read(slide) for key, slide in by_key(deck).items()}
    saved_elsewhere(deck, drop_custom_parts)  # it keeps pictures, also those on notes pages
    assert {key: read(slide) for key, slide in by_key(deck).items()} == kept
    assert program.main(["refresh", str(deck), "--no-copy"]) == 0
    assert f"Refreshed {len(KEYS)} slides of talk.pptx.\n" == capsys.readouterr().out
    for key, slide in by_key(deck).items():
        assert is_alike(content(slide), before[key]), key
    saved_elsewhere(deck, drop_custom_parts)
    runs = load_deck_origin(deck)[0].runs
    assert runs is not None
    assert len(runs.current.curve) > 1


def test_a_deck_without_any_data_of_the_app_shows_another_experiment(deck: Path, capsys: Captured) -> None:
    before = saved_elsewhere(deck)
    opened = pptx.Presentation(str(deck))
    numbers = {key: number for number, key in enumerate(before)}
    opened.slides[numbers["weights"]].shapes.title.text_frame.text = "My weights"
    opened.save(str(deck))
    assert program.main(["refresh", str(deck), "iris", "--epochs", "40", "--no-copy"]) == 0
    said = capsys.readouterr().out
    assert f"Refreshed {len(KEYS) - 1} slides of talk.pptx." in said
    assert f"slide {numbers['neuron'] + 1} (the program that saved the deck dropped what it showed)" in said
    after = by_key(deck)
    assert set(after) == set(KEYS) - {"neuron"}
    for key, slide in after.items():
        assert content(slide) != content_in(before[key], key), key
    assert shape_of(after["loss"]).chart.category_axis.maximum_scale == 40.0
    assert after["weights"].shapes.title.text_frame.text == "My weights"
    assert after["loss"].shapes.title.text_frame.text != before["loss"].shapes.title.text_frame.text
    assert "epoch 40" in after["loss"].notes_slide.notes_text_frame.text
    capsys.readouterr()
    assert program.main(["refresh", str(deck), "--no-copy"]) == 0  # it is complete again
    assert f"Refreshed {len(KEYS) - 1} slides" in capsys.readouterr().out


def content_in(slide: Any, key: str) -> Any:
    """Return the numbers or pixels of the figure ``key`` in a slide without the app's data."""
    shape = next(shape for shape in slide.shapes if shape.name == f"{SHAPE}: {key}")
    if shape.has_chart:
        return [(series.name, list(series.values)) for series in shape.chart.series]
    if shape.has_table:
        return [[cell.text for cell in row.cells] for row in shape.table.rows]
    return shape.image.blob


def test_what_others_put_into_a_deck_without_data_of_the_app_stays(
    deck: Path, capsys: Captured, tmp_path: Path
) -> None:
    slides = saved_elsewhere(deck)
    numbers = {key: number for number, key in enumerate(slides)}
    opened = pptx.Presentation(str(deck))
    network = opened.slides[numbers["network"]]
    shape = next(shape for shape in network.shapes if shape.name == f"{SHAPE}: network")
    photo = tmp_path / "photo.png"
    Image.new("RGB", (40, 30), "red").save(photo)
    _part, link = network.part.get_or_add_image_part(str(photo))
    shape._element.blipFill.find(qn("a:blip")).set(qn("r:embed"), link)
    table = next(shape for shape in opened.slides[numbers["confusion"]].shapes if getattr(shape, "has_table", False))
    table.table.cell(1, 0).text = "my class"
    opened.save(str(deck))
    assert program.main(["refresh", str(deck), "iris", "--epochs", "40", "--no-copy"]) == 0
    said = capsys.readouterr().out
    assert f"slide {numbers['confusion'] + 1} (its chart or table is of other data" in said
    kept = pptx.Presentation(str(deck)).slides[numbers["network"]]
    assert content_in(kept, "network") == photo.read_bytes()


def test_a_shape_that_was_deleted_or_renamed_is_passed_over(deck: Path) -> None:
    opened = pptx.Presentation(str(deck))
    for slide in opened.slides:
        data = read(slide)
        assert data is not None
        if data[0].figures[0].figure == "network":
            shape = shape_of(slide)
            shape._element.getparent().remove(shape._element)
    opened.save(str(deck))
    assert program.main(["refresh", str(deck), "--no-copy"]) == 0
    kept = [slide for slide in pptx.Presentation(str(deck)).slides if slide.shapes.title.text_frame.text == "Network"]
    assert not any(shape.name.startswith(f"{SHAPE}: network") for slide in kept for shape in slide.shapes)


def test_the_dialog_refreshes_with_the_present_experiment(qtbot: QtBot, deck: Path, settings: Any) -> None:
    runs = read(by_key(deck)["loss"])
    assert runs is not None
    drawing = HiddenCards()
    dialog = RefreshDialog(drawing, lambda: None, Style(LIGHT), settings=settings)
    qtbot.addWidget(dialog)
    button = dialog.findChild(QPushButton, "refreshButton")
    assert not button.isEnabled()
    dialog.set_path(deck)
    dialog.findChild(QRadioButton, "refreshPresentChoice").setChecked(True)
    button.click()
    said = dialog.findChild(QLabel, "refreshMessage")
    assert said.text() == "There is no experiment yet whose state could be shown."
    dialog.findChild(QRadioButton, "refreshOwnChoice").setChecked(True)
    button.click()
    assert not button.isEnabled()
    qtbot.waitUntil(lambda: said.text().startswith("Refreshed"), timeout=60_000)
    assert said.text() == (
        f"Refreshed {len(KEYS)} slides of talk.pptx. It was copied to talk (before refresh).pptx before."
    )
    again = RefreshDialog(drawing, lambda: None, Style(LIGHT), settings=settings)
    qtbot.addWidget(again)
    assert again.findChild(QLabel, "refreshName").text() == "talk.pptx"
    before = deck.read_bytes()
    again.start()
    again.done(0)  # closing cancels
    qtbot.wait(200)
    assert deck.read_bytes() == before
    drawing.close()


def test_a_choice_that_depends_on_the_data_is_drawn_again() -> None:
    trainer = Trainer(preset("iris"), data_of(preset("iris")))
    drawing = HiddenCards()
    drawing.show_run(pinned(trainer, RunHistory(), (0, 1)))
    view = CardView("activation", ("Layer whose activation is shown: Output · Softmax",))
    figure = drawing.figure("activation", msgspec.json.encode(view).decode())
    assert figure is not None
    assert figure.figure_note() == "Output · Softmax"
    drawing.close()


def test_a_folder_that_cannot_be_written_keeps_the_deck(
    qtbot: QtBot, deck: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing = HiddenCards()
    dialog = RefreshDialog(drawing, lambda: None, Style(LIGHT), settings=settings)
    qtbot.addWidget(dialog)
    dialog.set_path(deck)
    before = deck.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    dialog.start()
    said = dialog.findChild(QLabel, "refreshMessage")
    qtbot.waitUntil(lambda: "No space left on device" in said.text(), timeout=60_000)
    assert deck.read_bytes() == before
    assert sorted(path.name for path in deck.parent.iterdir()) == ["settings.ini", "talk.pptx"]
    drawing.close()
