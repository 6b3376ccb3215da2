"""Show the strip of pins from the first pin on, and the compared pin while a key is held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout
from typing_extensions import override

from playground.widgets.guard import guarded_or

if TYPE_CHECKING:
    from collections.abc import Callable

    from playground.panels.pins.strip import PinStrip
    from playground.style.theme import Style
    from playground.window.parts import WindowParts

FLIP_KEY: Final = Qt.Key.Key_F
"""The key that shows the compared pin while it is held."""

FLIPPED: Final = ("network", "output", "confusion", "landscape_3d")
"""Cards that cannot draw several runs at once and show the pinned run while the key is held."""

READABLE: Final = 5.0
STRIP_PLACE: Final = 1
"""Index in the window's layout, below the toolbar."""


class Pinning(QObject):
    """Shows and hides the strip of pins, and switches cards to the compared pin.

    Args:
        parts: the parts of the window.
        export: opens the export dialog.
    """

    def __init__(self, parts: WindowParts, export: Callable[[], object]) -> None:
        super().__init__(parts.window)
        self._parts, self._export = parts, export
        self.strip: PinStrip | None = None
        self._is_flipped = False
        parts.session.pins.changed.connect(self._follow)
        parts.appearance.changed.connect(self._show_style)

    @property
    def is_flipped(self) -> bool:
        """Whether the pinned run is shown instead of the current one."""
        return self._is_flipped

    def flip(self) -> None:
        """Show the compared pin in :data:`FLIPPED` cards until the key is released."""
        pin = self._parts.session.pins.compared
        if pin is None:
            self._parts.session.message.emit("Pin a run first (Ctrl+D): then F shows it while it is held.", "info")
            return
        if self._is_flipped:
            return
        self._is_flipped = True
        cards = self._parts.cards()
        name = self._parts.session.pins.name(pin)
        for key in FLIPPED:
            cards[key].set_badge(f"Pinned: {name}")
            cards[key].show_settings(pin.run.experiment)
        snapshot = replace(pin.run.snapshot, generation=self._parts.session.generation)
        self._parts.controller.clock.show_instead((cards[key] for key in FLIPPED), snapshot)
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def unflip(self) -> None:
        """Show the current run again."""
        if not self._is_flipped:
            return
        self._is_flipped = False
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        cards = self._parts.cards()
        for key in FLIPPED:
            cards[key].set_badge("")
            cards[key].show_settings(self._parts.session.experiment)
        self._parts.controller.clock.show_instead((), None)

    def _follow(self) -> None:
        if self.strip is None and self._parts.session.pins.all:
            from playground.panels.pins.strip import PinStrip  # imported late: most sessions begin without a pin

            central = self._parts.window.centralWidget()
            # Without a parent, the strip would briefly appear as a separate window.
            self.strip = PinStrip(self._parts.session, self._parts.appearance.style, central)
            self.strip.export_requested.connect(self._export)
            column = None if central is None else central.layout()
            if isinstance(column, QVBoxLayout):
                column.insertWidget(STRIP_PLACE, self.strip)
            self._parts.controller.clock.add(self.strip, READABLE)
            self._parts.controller.clock.wake()
        if self._is_flipped and self._parts.session.pins.compared is None:
            self.unflip()

    def _show_style(self, style: Style) -> None:
        if self.strip is not None:
            self.strip.set_style(style)

    @override
    @guarded_or(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show the current run again when the key is released or the window loses the focus."""
        released = (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyRelease
            and event.key() == FLIP_KEY
            and not event.isAutoRepeat()
        )
        if released or event.type() == QEvent.Type.ApplicationDeactivate:
            self.unflip()
        # The base class is not called, because it rejects what PySide sometimes passes in place of a widget: the item of a layout
        # that Qt has deleted, and whose address the widget has now.
        return False
