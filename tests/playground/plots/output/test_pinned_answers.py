"""The output card draws pinned runs as borders over its map or as curves beside its fit, at their true predictions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from core.analysis.plane import default_axes
from core.data.settings import TableSource
from core.experiment import DataSettings, Experiment, NetworkSettings
from core.training.pins.pinned_run import PinnedRun, pinned
from core.training.run_history import RunHistory
from core.training.training_run import new_trainer
from playground.plots import OutputPlot
from playground.plots.output.answers import share_bars, tile_boxes
from playground.plots.output.borders import borders_of
from playground.plots.output.data import MapData, output_data, wrong
from playground.session import Session
from playground.style.numbers import percent
from playground.style.theme import LIGHT, Style
from tests.playground.plots.support import colours, picture, rgb


def run_of(experiment: Experiment, steps: int, axes: tuple[int, int] | None = None) -> PinnedRun:
    trainer = new_trainer(experiment, engine="numpy")
    trainer.run(steps)
    return pinned(trainer, RunHistory(), axes or default_axes(trainer.data))


def other_weights(experiment: Experiment) -> Experiment:
    return replace(experiment, network=replace(experiment.network, seed=5))


def shown(qtbot: QtBot, living: PinnedRun, *pins: PinnedRun) -> Any:
    session = Session(living.experiment)
    card = OutputPlot(session, Style(LIGHT))
    qtbot.addWidget(card)
    card.resize(420, 460)
    card.show()
    card.show_snapshot(living.snapshot)
    for pin in pins:
        assert session.pins.add(pin) is not None
    return card


CIRCLE = Experiment(data=DataSettings(samples=120))
IRIS = Experiment(data=DataSettings(dataset="iris"))
SINE = Experiment(data=DataSettings(dataset="sine", samples=80))
PLANE = Experiment(data=DataSettings(dataset="plane", samples=120))


def test_the_border_is_where_the_pinned_network_changes_its_mind(qtbot: QtBot) -> None:
    pin = run_of(other_weights(CIRCLE), 400)
    card = shown(qtbot, run_of(CIRCLE, 400), pin)
    (ghost,) = card.ghosts()
    main = [border.line for border in borders_of(ghost.data, 1.0) if border.is_main]
    assert main
    network, data = pin.snapshot.network, pin.snapshot.data
    predicted = network.forward(data.features_of(np.concatenate(main))).prediction[:, 0]
    assert np.abs(predicted).max() < 0.15, "interpolated between grid points"
    assert rgb(ghost.tint(Style(LIGHT))) in colours(picture(card))


def test_borders_between_several_classes(qtbot: QtBot) -> None:
    pin = run_of(other_weights(IRIS), 300)
    card = shown(qtbot, run_of(IRIS, 300), pin)
    (ghost,) = card.ghosts()
    plane = pin.snapshot.plane
    assert plane is not None
    best = plane.activations[-1].argmax(axis=2)
    for border in borders_of(ghost.data, 1.0):
        columns = np.interp(border.line[:, 0], plane.x, np.arange(len(plane.x))).astype(int)
        rows = np.interp(border.line[:, 1], plane.y, np.arange(len(plane.y))).astype(int)
        for column, row in zip(columns.tolist(), rows.tolist(), strict=True):
            around = best[max(row - 1, 0) : row + 3, max(column - 1, 0) : column + 3]
            assert len(np.unique(around)) > 1, "two classes meet there"


def test_other_axes_of_the_living_map_are_those_of_the_pin_too(qtbot: QtBot) -> None:
    pin = run_of(other_weights(IRIS), 50, axes=(0, 1))
    card = shown(qtbot, run_of(IRIS, 50, axes=(2, 3)), pin)
    (ghost,) = card.ghosts()
    assert ghost.data.axes == card.shown().axes == (2, 3)
    assert np.array_equal(ghost.data.x[[0, -1]], card.shown().x[[0, -1]])


@pytest.mark.parametrize("experiment", [SINE, PLANE], ids=["one input", "two inputs"])
def test_values_of_a_regression_are_read_beside_those_of_the_pin(
    qtbot: QtBot, experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin = run_of(other_weights(experiment), 100)
    card = shown(qtbot, run_of(experiment, 100), pin)
    (ghost,) = card.ghosts()
    with_pin = picture(card)
    card._session.pins.set_hidden(card._session.pins.all[0].key, hidden=True)
    assert picture(card) != with_pin
    card._session.pins.set_hidden(card._session.pins.all[0].key, hidden=False)
    read: list[list[tuple[str, str]]] = []
    module = "playground.plots.output.fit.read_out" if experiment is SINE else "playground.plots.output.map.read_out"
    monkeypatch.setattr(module, lambda _p, _style, _at, _bounds, lines: read.append(lines))
    area = card.canvas.area()
    at = QPointF(area.rect.left() + 0.3 * area.rect.width(), area.rect.center().y())
    card.canvas.hovered.emit(at)
    card.canvas.grab()
    lines = dict(read[-1])
    value = float(lines[f"prediction, {ghost.name}"].replace("\N{MINUS SIGN}", "-"))
    data, here = pin.snapshot.data, area.value_at(at)
    inputs = np.array([here[: len(data.input_names)]])
    truth = data.to_target_units(pin.snapshot.network.forward(data.features_of(inputs)).prediction[0])
    span = float(np.ptp(data.labels_train))
    assert value == pytest.approx(float(truth[0]), abs=0.05 * span)


def test_runs_over_other_inputs_or_targets_are_not_drawn(qtbot: QtBot) -> None:
    living = run_of(CIRCLE, 5)
    card = shown(qtbot, living, run_of(IRIS, 5), run_of(SINE, 5), run_of(PLANE, 5))
    assert card.ghosts() == ()
    assert card.canvas.legend == ()
    xor = run_of(replace(CIRCLE, data=DataSettings(dataset="xor", samples=120)), 5)
    assert card._session.pins.add(xor) is not None
    assert [name for name, _ in card.canvas.legend] == ["exclusive or"], "another set over the same inputs"
    card.show_snapshot(run_of(IRIS, 5).snapshot)
    assert [name for name, _ in card.canvas.legend] == ["iris · samples 500"]


def test_the_table_has_the_predictions_of_both_runs(qtbot: QtBot) -> None:
    pin = run_of(other_weights(CIRCLE), 40)
    card = shown(qtbot, run_of(CIRCLE, 40), pin)
    table = card.figure_table()
    data = output_data(pin.snapshot)
    assert isinstance(data, MapData)
    assert data.signed is not None
    rows = [row for row in table.rows if row[0] == card.ghosts()[0].name]
    np.testing.assert_allclose([row[-1] for row in rows], data.signed.ravel())


DIGITS = Experiment(data=DataSettings(dataset="digits"), network=NetworkSettings())


def read_outs(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    read: list[dict[str, str]] = []
    module = "playground.plots.output.pinned_answers.read_out"
    monkeypatch.setattr(module, lambda _p, _style, _at, _bounds, lines: read.append(dict(lines)))
    return read


def test_images_that_the_pinned_run_gets_wrong_are_framed_in_its_colour(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin = run_of(other_weights(DIGITS), 300)
    card = shown(qtbot, run_of(DIGITS, 2), pin, run_of(CIRCLE, 2))
    (ghost,) = card.ghosts()
    assert [name for name, _ in card.canvas.legend] == [ghost.name]
    tint, area = rgb(ghost.tint(card._style)), card.canvas.area()
    tiles, is_wrong = tile_boxes(area, ghost.data, card._style), wrong(ghost.data).tolist()
    assert 0 < sum(is_wrong[: len(tiles)]) < len(tiles)
    image = card.canvas.grab().toImage()
    for tile, is_framed in zip(tiles, is_wrong, strict=False):
        around = tile.adjusted(-4, -4, 4, 4).toAlignedRect()
        edge = {QColor(image.pixel(x, around.top() + dy)).rgb() & 0xFFFFFF for x in range(around.left(), around.right())
                for dy in range(5)}  # fmt: skip
        assert any(near(colour, tint) for colour in edge) == is_framed
    read = read_outs(monkeypatch)
    card.canvas.hovered.emit(tiles[3].center())
    card.canvas.grab()
    data = card.shown()
    assert read[-1] == {
        "true": data.class_names[data.true[3]],
        "predicted": data.class_names[data.predicted[3]],
        f"predicted, {ghost.name}": data.class_names[ghost.data.predicted[3]],
    }
    card._session.pins.set_hidden(card._session.pins.all[0].key, hidden=True)
    assert card.canvas.legend == ()


def near(colour: int, other: int) -> bool:
    return all(abs((colour >> shift & 255) - (other >> shift & 255)) < 30 for shift in (0, 8, 16))


def made_table(tmp_path: Path, *, target: str) -> Experiment:
    """Return an experiment on a table with six inputs, which are no image."""
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(80, 6))
    total = inputs.sum(axis=1)
    lines = ["a,b,c,d,e,f,y"]
    for row, value in zip(inputs, total, strict=True):
        answer = (
            ("low", "middle", "high")[int(np.digitize(value, (-1.0, 1.0)))] if target == "class" else f"{value:.6f}"
        )
        lines.append(",".join([*(f"{each:.6f}" for each in row), answer]))
    path = tmp_path / f"{target}.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return Experiment(data=DataSettings(dataset=TableSource(csv=str(path), target="y")))


def without_plane(run: PinnedRun) -> PinnedRun:
    """Return ``run`` as one whose data have too many inputs for a map."""
    return replace(run, snapshot=replace(run.snapshot, plane=None))


def test_the_share_of_each_class_is_an_outline_over_its_bar(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    experiment = made_table(tmp_path, target="class")
    living, pin = (without_plane(run_of(experiment, steps)) for steps in (200, 1))
    card = shown(qtbot, living, pin)
    (ghost,) = card.ghosts()
    assert ghost.data.class_names == card.shown().class_names
    with_pin = picture(card)
    assert rgb(ghost.tint(card._style)) in colours(with_pin)
    read = read_outs(monkeypatch)
    card.canvas.hovered.emit(share_bars(card.canvas.area(), card.shown(), card._style)[1].center())
    card.canvas.grab()
    assert read[-1][ghost.name] == percent(float(ghost.data.shares[1]))
    card._session.pins.clear()
    assert card.ghosts() == ()


def test_predicted_values_of_the_pin_are_hollow_dots(qtbot: QtBot, tmp_path: Path) -> None:
    experiment = made_table(tmp_path, target="value")
    living, pin = (without_plane(run_of(experiment, steps)) for steps in (200, 1))
    card = shown(qtbot, living, pin)
    (ghost,) = card.ghosts()
    assert np.array_equal(ghost.data.true, card.shown().true)
    assert rgb(ghost.tint(card._style)) in colours(picture(card))
    other = without_plane(run_of(replace(experiment, data=replace(experiment.data, seed=9)), 1))
    card._session.pins.clear()
    card._session.pins.add(other)
    assert card.ghosts() == (), "its samples are others"
