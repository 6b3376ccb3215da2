"""The list of lessons: order, progress and challenges, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from core.experiment import Experiment
from core.experiment.presets import preset
from core.lessons.catalogue import lesson_files
from core.lessons.file_format.reading import read_lesson
from core.lessons.progress.record import Best, LessonProgress
from playground.lessons.pages.browser import LessonBrowser
from playground.style.theme import LIGHT, Style
from playground.window.lessons.files import OPEN, TOUR, TOUR_OFFERED, offer, withdraw, write_lesson
from playground.window.main_window import MainWindow


def test_every_lesson_is_listed_with_its_progress(qtbot: QtBot, fonts: None) -> None:
    files = lesson_files()
    lessons = [read_lesson(path) for path in files.values()]
    challenge = next(each for each in lessons if each.front.challenge is not None)
    started = next(each for each in lessons if each.front.challenge is None and len(each.steps) > 2)
    first, second = (each for each in lessons if each.key in ("05-learning-rate", "06-chain-rule"))
    progress = {
        challenge.key: LessonProgress(best=Best(score=12.0)),
        first.key: LessonProgress(finished=True, reached=tuple(range(1, len(first.steps) + 1))),
        second.key: LessonProgress(finished=True, reached=(1, 2)),
        started.key: LessonProgress(step=2, reached=(1,)),
    }
    browser = LessonBrowser(lambda key: progress.get(key, LessonProgress()), Style(LIGHT))
    qtbot.addWidget(browser)
    browser.refresh()
    browser.wait()
    rows = {row.lesson.key: row for row in browser.rows}
    assert set(rows) == set(files)
    assert f"step 2 of {len(started.steps)}" in rows[started.key].accessibleName()
    assert rows[first.key].accessibleName().endswith("· done")
    assert "partly done: 2 of " in rows[second.key].accessibleName()
    assert "your best: 12" in rows[challenge.key].accessibleName()
    order = [row.lesson for row in browser.rows]
    topics = [each.front.row for each in order if each.front.challenge is None and each.key != TOUR]
    assert topics == sorted(topics)
    assert all(each.front.challenge is not None for each in order[len(topics) + 1 :])
    with qtbot.waitSignal(browser.lesson_requested) as caught:
        qtbot.keyClick(rows[started.key], Qt.Key.Key_Space)
    assert caught.args == [started.key]


def test_the_list_opens_and_closes_by_its_key_and_opens_a_lesson(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    manager = window.lessons
    action = window.findChild(QAction, "lessonsAction")
    action.trigger()
    qtbot.waitUntil(lambda: manager.panel.isVisible() and bool(manager.panel.browser.rows), timeout=20_000)
    action.trigger()
    assert not manager.panel.isVisible()
    manager.open_lesson(TOUR)
    qtbot.waitUntil(lambda: manager.run is not None)
    assert manager.run.lesson.key == TOUR
    action.trigger()
    qtbot.waitUntil(manager.panel.browser.isVisible)
    manager.close()  # the list only
    assert manager.page.isVisible()
    manager.panel.browser.wait()
    manager.panel.formulas.wait()


def test_the_tour_is_offered_once_and_only_at_the_first_start(
    open_window: Callable[..., MainWindow], qtbot: QtBot, settings: QSettings
) -> None:
    window = open_window()
    opened: list[str] = []
    offer(settings, window.message_bar, lambda _: None, opened.append)
    assert "tour" in window.message_bar.text
    assert settings.value(TOUR_OFFERED) is not None
    button = window.findChild(QPushButton, "messageAction")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert opened == [TOUR]
    offer(settings, window.message_bar, lambda _: None, opened.append)
    assert not window.message_bar.isVisible()


@pytest.mark.parametrize("left", [False, True])
def test_an_offer_is_withdrawn_but_no_other_message(
    open_window: Callable[..., MainWindow], settings: QSettings, tmp_path: Path, left: bool
) -> None:
    window = open_window()
    bar = window.message_bar
    if left:
        path = tmp_path / "mine.md"
        path.write_text("A lesson.")
        settings.setValue(OPEN, str(path))
    offer(settings, bar, lambda _: None, lambda _: None)
    assert bar.isVisible()
    withdraw(bar)
    assert not bar.isVisible()
    bar.show_message("Training diverged.", "warning")
    withdraw(bar)
    assert bar.isVisible()


def test_a_new_lesson_starts_with_the_experiment(
    open_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window(preset("spiral"))
    own = window.session.experiment
    path = tmp_path / "mine.md"
    write_lesson(window.menus._parts, path, window.lessons.open_file)
    qtbot.waitUntil(lambda: window.lessons.run is not None)
    assert window.session.experiment == own
    assert window.lessons.run.lesson.front.title == own.name
    window.lessons.close()
    assert window.session.experiment == own != Experiment()
    window.lessons.panel.formulas.wait()
