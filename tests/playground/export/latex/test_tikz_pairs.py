"""Two runs side by side are drawings in LaTeX, one below the other with the name of its run, on the same axes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from core.training.pins.pinned_run import PinnedRun
from playground.export.hidden_view import Look
from playground.export.latex.tikz import prepare_tikz
from playground.network_view import NetworkView
from playground.plots import GradientHistoryPlot, GradientPlot, LossPlot, WeightHistogramPlot
from playground.plotting.pins.run_tables import CURRENT
from playground.session import Session
from playground.style.theme import LIGHT, PRINT, Style, Theme
from tests.playground.export.tex import compiled, needs_tex
from tests.playground.factory import network, run_pinned_often

pytestmark = pytest.mark.usefixtures("fonts")

CHARTS = (LossPlot, GradientPlot, WeightHistogramPlot)
KINDS = (*CHARTS, GradientHistoryPlot, NetworkView)


@pytest.fixture(scope="module")
def runs() -> tuple[PinnedRun, PinnedRun]:
    return run_pinned_often(network(4, 2, activation="sigmoid"), 9, 20), run_pinned_often(
        network(4, 2, activation="relu"), 5, 20
    )


def card_of(qtbot: QtBot, kind: Any, runs: tuple[PinnedRun, PinnedRun]) -> Any:
    living = runs[1].snapshot
    session = Session(living.experiment)
    session.snapshot = living
    card = kind(session, Style(LIGHT))
    qtbot.addWidget(card)
    card.resize(400, 340)
    card.show_snapshot(living)
    assert session.pins.add(runs[0]) is not None
    return card


def text_of(card: Any, theme: Theme = LIGHT) -> str:
    pair = card.pair()
    assert pair is not None
    return prepare_tikz(pair, Look((1920, 1080), theme, caption="50 % & more"))().decode()


@pytest.mark.parametrize("kind", KINDS)
def test_both_runs_are_drawn_and_named(qtbot: QtBot, kind: Any, runs: tuple[PinnedRun, PinnedRun]) -> None:
    text = text_of(card_of(qtbot, kind, runs))
    body = text.partition(r"\begin{document}")[2]
    assert "tabular" not in body
    assert body.index("{sigmoid}") < body.index(f"{{{CURRENT}}}")
    if kind is not NetworkView:
        assert body.count(r"\begin{axis}") == 2


@pytest.mark.parametrize("kind", CHARTS)
def test_both_charts_have_the_numbers_of_their_run_on_the_same_axes(
    qtbot: QtBot, kind: Any, runs: tuple[PinnedRun, PinnedRun]
) -> None:
    card = card_of(qtbot, kind, runs)
    text = text_of(card)
    for end in ("ymin", "ymax", *(("xmin", "xmax") if kind is not GradientPlot else ())):
        found = re.findall(rf"{end}=([^,]+),", text)
        assert len(found) == 2
        assert len(set(found)) == 1
    drawn = [card.chart_of(data, Style(LIGHT)) for data in (card.pair_data()[1], card.shown())]
    for chart, part in zip(drawn, text.split(r"\begin{axis}")[1:], strict=True):
        numbers = {float(number) for number in re.findall(r"-?\d[\d.]*(?:e[-+]?\d+)?", part)}
        for series in chart.series:
            assert float(f"{series.values[-1]:.7g}") in numbers
        low, high = (float(re.findall(rf"{end}=([^,]+),", part)[0]) for end in ("ymin", "ymax"))
        assert all(low <= value <= high for series in chart.series for value in series.values if value > 0.0)


def test_both_networks_have_the_same_scale_of_widths(qtbot: QtBot, runs: tuple[PinnedRun, PinnedRun]) -> None:
    text = text_of(card_of(qtbot, NetworkView, runs))
    edges = re.findall(r"line width=([\d.]+)pt\] \((r\d)-.*% (\S+)", text)
    assert {run for _, run, _ in edges} == {"r0", "r1"}
    largest = max(abs(float(weight)) for *_, weight in edges)
    for width, _, weight in edges:
        assert float(width) == pytest.approx(0.2 + 2.3 * abs(float(weight)) / largest, abs=0.006)
    for number, run in enumerate(runs):
        count = sum(layer.fan_in * layer.fan_out for layer in run.snapshot.network.architecture.layers)
        assert sum(name == f"r{number}" for _, name, _ in edges) == count
    assert len(re.findall(r"\\node\[neuron\]", text)) == 2 * (2 + 4 + 2 + 1)


@needs_tex
@pytest.mark.parametrize("theme", [LIGHT, PRINT], ids=["light", "print"])
@pytest.mark.parametrize("kind", KINDS)
def test_pairs_compile_on_one_page(
    qtbot: QtBot, kind: Any, runs: tuple[PinnedRun, PinnedRun], theme: Theme, preloaded: Path, tmp_path: Path
) -> None:
    said = compiled(text_of(card_of(qtbot, kind, runs), theme).encode(), preloaded, tmp_path)
    assert "(1page," in re.sub(r"\s", "", said)
