"""Comparisons as pictures: pinned runs in one figure, or side by side on the same axes, with what differs below."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QSettings
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from core.experiment import TrainingSettings
from core.training.pins.pinned_run import PinnedRun
from core.training.recorders.loss_curve import Mark
from playground.export.dialog.dialog import ExportDialog
from playground.export.export import export_figure
from playground.export.hidden_view import Look, hidden_view, image_of
from playground.export.sizes import SIZE_PRESETS
from playground.export.vector import prepare_svg
from playground.network_view import NetworkView
from playground.network_view.figure.items import NetworkItem
from playground.plots import (
    ActivationPlot,
    ConfusionPlot,
    GradientHistoryPlot,
    GradientPlot,
    LossPlot,
    NoisePlot,
    OutputPlot,
    SharpnessPlot,
    WaterfallPlot,
    WeightHistogramPlot,
)
from playground.plotting.canvas.canvas import Canvas
from playground.plotting.canvas.captions import fitted_title, wrapped
from playground.plotting.drawing.pencil import text_width
from playground.plotting.pictures.pair_view import PairView
from playground.plotting.pins.run_tables import combined
from playground.session import Session
from playground.style.theme import LIGHT, TEXT_TITLE, Style
from playground.widgets.figure import Comparable, Table
from playground.widgets.plot import Band
from tests.playground.factory import network, run_pinned_often

LOOK = Look((960, 540), LIGHT)


@pytest.fixture(scope="module")
def runs() -> dict[str, PinnedRun]:
    return {
        "sigmoid": run_pinned_often(network(4, 2, activation="sigmoid"), 9, 20),
        "relu": run_pinned_often(network(4, 2, activation="relu"), 5, 20),
    }


def card_with(qtbot: QtBot, kind: Any, runs: dict[str, PinnedRun]) -> Any:
    living = runs["relu"].snapshot
    session = Session(living.experiment)
    card = kind(session, Style(LIGHT))
    qtbot.addWidget(card)
    card.resize(400, 340)
    card.show_snapshot(living)
    assert session.pins.add(runs["sigmoid"]) is not None
    return card


@pytest.mark.parametrize("kind", [LossPlot, GradientPlot, WaterfallPlot])
def test_one_figure_lists_the_differences(qtbot: QtBot, kind: Any, runs: dict[str, PinnedRun]) -> None:
    card = card_with(qtbot, kind, runs)
    with hidden_view(card, LOOK) as view:
        assert isinstance(view, Canvas)
        assert view.legend == (("sigmoid", 0),)
    assert card.figure_text().differences == "sigmoid instead of ReLU"


@pytest.mark.parametrize("kind", [LossPlot, GradientPlot, WeightHistogramPlot, WaterfallPlot, OutputPlot])
def test_side_by_side_both_have_the_same_axes(qtbot: QtBot, kind: Any, runs: dict[str, PinnedRun]) -> None:
    card = card_with(qtbot, kind, runs)
    pair = card.pair()
    assert pair is not None
    with hidden_view(pair, LOOK) as view:
        assert isinstance(view, PairView)
        (left, at), (right, beside) = view.parts()
        assert isinstance(left, Canvas)
        assert isinstance(right, Canvas)
        assert (at.x(), beside.x()) == (0.0, 480.0)
        assert left.view.viewRange() == right.view.viewRange()
        assert left.area().rect == right.area().rect
        assert (left.left._ticks, left.bottom._ticks) == (right.left._ticks, right.bottom._ticks)
        assert (left.legend, right.legend) == ((), ())
        assert left.captions.title == f"{card.figure_title}: sigmoid"
        assert right.captions.title == f"{card.figure_title}: ReLU"
        assert left.area().rect.bottom() < 540
    assert pair.figure_text().finding == "sigmoid instead of ReLU"


@pytest.mark.usefixtures("fonts")
def test_the_legend_of_a_narrow_half_leaves_the_name_of_the_axis(qtbot: QtBot) -> None:
    penalized = [replace(network(4, 2), training=TrainingSettings(l2=0.01, learning_rate=rate)) for rate in (0.1, 0.2)]
    pins = {name: run_pinned_often(each, 5, 20) for name, each in zip(("relu", "sigmoid"), penalized, strict=True)}
    pair = card_with(qtbot, LossPlot, pins).pair()
    look = Look(SIZE_PRESETS["square"].size, LIGHT)
    svg = prepare_svg(pair, look)().decode()
    found = re.findall(r'<text x="([-.\d]+)" y="([-.\d]+)"[^>]*>([^<]*)</text>', svg)
    names = [(float(x), text) for x, _y, text in found if text in ("loss", "train")]
    ordered = sorted(names)
    assert [text for _x, text in ordered] == ["loss", "train", "loss", "train"]
    for (x, _), (other, _) in zip(ordered[::2], ordered[1::2], strict=True):
        assert other - x > text_width(look.style, "loss"), "the sample before “train” is between them"
    assert [text for *_, text in found if text.startswith("+")] == ["+ penalty"] * 2


@pytest.mark.usefixtures("fonts")
@pytest.mark.parametrize("scale", [1.0, 1.25])
@pytest.mark.parametrize("marked", ["relu", "sigmoid", ""])
def test_the_plots_of_a_pair_are_as_high_if_one_has_more_above_it(qtbot: QtBot, marked: str, scale: float) -> None:
    runs = {}
    for name, l2 in (("relu", 0.0), ("sigmoid", 0.01)):
        run = run_pinned_often(replace(network(4, 2), training=TrainingSettings(l2=l2)), 5, 20)
        marks = (Mark(2.0, 50.0, "α 0.03 → 0.1"),) if name == marked else ()
        curve = replace(run.snapshot.curve, marks=marks)
        runs[name] = replace(run, snapshot=replace(run.snapshot, curve=curve))
    look = Look(SIZE_PRESETS["half"].size, LIGHT, text_scale=scale)
    with hidden_view(card_with(qtbot, LossPlot, runs).pair(), look) as view:
        assert isinstance(view, PairView)
        (left, _), (right, _) = view.parts()
        assert isinstance(left, Canvas)
        assert isinstance(right, Canvas)
        assert left.area().rect == right.area().rect


@pytest.mark.usefixtures("fonts")
def test_the_title_of_a_narrow_half_is_the_name_of_its_run() -> None:
    style, title = Style(LIGHT, 2.9), "Gradient by layer: epoch 3.80 with a long name"
    whole = text_width(style, title, bold=True, size=TEXT_TITLE)
    assert fitted_title(style, title, whole + 1.0) == title
    assert fitted_title(style, title, whole - 1.0) == "epoch 3.80 with a long name"
    shortened = fitted_title(style, title, 250.0)
    assert "…" in shortened
    assert text_width(style, shortened, bold=True, size=TEXT_TITLE) <= 250.0


def test_each_half_shows_its_own_run(qtbot: QtBot, runs: dict[str, PinnedRun]) -> None:
    card = card_with(qtbot, GradientPlot, runs)
    image = image_of(card.pair(), LOOK)
    background = QColor(LIGHT.panel).rgb()
    halves = [
        sum(image.pixel(x, y) != background for x in range(start, start + 480, 3) for y in range(60, 480, 3))
        for start in (0, 480)
    ]
    assert min(halves) > 500
    left = [image.pixel(x, y) for x in range(0, 480, 5) for y in range(60, 480, 5)]
    right = [image.pixel(x + 480, y) for x in range(0, 480, 5) for y in range(60, 480, 5)]
    assert left != right


def test_a_pair_is_written_in_every_form(qtbot: QtBot, runs: dict[str, PinnedRun], tmp_path: Path) -> None:
    card = card_with(qtbot, LossPlot, runs)
    for kind in ("png", "svg", "pdf", "csv"):
        path = tmp_path / f"pair.{kind}"
        export_figure(card.pair(), path, size=(960, 540))
        assert path.stat().st_size > 200
    root = ET.parse(tmp_path / "pair.svg").getroot()
    texts = [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")]
    for text in ("Loss: sigmoid", "Loss: ReLU", "sigmoid instead of ReLU"):
        assert any(text in each for each in texts), text
    names = [each.get("id") for each in root.iter() if each.get("id")]
    assert len(names) == len(set(names))


def test_both_plots_of_a_pair_are_typeset(qtbot: QtBot, runs: dict[str, PinnedRun]) -> None:
    card = card_with(qtbot, WaterfallPlot, runs)
    plot = card.pair().figure_plot(Style(LIGHT))
    alone = [card.plot_of(data, Style(LIGHT)).panes[0] for data in (card.pair_data()[1], card.shown())]
    assert [pane.layers for pane in plot.panes] == [pane.layers for pane in alone]
    assert [pane.title for pane in plot.panes] == ["sigmoid", "current run"]
    first, second = plot.panes
    assert first.y == second.y
    ends = [value for pane in plot.panes for band in pane.layers if isinstance(band, Band) for value in band.low]
    assert first.y.range is not None
    assert first.y.range[0] < min(ends) < max(ends) < first.y.range[1]
    assert card_with(qtbot, LossPlot, runs).pair().figure_plot(Style(LIGHT)) is None  # a table


def test_nothing_is_paired_without_a_pin(qtbot: QtBot, runs: dict[str, PinnedRun]) -> None:
    card = card_with(qtbot, LossPlot, runs)
    assert isinstance(card, Comparable)
    card.pins.clear()
    assert card.pair() is None
    confusion = card_with(qtbot, ConfusionPlot, runs)
    assert confusion.pair() is None  # two classes


@pytest.mark.parametrize("compares", [True, False])
def test_the_dialog_offers_both_forms_where_a_run_is_pinned(
    qtbot: QtBot, runs: dict[str, PinnedRun], settings: QSettings, tmp_path: Path, *, compares: bool
) -> None:
    card = card_with(qtbot, LossPlot, runs)
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = ExportDialog([card], Style(LIGHT), parent, settings=settings, compares=compares)
    dialog.show()
    assert dialog._form.isVisible() is compares
    if compares:
        assert [figure.figure_key for figure in dialog.chosen] == ["loss"]
        dialog._form.setCurrentIndex(1)
        assert [figure.figure_key for figure in dialog.chosen] == ["loss-side-by-side"]
        with qtbot.waitSignal(dialog._queue.finished, timeout=20_000):
            dialog.save_to(tmp_path / "pair.png")
        assert (tmp_path / "pair.png").exists()


def test_the_differences_of_each_pin_are_written_out(qtbot: QtBot, runs: dict[str, PinnedRun]) -> None:
    session = Session(runs["relu"].experiment)
    auto, named = session.pins.add(runs["sigmoid"]), session.pins.add(runs["sigmoid"], name="before")
    same = session.pins.add(runs["relu"])
    assert auto is not None
    assert named is not None
    assert same is not None
    words = session.pins.differences_in_words
    assert words(named) == "before: sigmoid instead of ReLU"
    assert words(same) == "epoch 3.20: the same settings"


def test_long_captions_are_wrapped(qtbot: QtBot, fonts: None) -> None:
    style = Style(LIGHT)
    text = " ".join(["learning rate 0.1 instead of 0.03;"] * 12)
    lines = wrapped(style, text, 300.0)
    assert len(lines) == 4
    assert all(text_width(style, line) <= 300.0 for line in lines)
    assert lines[-1].endswith("…")
    assert wrapped(style, "", 300.0) == []


def test_both_networks_are_drawn_to_the_same_scale(qtbot: QtBot, runs: dict[str, PinnedRun], tmp_path: Path) -> None:
    living = runs["relu"].snapshot
    session = Session(living.experiment)
    card = NetworkView(session, Style(LIGHT))
    qtbot.addWidget(card)
    card.resize(800, 500)
    card.show_snapshot(living)
    assert card.pair() is None
    session.pins.add(runs["sigmoid"])
    pair = card.pair()
    assert pair is not None
    with hidden_view(pair, LOOK) as view:
        networks = [item for item in view.scene().items() if isinstance(item, NetworkItem)]
        left, right = sorted(networks, key=lambda item: item.pos().x())
        assert isinstance(left, NetworkItem)
        assert isinstance(right, NetworkItem)
        assert (left.pos().x(), right.pos().x()) == (0.0, 480.0)
        assert left._builder.full == right._builder.full > 0.0
        assert left._builder.snapshot is runs["sigmoid"].snapshot
        assert right._builder.snapshot is living
        assert right._foot == left._foot
    assert pair.figure_text().finding == "sigmoid instead of ReLU"
    for kind in ("png", "svg", "pdf", "csv"):
        export_figure(pair, tmp_path / f"networks.{kind}", size=(960, 540))
        assert (tmp_path / f"networks.{kind}").stat().st_size > 200


@pytest.mark.parametrize(
    "kind",
    [
        ActivationPlot,
        GradientPlot,
        GradientHistoryPlot,
        LossPlot,
        NoisePlot,
        SharpnessPlot,
        WaterfallPlot,
        WeightHistogramPlot,
    ],
)
def test_the_table_names_the_run_of_each_row(qtbot: QtBot, kind: Any, runs: dict[str, PinnedRun]) -> None:
    card = card_with(qtbot, kind, runs)
    table = card.figure_table()
    assert table.columns[0] == "run"
    assert list(dict.fromkeys(row[0] for row in table.rows)) == ["current run", "sigmoid"]
    assert {len(row) for row in table.rows} == {len(table.columns)}
    card._session.pins.clear()
    alone = card.figure_table()
    assert [row[1 : len(alone.columns) + 1] for row in table.rows if row[0] == "current run"] == list(alone.rows)
    for run, name in ((runs["relu"], "current run"), (runs["sigmoid"], "sigmoid")):
        if kind is LossPlot:
            step = table.columns.index("step")
            assert [row[step] for row in table.rows if row[0] == name] == run.snapshot.curve.step.tolist()


@pytest.mark.parametrize("kind", [LossPlot, OutputPlot, NetworkView])
def test_the_table_of_a_pair_has_both_runs(qtbot: QtBot, kind: Any, runs: dict[str, PinnedRun]) -> None:
    card = card_with(qtbot, kind, runs)
    assert card._session.pins.add(runs["relu"]) is not None
    card._session.pins.compare(card._session.pins.all[0].key)
    table = card.pair().figure_table()
    assert list(dict.fromkeys(row[0] for row in table.rows)) == ["current run", "sigmoid"]
    if kind is not LossPlot:  # the runs have different lengths
        assert len(table.rows) == 2 * len([row for row in table.rows if row[0] == "sigmoid"])
    if kind is NetworkView:
        value = table.columns.index("value")
        values = [row[value] for row in table.rows if row[0] == "sigmoid"]
        assert sorted(values) == sorted(np.delete(runs["sigmoid"].snapshot.network.parameters, alphas(runs["sigmoid"])))


def alphas(run: PinnedRun) -> list[int]:
    """Return the indices of the activations' parameters, which are no weights or biases."""
    return [layer.alpha_index for layer in run.snapshot.network.architecture.layers]


def test_runs_with_other_columns_are_combined() -> None:
    tables = (("a", Table(("x", "y"), [(1, 2)])), ("b", Table(("x", "z"), [(3, 4)])))
    assert combined(tables) == Table(("run", "x", "y", "z"), [("a", 1, 2, ""), ("b", 3, "", 4)])
    assert combined(tables[:1]) == tables[0][1]
