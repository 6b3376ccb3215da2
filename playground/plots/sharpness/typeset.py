"""The sharpness card as a plot that LaTeX can typeset."""

from __future__ import annotations

from playground.plots.sharpness.data import SharpnessData
from playground.style.theme import Style
from playground.widgets.plot import Axis, Curve, Pane, Plot


def sharpness_plot(data: SharpnessData, style: Style) -> Plot:
    """Return the largest curvature over the steps, with the limit, 2/α without momentum."""
    theme, x = style.theme, tuple(float(step) for step in data.steps.tolist())
    limit = Curve(
        x=(x[0], x[-1]), y=(data.limit,) * 2, colour=theme.error, name=data.limit_formula, dash=1, thick=False
    )
    curve = Curve(x=x, y=tuple(data.values.tolist()), colour=theme.accent, name="λ", form="both")
    return Plot((Pane(x=Axis("step"), y=Axis("λ", log=True), layers=(limit, curve)),))
