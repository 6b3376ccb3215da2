"""What a view must offer so that its picture and the data behind it can be exported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from PySide6.QtWidgets import QGraphicsView

from playground.style.theme import Style

SvgRoute: TypeAlias = Literal["pyqtgraph", "scene"]
"""How a figure becomes SVG: pyqtgraph's exporter for plots, Qt's generator for a plain graphics scene."""


@dataclass(frozen=True, slots=True)
class Table:
    """The data behind a figure, as a spreadsheet takes it.

    Attributes:
        columns: headings, with units where there are any.
        rows: one tuple a row; numbers at full precision.
    """

    columns: tuple[str, ...]
    rows: Sequence[tuple[float | int | str, ...]]


class Figure(Protocol):
    """A view whose picture can be built a second time, for another size and style."""

    @property
    def figure_key(self) -> str:
        """Stem of the exported file's name, such as ``loss``."""
        ...

    @property
    def figure_title(self) -> str:
        """What the picture is called, such as ``Loss``."""
        ...

    @property
    def svg_route(self) -> SvgRoute:
        """How it becomes SVG."""
        ...

    def build_figure(self, style: Style) -> QGraphicsView:
        """Return a new, hidden, stand-alone view of what is shown now: same data, ranges and options, axes and legend.

        It is drawn in ``style`` (colours, and every length times ``style.scale``), has a title line, and stays as it is
        when training goes on. The caller resizes, renders and deletes it.
        """
        ...

    def figure_table(self) -> Table:
        """Return the data behind the picture."""
        ...
