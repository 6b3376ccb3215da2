"""Small figures for the export tests."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QLinearGradient, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsRectItem, QGraphicsScene, QGraphicsView

from playground.style.resources import application_font
from playground.style.theme import Style
from playground.widgets.figure import FigureText, Table


class CurveFigure:
    """A loss curve on a log axis with a legend, symbols and a filled histogram, its range following the data."""

    figure_key = "loss"
    figure_title = "Loss & friends"

    def __init__(self) -> None:
        self.x = np.arange(100.0)
        self.y = np.exp(-self.x / 20.0) + 1e-3

    def build_figure(self, style: Style) -> QGraphicsView:
        view = pg.GraphicsLayoutWidget()
        view.setBackground(style.theme.panel)
        font = application_font(style.px(11), family=style.family)
        plot = view.addPlot(title=None)
        plot.titleLabel.setText(self.figure_title, size=f"{style.px(12):.0f}px", color=style.theme.ink)
        plot.titleLabel.setMaximumHeight(style.px(24))
        plot.layout.setRowFixedHeight(0, style.px(24))
        plot.titleLabel.setVisible(True)
        plot.setLogMode(y=True)
        for name in ("left", "bottom"):
            axis = plot.getAxis(name)
            axis.setStyle(tickFont=font, tickLength=-round(style.px(4)))
            axis.setTextPen(style.theme.muted)
            axis.setPen(style.theme.line)
        plot.setLabel("bottom", "epoch", **{"font-size": f"{style.px(11):.0f}px"})
        legend = plot.addLegend(labelTextSize=f"{style.px(11):.0f}px", labelTextColor=style.theme.ink)
        pen = pg.mkPen(style.theme.ink, width=style.px(1))
        plot.plot(self.x, self.y, pen=pen, name="train")
        plot.plot(
            self.x[::10],
            self.y[::10] * 1.5,
            pen=None,
            symbol="o",
            symbolSize=style.px(7),
            symbolBrush=style.theme.positive,
            symbolPen=None,
            name="test",
        )
        legend.setParentItem(plot.vb)
        return view

    def figure_text(self) -> FigureText:
        return FigureText(self.figure_title)

    def figure_table(self) -> Table:
        rows = [(int(e), float(a), "train, αβ") for e, a in zip(self.x, self.y, strict=True)]
        return Table(("epoch", "loss", "set"), rows)


class SceneFigure:
    """Two nodes, an edge and a text in a plain scene."""

    figure_key = "network"
    figure_title = "Network"

    def build_figure(self, style: Style) -> QGraphicsView:
        view = QGraphicsView()
        scene = QGraphicsScene(view)
        scene.setSceneRect(QRectF(0, 0, style.px(960), style.px(540)))
        pen = QPen(QColor(style.theme.positive), style.px(3))
        scene.addLine(style.px(100), style.px(100), style.px(800), style.px(400), pen)
        gradient = QLinearGradient(0, 0, style.px(40), 0)
        gradient.setColorAt(0, QColor(style.theme.negative))
        gradient.setColorAt(1, QColor(style.theme.positive))
        for x, y in ((80, 80), (780, 380)):
            node = scene.addRect(
                0, 0, style.px(40), style.px(40), QPen(QColor(style.theme.ink), style.px(1)), QBrush(gradient)
            )
            node.setPos(style.px(x), style.px(y))
        text = scene.addSimpleText("Hidden 1", application_font(style.px(12), family=style.family))
        text.setBrush(QColor(style.theme.ink))
        text.setPos(style.px(80), style.px(40))
        stripes = QImage(32, 32, QImage.Format.Format_RGB32)
        for x in range(32):
            for y in range(32):
                stripes.setPixelColor(x, y, QColor(8 * x, 255 * (y % 2), 128))
        scene.addPixmap(QPixmap.fromImage(stripes)).setPos(style.px(400), style.px(60))
        view.setScene(scene)
        view.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return view

    def figure_text(self) -> FigureText:
        return FigureText(self.figure_title)

    def figure_table(self) -> Table:
        return Table(("from", "to", "w"), [("x1", "h1", 0.1 + 0.2)])


class GradientFigure:
    """Two plot items filled with gradients: a path, whose coordinates are rewritten, and a rectangle."""

    figure_key = "gradients"
    figure_title = "Gradients"

    def build_figure(self, style: Style) -> QGraphicsView:
        view = pg.GraphicsLayoutWidget()
        view.setBackground(style.theme.panel)
        box = view.addViewBox()
        box.setRange(QRectF(0, 0, 10, 10), padding=0)
        for top, ends in ((1, ("#ff0000", "#0000ff")), (6, ("#00ff00", "#000000"))):
            gradient = QLinearGradient(2, 0, 8, 0)
            gradient.setColorAt(0, QColor(ends[0]))
            gradient.setColorAt(1, QColor(ends[1]))
            shape = QPainterPath()
            shape.addRect(QRectF(1, top, 8, 3))
            item = QGraphicsPathItem(shape) if top == 1 else QGraphicsRectItem(QRectF(1, top, 8, 3))
            item.setBrush(QBrush(gradient))
            item.setPen(QPen(Qt.PenStyle.NoPen))
            box.addItem(item)
        return view

    def figure_text(self) -> FigureText:
        return FigureText(self.figure_title)

    def figure_table(self) -> Table:
        return Table((), [])
