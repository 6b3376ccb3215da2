"""A figure on axes that also cover what it shows at other moments."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QGraphicsView

    from playground.style.theme import Style
    from playground.widgets.figure import Figure, FigureText, Table


class AlignedFigure:
    """A figure whose picture is built by another function.

    Args:
        original: the figure on its own axes.
        build: returns a new hidden view on the shared axes.
    """

    def __init__(self, original: Figure, build: Callable[[Style], QGraphicsView]) -> None:
        self._original, self._build = original, build

    @property
    def figure_key(self) -> str:
        """Stem of the exported file's name."""
        return self._original.figure_key

    @property
    def figure_title(self) -> str:
        """Title of the picture."""
        return self._original.figure_title

    def build_figure(self, style: Style) -> QGraphicsView:
        """Return a new hidden view of the picture."""
        return self._build(style)

    def figure_text(self) -> FigureText:
        """Return the text around the picture."""
        return self._original.figure_text()

    def figure_table(self) -> Table:
        """Return the data of the picture as a table."""
        return self._original.figure_table()
