"""A storyboard shows pinned moments in the user's order with what changed, as a deck and on one page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pptx
import pytest
from msgspec.structs import replace
from PIL import Image
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Pt
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from core.errors import PlaygroundError
from core.training.origins.deck_origin import different, origins_in_deck
from core.training.origins.picture_origin import load_origin
from core.training.pins.pinned_run import PinnedRun, pinned
from core.training.run_history import RunHistory
from core.training.training_run import new_trainer
from playground import __main__ as program
from playground.export.deck.design import own_design
from playground.export.deck.moments import CELL, cell_look
from playground.export.deck.parts import read
from playground.export.storyboard.dialog import BY_MOMENT, StoryboardDialog
from playground.export.storyboard.pictures import Shot
from playground.export.storyboard.storyboard import Picture, Sheet, cells, changes_between
from playground.export.vector import svg_of
from playground.session import Session
from playground.style.theme import LIGHT, Style
from playground.window.export.moment_cards import MomentCards
from tests.playground.factory import network

pytestmark = pytest.mark.usefixtures("fonts")

TANH, RELU = network(4, 2, activation="tanh"), network(4, 2, activation="relu")
SHOTS = (Shot("network", "Network", ""), Shot("loss", "Loss", ""), Shot("confusion", "Confusion", ""))


@pytest.fixture(scope="module")
def runs() -> tuple[PinnedRun, ...]:
    """Return tanh at epochs 0 and 2, and ReLU at epoch 2."""
    found = []
    for experiment, steps in ((TANH, 0), (TANH, 50), (RELU, 50)):
        trainer = new_trainer(experiment, engine="numpy")
        trainer.run(steps)
        found.append(pinned(trainer, RunHistory(), (0, 1)))
    return tuple(found)


@pytest.fixture
def session(runs: tuple[PinnedRun, ...]) -> Session:
    """Return a session of ReLU with both moments of tanh pinned."""
    session = Session(RELU)
    for run in runs[:2]:
        assert session.pins.add(run) is not None
    session.snapshot = replace(runs[2].snapshot, state=runs[2].state)
    return session


@pytest.fixture
def drawing() -> Iterator[MomentCards]:
    """Return hidden cards, and delete them in the end."""
    cards = MomentCards()
    yield cards
    cards.close()


def opened(qtbot: QtBot, session: Session, drawing: MomentCards, settings: QSettings) -> StoryboardDialog:
    dialog = StoryboardDialog(session, SHOTS, drawing, Style(LIGHT), settings=settings)
    qtbot.addWidget(dialog)
    dialog.show()
    complete(qtbot, dialog)
    return dialog


def complete(qtbot: QtBot, dialog: StoryboardDialog) -> None:
    save = dialog.findChild(QPushButton, "storyboardSaveButton")
    qtbot.waitUntil(lambda: save.isEnabled() and bool(dialog.findChildren(QLabel)), timeout=30_000)


def listed(dialog: StoryboardDialog, name: str) -> QListWidget:
    return next(each for each in dialog.findChildren(QListWidget) if each.accessibleName() == name)


def saved(qtbot: QtBot, dialog: StoryboardDialog, path: Path) -> Path:
    dialog.save_to(path)
    qtbot.waitUntil(lambda: path in dialog.written, timeout=30_000)
    return path


def test_what_changed_is_named(runs: tuple[PinnedRun, ...]) -> None:
    first, second, third = runs
    assert changes_between(first, second).startswith("epoch 0 → 2 · test loss ")
    assert changes_between(second, third).startswith("ReLU instead of tanh · test loss ")
    assert changes_between(third, second).startswith("tanh instead of ReLU")
    assert changes_between(first, first) == "no change"


def words(picture: Picture) -> list[str]:
    """Return the texts of a picture in order."""
    root = ET.fromstring(svg_of(picture.commands, "", cell_look(LIGHT)))
    return [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")]


def test_every_moment_has_the_same_axes(
    qtbot: QtBot, session: Session, drawing: MomentCards, settings: QSettings
) -> None:
    dialog = opened(qtbot, session, drawing, settings)
    untrained, trained, other = next(row for row in dialog.rows() if row.title == "Loss").pictures
    assert untrained is not None
    assert trained is not None
    assert other is not None
    assert words(untrained) == words(trained) == words(other)  # ticks, names of the axes and legend
    assert "1.0" in words(untrained)  # an epoch that this run has not reached
    listed(dialog, "Moments").item(1).setCheckState(Qt.CheckState.Unchecked)
    listed(dialog, "Moments").item(2).setCheckState(Qt.CheckState.Unchecked)
    complete(qtbot, dialog)
    (alone,) = next(row for row in dialog.rows() if row.title == "Loss").pictures
    assert alone is not None
    assert words(alone) != words(untrained)  # alone, it has its own axes again


def test_pictures_fit_the_slide_and_keep_their_shape() -> None:
    body = own_design().body
    for count in range(1, 8):
        boxes = cells(body, count)
        assert len(boxes) == len(set(boxes)) == count
        for (left, top, width, height), span in boxes:
            assert span[0] <= left
            assert left + width <= span[0] + span[1]
            assert width / height == pytest.approx(CELL[0] / CELL[1], rel=1e-3)
            assert body[0] <= left
            assert left + width <= body[0] + body[2]
            assert body[1] <= top
            assert top + height <= body[1] + body[3]


def test_a_long_name_of_a_moment_never_reaches_its_picture(
    qtbot: QtBot, session: Session, drawing: MomentCards, settings: QSettings, tmp_path: Path
) -> None:
    first, second = session.pins.all
    session.pins.rename(first.key, "Momentum with WARM restarts before MORE layers were added to it")
    session.pins.rename(second.key, "勾配消失の問題を解決するための新しい初期化と活性化関数の比較" * 2)
    dialog = opened(qtbot, session, drawing, settings)
    path = saved(qtbot, dialog, tmp_path / "talk.pptx")
    for slide in pptx.Presentation(str(path)).slides:
        shapes = {shape.name: shape for shape in slide.shapes}
        headings = [name for name in shapes if name.endswith(" heading")]
        assert len(headings) == len(shapes.keys() & {name.removesuffix(" heading") for name in headings})
        for name in headings:
            frame, picture = shapes[name], shapes[name.removesuffix(" heading")]
            assert frame.top + frame.height <= picture.top
            assert frame.text_frame.vertical_anchor == MSO_ANCHOR.BOTTOM  # too long a name grows upwards
            (run,) = frame.text_frame.paragraphs[0].runs
            wide = sum(1.0 if each > "\u2e80" else 0.68 for each in run.text)  # as in DejaVu Sans Bold
            lines = -(-wide * run.font.size // (frame.width - 2 * 91_440))
            assert lines * run.font.size * 1.2 <= frame.height or run.font.size == Pt(9)
            assert run.font.size < Pt(16) or len(run.text) < 30


def test_a_deck_shows_moments_side_by_side(
    qtbot: QtBot, session: Session, drawing: MomentCards, settings: QSettings, tmp_path: Path
) -> None:
    session.pins.rename(session.pins.all[0].key, 'untrained & < "')
    dialog = opened(qtbot, session, drawing, settings)
    moments = listed(dialog, "Moments")
    assert [moments.item(row).text() for row in range(3)] == ['untrained & < "', "tanh · epoch 2", "Now"]
    path = saved(qtbot, dialog, tmp_path / "talk.pptx")
    first, second = pptx.Presentation(str(path)).slides
    texts = [shape.text_frame.text for shape in first.shapes if shape.has_text_frame]
    assert texts[0] == 'Network: untrained & < " → tanh · epoch 2 → Now'
    assert 'untrained & < "' in texts
    assert any(text.startswith("ReLU instead of tanh") for text in texts)
    assert sum(hasattr(shape, "image") for shape in first.shapes) == 3
    found = read(second)
    assert found is not None
    assert [figure.is_moment for figure in found[0].figures] == [True, True, True]
    assert len(found[1]) == 3
    assert len(different(origins_in_deck(path))) == 1
    assert saved(qtbot, dialog, tmp_path / "again.pptx").read_bytes() == path.read_bytes()
    before = [shape.image.blob for shape in first.shapes if hasattr(shape, "image")]
    assert program.main(["refresh", str(path), "iris", "--epochs", "1", "--no-copy"]) == 0
    first = pptx.Presentation(str(path)).slides[0]
    after = [shape.image.size for shape in first.shapes if hasattr(shape, "image")]
    assert len(after) == len(before)
    refreshed = read(first)
    assert refreshed is not None
    assert refreshed[1] == found[1]  # moments stay what they were, whatever the current experiment is


def test_each_moment_can_have_a_slide_of_its_own(
    qtbot: QtBot, session: Session, drawing: MomentCards, settings: QSettings, tmp_path: Path
) -> None:
    dialog = opened(qtbot, session, drawing, settings)
    dialog._format.setCurrentIndex(dialog._format.findData(BY_MOMENT))
    slides = list(pptx.Presentation(str(saved(qtbot, dialog, tmp_path / "talk.pptx"))).slides)
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert titles == ["tanh · epoch 0", "tanh · epoch 2", "Now"]
    for slide in slides:
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert {"Network", "Loss"} <= set(texts)
        assert sum(hasattr(shape, "image") for shape in slide.shapes) == 2


def test_order_names_and_removal_are_those_of_the_pins(
    qtbot: QtBot, session: Session, drawing: MomentCards, settings: QSettings, tmp_path: Path
) -> None:
    dialog = opened(qtbot, session, drawing, settings)
    moments = listed(dialog, "Moments")
    keys = [pin.key for pin in session.pins.all]
    moments.setCurrentRow(0)
    dialog.move_by(1)
    assert [pin.key for pin in session.pins.all] == keys[::-1]
    assert [moment.run.snapshot.step for moment in dialog.moments()] == [50, 0, 50]
    assert dialog.moments()[1].changes.startswith("epoch 2 → 0")
    moments.item(0).setText("later")
    assert session.pins.name(session.pins.all[0]) == "later"
    moments.item(0).setText("")
    assert moments.item(0).text() == session.pins.name(session.pins.all[0]) != ""
    moments.item(2).setCheckState(Qt.CheckState.Unchecked)
    complete(qtbot, dialog)
    path = saved(qtbot, dialog, tmp_path / "sheet.png")
    with Image.open(path) as image:
        assert image.size[0] > 1800
    assert load_origin(path).experiment == TANH
    moments.setCurrentRow(0)
    dialog.remove()
    assert [pin.key for pin in session.pins.all] == [keys[0]]
    complete(qtbot, dialog)
    content = saved(qtbot, dialog, tmp_path / "sheet.pdf").read_bytes()
    assert content.startswith(b"%PDF")


def test_without_pins_the_dialog_says_what_to_do(qtbot: QtBot, drawing: MomentCards, settings: QSettings) -> None:
    dialog = StoryboardDialog(Session(), SHOTS, drawing, Style(LIGHT), settings=settings)
    qtbot.addWidget(dialog)
    assert dialog.findChild(QLabel, "storyboardMessage").text().startswith("Pin moments during a run (Ctrl+D)")
    assert not dialog.findChild(QPushButton, "storyboardSaveButton").isEnabled()


def test_a_file_that_cannot_be_written_is_one_sentence(
    qtbot: QtBot, session: Session, drawing: MomentCards, settings: QSettings, tmp_path: Path
) -> None:
    dialog = opened(qtbot, session, drawing, settings)
    dialog.save_to(tmp_path / "gone" / "talk.pptx")
    said = dialog.findChild(QLabel, "storyboardMessage")
    qtbot.waitUntil(lambda: "cannot be written" in said.text(), timeout=30_000)
    assert dialog.findChild(QPushButton, "storyboardSaveButton").isEnabled()


def test_writing_can_be_cancelled(
    qtbot: QtBot, session: Session, drawing: MomentCards, settings: QSettings, tmp_path: Path
) -> None:
    dialog = opened(qtbot, session, drawing, settings)
    dialog.save_to(tmp_path / "talk.pptx")
    dialog.findChild(QPushButton, "exportCancelButton").click()
    assert dialog.findChild(QLabel, "storyboardMessage").text() == "Cancelled; no file was written."
    assert dialog.findChild(QPushButton, "storyboardSaveButton").isEnabled()
    dialog._jobs.wait()
    assert list(tmp_path.glob("*.pptx")) == []
    assert saved(qtbot, dialog, tmp_path / "again.png").stat().st_size > 1000
    assert dialog.findChild(QPushButton, "storyboardSaveButton").isEnabled()


def test_the_preview_is_painted_on_a_thread_and_says_what_fails(
    qtbot: QtBot, session: Session, drawing: MomentCards, settings: QSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted_on: list[str] = []
    image = Sheet.image

    def noted(sheet: Sheet) -> QImage:
        painted_on.append(threading.current_thread().name)
        return image(sheet)

    monkeypatch.setattr(Sheet, "image", noted)
    dialog = opened(qtbot, session, drawing, settings)
    preview = next(each for each in dialog.findChildren(QLabel) if each.accessibleName() == "Preview")
    qtbot.waitUntil(lambda: not preview.pixmap().isNull(), timeout=30_000)
    assert set(painted_on) == {"storyboard preview"}

    def fail(_sheet: Sheet) -> QImage:
        raise PlaygroundError("The page is too large.")

    monkeypatch.setattr(Sheet, "image", fail)
    listed(dialog, "Cards").item(0).setCheckState(Qt.CheckState.Unchecked)
    qtbot.waitUntil(lambda: preview.text() == "The page is too large.", timeout=30_000)
