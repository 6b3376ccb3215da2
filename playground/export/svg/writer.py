"""A paint device that writes SVG: absolute coordinates, text as text or as outlines, and no style sheets.

Programs differ in the SVG they understand. PowerPoint ignores style sheets, ``class`` and ``textLength``, and has no fonts but
its own, so everything is a presentation attribute of the element, transforms are applied to coordinates, and text can be
written as outlines. Qt's generator writes lengths in its own resolution and a group for every change of the pen; pyqtgraph's
exporter reads the items of a scene, which only the GUI thread may do.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Sequence
from typing import Final, Literal, TypeAlias, cast
from xml.sax.saxutils import quoteattr

from msgspec.structs import replace
from PySide6.QtCore import QBuffer, QIODevice, QLine, QLineF, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontInfo,
    QGradient,
    QImage,
    QPaintEngine,
    QPaintEngineState,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
    QRadialGradient,
    QTextItem,
    QTransform,
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
from playground.export.svg.data import ends, line_data, matrix_of, number, path_data
from playground.export.svg.pen import alpha_text, stroke_text
from playground.export.svg.text import Line, families_of
from playground.widgets.guard import guarded
from playground.worker.giving_way import give_way

TextAs: TypeAlias = Literal["text", "outlines"]
"""Text that can be edited and searched, or its shapes, which look alike in every program."""

_GRADIENTS: Final = (Qt.BrushStyle.LinearGradientPattern, Qt.BrushStyle.RadialGradientPattern)
_NO_FILL: Final = ' fill="none"'
_Mode: Final = QPaintEngine.PolygonDrawMode
_MAX_IMAGE_SIZE: Final = QSize(4096, 4096)


class SvgDevice(PageDevice):
    """Collects what is painted on it as SVG elements.

    Args:
        width: width in pixels.
        height: height in pixels.
        text: how text is written.
        family: name of the font family in the file.
    """

    def __init__(self, width: int, height: int, *, text: TextAs = "text", family: str = "Inter") -> None:
        self._elements = _Engine(QRectF(0, 0, width, height), text, family)
        super().__init__(width, height, self._elements)

    def write_polygons(self, p: QPainter, polygons: Sequence[tuple[QPolygonF, QColor]]) -> None:
        """Write ``polygons``, each filled with its colour, with the pen of ``p``."""
        p.drawPath(QPainterPath())  # Qt tells the engine of a new pen only when something is drawn
        self._elements.write_polygons(polygons)

    def elements(self) -> str:
        """Return the elements painted so far."""
        return self._elements.finished()


class _Engine(PageEngine):
    """Writes each paint command as an element."""

    def __init__(self, page: QRectF, text: TextAs, family: str) -> None:
        super().__init__()
        self._page, self._text, self._family = page, text, family
        self._out: list[str] = []
        self._transform, self._only_moves = QTransform(), True
        self._pen, self._brush = QPen(), QBrush()
        self._stroke_text: str | None = None  # not yet written for this pen
        self._fill_text: str | None = None
        self._opacity, self._smooth = 1.0, False
        self._clip: QPainterPath | None = None
        self._clip_element: str | None = None  # not yet known
        self._clips = True
        self._group = ""
        self._defined: dict[str, str] = {}
        self._line: Line | None = None

    def finished(self) -> str:
        """Return all elements, with the last group closed."""
        self._write_line()
        self._enter("")
        return "".join(self._out)

    # -- state -------------------------------------------------------------------------------------------------------

    @override
    @guarded
    def updateState(self, state: QPaintEngineState) -> None:
        dirty: int = state.state().value
        if dirty & TRANSFORM:
            self._transform = state.transform()
            self._only_moves = self._transform.type().value <= QTransform.TransformationType.TxTranslate.value
        if dirty & PEN:
            self._pen = state.pen()
        if dirty & BRUSH:
            self._brush = state.brush()
        if dirty & OPACITY:
            self._opacity = state.opacity()
        if dirty & (PEN | OPACITY | TRANSFORM):
            self._stroke_text = None
        if dirty & (BRUSH | OPACITY | TRANSFORM):
            self._fill_text = None
        if dirty & HINTS:
            self._smooth = bool(state.renderHints() & QPainter.RenderHint.SmoothPixmapTransform)
        if dirty & (CLIP_PATH | CLIP_REGION):
            self._set_clip(state, is_path=bool(dirty & CLIP_PATH))
        if dirty & CLIP_ENABLED:
            self._clips = state.isClipEnabled()

    def _set_clip(self, state: QPaintEngineState, *, is_path: bool) -> None:
        operation, self._clip_element = state.clipOperation(), None
        if operation == Qt.ClipOperation.NoClip:
            self._clip = None
            return
        path = state.clipPath() if is_path else QPainterPath()
        if not is_path:
            path.addRegion(state.clipRegion())
        path = self._transform.map(path)
        if operation == Qt.ClipOperation.IntersectClip and self._clip is not None:
            path = self._clip.intersected(path)
        self._clip = path
        self._clips = True

    # -- shapes ------------------------------------------------------------------------------------------------------

    @override
    @guarded
    def drawPath(self, path: QPainterPath) -> None:
        rule = "evenodd" if path.fillRule() == Qt.FillRule.OddEvenFill else ""
        self._shape(path_data(self._transform.map(path)), rule=rule)

    @override
    @guarded
    def drawEllipse(self, r: QRectF | QRect) -> None:
        path = QPainterPath()
        path.addEllipse(QRectF(r))
        self.drawPath(path)

    @override
    @guarded
    def drawLines(self, lines: Iterable[QLineF | QLine]) -> None:
        mapped = [self._transform.map(QLineF(line)) for line in passed(lines)]
        self._shape("".join(line_data([line.p1(), line.p2()]) for line in mapped), filled=False)

    @override
    @guarded
    def drawRects(self, rects: Iterable[QRectF | QRect]) -> None:
        for rect in passed(rects):
            path = QPainterPath()
            path.addRect(QRectF(rect))
            self.drawPath(path)

    @override
    @guarded
    def drawPoints(self, points: Iterable[QPointF | QPoint]) -> None:
        for point in passed(points):
            at = self._transform.map(QPointF(point))
            self._shape(line_data([at, at]), filled=False)

    @override
    @guarded
    def drawPolygon(self, points: Iterable[QPointF | QPoint], mode: QPaintEngine.PolygonDrawMode) -> None:
        line = mode == _Mode.PolylineMode
        rule = "evenodd" if mode == _Mode.OddEvenMode else ""
        matrix = self._transform
        if self._only_moves:  # as nearly always; mapping each point would take longer than writing it
            data = line_data(passed(points), matrix.dx(), matrix.dy())
        else:
            data = line_data(matrix.map(QPointF(point)) for point in passed(points))
        self._shape(data if line else f"{data}Z", rule=rule, filled=not line)

    def write_polygons(self, polygons: Sequence[tuple[QPolygonF, QColor]]) -> None:
        """Write ``polygons`` with the present pen, whose attributes are written once for all of them."""
        matrix = self._transform
        parts = [f"<g{stroke_text(self._pen, matrix, self._opacity)}>"]
        for polygon, colour in polygons:
            give_way()
            moved = polygon if self._only_moves else matrix.map(polygon)
            dx, dy = (matrix.dx(), matrix.dy()) if self._only_moves else (0.0, 0.0)
            data, opacity = line_data(moved.toList(), dx, dy), alpha_text("fill", colour, self._opacity)
            parts.append(f'<path d="{data}Z" fill="{colour.name()}"{opacity}/>')
        self._add(f"{''.join(parts)}</g>")

    def _shape(self, data: str, *, rule: str = "", filled: bool = True) -> None:
        if len(data) < 2:
            return
        if self._stroke_text is None:
            self._stroke_text = stroke_text(self._pen, self._transform, self._opacity)
        if self._fill_text is None and filled:
            self._fill_text = self._fill()
        fill = (filled and self._fill_text) or _NO_FILL
        if not self._stroke_text and fill == _NO_FILL:
            return
        rule = f' fill-rule="{rule}"' if rule and fill != _NO_FILL else ""
        self._add(f'<path d="{data}"{fill}{rule}{self._stroke_text}/>')

    def _fill(self) -> str:
        """Return the attributes of the brush."""
        brush = self._brush
        style = brush.style()
        if style == Qt.BrushStyle.NoBrush:
            return _NO_FILL
        gradient = brush.gradient()
        if style in _GRADIENTS:
            name = self._gradient(gradient, brush.transform())
            return f' fill="url(#{name})"' + alpha_text("fill", QColor("black"), self._opacity)
        colour = brush.color()
        if colour.alpha() == 0:
            return _NO_FILL
        return f' fill="{colour.name()}"' + alpha_text("fill", colour, self._opacity)

    def _gradient(self, gradient: QGradient, own: QTransform) -> str:
        """Define ``gradient`` in pixels, and return its name."""
        matrix = own * self._transform
        stops = "".join(
            f'<stop offset="{number(at)}" stop-color="{colour.name()}"'
            + (f' stop-opacity="{colour.alphaF():.3g}"' if colour.alpha() < 255 else "")
            + "/>"
            for at, colour in gradient.stops()
        )
        units = f' gradientUnits="userSpaceOnUse" gradientTransform="{matrix_of(matrix)}"'
        if isinstance(gradient, QRadialGradient):
            centre = gradient.center()
            place = f' cx="{number(centre.x())}" cy="{number(centre.y())}" r="{number(gradient.radius())}"'
            return self._define("gradient", f"<radialGradient{{id}}{units}{place}>{stops}</radialGradient>")
        start, stop = ends(gradient)
        place = f' x1="{number(start.x())}" y1="{number(start.y())}" x2="{number(stop.x())}" y2="{number(stop.y())}"'
        return self._define("gradient", f"<linearGradient{{id}}{units}{place}>{stops}</linearGradient>")

    # -- text and images ---------------------------------------------------------------------------------------------

    @override
    @guarded
    def drawTextItem(self, p: QPointF | QPoint | QPainterPath.Element, textItem: QTextItem) -> None:
        baseline, text, font = QPointF(cast("QPointF", p)), textItem.text(), QFont(textItem.font())
        colour = self._pen.color()
        if colour.alpha() == 0:
            return
        if self._text == "outlines":
            path = QPainterPath()
            path.addText(baseline, font, text)
            fill = f' fill="{colour.name()}"' + alpha_text("fill", colour, self._opacity)
            self._add(f'<path d="{path_data(self._transform.map(path))}"{fill}/>')
            return
        matrix, scale = self._transform, math.sqrt(abs(self._transform.determinant()))
        upright = math.isclose(matrix.m11(), scale) and math.isclose(matrix.m22(), scale) and not matrix.m12()
        turn = ""
        if upright:
            baseline = matrix.map(baseline)
        else:
            scale, turn = 1.0, f' transform="{matrix_of(matrix)}"'
        weight = f' font-weight="{font.weight().value}"' if font.weight() != QFont.Weight.Normal else ""
        slant = ' font-style="italic"' if font.italic() else ""
        pixels = scale * (QFontInfo(font).pixelSize() if font.pixelSize() < 0 else font.pixelSize())
        fill = f' fill="{colour.name()}"' + alpha_text("fill", colour, self._opacity)
        line = Line(
            start=baseline, look=f"{weight}{slant}{fill}{turn}", families=families_of(font, self._family), pixels=pixels,
            is_bold=font.weight() > QFont.Weight.Medium, is_turned=bool(turn), text=text,
            end=baseline.x() + textItem.width() * scale, clip=self._clip_name(),
        )  # fmt: skip
        before = self._line
        if before is not None and line.continues(before):
            self._line = replace(before, text=before.text + text, end=line.end)
            return
        self._write_line()
        self._line = line

    def _write_line(self) -> None:
        """Write the pending line of text, if any."""
        line, self._line = self._line, None
        if line is not None:
            self._enter(line.clip)
            self._out.append(line.element(self._page.width()))

    @override
    @guarded
    def drawImage(
        self,
        r: QRectF | QRect,
        pm: QImage,
        sr: QRectF | QRect,
        flags: Qt.ImageConversionFlag = Qt.ImageConversionFlag.AutoColor,
    ) -> None:
        target, source = QRectF(r), QRectF(sr)
        image = pm if source == QRectF(pm.rect()) else pm.copy(source.toAlignedRect())
        if not self._smooth:
            # Most programs smooth images whatever the file says; one with as many pixels as the page shows them as they are.
            size = self._transform.mapRect(target).size().toSize().expandedTo(image.size()).boundedTo(_MAX_IMAGE_SIZE)
            image = image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.FastTransformation)
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload]
        content = base64.b64encode(buffer.data().data()).decode()
        opacity = f' opacity="{self._opacity:.3g}"' if self._opacity < 0.999 else ""
        sides = {"x": target.x(), "y": target.y(), "width": target.width(), "height": target.height()}
        place = "".join(f' {name}="{number(value)}"' for name, value in sides.items())
        turn = "" if self._transform.isIdentity() else f' transform="{matrix_of(self._transform)}"'
        self._add(
            f'<image{place} preserveAspectRatio="none"{opacity}{turn} xlink:href="data:image/png;base64,{content}"/>'
        )

    # -- groups ------------------------------------------------------------------------------------------------------

    def _add(self, element: str) -> None:
        self._write_line()
        self._enter(self._clip_name())
        self._out.append(element)

    def _clip_name(self) -> str:
        """Return the name of the current clip; empty if it hides nothing of the page."""
        if self._clip is None or not self._clips:
            return ""
        if self._clip_element is None:
            hides = not self._clip.contains(self._page)
            self._clip_element = f'<clipPath{{id}}><path d="{path_data(self._clip)}"/></clipPath>' if hides else ""
        return self._define("clip", self._clip_element) if self._clip_element else ""

    def _enter(self, name: str) -> None:
        """Begin the group of the clip ``name``, unless it is the current one."""
        if name != self._group:
            if self._group:
                self._out.append("</g>")
            if name:
                self._out.append(f'<g clip-path="url(#{name})">')
            self._group = name

    def _define(self, kind: str, element: str) -> str:
        """Write the definition ``element`` once, and return its name."""
        if element not in self._defined:
            name = f"{kind}{len(self._defined) + 1}"
            self._defined[element] = name
            self._write_line()
            self._enter("")
            self._out.append(f"<defs>{element.replace('{id}', f' id={quoteattr(name)}')}</defs>")
        return self._defined[element]
