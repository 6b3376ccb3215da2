"""The card of the loss over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QPointF, QSize
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.training.recorders.loss_curve import LossCurve
from core.training.snapshot import Snapshot
from playground.plots.loss.picture import LossData, LossPicture
from playground.plots.loss.sentence import Hold, as_it_is, evidence_of, loss_sentences, plain_sentence
from playground.plots.loss.time_axis import TIME_AXES, TimeAxis
from playground.plots.steady_ratio import SteadyRatio
from playground.plotting.canvas.canvas import Area, Canvas
from playground.plotting.cards.plot_card import PlotCard
from playground.plotting.cards.word_choice import WordChoice, WordMenu
from playground.plotting.pins.pinned_plot import pinned_series
from playground.style.numbers import thousands
from playground.style.theme import Style
from playground.widgets.figure import Chart, Series, Table

if TYPE_CHECKING:
    from collections.abc import Hashable

    from playground.session import Session
    from playground.session.pins import Pin


_SCALE_TIPS = (
    "Equal distances are equal ratios, so that small losses can be distinguished.",
    "Equal distances are equal differences.",
)
_NO_VALUES = np.zeros(0)
_EMPTY = LossCurve(_NO_VALUES, _NO_VALUES, _NO_VALUES, _NO_VALUES)


def _sentences(snapshot: Snapshot, hold: Hold = as_it_is) -> tuple[str, ...]:
    if snapshot.divergence is not None:
        step = thousands(snapshot.divergence.step)
        return (f"training diverged at step {step}", f"diverged at {step}")
    if not len(snapshot.data.x_train):
        return (snapshot.data.missing, "")
    has_test = len(snapshot.data.x_test) > 0
    sentences = loss_sentences(
        snapshot.curve, has_test=has_test, evidence=lambda: evidence_of(snapshot, hold), hold=hold
    )
    return sentences if sentences[0] else (plain_sentence(snapshot.curve, hold), "")


class LossPlot(PlotCard[LossData]):
    """Train and test loss against epochs, updates, samples seen or seconds."""

    figure_key = "loss"
    is_table = False

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Loss", "lossPlot", session, style, parent)
        self._curve = _EMPTY
        self._log = True
        self._samples = 0
        self._steady, self._steady_in = SteadyRatio(), -1
        self._x_axis = WordMenu("Horizontal axis", style)
        self._x_axis.offer([axis.entry for axis in TIME_AXES], 0, lambda index: TIME_AXES[index].word)
        self._scale_choice = WordChoice(("log", "linear"), "Loss axis", style, tips=_SCALE_TIPS, short=("log", "lin"))
        self._x_axis.setToolTip("Count passes through the training set, updates of the weights, samples, or seconds.")
        self._scale_choice.setToolTip("Logarithmic or linear axis.")
        self._x_axis.chosen.connect(lambda _index: self._choose_x())
        self._scale_choice.chosen.connect(self._choose_scale)
        # The control replaces the axis name.
        self.add_overlay(self._x_axis, self._x_axis, self._below_axis)
        self.add_control(self._scale_choice, self._scale_choice)
        self.redraw()

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the losses so far."""
        if not snapshot.playing or snapshot.generation != self._steady_in:
            self._steady.clear()
        self._steady_in = snapshot.generation
        sentences = _sentences(snapshot, self._steady.held)
        if self.must_wait(snapshot, sentences):
            return
        self._curve, self._samples = snapshot.curve, len(snapshot.data.x_train)
        self.redraw()
        self.say(*sentences)

    @override
    def make_picture(self, canvas: Canvas) -> LossPicture:
        return LossPicture(canvas)

    @override
    def shown(self) -> LossData | None:
        return self._losses(self._curve, self._samples)

    @override
    def table_of(self, data: LossData | None) -> Table:
        return self._table(self._curve, self._samples)

    @override
    def pin_table(self, pin: Pin, data: LossData) -> Table:
        return self._table(pin.run.snapshot.curve, len(pin.run.snapshot.data.x_train))

    def figure_chart(self, style: Style) -> Chart | None:
        """Return the losses as a chart with lines."""
        data = self.shown()
        chart = None if data is None else self.chart_of(data, style)
        if chart is None:
            return None
        lines: list[Series] = []
        for ghost in self.ghosts():
            if ghost.is_drawn and len(ghost.data.x):
                places = tuple(ghost.data.x.tolist())
                lines.append(pinned_series(ghost, style, ghost.data.train.tolist(), places))
                if np.isfinite(ghost.data.test).any():
                    lines.append(pinned_series(ghost, style, ghost.data.test.tolist(), places, named=False))
        return replace(chart, lines=tuple(lines))

    @override
    def chart_of(self, data: LossData, style: Style) -> Chart | None:
        theme = style.theme
        if not len(data.x):
            return None
        series = [Series("train", tuple(data.train.tolist()), theme.ink, printed=theme.printed)]
        if np.isfinite(data.test).any():
            series.append(Series("test", tuple(data.test.tolist()), theme.muted, dashed=True, printed=theme.printed))
        if data.penalty is not None:
            series.append(Series("penalty", tuple(data.penalty.tolist()), theme.accent, printed=theme.printed))
        x = tuple(data.x.tolist())
        return Chart(x=x, series=tuple(series), x_title=data.x_name, y_title="loss", log=data.log)

    @staticmethod
    def _table(curve: LossCurve, samples: int) -> Table:
        names = ["epoch", "step", "train loss", "test loss"]
        series = [curve.epoch, curve.step, curve.train, curve.test]
        if curve.penalty is not None:
            names.append("penalty")
            series.append(curve.penalty)
        for axis in TIME_AXES[2:]:
            names.append(axis.name)
            series.append(axis.of(curve, samples))
        return Table(tuple(names), [tuple(row) for row in np.column_stack(series).tolist()])

    def _below_axis(self, area: Area, size: QSize) -> QPointF:
        return QPointF(area.rect.center().x() - size.width() / 2, self.canvas.height() - size.height())

    @override
    def ghost_of(self, pin: Pin, snapshot: Snapshot) -> LossData:
        return self._losses(snapshot.curve, len(snapshot.data.x_train))

    @override
    def ghost_choices(self) -> Hashable:
        return self._log, self._time_axis.name

    @override
    def ghost_sentences(self, pin: Pin, data: LossData) -> tuple[str, ...]:
        return _sentences(pin.run.snapshot)

    def _losses(self, curve: LossCurve, samples: int) -> LossData:
        axis = self._time_axis
        x, marks = axis.of(curve, samples), axis.marks(curve, samples)
        return LossData(x, curve.train, curve.test, axis.name, self._log, curve.penalty, marks)

    @property
    def _time_axis(self) -> TimeAxis:
        return TIME_AXES[max(self._x_axis.index, 0)]

    def _choose_scale(self, word: str) -> None:
        self._log = word == "log"
        self.redraw()

    def _choose_x(self) -> None:
        self._place_overlays()
        self.redraw()
