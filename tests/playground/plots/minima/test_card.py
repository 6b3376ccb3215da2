"""The minima card shows the basins that the core finds, with the share of each."""

from __future__ import annotations

from copy import copy
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.analysis.race import default_racers
from core.analysis.surfaces import NEAR, SURFACES, descend
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings
from core.random_streams import stream
from core.training.many_runs.network_minima import Restart, Restarting, distinct_minima
from core.training.snapshot import Snapshot
from playground.plots import MinimaPlot
from playground.plots.minima.data import STEPS, minima_data, minima_sentences
from playground.plots.minima.histogram import blocks, rows
from playground.plots.minima.network import (
    MIN_STEPS,
    more_restarts,
    network_minima,
    network_minima_sentences,
    sizes_for,
)
from playground.plots.minima.network import STEPS as NETWORK_STEPS
from playground.plots.minima.picture import MinimaPicture, minimum_colour
from playground.plotting.canvas.canvas import Canvas
from playground.plotting.canvas.captions import Captions
from playground.session.editing.undo_history import ParametersEdit
from playground.style.theme import DARK, LIGHT, Style
from playground.worker.commands import SetParameters
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import colours, make, picture, rgb

LABELS = [racer.label for racer in default_racers(SURFACES["bowl"])]


def settled(qtbot: QtBot, key: str, label: str) -> Any:
    card = make(qtbot, MinimaPlot, size=(560, 360))
    card.choose(key, label)
    card.show_snapshot(snapshot_of())
    qtbot.waitUntil(lambda: card.is_settled and card.shown() is not None, timeout=60_000)
    return card


@pytest.mark.parametrize("key", SURFACES)
def test_row19_each_start_has_the_minimum_that_its_run_reaches(key: str) -> None:
    data = minima_data(key)
    for row, column in ((0, 0), (30, 12), (47, 55)):
        start = np.array([data.x[column], data.y[row]])
        path = descend(data.surface, "sgd", start, data.racer.learning_rate, 0.0, STEPS, rng=stream(1, "minima noise"))
        distances = np.linalg.norm(np.array(data.surface.minima) - path[-1], axis=1)
        basin = data.basins[row, column]
        if np.isfinite(distances).all() and distances.min() <= NEAR:
            assert basin == distances.argmin()
        else:
            assert basin == -1


def test_row19_all_four_minima_of_himmelblau_are_found() -> None:
    data = minima_data("himmelblau")
    assert (data.shares > 0.05).all()
    assert data.is_lowest.all(), "they are equally deep"
    assert minima_sentences(data)[0].startswith(
        "100" if data.shares.sum() > 0.995 else str(round(100 * data.shares.sum()))
    )


def test_row19_local_minima_are_reported() -> None:
    data = minima_data("camel")
    assert data.is_lowest.tolist() == [True, True, False, False, False, False]
    text = minima_sentences(data)[0]
    assert "of the starts reach a global minimum" in text
    assert 0.1 < data.shares[data.is_lowest].sum() < 0.95


def test_the_table_contains_every_start(qtbot: QtBot) -> None:
    card = settled(qtbot, "saddle", "momentum")
    data = card.shown()
    rows = card.figure_table().rows
    assert len(rows) == data.basins.size
    assert [row[2] for row in rows] == data.basins.ravel().tolist()
    assert card.figure_note() == "Saddle, momentum"


@pytest.mark.parametrize("label", LABELS)
def test_every_optimizer_is_drawn_in_both_themes(qtbot: QtBot, label: str) -> None:
    card = settled(qtbot, "himmelblau", label)
    for theme in (LIGHT, DARK):
        style = Style(theme)
        card.set_style(style)
        assert {rgb(minimum_colour(index, style)) for index in range(4)} <= colours(picture(card))


XOR = Experiment(data=DataSettings(dataset="xor", noise=0.2), network=NetworkSettings(hidden=(HiddenLayer(units=2),)))
COUNT, SHORT = 6, 400


@pytest.fixture(scope="module")
def xor() -> Snapshot:
    return snapshot_of(XOR, steps=20)


