"""Edit a lesson by pointing: right clicks in the window write blocks into the file, and undo removes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from core.assets import asset
from core.lessons.blocks import Condition, Element, Measure, Show, ShowText
from core.lessons.file_format.reading import goal_of, read_lesson
from core.lessons.measurements.registry import MEASUREMENTS, measure, parse_call
from playground.session.restrictions import NONE
from playground.session.selection import Selection
from playground.window.cards import CARDS
from playground.window.lessons import author_targets
from playground.window.lessons.authoring import copy_lesson, is_built_in
from playground.window.lessons.names import CONTROLS, check_names
from playground.window.main_window import MainWindow

LESSON = """+++
title = "My lesson"   # mine
minutes = 3
summary = "A sentence."
+++

Introduction.

## First

Text.

## Second

Last.
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "my-lesson.md"
    path.write_text(LESSON)
    return path


@pytest.fixture
def window(open_window: Callable[..., MainWindow], qtbot: QtBot, path: Path) -> Iterator[MainWindow]:
    """A window in which the lesson is open and edited."""
    window = open_window()
    window.lessons.open_file(path)
    qtbot.waitUntil(lambda: window.lessons.run is not None)
    settled(window, qtbot)
    action(window, "editLessonAction").trigger()
    yield window
    if action(window, "editLessonAction").isChecked():
        action(window, "editLessonAction").trigger()
    window.lessons.panel.formulas.wait()


def settled(window: MainWindow, qtbot: QtBot) -> None:
    session = window.session
    qtbot.waitUntil(lambda: session.snapshot is not None and session.snapshot.generation == session.generation)


def action(window: MainWindow, name: str) -> QAction:
    found = window.findChild(QAction, name)
    assert found is not None
    return found


def right_click(widget: QWidget, at: QPoint | None = None) -> QMenu | None:
    """Right-click ``widget`` and return the author's menu, if it opens."""
    place = widget.rect().center() if at is None else at
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place))
    QApplication.sendEvent(widget, event)
    menu = QApplication.activePopupWidget()
    return menu if isinstance(menu, QMenu) and menu.objectName() == "authorMenu" else None


def entries(menu: QMenu) -> dict[str, QAction]:
    return {each.text().replace("&", ""): each for each in menu.actions() if each.text()}


def choose(menu: QMenu, text: str) -> None:
    entries(menu)[text].trigger()
    menu.close()


def control(window: MainWindow, name: str) -> QWidget:
    found = window.findChild(QWidget, name)
    assert found is not None
    return found


def test_lock_and_hide_write_into_the_front_matter_and_take_effect(
    window: MainWindow, qtbot: QtBot, path: Path
) -> None:
    slider = control(window, "gainSlider")
    menu = right_click(slider)
    assert menu is not None
    assert list(entries(menu))[:4] == ["Weight scale", "Lock", "Hide", "Explain here…"]
    choose(menu, "Lock")
    assert path.read_text() == LESSON.replace('sentence."\n', 'sentence."\nlock = ["gainSlider"]\n')
    qtbot.waitUntil(lambda: not slider.isEnabled())
    menu = right_click(control(window, "momentumSlider").parentWidget())
    assert menu is not None
    choose(menu, "Hide")
    assert read_lesson(path).front.hide == ("momentumSlider",)
    qtbot.waitUntil(lambda: not control(window, "momentumSlider").isVisible())
    undo = action(window, "undoLessonEditAction")
    assert undo.text() == "&Undo in the lesson: hide momentumSlider"
    undo.trigger()
    undo.trigger()
    assert path.read_text() == LESSON
    assert not undo.isEnabled()
    qtbot.waitUntil(lambda: slider.isEnabled() and control(window, "momentumSlider").isVisible())


def test_a_section_can_be_hidden(window: MainWindow, path: Path) -> None:
    menu = right_click(window.controls.data, QPoint(3, 3))
    assert menu is not None
    assert list(entries(menu)) == ["Data", "Hide"]
    choose(menu, "Hide")
    assert read_lesson(path).front.hide == ("Data",)


def test_controls_can_be_unlocked_and_shown_again(window: MainWindow, qtbot: QtBot, path: Path) -> None:
    slider, momentum = control(window, "gainSlider"), control(window, "momentumSlider")
    choose(right_click(slider), "Lock")
    qtbot.waitUntil(lambda: not slider.isEnabled())
    menu = right_click(slider)
    assert "Lock" not in entries(menu)
    choose(menu, "Unlock")
    qtbot.waitUntil(slider.isEnabled)
    assert read_lesson(path).front.lock == ()
    choose(right_click(momentum.parentWidget()), "Hide")
    choose(right_click(window.controls.data, QPoint(3, 3)), "Hide")
    qtbot.waitUntil(lambda: not momentum.isVisible() and not window.controls.data.isVisible())
    # A hidden part cannot be clicked: the lesson's panel and every other menu offer it.
    panel = window.lessons.panel
    menu = right_click(panel, QPoint(3, 3))
    hidden = entries(menu)["Hidden parts"].menu()
    assert list(entries(hidden)) == ["Show “Momentum μ” again", "Show “Data” again"]
    entries(hidden)["Show “Momentum μ” again"].trigger()
    menu.close()
    qtbot.waitUntil(momentum.isVisible)
    assert "Hidden parts" in entries(right_click(slider))
    QApplication.activePopupWidget().close()
    action(window, "undoLessonEditAction").trigger()
    qtbot.waitUntil(lambda: not momentum.isVisible())
    assert read_lesson(path).front.hide == ("momentumSlider", "Data")


