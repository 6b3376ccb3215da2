"""Helpers shared by the tests of the plots."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from msgspec.structs import replace
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings
from core.training.recorders.loss_curve import LossCurve
from core.training.snapshot import Snapshot
from playground.plots import (
    ActivationPlot,
    ConfusionPlot,
    DropoutTruthPlot,
    ForecastPlot,
    GradientHistoryPlot,
    GradientPlot,
    LossPlot,
    NoisePlot,
    OutputPlot,
    WaterfallPlot,
    WeightHistogramPlot,
)
from playground.plotting.cards.computed_card import ComputedCard
from playground.plotting.cards.plot_card import PlotCard
from playground.session import Session
from playground.style.theme import LIGHT, Style

PLOTS: tuple[Any, ...] = (
    LossPlot,
    GradientPlot,
    WeightHistogramPlot,
    ActivationPlot,
    OutputPlot,
    ConfusionPlot,
    WaterfallPlot,
    ForecastPlot,
    GradientHistoryPlot,
    DropoutTruthPlot,
    NoisePlot,
)


def make(qtbot: QtBot, kind: Any, *, style: Style | None = None, size: tuple[int, int] = (260, 300)) -> Any:
    card = kind(Session(), style or Style(LIGHT))
    qtbot.addWidget(card)
    card.resize(*size)
    card.show()
    return card


def picture(card: PlotCard) -> QImage:
    if isinstance(card, ComputedCard):
        card.settle()
    image: QImage = card.canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return image


def colours(image: QImage) -> set[int]:
    pixels = np.frombuffer(image.constBits(), np.uint32, image.width() * image.height())
    return {int(value) & 0xFFFFFF for value in np.unique(pixels)}


def rgb(colour: QColor | str) -> int:
    return QColor(colour).rgb() & 0xFFFFFF


def experiment(*hidden: HiddenLayer, output: str = "auto", **data: Any) -> Experiment:
    settings: Any = {"output_activation": output} | ({"hidden": hidden} if hidden else {})
    return Experiment(data=DataSettings(**data), network=NetworkSettings(**settings))


def broken(snapshot: Snapshot) -> Snapshot:
    """Return ``snapshot`` with inf and NaN in weights, gradients, activations, predictions and losses."""
    rng = np.random.default_rng(0)

    def damaged(values: Any) -> Any:
        result = np.array(values, dtype=np.float64)
        flat = result.reshape(-1)
        flat[rng.integers(0, len(flat), max(len(flat) // 3, 1))] = rng.choice([np.inf, -np.inf, np.nan])
        return result

    plane = snapshot.plane
    if plane is not None:
        plane = replace(plane, activations=tuple(map(damaged, plane.activations)))
    trace = replace(
        snapshot.trace,
        pre_activations=tuple(map(damaged, snapshot.trace.pre_activations)),
        activations=tuple(map(damaged, snapshot.trace.activations)),
    )
    nothing = np.array([math.nan, 0.0, -1.0, math.inf])
    return replace(
        snapshot,
        network=replace(snapshot.network, parameters=damaged(snapshot.network.parameters)),
        gradients=replace(snapshot.gradients, flat=damaged(snapshot.gradients.flat), loss=math.nan),
        trace=trace,
        plane=plane,
        test_prediction=damaged(snapshot.test_prediction),
        curve=LossCurve(np.arange(4.0), np.arange(4.0), nothing, nothing[::-1].copy()),
        last_update=damaged(snapshot.last_update),
    )


SHAPES = {
    "default": experiment(),
    "one layer": Experiment(network=NetworkSettings(hidden=())),
    "fifty layers": experiment(*[HiddenLayer(units=2)] * 50, samples=20),
    "one unit": experiment(HiddenLayer(units=1)),
    "wide": experiment(HiddenLayer(units=512, activation="relu"), samples=40),
    "no test set": experiment(test_fraction=0.0),
    "two samples": experiment(samples=2, test_fraction=0.0),
    "iris": experiment(dataset="iris"),
    "dropout": experiment(HiddenLayer(units=6, dropout=0.5), HiddenLayer(units=3, dropout=0.2), dataset="iris"),
    "digits": experiment(HiddenLayer(units=8), dataset="digits"),
    "sine": experiment(dataset="sine"),
    "surface": experiment(dataset="gauss_bumps"),
    "softmax for two": experiment(output="softmax"),
    "sigmoid output": experiment(output="sigmoid"),
    "threshold": experiment(HiddenLayer(activation="threshold", initializer="zeros")),
}
