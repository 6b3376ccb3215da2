"""LaTeX exports contain the figure's numbers, and compile where a TeX is installed."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from core.errors import PlaygroundError
from core.experiment import Experiment
from playground.export.export import export_all, export_figure
from playground.export.hidden_view import Look
from playground.export.latex_text import latex
from playground.export.tikz import prepare_tikz
from playground.network_view import NetworkView
from playground.plots import GradientPlot, LossPlot
from playground.session import Session
from playground.style.theme import LIGHT, Style
from playground.widgets.figure import Chart, FigureText, Series
from tests.playground.export.figures import SceneFigure
from tests.playground.factory import snapshot_of

pytestmark = pytest.mark.usefixtures("fonts")
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


def test_other_figures_are_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(PlaygroundError, match="Network: only the network, the loss"):
        export_figure(SceneFigure(), tmp_path / "x.tex")
    assert not list(tmp_path.iterdir())


def test_exporting_everything_leaves_out_what_cannot_be_written(qtbot: QtBot, tmp_path: Path) -> None:
    files = export_all([card_of(qtbot, LossPlot), SceneFigure()], tmp_path, ["tex", "csv"])
    assert [file.name for file in files] == ["loss.tex", "loss.csv", "network.csv"]


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


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no TeX is installed")
@pytest.mark.parametrize(
    "figure",
    [
        Drawn(0.6929, 0.6929, 0.6929, log=True),
        Drawn(1000.0, 1000.0001, log=False),
        Drawn(0.0, 1e-12, math.nan, 1e9, math.inf, -5.0, log=True),
        Drawn(0.0, 0.0, log=False),
        Drawn(-1e-9, 1e-9, log=False),
    ],
)
def test_plateaus_zeros_and_gaps_compile(figure: Drawn, tmp_path: Path) -> None:
    (tmp_path / "x.tex").write_bytes(prepare_tikz(figure, LOOK)())
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "x.tex"], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout.decode(errors="replace")[-1500:]
