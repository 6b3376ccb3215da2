"""The live plots: one card each, drawn by one routine on screen and in exported pictures.

A plot is a card (``gradient``), where it pays with its picture and sentence in files beside it, and an entry in
``window.cards``; what all plots are made of is in ``plotting``.

A module is imported when its card is asked for: those that the first workspace does not show cost the start nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playground.plots.activation import ActivationPlot
    from playground.plots.confusion import ConfusionPlot
    from playground.plots.dropout_truth import DropoutTruthPlot
    from playground.plots.forecast import ForecastPlot
    from playground.plots.gradient import GradientPlot
    from playground.plots.gradient_history import GradientHistoryPlot
    from playground.plots.landscape import LandscapePlot
    from playground.plots.landscape_3d import Landscape3DPlot
    from playground.plots.loss import LossPlot
    from playground.plots.noise import NoisePlot
    from playground.plots.output import OutputPlot
    from playground.plots.sharpness import SharpnessPlot
    from playground.plots.waterfall import WaterfallPlot
    from playground.plots.weight_histogram import WeightHistogramPlot

__all__ = [
    "ActivationPlot",
    "ConfusionPlot",
    "DropoutTruthPlot",
    "ForecastPlot",
    "GradientHistoryPlot",
    "GradientPlot",
    "Landscape3DPlot",
    "LandscapePlot",
    "LossPlot",
    "NoisePlot",
    "OutputPlot",
    "SharpnessPlot",
    "WaterfallPlot",
    "WeightHistogramPlot",
]

_MODULES: Final = {
    "ActivationPlot": "activation",
    "ConfusionPlot": "confusion",
    "DropoutTruthPlot": "dropout_truth",
    "ForecastPlot": "forecast",
    "GradientHistoryPlot": "gradient_history",
    "GradientPlot": "gradient",
    "Landscape3DPlot": "landscape_3d",
    "LandscapePlot": "landscape",
    "LossPlot": "loss",
    "NoisePlot": "noise",
    "OutputPlot": "output",
    "SharpnessPlot": "sharpness",
    "WaterfallPlot": "waterfall",
    "WeightHistogramPlot": "weight_histogram",
}


def __getattr__(name: str) -> object:
    """Return the card class ``name`` from its module."""
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{module}"), name)
