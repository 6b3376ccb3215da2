"""The network as a stand-alone figure for export, in a graphics scene that any writer can render."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from playground.network_view.builder import PictureBuilder
from playground.network_view.controls.backdrop import paint_backdrop
from playground.network_view.edges.layer import EdgeLayer
from playground.network_view.layout.figure import figure_overhead
from playground.network_view.marks.hidden import paint_hidden
from playground.network_view.marks.painter import paint_clones, paint_legend
from playground.network_view.marks.sample import paint_sample
from playground.network_view.nodes.painter import paint_nodes
from playground.plotting.canvas.captions import title_lines, wrapped
from playground.plotting.drawing.pencil import text_height, write
from playground.session.selection import Selection
from playground.style.theme import TEXT_TITLE, Style
from playground.widgets.fitted_view import FittedItem
from playground.widgets.guard import guarded

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionGraphicsItem

TITLE_HEIGHT = 25.0
FOOT_HEIGHT = 26.0
LINE_HEIGHT = 16.0
MAX_LINES = 5
MAX_TITLE_LINES = 2

PAD = 14.0
LEGEND_HEIGHT = 20.0
SHARPNESS = 2.0
"""Pixels per unit of the pictures inside the nodes."""


class NetworkItem(FittedItem):
    """Paints a builder's picture below a title line, and above a foot unless that is empty."""

    def __init__(self, builder: PictureBuilder, title: str, foot: str, selection: Selection | None) -> None:
        super().__init__()
        self._builder = builder
        self._title, self._foot = title, foot
        self._selection = selection
        self._edges = EdgeLayer(vector=True)
        self._lines = 1

    @override
    def fits(self, width: float, height: float, *, tightly: bool = False) -> bool:
        """Return whether a figure of this size has text of the size that its style says, and whole names."""
        return self._builder.fits(width, self._inner(height, self.heading_lines(width)), tightly=tightly)

    @override
    def is_crowded(self, width: float, height: float) -> bool:
        """Return whether a figure of this size has hardly any room for the neurons of a layer."""
        return self._builder.is_crowded(width, self._inner(height, self.heading_lines(width)))

    @override
    def heading_lines(self, width: float) -> int:
        """Return the number of lines of the title in a figure ``width`` wide."""
        return max(len(self._titles(width)), 1)

    @override
    def reserve_lines(self, count: int) -> None:
        """Reserve ``count`` lines for the title."""
        self._lines = count

    def _titles(self, width: float) -> list[str]:
        """Return the lines of the title in a figure ``width`` wide."""
        style = self._builder.style
        return title_lines(style, self._title, width - 2 * style.px(PAD), max_lines=MAX_TITLE_LINES)

    @property
    @override
    def extent(self) -> tuple[float, float]:
        """Number of columns and of the neurons in the highest one, which is an image if it is one of pixels."""
        shape = self._builder.shape
        return float(len(shape.counts)), float(max(shape.counts[1:] if shape.image else shape.counts))

    @property
    @override
    def overhead(self) -> float:
        """Height of the title, of the names of layers, and of what is below the neurons."""
        return self._title_height + self._foot_height + self._legend_height + figure_overhead(self._builder.style.scale)

    @override
    def set_size(self, width: float, height: float) -> None:
        """Set the size of the figure."""
        super().set_size(width, height)
        self._builder.set_size(width, self._inner(height))

    def _inner(self, height: float, lines: int = 0) -> float:
        """Return the height of the network in a figure of this ``height`` with a title of ``lines``, by default as reserved."""
        return height - self._height_of(lines or self._lines) - self._foot_height - self._legend_height

    @property
    def _title_height(self) -> float:
        return self._height_of(self._lines)

    def _height_of(self, lines: int) -> float:
        """Return the height of a title of ``lines``."""
        style = self._builder.style
        more = (lines - 1) * text_height(style, size=TEXT_TITLE)
        return style.px(TITLE_HEIGHT) + more if self._title else 0.0

    @property
    def _foot_height(self) -> float:
        return foot_height(self._foot, self.width, self._builder.style) if self._foot else 0.0

    @property
    def _legend_height(self) -> float:
        return self._builder.style.px(LEGEND_HEIGHT) if self._builder.legend else 0.0

    @override
    @guarded
    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Paint title, network and legend."""
        builder = self._builder
        style = builder.style
        width, height = self.width, self.height
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        pad, line = style.px(PAD), text_height(style, size=TEXT_TITLE)
        y = style.px(TITLE_HEIGHT) / 2
        for title in self._titles(width):
            write(painter, style, QPointF(pad, y), title, colour=style.theme.ink, bold=True, size=TEXT_TITLE)
            y += line
        foot = self._foot_height
        if foot:
            paint_foot(painter, self._foot, QRectF(0, height - foot, width, foot), style)
        legend = self._legend_height
        if legend:
            box = QRectF(pad, height - foot - legend, width - 2 * pad, legend)
            paint_legend(painter, builder.legend, style, box, SHARPNESS)
        painter.translate(0, self._title_height)
        layout = builder.layout
        # A network wider than the figure is scaled down, so that nothing is cut off on paper.
        shrink = min(1.0, width / layout.width)
        painter.translate(0, (1 - shrink) * layout.height / 2)
        painter.scale(shrink, shrink)
        controls = [c for c in builder.controls if c.action in ("menu", "fold_up", "fold_down")]
        picture = builder.picture(SHARPNESS, self._selection, None, vector=True)
        visible = (0.0, layout.width)
        paint_backdrop(painter, picture, controls, visible)
        self._edges.paint(painter, picture, visible)
        paint_nodes(painter, picture)
        paint_clones(painter, picture)
        paint_sample(painter, picture.sample, picture.layout, picture.style)
        paint_hidden(painter, picture)
        painter.restore()


class FootItem(FittedItem):
    """Paints what edges mean, below several networks.

    Args:
        text: the words.
        style: style of the picture.
    """

    def __init__(self, text: str, style: Style) -> None:
        super().__init__()
        self._text, self._style = text, style

    @override
    def wanted_height(self, width: float) -> float:
        """Return the height of the words in a picture ``width`` wide."""
        return foot_height(self._text, width, self._style)

    @override
    @guarded
    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Paint the words."""
        paint_foot(painter, self._text, QRectF(0, 0, self.width, self.height), self._style)


def foot_height(text: str, width: float, style: Style) -> float:
    """Return the height of ``text`` below a network ``width`` wide."""
    return style.px(FOOT_HEIGHT + (len(_foot_lines(text, width, style)) - 1) * LINE_HEIGHT)


def paint_foot(painter: QPainter, text: str, box: QRectF, style: Style) -> None:
    """Paint ``text`` below a network."""
    lines, height = _foot_lines(text, box.width(), style), text_height(style)
    y = box.center().y() - (len(lines) - 1) * height / 2
    for line in lines:
        write(painter, style, QPointF(box.left() + style.px(PAD), y), line, colour=style.theme.muted)
        y += height


def _foot_lines(text: str, width: float, style: Style) -> list[str]:
    return wrapped(style, text, max(width - 2 * style.px(PAD), 1.0), max_lines=MAX_LINES) or [""]
