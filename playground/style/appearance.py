"""The style of the whole window: light or dark, following the system by default, and its scale."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtGui import QGuiApplication

from playground.style.theme import DARK, LIGHT, PRESENTATION_SCALE, Style, Theme

ThemeChoice: TypeAlias = Literal["system", "light", "dark"]

THEME_CHOICES: Final[tuple[ThemeChoice, ...]] = ("system", "light", "dark")
_KEY: Final = "appearance/theme"
FULL_WIDTH: Final = 1400
"""Minimum window width for presentations at full scale."""

MIN_PRESENTATION_SCALE: Final = 1.15

_PRESENTATION: Final = "appearance/presentation"


class Appearance(QObject):
    """The current style; views redraw on ``changed``.

    Signals:
        changed: the new :class:`playground.style.theme.Style`.
    """

    changed = Signal(object)

    def __init__(self, family: str, settings: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._family = family
        self._settings = settings
        stored = settings.value(_KEY, "system")
        self._choice: ThemeChoice = next((choice for choice in THEME_CHOICES if choice == stored), "system")
        self._width = _screen_width()
        self._presentation = str(settings.value(_PRESENTATION, "")).lower() == "true"
        self._style = self._resolved()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._refresh)

    @property
    def style(self) -> Style:
        """The current style."""
        return self._style

    @property
    def theme_choice(self) -> ThemeChoice:
        """The user's choice: ``system`` follows the desktop."""
        return self._choice

    @property
    def presentation(self) -> bool:
        """Whether everything is drawn large for a projector."""
        return self._presentation

    def choose_theme(self, choice: ThemeChoice) -> None:
        """Use ``choice`` now and at the next start."""
        self._choice = choice
        self._settings.setValue(_KEY, choice)
        self._refresh()

    def set_presentation(self, on: bool) -> None:  # noqa: FBT001 - follows QAction.toggled
        """Turn presentation mode on or off, now and at the next start."""
        self._presentation = on
        self._settings.setValue(_PRESENTATION, on)
        self._refresh()

    def fit(self, width: int) -> None:
        """Choose the scale of presentation mode for a window of ``width`` pixels; at first it is that for the main screen."""
        self._width = width
        self._refresh()

    def _refresh(self) -> None:
        style = self._resolved()
        if style != self._style:
            self._style = style
            self.changed.emit(style)

    def _resolved(self) -> Style:
        return Style(self._theme(), presentation_scale(self._width) if self._presentation else 1.0, self._family)

    def _theme(self) -> Theme:
        if self._choice == "system":
            dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
            return DARK if dark else LIGHT
        return DARK if self._choice == "dark" else LIGHT


def presentation_scale(width: int) -> float:
    """Return the scale of presentation mode in a window of ``width`` pixels, limited so that the cards fit."""
    return round(min(PRESENTATION_SCALE, max(MIN_PRESENTATION_SCALE, width * PRESENTATION_SCALE / FULL_WIDTH)), 2)


def _screen_width() -> int:
    return QGuiApplication.primaryScreen().availableSize().width()
