"""The toolbar: play, step, rewind, new seed, speed, readouts and export."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QToolButton, QWidget
from typing_extensions import override

from core.engine.cost import LONG_EPOCH_SECONDS
from playground.panels.toolbar.pin_differences import show_differences
from playground.panels.toolbar.read_out import ReadOut
from playground.panels.toolbar.speed_control import SpeedControl
from playground.panels.toolbar.wait_text import WaitText
from playground.style.numbers import THIN_SPACE, percent, short, thousands
from playground.style.resources import icon
from playground.style.theme import Style
from playground.widgets.guard import guarded
from playground.widgets.plain_text import PlainLabel, plain_tip

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot
    from playground.session import Session
    from playground.worker.commands import StepKind

_HEIGHT: Final = 56
_NOTE_WIDTH: Final = 200
_STEPS: Final[tuple[tuple[StepKind, str, str], ...]] = (
    ("sample", "One sample", "Step: train on one sample."),
    ("batch", "One batch", "Step: train on one batch."),
    ("epoch", "One epoch", "Step: train to the end of the epoch."),
)


class Toolbar(QFrame):
    """The toolbar at the top of the window.

    Signals:
        export_requested: the Export button was pressed.
        doctor_requested: the button with the number of findings was pressed.
        lessons_requested: the Lessons button was pressed.

    Attributes:
        play_action: trains or pauses (``playAction``).
        step_action: takes a step of the kind chosen last (``stepAction``).
        reset_action: rewinds to step 0 (``resetAction``).
        seed_action: draws new initial weights (``seedAction``).
        export_button: the Export button, to which a menu can be added.
        lessons_button: the Lessons button.
        doctor_button: the number of the doctor's findings; hidden while there are none.
    """

    export_requested = Signal()
    doctor_requested = Signal()
    lessons_requested = Signal()

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._style = style
        self._step_kind: StepKind = "batch"
        self._snapshot: Snapshot | None = None
        self.setObjectName("toolbar")
        self.setAccessibleName("Training")
        self.setProperty("role", "toolbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._make_actions()
        self._layout = QHBoxLayout(self)
        self._buttons = (
            self._button(self.play_action, "play"),
            self._button(self.step_action, "tool"),
            self._button(self.reset_action, "tool"),
            self._button(self.seed_action, "tool"),
        )
        self._buttons[1].setMenu(self._step_menu)
        self._buttons[1].setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self._speed = SpeedControl(session, style)
        self._layout.addWidget(self._speed)
        self._make_read_outs(style)
        self._layout.addStretch(1)
        self._note_text, self._findings = "", 0
        self._note = PlainLabel()
        self._note.setObjectName("engineNote")
        self._note.setProperty("role", "muted")
        self._note.hide()
        self._layout.addWidget(self._note)
        self.doctor_button = QToolButton()
        self.doctor_button.setObjectName("doctorButton")
        self.doctor_button.setProperty("role", "tool")
        self.doctor_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.doctor_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.doctor_button.clicked.connect(self.doctor_requested)
        self._layout.addWidget(self.doctor_button)
        self.lessons_button = QPushButton("Lessons")
        self.lessons_button.setObjectName("lessonsButton")
        self.lessons_button.setAccessibleName("Lessons")
        self.lessons_button.setToolTip("Guided lessons and challenges, which check each step themselves (F2).")
        self.lessons_button.clicked.connect(self.lessons_requested)
        self._layout.addWidget(self.lessons_button)
        self.export_button = QPushButton("Export")
        self.export_button.setObjectName("exportButton")
        self.export_button.setAccessibleName("Export")
        self.export_button.setToolTip("Save plots and the network diagram for slides, or their numbers.")
        self.export_button.clicked.connect(self.export_requested)
        self._layout.addWidget(self.export_button)
        session.playing_changed.connect(self._show_playing)
        self.wait_text = WaitText(session, self)
        self.wait_text.changed.connect(lambda: self._rate.show_text(self.wait_text.text))
        session.pins.changed.connect(self._show_differences)
        self.show_findings(())
        self.set_style(style)

    # -- building ----------------------------------------------------------------------------------------------------

    def _make_actions(self) -> None:
        session = self._session
        self.play_action = self._action("playAction", "Play", session.toggle)
        self.step_action = self._action("stepAction", "Step", lambda: session.step(self._step_kind))
        self.reset_action = self._action("resetAction", "Rewind", session.reset)
        self.reset_action.setToolTip("Rewind: back to step 0 with the same initial weights.")
        self.seed_action = self._action("seedAction", "New seed", session.new_seed)
        self.seed_action.setToolTip("New seed: draw new initial weights and restart at step 0.")
        self._step_menu = QMenu(self)
        for kind, text, tip in _STEPS:
            action = self._step_menu.addAction(text)
            action.setObjectName(f"{kind}StepChoice")
            action.setToolTip(tip)
            action.triggered.connect(lambda _=False, chosen=kind: self._step_by(chosen))
        phases = self._step_menu.addAction("Phase by phase")
        phases.setObjectName("phaseStepChoice")
        phases.setToolTip("Step: forward, loss, backward and update, one after the other (N).")
        phases.triggered.connect(lambda _=False: session.advance_phase())
        self._choose_step("batch")

    def _action(self, name: str, text: str, run: Callable[[], object]) -> QAction:
        action = QAction(text, self)
        action.setObjectName(name)
        action.triggered.connect(lambda _=False: run())
        self.addAction(action)
        return action

    def _button(self, action: QAction, role: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(action.objectName().removesuffix("Action") + "Button")
        button.setDefaultAction(action)
        button.setProperty("role", role)
        button.setAccessibleName(action.text())
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._layout.addWidget(button)
        return button

    def _make_read_outs(self, style: Style) -> None:
        self._epoch = ReadOut("Epoch", "000 000", style)
        self._train = ReadOut("Train loss", "0.00e−00", style)
        self._test = ReadOut("Test loss", "0.00e−00", style)
        self._accuracy = ReadOut("Test accuracy", "100.0 %", style)
        self._rate = ReadOut("Steps per second", "00.0 M", style)
        self._accuracy.setToolTip("Share of the test samples that are classified correctly.")
        self._train.setToolTip("Mean loss over the training set, penalty excluded.")
        self._test.setToolTip("Mean loss over the test set, which training never sees.")
        for read_out in self.read_outs:
            self._layout.addWidget(read_out)

    @property
    def read_outs(self) -> tuple[ReadOut, ...]:
        """The readouts, from left to right."""
        return self._epoch, self._train, self._test, self._accuracy, self._rate

    # -- showing -----------------------------------------------------------------------------------------------------

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the numbers of ``snapshot``."""
        scores, self._snapshot = snapshot.scores, snapshot
        self._epoch.show_text(_epoch(snapshot))
        missing = snapshot.data.missing
        self._train.show_text(_loss(scores.train_loss) if len(snapshot.data.x_train) else "–")
        self._test.show_text("–" if not len(snapshot.data.x_test) else _loss(scores.test_loss))
        self._accuracy.show_text(percent(scores.test_accuracy))
        training = "waiting" if missing else _rate(snapshot.steps_per_second)
        self.wait_text.settle(snapshot)
        self._rate.show_text(self.wait_text.text or (training if snapshot.playing else "paused"))
        self._rate.setToolTip(missing)
        self._show_differences()

    def _show_differences(self) -> None:
        """Show how the numbers differ from those of the compared pinned run."""
        compared = (self._epoch, self._train, self._test, self._accuracy)
        if show_differences(compared, self._session.pins, self._snapshot):
            self._fit()

    def show_findings(self, titles: Sequence[str]) -> None:
        """Show the number of the doctor's findings, given their ``titles``, worst first; without any, hide the button."""
        count = len(titles)
        found = (
            f"{count} {'finding' if count == 1 else 'findings'}: {'; '.join(titles)}" if count else "Nothing stands out"
        )
        text = f"Why isn't it learning? {found}."
        if self.doctor_button.accessibleName() == text:
            return
        self._findings = count
        self.doctor_button.setText(str(count))
        self.doctor_button.setToolTip(plain_tip(text))
        self.doctor_button.setAccessibleName(text)
        self._fit()

    def show_engine_note(self, sentence: str) -> None:
        """Show in the toolbar why training is slower than possible; an empty sentence hides the note."""
        self._note_text = sentence
        self._note.setToolTip(sentence)
        self._note.setAccessibleName(sentence)
        self._fit()

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        self.setFixedHeight(round(style.px(_HEIGHT)))
        self._layout.setContentsMargins(round(style.px(16)), 0, round(style.px(16)), 0)
        self._layout.setSpacing(round(style.px(8)))
        side = round(style.px(20))
        for button in self._buttons:
            button.setIconSize(QSize(side, side))
        self.doctor_button.setIconSize(QSize(round(style.px(16)), round(style.px(16))))
        self._speed.set_style(style)
        for read_out in self.read_outs:
            read_out.set_style(style)
        self._draw_icons()
        self._fit()

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the parts that do not fit."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Hide parts that do not fit: note, steps per second, speed slider, accuracy, and last the findings.

        The findings shrink to a warning sign before anything but the note and the speed of training is hidden for them.
        """
        widest = round(self._style.px(_NOTE_WIDTH)) if self._note_text else 0
        text = self._note.fontMetrics().elidedText(self._note_text, Qt.TextElideMode.ElideRight, widest)
        self._note.setText(text)
        always: tuple[QWidget, ...] = (*self._buttons, self._epoch, self._train, self._test)
        always = (*always, self.lessons_button, self.export_button)
        spacing = self._layout.spacing()
        margins = self._layout.contentsMargins()
        room = self.width() - margins.left() - margins.right() - sum(self._width(part) + spacing for part in always)
        optional: tuple[QWidget, ...] = (self._note, self._rate, self._speed, self._accuracy)
        doctor, number = self.doctor_button, 0
        if self._findings:
            doctor.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            room -= (sign := self._width(doctor) + spacing)
            doctor.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            number = self._width(doctor) + spacing - sign
        needed = [self._width(part) + spacing for part in optional]
        for index, part in enumerate(optional):
            part.setVisible(sum(needed[index:]) <= room and (part is not self._note or bool(text)))
        left = room - sum(width for part, width in zip(optional, needed, strict=True) if not part.isHidden())
        if left < number:
            doctor.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        doctor.setVisible(self._findings > 0 and left >= 0)

    @staticmethod
    def _width(part: QWidget) -> int:
        return part.minimumWidth() if isinstance(part, ReadOut) else part.sizeHint().width()

    def _draw_icons(self) -> None:
        theme = self._style.theme
        side = (round(self._style.px(20)),)
        self._draw_play()
        self.step_action.setIcon(icon("step", theme.ink, sizes=side))
        self.reset_action.setIcon(icon("reset", theme.ink, sizes=side))
        self.doctor_button.setIcon(icon("warning", theme.ink, sizes=side))
        self.seed_action.setIcon(icon("seed", theme.ink, sizes=side))

    def _draw_play(self) -> None:
        playing = self._session.playing
        side = (round(self._style.px(20)),)
        self.play_action.setIcon(icon("pause" if playing else "play", self._style.theme.panel, sizes=side))
        self.play_action.setText("Pause" if playing else "Play")
        self.play_action.setToolTip("Pause (space bar)" if playing else "Play (space bar)")
        self._buttons[0].setAccessibleName(self.play_action.text())

    def _show_playing(self, _playing: bool) -> None:  # noqa: FBT001 - a slot of Session.playing_changed
        self._draw_play()

    # -- from the user ---------------------------------------------------------------------------------------------

    def _step_by(self, kind: StepKind) -> None:
        self._choose_step(kind)
        self._session.step(kind)

    def _choose_step(self, kind: StepKind) -> None:
        """Set the kind of step of the Step button."""
        self._step_kind = kind
        self.step_action.setToolTip(next(tip for key, _, tip in _STEPS if key == kind))


def _loss(value: float) -> str:
    return f"{value:.4f}" if 0.001 <= value < 100.0 else short(value, 3)


def _epoch(snapshot: Snapshot) -> str:
    """Format the number of completed epochs; if epochs are long, with two decimals, so that progress is visible."""
    rate = snapshot.steps_per_second
    if rate > 0 and snapshot.epoch > 0 and snapshot.step / snapshot.epoch > LONG_EPOCH_SECONDS * rate:
        return f"{snapshot.epoch:.2f}"
    return thousands(int(snapshot.epoch))


def _rate(per_second: float) -> str:
    if not math.isfinite(per_second) or per_second < 1.0:
        return "0" if per_second == 0 else short(per_second, 2)
    for limit, unit in ((1e6, "M"), (1e3, "k")):
        if per_second >= limit:
            scaled = per_second / limit
            return f"{scaled:.0f}{THIN_SPACE}{unit}" if scaled >= 10 else f"{scaled:.1f}{THIN_SPACE}{unit}"
    return f"{per_second:.0f}"
