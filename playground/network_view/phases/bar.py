"""The bar below the network that walks through the phases of a training step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSignalBlocker, QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from core.training.phases import PHASES, Phase, Portion
from playground.network_view.phases.words import PhaseWords
from playground.style.resources import icon
from playground.style.theme import GRID, Style
from playground.widgets.plain_text import PlainLabel
from playground.widgets.quiet import QuietCombo

if TYPE_CHECKING:
    from collections.abc import Callable

    from playground.session import Session

PORTIONS: Final[dict[Portion, str]] = {"row": "chosen sample", "sample": "next sample", "batch": "next batch"}
_TIPS: Final[dict[Phase, str]] = {
    "forward": "The samples pass through the network",
    "loss": "The prediction is compared with the target",
    "backward": "The slope of the loss with respect to every weight, from the output back",
    "update": "Every weight moves against its slope",
}


class PhaseBar(QWidget):
    """Shows the phase of the session's walk, with one sentence; hidden while there is none.

    Attributes:
        controls: the buttons and the sentence; ``None`` before the first walk.
    """

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("phaseBar")
        self.setAccessibleName("Phases of a training step")
        self._session, self._style = session, style
        self.controls: PhaseControls | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        session.phases_changed.connect(self._follow)
        session.selection_changed.connect(lambda _selection: self._say())
        session.playing_changed.connect(lambda _playing: self._follow())
        self.hide()

    @property
    def sentence(self) -> str:
        """The sentence on the current phase."""
        return "" if self.controls is None else self.controls.sentence.text()

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        if self.controls is not None:
            self.controls.set_style(style)

    def _follow(self) -> None:
        """Show the current phase; the controls are created for the first one."""
        phase = self._session.phase
        if phase is not None and self.controls is None:
            self.controls = PhaseControls(self._session, self._style, self._follow, self)
            self._column.addWidget(self.controls)
        self.setVisible(phase is not None)
        if self.controls is not None:
            self.controls.show_phase(phase)
        self._say()

    def _say(self) -> None:
        """Show the sentence on the current phase."""
        session = self._session
        step, phase = session.phase_step, session.phase
        if step is None or phase is None or self.controls is None:
            return
        words = PhaseWords(step, session.selection, session.restrictions)
        self.controls.sentence.setText(f"Step {step.number}. {words.sentence(phase)}")


class PhaseControls(QWidget):
    """The buttons of the phases and the sentence below them."""

    def __init__(self, session: Session, style: Style, follow: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._follow = session, follow
        self.back = self._tool("phaseBackButton", "Previous phase", "Previous phase (Shift+N)", session.back_phase)
        self.close_button = self._tool(
            "phaseCloseButton", "End", "End; the weights stay as they are", session.leave_phases
        )
        self.buttons: dict[Phase, QPushButton] = {}
        self.portions = QuietCombo()
        self.sentence = PlainLabel()
        self.sentence.setObjectName("phaseSentence")
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.sentence.setMinimumWidth(1)
        self._lay_out()
        self.set_style(style)

    def _tool(self, name: str, accessible: str, tip: str, run: object) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setProperty("role", "tool")
        button.setAccessibleName(accessible)
        button.setToolTip(tip)
        if callable(run):
            button.clicked.connect(lambda _checked=False: run())
        return button

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        line = QHBoxLayout()
        line.setSpacing(GRID)
        box = QFrame()
        box.setProperty("role", "segments")
        inner = QHBoxLayout(box)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        for phase in PHASES:
            button = self.buttons[phase] = QPushButton(phase.capitalize())
            button.setObjectName(f"{phase}PhaseButton")
            button.setProperty("role", "segment")
            button.setCheckable(True)
            button.setToolTip(f"{_TIPS[phase]} (next: N)")
            button.clicked.connect(lambda _checked=False, chosen=phase: self._choose(chosen))
            inner.addWidget(button)
        self.portions.setObjectName("phasePortionCombo")
        self.portions.setAccessibleName("Samples of the step")
        self.portions.setToolTip(
            "Samples of the step: one selected in the data table or output map, the next one, or the next batch."
        )
        self.portions.setMinimumContentsLength(max(map(len, PORTIONS.values())))
        for portion, text in PORTIONS.items():
            self.portions.addItem(text, portion)
        self.portions.activated.connect(lambda _index: self._session.choose_portion(self.portions.currentData()))
        for widget in (self.back, box, self.portions):
            line.addWidget(widget)
        line.addStretch(1)
        line.addWidget(self.close_button)
        column.addLayout(line)
        column.addWidget(self.sentence)

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        size = round(style.px(14))
        for button, name in ((self.back, "chevron-left"), (self.close_button, "close")):
            button.setIcon(icon(name, style.theme.muted, sizes=(size,)))
            button.setIconSize(QSize(size, size))
        # Reserve two lines, so that the network does not move when a sentence wraps.
        self.sentence.setMinimumHeight(2 * self.sentence.fontMetrics().lineSpacing() + 2)

    def _choose(self, phase: Phase) -> None:
        """Go to ``phase``; after an update, the button of the current phase starts the next step."""
        session = self._session
        if phase == "forward" and session.phase == "update":
            session.advance_phase()
        else:
            session.show_phase(phase)
        self._follow()

    def show_phase(self, phase: Phase | None) -> None:
        """Mark ``phase``, and enable what can be done while training is paused."""
        session = self._session
        for each, button in self.buttons.items():
            button.setChecked(each == phase)
            button.setEnabled(not session.playing)
        self.back.setEnabled(session.can_go_back and not session.playing)
        with QSignalBlocker(self.portions):
            self.portions.setCurrentIndex(self.portions.findData(session.portion))