@pytest.fixture
def found(qtbot: QtBot, xor: Snapshot, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("playground.plots.minima.card.sizes_for", lambda _architecture, _samples: (COUNT, SHORT))
    card = make(qtbot, MinimaPlot, size=(560, 420))
    card.show_snapshot(xor)
    card._session.snapshot = xor
    qtbot.waitUntil(lambda: card.shown() is not None and len(card.shown().restarts) == COUNT, timeout=60_000)
    return card


def test_row19_the_histogram_has_the_restarts_of_the_core(found: Any, xor: Snapshot) -> None:
    search = Restarting(XOR, xor.data, SHORT, engine="auto")
    expected = [search.restart(index) for index in range(COUNT)]
    table = found.figure_table().rows
    assert [row[0] for row in table] == [each.seed for each in expected]
    np.testing.assert_allclose([row[1] for row in table], [each.loss for each in expected], rtol=1e-9)
    minima = distinct_minima(xor.network.architecture, expected)
    assert len(found.shown().minima) == len(minima)
    text = network_minima_sentences(found.shown())[0]
    assert text.startswith(f"{COUNT} restarts end in {len(minima)} ")
    area = found.canvas.area()
    assert sorted(index for _, index in blocks(area, found.shown(), found._style)) == list(range(COUNT))
    for rect, index in blocks(area, found.shown(), found._style):
        middle = area.value_at(rect.center())[0]
        low, high = found.shown().range()
        assert middle == pytest.approx(float(found.shown().levels[index]), abs=(high - low) / 20)


def test_row19_only_converged_restarts_count_as_minima(found: Any) -> None:
    data = found.shown()
    assert "place" not in network_minima_sentences(data)[0]
    assert [row[4] for row in found.figure_table().rows] == [1] * COUNT
    falling = replace(data, restarts=(replace(data.restarts[0], fall=0.07), *data.restarts[1:]))
    text = network_minima_sentences(falling)[0]
    assert text.startswith(f"{COUNT} restarts end in {len(data.minima)} different places")
    assert text.endswith("; the loss of 1 still falls slowly")
    every = replace(data, restarts=tuple(replace(each, fall=0.07) for each in data.restarts))
    assert network_minima_sentences(every)[0].endswith("; the loss of all still falls slowly")
    level = replace(data, minima=tuple(replace(each, loss=0.0) for each in data.minima))
    assert network_minima_sentences(level)[0] == f"{COUNT} restarts end in {len(data.minima)} different minima, loss 0"


def test_diverged_restarts_are_reported_and_are_not_minima(found: Any, xor: Snapshot) -> None:
    data, architecture = found.shown(), xor.network.architecture

    def sentences(*lost: Restart) -> tuple[str, ...]:
        changed = network_minima(architecture, (*data.restarts[len(lost) :], *lost), COUNT, SHORT)
        assert all(minimum.loss < 1.0 for minimum in changed.minima)
        assert sum(len(minimum.members) for minimum in changed.minima) == COUNT - len(lost)
        assert changed.range()[1] < 2.0, "the axis does not reach to them"
        assert [row[3] for row in found.table_of(changed).rows[COUNT - len(lost) :]] == [-1] * len(lost)
        assert len(blocks(found.canvas.area(), changed, found._style)) == COUNT - len(lost)
        return network_minima_sentences(changed)

    diverged = replace(data.restarts[0], loss=5e172, fall=-1.0, fate="diverged")
    far = replace(data.restarts[0], loss=3.4e5, fall=0.1, fate="far")
    both = sentences(diverged, diverged, far)
    assert both[0].startswith(f"3 of {COUNT} restarts end in ")
    assert both[0].endswith("; 2 diverged, 1 stayed at losses of 3.4e5 or more, far from any minimum")
    assert "e172" not in both[0]
    assert [len(each) for each in both] == sorted(map(len, both), reverse=True)
    assert sentences(*[diverged] * (COUNT - 1))[0].startswith(f"1 of {COUNT} restarts ends in 1 minimum, loss ")
    assert sentences(*[diverged] * COUNT)[0] == f"no restart reaches a minimum: {COUNT} diverged"
    picture_of_none = network_minima(architecture, (diverged,) * COUNT, COUNT, SHORT)
    found._data = picture_of_none
    found.redraw()
    picture(found)


def test_row19_a_click_loads_a_minimum_and_undo_takes_it_back(found: Any, xor: Snapshot) -> None:
    session, data = found._session, found.shown()
    session.replace_all(XOR, None)
    commands: list[Any] = []
    session.command.connect(commands.append)
    rect, index = rows(found.canvas, found.canvas.area(), data, found._style)[-1]
    QTest.mouseClick(found.canvas.viewport(), Qt.MouseButton.LeftButton, pos=rect.center().toPoint())
    assert [type(each) for each in commands] == [SetParameters]
    np.testing.assert_array_equal(commands[0].values, data.minima[index].parameters)
    assert session.undo_label == "Load minimum"
    assert isinstance(session.history.done[-1], ParametersEdit)
    session.undo()
    np.testing.assert_array_equal(commands[1].values, xor.network.parameters)
    session.redo()
    np.testing.assert_array_equal(commands[2].values, data.minima[index].parameters)
    block, restart = blocks(found.canvas.area(), data, found._style)[0]
    QTest.mouseClick(found.canvas.viewport(), Qt.MouseButton.LeftButton, pos=block.center().toPoint())
    np.testing.assert_array_equal(commands[3].values, data.minima[data.minimum_of[restart]].parameters)


def test_the_list_of_minima_ends_above_the_sentence_of_a_picture(qtbot: QtBot, found: Any) -> None:
    style = Style(LIGHT)
    many = replace(found.shown(), minima=found.shown().minima[:1] * 99)
    canvas = Canvas(style, still=True)
    qtbot.addWidget(canvas)
    canvas.resize(480, 400)
    canvas.arrange(style, left=10, bottom=34, top=22, right=150)
    before = len(rows(canvas, canvas.area(), many, style))
    sentence = "a sentence below them that takes more than one line of this narrow picture"
    canvas.set_captions(Captions("Minima", sentences=(sentence,)))
    below = canvas.captions.height_below(style, canvas.width())
    listed = rows(canvas, canvas.area(), many, style)
    assert 0 < len(listed) < before
    last = listed[-1][0]
    assert last.bottom() + last.height() / 2 <= canvas.height() - below  # half a row for the number of the others


@pytest.mark.parametrize(("height", "has_list"), [(500, True), (120, False)])
def test_a_low_picture_has_the_histogram_only(qtbot: QtBot, found: Any, height: int, has_list: bool) -> None:
    style = Style(LIGHT)
    data = replace(found.shown(), minima=found.shown().minima[:1] * 99)
    canvas = Canvas(style, still=True)
    qtbot.addWidget(canvas)
    canvas.resize(290, height)
    MinimaPicture(canvas).draw(data, style)
    assert (len(rows(canvas, canvas.area(), data, style)) >= 3) is has_list
    assert bool(rows(canvas, canvas.area(), data, style)) is has_list
    assert has_list or canvas.area().rect.width() > 200


def test_the_blocks_of_a_tall_column_are_as_wide_as_its_bin(found: Any) -> None:
    data = found.shown()
    same = replace(data, restarts=(data.restarts[0],) * 60, minima=(replace(data.minima[0], members=tuple(range(60))),))
    area = found.canvas.area()
    drawn = [rect for rect, _ in blocks(area, same, found._style)]
    assert len(drawn) == 60
    assert {rect.left() for rect in drawn} == {drawn[0].left()}
    assert drawn[0].width() > 2 * drawn[0].height()
    assert min(rect.top() for rect in drawn) >= area.rect.top() - 1e-6


def test_training_and_its_settings_do_not_repeat_the_search(qtbot: QtBot, found: Any, xor: Snapshot) -> None:
    before = found.shown()
    later = snapshot_of(XOR, steps=20)
    found.show_snapshot(replace(later, data=copy(later.data)))  # other data, though equal
    qtbot.waitUntil(lambda: found.shown() is not before and len(found.shown().restarts) == COUNT, timeout=60_000)
    data = found.shown()
    found.show_snapshot(found._submitted)
    assert found.shown() is data


def test_the_histogram_is_drawn_in_both_themes(found: Any) -> None:
    for theme in (LIGHT, DARK):
        style = Style(theme)
        found.set_style(style)
        assert rgb(minimum_colour(0, style)) in colours(picture(found))


def test_a_large_network_gets_fewer_and_shorter_restarts() -> None:
    small, large = (
        snapshot_of(Experiment(network=NetworkSettings(hidden=hidden))).network.architecture
        for hidden in ((HiddenLayer(units=4),), tuple(HiddenLayer(units=16) for _ in range(50)))
    )
    assert sizes_for(small, 250)[1] == NETWORK_STEPS
    assert MIN_STEPS <= sizes_for(large, 250)[1] < NETWORK_STEPS
    assert sizes_for(large, 250)[0] < sizes_for(small, 250)[0]


def test_the_title_makes_room_for_the_menu_of_optimizers(qtbot: QtBot) -> None:
    card = make(qtbot, MinimaPlot, size=(420, 360))
    assert card._title.text() == "Minima and their basins"
    card.choose("camel", LABELS[0])
    assert card._title.text() != "Minima and their basins"
    assert card._title.fontMetrics().horizontalAdvance(card._title.text()) <= max(card._title_room(card._optional), 0)


def test_restarts_at_the_same_time_are_those_one_by_one(xor: Snapshot) -> None:
    seen: list[int] = []

    def advance(done: int, _every: int) -> bool:
        seen.append(done)
        return done < 6

    search = Restarting(xor.experiment, xor.data, 100, engine="auto")
    one = more_restarts(search, (), 6, advance)
    two = more_restarts(search, (), 6, advance, threads=2)
    assert one is not None
    assert two is not None
    assert seen == [0, 1, 2, 3, 4, 5] * 2
    for first, second in zip(one, two, strict=True):
        np.testing.assert_array_equal(first.parameters, second.parameters)
        assert (first.seed, first.loss, first.slope) == (second.seed, second.loss, second.slope)
    assert more_restarts(search, one, 12, advance, threads=2) is None
    some = more_restarts(search, one[:2], 6, advance, seconds=0.0, threads=2)
    assert some is not None
    assert 3 <= len(some) <= 5, "at least one, and what the threads have begun meanwhile"
    assert [each.seed for each in some] == [each.seed for each in one[: len(some)]]


@pytest.mark.parametrize("is_visible", [False, True])
def test_only_a_card_that_is_seen_computes_in_parts_for_an_export(
    qtbot: QtBot, xor: Snapshot, monkeypatch: pytest.MonkeyPatch, *, is_visible: bool
) -> None:
    monkeypatch.setattr("playground.plots.minima.card.sizes_for", lambda _architecture, _samples: (COUNT, MIN_STEPS))
    monkeypatch.setattr("playground.plots.minima.card.PART_SECONDS", 0.0)
    card = make(qtbot, MinimaPlot)
    card.setVisible(is_visible)
    parts: list[Any] = []
    card._jobs.succeeded.connect(parts.append)
    card.show_snapshot(xor)
    card.stay()
    qtbot.waitUntil(card.prepare, timeout=60_000)
    assert len(card.shown().restarts) == COUNT
    assert (len(parts) > 1) == is_visible
    card.follow()


def test_a_picture_of_a_card_that_was_not_shown_has_fewer_restarts_and_says_how_many(
    qtbot: QtBot, xor: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.plots.minima.card.sizes_for", lambda _architecture, _samples: (COUNT, MIN_STEPS))
    monkeypatch.setattr("playground.plots.minima.card.STILL_RESTARTS", 4)
    card = make(qtbot, MinimaPlot)
    card.hide()
    card.show_snapshot(xor)
    card.stay()
    qtbot.waitUntil(card.prepare, timeout=60_000)
    search = Restarting(XOR, xor.data, MIN_STEPS, engine="auto")
    assert [each.loss for each in card.shown().restarts] == [search.restart(index).loss for index in range(4)]
    assert "4 restarts end in" in card.figure_text().finding
    assert len(card.figure_table().rows) == 4
    card.follow()
    assert len(card.shown().restarts) == 4
    card.show()
    qtbot.waitUntil(lambda: len(card.shown().restarts) == COUNT, timeout=60_000)
    card.stay()
    assert card.prepare()
    assert len(card.figure_table().rows) == COUNT, "those that are known are not left out"
    card.follow()


def test_pictures_that_must_be_reproducible_have_all_restarts(
    qtbot: QtBot, xor: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.plots.minima.card.sizes_for", lambda _architecture, _samples: (COUNT, MIN_STEPS))
    monkeypatch.setattr("playground.plots.minima.card.STILL_RESTARTS", 4)
    card = make(qtbot, MinimaPlot)
    card._session.is_reproducible = True
    card.hide()
    card.show_snapshot(xor)
    assert len(card.figure_table().rows) == COUNT
