"""A translated lesson: its file, the list, the panel and the classroom sheet."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.lessons import catalogue
from core.lessons.file_format import references
from core.lessons.file_format.reading import goal_of, read_lesson
from core.lessons.headless.checking import check_file
from playground.window.lessons.names import check_names
from playground.window.lessons.sheet import sheet
from playground.window.main_window import MainWindow
from tests.core.lessons.tour_in_german import german_tour
from tests.playground.lessons.in_window import click, wait_until_settled


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a translated tour and its shipped original, on a system in German."""
    for path in catalogue.lesson_files("en").values():
        shutil.copyfile(path, tmp_path / path.name)
    (tmp_path / "00-tour.de.md").write_text(german_tour(), encoding="utf-8")
    deep = (tmp_path / "07-vanishing-gradient.md").read_text(encoding="utf-8")
    title = 'title = "Why ten layers of sigmoid stop learning"'
    assert title in deep
    translated = deep.replace(title, 'title = "Warum zehn Schichten Sigmoid nicht mehr lernen"')
    (tmp_path / "07-vanishing-gradient.de.md").write_text(translated, encoding="utf-8")
    for module in (catalogue, references):
        monkeypatch.setattr(module, "lessons_folder", lambda: (tmp_path,))
    monkeypatch.setattr(catalogue, "system_language", lambda: "de")
    return tmp_path


def test_the_translation_is_accepted_by_the_check(german: Path) -> None:
    path = german / "00-tour.de.md"
    lesson = read_lesson(path)
    check_file(path, lesson)
    check_names(lesson, str(path))
    assert lesson.key == "00-tour"


def test_a_german_lesson_can_be_completed(german: Path, open_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = open_window()
    manager = window.lessons
    manager.show_list()
    qtbot.waitUntil(lambda: bool(manager.panel.browser.rows), timeout=20_000)
    titles = [row.lesson.front.title for row in manager.panel.browser.rows]
    assert titles[0] == "Rundgang in einer Minute"
    assert "When gradients explode" in titles, "a lesson without a translation is in English"
    click(qtbot, window, "lesson-00-tour")
    qtbot.waitUntil(lambda: manager.run is not None, timeout=20_000)
    wait_until_settled(window, qtbot)
    page = manager.page
    steps = ("Sieh ihm beim Lernen zu", "Mach es tief", "Und jetzt mach es kaputt")
    goals = ("Trainiere, bis der Verlust", "Baue zehn verborgene", "Make the gradient")
    for number, (title, goal) in enumerate(zip(steps, goals, strict=True)):
        shown = [label.text() for label in page.page.findChildren(QLabel)]
        assert title in shown
        assert any(goal in text.toPlainText() for text in page.page.texts)
        click(qtbot, window, "lessonSolveButton")
        qtbot.waitUntil(
            lambda number=number: number in page.run.done and not page.run.solver.is_running, timeout=60_000
        )
        if number == 2:
            reached = [each for each in page.page.texts if "Die erste Schicht erhält" in each.toPlainText()]
            qtbot.waitUntil(lambda reached=reached: reached[0].live_numbers[0] not in ("–", ""))
        else:
            click(qtbot, window, "lessonNextButton")
    # A link in a translated lesson leads to a translated one.
    page.link_activated.emit("07-vanishing-gradient")
    qtbot.waitUntil(
        lambda: manager.run is not None and manager.run.lesson.key == "07-vanishing-gradient", timeout=20_000
    )
    assert manager.file == german / "07-vanishing-gradient.de.md"
    assert manager.store.of("00-tour").reached == (1, 2, 3), "progress is kept for all languages together"
    manager.panel.formulas.wait()


def test_the_classroom_sheet_is_in_german(german: Path, fonts: None) -> None:
    lesson = read_lesson(german / "00-tour.de.md")
    assert all(goal_of(step) is not None for step in lesson.steps)
    assert sheet(lesson, german, lambda _done, _total: True).startswith(b"%PDF")
