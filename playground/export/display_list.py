"""Record paint commands in the GUI thread, and play them on another device in any thread.

``QPicture`` encodes each image as PNG while it records, and rounds coordinates. A display list keeps images and numbers
unchanged, so recording is fast and playing paints the same pixels as painting directly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias, cast

from PySide6.QtCore import QLine, QLineF, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QFont,
    QImage,
    QPaintEngine,
    QPaintEngineState,
    QPainter,
    QPainterPath,
    QPolygonF,
    QRawFont,
    QTextItem,
)
from typing_extensions import override

from playground.export.page_device import (
    BRUSH,
    CLIP_ENABLED,
    CLIP_PATH,
    CLIP_REGION,
    HINTS,
    OPACITY,
    PEN,
    TRANSFORM,
    PageDevice,
    PageEngine,
)
from playground.export.passed_items import passed
from playground.export.pdf_text import draw_text
from playground.widgets.guard import guarded
from playground.worker.giving_way import give_way

DisplayList: TypeAlias = list[Callable[[QPainter], object]]
"""Paint commands in order; they reference no widget, no pixmap and no buffer owned by other code."""

_BACKGROUND: Final[int] = (
    QPaintEngine.DirtyFlag.DirtyBrushOrigin
    | QPaintEngine.DirtyFlag.DirtyBackground
    | QPaintEngine.DirtyFlag.DirtyBackgroundMode
).value
_COMPOSITION: Final[int] = QPaintEngine.DirtyFlag.DirtyCompositionMode.value

_Mode: Final = QPaintEngine.PolygonDrawMode

_RECORDED_HINTS: Final = (
    QPainter.RenderHint.Antialiasing
    | QPainter.RenderHint.TextAntialiasing
    | QPainter.RenderHint.SmoothPixmapTransform
    | QPainter.RenderHint.NonCosmeticBrushPatterns
)
"""Render hints that a figure sets; the others depend on the device on which it is played."""

_OUTLINED: Final = 64
"""Size of the smallest letters whose outlines Qt fills, in pixels; it keeps images of smaller ones."""


def play(commands: DisplayList, painter: QPainter) -> None:
    """Paint ``commands`` with ``painter``, whose transform must be the identity; give way to the window between them."""
    for command in commands:
        give_way()
        command(painter)


class Recorder(PageDevice):
    """A paint device that records what is painted on it.

    Attributes:
        commands: the recorded paint commands.
    """

    def __init__(self, width: int, height: int) -> None:
        commands: DisplayList = []
        super().__init__(width, height, _Engine(commands))
        self.commands = commands

    def defer(self, paint: Callable[[QPainter], None]) -> None:
        """Call ``paint`` when the commands are played."""

        def command(p: QPainter) -> None:
            p.save()
            try:
                paint(p)
            finally:
                p.restore()

        self.commands.append(command)


class _Engine(PageEngine):
    """Appends each paint command to a list, with copies of its arguments, which Qt deletes afterwards."""

    def __init__(self, commands: DisplayList) -> None:
        super().__init__()
        self._add = commands.append
        self._images: dict[int, QImage] = {}
        self._font: QFont | None = None

    @override
    @guarded
    def updateState(self, state: QPaintEngineState) -> None:
        dirty: int = state.state().value
        if dirty & TRANSFORM:
            transform = state.transform()
            self._add(lambda p: p.setTransform(transform))
        if dirty & (CLIP_PATH | CLIP_REGION | CLIP_ENABLED):
            self._record_clip(state, dirty)
        if dirty & PEN:
            pen = state.pen()
            pen.setBrush(_without_pixmap(pen.brush()))
            self._add(lambda p: p.setPen(pen))
        if dirty & BRUSH:
            brush = _without_pixmap(state.brush())
            self._add(lambda p: p.setBrush(brush))
        if dirty & _BACKGROUND:
            origin, background, mode = state.brushOrigin(), state.backgroundBrush(), state.backgroundMode()
            self._add(lambda p: p.setBrushOrigin(origin))
            self._add(lambda p: p.setBackground(background))
            self._add(lambda p: p.setBackgroundMode(mode))
        if dirty & HINTS:
            hints = state.renderHints() & _RECORDED_HINTS
            self._add(lambda p: p.setRenderHints(_RECORDED_HINTS, on=False))
            self._add(lambda p: p.setRenderHints(hints))
        if dirty & _COMPOSITION:
            composition = state.compositionMode()
            self._add(lambda p: p.setCompositionMode(composition))
        if dirty & OPACITY:
            opacity = state.opacity()
            self._add(lambda p: p.setOpacity(opacity))

    def _record_clip(self, state: QPaintEngineState, dirty: int) -> None:
        operation, enabled = state.clipOperation(), state.isClipEnabled()
        if dirty & (CLIP_PATH | CLIP_REGION) and operation == Qt.ClipOperation.NoClip:
            # Not setClipping(False), after which Qt's raster engine ignores a clip region of several rectangles.
            self._add(lambda p: p.setClipPath(QPainterPath(), Qt.ClipOperation.NoClip))
            return
        if dirty & CLIP_PATH:
            path = state.clipPath()
            self._add(lambda p: p.setClipPath(path, operation))
        elif dirty & CLIP_REGION:
            region = state.clipRegion()
            self._add(lambda p: p.setClipRegion(region, operation))
        if dirty & CLIP_ENABLED:
            self._add(lambda p: p.setClipping(enabled))

    @override
    @guarded
    def drawPath(self, path: QPainterPath) -> None:
        copy = QPainterPath(path)
        self._add(lambda p: p.drawPath(copy))

    @override
    @guarded
    def drawEllipse(self, r: QRectF | QRect) -> None:
        copy = QRectF(r)
        self._add(lambda p: p.drawEllipse(copy))

    @override
    @guarded
    def drawLines(self, lines: Iterable[QLineF | QLine]) -> None:
        copies = [QLineF(line) for line in passed(lines)]
        self._add(lambda p: p.drawLines(copies))

    @override
    @guarded
    def drawRects(self, rects: Iterable[QRectF | QRect]) -> None:
        copies = [QRectF(rect) for rect in passed(rects)]
        self._add(lambda p: p.drawRects(copies))

    @override
    @guarded
    def drawPoints(self, points: Iterable[QPointF | QPoint]) -> None:
        copies = [QPointF(point) for point in passed(points)]
        self._add(lambda p: p.drawPoints(copies))

    @override
    @guarded
    def drawPolygon(self, points: Iterable[QPointF | QPoint], mode: QPaintEngine.PolygonDrawMode) -> None:
        copy = QPolygonF([QPointF(point) for point in passed(points)])
        if mode == _Mode.PolylineMode:
            self._add(lambda p: p.drawPolyline(copy))
        elif mode == _Mode.ConvexMode:
            self._add(lambda p: p.drawConvexPolygon(copy))
        else:
            rule = Qt.FillRule.WindingFill if mode == _Mode.WindingMode else Qt.FillRule.OddEvenFill
            self._add(lambda p: p.drawPolygon(copy, rule))

    @override
    @guarded
    def drawTextItem(self, p: QPointF | QPoint | QPainterPath.Element, textItem: QTextItem) -> None:
        # Qt calls this with a QPointF only; the other types in the signature are for type checkers.
        baseline, text, font = QPointF(cast("QPointF", p)), textItem.text(), QFont(textItem.font())
        if font != self._font:  # Qt's SVG writer begins a new group whenever the font is set
            self._font = font
            self._add(lambda p: p.setFont(font))
        if font.pixelSize() < _OUTLINED:
            self._add(lambda p: draw_text(p, baseline, text))
        else:
            self._add(lambda p: _draw_outlines(p, baseline, text))

    @override
    @guarded
    def drawImage(
        self,
        r: QRectF | QRect,
        pm: QImage,
        sr: QRectF | QRect,
        flags: Qt.ImageConversionFlag = Qt.ImageConversionFlag.AutoColor,
    ) -> None:
        key = pm.cacheKey()
        if key not in self._images:
            # A deep copy, because the image may share the pixels of an array that is changed or deleted later.
            self._images[key] = pm.copy()
        target, source, image = QRectF(r), QRectF(sr), self._images[key]
        self._add(lambda p: p.drawImage(target, image, source, flags))


def _draw_outlines(painter: QPainter, baseline: QPointF, text: str) -> None:
    """Draw large ``text`` with the same pixels whatever was drawn before.

    FreeType shifts the outlines of a font by 1/64 pixel once Qt has drawn a small glyph of it for the first time, until Qt
    opens the font in another size. So open it in another size, which takes some microseconds.
    """
    other = QRawFont.fromFont(painter.font())
    other.setPixelSize(other.pixelSize() + 1.0)
    draw_text(painter, baseline, text)


def _without_pixmap(brush: QBrush) -> QBrush:
    """Return ``brush`` with its texture, if any, as an image: pixmaps are not safe outside the GUI thread."""
    if brush.style() != Qt.BrushStyle.TexturePattern:
        return brush
    copy = QBrush(brush.textureImage().copy())
    copy.setTransform(brush.transform())
    return copy
