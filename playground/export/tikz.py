"""Charts as pgfplots and networks as TikZ: readable LaTeX with the data inline, which compiles by itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from core.errors import PlaygroundError
from playground.export.frame import usual_words
from playground.export.hidden_view import Look
from playground.export.latex_text import latex
from playground.widgets.figure import Chart, Charted, Diagram, Diagrammed, Figure, Series

WIDTH: Final = 14.0
"""Width of the drawing in centimetres, so that text of 10 points has the right size in a column."""

MAX_POINTS: Final = 400
"""Maximum number of points of a line; TeX needs seconds for some thousand."""

FLAT: Final = 1e-2
"""Relative range of values below which an axis is widened."""

MAX_EDGES: Final = 3000


def accepts(figure: Figure) -> bool:
    """Return whether ``figure`` is a chart or a network."""
    return isinstance(figure, Diagrammed) or (isinstance(figure, Charted) and not figure.is_table)


def prepare_tikz(figure: Figure, look: Look) -> Callable[[], bytes]:
    """Take the data of ``figure``, and return a function that writes its LaTeX on any thread.

    Raises:
        PlaygroundError: the figure is neither a chart nor a network.
    """
    if isinstance(figure, Diagrammed):
        drawing: Chart | Diagram | object = figure.figure_diagram(look.style)
    else:
        drawing = figure.figure_chart(look.style) if isinstance(figure, Charted) else None
    title, subtitle = usual_words(figure.figure_text()) if look.titled else ("", "")
    words = (title, subtitle, look.caption)
    height = WIDTH * look.size[1] / look.size[0]
    match drawing:
        case Chart():
            return lambda: _document(_chart(drawing, height), words, height)
        case Diagram():
            return lambda: _document(_diagram(drawing, height), words, height)
    raise PlaygroundError(
        f"{figure.figure_title}: only the network, the loss, the gradient and the weights can be written for LaTeX"
    )


def _document(drawing: Iterator[str], words: tuple[str, str, str], height: float) -> bytes:
    title, subtitle, caption = (latex(each) for each in words)
    colour: dict[str, str] = {}
    lines = _with_colours(list(drawing), colour)
    page = [
        r"\documentclass{article}",
        rf"\usepackage[papersize={{{WIDTH + 2:g}cm,{height + 3.5:.4g}cm}},margin=5mm]{{geometry}}",
        r"\usepackage[utf8]{inputenc}",
        r"\usepackage{pgfplots}",
        r"\pgfplotsset{compat=1.16}",
        *(rf"\definecolor{{{name}}}{{HTML}}{{{code}}}" for code, name in colour.items()),
        r"\pagestyle{empty}",
        r"\setlength{\parindent}{0pt}",
        r"\begin{document}",
        r"\sffamily",
        *([rf"\textbf{{\large {title}}}\par"] if title else []),
        *([rf"{subtitle}\par"] if subtitle else []),
        r"\medskip",
        "% To use the drawing elsewhere, copy it with the colours above and \\usepackage{pgfplots}.",
        r"\begin{tikzpicture}",
        *lines,
        r"\end{tikzpicture}\par",
        *([rf"\medskip{{\footnotesize {caption}}}"] if caption else []),
        r"\end{document}",
        "",
    ]
    return "\n".join(page).encode()


def _with_colours(lines: Sequence[str], names: dict[str, str]) -> list[str]:
    """Return ``lines`` with each ``#RRGGBB`` replaced by a name, which is added to ``names``."""
    found: list[str] = []
    for line in lines:
        parts = line.split("«")
        out = [parts[0]]
        for part in parts[1:]:
            code, rest = part.split("»", 1)
            name = names.setdefault(code.lstrip("#").upper(), f"colour{len(names) + 1}")
            out.append(name + rest)
        found.append("".join(out))
    return found


def _chart(chart: Chart, height: float) -> Iterator[str]:
    bars = bool(chart.x) and isinstance(chart.x[0], str)
    options = [
        f"width={WIDTH:g}cm",
        f"height={height:.4g}cm",
        f"xlabel={{{latex(chart.x_title)}}}",
        f"ylabel={{{latex(chart.y_title)}}}",
        "axis lines=left",
        "ymajorgrids",
        "legend style={draw=none, at={(0.98,0.98)}, anchor=north east}",
        "unbounded coords=jump",
    ]
    options += _vertical_range(chart)
    if bars:
        places = ",".join(str(number) for number in range(len(chart.x)))
        names = ",".join(f"{{{latex(str(name))}}}" for name in chart.x)
        options += ["ybar", "bar shift=0pt", f"xtick={{{places}}}", f"xticklabels={{{names}}}", "enlarge x limits=0.1"]
        options.append(f"bar width={0.6 * WIDTH / max(len(chart.x) + 1, 2):.3g}cm")
    yield r"\begin{axis}["
    yield from (f"  {option}," for option in options)
    yield "]"
    for series in chart.series:
        yield from _bars(series, log=chart.log) if bars else _line(series, chart)
    if not bars and len(chart.series) > 1:
        yield rf"\legend{{{','.join(f'{{{latex(series.name)}}}' for series in chart.series)}}}"
    yield r"\end{axis}"


