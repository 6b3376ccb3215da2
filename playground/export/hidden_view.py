"""Build a copy of a figure off screen, in the size and colours of the exported picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from pyqtgraph import ViewBox
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter
from PySide6.QtWidgets import QFrame, QGraphicsItem, QGraphicsObject, QGraphicsView

from core.errors import PlaygroundError
from core.training.origins.origin import Origin
from playground.export.display_list import DisplayList, Recorder, play
from playground.export.frame import Frame, frame_of
from playground.export.svg.writer import TextAs
from playground.style.theme import Style, Theme
from playground.widgets.figure import Composite, Figure, Roomy

DESIGN_HEIGHT: Final = 371
"""Picture height at which text and lines are as large as on the screen.

A slide of 1080 pixels is 2.9 times as high, so that its labels have 32 pixels and can be read in the last row.
"""

DESIGN_WIDTH: Final = 210
"""Width below which text becomes smaller; a third of a slide is wider, so its text is as large as that of a whole slide."""

MIN_BODY: Final = (165, 160)
"""Width and height at scale 1 that larger text leaves to a picture inside its frame, unless the figure says another one."""

SIDES: Final = (16, 16_384)
"""Minimum and maximum side of a picture in pixels."""

MAX_PIXELS: Final = 50_000_000
"""Maximum number of pixels of a picture (A2 at 300 dpi has 35 million); at four bytes each, 200 MB."""


@dataclass(frozen=True, slots=True)
class Look:
    """Size and appearance of an exported picture.

    Attributes:
        size: (width, height) in pixels.
        theme: theme of the picture.
        transparent: whether the background is transparent.
        family: font family.
        text: how an SVG contains text.
        origin: what the file keeps in its metadata, so that opening it restores the experiment; ``None`` for nothing.
        text_scale: factor on all text and lines.
        titled: whether the finding, or the name, is written above the picture.
        caption: what is written below it; may be empty.
        template: the design of a deck; ``None`` for the app's own.
        is_roomy: whether text has room in other fonts, too, because the file does not contain its font.
    """

    size: tuple[int, int]
    theme: Theme
    transparent: bool = False
    family: str = "Inter"
    text: TextAs = "text"
    origin: Origin | None = field(default=None, compare=False)
    text_scale: float = 1.0
    titled: bool = True
    caption: str = ""
    template: Path | None = None
    is_roomy: bool = False

    @property
    def style(self) -> Style:
        """The style whose scale keeps fonts and lines proportional to the picture."""
        width, height = self.size
        scale = min(width / DESIGN_WIDTH, height / DESIGN_HEIGHT) * self.text_scale
        return Style(self.theme, scale, self.family, is_roomy=self.is_roomy)

    def with_room(self, rooms: Iterable[tuple[float, float]] = (MIN_BODY,)) -> Look:
        """Return the look with text so large that a picture has room beside it: below a title of two lines, above a caption.

        Args:
            rooms: widths and heights at scale 1; the picture has one of them.
        """
        if self.text_scale <= 1.0:
            return self
        width, height = self.size
        title, subtitle, below = ("A", "A") * self.titled, ("A",) * self.titled, ("A", "A") * bool(self.caption)
        high = DESIGN_HEIGHT
        inner = Frame(title, subtitle, below, Style(self.theme, 1.0, self.family), (high, high)).inner
        taken = high - inner.height()
        largest = max(min(width / wide, height / (tall + taken)) for wide, tall in rooms)
        own = self.style.scale / self.text_scale
        return replace(self, text_scale=max(min(self.text_scale, largest / own), 1.0))

    def fitted(self, figure: Figure) -> Look:
        """Return the look with text so large that ``figure`` has room beside it."""
        return self.with_room(figure.figure_rooms if isinstance(figure, Roomy) else (MIN_BODY,))

    def for_svg(self) -> Look:
        """Return the look in an SVG, which does not contain the font of its text."""
        return replace(self, is_roomy=self.text == "text")

    def frame(self, figure: Figure) -> Frame:
        """Return what is written around ``figure``."""
        style = self.fitted(figure).style
        return frame_of(figure.figure_text(), style, checked_size(self.size), self.caption, titled=self.titled)

    @property
    def background(self) -> QColor:
        """The background colour."""
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
        raise PlaygroundError(f"picture size: expected {low} to {high} pixels per side, got {size[0]} × {size[1]}")
    return size


@contextmanager
def hidden_view(figure: Figure, look: Look) -> Iterator[QGraphicsView]:
    """Build ``figure`` inside the frame of ``look`` in a view that is never shown, laid out and with fixed ranges.

    Raises:
        PlaygroundError: the size is out of bounds.
    """
    with _built_view(figure, look) as view:
        _settle(view)
        yield view


@contextmanager
def _built_view(figure: Figure, look: Look) -> Iterator[QGraphicsView]:
    """Build ``figure`` like :func:`hidden_view`, but do not lay it out yet."""
    inner = look.frame(figure).inner
    width, height = inner.width(), inner.height()
    view = figure.build_figure(look.fitted(figure).style)
    try:
        for each in views_in(view):
            each.setFrameShape(QFrame.Shape.NoFrame)
            each.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            each.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            # The view's minimum size may exceed the requested size.
            each.setMinimumSize(1, 1)
        view.resize(width, height)
        # Do not show the view: even an invisible window closes open menus, takes events, and allocates two more buffers
        # of its size. grab() applies style and size like showing it would.
        view.setUpdatesEnabled(False)
        view.grab(QRect(0, 0, 1, 1))
        for each in views_in(view):
            each.setBackgroundBrush(QBrush(Qt.BrushStyle.NoBrush))
            each.scene().setBackgroundBrush(QBrush(Qt.BrushStyle.NoBrush))  # which a view without a brush would paint
        yield view
    finally:
        view.deleteLater()
        QCoreApplication.sendPostedEvents(view, QEvent.Type.DeferredDelete.value)


def views_in(view: QGraphicsView) -> tuple[QGraphicsView, ...]:
    """Return ``view`` and the views nested in it."""
    return (view, *(part for part, _ in view.parts())) if isinstance(view, Composite) else (view,)


def _items(view: QGraphicsView) -> list[QGraphicsItem]:
    return [item for each in views_in(view) for item in each.scene().items()]


class _Proof(QImage):
    """An image on which nothing is painted that could be painted on a thread, because no layout depends on that."""

    def defer(self, paint: Callable[[QPainter], None]) -> None:
        """Do not call ``paint``."""


def _settle(view: QGraphicsView) -> None:
    """Paint until the layout is final, at most twice, because some items measure their labels only while painting."""
    proof = _Proof(1, 1, QImage.Format.Format_RGB32)  # items paint everything, whatever the size of the image
    _send_posted_events(view)
    places = _places(view)
    for _ in range(2):
        painter = QPainter(proof)
        try:
            render(view, painter)
        finally:
            painter.end()
        _send_posted_events(view)
        before, places = places, _places(view)
        if places == before:
            break
    for item in _items(view):
        if isinstance(item, ViewBox):
            # Export mode changes the bounds of items, so automatic ranges would change.
            item.disableAutoRange()


def _places(view: QGraphicsView) -> list[object]:
    """Return where all items are, and the ranges of plots."""
    places: list[object] = []
    for item in _items(view):
        places.append((item.pos(), item.boundingRect()))
        if isinstance(item, ViewBox):
            places.append(item.viewRange())
    return places


def _send_posted_events(view: QGraphicsView) -> None:
    """Deliver the pending events of ``view`` and its items.

    Events for other objects stay queued, because they might change or delete the exported objects.
    """
    inside = [item for item in _items(view) if isinstance(item, QGraphicsObject)]
    views = views_in(view)
    for receiver in (*views, *(each.viewport() for each in views), *(each.scene() for each in views), *inside):
        QCoreApplication.sendPostedEvents(receiver)


def render(view: QGraphicsView, painter: QPainter, corner: QPoint | None = None) -> None:
    """Paint all of ``view`` with ``painter``, one logical unit per pixel, with its upper left corner at ``corner``."""
    source = QRect(0, 0, view.width(), view.height())
    view.render(painter, QRectF(source.translated(corner or QPoint())), source, Qt.AspectRatioMode.IgnoreAspectRatio)


@contextmanager
def export_mode(view: QGraphicsView, background: QColor) -> Iterator[None]:
    """Make pyqtgraph items anti-alias lines, and draw symbols as shapes instead of small images."""
    options = {"antialias": True, "background": background, "painter": None, "resolutionScale": 1.0}
    items = [item for item in _items(view) if hasattr(item, "setExportMode")]
    try:
        for item in items:
            item.setExportMode(True, options)
        yield
    finally:
        for item in items:
            item.setExportMode(False)


def record_picture(figure: Figure, look: Look) -> DisplayList:
    """Record the paint commands of ``figure``, so that another thread can play them without access to its widgets.

    Raises:
        PlaygroundError: the size is out of bounds.
    """
    frame = look.frame(figure)
    with _built_view(figure, look) as view:
        with export_mode(view, look.background):
            picture = _record_final(view, frame)
        if picture is None:
            _settle(view)
            with export_mode(view, look.background):
                picture = record(view, frame)
        return picture


def _record_final(view: QGraphicsView, frame: Frame) -> DisplayList | None:
    """Record ``view`` if its layout is final, as it is in most pictures; ``None`` if painting it moves something."""
    _send_posted_events(view)
    if any(isinstance(item, ViewBox) and any(item.autoRangeEnabled()) for item in _items(view)):
        return None
    places = _places(view)
    picture = record(view, frame)
    _send_posted_events(view)
    return picture if _places(view) == places else None


def record(view: QGraphicsView, frame: Frame) -> DisplayList:
    """Record the paint commands of ``view`` inside ``frame``, with smooth lines and text."""
    recorder = Recorder(*frame.size)
    painter = QPainter(recorder)
    try:
        _smooth(painter)
        frame.paint(painter)
        render(view, painter, frame.inner.topLeft())
    finally:
        painter.end()
    return recorder.commands


def play_picture(picture: DisplayList, look: Look) -> QImage:
    """Paint ``picture`` on an image of ``look.size`` pixels, on any thread.

    Raises:
        PlaygroundError: there is not enough memory for the image.
    """
    kind = QImage.Format.Format_ARGB32_Premultiplied if look.transparent else QImage.Format.Format_RGB32
    image = QImage(QSize(*look.size), kind)
    if image.isNull():
        raise PlaygroundError(f"picture size: not enough memory for {look.size[0]} × {look.size[1]} pixels")
    image.fill(look.background)
    painter = QPainter(image)
    try:
        _smooth(painter)
        play(picture, painter)
    finally:
        painter.end()
    return image


def image_of(figure: Figure, look: Look) -> QImage:
    """Return ``figure`` as an image of ``look.size`` pixels.

    Raises:
        PlaygroundError: the size is out of bounds, or there is not enough memory for the image.
    """
    return play_picture(record_picture(figure, look), look)


def _smooth(painter: QPainter) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
