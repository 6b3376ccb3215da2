"""LaTeX exports contain the figure's numbers, and compile where a TeX is installed."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from core.experiment import Experiment
from core.training.snapshot import Snapshot
from playground.export.hidden_view import Look
from playground.export.latex.plot import plot_lines
from playground.export.latex.text import latex
from playground.export.latex.tikz import prepare_tikz
from playground.inspector import InspectorPanel
from playground.network_view import NetworkView
from playground.plots import GradientPlot, LossPlot
from playground.session import Session
from playground.style.theme import LIGHT, PRINT, Style, Theme
from playground.widgets.figure import Chart, FigureText, Series
from playground.widgets.plot import Axis, Band, Curve, Grid, Note, Pane, Plot
from playground.window.cards import CARDS
from tests.playground.export.figures import SceneFigure
from tests.playground.export.tex import compiled, needs_tex
from tests.playground.factory import snapshot_of

pytestmark = pytest.mark.usefixtures("fonts", "short_runs")
LOOK = Look((1200, 800), LIGHT, caption="circle, 2-4-2-1 tanh")


def card_of(qtbot: QtBot, kind: Any) -> Any:
    card = kind(Session(Experiment()), Style(LIGHT))
    qtbot.addWidget(card)
    card.resize(400, 300)
    card.show_snapshot(snapshot_of(Experiment(), 40))
    return card


class Drawn(SceneFigure):
    """A figure with a given chart."""

    is_table = False

    def __init__(self, *values: float, log: bool) -> None:
        x = tuple(float(number) for number in range(len(values)))
        self.chart = Chart(
            x=x, series=(Series("a_1 & b", values, "#123456"),), x_title="x₁", y_title="‖∂L/∂W‖", log=log
        )

    def figure_chart(self, style: Style) -> Chart:  # noqa: ARG002 - the interface of charted figures
        return self.chart

    def figure_text(self) -> FigureText:
        return FigureText("50 % {off} $x$ #1", "", "∂L/∂W₁₁ is 140\u2009000 × smaller than φ′")


class Typeset(SceneFigure):
    """A figure with a given plot."""

    def __init__(self, plot: Plot) -> None:
        self.plot = plot

    def figure_plot(self, style: Style) -> Plot:  # noqa: ARG002 - the interface of plotted figures
        return self.plot


def test_losses_are_read_back_from_the_table(qtbot: QtBot) -> None:
    card = card_of(qtbot, LossPlot)
    text = prepare_tikz(card, LOOK)().decode()
    data = card.shown()
    tables = re.findall(r"table \{\n(.*?)\};", text, re.DOTALL)
    rows = [[float(cell) for cell in line.split()] for line in tables[0].strip().splitlines()]
    assert [row[0] for row in rows] == pytest.approx(data.x.tolist())
    assert [row[1] for row in rows] == pytest.approx(data.train.tolist(), rel=1e-6)
    assert "ymode=log" in text
    assert r"\legend{{train},{test}}" in text
    assert "circle, 2-4-2-1 tanh" in text


def test_bars_have_the_colours_of_their_layers(qtbot: QtBot) -> None:
    card = card_of(qtbot, GradientPlot)
    text = prepare_tikz(card, LOOK)().decode()
    bars = [float(value) for value in re.findall(r"coordinates \{\(\d+,([^)]+)\)\}", text)]
    assert bars == pytest.approx(card.shown().values.tolist(), rel=1e-6)
    for index in range(3):
        assert LIGHT.layer_colour(index, 3).name()[1:].upper() in text


def test_the_network_has_every_neuron_and_weight(qtbot: QtBot) -> None:
    card = card_of(qtbot, NetworkView)
    text = prepare_tikz(card, LOOK)().decode()
    assert len(re.findall(r"\\node\[neuron\]", text)) == 2 + 4 + 2 + 1
    weights = [float(value) for value in re.findall(r"\\draw\[.*\.west\); % (\S+)", text)]
    network = snapshot_of(Experiment(), 40).network
    expected = [
        network.parameters[layer.weight_index(source, target)]
        for layer in network.architecture.layers
        for source in range(layer.fan_in)
        for target in range(layer.fan_out)
    ]
    assert sorted(weights) == pytest.approx(sorted(expected), rel=1e-5)


def test_other_figures_are_written_as_tables() -> None:
    text = prepare_tikz(SceneFigure(), LOOK)().decode()
    assert r"\textbf{from} & \textbf{to} & \textbf{w} \\" in text
    assert r"x1 & h1 & $0.3$ \\" in text
    assert "tikzpicture" not in text


@pytest.mark.parametrize("shape", ["default", "iris", "sine", "digits"])
@pytest.mark.parametrize("key", CARDS)
def test_every_card_is_written(qtbot: QtBot, snapshots: dict[str, Snapshot], key: str, shape: str) -> None:
    snapshot = snapshots[shape]
    if not CARDS[key].applies_to(snapshot):
        pytest.skip("the card does not apply")
    session = Session(snapshot.experiment)
    session.snapshot = snapshot
    card = CARDS[key].make(session, Style(PRINT), None)
    qtbot.addWidget(card)
    card.show_snapshot(snapshot)
    for theme in (LIGHT, PRINT):
        for figure in card.rendered_figures:
            text = prepare_tikz(figure, Look((1200, 800), theme))().decode()
            body = text.partition(r"\begin{document}")[2]
            assert body.count("{") == body.count("}")
            assert not set("«»\u2009−") & set(text)
            assert "inf" not in re.sub(r"[a-z\\]*inf[a-z]+", "", body)
            for code in re.findall(r"\\definecolor\{\w+\}\{HTML\}\{(\w+)\}", text) if theme is PRINT else ():
                assert code[:2] == code[2:4] == code[4:]
    if isinstance(card, InspectorPanel):
        card.formulas.wait()


def test_bands_and_gaps_of_a_plot() -> None:
    band = Band(x=(1.0, 2.0, 3.0), low=(0.0, 0.5, math.nan), high=(2.0, 3.0, 4.0), colour="#123456", name="normal")
    curve = Curve(x=(1.0, 2.0, 3.0), y=(1.0, 0.0, math.inf), colour="#654321", name="here", dash=1)
    plot = Plot((Pane(x=Axis("layer"), y=Axis("size", log=True), layers=(band, curve)),))
    text = "\n".join(plot_lines(plot, 9.0, printed=False))
    assert re.findall(r"\((\S+),(\S+)\)\n", text) == [("1", "2"), ("2", "3"), ("2", "0.5"), ("1", "0.1")]
    assert "  1 1\n  2 nan\n  3 nan" in text
    assert "ymode=log" in text
    assert [r"\addlegendentry{normal}" in text, r"\addlegendentry{here}" in text] == [True, True]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a_b & 50 %", r"a\_b \& 50 \%"),
        ("W₁₁", r"\ensuremath{W_{11}}"),
        ("10⁻⁸", r"1\ensuremath{0^{-8}}"),
        ("φ′ ≤ ¼", r"\ensuremath{\varphi}\ensuremath{'} \ensuremath{\le} ?"),
        ("<b>\\x{}", r"\ensuremath{<}b\ensuremath{>}\textbackslash{}x\{\}"),
    ],
)
def test_text_becomes_latex(text: str, wanted: str) -> None:
    assert latex(text) == wanted


@needs_tex
@pytest.mark.parametrize(
    "figure",
    [
        Drawn(0.6929, 0.6929, 0.6929, log=True),
        Drawn(1000.0, 1000.0001, log=False),
        Drawn(0.0, 1e-12, math.nan, 1e9, math.inf, -5.0, log=True),
        Drawn(0.0, 0.0, log=False),
        Drawn(-1e-9, 1e-9, log=False),
        Drawn(math.nan, math.inf, log=False),
        Drawn(math.nan, 0.0, log=True),
    ],
)
def test_plateaus_zeros_and_gaps_compile(figure: Drawn, preloaded: Path, tmp_path: Path) -> None:
    compiled(prepare_tikz(figure, LOOK)(), preloaded, tmp_path)


@needs_tex
@pytest.mark.parametrize("theme", [LIGHT, PRINT], ids=["light", "print"])
def test_lines_over_bars_compile_on_one_page(theme: Theme, preloaded: Path, tmp_path: Path) -> None:
    figure = Drawn(0.0, log=True)
    names = ("W₁", "W₂", "W_3 & W₄")
    lines = (
        Series("forecast", (0.0, math.nan), "#123456"),
        *(Series(f"run {n} · {'long ' * 8}", (1e-9, 0.0, math.inf), "#654321", dashed=True, x=names) for n in range(6)),
    )
    bars = Series("‖∂L/∂W‖", (1.0, 0.0), ("#111111", "#222222"))
    figure.chart = Chart(x=names[:2], series=(bars,), x_title="layer", y_title="size", log=True, lines=lines)
    said = compiled(prepare_tikz(figure, Look((1200, 800), theme))(), preloaded, tmp_path)
    assert "(1 page," in said


@needs_tex
@pytest.mark.parametrize("theme", [LIGHT, PRINT], ids=["light", "print"])
def test_zeros_plateaus_and_gaps_of_a_plot_compile(theme: Theme, preloaded: Path, tmp_path: Path) -> None:
    flat = (1000.0, 1000.0001, 1000.0)
    layers = (
        Grid(x=(0.0, 1.0, 2.0), y=(0.0, 1.0), values=((0.0, math.nan, 1e9), flat), limits=(0.0, 1e3),
             colours=("#FFFFFF", "#000000")),
        Band(x=(0.0, 1.0, 2.0), low=(0.0, math.nan, -1.0), high=flat, colour="#123456", hatch=3),
        Curve(x=(0.0, 1.0, 2.0), y=(0.0, math.inf, 1e-300), colour="#654321", form="both", marker=2, dash=3),
        Note((1.0, 1.0), "50 % & {x}_1"),
    )  # fmt: skip
    panes = [
        Pane(x=Axis("x"), y=Axis("‖∂L/∂W‖", log=log), layers=layers[not_grid:])
        for log, not_grid in ((False, 0), (True, 1))
    ]
    panes.append(Pane(x=Axis(), y=Axis(), layers=(Curve(x=flat, y=flat, colour="#123456"),)))
    panes.append(
        Pane(x=Axis("", (0.5, 1.5), ticks=()), y=Axis(ticks=()), layers=(Curve(x=(1.0,), y=(1.0,), colour="#123456"),))
    )
    without = tuple(
        Curve(x=(1.0, 2.0), y=(math.nan, -math.inf), colour="#123456", name="1/K", form=form)
        for form in ("line", "points", "both")
    )
    missing = Note((1.0, math.nan), "nowhere")
    panes[:0] = [Pane(x=Axis(log=log), y=Axis(log=log), layers=(*without, missing)) for log in (False, True)]
    panes.append(Pane(x=Axis(), y=Axis(), z=Axis("loss"), layers=(layers[0],)))
    body = "\n".join(plot_lines(Plot(tuple(panes)), 12.0, printed=theme is PRINT))
    body = re.sub("«#(\\w+)»", "black", body)
    assert body.count(r"xtick=\empty,") == body.count(r"ytick=\empty,") == 1
    head = r"\documentclass{article}\usepackage{pgfplots}\pgfplotsset{compat=1.16}\usetikzlibrary{patterns}"
    text = rf"{head}\begin{{document}}\begin{{tikzpicture}}{body}\end{{tikzpicture}}\end{{document}}"
    compiled(text.encode(), preloaded, tmp_path)


@needs_tex
@pytest.mark.parametrize("count", [1, 2, 4])
def test_panes_with_long_titles_compile_on_one_page(count: int, preloaded: Path, tmp_path: Path) -> None:
    """The title of a vertical axis is longer than a pane is high; it needs no more than the page has."""
    title = "principal direction 2 (95 % of the movement)"
    grid = Grid(x=(0.0, 1.0), y=(0.0, 1.0), values=((1.0, 2.0), (3.0, 4.0)), limits=(1.0, 4.0),
                colours=("#FFFFFF", "#000000"), name=title)  # fmt: skip
    start = Curve(x=(0.0,), y=(0.0,), colour="#123456", name="start", form="points")
    pane = Pane(x=Axis(title), y=Axis(title), layers=(grid, start), title="current run")
    for number, panes in enumerate(((pane,) * count, (Pane(x=Axis(title), y=Axis(title), layers=(start,)),) * count)):
        content = prepare_tikz(Typeset(Plot(panes)), Look((1920, 1080), PRINT, caption="circle"))()
        folder = tmp_path / str(number)
        folder.mkdir()
        said = re.sub(r"\s", "", compiled(content, preloaded, folder))
        assert "(1page," in said
        assert "Overfull" not in said