def test_a_card_can_be_locked_and_hidden(window: MainWindow, qtbot: QtBot, path: Path) -> None:
    card = window.cards["loss"]
    choose(right_click(card), "Hide")
    assert read_lesson(path).front.hide == ("lossPlot",)
    qtbot.waitUntil(lambda: not card.isVisible())
    hidden = entries(right_click(window.lessons.panel, QPoint(3, 3)))["Hidden parts"].menu()
    next(iter(entries(hidden).values())).trigger()
    QApplication.activePopupWidget().close()
    qtbot.waitUntil(card.isVisible)
    choose(right_click(card), "Lock")
    check_names(read_lesson(path), str(path))
    assert read_lesson(path).front.lock == ("lossPlot",)


def test_explain_here_asks_for_a_label_and_writes_a_block(window: MainWindow, qtbot: QtBot, path: Path) -> None:
    action(window, "lessonNextAction").trigger()
    menu = right_click(control(window, "depthSlider"))
    assert menu is not None
    choose(menu, "Explain here…")
    dialog = window.findChild(QInputDialog, "authorLabel")
    assert dialog is not None
    dialog.setTextValue(' Drag "this" ')
    dialog.accept()
    lesson = read_lesson(path)
    assert lesson.steps[1].content[-1] == Show(control="depthSlider", text=ShowText(label='Drag "this"'))
    assert lesson.steps[0].content == ("Text.",)
    qtbot.waitUntil(lambda: window.lessons.run is not None and window.lessons.run.lesson == lesson)
    assert window.lessons.run is not None
    assert window.lessons.run.index == 1


def test_a_cancelled_label_writes_nothing(window: MainWindow, path: Path) -> None:
    menu = right_click(control(window, "depthSlider"))
    assert menu is not None
    choose(menu, "Explain here…")
    dialog = window.findChild(QInputDialog, "authorLabel")
    assert dialog is not None
    dialog.reject()
    assert path.read_text() == LESSON


def test_a_suggested_goal_has_the_current_value_as_its_limit(window: MainWindow, qtbot: QtBot, path: Path) -> None:
    card = window.cards["loss"]
    menu = right_click(card)
    assert menu is not None
    goals = entries(menu)["Goal from this number"].menu()
    assert isinstance(goals, QMenu)
    snapshot = window.session.snapshot
    assert snapshot is not None
    limit = float(f"{snapshot.scores.train_loss:.3g}")
    first = goals.actions()[0]
    assert first.text().startswith(("Training loss < ", "Training loss ≤ "))
    first.trigger()
    menu.close()
    goal = goal_of(read_lesson(path).steps[0])
    assert goal is not None
    assert goal.all == (Condition(measure="train_loss", below=limit),)
    assert goal.text.goal == first.text()
    qtbot.waitUntil(lambda: window.lessons.run is not None and goal_of(window.lessons.run.lesson.steps[0]) == goal)
    menu = right_click(card)
    assert menu is not None
    assert not next(each for text, each in entries(menu).items() if text.startswith("Goal from")).isEnabled()
    menu.close()


def test_a_neuron_and_a_weight_are_written_by_their_numbers(window: MainWindow, path: Path) -> None:
    canvas = window.findChild(QWidget, "networkCanvas")
    assert canvas is not None
    found: dict[str, str] = {}
    shows: list[object] = []
    for x in range(2, canvas.width(), 7):
        for y in range(2, canvas.height(), 9):
            selection = canvas.element_at(QPoint(x, y).toPointF())  # type: ignore[attr-defined]
            kind = "" if selection is None else selection.kind
            if kind in ("neuron", "weight") and kind not in found:
                menu = right_click(canvas, QPoint(x, y))
                assert menu is not None
                found[kind] = next(iter(entries(menu)))
                choose(menu, "Explain here…")
                dialog = window.findChildren(QInputDialog, "authorLabel")[-1]
                dialog.accept()
                shows.append(read_lesson(path).steps[0].content[-1])
    assert found["neuron"].startswith("Neuron ")
    assert " → " in found["weight"]
    assert all(isinstance(each, Show) and (each.neuron or each.weight) for each in shows)
    check_names(read_lesson(path))


