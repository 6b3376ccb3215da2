"""The loss landscape in 3-D as a plot that LaTeX can typeset."""

from __future__ import annotations

from playground.plots.landscape.data import LandscapeData, log_losses
from playground.plots.landscape_3d.height_field import Camera
from playground.plots.typeset_parts import surface_grid, thinned
from playground.style.theme import Style
from playground.widgets.plot import Axis, Curve, Grid, Pane, Plot


def surface_plot(data: LandscapeData, camera: Camera, style: Style) -> Plot:
    """Return the loss over the plane as a surface, with the path at its true loss."""
    theme = style.theme
    layers: list[Grid | Curve] = [surface_grid(data.x, data.y, data.heights, theme, "log loss")]
    if data.surface.path is not None and len(data.path):
        heights = log_losses(data.surface.path.losses)
        x, y, z = thinned(data.path[:, 0]), thinned(data.path[:, 1]), thinned(heights)
        layers.append(Curve(x=x, y=y, z=z, colour=theme.error, name="path, at its true loss"))
    pane = Pane(
        x=Axis(data.short_names[0]), y=Axis(data.short_names[1]), z=Axis("log loss"), layers=tuple(layers),
        camera=(camera.azimuth, camera.elevation), plane=data.plane,
    )  # fmt: skip
    return Plot((pane,))