def _vertical_range(chart: Chart) -> list[str]:
    """Return options for the vertical axis; TeX cannot compute the range of values that are all nearly equal."""
    values = [value for series in chart.series for value in series.values if math.isfinite(value)]
    if chart.log:
        positive = [value for value in values if value > 0] or [1.0]
        low, high = math.floor(math.log10(min(positive))), math.ceil(math.log10(max(positive)))
        return ["ymode=log", "log origin=infty", f"ymin=1e{low}", f"ymax=1e{max(high, low + 1)}"]
    if values and max(values) - min(values) < FLAT * max(abs(value) for value in values):
        spread = max(abs(values[0]) * FLAT, FLAT)
        return [f"ymin={_plain(min(values) - spread)}", f"ymax={_plain(max(values) + spread)}"]
    return []


def _line(series: Series, chart: Chart) -> Iterator[str]:
    step = max(1, math.ceil(len(chart.x) / MAX_POINTS))
    pairs = list(zip(chart.x, series.values, strict=True))
    colour = series.colour if isinstance(series.colour, str) else series.colour[0]
    dashed = ", dashed" if series.dashed else ""
    yield f"\\addplot[thick{dashed}, color=«{colour}»] table {{"
    for x, y in [*pairs[:-1:step], *pairs[-1:]]:
        yield f"  {_plain(float(str(x)))} {_value(y, log=chart.log)}"
    yield "};"


def _bars(series: Series, *, log: bool) -> Iterator[str]:
    colours = [series.colour] * len(series.values) if isinstance(series.colour, str) else series.colour
    for place, (value, colour) in enumerate(zip(series.values, colours, strict=True)):
        written = _value(value, log=log)
        if written != "nan":
            yield f"\\addplot[draw=none, fill=«{colour}»] coordinates {{({place},{written})}};"


def _value(value: float, *, log: bool) -> str:
    """Return ``value`` for pgfplots: what is not finite, or not positive on a logarithmic axis, is a gap."""
    return _plain(value) if math.isfinite(value) and (value > 0 or not log) else "nan"


def _plain(value: float) -> str:
    return f"{value:.7g}"


def _diagram(diagram: Diagram, height: float) -> Iterator[str]:
    """Yield nodes in columns, and edges in the colour of their sign, as wide as the size of their weight."""
    count = len(diagram.columns)
    apart = (WIDTH - 2.5) / max(count - 1, 1)
    tallest = max((len(column.nodes) for column in diagram.columns), default=1)
    down = min(1.4, (height - 1.5) / max(tallest, 1))
    size = max(0.25, min(0.8, 0.75 * down))
    yield rf"\tikzset{{neuron/.style={{draw, rounded corners=1.5pt, fill=white, minimum size={size:.3g}cm, inner sep=1pt}}}}"
    edges = sorted(diagram.edges, key=lambda edge: -abs(edge.value) if math.isfinite(edge.value) else 0.0)[:MAX_EDGES]
    largest = max((abs(edge.value) for edge in edges if math.isfinite(edge.value)), default=0.0) or 1.0
    for index, column in enumerate(diagram.columns):
        x = 1.0 + index * apart
        yield f"% {column.name}"
        heading = f"text width={apart:.3g}cm, align=center, font=\\bfseries\\scriptsize"
        yield f"\\node[{heading}] at ({x:.3f},{height - 0.6:.3f}) {{{latex(column.name)}}};"
        for place, name in enumerate(column.nodes):
            y = (height - 1.2) / 2 + ((len(column.nodes) - 1) / 2 - place) * down
            yield f"\\node[neuron] (n{index}-{place}) at ({x:.3f},{y:.3f}) {{\\footnotesize {latex(name)}}};"
    for edge in edges:
        if math.isfinite(edge.value) and edge.value:
            width = 0.2 + 2.3 * abs(edge.value) / largest
            colour = diagram.positive if edge.value > 0 else diagram.negative
            ends = f"(n{edge.column}-{edge.source}.east) -- (n{edge.column + 1}-{edge.target}.west)"
            yield f"\\draw[color=«{colour}», line width={width:.2f}pt] {ends}; % {edge.value:.6g}"
