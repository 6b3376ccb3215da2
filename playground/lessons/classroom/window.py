"""The window that shows the answers of a whole class to the predictions of a lesson."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.lessons.blocks import Lesson
from core.lessons.classroom.answers import ClassFiles, collect
from core.lessons.classroom.questions import ClassQuestion, PredictionPosition, Truth, class_questions
from playground.lessons.classroom.cards import CARDS, AnyCard, count_learners
from playground.lessons.text.plain_words import plain_words
from playground.style.theme import GRID, Style
from playground.widgets.plain_text import PlainLabel, plain_tip
from playground.widgets.quiet import QuietCombo
from playground.worker.background import Advance, Background

if TYPE_CHECKING:
    from playground.session import Session
    from playground.widgets.figure import Figure

Truths: TypeAlias = Mapping[PredictionPosition, Truth]
Measure: TypeAlias = Callable[[Lesson, Advance], Truths | None]
"""Runs a lesson on another thread and measures its predictions; ``None`` if cancelled."""

LIST_WIDTH: Final = 230
_READING: Final = "Reading the answers …"
_MEASURING: Final = "Measuring the true answers …"


class ClassWindow(QDialog):
    """Shows each prediction of a lesson with all answers of a class, their median and spread, and the truth.

    Signals:
        export_requested: the user wants to export the pictures.
    """

    export_requested = Signal()

    def __init__(
        self,
        session: Session,
        style: Style,
        find: Callable[[str], Lesson | None],
        measure: Measure,
        parent: QWidget | None = None,
    ) -> None:
        """Build the empty window.

        Args:
            session: the session, for the cards.
            style: the initial style.
            find: returns the lesson with a key, or ``None``.
            measure: measures the truth of every prediction.
            parent: the parent window.
        """
        super().__init__(parent)
        self.setObjectName("classWindow")
        self.setWindowTitle("Answers of the class")
        self._session, self._style, self._find, self._measure = session, style, find, measure
        self._files = ClassFiles((), ())
        self._cards: list[AnyCard] = []
        self._background = Background("class answers", self)
        self._background.succeeded.connect(self._accept)
        self._background.failed.connect(self._show_failure)
        self._lesson: Lesson | None = None
        self._count_text = ""
        self._build()
        self.set_style(style)

    # -- building ----------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._title = _label("heading", "classTitle")
        self._summary = _label("muted", "classSummary")
        self._lessons = QuietCombo()
        self._lessons.setObjectName("classLessonCombo")
        self._lessons.setAccessibleName("Lesson")
        self._lessons.setToolTip("The files contain answers to several lessons.")
        self._lessons.activated.connect(lambda _index: self._show_lesson(self._lessons.currentData()))
        self._named = QCheckBox("Show names")
        self._named.setObjectName("classNamesBox")
        self._named.setToolTip("Name the learners when the mouse points at an answer, and in the exported table.")
        self._named.toggled.connect(self._show_names)
        self._export = QPushButton("Export…")
        self._export.setObjectName("exportClassButton")
        self._export.setToolTip("Save these pictures as PNG, SVG or PDF, or the answers as CSV.")
        self._export.setAutoDefault(False)
        self._export.clicked.connect(self.export_requested)
        self._list = QListWidget()
        self._list.setObjectName("classQuestions")
        self._list.setAccessibleName("Predictions")
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._stack = QStackedWidget()
        self._list.currentRowChanged.connect(self._stack.setCurrentIndex)
        self._problems = QPlainTextEdit()
        self._problems.setObjectName("classProblems")
        self._problems.setAccessibleName("Files and answers left out")
        self._problems.setReadOnly(True)
        self._problems.hide()
        self._toggle = QPushButton()
        self._toggle.setObjectName("classProblemsButton")
        self._toggle.setProperty("role", "link")
        self._toggle.setCheckable(True)
        self._toggle.setAutoDefault(False)
        self._toggle.setToolTip("List the files and answers that were left out, each with the reason.")
        self._toggle.toggled.connect(self._problems.setVisible)
        head = QHBoxLayout()
        for widget in (self._title, self._lessons):
            head.addWidget(widget)
        head.addStretch(1)
        for button in (self._named, self._export):
            head.addWidget(button)
        second_row = QHBoxLayout()
        second_row.addWidget(self._summary)
        second_row.addWidget(self._toggle)
        second_row.addStretch(1)
        body = QHBoxLayout()
        body.addWidget(self._list)
        body.addWidget(self._stack, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(head)
        layout.addLayout(second_row)
        layout.addWidget(self._problems)
        layout.addLayout(body, 1)

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        edge = round(style.px(2 * GRID))
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(edge, edge, edge, edge)
            layout.setSpacing(round(style.px(GRID)))
        self._list.setFixedWidth(round(style.px(LIST_WIDTH)))
        self._problems.setFixedHeight(round(style.px(90)))
        self.resize(self.size().expandedTo(self.sizeHint()))
        for card in self._cards:
            card.set_style(style)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The pictures that can be exported, the visible one first."""
        current = self._stack.currentIndex()
        return tuple(sorted(self._cards, key=lambda card: self._cards.index(card) != current))

    @property
    def subject(self) -> str:
        """Title of the lesson, for names of exported files."""
        return "class answers" if self._lesson is None else self._lesson.front.title

    # -- showing -----------------------------------------------------------------------------------------------------

    def read(self, paths: Sequence[Path]) -> None:
        """Read the files and folders ``paths`` in the background, and show the answers in them."""
        self._background.cancel()
        self._summary.setText(_READING)
        self._background.submit(lambda advance: collect(paths, advance))

    def show_files(self, files: ClassFiles) -> None:
        """Show the answers in ``files``, starting with the lesson that has the most of them."""
        self._files = files
        self._lessons.clear()
        for key in files.lessons:
            lesson = self._find(key)
            title = key if lesson is None else lesson.front.title
            self._lessons.addItem(f"{title} ({count_learners(len(files.of(key)))})", key)
        self._lessons.setVisible(len(files.lessons) > 1)
        self._title.setVisible(len(files.lessons) <= 1)
        self._show_lesson(files.lessons[0] if files.lessons else "")

    def _show_lesson(self, key: str) -> None:
        self._background.cancel()
        lesson = self._lesson = self._find(key) if key else None
        answers = self._files.of(key)
        problems = list(self._files.problems)
        questions: tuple[ClassQuestion, ...] = ()
        if lesson is None:
            self._title.setText("No answers to show")
            if key:
                problems.append(f"{key}: there is no lesson with this name, so its answers cannot be shown")
        else:
            self._title.setText(lesson.front.title)
            questions, mismatches = class_questions(lesson, answers)
            problems += mismatches
        self._fill(questions)
        self._count_text = count_learners(len(answers))
        self._show_problems(problems)
        self._summary.setText(self._count_text)
        if lesson is not None and questions:
            self._summary.setText(f"{self._count_text} · {_MEASURING}")
            self._background.submit(lambda advance: _measured(key, self._measure(lesson, advance)))

    def _fill(self, questions: tuple[ClassQuestion, ...]) -> None:
        for card in self._cards:
            self._stack.removeWidget(card)
            card.deleteLater()
        self._cards = []
        self._list.clear()
        for question in questions:
            card = CARDS[question.predict.kind](question, self._session, self._style)
            card.show_names(on=self._named.isChecked())
            self._cards.append(card)
            self._stack.addWidget(card)
            text = plain_words(question.predict.text.question)
            item = QListWidgetItem(f"Step {question.position[0]}: {text}")
            item.setToolTip(plain_tip(text))
            self._list.addItem(item)
        self._export.setEnabled(bool(questions))
        self._list.setCurrentRow(0)
        self._list.setFocus()

    def _show_problems(self, problems: list[str]) -> None:
        count = len(problems)
        self._toggle.setText("1 problem" if count == 1 else f"{count} problems")
        self._toggle.setVisible(bool(problems))
        self._toggle.setChecked(bool(problems) and not self._cards)
        self._problems.setPlainText("\n".join(problems))

    def _accept(self, result: object) -> None:
        if isinstance(result, ClassFiles):
            self.show_files(result)
        elif isinstance(result, tuple) and self._lesson is not None and result[0] == self._lesson.key:
            self._summary.setText(self._count_text)
            for card in self._cards:
                card.show_truth(result[1].get(card.position))

    def _show_failure(self, error: object) -> None:
        self._summary.setText(f"{self._count_text} · The true answers cannot be measured: {error}")

    def _show_names(self, on: bool) -> None:  # noqa: FBT001 - a slot of QCheckBox
        for card in self._cards:
            card.show_names(on=on)

    def stop(self) -> None:
        """Cancel the measurement, because the window closes for good."""
        self._background.stop()


def _measured(key: str, truths: Truths | None) -> tuple[str, Truths] | None:
    return None if truths is None else (key, truths)


def _label(role: str, name: str) -> QLabel:
    label = PlainLabel()
    label.setProperty("role", role)
    label.setObjectName(name)
    return label
