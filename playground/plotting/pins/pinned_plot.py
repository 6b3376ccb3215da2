"""Add pinned runs to plots for LaTeX: their curves in the pin's colour, dashed, with its name in the legend."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Literal

from msgspec import structs

from playground.plotting.pins.ghosts import Data, Ghost
from playground.style.theme import Style
from playground.widgets.figure import Positions, Series
from playground.widgets.plot import Axis, Band, Curve, Pane, Plot

ROOM: Final = 0.05
"""Room above and below curves, relative to their range."""


def pinned_series(
    ghost: Ghost[Data], style: Style, values: Sequence[float], x: Positions = (), *, named: bool = True
) -> Series:
    """Return ``values`` of a pinned run as a dashed line; the positions ``x`` are those of the chart if left out."""
    return Series(
        ghost.name if named else "",
        tuple(values),
        ghost.tint(style).name(),
        dashed=True,
        printed=style.theme.printed,
        x=x,
    )


def with_pins(
    plot: Plot, ghosts: Iterable[Ghost[Data]], plot_of: Callable[[Data, Style], Plot | None], style: Style
) -> Plot:
    """Return ``plot`` with the main curves of pinned runs in front of its own.

    Args:
        plot: the current run.
        ghosts: the pinned runs.
        plot_of: returns a pinned run as a plot with the same panes.
        style: colours of the pins.
    """
    panes = list(plot.panes)
    for ghost in ghosts:
        other = plot_of(ghost.data, style) if ghost.is_drawn else None
        for number, (pane, theirs) in enumerate(zip(panes, other.panes if other is not None else (), strict=False)):
            panes[number] = _with_curves(pane, theirs, ghost, style)
    return Plot(tuple(panes))


def on_same_axes(plots: Sequence[Plot]) -> list[Plot]:
    """Return ``plots``, whose panes correspond, with each pane on axes that cover all of them, under its own titles.

    Panes in different planes stay as they are.
    """
    panes: list[list[Pane]] = []
    for together in zip(*(plot.panes for plot in plots), strict=False):
        if len({pane.plane for pane in together}) > 1:
            panes.append(list(together))
            continue
        x, y = (_covering_all(together, letter) for letter in ("x", "y"))
        panes.append([structs.replace(pane, x=_titled(x, pane.x), y=_titled(y, pane.y)) for pane in together])
    return [Plot(tuple(column)) for column in zip(*panes, strict=True)]


def _titled(axis: Axis, own: Axis) -> Axis:
    """Return ``axis`` with the title of ``own``, which may say something about its run."""
    return structs.replace(axis, title=own.title)


def _covering_all(panes: Sequence[Pane], letter: Literal["x", "y"]) -> Axis:
    axes: list[Axis] = [getattr(pane, letter) for pane in panes]
    axis = axes[0]
    for other in axes[1:]:
        axis = _covering(axis, other)
    if axis.range is not None:
        return axis
    layers = [layer for pane in panes for layer in pane.layers if isinstance(layer, Curve | Band)]
    values = [value for layer in layers for value in _values(layer, letter)]
    known = [value for value in values if math.isfinite(value) and (value > 0.0 or not axis.log)]
    if not known or min(known) == max(known):
        return axis
    if axis.log:
        ends = 10.0 ** math.floor(math.log10(min(known))), 10.0 ** math.ceil(math.log10(max(known)))
        return structs.replace(axis, range=ends)
    room = ROOM * (max(known) - min(known)) if letter == "y" else 0.0
    return structs.replace(axis, range=(min(known) - room, max(known) + room))


def _values(layer: Curve | Band, letter: Literal["x", "y"]) -> Sequence[float]:
    if letter == "x":
        return layer.x
    return layer.y if isinstance(layer, Curve) else (*layer.low, *layer.high)


def _with_curves(pane: Pane, theirs: Pane, ghost: Ghost[Data], style: Style) -> Pane:
    """Return ``pane`` with the main curves of ``theirs``, or with the outlines of its areas if there are none."""
    curves = [each for each in theirs.layers if isinstance(each, Curve) and each.thick]
    different = [each for each in curves if each not in pane.layers]  # both runs have marks such as the start
    outlines = [_outline(each) for each in theirs.layers if isinstance(each, Band)]
    look = {"colour": ghost.tint(style).name(), "dash": 1 + ghost.colour if style.theme.printed else 1}
    found = [
        structs.replace(each, name="" if number else ghost.name, **look)
        for number, each in enumerate(different or curves or outlines)
    ]
    if not found:
        return pane
    return structs.replace(
        pane, x=_covering(pane.x, theirs.x), y=_covering(pane.y, theirs.y), layers=(*pane.layers, *found)
    )


def _outline(band: Band) -> Curve:
    x, low, high = band.x, band.low, band.high
    return Curve(x=(x[0], *x, x[-1]), y=(low[0], *high, low[-1]), colour=band.colour)


def _covering(axis: Axis, other: Axis) -> Axis:
    """Return ``axis``, extended to the range and the ticks of ``other``."""
    if axis.range is None or other.range is None:
        ends = None
    else:
        first, last = zip(axis.range, other.range, strict=True)
        ends = (max(first), min(last)) if axis.range[0] > axis.range[1] else (min(first), max(last))
    ticks = max(axis.ticks, other.ticks, key=len) if axis.ticks is not None and other.ticks is not None else axis.ticks
    return structs.replace(axis, range=ends, ticks=ticks)
