"""Pinned runs in every plot that draws them: named in the legend, on the same axes as the current run."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings
from core.training.pins.pinned_run import PinnedRun
from core.training.snapshot import Snapshot
from playground.export.hidden_view import Look, hidden_view, image_of
from playground.export.latex.tikz import prepare_tikz
from playground.plots import (
    ActivationPlot,
    DropoutTruthPlot,
    ForecastPlot,
    GradientHistoryPlot,
    GradientPlot,
    Landscape3DPlot,
    LandscapePlot,
    LossPlot,
    NoisePlot,
    OutputPlot,
    SharpnessPlot,
    WaterfallPlot,
    WeightHistogramPlot,
)
from playground.plotting.canvas.canvas import Canvas
from playground.plotting.cards.computed_card import ComputedCard
from playground.plotting.pins.ghosts import finite_runs
from playground.session import Session
from playground.style.numbers import short
from playground.style.theme import DARK, LIGHT, Style
from tests.playground.factory import run_pinned_often
from tests.playground.pixels import count_near

DRAWN: tuple[Any, ...] = (
    LossPlot,
    GradientPlot,
    WeightHistogramPlot,
    ActivationPlot,
    WaterfallPlot,
    ForecastPlot,
    GradientHistoryPlot,
    DropoutTruthPlot,
    NoisePlot,
    SharpnessPlot,
)
ALSO_OUTPUT: tuple[Any, ...] = (*DRAWN, OutputPlot)
"""Whatever the pinned network predicts; for its border see test_pinned_outputs.py."""


def experiment(activation: str, *units: int) -> Experiment:
    hidden = tuple(HiddenLayer(units=n, activation=activation, dropout=0.2) for n in units)
    return Experiment(data=DataSettings(samples=120), network=NetworkSettings(hidden=hidden))


@pytest.fixture(scope="module")
def runs() -> dict[str, PinnedRun]:
    return {
        "sigmoid": run_pinned_often(experiment("sigmoid", 4, 3, 3), 8, 30),
        "relu": run_pinned_often(experiment("relu", 5), 5, 7),
    }


def card_with(qtbot: QtBot, kind: Any, living: Snapshot, *pins: PinnedRun, size: tuple[int, int] = (360, 330)) -> Any:
    session = Session(living.experiment)
    card = kind(session, Style(LIGHT))
    qtbot.addWidget(card)
    card.resize(*size)
    card.show()
    card.show_snapshot(living)
    for run in pins:
        assert session.pins.add(run) is not None
    if isinstance(card, ComputedCard):
        card.settle()
        qtbot.waitUntil(lambda: len(card.ghosts()) == len(pins), timeout=20_000)
    return card


def axes_of(card: Any) -> tuple[object, ...]:
    with hidden_view(card, Look((960, 540), LIGHT, titled=False)) as view:
        assert isinstance(view, Canvas)
        return *view.view.viewRange(), view.left._ticks, view.bottom._ticks


@pytest.mark.parametrize("kind", ALSO_OUTPUT)
def test_the_pinned_run_is_named_on_screen_and_in_the_figure(
    qtbot: QtBot, kind: Any, runs: dict[str, PinnedRun]
) -> None:
    card = card_with(qtbot, kind, runs["relu"].snapshot, runs["sigmoid"])
    name = "3 layers · 4 neurons / 3 neurons · sigmoid"
    assert card.canvas.legend == ((name, 0),)
    with hidden_view(card, Look((960, 540), LIGHT)) as view:
        assert isinstance(view, Canvas)
        assert view.legend == ((name, 0),)
    card._session.pins.rename(card._session.pins.all[0].key, "before")
    assert card.canvas.legend == (("before", 0),)
    card._session.pins.set_hidden(card._session.pins.all[0].key, hidden=True)
    assert card.canvas.legend == ()


@pytest.mark.parametrize("kind", ALSO_OUTPUT)
def test_both_runs_share_the_axes_whichever_is_pinned(qtbot: QtBot, kind: Any, runs: dict[str, PinnedRun]) -> None:
    a = card_with(qtbot, kind, runs["relu"].snapshot, runs["sigmoid"])
    b = card_with(qtbot, kind, runs["sigmoid"].snapshot, runs["relu"])
    if kind is GradientHistoryPlot:  # each run has a map of its own: only time and shades are shared
        (x, y, *_), (other_x, other_y, *_) = axes_of(a), axes_of(b)
        assert (x, y) == (other_x, other_y)
    elif kind is DropoutTruthPlot:
        # The cards differ in their title lines, and so do the places of the ticks, in shares of the width.
        assert a._picture._ends == b._picture._ends
        assert [text for _, text in axes_of(a)[3]] == [text for _, text in axes_of(b)[3]]
    elif kind is ForecastPlot:  # the band of seeds, which only the current run has, widens its vertical axes
        (x, y, _, names), (other_x, other_y, _, other_names) = axes_of(a), axes_of(b)
        assert (x, y, names) == (other_x, other_y, other_names)
    else:
        assert axes_of(a) == axes_of(b)


@pytest.mark.parametrize("kind", DRAWN)
def test_the_pinned_run_is_drawn_in_its_colour(qtbot: QtBot, kind: Any, runs: dict[str, PinnedRun]) -> None:
    card = card_with(qtbot, kind, runs["relu"].snapshot, runs["sigmoid"])
    with hidden_view(card, Look((960, 540), LIGHT)) as view:
        area = view.area()  # type: ignore[attr-defined]
    image = image_of(card, Look((960, 540), LIGHT))
    corner = Look((960, 540), LIGHT).frame(card).inner.topLeft()
    inside = area.rect.toAlignedRect().translated(corner).adjusted(0, 0, -1, -1)
    assert count_near(image.copy(inside), LIGHT.pin_palette[0], 24) > 20


@pytest.mark.parametrize("kind", DRAWN)
def test_the_pinned_run_is_typeset_in_its_colour(qtbot: QtBot, kind: Any, runs: dict[str, PinnedRun]) -> None:
    card = card_with(qtbot, kind, runs["relu"].snapshot, runs["sigmoid"])
    card._session.pins.rename(card._session.pins.all[0].key, "before & after")
    text = prepare_tikz(card, Look((960, 540), LIGHT, titled=False))().decode()
    assert text.count(r"before \& after") == 1
    tint = re.search(rf"\\definecolor{{(\w+)}}{{HTML}}{{{LIGHT.pin_palette[0][1:]}}}", text)
    if kind is GradientHistoryPlot:  # each run has a map of its own
        assert [text.count(r"title={current run}"), text.count(r"\begin{axis}")] == [1, 2]
    else:
        assert tint is not None
        assert re.search(rf"dash pattern=[^\]]*color={tint[1]}\b|color={tint[1]}\b[^\]]*dash pattern", text)
    card._session.pins.set_hidden(card._session.pins.all[0].key, hidden=True)
    assert "before" not in prepare_tikz(card, Look((960, 540), LIGHT, titled=False))().decode()


def test_the_typeset_values_are_those_of_the_pinned_run(qtbot: QtBot, runs: dict[str, PinnedRun]) -> None:
    def rows(card: Any) -> list[list[list[float]]]:
        text = prepare_tikz(card, Look((960, 540), LIGHT))().decode()
        tables = re.findall(r"table \{\n(.*?)\};", text, re.DOTALL)
        return [[[float(cell) for cell in line.split()] for line in table.splitlines()] for table in tables]

    card = card_with(qtbot, GradientPlot, runs["relu"].snapshot, runs["sigmoid"])
    forecast, pinned_run = rows(card)
    assert [y for _, y in forecast] == pytest.approx(card.shown().forecast.tolist(), rel=1e-6)
    (ghost,) = card.ghosts()
    # The pinned network has more layers than bars.
    assert [x for x, _ in pinned_run] == [0.0, 1.0, 2.0, 3.0]
    assert [y for _, y in pinned_run] == pytest.approx(ghost.data.values.tolist(), rel=1e-6)
    card = card_with(qtbot, LossPlot, runs["relu"].snapshot, runs["sigmoid"])
    (ghost,) = card.ghosts()
    assert np.array(rows(card)[2]) == pytest.approx(np.column_stack([ghost.data.x, ghost.data.train]), rel=1e-6)


@pytest.mark.parametrize("kind", DRAWN)
def test_reading_values_names_the_pinned_run_too(
    qtbot: QtBot, kind: Any, runs: dict[str, PinnedRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind in (WeightHistogramPlot, ActivationPlot, DropoutTruthPlot, GradientHistoryPlot):
        pytest.skip("reads out one distribution or map")
    card = card_with(qtbot, kind, runs["sigmoid"].snapshot, runs["relu"])
    module = __import__(type(card._picture).__module__, fromlist=["read_out"])
    read: list[list[tuple[str, str]]] = []
    monkeypatch.setattr(module, "read_out", lambda _p, _style, _at, _bounds, lines: read.append(lines))
    rect = card.canvas.area().rect
    card.canvas.hovered.emit(QPointF(rect.left() + 0.15 * rect.width(), rect.center().y()))
    card.canvas.grab()
    name = card._session.pins.name(card._session.pins.all[0])
    assert any(name in label for label, _ in read[-1])


def test_the_sentence_compares_where_there_is_room(qtbot: QtBot, runs: dict[str, PinnedRun]) -> None:
    card = card_with(qtbot, GradientPlot, runs["relu"].snapshot, runs["sigmoid"], size=(900, 400))
    card._session.pins.rename(card._session.pins.all[0].key, "before")
    assert "(before: " in card._sentence.text()
    assert "× smaller" in card._sentence.text()
    card.resize(170, 300)
    assert "before" not in card._sentence.text()
    assert "(before: " in card.accessibleDescription()


def test_a_pinned_run_has_no_sentence_without_one_of_the_present_run(
    qtbot: QtBot, runs: dict[str, PinnedRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GradientPlot, "ghost_sentences", lambda *_: ("still falling",))
    card = card_with(qtbot, GradientPlot, runs["relu"].snapshot, runs["sigmoid"], size=(300, 300))
    card._session.pins.rename(card._session.pins.all[0].key, "before")
    card.say("flat over the last quarter of all of the training so far, to be exact", "")
    assert card._sentence.text().strip() == ""


def test_every_pin_has_its_own_kind_of_line(qtbot: QtBot, runs: dict[str, PinnedRun]) -> None:
    for theme in (LIGHT, DARK):
        assert len(set(theme.pin_palette)) == 6
    card = card_with(qtbot, LossPlot, runs["relu"].snapshot, *[runs["sigmoid"]] * 6, size=(300, 300))
    assert len(card.canvas.legend) == 6
    pens = [ghost.pen(Style(LIGHT)) for ghost in card.ghosts()]
    assert len({tuple(pen.dashPattern()) for pen in pens}) == 6


def test_a_hidden_card_computes_pinned_runs_only_when_shown(qtbot: QtBot, runs: dict[str, PinnedRun]) -> None:
    session = Session(runs["relu"].experiment)
    card = WaterfallPlot(session, Style(LIGHT))
    qtbot.addWidget(card)
    card.show_snapshot(runs["relu"].snapshot)
    session.pins.add(runs["sigmoid"])
    assert card.ghosts() == ()
    assert card._pin_jobs is None
    card.show()
    qtbot.waitUntil(lambda: len(card.ghosts()) == 1, timeout=20_000)


def test_curves_are_interrupted_where_they_are_not_finite() -> None:
    ys = np.array([np.nan, 1.0, 2.0, np.inf, 3.0, np.nan, 4.0, 5.0])
    xs = np.arange(8.0)
    assert finite_runs(xs, ys) == [slice(1, 3), slice(6, 8)]
    assert finite_runs(xs[:1], xs[:1]) == []
    assert finite_runs(xs, xs) == [slice(0, 8)]


@pytest.mark.parametrize("kind", [LandscapePlot, Landscape3DPlot])
def test_a_landscape_says_the_loss_of_the_compared_run(qtbot: QtBot, kind: Any, runs: dict[str, PinnedRun]) -> None:
    living, other = run_pinned_often(experiment("tanh", 4, 3, 3), 6, 20).snapshot, runs["sigmoid"]
    session = Session(living.experiment)
    card = kind(session, Style(LIGHT))
    qtbot.addWidget(card)
    card.resize(640, 400)
    card.show()
    card.show_snapshot(living)
    qtbot.waitUntil(lambda: card.is_settled and card.shown() is not None and card.shown().is_fine)
    assert "before" not in card.figure_text().finding
    pin = session.pins.add(other, name="before")
    assert pin is not None
    loss = short(other.snapshot.scores.train_loss, 2)
    qtbot.waitUntil(lambda: f" here (before: {loss})" in card.figure_text().finding)
    assert f" here (before: {loss})" in card.accessibleDescription()
    session.pins.rename(pin.key, "then")
    assert f" here (then: {loss})" in card.accessibleDescription()
    session.pins.set_hidden(pin.key, hidden=True)
    qtbot.waitUntil(lambda: "then" not in card.accessibleDescription())


@pytest.mark.parametrize("kind", [LandscapePlot, Landscape3DPlot])
def test_the_landscape_draws_the_paths_of_pins_with_as_many_parameters(
    qtbot: QtBot, kind: Any, runs: dict[str, PinnedRun]
) -> None:
    other = run_pinned_often(experiment("tanh", 4, 3, 3), 6, 20)
    session = Session(other.experiment)
    card = kind(session, Style(LIGHT))
    qtbot.addWidget(card)
    card.resize(420, 360)
    card.show()
    card.show_snapshot(other.snapshot)
    session.pins.add(runs["relu"])  # another shape
    session.pins.add(runs["sigmoid"], name="before")
    card.settle()
    assert card.canvas.legend == (("before", 1),)
    (ghost,) = card.ghosts()
    path, data = ghost.data.path, card.shown()
    assert len(path) == len(runs["sigmoid"].snapshot.path.points)
    assert ghost.data.steps.tolist() == runs["sigmoid"].snapshot.path.steps.tolist()
    assert data.x[0] <= path[:, 0].min() <= path[:, 0].max() <= data.x[-1]
    assert data.y[0] <= path[:, 1].min() <= path[:, 1].max() <= data.y[-1]
    losses = ghost.data.surface.path.losses
    assert losses[-1] == pytest.approx(runs["sigmoid"].snapshot.scores.train_loss, rel=1e-9)
    session.pins.remove(session.pins.all[-1].key)
    qtbot.waitUntil(lambda: card.canvas.legend == (), timeout=20_000)
