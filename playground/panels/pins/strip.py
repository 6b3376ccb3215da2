"""The strip of pinned runs below the toolbar, present while there are pins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget
from typing_extensions import override

from core.training.pins.same_start import shared_start
from playground.panels.pins.chip import PinChip
from playground.panels.pins.start_wording import StartWords, start_words
from playground.style.theme import GRID, Style
from playground.widgets.guard import guarded
from playground.widgets.plain_text import PlainLabel, plain_tip

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot
    from playground.session import Session

HEIGHT: Final = 34
MIN_WORDS: Final = 120
"""Minimum width of the sentence about the shared start, in pixels at scale 1."""


class PinStrip(QFrame):
    """Shows each pin as a chip, and what the compared pin shares with the current run.

    Signals:
        export_requested: the user wants to export the comparison.
    """

    export_requested = Signal()

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._style = session, style
        self.setObjectName("pinStrip")
        self.setAccessibleName("Pinned runs")
        self._chips: dict[int, PinChip] = {}
        self._snapshot: Snapshot | None = None
        self._said_for: tuple[object, ...] = ()
        self._words = StartWords("", "", rewinding_helps=False)
        self._label = PlainLabel("Pinned")
        self._label.setProperty("role", "muted")
        self._start = PlainLabel()
        self._start.setObjectName("sameStart")
        self._start.setProperty("role", "muted")
        self._rewind = QPushButton("Rewind")
        self._rewind.setObjectName("rewindToCompare")
        self._rewind.setProperty("role", "link")
        self._rewind.setToolTip("Restart the current run at step 0, so that both start alike (R).")
        self._rewind.clicked.connect(session.reset)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._label)
        self._row.addStretch(1)
        self._row.addWidget(self._start)
        self._row.addWidget(self._rewind)
        session.pins.changed.connect(self._follow)
        self.set_style(style)

    @property
    def chips(self) -> tuple[PinChip, ...]:
        """The chips, in the order of the pins."""
        return tuple(self._chips[pin.key] for pin in self._session.pins.all)

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        side = round(style.px(GRID))
        self._row.setContentsMargins(2 * side, round(style.px(6)), 2 * side, 0)
        self._row.setSpacing(side)
        self.setFixedHeight(round(style.px(HEIGHT)))
        self._follow()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show what the current run shares with the compared pin."""
        self._snapshot = snapshot
        self._say()

    def _follow(self) -> None:
        """Update the chips."""
        pins = self._session.pins
        self.setVisible(bool(pins.all))
        for key in [key for key in self._chips if pins.find(key) is None]:
            chip = self._chips.pop(key)
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        for place, pin in enumerate(pins.all, start=1):
            if pin.key not in self._chips:
                chip = PinChip(pin, self._session, self._style, self)
                chip.export_requested.connect(self.export_requested)
                self._chips[pin.key] = chip
            if self._row.indexOf(self._chips[pin.key]) != place:
                self._row.removeWidget(self._chips[pin.key])
                self._row.insertWidget(place, self._chips[pin.key])
            self._chips[pin.key].show_pin(pin, self._style)
        self._say()

    def _say(self) -> None:
        pin, snapshot = self._session.pins.compared, self._snapshot
        if pin is None or snapshot is None:
            self._words, self._said_for = StartWords("", "", rewinding_helps=False), ()
        else:
            name, marks = self._session.pins.name(pin), snapshot.curve.marks
            begins = snapshot.path.steps[:1].tolist()
            said_for = (pin.key, name, snapshot.generation, marks, begins, snapshot.data)
            if said_for == self._said_for:
                return
            self._said_for = said_for
            self._words = start_words(shared_start(pin.run.snapshot, snapshot), name)
        self._start.setToolTip(plain_tip(self._words.long))
        self._start.setAccessibleDescription(self._words.long)
        self._rewind.setVisible(self._words.rewinding_helps)
        for key, chip in self._chips.items():  # beside many chips there is no room for the sentence
            chip.say_start(self._words.short if pin is not None and key == pin.key else "")
        self._fit()

    def _fit(self) -> None:
        """Elide names to fit the strip, and the sentence to fit the remaining width."""
        around = self._label.sizeHint().width() + round(self._style.px(6 * GRID))
        around += self._rewind.sizeHint().width() if not self._rewind.isHidden() else 0
        for chip in self._chips.values():
            chip.set_limit((self.width() - around) // len(self._chips) - self._row.spacing())
        taken = sum(chip.sizeHint().width() for chip in self._chips.values()) + self._label.sizeHint().width()
        taken += self._rewind.sizeHint().width() if not self._rewind.isHidden() else 0
        margins = self._row.contentsMargins()
        room = self.width() - margins.left() - margins.right() - taken - self._row.spacing() * (len(self._chips) + 4)
        metrics = self._start.fontMetrics()
        text = metrics.elidedText(self._words.short, Qt.TextElideMode.ElideRight, room)
        self._start.setText(text if room >= self._style.px(MIN_WORDS) else "")

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Adapt names and sentence to the new width."""
        super().resizeEvent(event)
        self._fit()
