"""A figure with a title or subtitle that the user wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from playground.export.frame import usual_words
from playground.widgets.figure import Figure, FigureText, Table

if TYPE_CHECKING:
    from PySide6.QtWidgets import QGraphicsView

    from playground.style.theme import Style


class RenamedFigure(Struct, frozen=True):
    """A figure with another title.

    Attributes:
        original: the figure.
        title: the new title; empty for the usual one.
        subtitle: the new subtitle; empty for the usual one.
    """

    original: Figure
    title: str
    subtitle: str

    @property
    def figure_key(self) -> str:
        """Stem of the file's name."""
        return self.original.figure_key

    @property
    def figure_title(self) -> str:
        """Title in the file's metadata."""
        return self.title or self.original.figure_title

    def build_figure(self, style: Style) -> QGraphicsView:
        """Return a view of the figure."""
        return self.original.build_figure(style)

    def figure_text(self) -> FigureText:
        """Return the new words."""
        text = self.original.figure_text()
        title, subtitle = usual_words(text)
        return FigureText(
            self.subtitle or subtitle,
            finding=self.title or title,
            differences=text.differences,
            briefer=() if self.title else text.briefer,
        )

    def figure_table(self) -> Table:
        """Return the data of the figure."""
        return self.original.figure_table()
