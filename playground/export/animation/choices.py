"""The options of an animation: cards, format, size, colours, moments and speed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from PySide6.QtCore import QSettings, QSignalBlocker, Signal
from PySide6.QtWidgets import QFormLayout, QWidget

from playground.export.animation.formats import ANIMATION_FORMATS
from playground.export.animation.frames import (
    FRAME_RATES,
    LAST_DURATION,
    MAX_FRAMES,
    Frames,
    evenly_spaced,
    log_spaced,
)
from playground.export.widgets.controls import caption_box, combo, origin_box, theme_combo
from playground.export.widgets.size_choice import SizeChoice
from playground.style.theme import GRID
from playground.style.theme_names import ThemeName
from playground.widgets.quiet import QuietSpin

SIZES: Final = ((960, 540), (1280, 720), (1920, 1080), (720, 720))
WINDOW: Final = ""
"""Value of the choice of the whole window, instead of a card's key."""

LOG: Final = "log"
EVERY: Final = "every"
FRAMES: Final = 60
RATE: Final = 8
MAX_EPOCHS: Final = 1_000_000
_SIDES: Final = (64, 4096)
_GROUP: Final = "animation"

_BYTES: Final = {"gif": 0.045, "webp": 0.06, "mp4": 0.007}
"""Typical bytes per pixel and frame: the mean of network, output, loss and gradient of a run on spirals."""


