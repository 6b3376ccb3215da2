"""A multiple-choice question, with an explanation for each answer."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.lessons.blocks import Ask
from playground.lessons.cards.block import BlockCard, show_text
from playground.lessons.cards.choices import Choices
from playground.lessons.text.texts import Texts
from playground.style.theme import Style


class AskCard(BlockCard):
    """Asks a question and explains the chosen answer; the learner may then choose others.

    Signals:
        answered: the index of the chosen answer, from 0.
    """

    answered = Signal(int)

    def __init__(self, ask: Ask, texts: Texts, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Question", style, parent)
        self._ask = ask
        self.rows.addWidget(texts.view(ask.text.question))
        self.choices = Choices(ask.text.choices, "askChoice", texts, style)
        self.rows.addWidget(self.choices)
        self._because = [texts.view(text) for text in ask.text.because]
        for view in self._because:
            view.hide()
            self.rows.addWidget(view)
        self.choices.chosen.connect(self._answer)

    def restore(self, choice: int) -> None:
        """Show an earlier answer."""
        self.choices.choose(choice)
        self._explain(choice)

    @property
    def explanation(self) -> str:
        """The visible explanation; empty before an answer."""
        return next((view.toPlainText() for view in self._because if not view.isHidden()), "")

    @override
    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        super().set_style(style)
        self.choices.set_style(style)

    def _answer(self, choice: int) -> None:
        self._explain(choice)
        self.answered.emit(choice)

    def _explain(self, choice: int) -> None:
        is_right = choice == self._ask.answer - 1
        self.choices.mark(choice, "right" if is_right else "wrong")
        self.set_heading("Right" if is_right else "Not quite", "check" if is_right else "close")
        for index, view in enumerate(self._because):
            show_text(view, on=index == choice)
