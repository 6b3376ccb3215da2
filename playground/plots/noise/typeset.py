"""The noise card as a plot that LaTeX can typeset."""

from __future__ import annotations

from playground.plots.noise.data import NoiseData
from playground.style.theme import Style
from playground.widgets.plot import Axis, Band, Curve, Pane, Plot


def noise_plot(data: NoiseData, style: Style) -> Plot:
    """Return the variance of batch gradients against the batch size, both axes logarithmic."""
    theme, x = style.theme, tuple(float(size) for size in data.sizes.tolist())
    line = tuple((data.noise_scale / data.sizes).tolist())
    measured = tuple(data.measured.tolist())
    layers = (
        Band(x=x, low=tuple(data.low.tolist()), high=tuple(data.high.tolist()), colour=theme.muted, name="10 to 90 %"),
        Curve(x=x, y=line, colour=theme.ink, name="∝ 1/K"),
        Curve(x=x, y=measured, colour=theme.ink, name="variance ÷ ‖g‖²", form="points"),
    )
    ticks = tuple((size, f"{size:.0f}") for size in x)
    return Plot((Pane(x=Axis("batch size K", log=True, ticks=ticks), y=Axis(log=True), layers=layers),))
