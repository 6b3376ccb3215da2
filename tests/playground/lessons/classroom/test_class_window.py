"""The class window: curves, dots and bars, the measured truth, names, problems and export."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QListWidget, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from core.lessons.blocks import Lesson
from core.lessons.classroom.answers import Answer, AnswerFile, ClassFiles
from core.lessons.classroom.questions import class_questions
from playground.export.export import export_all
from playground.export.tables import csv_text
from playground.lessons.classroom.cards import ClassCurvesCard, ClassNumbersCard
from playground.lessons.classroom.window import ClassWindow
from playground.session import Session
from playground.style.theme import LIGHT, Style
from tests.playground.lessons.classroom.class_support import LESSON, NAMES, TRUTHS, class_files
from tests.playground.plots.support import picture

pytestmark = pytest.mark.usefixtures("fonts")


def find(key: str) -> Lesson | None:
    return LESSON if key == LESSON.key else None


def files_of(*files: AnswerFile, problems: tuple[str, ...] = ()) -> ClassFiles:
    return ClassFiles(tuple((Path(f"{index}.answers.json"), file) for index, file in enumerate(files)), problems)


@pytest.fixture
def opened(qtbot: QtBot) -> Callable[..., ClassWindow]:
    def open_window(files: ClassFiles, measure: Any = lambda _lesson, _going: TRUTHS) -> ClassWindow:
        window = ClassWindow(Session(), Style(LIGHT), find, measure)
        qtbot.addWidget(window, before_close_func=lambda each: each.stop())
        window.resize(900, 600)
        with qtbot.waitExposed(window):
            window.show()
        window.show_files(files)
        return window

    return open_window


def child(window: ClassWindow, kind: type, name: str) -> Any:
    found = window.findChild(kind, name)
    assert found is not None
    return found


def measured(qtbot: QtBot, window: ClassWindow) -> None:
    summary = child(window, QLabel, "classSummary")
    qtbot.waitUntil(lambda: "Measuring" not in summary.text())


def test_each_prediction_has_its_picture_and_the_truth_arrives_later(qtbot: QtBot, opened: Any) -> None:
    gate = threading.Event()

    def measure(_lesson: Lesson, _going: object) -> object:
        gate.wait(20)
        return TRUTHS

    window = opened(files_of(*class_files()), measure)
    questions = child(window, QListWidget, "classQuestions")
    assert questions.count() == 3
    assert "Measuring the true answers" in child(window, QLabel, "classSummary").text()
    before = [picture(card) for card in window.figures]
    gate.set()
    measured(qtbot, window)
    assert child(window, QLabel, "classSummary").text() == "12 learners"
    cards = window.figures
    assert all(picture(card) != old for card, old in zip(cards, before, strict=True))
    choices, numbers, curves = cards
    assert "50\u2009% of the class are right; measured: 2.0e−4." in choices.accessibleDescription()
    assert "The median is" in numbers.accessibleDescription()
    assert "the median of the class by" in curves.accessibleDescription()


def test_the_list_chooses_by_mouse_and_keyboard(qtbot: QtBot, opened: Any) -> None:
    window = opened(files_of(*class_files()))
    measured(qtbot, window)
    questions = child(window, QListWidget, "classQuestions")
    row = questions.visualItemRect(questions.item(2)).center()
    QTest.mouseClick(questions.viewport(), Qt.MouseButton.LeftButton, pos=row)
    assert isinstance(window.figures[0], ClassCurvesCard)
    assert window.figures[0].isVisible()
    QTest.keyClick(questions, Qt.Key.Key_Up)
    assert isinstance(window.figures[0], ClassNumbersCard)


def test_names_are_shown_only_on_request(qtbot: QtBot, opened: Any) -> None:
    window = opened(files_of(*class_files()))
    measured(qtbot, window)
    curves = window.figures[2]
    assert "Ada" not in csv_text(curves.figure_table())
    box = child(window, QCheckBox, "classNamesBox")
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.rect().center() - box.rect().topLeft())
    if not box.isChecked():  # the clickable part is narrower than the box
        QTest.keyClick(box, Qt.Key.Key_Space)
    table = list(csv.reader(io.StringIO(csv_text(curves.figure_table()))))
    assert table[0][:6] == ["epoch", "median", "lower quartile", "upper quartile", "measured", NAMES[0]]
    assert table[0][11] == "learner 7"
    first = [float(cell) for cell in table[1][5:]]
    assert float(table[1][1]) == pytest.approx(float(np.median(first)))


def test_the_mouse_names_the_sketch_below_it(qtbot: QtBot, opened: Any) -> None:
    window = opened(files_of(*class_files()))
    measured(qtbot, window)
    child(window, QListWidget, "classQuestions").setCurrentRow(2)
    card = window.figures[0]
    before = picture(card)
    area, data = card.canvas.area(), card.shown()
    at = QPointF(area.x(50.0), area.y(float(np.interp(50.0, data.band.x, data.band.curves[0]))))
    QTest.mouseMove(card.canvas.viewport(), at.toPoint())
    qtbot.waitUntil(lambda: picture(card) != before)


def test_problems_are_listed_and_answers_that_fit_nothing_are_left_out(qtbot: QtBot, opened: Any) -> None:
    odd = AnswerFile(
        lesson=LESSON.key,
        name="Zoe",
        answers=(Answer(step=1, number=1.0), Answer(step=9, choice=1), Answer(step=2, number=0.1)),
    )
    window = opened(files_of(*class_files(), odd, problems=("/x/broken.answers.json: not well-formed JSON",)))
    measured(qtbot, window)
    button, text = child(window, QPushButton, "classProblemsButton"), child(window, QPlainTextEdit, "classProblems")
    assert button.text() == "3 problems"
    assert not text.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert text.isVisible()
    assert text.toPlainText().splitlines() == [
        "/x/broken.answers.json: not well-formed JSON",
        "Zoe, step 1: the lesson asks for a choice there",
        "Zoe, step 9: the lesson asks for no prediction there",
    ]
    assert len(window.figures[1].shown().values) == len(NAMES) + 1


def test_nothing_readable_opens_the_problems(opened: Any) -> None:
    window = opened(ClassFiles((), ("/x/a.answers.json: cannot be read (gone)",)))
    assert child(window, QLabel, "classTitle").text() == "No answers to show"
    assert child(window, QPlainTextEdit, "classProblems").isVisible()
    assert not child(window, QPushButton, "exportClassButton").isEnabled()


def test_answers_to_several_lessons_are_chosen_from(qtbot: QtBot, opened: Any) -> None:
    other = AnswerFile(lesson="99-own", answers=(Answer(step=1, choice=1),))
    window = opened(files_of(*class_files(), other))
    measured(qtbot, window)
    combo = child(window, QComboBox, "classLessonCombo")
    assert combo.isVisible()
    assert [combo.itemText(row) for row in range(combo.count())] == [
        "Why ten layers of sigmoid stop learning (12 learners)",
        "99-own (1 learner)",
    ]
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Down)
    assert not window.figures
    assert "99-own: there is no lesson with this name" in child(window, QPlainTextEdit, "classProblems").toPlainText()


def test_a_failed_measurement_is_reported(qtbot: QtBot, opened: Any) -> None:
    def fail(_lesson: Lesson, _going: object) -> object:
        raise ValueError("step 2 diverged")

    window = opened(files_of(*class_files()), fail)
    measured(qtbot, window)
    assert child(window, QLabel, "classSummary").text() == (
        "12 learners · The true answers cannot be measured: step 2 diverged"
    )


def test_every_picture_can_be_exported(qtbot: QtBot, opened: Any, tmp_path: Path) -> None:
    window = opened(files_of(*class_files()))
    measured(qtbot, window)
    with qtbot.waitSignal(window.export_requested):
        qtbot.mouseClick(child(window, QPushButton, "exportClassButton"), Qt.MouseButton.LeftButton)
    written = export_all(window.figures, tmp_path, ("png", "svg", "csv"), (640, 360))
    assert sorted(path.name for path in written if path.suffix == ".csv") == [
        "class-step-1.csv",
        "class-step-2-2.csv",
        "class-step-2.csv",
    ]
    assert "How will the training loss fall?" in (tmp_path / "class-step-2-2.svg").read_text()
    assert "smaller still,6,yes" in (tmp_path / "class-step-1.csv").read_text()


def test_an_empty_class_is_shown_without_an_error(qtbot: QtBot) -> None:
    (choice, number, curve), problems = class_questions(LESSON, ())
    assert not problems
    for kind, question in ((ClassNumbersCard, number), (ClassCurvesCard, curve)):
        card: QWidget = kind(question, Session(), Style(LIGHT))
        qtbot.addWidget(card)
        card.resize(400, 300)
        picture(card)  # type: ignore[arg-type]
        assert card.accessibleDescription() == "Nobody has answered this question."
    assert not choice.answers
