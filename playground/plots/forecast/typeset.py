"""The forecast card as a plot that LaTeX can typeset."""

from __future__ import annotations

from playground.plots.forecast.data import ForecastData
from playground.style.theme import Style
from playground.widgets.plot import Axis, Band, Curve, Pane, Plot


def forecast_plot(data: ForecastData, style: Style) -> Plot:
    """Return forecast and measurement of activations and gradients, one pane each."""
    theme = style.theme
    moments = (
        ("E[a²], activations", data.predicted.activation_mean_square, data.measured.activation_mean_square,
         data.activation_band),
        ("E[δ²], gradients", data.predicted.delta_mean_square, data.measured.delta_mean_square,
         data.delta_band),
    )  # fmt: skip
    panes = []
    for title, predicted, measured, limits in moments:
        x = tuple(float(layer) for layer in range(1, len(measured) + 1))
        layers: list[Band | Curve] = []
        if limits is not None:
            low, high = (tuple(each.tolist()) for each in limits)
            layers.append(Band(x=x, low=low, high=high, colour=theme.muted, name="20 seeds"))
        layers.append(Curve(x=x, y=tuple(predicted.tolist()), colour=theme.ink, name="forecast"))
        points = tuple(measured.tolist())
        layers.append(Curve(x=x, y=points, colour=theme.layer_colour(1, 3).name(), name="measured", form="points"))
        ticks = tuple((each, "out" if each == len(x) else f"{each:.0f}") for each in x)
        panes.append(Pane(x=Axis("layer", ticks=ticks), y=Axis(log=True), layers=tuple(layers), title=title))
    return Plot(tuple(panes))
