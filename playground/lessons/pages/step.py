"""The page of one step: its text with goal, questions and predictions in the order of the file."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.lessons.blocks import Ask, Goal, Predict
from core.training.snapshot import Snapshot
from playground.lessons.cards.ask import AskCard
from playground.lessons.cards.block import BlockCard
from playground.lessons.cards.goal import GoalCard
from playground.lessons.cards.notice import NoticeCard
from playground.lessons.cards.predict import PredictCard
from playground.lessons.challenge_run import ChallengeRun
from playground.lessons.pages.challenge import ChallengeCard
from playground.lessons.run import LessonRun
from playground.lessons.text.texts import Texts
from playground.lessons.text.view import TextView
from playground.style.theme import Style
from playground.widgets.plain_text import PlainLabel


class StepPage(QWidget):
    """Shows the current step of ``run`` and forwards the learner's actions to it.

    Signals:
        notice_pressed: the action of the notice above the step.
    """

    notice_pressed = Signal(str)

    def __init__(
        self,
        run: LessonRun,
        challenge: ChallengeRun | None,
        texts: Texts,
        style: Style,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "clear")
        self._run, self._texts, self._style = run, texts, style
        self.goal: GoalCard | None = None
        self.asks: list[AskCard] = []
        self.predictions: list[PredictCard] = []
        self._rows = QVBoxLayout(self)
        if run.notice is not None:
            notice = NoticeCard(run.notice, style)
            notice.pressed.connect(self.notice_pressed)
            self._rows.addWidget(notice)
        if run.index == 0 and run.lesson.introduction.strip():
            self._rows.addWidget(texts.view(run.lesson.introduction))
        step = run.step
        if step is not None:
            title = PlainLabel(step.title)
            title.setProperty("role", "stepTitle")
            title.setWordWrap(True)
            self._rows.addWidget(title)
            for part in step.content:
                self._add(part)
        self.challenge: ChallengeCard | None = None
        if challenge is not None and run.is_last:
            self.challenge = ChallengeCard(challenge, style)
            self._rows.addWidget(self.challenge)
        self._rows.addStretch(1)
        self._connect()
        self.set_style(style)
        self.show_goal()

    @property
    def texts(self) -> list[TextView]:
        """The texts of the step, from the top."""
        return self.findChildren(TextView)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Update the live numbers."""
        self._texts.show_snapshot(snapshot)
        if self.challenge is not None:
            self.challenge.show_snapshot(snapshot)

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        self._rows.setContentsMargins(0, 0, round(style.px(6)), 0)
        self._rows.setSpacing(round(style.px(8)))
        for card in self.findChildren(BlockCard):
            card.set_style(style)

    def show_goal(self) -> None:
        """Show the state of the goal, and the truth of the predictions once it is reached."""
        run = self._run
        if self.goal is not None and run.goal_state is not None:
            self.goal.show_state(run.goal_state)
        truth = run.truth
        if truth is not None:
            for card in self.predictions:
                card.reveal(truth)

    def show_reached(self) -> None:
        """Show whether the goal was reached."""
        if self.goal is not None:
            self.goal.show_reached(on=self._run.is_reached)
            event = QAccessibleAnnouncementEvent(self.goal, self.goal.heading)
            QAccessible.updateAccessibility(event)
        self.show_goal()

    # -- building ----------------------------------------------------------------------------------------------------

    def _add(self, part: object) -> None:
        run, style = self._run, self._style
        step_number = run.index + 1
        if isinstance(part, str):
            self._rows.addWidget(self._texts.view(part))
        elif isinstance(part, Goal):
            self.goal = GoalCard(part, self._texts, style)
            self._rows.addWidget(self.goal)
        elif isinstance(part, Ask):
            ask, number = AskCard(part, self._texts, style), len(self.asks) + 1
            given = run.progress.ask(step_number, number)
            if given is not None:
                ask.restore(given.choice - 1)
            ask.answered.connect(lambda choice: run.answer_ask(number, choice))
            self.asks.append(ask)
            self._rows.addWidget(ask)
        elif isinstance(part, Predict):
            number = len(self.predictions) + 1
            card = PredictCard(part, (step_number, number), self._texts, style)
            skipped = (step_number, number) in run.progress.skipped
            card.restore(run.progress.prediction(step_number, number), skipped=skipped)
            measured = run.progress.truth(step_number, number)
            if run.is_reached and run.truth is None and measured is not None:
                card.reveal_recorded(measured)
            card.predicted.connect(run.predict)
            card.skipped.connect(lambda: run.skip(number))
            self.predictions.append(card)
            self._rows.addWidget(card)

    def _connect(self) -> None:
        run, goal = self._run, self.goal
        run.goal_changed.connect(self.show_goal)
        run.goal_reached.connect(self.show_reached)
        if goal is None:
            return
        goal.show_reached(on=run.is_reached)
        if run.is_reached and run.truth is not None:
            goal.freeze_numbers(run.truth)
        goal.solve_requested.connect(run.apply_solution)
        goal.stop_requested.connect(run.solver.stop)
        goal.reset_requested.connect(run.reset_step)
        run.solver.progressed.connect(goal.show_solving)
        run.solver.ended.connect(self._end_solving)

    def _end_solving(self) -> None:
        if self.goal is not None:
            self.goal.show_solving(None)
