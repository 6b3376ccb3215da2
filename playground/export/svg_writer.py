"""A paint device that writes SVG: absolute coordinates, text as text or as outlines, and no style sheets.

Programs differ in the SVG they understand. PowerPoint ignores style sheets, ``class`` and ``textLength``, and has no fonts but
its own, so everything is a presentation attribute of the element, transforms are applied to coordinates, and text can be
written as outlines. Qt's generator writes lengths in its own resolution and a group for every change of the pen; pyqtgraph's
exporter reads the items of a scene, which only the GUI thread may do.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable
from typing import Final, Literal, TypeAlias, cast
from xml.sax.saxutils import escape, quoteattr

from PySide6.QtCore import QBuffer, QIODevice, QLine, QLineF, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontInfo,
    QGradient,
    QImage,
    QPaintDevice,
    QPaintEngine,
    QPaintEngineState,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QRadialGradient,
    QTextItem,
    QTransform,
)
from typing_extensions import override

from playground.export.svg_data import Line, ends, line_data, matrix_of, number, path_data
from playground.widgets.guard import guarded, guarded_or

TextAs: TypeAlias = Literal["text", "outlines"]
"""Text that can be edited and searched, or its shapes, which look alike in every program."""

_CAPS: Final = {
    Qt.PenCapStyle.FlatCap: "butt",
    Qt.PenCapStyle.SquareCap: "square",
    Qt.PenCapStyle.RoundCap: "round",
}
_JOINS: Final = {
    Qt.PenJoinStyle.BevelJoin: "bevel",
    Qt.PenJoinStyle.RoundJoin: "round",
}
_GRADIENTS: Final = (Qt.BrushStyle.LinearGradientPattern, Qt.BrushStyle.RadialGradientPattern)
_Dirty: Final = QPaintEngine.DirtyFlag
_Metric: Final = QPaintDevice.PaintDeviceMetric
_Mode: Final = QPaintEngine.PolygonDrawMode
_LARGEST_IMAGE: Final = QSize(4096, 4096)


class SvgDevice(QPaintDevice):
    """Collects what is painted on it as SVG elements.

    Args:
        width: width in pixels.
        height: height in pixels.
        text: how text is written.
        family: name of the font family in the file.
    """

    def __init__(self, width: int, height: int, *, text: TextAs = "text", family: str = "Inter") -> None:
        super().__init__()
        self._sides = {_Metric.PdmWidth: width, _Metric.PdmHeight: height}
        self._pixel = QImage(1, 1, QImage.Format.Format_RGB32)  # resolution and pixel ratio are those of an image
        self._engine = _Engine(QRectF(0, 0, width, height), text, family)

    @override
    def paintEngine(self) -> QPaintEngine:
        return self._engine

    @override
    @guarded_or(0)
    def metric(self, metric: QPaintDevice.PaintDeviceMetric) -> int:
        return self._sides[metric] if metric in self._sides else self._pixel.metric(metric)

    def elements(self) -> str:
        """Return the elements painted so far."""
        return self._engine.finished()


class _Engine(QPaintEngine):
    """Writes each paint command as an element."""

    def __init__(self, page: QRectF, text: TextAs, family: str) -> None:
        super().__init__(QPaintEngine.PaintEngineFeature.AllFeatures)
        self._page, self._text, self._family = page, text, family
        self._out: list[str] = []
        self._transform = QTransform()
        self._pen, self._brush = QPen(), QBrush()
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
    @guarded_or(False)
    def begin(self, pdev: QPaintDevice) -> bool:
        return True

    @override
    @guarded_or(False)
    def end(self) -> bool:
        return True

    @override
    @guarded_or(QPaintEngine.Type.User)
    def type(self) -> QPaintEngine.Type:
        return QPaintEngine.Type.User

    @override
    @guarded
    def updateState(self, state: QPaintEngineState) -> None:
        dirty = state.state()
        if dirty & _Dirty.DirtyTransform:
            self._transform = state.transform()
        if dirty & _Dirty.DirtyPen:
            self._pen = state.pen()
        if dirty & _Dirty.DirtyBrush:
            self._brush = state.brush()
        if dirty & _Dirty.DirtyOpacity:
            self._opacity = state.opacity()
        if dirty & _Dirty.DirtyHints:
            self._smooth = bool(state.renderHints() & QPainter.RenderHint.SmoothPixmapTransform)
        if dirty & (_Dirty.DirtyClipPath | _Dirty.DirtyClipRegion):
            self._set_clip(state, is_path=bool(dirty & _Dirty.DirtyClipPath))
        if dirty & _Dirty.DirtyClipEnabled:
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
        mapped = [self._transform.map(QLineF(line)) for line in lines]
        self._shape("".join(line_data([line.p1(), line.p2()]) for line in mapped), filled=False)

    @override
    @guarded
    def drawRects(self, rects: Iterable[QRectF | QRect]) -> None:
        for rect in rects:
            path = QPainterPath()
            path.addRect(QRectF(rect))
            self.drawPath(path)

    @override
    @guarded
    def drawPoints(self, points: Iterable[QPointF | QPoint]) -> None:
        for point in points:
            at = self._transform.map(QPointF(point))
            self._shape(line_data([at, at]), filled=False)

    @override
    @guarded
    def drawPolygon(self, points: Iterable[QPointF | QPoint], mode: QPaintEngine.PolygonDrawMode) -> None:
        line = mode == _Mode.PolylineMode
        rule = "evenodd" if mode == _Mode.OddEvenMode else ""
        data = line_data([self._transform.map(QPointF(point)) for point in points])
        self._shape(data if line else f"{data}Z", rule=rule, filled=not line)

    def _shape(self, data: str, *, rule: str = "", filled: bool = True) -> None:
        if len(data) < 2:
            return
        stroke = self._stroke()
        fill = self._fill() if filled else ' fill="none"'
        if not stroke and fill == ' fill="none"':
            return
        rule = f' fill-rule="{rule}"' if rule and fill != ' fill="none"' else ""
        self._add(f'<path d="{data}"{fill}{rule}{stroke}/>')

    def _stroke(self) -> str:
        """Return the attributes of the pen, with its width in pixels; empty for none."""
        pen = self._pen
        colour = pen.color()
        if pen.style() == Qt.PenStyle.NoPen or colour.alpha() == 0:
            return ""
        width = max(pen.widthF(), 0.0) or 1.0
        if not pen.isCosmetic():
            width *= math.sqrt(abs(self._transform.determinant()))
        text = f' stroke="{colour.name()}" stroke-width="{number(width)}"'
        if pen.capStyle() != Qt.PenCapStyle.FlatCap:
            text += f' stroke-linecap="{_CAPS.get(pen.capStyle(), "butt")}"'
        if pen.joinStyle() in _JOINS:
            text += f' stroke-linejoin="{_JOINS[pen.joinStyle()]}"'
        if pen.style() != Qt.PenStyle.SolidLine:
            dashes = ",".join(number(dash * width) for dash in pen.dashPattern())
            text += f' stroke-dasharray="{dashes}"'
            if pen.dashOffset():
                text += f' stroke-dashoffset="{number(pen.dashOffset() * width)}"'
        return text + self._alpha("stroke", colour)

    def _fill(self) -> str:
        """Return the attributes of the brush."""
        brush = self._brush
        style = brush.style()
        if style == Qt.BrushStyle.NoBrush:
            return ' fill="none"'
        gradient = brush.gradient()
        if style in _GRADIENTS:
            return f' fill="url(#{self._gradient(gradient, brush.transform())})"' + self._alpha("fill", QColor("black"))
        colour = brush.color()
        if colour.alpha() == 0:
            return ' fill="none"'
        return f' fill="{colour.name()}"' + self._alpha("fill", colour)

    def _alpha(self, kind: str, colour: QColor) -> str:
        opacity = colour.alphaF() * self._opacity
        return f' {kind}-opacity="{opacity:.3g}"' if opacity < 0.999 else ""

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
            fill = f' fill="{colour.name()}"' + self._alpha("fill", colour)
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
        look = f' font-size="{number(pixels)}"{weight}{slant} fill="{colour.name()}"{self._alpha("fill", colour)}{turn}'
        end = baseline.x() + textItem.width() * scale
        before = self._line
        if before is not None and before.continues(baseline, look, pixels, self._clip_name()):
            self._line = Line(before.start, look, before.text + text, end, before.clip)
            return
        self._write_line()
        self._line = Line(baseline, look, text, end, self._clip_name())

    def _write_line(self) -> None:
        """Write the pending line of text, if any."""
        line, self._line = self._line, None
        if line is None:
            return
        family = quoteattr(f"{self._family}, sans-serif")
        # Leading blanks are not drawn, and would move the text.
        self._enter(line.clip)
        self._out.append(
            f'<text x="{number(line.start.x())}" y="{number(line.start.y())}" font-family={family}{line.look}>'
            f"{escape(line.text.rstrip())}</text>"
        )

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
            size = self._transform.mapRect(target).size().toSize().expandedTo(image.size()).boundedTo(_LARGEST_IMAGE)
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

    @override
    @guarded
    def drawPixmap(self, r: QRectF | QRect, pm: QPixmap | QImage, sr: QRectF | QRect) -> None:
        self.drawImage(r, pm if isinstance(pm, QImage) else pm.toImage(), sr)

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
