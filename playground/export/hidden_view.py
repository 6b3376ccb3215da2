"""A figure built a second time, off screen, for the size and colours of the exported picture."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from pyqtgraph import ViewBox
from PySide6.QtCore import QCoreApplication, QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPicture
from PySide6.QtWidgets import QFrame, QGraphicsObject, QGraphicsView

from core.errors import PlaygroundError
from playground.style.theme import Style, Theme
from playground.widgets.figure import Figure

DESIGN_WIDTH: Final = 960
DESIGN_HEIGHT: Final = 540
"""A picture of this size has type and lines as large as on the screen."""

SIDES: Final = (16, 16_384)
"""Pixels that a side of a picture may have."""

MAX_PIXELS: Final = 50_000_000
"""Most pixels of a picture (A2 at 300 dots an inch has 35 million); with four bytes each it takes 200 MB."""


@dataclass(frozen=True, slots=True)
class Look:
    """How an exported picture is drawn.

    Attributes:
        size: (width, height) in pixels.
        theme: the colours.
        transparent: leave the background out.
        family: font family.
    """

    size: tuple[int, int]
    theme: Theme
    transparent: bool = False
    family: str = "Inter"

    @property
    def style(self) -> Style:
        """The style that makes type and lines as large, against the picture, as they are on the screen."""
        width, height = self.size
        return Style(self.theme, min(width / DESIGN_WIDTH, height / DESIGN_HEIGHT), self.family)

    @property
    def background(self) -> QColor:
        """The colour behind the picture."""
        return QColor(Qt.GlobalColor.transparent) if self.transparent else QColor(self.theme.panel)


def checked_size(size: tuple[int, int]) -> tuple[int, int]:
    """Return ``size`` unchanged.

    Raises:
        PlaygroundError: a side is too small or too large, or the whole picture too large.
    """
    low, high = SIDES
    if size[0] * size[1] > MAX_PIXELS:
        raise PlaygroundError(
            f"picture size: expected at most {MAX_PIXELS // 1_000_000} million pixels, "
            f"got {size[0]} × {size[1]} = {size[0] * size[1] / 1e6:.2f} million"
        )
    if not all(low <= side <= high for side in size):
        raise PlaygroundError(f"picture size: expected {low} to {high} pixels a side, got {size[0]} × {size[1]}")
    return size


@contextmanager
def hidden_view(figure: Figure, look: Look) -> Iterator[QGraphicsView]:
    """Build ``figure`` for ``look`` in a view that no user sees, laid out and with its ranges frozen.

    Raises:
        PlaygroundError: the size is out of bounds.
    """
    width, height = checked_size(look.size)
    view = figure.build_figure(look.style)
    try:
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The minimum size of a view would keep it from becoming as small as requested.
        view.setMinimumSize(1, 1)
        view.resize(width, height)
        # It is never shown: even an invisible window closes the menus that are open, takes events, and costs two more
        # pictures of its size. Being grabbed gives it its style and size as being shown would.
        view.setUpdatesEnabled(False)
        view.grab(QRect(0, 0, 1, 1))
        view.setBackgroundBrush(QBrush(Qt.BrushStyle.NoBrush))
        _settle(view)
        yield view
    finally:
        view.deleteLater()
        QCoreApplication.sendPostedEvents(view, QEvent.Type.DeferredDelete.value)


def _settle(view: QGraphicsView) -> None:
    """Let layouts find their place: axes learn how wide their numbers are only when they paint."""
    proof = QImage(1, 1, QImage.Format.Format_RGB32)  # they paint all, whatever of it can be seen
    for _ in range(2):
        _send_posted_events(view)
        painter = QPainter(proof)
        try:
            render(view, painter)
        finally:
            painter.end()
    _send_posted_events(view)
    for item in view.scene().items():
        if isinstance(item, ViewBox):
            # Export mode changes what items call their bounds, and ranges that follow would move.
            item.disableAutoRange()


def _send_posted_events(view: QGraphicsView) -> None:
    """Let ``view`` and what is in it do what they have put off.

    Events for other objects stay queued: they might change or delete what is being exported.
    """
    inside = [item for item in view.scene().items() if isinstance(item, QGraphicsObject)]
    for receiver in (view, view.viewport(), view.scene(), *inside):
        QCoreApplication.sendPostedEvents(receiver)


def render(view: QGraphicsView, painter: QPainter) -> None:
    """Paint all of ``view`` with ``painter``, one logical unit a pixel."""
    source = QRect(0, 0, view.width(), view.height())
    view.render(painter, QRectF(source), source, Qt.AspectRatioMode.IgnoreAspectRatio)


@contextmanager
def export_mode(view: QGraphicsView, background: QColor) -> Iterator[None]:
    """Let pyqtgraph's items smooth their lines and draw symbols as shapes instead of small images."""
    options = {"antialias": True, "background": background, "painter": None, "resolutionScale": 1.0}
    items = [item for item in view.scene().items() if hasattr(item, "setExportMode")]
    try:
        for item in items:
            item.setExportMode(True, options)
        yield
    finally:
        for item in items:
            item.setExportMode(False)


def recorded(figure: Figure, look: Look) -> QPicture:
    """Return what has to be painted for ``figure``; another thread may play it, which may not touch the figure's widgets.

    Raises:
        PlaygroundError: the size is out of bounds.
    """
    picture = QPicture()
    with hidden_view(figure, look) as view, export_mode(view, look.background):
        painter = QPainter(picture)
        try:
            _smooth(painter)
            render(view, painter)
        finally:
            painter.end()
    return picture


def played(picture: QPicture, look: Look) -> QImage:
    """Return ``picture`` painted, exactly ``look.size`` pixels; in any thread.

    Raises:
        PlaygroundError: there is not enough memory for it.
    """
    kind = QImage.Format.Format_ARGB32_Premultiplied if look.transparent else QImage.Format.Format_RGB32
    image = QImage(QSize(*look.size), kind)
    if image.isNull():
        raise PlaygroundError(f"picture size: not enough memory for {look.size[0]} × {look.size[1]} pixels")
    image.fill(look.background)
    painter = QPainter(image)
    try:
        _smooth(painter)
        picture.play(painter)
    finally:
        painter.end()
    return image


def image_of(figure: Figure, look: Look) -> QImage:
    """Return the picture of ``figure``, exactly ``look.size`` pixels.

    Raises:
        PlaygroundError: the size is out of bounds or there is not enough memory for it.
    """
    return played(recorded(figure, look), look)


def _smooth(painter: QPainter) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