def test_a_neuron_and_a_weight_are_locked_and_hidden(window: MainWindow, qtbot: QtBot, path: Path) -> None:
    canvas, session = window.findChild(QWidget, "networkCanvas"), window.session
    assert canvas is not None
    layout = canvas.builder.layout  # type: ignore[attr-defined]
    place = QPointF(layout.columns[1].x, float(layout.columns[1].ys[1]))
    neuron = QPointF(*canvas.viewport.to_view(place.x(), place.y())).toPoint()  # type: ignore[attr-defined]
    selection = Selection("neuron", 0, 1)
    choose(right_click(canvas, neuron), "Lock")
    assert read_lesson(path).front.lock == (Element(neuron=(1, 2)),)
    qtbot.waitUntil(lambda: session.restrictions.locks(selection) and not session.restrictions.hides(selection))
    choose(right_click(canvas, neuron), "Hide")
    assert "hide = [{neuron = [1, 2]}]" in path.read_text()
    qtbot.waitUntil(lambda: session.restrictions.hides(selection))
    menu = right_click(canvas, neuron)
    assert {"Unlock", "Show again", "Hidden parts", "Undo hide neuron [1, 2]"} <= set(entries(menu))
    hidden = entries(menu)["Hidden parts"].menu()
    assert list(entries(hidden)) == ["Show “Neuron 2 of layer 1” again"]
    choose(menu, "Show again")
    qtbot.waitUntil(lambda: not session.restrictions.hides(selection))
    action(window, "undoLessonEditAction").trigger()
    qtbot.waitUntil(lambda: session.restrictions.hides(selection))
    action(window, "lessonCloseAction").trigger()
    qtbot.waitUntil(lambda: session.restrictions == NONE)


def test_no_menu_opens_outside_edit_mode(window: MainWindow, path: Path) -> None:
    action(window, "editLessonAction").trigger()
    assert right_click(control(window, "depthSlider")) is None
    assert not action(window, "editLessonAction").isChecked()


def test_closing_the_lesson_ends_edit_mode(window: MainWindow, qtbot: QtBot) -> None:
    action(window, "lessonCloseAction").trigger()
    settled(window, qtbot)
    assert not action(window, "editLessonAction").isChecked()
    assert right_click(control(window, "depthSlider")) is None


def test_a_file_that_cannot_be_written_is_reported(window: MainWindow, qtbot: QtBot, path: Path) -> None:
    menu = right_click(control(window, "depthSlider"))
    assert menu is not None
    path.write_text("broken by another program")
    with qtbot.waitSignal(window.session.message) as said:
        choose(menu, "Lock")
    assert said.args[1] == "error"
    assert str(path) in said.args[0]
    path.write_text(LESSON)


def test_a_built_in_lesson_is_copied_first(
    open_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    window.lessons.open_lesson("00-tour")
    qtbot.waitUntil(lambda: window.lessons.run is not None)
    original = window.lessons.file
    assert original is not None
    before = original.read_bytes()
    copy = tmp_path / "tour.md"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(copy), ""))
    action(window, "editLessonAction").trigger()
    qtbot.waitUntil(lambda: window.lessons.file == copy)
    settled(window, qtbot)
    assert action(window, "editLessonAction").isChecked()
    menu = right_click(control(window, "depthSlider"))
    assert menu is not None
    choose(menu, "Lock")
    assert "depthSlider" in read_lesson(copy).front.lock
    assert original.read_bytes() == before
    action(window, "editLessonAction").trigger()
    window.lessons.panel.formulas.wait()


def test_a_copy_includes_the_images(tmp_path: Path) -> None:
    folder, other = tmp_path / "a", tmp_path / "b"
    (folder / "images").mkdir(parents=True)
    other.mkdir()
    (folder / "images" / "x.png").write_bytes(b"PNG")
    (folder / "l.md").write_text(LESSON + "\n![x](images/x.png)\n")
    copy_lesson(folder / "l.md", other / "l.md")
    assert (other / "images" / "x.png").read_bytes() == b"PNG"
    assert (other / "l.md").read_text() == (folder / "l.md").read_text()
    assert not is_built_in(other / "l.md")
    assert is_built_in(asset("lessons") / "00-tour.md")


def test_the_tables_name_cards_controls_and_measurements_that_exist(window: MainWindow) -> None:
    snapshot = window.session.snapshot
    assert snapshot is not None
    assert set(author_targets._OF_CONTROLS) <= set(CONTROLS)
    assert set(author_targets._OF_CARDS) <= set(CARDS)
    calls = [*author_targets._OF_CONTROLS.values(), *author_targets._OF_CARDS.values()]
    for one in (parse_call(call) for group in calls for call in group.split(";")):
        assert isinstance(measure(one, snapshot), float | int | str)
    for key in (*author_targets._OF_LAYERS, *author_targets._OF_WEIGHTS):
        assert MEASUREMENTS[key].of(snapshot, Measure(measure=key, layer=1)) is not None