class AnimationChoices(QWidget):
    """Controls for an animation.

    Signals:
        changed: a choice was changed.
    """

    changed = Signal()

    def __init__(self, cards: Sequence[tuple[str, str]], theme: str) -> None:
        """Build the controls; ``cards`` are (key, title), and ``theme`` is the default."""
        super().__init__()
        self._default_theme = theme
        what = [*((title, key) for key, title in cards), ("Whole window", WINDOW)]
        self._what = combo("Picture", what)
        self._what.setToolTip("One card, or all visible cards as they are laid out.")
        self._format = combo("Format", [(each.label, key) for key, each in ANIMATION_FORMATS.items()])
        self._size = SizeChoice([(f"{width} × {height}", (width, height)) for width, height in SIZES], _SIDES, self)
        self._theme = theme_combo()
        self._spacing = combo("Frames", [("Log-spaced, more at the start", LOG), ("One every n epochs", EVERY)])
        self._count = _whole("Number of frames", 2, MAX_FRAMES)
        self._every = _whole("Epochs per frame", 1, MAX_EPOCHS)
        self._epochs = _whole("Last epoch", 1, MAX_EPOCHS)
        self._epochs.setToolTip("The network is trained from the start up to this epoch, with the current settings.")
        self._rate = _whole("Frames per second", *FRAME_RATES)
        self._captioned = caption_box("animationCaptionBox")
        self._keeps = origin_box()
        self._lay_out()
        self._connect()

    # -- choices -----------------------------------------------------------------------------------------------------

    @property
    def what(self) -> str:
        """Key of the card, or ``WINDOW``."""
        return str(self._what.currentData())

    @property
    def format(self) -> str:
        """Key of the format."""
        return str(self._format.currentData())

    @property
    def size_in_pixels(self) -> tuple[int, int]:
        """Width and height."""
        return self._size.size

    @property
    def theme(self) -> ThemeName:
        """Key of the colours."""
        return cast("ThemeName", self._theme.currentData())

    @property
    def rate(self) -> int:
        """Frames per second."""
        return self._rate.value()

    @property
    def is_captioned(self) -> bool:
        """Whether the recipe is written below the picture."""
        return self._captioned.isChecked()

    @property
    def keeps(self) -> bool:
        """Whether the file keeps the experiment."""
        return self._keeps.isChecked()

    @property
    def moments(self) -> tuple[int, ...]:
        """The epochs of the frames, ascending."""
        if self._spacing.currentData() == LOG:
            return log_spaced(self._epochs.value(), self._count.value())
        return evenly_spaced(self._epochs.value(), self._every.value())

    @property
    def estimate(self) -> str:
        """Number of frames, duration and size of the file in words."""
        width, height = self.size_in_pixels
        count = len(self.moments)
        seconds = (Frames((1, 1), self.rate).duration * (count - 1) + LAST_DURATION) / 1000
        size = count * width * height * _BYTES[self.format]
        amount = f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{max(size, 1e4) / 1e6:.2f} MB"
        return f"{count} frames · {seconds:.1f} s · about {amount}"

    def choose(self, key: str) -> None:
        """Choose the card ``key``, if it is offered."""
        row = self._what.findData(key)
        if row >= 0:
            self._what.setCurrentIndex(row)

    # -- building ----------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        form = self._form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(GRID)
        form.addRow("Picture", self._what)
        form.addRow("Format", self._format)
        self._size.add_to(form)
        for label, widget in (
            ("Colours", self._theme),
            ("Last epoch", self._epochs),
            ("Frames", self._spacing),
            ("Number of frames", self._count),
            ("Epochs per frame", self._every),
            ("Frames per second", self._rate),
            ("", self._captioned),
            ("", self._keeps),
        ):
            form.addRow(label, widget)

    def _connect(self) -> None:
        self._size.changed.connect(self._change)
        for choice in (self._what, self._format, self._theme, self._spacing):
            choice.currentIndexChanged.connect(self._change)
        for box in (self._count, self._every, self._epochs, self._rate):
            box.valueChanged.connect(self._change)
        for tick in (self._captioned, self._keeps):
            tick.toggled.connect(self._change)

    def _change(self) -> None:
        with QSignalBlocker(self._every):
            self._every.setMinimum(max(1, -(-self._epochs.value() // (MAX_FRAMES - 1))))
        is_log = self._spacing.currentData() == LOG
        self._form.setRowVisible(self._count, is_log)
        self._form.setRowVisible(self._every, not is_log)
        self.changed.emit()

    # -- storing -----------------------------------------------------------------------------------------------------

    def store(self, settings: QSettings) -> None:
        """Save the choices, except the card and the length of the run, which depend on the window."""
        self._size.store(settings, _GROUP)
        choices = {
            "format": self.format,
            "theme": self.theme,
            "spacing": self._spacing.currentData(),
            "frames": self._count.value(),
            "every": self._every.value(),
            "rate": self.rate,
            "captioned": int(self.is_captioned),
            "keeps": int(self.keeps),
        }
        for key, value in choices.items():
            settings.setValue(f"{_GROUP}/{key}", value)

    def recall(self, settings: QSettings, epochs: int) -> None:
        """Restore the last choices, or the defaults for invalid ones; the run ends at ``epochs``."""

        def stored(key: str, default: object) -> str:
            return str(settings.value(f"{_GROUP}/{key}", default))

        for choice, key, usual in (
            (self._format, "format", "gif"),
            (self._theme, "theme", self._default_theme),
            (self._spacing, "spacing", LOG),
        ):
            choice.setCurrentIndex(max(choice.findData(stored(key, usual)), 0))
        self._epochs.setValue(epochs)
        self._size.recall(settings, _GROUP)
        for box, key, number in (
            (self._count, "frames", FRAMES),
            (self._every, "every", max(1, epochs // FRAMES)),
            (self._rate, "rate", RATE),
        ):
            text = stored(key, number)
            box.setValue(int(text) if text.isdecimal() and len(text) < 8 else number)
        self._captioned.setChecked(stored("captioned", 1) != "0")
        self._keeps.setChecked(stored("keeps", 1) != "0")
        self._change()


def _whole(name: str, minimum: int, maximum: int) -> QuietSpin:
    """Return a field for a whole number, called ``name``."""
    box = QuietSpin()
    box.setAccessibleName(name)
    box.setRange(minimum, maximum)
    box.setGroupSeparatorShown(False)
    return box
