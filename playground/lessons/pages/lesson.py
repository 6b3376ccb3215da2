"""An open lesson in the panel: title, steps, the current step, and the buttons below it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QToolButton, QVBoxLayout, QWidget

from core.training.snapshot import Snapshot
from playground.lessons.challenge_run import ChallengeRun
from playground.lessons.pages.step import StepPage
from playground.lessons.pages.steps_row import StepsRow
from playground.lessons.run import LessonRun
from playground.lessons.text.texts import Texts
from playground.plotting.drawing.formula_store import FormulaStore
from playground.style.resources import icon
from playground.style.theme import Style
from playground.widgets.later import later
from playground.widgets.plain_text import PlainLabel, plain_tip
from playground.widgets.tab_order import order_around

_MARGIN: Final = 14


class LessonPage(QWidget):
    """Shows ``run``.

    Signals:
        close_requested: close the lesson.
        list_requested: show the list of lessons.
        show_requested: point at what a :class:`core.lessons.blocks.Show` names.
        link_activated: the address of a link in the text.
        finished: *Finish* was pressed in the last step.
        start_over_requested: start the lesson over without the answers.
        undo_requested: restore the answers that starting over removed.
    """

    close_requested = Signal()
    list_requested = Signal()
    show_requested = Signal(object)
    link_activated = Signal(str)
    finished = Signal()
    start_over_requested = Signal()
    undo_requested = Signal()

    def __init__(
        self,
        run: LessonRun,
        challenge: ChallengeRun | None,
        folder: Path | None,
        formulas: FormulaStore,
        style: Style,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.run = run
        self.challenge = challenge
        self._style = style
        self._shown = 0
        self._texts = Texts(folder, formulas, style, self)
        self._texts.link_activated.connect(self.link_activated)
        front = run.lesson.front
        self._position = PlainLabel()
        self._position.setProperty("role", "muted")
        self._position.setObjectName("lessonPlace")
        self._title = PlainLabel(front.title)
        self._title.setObjectName("lessonTitle")
        self._title.setProperty("role", "heading")
        self._title.setWordWrap(True)
        self._list = self._tool("lessonListButton", "All lessons (F2)", "lessons", self.list_requested)
        self._close = self._tool(
            "lessonCloseButton", "Close the lesson and return to your own work", "close", self.close_requested
        )
        self.steps = StepsRow([step.title for step in run.lesson.steps], style)
        self.steps.chosen.connect(run.go_to)
        self._scroll = QScrollArea()
        self._scroll.setObjectName("lessonScroll")
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.viewport().setAutoFillBackground(False)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.back = self._button("lessonBackButton", "Back", "The previous step (Alt+Left).", run.back)
        self.show_me = self._button(
            "lessonShowButton", "Show me", "Point at what the text is about (Alt+Down).", self.point
        )
        self.next = self._button("lessonNextButton", "Next", "The next step (Alt+Right).", self._advance)
        self.next.setProperty("role", "primary")
        self._arrange()
        run.step_changed.connect(self.show_step)
        run.progress_changed.connect(self._show_progress)
        self.page: StepPage
        self.show_step()

    def take_focus(self) -> None:
        """Focus the text: the arrow keys scroll it, and Tab leads to the first question."""
        self._scroll.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- building ----------------------------------------------------------------------------------------------------

    def _tool(self, name: str, text: str, picture: str, signal: object) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setProperty("role", "tool")
        button.setProperty("picture", picture)
        button.setAccessibleName(text)
        button.setToolTip(text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _=False: signal.emit())  # type: ignore[attr-defined]
        return button

    def _button(self, name: str, text: str, tip: str, run: object) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.clicked.connect(lambda _=False: run())  # type: ignore[operator]
        return button

    def _arrange(self) -> None:
        self._head = QHBoxLayout()
        self._head.addWidget(self._position, 1)
        self._head.addWidget(self._list)
        self._head.addWidget(self._close)
        self._foot = QHBoxLayout()
        self._foot.addWidget(self.back)
        self._foot.addStretch(1)
        self._foot.addWidget(self.show_me)
        self._foot.addStretch(1)
        self._foot.addWidget(self.next)
        self._rows = QVBoxLayout(self)
        self._rows.addLayout(self._head)
        self._rows.addWidget(self._title)
        self._rows.addWidget(self.steps)
        self._rows.addWidget(self._scroll, 1)
        self._rows.addLayout(self._foot)
        self._measure()

    def _measure(self) -> None:
        px = self._style.px
        margin = round(px(_MARGIN))
        self._rows.setContentsMargins(margin, round(px(8)), round(px(8)), round(px(12)))
        self._rows.setSpacing(round(px(8)))
        side = round(px(14))
        for button in (self._list, self._close):
            button.setIcon(icon(str(button.property("picture")), self._style.theme.muted, sizes=(side,)))
            button.setIconSize(QSize(side, side))

    # -- showing -----------------------------------------------------------------------------------------------------

    def show_step(self) -> None:
        """Show the current step from its top."""
        self.page = StepPage(self.run, self.challenge, self._texts, self._style)
        self.page.notice_pressed.connect(self._act_on_notice)
        self._scroll.setWidget(self.page)
        order_around(self._scroll, self.page, self.back, self.show_me, self.next)
        self._scroll.verticalScrollBar().setValue(0)
        self._shown = 0
        self.show_me.setEnabled(bool(self.run.shows()))
        self.back.setEnabled(self.run.index > 0)
        self._show_progress()

    def _show_progress(self) -> None:
        run, front = self.run, self.run.lesson.front
        self.steps.show_state(run.index, run.done)
        row = f"Topic {front.row} · " if front.row else ""
        count = len(run.lesson.steps)
        if front.challenge is not None:
            row = f"Challenge {front.challenge.number} · "
        step = "" if run.step is None else f": {run.step.title}"
        self._scroll.setAccessibleName(f"Step {run.index + 1} of {count}{step}")
        position = f"{row}step {run.index + 1} of {count}" if count > 1 else f"{row}{front.minutes} min"
        self._position.setText(f"{position[:1].upper()}{position[1:]}")
        self.steps.setVisible(count > 1)
        # From the second step on, the title makes way for the text.
        self._title.setVisible(run.index == 0)
        self._position.setToolTip("" if run.index == 0 else plain_tip(front.title))
        self.next.setText("Finish" if run.is_last else "Next")
        self.next.setAccessibleName(self.next.text())
        end = f"Finish the lesson. {run.outcome.sentence} Your own work comes back (Alt+Right)."
        self.next.setToolTip(plain_tip(end) if run.is_last else "The next step (Alt+Right).")

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Check the goal and update the live numbers."""
        self.run.show_snapshot(snapshot)
        self.page.show_snapshot(snapshot)

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        self._texts.set_style(style)
        self.steps.set_style(style)
        self.page.set_style(style)
        self._measure()

    def scroll_to_goal(self) -> None:
        """Scroll to the goal of the step."""
        goal = self.page.goal
        if goal is not None:
            later(0, self._scroll, lambda: self._scroll.ensureWidgetVisible(goal, 0, 0))

    def point(self) -> None:
        """Point at the next control, card or element that the step shows."""
        shows = self.run.shows()
        if shows:
            self.show_requested.emit(shows[self._shown % len(shows)])
            self._shown += 1

    def _act_on_notice(self, action: str) -> None:
        (self.undo_requested if action == "undo" else self.start_over_requested).emit()

    def _advance(self) -> None:
        was_last = self.run.is_last
        self.run.next()
        if was_last:
            self.finished.emit()
        else:
            later(0, self._scroll, self._scroll.setFocus)
