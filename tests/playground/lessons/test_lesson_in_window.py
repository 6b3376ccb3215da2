"""A lesson walked through with real clicks and the real training thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QRadioButton, QSlider, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from core.experiment import Experiment
from core.lessons.progress.record import load
from playground.lessons.pages.lesson import LessonPage
from playground.window.main_window import MainWindow
from tests.playground.lessons.in_window import click, open_lesson, wait_until_settled
from tests.playground.lessons.lesson_files import VANISHING, write_lesson

Opener = Callable[..., MainWindow]


def test_a_lesson_replaces_the_experiment_hides_controls_and_restores_own_work(
    window: MainWindow, qtbot: QtBot, page: LessonPage
) -> None:
    assert window.session.experiment.name == "Vanishing gradient"
    qtbot.waitUntil(lambda: window.workspace.arrangement == "gradients")
    qtbot.waitUntil(lambda: not window.controls.data.isVisible())
    assert window.controls.layers.isVisible()
    assert not window.findChild(QSlider, "momentumSlider").isVisible()
    rate = window.findChild(QSlider, "learningRateSlider")
    assert rate.isVisible()
    assert not rate.isEnabled()
    assert window.findChild(QSlider, "depthSlider").isEnabled()
    click(qtbot, window, "lessonCloseButton")
    wait_until_settled(window, qtbot)
    assert window.session.experiment == Experiment()
    assert window.lessons.page is None
    assert window.controls.data.isVisible()
    assert rate.isEnabled()
    assert window.findChild(QSlider, "momentumSlider").isVisible()


def test_the_goal_is_checked_live_and_predictions_are_compared_with_the_truth(
    window: MainWindow, qtbot: QtBot, page: LessonPage, tmp_path: Path
) -> None:
    run = page.run
    click(qtbot, window, "predictChoice-1")
    number = window.findChild(QLineEdit, "predictNumber")
    number.setText("2")
    qtbot.keyClick(number, Qt.Key.Key_Return)
    assert run.progress.prediction(1, 1).choice == 1
    assert run.progress.prediction(1, 2).number == 2.0
    assert not run.is_reached
    depth = window.findChild(QSlider, "depthSlider")
    depth.setFocus()
    while depth.value() < 10:
        qtbot.keyClick(depth, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: run.is_reached)
    assert page.page.goal.heading == "Goal reached"
    choice, guess = page.page.predictions
    assert "Your prediction was different." in choice.verdict
    assert guess.verdict == "Hidden layers: 10 layers. You predicted 2: 5.0 times too small."
    assert page.steps.buttons[0].accessibleName() == "Step 1: Make it deep, done, current"
    window.lessons.close()
    (stored,) = load(tmp_path / "lessons" / "progress.json")[0].lessons.values()
    assert stored.reached == (1,)


def test_do_it_for_me_trains_exactly_as_long_as_the_solution_says(
    window: MainWindow, qtbot: QtBot, page: LessonPage
) -> None:
    click(qtbot, window, "lessonSolveButton")
    qtbot.waitUntil(lambda: page.run.is_reached)
    assert len(window.session.experiment.network.hidden) == 10
    assert window.session.undo_label == "Do it for me"
    click(qtbot, window, "lessonNextButton")
    assert window.session.experiment.training.learning_rate == 0.5
    assert window.session.undo_label == "Train it"
    wait_until_settled(window, qtbot)
    click(qtbot, window, "lessonSolveButton")
    qtbot.waitUntil(lambda: page.run.is_reached and not page.run.solver.is_running)
    assert window.session.snapshot.epoch == 2.0
    assert not window.session.playing


def test_reset_returns_to_the_settings_and_weights_at_the_entry_and_numbers_in_the_text_follow(
    window: MainWindow, qtbot: QtBot, page: LessonPage
) -> None:
    parameters = window.session.snapshot.network.parameters.copy()
    window.session.step("epoch")
    qtbot.waitUntil(lambda: window.session.snapshot.epoch == 1.0)
    window.session.set_depth(6)
    wait_until_settled(window, qtbot)
    click(qtbot, window, "lessonResetButton")
    wait_until_settled(window, qtbot)
    assert len(window.session.experiment.network.hidden) == 3
    assert (window.session.snapshot.network.parameters == parameters).all()
    assert window.session.snapshot.step == 0
    window.session.undo()
    assert len(window.session.experiment.network.hidden) == 6
    require_that_the_text_has_live_numbers(window, qtbot, page)


def require_that_the_text_has_live_numbers(window: MainWindow, qtbot: QtBot, page: LessonPage) -> None:
    text = page.page.texts[0]
    qtbot.waitUntil(lambda: text.live_numbers[1] == "6")
    window.session.set_depth(3)
    qtbot.waitUntil(lambda: text.live_numbers[1] == "3")
    assert text.live_numbers[0] != "–"
    assert "at a depth of 3. See this." in text.toPlainText()
    window.session.set_depth(5)
    qtbot.waitUntil(lambda: text.live_numbers[1] == "5")
    assert "at a depth of 5. See this." in text.toPlainText()


def test_an_answer_is_explained_and_remembered(window: MainWindow, qtbot: QtBot, page: LessonPage) -> None:
    page.run.next()
    click(qtbot, window, "askChoice-1")
    ask = page.page.asks[0]
    assert (ask.heading, ask.explanation) == ("Not quite", "Better, but it saturates as well.")
    click(qtbot, window, "askChoice-2")
    assert (ask.heading, ask.explanation) == ("Right", "Right: the factor is 1.")
    click(qtbot, window, "lessonBackButton")
    click(qtbot, window, "lessonNextButton")
    assert window.findChild(QRadioButton, "askChoice-2").isChecked()
    assert page.page.asks[0].explanation == "Right: the factor is 1."


def test_next_does_not_require_the_goal_and_the_last_step_finishes(
    window: MainWindow, qtbot: QtBot, page: LessonPage
) -> None:
    click(qtbot, window, "lessonNextButton")
    # The goal was not reached, but the next step finds the experiment that its text speaks of, as one edit.
    assert len(window.session.experiment.network.hidden) == 10
    assert window.session.experiment.training.learning_rate == 0.5
    assert not page.run.done
    window.session.undo()
    assert len(window.session.experiment.network.hidden) == 3
    assert window.session.undo_label is None
    click(qtbot, window, "lessonNextButton")
    assert page.next.text() == "Finish"
    click(qtbot, window, "lessonNextButton")
    wait_until_settled(window, qtbot)
    assert window.lessons.page is None
    assert window.session.experiment == Experiment()
    window.lessons.panel.browser.wait()


def test_show_me_points_without_taking_focus_or_mouse(window: MainWindow, qtbot: QtBot, page: LessonPage) -> None:
    window.controls.layers.parentWidget()
    focus = window.focusWidget()
    click(qtbot, window, "lessonShowButton")
    ring = window.lessons.pointing.ring
    qtbot.waitUntil(ring.isVisible)
    assert ring.target.isAncestorOf(window.findChild(QSlider, "depthSlider"))
    assert ring.label == "Depth"
    assert window.focusWidget() in (focus, page.show_me)
    slider = window.findChild(QSlider, "depthSlider")
    middle = slider.mapTo(window, slider.rect().center())
    assert window.childAt(middle) is slider
    assert ring.ring().contains(slider.mapTo(window, QPoint(4, 4)))
    click(qtbot, window, "lessonShowButton")
    qtbot.waitUntil(lambda: ring.target is window.cards["gradient"])
    page.run.go_to(2)
    assert ring.target is None
    window.lessons.show_me()
    assert window.workspace.arrangement == "playground"
    assert (window.session.selection.kind, window.session.selection.layer, window.session.selection.neuron) == (
        "neuron",
        0,
        1,
    )


def test_reopening_restores_step_ticks_answers_and_experiment(
    window: MainWindow, qtbot: QtBot, page: LessonPage
) -> None:
    file = window.lessons.file
    page.run.apply_solution()
    qtbot.waitUntil(lambda: page.run.is_reached)
    page.run.next()
    page.run.answer_ask(1, 0)
    experiment = window.session.experiment
    window.lessons.close()
    wait_until_settled(window, qtbot)
    open_lesson(window, qtbot, file)
    again = window.lessons.page.run
    assert again.index == 1
    assert again.done == {0}
    assert window.session.experiment == experiment
    assert window.lessons.page.page.asks[0].explanation == "Better, but it saturates as well."
    window.lessons.start_over()
    qtbot.waitUntil(lambda: window.lessons.run is not again and window.lessons.run is not None)
    assert window.lessons.run.index == 0
    assert window.lessons.run.done == frozenset()
    assert len(window.session.experiment.network.hidden) == 3


def test_opening_another_file_closes_the_lesson_and_keeps_own_work(
    window: MainWindow, qtbot: QtBot, page: LessonPage
) -> None:
    window.session.edit_training("Momentum", momentum=0.5, optimizer="momentum")
    window.files.new(Experiment(name="Other"))
    wait_until_settled(window, qtbot)
    assert window.lessons.page is None
    assert window.session.experiment.name == "Other"
    window.session.go_back()
    assert window.session.experiment == Experiment()


def test_a_damaged_lesson_is_explained_and_read_again(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = write_lesson(tmp_path, VANISHING.replace("depth = 10", "depth = 60"))
    window.lessons.open_file(path)
    qtbot.waitUntil(lambda: window.lessons.is_showing)
    problem = window.lessons.panel.problem
    assert problem is not None
    texts = [label.text() for label in problem.findChildren(QWidget) if hasattr(label, "text")]
    line = VANISHING[: VANISHING.index("depth = 10")].count("\n") + 1
    assert f"Line: {line}" in texts
    assert "Key: goal.solution.depth" in texts
    assert window.session.experiment == Experiment()
    write_lesson(tmp_path)
    click(qtbot, window, "lessonReloadButton")
    qtbot.waitUntil(lambda: window.lessons.run is not None)
    window.lessons.panel.formulas.wait()


def test_reading_again_keeps_the_step_and_shows_the_new_text(
    window: MainWindow, qtbot: QtBot, page: LessonPage, tmp_path: Path
) -> None:
    page.run.go_to(1)
    experiment = window.session.experiment
    run = window.lessons.run
    write_lesson(tmp_path, VANISHING.replace("Which activation would help?", "What now?"))
    window.lessons.reload()
    qtbot.waitUntil(lambda: window.lessons.run is not run)
    assert window.lessons.run.index == 1
    assert window.session.experiment == experiment
    assert any("What now?" in text.toPlainText() for text in window.lessons.page.page.texts)


def test_a_dropped_lesson_opens(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(write_lesson(tmp_path)))])
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)
    qtbot.waitUntil(lambda: window.lessons.run is not None)
    window.lessons.panel.formulas.wait()


def test_a_step_is_chosen_by_its_button_and_by_keyboard(window: MainWindow, qtbot: QtBot, page: LessonPage) -> None:
    click(qtbot, window, "lessonStep-3")
    assert page.run.index == 2
    assert len(window.session.experiment.network.hidden) == 10  # as the text of the skipped steps says
    assert window.session.experiment.training.learning_rate == 0.5
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert page.run.index == 1
    assert page.back.isEnabled()
    buttons = page.findChildren(QPushButton) + page.findChildren(QToolButton)
    assert all(button.accessibleName() or button.text() for button in buttons)


def test_the_lesson_is_offered_again_after_the_window_was_closed(
    window: MainWindow, qtbot: QtBot, page: LessonPage, settings: QSettings
) -> None:
    from playground.window.lessons.files import OPEN, offer

    assert settings.value(OPEN) == str(window.lessons.file)
    calls: list[Path] = []
    offer(settings, window.message_bar, calls.append, lambda _: None)
    assert window.message_bar.isVisible()
    click(qtbot, window, "messageAction")
    assert calls == [window.lessons.file]
    assert settings.value(OPEN) is None


RESTARTING = """+++
title = "Start again"
minutes = 1
summary = "The second step restarts the run."
+++
## Train

