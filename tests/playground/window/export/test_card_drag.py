"""A card is dragged by its title into another program."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from core.training.origins.picture_origin import load_origin
from playground.export.drag_folder import DragFolder
from playground.export.hidden_view import image_of
from playground.widgets.live_card import LiveCard
from playground.window.export.export_entry import stored_look
from playground.window.main_window import MainWindow

Opener = Callable[..., MainWindow]
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(open_window: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    opened = open_window()
    yield opened
    opened.menus.card_export.stop()
    assert list(tmp_path.glob("nn-playground-drag-*")) == []


def title_of(card: LiveCard) -> QLabel:
    return next(each for each in card.findChildren(QLabel) if each.property("role") == "title")


def drag_title(card: LiveCard, way: int) -> None:
    """Press the title, move the pointer ``way`` pixels, and release."""
    title, start = title_of(card), QPoint(8, 6)
    QTest.mousePress(title, LEFT, pos=start)
    QTest.mouseMove(title, start + QPoint(way, 0))
    QTest.mouseRelease(title, LEFT, pos=start + QPoint(way, 0))


def offered(window: MainWindow, card: LiveCard, *, as_svg: bool = False) -> QMimeData:
    drag = window.menus.card_export.drags.drag_of(card, as_svg=as_svg)
    assert drag is not None
    return drag.mimeData()


def test_a_drag_begins_after_the_usual_distance(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    card, begun = window.cards["loss"], []
    card.drag_requested.connect(lambda: begun.append(True))
    drag_title(card, QApplication.startDragDistance() - 1)
    assert begun == []
    drag_title(card, QApplication.startDragDistance())
    assert begun == [True]

    # The real drag: its files are written whether or not the pointer has been released meanwhile.
    def written() -> bool:
        return len([each for each in tmp_path.rglob("*loss*") if not each.name.startswith(".")]) == 2

    qtbot.waitUntil(written, timeout=30_000)


def test_a_double_click_still_enlarges(window: MainWindow) -> None:
    card, begun = window.cards["loss"], []
    card.drag_requested.connect(lambda: begun.append(True))
    title = title_of(card)
    QTest.mouseClick(title, LEFT)
    QTest.mouseDClick(title, LEFT)
    QTest.mouseMove(title, QPoint(60, 6))
    assert window.workspace.enlarged is card
    assert begun == []


def test_cursor_and_tooltip_show_that_a_title_can_be_dragged(window: MainWindow) -> None:
    title = title_of(window.cards["loss"])
    assert title.cursor().shape() == Qt.CursorShape.OpenHandCursor
    assert "Drag into a slide" in title.toolTip()
    assert "Double-click to enlarge" in title.toolTip()


def test_a_dragged_card_offers_a_file_an_image_and_svg(window: MainWindow) -> None:
    card = window.cards["gradient"]
    mime = offered(window, card)
    assert mime.hasUrls()
    assert mime.hasImage()
    (url,) = mime.urls()
    path = Path(url.toLocalFile())
    assert path.name == "gradient.png"
    figure = card.figure
    assert figure is not None
    expected = image_of(figure, stored_look(window.menus.card_export._parts))
    assert mime.imageData().convertToFormat(expected.format()) == expected
    with Image.open(path) as picture:
        assert picture.size == expected.size().toTuple()
    assert load_origin(path).experiment == window.session.experiment
    assert bytes(mime.data("image/png").data()) == path.read_bytes()
    svg = path.with_suffix(".svg")
    assert bytes(mime.data("image/svg+xml").data()) == svg.read_bytes()
    assert b"<text" not in svg.read_bytes()


def test_with_shift_the_file_is_an_svg(window: MainWindow) -> None:
    (url,) = offered(window, window.cards["network"], as_svg=True).urls()
    assert Path(url.toLocalFile()).read_bytes().startswith(b"<?xml")


def test_files_of_earlier_drags_are_kept(window: MainWindow) -> None:
    paths = [Path(offered(window, window.cards["loss"]).urls()[0].toLocalFile()) for _ in range(2)]
    assert paths[0] != paths[1]
    assert paths[0].name == paths[1].name
    assert all(path.is_file() for path in paths)


def test_a_drag_before_the_first_frame_keeps_its_files(window: MainWindow) -> None:
    path = Path(offered(window, window.cards["loss"]).urls()[0].toLocalFile())
    window.controller.clock.first_painted.emit()
    QTest.qWait(1)
    assert path.is_file()


def test_the_picture_under_the_pointer_is_small(window: MainWindow) -> None:
    drag = window.menus.card_export.drags.drag_of(window.cards["loss"])
    assert drag is not None
    size = drag.pixmap().deviceIndependentSize().toTuple()
    assert size[0] <= 220
    assert size[1] <= 160
    image = drag.pixmap().toImage()
    assert len({image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(image.height())}) > 10
    drag.mimeData().urls()


def test_an_error_is_one_sentence(window: MainWindow, tmp_path: Path) -> None:
    drags = window.menus.card_export.drags
    said: list[str] = []
    window.session.message.connect(lambda sentence, _kind: said.append(sentence))
    (tmp_path / "file").write_text("")
    drags._folder = DragFolder(tmp_path / "file")
    drags.start(window.cards["loss"])
    assert said == [f"{tmp_path / 'file'}: cannot be written (Not a directory)"]


def test_a_card_without_content_says_so(window: MainWindow) -> None:
    said: list[str] = []
    window.session.select(None)
    window.session.message.connect(lambda sentence, _kind: said.append(sentence))
    drag_title(window.cards["inspector"], 40)
    assert said == [f"{window.cards['inspector'].title}: there is nothing to drag yet."]


def test_a_vanished_folder_gives_an_error_and_no_file(window: MainWindow, tmp_path: Path) -> None:
    drags = window.menus.card_export.drags
    folder = DragFolder(tmp_path)
    drags._folder = folder

    class Vanishing(DragFolder):
        def next(self) -> Path:
            path = folder.next()
            path.rmdir()
            return path

    drags._folder = Vanishing(tmp_path)
    mime = offered(window, window.cards["loss"])
    assert mime.urls() == []
    assert mime.hasImage()
    assert "cannot be written (No such file or directory)" in str(mime.error)
    folder.remove()


def test_a_card_is_not_dropped_on_its_own_window(window: MainWindow) -> None:
    """Otherwise it would open the picture, and restore the experiment that is there already."""
    mime = offered(window, window.cards["loss"])
    at, no_key = QPointF(9, 9), Qt.KeyboardModifier.NoModifier

    class FromHere(QDragEnterEvent):
        def source(self) -> LiveCard:
            return window.cards["loss"]

    for kind, accepted in ((QDragEnterEvent, True), (FromHere, False)):
        event = kind(at.toPoint(), Qt.DropAction.CopyAction, mime, LEFT, no_key)
        event.setAccepted(False)
        window.dragEnterEvent(event)
        assert event.isAccepted() is accepted


def test_files_left_by_a_crashed_program_are_deleted(tmp_path: Path) -> None:
    make = f"""
import os
from pathlib import Path
from playground.export.drag_folder import DragFolder
folder = DragFolder(Path({str(tmp_path)!r}))
(folder.next() / "loss.png").write_bytes(b"x")
os._exit(1)
"""
    root = Path(__file__).parents[4]
    subprocess.run([sys.executable, "-c", make], env={**os.environ, "PYTHONPATH": str(root)}, check=False)
    (left,) = tmp_path.iterdir()
    running = DragFolder(tmp_path)
    kept = running.next()
    DragFolder(tmp_path).remove_left_behind()
    assert not left.exists()
    assert kept.is_dir()
    running.remove()
    assert list(tmp_path.iterdir()) == []
