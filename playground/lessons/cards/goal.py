"""The goal of a step: what to reach, its live values, and what is shown once it is reached."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QProgressBar, QPushButton, QWidget
from typing_extensions import override

from core.lessons.blocks import Goal
from core.lessons.goal_tracker import GoalState, conditions_of
from core.lessons.measurements.conditions import condition_in_words, measured_in_words
from core.training.snapshot import Snapshot
from playground.lessons.cards.block import BlockCard, show_text
from playground.lessons.text.texts import UNKNOWN, Texts, number_in
from playground.style.resources import icon_pixmap
from playground.style.theme import Style
from playground.widgets.plain_text import PlainLabel

_RANGE = 1000


class GoalCard(BlockCard):
    """Shows a goal with a line for each condition.

    Signals:
        solve_requested: “Do it for me” was pressed.
        stop_requested: “Stop” was pressed while the solution trains.
        reset_requested: “Reset this step” was pressed.
    """

    solve_requested = Signal()
    stop_requested = Signal()
    reset_requested = Signal()

    def __init__(self, goal: Goal, texts: Texts, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Goal", style, parent)
        self._goal = goal
        self._holding: tuple[bool, ...] = ()
        self.rows.addWidget(texts.view(goal.text.goal))
        self._grid = QGridLayout()
        self._grid.setColumnStretch(0, 1)
        self._values: list[PlainLabel] = []
        self._signs: list[PlainLabel] = []
        for row, condition in enumerate(conditions_of(goal)):
            words = PlainLabel(condition_in_words(condition))
            words.setProperty("role", "muted")
            words.setWordWrap(True)
            value = PlainLabel(UNKNOWN)
            value.setObjectName(f"goalValue-{row + 1}")
            value.setProperty("role", "value")
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            sign = PlainLabel()
            for column, widget in enumerate((words, value, sign)):
                self._grid.addWidget(widget, row, column, Qt.AlignmentFlag.AlignTop if column else Qt.AlignmentFlag(0))
            self._values.append(value)
            self._signs.append(sign)
        self.rows.addLayout(self._grid)
        self._reached = texts.view(goal.text.reached)
        self._reached.hide()
        self.rows.addWidget(self._reached)
        self._bar = QProgressBar()
        self._bar.setRange(0, _RANGE)
        self._bar.setAccessibleName("Training")
        self._bar.hide()
        self.rows.addWidget(self._bar)
        self.rows.addLayout(self._buttons())
        self._is_solving = False
        self.show_reached(on=False)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._solve = QPushButton("Do it for me")
        self._solve.setObjectName("lessonSolveButton")
        self._solve.setToolTip("Make the change that the text asks for, and train as long as it takes.")
        self._solve.clicked.connect(
            lambda _=False: (self.stop_requested if self._is_solving else self.solve_requested).emit()
        )
        self._reset = QPushButton("Reset this step")
        self._reset.setObjectName("lessonResetButton")
        self._reset.setToolTip("Return to the settings and weights at the beginning of this step.")
        self._reset.clicked.connect(lambda _=False: self.reset_requested.emit())
        for button in (self._solve, self._reset):
            button.setProperty("role", "link")
            row.addWidget(button)
        row.addStretch(1)
        return row

    def show_state(self, state: GoalState) -> None:
        """Show the live values of ``state``."""
        for label, each in zip(self._values, state.conditions, strict=True):
            text = measured_in_words(each.condition, each.value)
            if text != label.text():
                label.setText(text)
        holding = tuple(each.holds for each in state.conditions)
        if holding != self._holding:
            self._holding = holding
            self._draw_signs()

    def show_reached(self, *, on: bool) -> None:
        """Show whether the goal was reached."""
        self.set_heading("Goal reached" if on else "Goal", "check" if on else "")
        if not on and self._goal.within:
            self.set_heading(f"Goal · within {self._goal.within}")
        show_text(self._reached, on=on and bool(self._goal.text.reached))
        self.setProperty("reached", on)
        self.style().polish(self)

    def freeze_numbers(self, snapshot: Snapshot) -> None:
        """Show the numbers of ``snapshot``, in which the goal was reached, in the text about it: the run may have gone on."""
        self._reached.set_number_source(partial(number_in, snapshot))

    def show_solving(self, share: float | None) -> None:
        """Show the completed fraction ``share`` of the solution's training; ``None`` if it is not running."""
        self._is_solving = share is not None
        self._solve.setText("Stop" if self._is_solving else "Do it for me")
        self._bar.setVisible(share is not None)
        self._bar.setValue(round(_RANGE * (share or 0.0)))

    @override
    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        super().set_style(style)
        self._draw_signs()

    def _draw_signs(self) -> None:
        side = self._style.px(13)
        for sign, holds in zip(self._signs, self._holding, strict=False):
            sign.setFixedWidth(round(side))
            sign.setAccessibleName("holds" if holds else "")
            if holds:
                sign.setPixmap(icon_pixmap("check", self._style.theme.accent, side, self.devicePixelRatioF()))
            else:
                sign.clear()