Press Play.

## Start again

```set
restart = true
```

```goal
measure = "epoch"
above = 1.5
[solution]
epochs = 2
[text]
goal = "Train for more than an epoch and a half"
```
"""


def test_a_step_that_restarts_pauses_and_ignores_the_previous_run(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    open_lesson(window, qtbot, write_lesson(tmp_path, RESTARTING, "restarting.md"))
    session, run = window.session, window.lessons.run
    session.play()
    qtbot.waitUntil(lambda: session.snapshot.epoch > 3.0)
    click(qtbot, window, "lessonNextButton")
    qtbot.waitUntil(lambda: session.snapshot.step == 0)
    qtbot.waitUntil(lambda: run.goal_state is not None)
    assert not session.playing
    assert not run.is_reached
    window.lessons.apply_solution()
    qtbot.waitUntil(lambda: run.is_reached)
    window.lessons.panel.formulas.wait()


def test_after_a_crash_the_offer_is_added_to_the_message(
    window: MainWindow, qtbot: QtBot, settings: QSettings, tmp_path: Path
) -> None:
    from playground.window.lessons.files import OPEN, offer

    settings.setValue(OPEN, str(write_lesson(tmp_path)))
    window.greet(["Recovered your last session."])
    calls: list[Path] = []
    offer(settings, window.message_bar, calls.append, lambda _: None)
    assert window.message_bar.text.startswith("Recovered your last session. Your own work is back.")
    click(qtbot, window, "messageAction")
    assert calls == [tmp_path / "vanishing.md"]


def test_work_that_was_playing_plays_again_at_the_next_start(
    open_window: Opener, qtbot: QtBot, settings: QSettings, tmp_path: Path
) -> None:
    window = open_window(playing=True)
    open_lesson(window, qtbot, write_lesson(tmp_path))
    assert not window.session.playing
    window.close()
    assert str(settings.value("training/playing")).lower() == "true"
    window.lessons.panel.formulas.wait()


def test_presentation_mode_and_dark_colours_reach_the_lesson(
    window: MainWindow, qtbot: QtBot, page: LessonPage
) -> None:
    height = page.page.texts[0].height()
    width = window.lessons.panel.minimumWidth()
    window.appearance.set_presentation(True)
    assert page.page.texts[0].height() > height
    assert window.lessons.panel.minimumWidth() > width
    window.appearance.choose_theme("dark")
    block = page.page.texts[0].document().begin()
    colour = next(iter(block)).fragment().charFormat().foreground().color().name()
    assert colour == window.appearance.style.theme.ink.lower()


def test_a_link_to_a_broken_lesson_leads_back_to_the_open_one(
    window: MainWindow, qtbot: QtBot, page: LessonPage, tmp_path: Path
) -> None:
    run = page.run
    write_lesson(tmp_path, "no front matter", "broken.md")
    page.page.texts[0].link_activated.emit("broken")
    qtbot.waitUntil(lambda: window.lessons.panel.problem is not None)
    click(qtbot, window, "lessonProblemClose")
    assert window.lessons.run is run
    assert window.lessons.page is not None
    window.lessons.reload()
    qtbot.waitUntil(lambda: window.lessons.run is not run)
    assert window.lessons.run.lesson.front.title == run.lesson.front.title
