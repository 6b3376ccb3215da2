"""Print the open lesson and save its answers, from the menu and with the real dialogs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QInputDialog, QProgressDialog, QWidget
from pytestqt.qtbot import QtBot

from core.lessons.classroom.answers import Answer, read_answers
from core.lessons.file_format.reading import parse_lesson
from core.lessons.headless.lesson_states import collect_states
from playground.export.hidden_view import play_picture
from playground.window.lessons.sheet import LOOK, Recorded, cards_of, record, sheet, solved_step
from playground.window.main_window import MainWindow
from tests.playground.lessons.lesson_files import VANISHING, write_lesson


@pytest.fixture
def window(open_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    """A window in which a lesson is open."""
    window = open_window()
    path = write_lesson(tmp_path)
    window.lessons.open_file(path)
    qtbot.waitUntil(lambda: window.lessons.run is not None)
    session = window.session
    qtbot.waitUntil(lambda: session.snapshot is not None and session.snapshot.generation == session.generation)
    yield window
    window.lessons.panel.formulas.wait()


def action(window: MainWindow, name: str) -> QAction:
    found = window.findChild(QAction, name)
    assert found is not None
    return found


def test_without_a_lesson_there_is_nothing_to_print(open_window: Callable[..., MainWindow]) -> None:
    window = open_window()
    for name in (
        "lessonPrintAction",
        "lessonAnswersAction",
        "saveAnswersAction",
        "editLessonAction",
        "undoLessonEditAction",
    ):
        assert not action(window, name).isEnabled()
    assert action(window, "classAnswersAction").isEnabled()


def test_printing_a_sheet_does_not_block_the_window(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    assert action(window, "lessonPrintAction").isEnabled()
    path = tmp_path / "sheet.pdf"
    frames: list[int] = []
    timer = QTimer()
    timer.timeout.connect(lambda: frames.append(1))
    timer.start(10)
    lesson = window.lessons.run.lesson  # type: ignore[union-attr]
    with qtbot.waitSignal(window.side_windows.printer.printed, timeout=60_000):
        window.side_windows.printer.print(lesson, tmp_path, path)
    timer.stop()
    assert path.read_bytes().startswith(b"%PDF")
    assert len(frames) > 10
    assert not window.findChildren(QProgressDialog, "sheetProgress") or not any(
        each.isVisible() for each in window.findChildren(QProgressDialog, "sheetProgress")
    )


def test_the_menu_asks_for_the_file(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(tmp_path / "my"), ""))
    with qtbot.waitSignal(window.side_windows.printer.printed, timeout=60_000) as printed:
        action(window, "lessonPrintAction").trigger()
    assert printed.args == [tmp_path / "my.pdf"]


def test_the_answers_are_printed_by_the_menu(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def choose(_parent: QWidget, title: str, start: str, _filter: str) -> tuple[str, str]:
        asked.extend((title, Path(start).name))
        return str(tmp_path / "key.pdf"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    with qtbot.waitSignal(window.side_windows.printer.printed, timeout=60_000):
        action(window, "lessonAnswersAction").trigger()
    assert asked == ["Print answers", "vanishing-answers.pdf"]
    assert (tmp_path / "key.pdf").read_bytes().startswith(b"%PDF")


def test_cancelling_writes_nothing(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    printer, path = window.side_windows.printer, tmp_path / "sheet.pdf"
    printer.print(window.lessons.run.lesson, tmp_path, path)  # type: ignore[union-attr]
    dialog = window.findChild(QProgressDialog, "sheetProgress")
    assert dialog is not None
    with qtbot.assertNotEmitted(printer.printed, wait=300):
        dialog.canceled.emit()
    printer._jobs.wait()
    assert not path.exists()


def test_a_sheet_that_cannot_be_written_is_reported(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "missing" / "sheet.pdf"
    with qtbot.waitSignal(window.session.message, timeout=60_000) as said:
        window.side_windows.printer.print(window.lessons.run.lesson, tmp_path, path)  # type: ignore[union-attr]
    assert said.args == [f"{path}: cannot be written (No such file or directory)", "error"]


def test_answers_are_saved_with_a_name(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not action(window, "saveAnswersAction").isEnabled()
    run = window.lessons.run
    assert run is not None
    run.predict(Answer(step=1, choice=3))
    window.menus.lesson_menu.aboutToShow.emit()
    assert action(window, "saveAnswersAction").isEnabled()
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args: (" Ada ", True))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(tmp_path / "ada"), ""))
    action(window, "saveAnswersAction").trigger()
    saved = read_answers(tmp_path / "ada.answers.json")
    assert (saved.lesson, saved.name, saved.answers) == ("vanishing", "Ada", (Answer(step=1, choice=3),))


# -- the parts, without a window ----------------------------------------------------------------------------------------


def test_a_sheet_shows_the_cards_that_the_lesson_names(fonts: None) -> None:
    lesson = parse_lesson(VANISHING, "vanishing")
    run = collect_states(lesson, engine="numpy")
    assert cards_of(lesson, run.start) == ("waterfall", "network")
    assert solved_step(lesson) == 1
    recorded = [each for each in record(lesson, run) if isinstance(each, Recorded)]
    assert len(recorded) == 1
    assert (len(recorded[0].before), len(recorded[0].after)) == (2, 2)
    pictures = recorded[0].pictures()
    assert all(image.width() > 1000 for image in (*pictures.before, *pictures.after))


def test_a_lesson_without_cards_shows_network_and_output_map(fonts: None) -> None:
    text = "+++\ntitle = 'T'\nminutes = 1\nsummary = 'S.'\ncards = ['loss', 'inspector']\n+++\n## One\nText.\n"
    lesson = parse_lesson(text, "50-plain")
    run = collect_states(lesson, engine="numpy")
    assert cards_of(lesson, run.start) == ("network", "output")
    assert sheet(lesson, None, lambda _done, _total: True).startswith(b"%PDF")


def test_cards_that_compute_are_waited_for(qtbot: QtBot, fonts: None) -> None:
    text = "+++\ntitle = 'T'\nminutes = 1\nsummary = 'S.'\ncards = ['forecast', 'landscape']\n+++\n## One\nText.\n"
    lesson = parse_lesson(text, "50-computed")
    run = collect_states(lesson, engine="numpy")
    at_once = next(each for each in record(lesson, run) if isinstance(each, Recorded))
    patient, waits = record(lesson, run, patiently=True), 0
    while isinstance(result := next(patient), int):
        waits += 1
        qtbot.wait(5)
    assert waits > 8  # more than one for each picture
    for one, other in zip((*result.before, *result.after), (*at_once.before, *at_once.after), strict=True):
        assert play_picture(one, LOOK) == play_picture(other, LOOK)
