"""Panes of curves, bands and grids as pgfplots axes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from playground.export.latex.numbers import GAP, axis_range, finite, gap, plain
from playground.export.latex.text import latex
from playground.style.patterns import DASHES
from playground.widgets.plot import Axis, Band, Curve, Grid, Note, Pane, Plot

WIDTH: Final = 14.0
"""Width of a drawing in centimetres, so that text of 10 points has the right size in a column."""

SCALE: Final = 2.3
"""Width of the scale of colours, with its numbers, in centimetres."""

MIN_PANE: Final = 4.4
"""Smallest height of a pane in centimetres, with its labels."""

TITLE: Final = "title style={at={(0,1.02)}, anchor=south west, inner sep=1pt}"

TITLE_HEIGHT: Final = 0.5
LEGEND_ROW: Final = 0.45
"""Height of another row of the legend in centimetres."""

ONE_ROW: Final = 0.6
"""Height of a legend of one row."""

LETTER: Final = 0.13
"""Width of a letter of the legend in centimetres."""

WIDE_LETTER: Final = 0.19
"""Width of a letter of the title of an axis in centimetres."""

TITLE_LINES: Final = 2
"""Maximum number of lines of the title of a vertical axis."""

TITLE_LINE: Final = 0.42
"""Width of a further one in centimetres."""

TITLE_ROOM: Final = 1.7
"""Height in centimetres of a pane that the axis below and the space above leave no room for."""

MARKERS: Final = ("*", "o", "triangle*", "square", "diamond*", "triangle", "square*", "diamond", "triangle*", "+")
PATTERNS: Final = (
    "north east lines", "north west lines", "crosshatch", "horizontal lines", "vertical lines", "dots", "grid",
    "crosshatch dots",
)  # fmt: skip


def plot_height(plot: Plot, height: float) -> float:
    """Return the height of ``plot`` in centimetres, at least that of its panes, and of a legend of several rows."""
    return _panes_height(plot, height) + max(legend_height(_legend_names(plot.panes[0])) - ONE_ROW, 0.0)


def _panes_height(plot: Plot, height: float) -> float:
    return max(height, len(plot.panes) * max(_least_height(pane) for pane in plot.panes))


def _least_height(pane: Pane) -> float:
    """Return a height in which the titles of the vertical axis and of the scale of colours fit beside the axis."""
    titles = [pane.y.title, *(layer.name for layer in pane.layers if isinstance(layer, Grid) and layer.has_scale)]
    longest = max(WIDE_LETTER * len(title) for title in titles)
    return max(MIN_PANE, longest / TITLE_LINES + _outside(pane, _legend_names(pane)))


def _outside(pane: Pane, names: Sequence[str]) -> float:
    """Return the height above and below the axis of ``pane`` in centimetres; ``names`` are in one row above it."""
    return TITLE_ROOM + (ONE_ROW if names else 0.0) + (TITLE_HEIGHT if pane.title else 0.0)


def title_options(letter: str, title: str, room: float) -> list[str]:
    """Return options for the title of an axis, in several lines if it is longer than ``room`` centimetres."""
    if not title:
        return []
    broken = [f"{letter}label style={{text width={plain(room)}cm, align=center}}"]
    return [f"{letter}label={{{latex(title)}}}", *(broken if WIDE_LETTER * len(title) > room else [])]


def _legend_names(pane: Pane) -> list[str]:
    return [layer.name for layer in pane.layers if isinstance(layer, Curve | Band) and layer.name]


def plot_lines(plot: Plot, height: float, *, printed: bool) -> Iterator[str]:
    """Yield the axes of ``plot``, stacked in ``height`` centimetres; ``printed``: with dashes and hatches."""
    each = _panes_height(plot, height) / len(plot.panes)
    for number, pane in enumerate(plot.panes):
        yield from _pane(pane, each, -number * each, printed=printed, has_legend=number == 0)


def _pane(pane: Pane, height: float, bottom: float, *, printed: bool, has_legend: bool) -> Iterator[str]:
    grid = next((layer for layer in pane.layers if isinstance(layer, Grid)), None)
    width = WIDTH - 1.0 - (SCALE if grid is not None and grid.has_scale else 0.0)
    names = _legend_names(pane) if has_legend else []
    inside = height - _outside(pane, names)
    if WIDE_LETTER * len(pane.y.title) > inside:
        width -= (TITLE_LINES - 1) * TITLE_LINE
    if pane.is_square:
        width = inside = min(width, inside)
    width, inside = max(width, 1.0), max(inside, 1.0)
    options = [
        f"at={{(0cm,{plain(bottom)}cm)}}",
        "scale only axis",
        f"width={plain(width)}cm",
        f"height={plain(inside)}cm",
        *([f"title={{{latex(pane.title)}}}", TITLE] if pane.title else []),
        *_axis("x", pane.x, [pair for layer in pane.layers for pair in _ends(layer, 0)], width),
        *_axis("y", pane.y, [pair for layer in pane.layers for pair in _ends(layer, 1)], inside),
        "unbounded coords=jump",
        *legend_options(names, above=TITLE_HEIGHT if pane.title else 0.0),
    ]
    if pane.z is not None:
        azimuth, elevation = pane.camera
        options += [f"view={{{plain(azimuth)}}}{{{plain(elevation)}}}", f"zlabel={{{latex(pane.z.title)}}}"]
    elif grid is None:
        options += ["axis lines=left", "ymajorgrids"]
    else:
        options += ["axis on top", "enlargelimits=false", "tick align=outside", "tick pos=left"]
    if grid is not None:
        options += _colours(grid, inside)
    yield r"\begin{axis}["
    yield from (f"  {option}," for option in options)
    yield "]"
    for layer in pane.layers:
        match layer:
            case Grid():
                yield from _grid(layer, is_surface=pane.z is not None)
            case Band():
                yield from _band(layer, pane, printed=printed, named=has_legend)
            case Curve():
                yield from _curve(layer, pane, printed=printed, named=has_legend)
            case Note() if finite(layer.at[0]) and finite(layer.at[1]):
                x, y = layer.at
                look = "font=\\footnotesize, fill=white, fill opacity=0.8, text opacity=1, inner sep=1pt"
                yield f"\\node[{look}] at (axis cs:{plain(x)},{plain(y)}) {{{latex(layer.text)}}};"
    yield r"\end{axis}"


def legend_options(names: Sequence[str], *, above: float = 0.0) -> list[str]:
    """Return options for a legend over the axis, ``above`` centimetres from it."""
    if not names:
        return []
    look = "font=\\footnotesize, draw=none, fill=none, at={(1,1.02)}, anchor=south east"
    gaps = "/tikz/every even column/.append style={column sep=8pt}"
    return [
        "legend cell align=left",
        f"legend columns={_legend_columns(names)}",
        f"legend style={{{look}, {gaps}, yshift={plain(above)}cm}}",
    ]


def legend_height(names: Sequence[str]) -> float:
    """Return the height of the legend over the axis in centimetres."""
    return ONE_ROW + LEGEND_ROW * ((len(names) - 1) // _legend_columns(names)) if names else 0.0


def _legend_columns(names: Sequence[str]) -> int:
    """Return how many entries of the legend fit side by side."""
    widths = [1.2 + LETTER * len(name) for name in names]
    return len(names) if sum(widths) < WIDTH else max(1, int(WIDTH / max(widths)))


def _ends(layer: Curve | Band | Grid | Note, axis: int) -> list[float]:
    match layer:
        case Curve():
            return [*(layer.y if axis else layer.x)]
        case Band():
            return [*layer.low, *layer.high] if axis else [*layer.x]
        case Grid():
            return [*(layer.y if axis else layer.x)]
        case Note():
            return [layer.at[axis]]


def _axis(letter: str, axis: Axis, values: list[float], room: float) -> list[str]:
    options = title_options(letter, axis.title, room)
    low, high = axis.range if axis.range is not None else axis_range(values, log=axis.log)
    if low > high:
        low, high = high, low
        options.append(f"{letter} dir=reverse")
    if axis.log:
        options += [f"{letter}mode=log", "log origin=infty"]
    options += [f"{letter}min={plain(low)}", f"{letter}max={plain(high)}"]
    if axis.ticks == ():
        options.append(rf"{letter}tick=\empty")  # for an empty list, pgfplots chooses ticks itself
    elif axis.ticks is not None:
        step = max(1, math.ceil(len(axis.ticks) / 16))
        shown = axis.ticks[::step]
        options.append(f"{letter}tick={{{','.join(plain(at) for at, _ in shown)}}}")
        options.append(f"{letter}ticklabels={{{','.join(f'{{{latex(text)}}}' for _, text in shown)}}}")
        if axis.log:
            options.append(f"{letter}minorticks=false")
    return options


def _colours(grid: Grid, height: float) -> list[str]:
    low, high = grid.limits
    steps = " ".join(f"color=(«{colour}»)" for colour in grid.colours)
    options = [f"colormap={{shades}}{{{steps}}}", f"point meta min={plain(low)}", f"point meta max={plain(high)}"]
    if grid.has_scale:
        title = ", ".join(["width=0.3cm", *title_options("y", grid.name, height)])
        options += ["colorbar", f"colorbar style={{{title}}}"]
    return options


def _grid(grid: Grid, *, is_surface: bool) -> Iterator[str]:
    columns = len(grid.x)
    if is_surface:
        yield f"\\addplot3[forget plot, surf, shader=faceted, faceted color=black!40, mesh/cols={columns}] table {{"
    else:
        yield f"\\addplot[forget plot, matrix plot*, mesh/cols={columns}, point meta=explicit] table[meta index=2] {{"
    low, high = grid.limits
    for y, row in zip(grid.y, grid.values, strict=True):
        for x, value in zip(grid.x, row, strict=True):
            # A cell without a value has the colour of the lowest one: TeX cannot leave it out.
            shown = min(max(value, low), high) if finite(value) else low
            yield f"  {plain(x)} {plain(y)} {plain(shown)}"
    yield "};"


def _curve(curve: Curve, pane: Pane, *, printed: bool, named: bool) -> Iterator[str]:
    width = "1.2pt" if curve.thick else "0.5pt"
    options = [f"color=«{curve.colour}»", f"line width={width}"]
    dashes = DASHES[curve.dash % len(DASHES)] if printed or curve.dash == 1 else ()
    if dashes:
        parts = (f"{'off' if index % 2 else 'on'} {plain(length * 0.6)}pt" for index, length in enumerate(dashes))
        options.append(f"dash pattern={' '.join(parts)}")
    if curve.form == "line":
        options.append("mark=none")
    else:
        marker = MARKERS[curve.marker % len(MARKERS)] if printed else "*"
        options += [f"mark={marker}", "mark size=1.6pt", "mark options={solid}"]
    if curve.form == "points":
        options.append("only marks")
    if not (curve.name and named):
        options.append("forget plot")
    spatial = pane.z is not None and len(curve.z) == len(curve.x)
    rows = []
    for index, (x, y) in enumerate(zip(curve.x, curve.y, strict=True)):
        third = (gap(curve.z[index], log=False),) if spatial else ()
        rows.append((gap(x, log=pane.x.log), gap(y, log=pane.y.log), *third))
    if any(GAP not in row for row in rows):
        yield f"\\addplot{'3' if spatial else ''}[{', '.join(options)}] table {{"
        yield from (f"  {' '.join(row)}" for row in rows)
        yield "};"
    elif curve.name and named:
        # pgfplots cannot compile a curve without any point.
        yield f"\\addlegendimage{{{', '.join(options)}}}"
    if curve.name and named:
        yield rf"\addlegendentry{{{latex(curve.name)}}}"


def _band(band: Band, pane: Pane, *, printed: bool, named: bool) -> Iterator[str]:
    """Yield an outline of the band without its gaps; on a logarithmic axis, 0 is at the bottom."""
    floor = axis_range([*band.low, *band.high], log=pane.y.log)[0] if pane.y.log else 0.0
    if pane.y.range is not None and pane.y.log:
        floor = min(pane.y.range)

    def height(value: float) -> float:
        return max(value, floor) if pane.y.log else value

    known = [
        (x, height(low), height(high))
        for x, low, high in zip(band.x, band.low, band.high, strict=True)
        if finite(low) and finite(high) and (x > 0 or not pane.x.log)
    ]
    if len(known) < 2:
        return
    if printed and band.hatch is not None:
        look = f"pattern={PATTERNS[band.hatch % len(PATTERNS)]}, draw=«{band.colour}», pattern color=«{band.colour}»"
    else:
        look = f"draw=none, fill=«{band.colour}», fill opacity={plain(band.opacity)}"
    forgotten = "" if band.name and named else ", forget plot"
    yield f"\\addplot[{look}, mark=none, area legend{forgotten}] coordinates {{"
    for x, _, high in known:
        yield f"  ({plain(x)},{plain(high)})"
    for x, low, _ in reversed(known):
        yield f"  ({plain(x)},{plain(low)})"
    yield "} -- cycle;"
    if band.name and named:
        yield rf"\addlegendentry{{{latex(band.name)}}}"
