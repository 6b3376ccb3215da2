"""Figures as pgfplots, TikZ and tables: readable LaTeX with the data inline, which compiles on its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from playground.export.frame import usual_words
from playground.export.hidden_view import Look
from playground.export.latex.numbers import FLAT, GAP, axis_range, finite, gap, plain
from playground.export.latex.plot import PATTERNS, WIDTH, legend_height, legend_options, plot_height, plot_lines
from playground.export.latex.table import listing_height, listing_lines, table_height, table_lines
from playground.export.latex.text import latex
from playground.style.patterns import DASHES
from playground.style.theme import Style
from playground.widgets.figure import Chart, Charted, Diagram, Diagrammed, Figure, Parted, Series
from playground.widgets.plot import Listing, Plot, Plotted

MAX_POINTS: Final = 400
"""Maximum number of points of a line; TeX needs seconds for some thousand."""

MAX_EDGES: Final = 3000
LETTERS: Final = 65
"""Number of letters of a title that always fit in one line."""

LINE: Final = 0.55
"""Height of a further line of title, subtitle or caption in centimetres."""

NAME: Final = 0.6
"""Height of the name of a run in centimetres."""

LABELS: Final = 1.3
"""Width and height of the labels beside and below an axis in centimetres."""

MIN_PART: Final = 6.0
"""Smallest height of the drawing of a run in centimetres."""

HEADING: Final = 2.4
"""Largest width of a heading in centimetres, so that none leaves the page."""


def prepare_tikz(figure: Figure, look: Look) -> Callable[[], bytes]:
    """Take the data of ``figure``, and return a function that writes its LaTeX on any thread.

    What is neither a chart, a network nor a plot is written as a table.
    """
    drawing = _drawing(figure, look.style)
    parts = figure.figure_parts(look.style) if drawing is None and isinstance(figure, Parted) else ()
    title, subtitle = usual_words(figure.figure_text()) if look.titled else ("", "")
    words = (title, subtitle, look.caption)
    height, printed = WIDTH * look.size[1] / look.size[0], look.theme.printed
    match drawing:
        case Chart():
            return lambda: _picture(_chart(drawing, height, printed=printed), words, height)
        case Diagram():
            return lambda: _picture(_diagram(drawing, height, printed=printed), words, height)
        case Plot():
            high = plot_height(drawing, height)
            return lambda: _picture(plot_lines(drawing, height, printed=printed), words, high)
        case Listing():
            return lambda: _document(list(listing_lines(drawing)), words, listing_height(drawing))
    if parts:
        each = max(height / len(parts), MIN_PART)
        return lambda: _picture(_parts(parts, each, printed=printed), words, each * len(parts))
    table = figure.figure_table()
    return lambda: _document(list(table_lines(table)), words, table_height(table))


def _drawing(figure: Figure, style: Style) -> Chart | Diagram | Plot | Listing | None:
    if isinstance(figure, Diagrammed):
        return figure.figure_diagram(style)
    if isinstance(figure, Plotted):
        plot = figure.figure_plot(style)
        if plot is not None:
            return plot
    chart = figure.figure_chart(style) if isinstance(figure, Charted) and not figure.is_table else None
    return chart if isinstance(chart, Chart) else None


def _picture(drawing: Iterator[str], words: tuple[str, str, str], height: float) -> bytes:
    hint = "% To use the drawing elsewhere, copy it with the colours, packages and libraries above."
    return _document([hint, r"\begin{tikzpicture}", *drawing, r"\end{tikzpicture}\par"], words, height)


def _document(drawing: list[str], words: tuple[str, str, str], height: float) -> bytes:
    title, subtitle, caption = (latex(each) for each in words)
    height += sum(LINE * (len(text) // LETTERS) for text in words)
    colour: dict[str, str] = {}
    lines = _with_colours(drawing, colour)
    page = [
        r"\documentclass{article}",
        rf"\usepackage[papersize={{{WIDTH + 2:g}cm,{height + 3.5:.4g}cm}},margin=5mm]{{geometry}}",
        r"\usepackage[utf8]{inputenc}",
        r"\usepackage{pgfplots}",
        r"\pgfplotsset{compat=1.16}",
        r"\usepgfplotslibrary{patchplots}",
        r"\usetikzlibrary{patterns}",
        *(rf"\definecolor{{{name}}}{{HTML}}{{{code}}}" for code, name in colour.items()),
        r"\pagestyle{empty}",
        r"\setlength{\parindent}{0pt}",
        r"\begin{document}",
        r"\sffamily",
        *([rf"\textbf{{\large {title}}}\par"] if title else []),
        *([rf"{subtitle}\par"] if subtitle else []),
        r"\medskip",
        *lines,
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


def _parts(parts: Sequence[tuple[str, Chart | Diagram]], height: float, *, printed: bool) -> Iterator[str]:
    """Yield the drawing of each run below the one before it, under its name, all on the same scale."""
    charts = [drawing for _, drawing in parts if isinstance(drawing, Chart)]
    largest = max(_largest(drawing) for _, drawing in parts if isinstance(drawing, Diagram)) if not charts else 0.0
    ranges = _shared_ranges(charts)
    for number, (name, drawing) in enumerate(parts):
        yield rf"\begin{{scope}}[yshift={plain(-number * height)}cm]"
        yield rf"\node[anchor=south west, inner sep=0pt, font=\bfseries\small] at (0,{plain(height - NAME)}) {{{latex(name)}}};"
        if isinstance(drawing, Chart):
            yield from _chart(
                drawing, height - NAME, printed=printed, ranges=[*ranges, *_inside(drawing, height - NAME)]
            )
        else:
            yield from _diagram(drawing, height - NAME, printed=printed, largest=largest, prefix=f"r{number}-")
        yield r"\end{scope}"


def _inside(chart: Chart, height: float) -> list[str]:
    """Return options for an axis whose labels and legend are in ``height`` centimetres, too."""
    high = height - LABELS - legend_height(_legend_names(chart)) - NAME / 2
    place = f"at={{({plain(LABELS)}cm,{plain(LABELS)}cm)}}"
    return ["scale only axis", place, f"width={plain(WIDTH - LABELS)}cm", f"height={plain(max(high, 1.0))}cm"]


def _legend_names(chart: Chart) -> list[str]:
    """Return what the legend lists: lines, if there are several, and lines over bars."""
    bars = bool(chart.x) and isinstance(chart.x[0], str)
    named = [series.name for series in (*(() if bars else chart.series), *chart.lines) if series.name]
    return named if bars or len(named) > 1 else []


def _shared_ranges(charts: Sequence[Chart]) -> list[str]:
    """Return options for axes that cover all ``charts``."""
    every = [(chart, series) for chart in charts for series in (*chart.series, *chart.lines)]
    log = any(chart.log for chart in charts)
    low, high = axis_range([value for _, series in every for value in series.values], log=log)
    options = [f"ymin={plain(low)}", f"ymax={plain(high)}", *(["ymode=log", "log origin=infty"] if log else [])]
    places = [place for chart, series in every for place in series.x or chart.x if isinstance(place, float)]
    if places and min(places) < max(places):
        options += [f"xmin={plain(min(places))}", f"xmax={plain(max(places))}"]
    return options


def _chart(chart: Chart, height: float, *, printed: bool, ranges: Sequence[str] | None = None) -> Iterator[str]:
    bars = bool(chart.x) and isinstance(chart.x[0], str)
    named = _legend_names(chart)
    options = [
        f"width={WIDTH:g}cm",
        f"height={height - legend_height(named):.4g}cm",
        f"xlabel={{{latex(chart.x_title)}}}",
        f"ylabel={{{latex(chart.y_title)}}}",
        "axis lines=left",
        "ymajorgrids",
        *legend_options(named),
        "unbounded coords=jump",
    ]
    options += _vertical_range(chart) if ranges is None else ranges
    categories = tuple(dict.fromkeys([*chart.x, *(name for line in chart.lines for name in line.x)])) if bars else ()
    if bars:
        places = ",".join(str(number) for number in range(len(categories)))
        names = ",".join(f"{{{latex(str(name))}}}" for name in categories)
        options += [
            "ybar",
            "bar shift=0pt",
            f"xtick={{{places}}}",
            f"xticklabels={{{names}}}",
            "enlarge x limits={abs=0.6}",
        ]
        options.append(f"bar width={0.6 * WIDTH / max(len(categories) + 1, 2):.3g}cm")
    yield r"\begin{axis}["
    yield from (f"  {option}," for option in options)
    yield "]"
    for number, series in enumerate(chart.series):
        dash = number if printed else int(series.dashed)
        yield from _bars(series, log=chart.log, printed=printed) if bars else _line(series, chart, dash)
    number = int(chart.lines[0].dashed) - 1 if bars and chart.lines else len(chart.series) - 1
    for series in chart.lines:
        number += bool(series.name)
        yield from _line(series, chart, number if printed else int(series.dashed), categories)
    if named:
        yield rf"\legend{{{','.join(f'{{{latex(name)}}}' for name in named)}}}"
    yield r"\end{axis}"


def _vertical_range(chart: Chart) -> list[str]:
    """Return options for the vertical axis; TeX cannot compute the range of values that are all nearly equal."""
    values = [value for series in (*chart.series, *chart.lines) for value in series.values]
    low, high = axis_range(values, log=chart.log)
    if chart.log:
        return ["ymode=log", "log origin=infty", f"ymin={plain(low)}", f"ymax={plain(high)}"]
    known = [value for value in values if finite(value)]
    if known and max(known) - min(known) < FLAT * max(abs(value) for value in known):
        return [f"ymin={plain(low)}", f"ymax={plain(high)}"]
    return []


def _line(series: Series, chart: Chart, dash: int, categories: Sequence[float | str] = ()) -> Iterator[str]:
    """Yield a line; over bars of ``categories``, it joins their middles."""
    places = [categories.index(each) if categories else each for each in series.x or chart.x]
    step = max(1, math.ceil(len(places) / MAX_POINTS))
    pairs = list(zip(places, series.values, strict=True))
    colour = series.colour if isinstance(series.colour, str) else series.colour[0]
    lengths = DASHES[dash % len(DASHES)]
    parts = (f"{'off' if index % 2 else 'on'} {plain(0.6 * length)}pt" for index, length in enumerate(lengths))
    dashed = f", dash pattern={' '.join(parts)}" if lengths else ""
    kind = "sharp plot, line legend, " if categories else ""
    hidden = "" if series.name else ", forget plot"
    rows = [(plain(float(str(x))), gap(y, log=chart.log)) for x, y in [*pairs[:-1:step], *pairs[-1:]]]
    if any(y != GAP for _, y in rows):
        yield f"\\addplot[{kind}thick{dashed}, color=«{colour}»{hidden}] table {{"
        yield from (f"  {x} {y}" for x, y in rows)
        yield "};"
    elif series.name:
        # pgfplots cannot compile a curve without any point.
        yield f"\\addlegendimage{{{'line legend, ' if categories else ''}thick{dashed}, color=«{colour}»}}"


def _bars(series: Series, *, log: bool, printed: bool) -> Iterator[str]:
    colours = [series.colour] * len(series.values) if isinstance(series.colour, str) else series.colour
    for place, (value, colour) in enumerate(zip(series.values, colours, strict=True)):
        written = gap(value, log=log)
        if written != GAP:
            hatch = f"draw=black, pattern={PATTERNS[place % len(PATTERNS)]}"
            look = hatch if printed else f"draw=none, fill=«{colour}»"
            yield f"\\addplot[forget plot, {look}] coordinates {{({place},{written})}};"


def _largest(diagram: Diagram) -> float:
    return max((abs(edge.value) for edge in diagram.edges if math.isfinite(edge.value)), default=0.0)


def _diagram(
    diagram: Diagram, height: float, *, printed: bool, largest: float = 0.0, prefix: str = ""
) -> Iterator[str]:
    """Yield nodes in columns, and edges in the colour of their sign, as wide as the size of their weight.

    The widest edge is that of ``largest``, or of the largest weight. Names of nodes begin with ``prefix``.
    """
    count = len(diagram.columns)
    apart = (WIDTH - 2.5) / max(count - 1, 1)
    tallest = max((len(column.nodes) for column in diagram.columns), default=1)
    down = min(1.4, (height - 1.5) / max(tallest, 1))
    size = max(0.25, min(0.8, 0.75 * down))
    heading = f"text width={min(apart, HEADING):.3g}cm, align=center, font=\\bfseries\\scriptsize"
    yield rf"\tikzset{{neuron/.style={{draw, rounded corners=1.5pt, fill=white, minimum size={size:.3g}cm, inner sep=1pt}}}}"
    edges = sorted(diagram.edges, key=lambda edge: -abs(edge.value) if math.isfinite(edge.value) else 0.0)[:MAX_EDGES]
    largest = largest or _largest(diagram) or 1.0
    for index, column in enumerate(diagram.columns):
        x = 1.0 + index * apart
        yield f"% {column.name}"
        yield f"\\node[{heading}] at ({x:.3f},{height - 0.6:.3f}) {{{latex(column.name)}}};"
        for place, name in enumerate(column.nodes):
            y = (height - 1.2) / 2 + ((len(column.nodes) - 1) / 2 - place) * down
            yield f"\\node[neuron] ({prefix}n{index}-{place}) at ({x:.3f},{y:.3f}) {{\\footnotesize {latex(name)}}};"
    for edge in edges:
        if math.isfinite(edge.value) and edge.value:
            width = 0.2 + 2.3 * abs(edge.value) / largest
            colour = diagram.positive if edge.value > 0 else diagram.negative
            look = f"color=«{colour}»"
            if printed:
                look = "color=black" if edge.value > 0 else "color=black, dash pattern=on 3pt off 2pt"
            ends = f"({prefix}n{edge.column}-{edge.source}.east) -- ({prefix}n{edge.column + 1}-{edge.target}.west)"
            yield f"\\draw[{look}, line width={width:.2f}pt] {ends}; % {edge.value:.6g}"
