"""The card of the network's output: a map, a fit, or predictions for single samples."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QPointF, QSize
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.analysis.plane import live_side, plane_of
from core.engine.evaluation import NumpyEvaluator
from core.training.snapshot import Snapshot
from playground.plots.output.borders import are_comparable
from playground.plots.output.data import FitData, MapData, OutputData, ShareData, TileData, output_data, score_sentences
from playground.plots.output.drawing.mode import Drawing
from playground.plots.output.picture import OutputPicture
from playground.plots.output.sample_points import sample_at
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.cards.plot_card import PlotCard, columns
from playground.plotting.cards.word_choice import WordMenu, WordToggle
from playground.style.theme import Style
from playground.widgets.figure import Table
from playground.widgets.plot import Plot

if TYPE_CHECKING:
    from playground.session import Session
    from playground.session.pins import Pin


class OutputPlot(PlotCard[OutputData]):
    """The prediction over the input plane with the data on top, or another view that suits the data."""

    figure_key = "output"
    min_height = 240

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Output", "outputPlot", session, style, parent)
        self._data: OutputData | None = None
        self._axes = (0, 1)
        self._plane: object = None
        self._test = WordToggle("test data", "Show the test data", style, short="test")
        self._test.setToolTip("Draw the test samples too, with a dark outline.")
        self._test.toggled.connect(lambda _on: self.redraw())
        self.add_control(self._test, self._test)
        self.canvas.clicked.connect(self._choose_sample)
        self.drawing = Drawing(self.canvas, session, style, lambda strip: self.body.insertWidget(0, strip), self)
        self.add_control(self.drawing.button, self.drawing)
        self.drawing.toggled.connect(lambda _on: self._begin_or_end_drawing())
        session.sample_changed.connect(lambda _sample: self.redraw())
        self._x_menu = WordMenu("Input along the horizontal axis", style)
        self._y_menu = WordMenu("Input along the vertical axis", style)
        self._x_menu.chosen.connect(lambda index: self._choose(0, index))
        self._y_menu.chosen.connect(lambda index: self._choose(1, index))
        self.add_overlay(self._x_menu, self._x_menu, _below_plot)
        self.add_overlay(self._y_menu, self._y_menu, _above_plot)
        self._x_menu.hide()
        self._y_menu.hide()

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the prediction of ``snapshot``."""
        data = output_data(snapshot)
        sentences = (snapshot.data.missing,) if snapshot.data.missing else _score_line(snapshot, data)
        if self.must_wait(snapshot, sentences):
            return
        self._data = data
        self.drawing.show(data, snapshot)
        self._offer_axes(self._data)
        self._offer_test(self._data)
        self.redraw()
        self.say(*sentences)

    def _offer_test(self, data: OutputData | None) -> None:
        """Offer to show the test samples where there are any; while one draws, all are shown."""
        offered = isinstance(data, MapData | FitData) and len(data.data.x_test) > 0 and not self.drawing.is_on
        if offered == self._test.isHidden():
            self._test.setVisible(offered)
            self.fit_title()

    def _begin_or_end_drawing(self) -> None:
        super()._hover(None)
        self._offer_test(self._data)
        self.redraw()

    @override
    def redraw(self) -> None:
        if isinstance(self._picture, OutputPicture):
            drawing = self.drawing
            self._picture.hold("fixed" if drawing.tool.is_drawing else "roomy" if drawing.is_on else "free")
        super().redraw()

    @override
    def _hover(self, place: QPointF | None) -> None:
        if not self.drawing.hover(place):
            super()._hover(place)

    @override
    def plot_of(self, data: OutputData, style: Style) -> Plot | None:
        from playground.plots.output.typeset import output_plot  # imported late: only needed for LaTeX

        return output_plot(data, style)

    @override
    def make_picture(self, canvas: Canvas) -> OutputPicture:
        return OutputPicture(canvas, lambda: self._test.isChecked() or self.drawing.is_on, lambda: self._session.sample)

    @override
    def shown(self) -> OutputData | None:
        return self._data

    @override
    def ghost_of(self, pin: Pin, snapshot: Snapshot) -> OutputData | None:
        """Return the output of a pinned run if it has the same inputs, over which it is drawn."""
        own = self._data
        if own is None:
            return None
        if isinstance(own, MapData) and snapshot.plane is not None and snapshot.plane.axes != own.axes:
            network, data = snapshot.network, snapshot.data
            if len(data.input_names) <= max(own.axes):
                return None
            plane = plane_of(network, data, own.axes, live_side(network), NumpyEvaluator())
            snapshot = replace(snapshot, plane=plane)
        other = output_data(snapshot)
        return other if are_comparable(own, other) else None

    @override
    def ghost_choices(self) -> Hashable:
        match self._data:
            case MapData(data=data, axes=axes):
                return "map", axes, data.input_names, data.coding == "value"
            case FitData(data=data):
                return "fit", data.input_names, data.coding == "value"
            case TileData(images=images, true=true):
                return "images", true.tobytes(), images[:1].tobytes()
            case ShareData(class_names=names, true=true):
                return "answers", names, len(true), float(true.sum())
        return None

    @override
    def pinned_plot_of(self, data: OutputData, style: Style) -> Plot | None:
        from playground.plots.output.typeset import border_plot  # imported late: only needed for LaTeX

        return border_plot(data, style) if isinstance(data, MapData) else self.plot_of(data, style)

    @override
    def pair_data(self) -> tuple[Pin, OutputData] | None:
        pin = self._session.pins.compared
        return None if pin is None else (pin, output_data(pin.run.snapshot))

    @override
    def ghost_sentences(self, pin: Pin, data: OutputData) -> tuple[str, ...]:
        return _score_line(pin.run.snapshot, data)

    @override
    def figure_note(self) -> str:
        return "test data shown" if self._test.isChecked() and self._test.isVisibleTo(self) else ""

    @override
    def table_of(self, data: OutputData | None) -> Table:
        match data:
            case MapData():
                return _map_table(data)
            case FitData():
                names = data.data.class_names if data.curves.shape[1] > 1 else (data.target_name,)
                rows = np.column_stack([data.x, data.curves]).tolist()
                return Table((data.data.input_names[0], *names), [tuple(row) for row in rows])
            case TileData():
                names = data.class_names
                return columns(
                    true=[names[k] for k in data.true.tolist()], predicted=[names[k] for k in data.predicted.tolist()]
                )
            case ShareData() if len(data.true):
                return columns(true=data.true.tolist(), predicted=data.predicted.tolist())
            case ShareData():
                return columns(**{"class": data.class_names, "share correct": data.shares.tolist()})
        return Table(("output",), [])

    def _choose_sample(self, mouse: QPointF) -> None:
        """Choose the sample under the mouse; a click beside all of them chooses none."""
        if self._data is not None:
            test = self._test.isChecked() and not self._test.isHidden()
            self._session.select_sample(sample_at(self.canvas.area(), mouse, self._data, self._style, test=test))

    def _offer_axes(self, data: OutputData) -> None:
        choosing = isinstance(data, MapData) and data.others
        self._x_menu.setVisible(choosing)
        self._y_menu.setVisible(choosing)
        if isinstance(data, MapData) and choosing:
            names = data.data.input_names
            self._axes = data.axes
            self._x_menu.offer(names, data.axes[0])
            self._y_menu.offer(names, data.axes[1])
            self._place_overlays()

    def _choose(self, axis: int, index: int) -> None:
        """Show input ``index`` along ``axis`` (0 or 1); if the other axis shows it, swap the axes."""
        first, second = self._axes
        axes = (index, second) if axis == 0 else (first, index)
        if axes[0] == axes[1]:
            axes = (second, first)
        self._axes = axes
        self._session.set_plane(axes)


def _score_line(snapshot: Snapshot, data: OutputData) -> tuple[str, ...]:
    scores = score_sentences(snapshot)
    if isinstance(data, MapData) and data.others:
        return (f"{scores[0]} · other inputs at their mean", *scores)
    return scores


def _map_table(data: MapData) -> Table:
    names = tuple(data.data.input_names[axis] for axis in data.axes)
    X, Y = np.meshgrid(data.x, data.y)
    predictions = data.predictions
    if predictions is not None:
        series, titles = [predictions.ravel()], ["prediction"]
    else:
        shares = data.probabilities if data.probabilities is not None else np.zeros((*X.shape, 0))
        series, titles = [shares[:, :, k].ravel() for k in range(shares.shape[2])], list(data.data.class_names)
    rows = np.column_stack([X.ravel(), Y.ravel(), *series]).tolist()
    return Table((*names, *titles), [tuple(row) for row in rows])


def _below_plot(area: Area, size: QSize) -> QPointF:
    return QPointF(area.rect.center().x() - size.width() / 2, area.rect.bottom() + size.height() + 2)


def _above_plot(area: Area, size: QSize) -> QPointF:
    return QPointF(0.0, area.rect.top() - size.height() - 4)
