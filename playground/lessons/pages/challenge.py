"""The card of a challenge: its conditions with live values, score, best result, and a button that trains with all seeds."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QProgressBar, QPushButton, QWidget

from core.lessons.headless.challenge import ChallengeResult
from core.lessons.measurements.conditions import condition_in_words, measure_name, measured_in_words, score_in_words
from core.training.snapshot import Snapshot
from playground.lessons.cards.block import BlockCard
from playground.lessons.challenge_run import ChallengeRun
from playground.lessons.text.texts import UNKNOWN
from playground.style.theme import Style
from playground.widgets.plain_text import PlainLabel

_RANGE = 1000


class ChallengeCard(BlockCard):
    """Shows the challenge ``run``."""

    def __init__(self, run: ChallengeRun, style: Style, parent: QWidget | None = None) -> None:
        challenge = run.challenge
        super().__init__(f"Challenge {challenge.number}", style, parent)
        self._run = run
        self._score = challenge.score
        grid = QGridLayout()
        grid.setColumnStretch(0, 1)
        self._values: list[PlainLabel] = []
        score = measure_name(challenge.score).lower()
        rows = [*(condition_in_words(condition) for condition in challenge.bar), f"Score: {score} ({challenge.best})"]
        for row, words in enumerate((*rows, "Your best")):
            name, value = PlainLabel(words), PlainLabel(UNKNOWN)
            name.setProperty("role", "muted")
            name.setWordWrap(True)
            value.setProperty("role", "value")
            value.setObjectName(f"challengeValue-{row + 1}")
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            grid.addWidget(name, row, 0)
            grid.addWidget(value, row, 1)
            self._values.append(value)
        self.rows.addLayout(grid)
        self._run_start = QPushButton()
        self._run_start.setObjectName("runStartsButton")
        self._run_start.clicked.connect(lambda _=False: run.start())
        self.rows.addWidget(self._run_start, 0, Qt.AlignmentFlag.AlignLeft)
        self._bar = QProgressBar()
        self._bar.setRange(0, _RANGE)
        self._bar.setAccessibleName("Starts")
        self._bar.hide()
        self.rows.addWidget(self._bar)
        self._result = PlainLabel()
        self._result.setObjectName("challengeResult")
        self._result.setWordWrap(True)
        self._result.hide()
        self.rows.addWidget(self._result)
        run.progressed.connect(self._show_progress)
        run.finished.connect(self._show_result)
        run.refused.connect(self._say)
        run.best_changed.connect(self._show_best)
        self._name_button()
        self._show_best()

    @property
    def result(self) -> str:
        """The message about the runs; empty before they have ended."""
        return self._result.text()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the live values."""
        start = self._run.judge(snapshot)
        for label, state in zip(self._values, start.conditions, strict=False):
            text = measured_in_words(state.condition, state.value)
            label.setText(f"{text} ✓" if state.holds else text)
        self._values[-2].setText(score_in_words(self._score, start.score))

    def _name_button(self) -> None:
        count = self._run.challenge.seeds
        text = "Cancel" if self._run.is_running else f"Run {count} starts" if count > 1 else "Run it from the start"
        self._run_start.setText(text)
        self._run_start.setAccessibleName(text)
        self._run_start.setToolTip(
            "Train the current settings from different initial weights, for as long as the challenge allows."
        )

    def _show_progress(self, share: float) -> None:
        self._bar.setVisible(self._run.is_running)
        self._bar.setValue(round(_RANGE * share))
        self._name_button()

    def _show_result(self, result: ChallengeResult | None) -> None:
        self._bar.hide()
        self._name_button()
        if result is None:
            return
        count, cleared = len(result.starts), sum(start.cleared for start in result.starts)
        if not result.cleared:
            missed = ", ".join(str(start.seed) for start in result.starts if not start.cleared)
            self._say(f"{cleared} of {count} starts clear the bar; not those with seed {missed}.")
            return
        starts = "The start clears" if count == 1 else f"All {count} starts clear"
        self._say(f"{starts} the bar. Score: {score_in_words(self._score, result.score)}.")

    def _say(self, sentence: str) -> None:
        self._result.setText(sentence)
        self._result.show()

    def _show_best(self) -> None:
        best = self._run.best
        self._values[-1].setText(UNKNOWN if best is None else score_in_words(self._score, best))
        if best is not None:
            self.set_heading(self.heading, "check")
