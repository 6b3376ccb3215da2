"""Add pinned runs to what is typeset: their curves in the pin's colour, dashed, with its name in the legend."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec import structs

from playground.plotting.ghosts import Data, Ghost
from playground.style.theme import Style
from playground.widgets.figure import Positions, Series
from playground.widgets.plot import Axis, Band, Curve, Pane, Plot


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
