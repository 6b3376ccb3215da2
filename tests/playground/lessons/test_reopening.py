"""A lesson that was finished or left before opens again, and can be started over."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QRadioButton
from pytestqt.qtbot import QtBot

from playground.lessons.pages.lesson import LessonPage
from playground.window.main_window import MainWindow
from tests.playground.lessons.in_window import click, open_lesson, wait_until_settled

Opener = Callable[..., MainWindow]


def test_a_finished_lesson_opens_at_its_first_step_with_its_ticks_and_answers(
    window: MainWindow, qtbot: QtBot, page: LessonPage
) -> None:
    file = window.lessons.file
    for _ in page.run.lesson.steps:
        page.run.apply_solution()
        qtbot.waitUntil(lambda: page.run.is_reached or page.page.goal is None)
        if page.page.asks:
            page.run.answer_ask(1, 1)
        window.lessons.next()
    qtbot.waitUntil(lambda: window.lessons.run is None)
    assert window.message_bar.text.endswith("is finished. All 2 goals reached. Your own work is back.")
    open_lesson(window, qtbot, file)
    run = window.lessons.run
    assert run.index == 0
    assert run.done == {0, 1, 2}
    assert len(window.session.experiment.network.hidden) == 3
    assert "finished" in run.notice.heading
    # The truth of its predictions is shown again, too.
    choice, number = window.lessons.page.page.predictions
    assert choice.verdict.startswith("Gradient ratio, layer 1 to last: ")
    assert number.verdict.startswith("Hidden layers: 10 layers.")
    assert not choice.choices.findChild(QRadioButton, "predictChoice-1").isEnabled()
    # Without doing step 1 again, step 2 makes its change.
    window.lessons.next()
    wait_until_settled(window, qtbot)
    assert len(window.session.experiment.network.hidden) == 10
    assert window.lessons.page.page.asks[0].explanation.startswith("Right")
    # Left in the middle, it continues there.
    window.lessons.close()
    wait_until_settled(window, qtbot)
    open_lesson(window, qtbot, file)
    assert window.lessons.run.index == 1
    assert window.lessons.run.progress.finished


def test_starting_over_by_the_button_removes_the_answers_and_can_be_undone(
    window: MainWindow, qtbot: QtBot, page: LessonPage
) -> None:
    file = window.lessons.file
    page.run.go_to(1)
    page.run.answer_ask(1, 0)
    window.lessons.close()
    open_lesson(window, qtbot, file)
    before = window.lessons.run
    click(qtbot, window, "lessonNoticeButton")
    qtbot.waitUntil(lambda: window.lessons.run not in (before, None))
    over = window.lessons.run
    assert (over.index, over.progress.asks) == (0, ())
    assert over.notice.action == "undo"
    click(qtbot, window, "lessonNoticeButton")
    qtbot.waitUntil(lambda: window.lessons.run not in (over, None))
    assert [each.choice for each in window.lessons.run.progress.asks] == [1]
    window.lessons.next()
    assert window.lessons.run.notice is None


def test_visiting_all_steps_is_not_shown_as_done(window: MainWindow, qtbot: QtBot, page: LessonPage) -> None:
    for _ in page.run.lesson.steps:
        window.lessons.next()
    qtbot.waitUntil(lambda: window.lessons.run is None)
    assert "None of its 2 goals was reached." in window.message_bar.text
