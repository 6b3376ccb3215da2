"""A figure as curves, bands and grids in panes, which LaTeX can typeset."""

from __future__ import annotations

from typing import Literal, Protocol, TypeAlias, runtime_checkable

from msgspec import Struct

from playground.style.theme import Style

Floats: TypeAlias = tuple[float, ...]
Point: TypeAlias = tuple[float, float]


class Curve(Struct, frozen=True, kw_only=True):
    """Points, joined by a line or not; values that are not finite are gaps.

    Attributes:
        x: horizontal coordinates.
        y: vertical coordinates.
        z: heights in a pane with a camera; empty in others.
        colour: colour of line and markers.
        name: name in the legend; empty for none.
        form: what is drawn: a line, only markers, or both.
        dash: number of the dash pattern; 0 is solid.
        marker: number of the marker.
        thick: whether it is the main thing in the pane.
    """

    x: Floats
    y: Floats
    colour: str
    z: Floats = ()
    name: str = ""
    form: Literal["line", "points", "both"] = "line"
    dash: int = 0
    marker: int = 0
    thick: bool = True


class Band(Struct, frozen=True, kw_only=True):
    """The area between two curves.

    Attributes:
        x: horizontal coordinates.
        low: lower limits.
        high: upper limits.
        colour: its colour.
        name: name in the legend; empty for none.
        hatch: number of its hatch in a printed theme; ``None`` for a pale area.
        opacity: how much it covers what is behind it.
    """

    x: Floats
    low: Floats
    high: Floats
    colour: str
    name: str = ""
    hatch: int | None = None
    opacity: float = 0.25


class Grid(Struct, frozen=True, kw_only=True):
    """Values over a rectangle, as colours of a map or as heights of a surface.

    Attributes:
        x: coordinates of the columns.
        y: coordinates of the rows.
        values: row by row.
        limits: values of the first and the last colour.
        colours: colours between them, evenly spaced.
        name: what the values are.
        has_scale: whether a scale of colours is drawn.
    """

    x: Floats
    y: Floats
    values: tuple[Floats, ...]
    limits: Point
    colours: tuple[str, ...]
    name: str = ""
    has_scale: bool = True


class Note(Struct, frozen=True):
    """A text at a point.

    Attributes:
        at: the point.
        text: what is written.
    """

    at: Point
    text: str


Layer: TypeAlias = Curve | Band | Grid | Note


class Axis(Struct, frozen=True):
    """An axis.

    Attributes:
        title: what is on it.
        range: its ends; ``None`` for those of the data.
        log: whether it is logarithmic.
        ticks: positions and texts; ``None`` for automatic ones.
    """

    title: str = ""
    range: Point | None = None
    log: bool = False
    ticks: tuple[tuple[float, str], ...] | None = None


class Pane(Struct, frozen=True, kw_only=True):
    """One coordinate system.

    Attributes:
        x: the horizontal axis.
        y: the vertical axis.
        layers: what is drawn, from the back to the front.
        title: what the pane shows; empty if the figure has only one.
        is_square: whether both axes have the same scale.
        z: the height axis of a surface; ``None`` in the plane.
        camera: azimuth and elevation of the view on a surface in degrees.
        plane: which directions the axes are, if their titles do not say it; coordinates in others cannot be compared.
    """

    x: Axis
    y: Axis
    layers: tuple[Layer, ...]
    title: str = ""
    is_square: bool = False
    z: Axis | None = None
    camera: Point = (35.0, 32.0)
    plane: str = ""


class Plot(Struct, frozen=True):
    """Panes stacked vertically.

    Attributes:
        panes: from top to bottom.
    """

    panes: tuple[Pane, ...]


class Listing(Struct, frozen=True):
    """Lines of source code.

    Attributes:
        lines: the lines.
    """

    lines: tuple[str, ...]


@runtime_checkable
class Plotted(Protocol):
    """A figure that can also be typeset."""

    def figure_plot(self, style: Style) -> Plot | Listing | None:
        """Return the figure in colours of ``style``, or ``None`` if it has no data or is a table."""
        ...
