"""The ranges card: bands of the runs that learned, refined step by step, and the network's values beside them."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from msgspec.structs import replace as with_settings
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from core.analysis.normal_ranges import DIAGNOSTICS, Outlier, Range, Ranges, State, measure, outliers, ranges_of
from core.engine.compiled.kernel import is_loaded
from core.engine.engine_choice import EngineChoice
from core.experiment import Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.training.many_runs.reference_runs import reference_run
from core.training.pins.pinned_run import pinned
from core.training.run_history import RunHistory
from core.training.snapshot import Snapshot
from core.training.training_run import new_trainer
from playground.plots import RangesPlot
from playground.plots.ranges.data import RangesData, own_values, ranges_data, ranges_sentences
from playground.plots.ranges.picture import RING, _axis_name, _most_telling, title_parts
from playground.plotting.drawing.pencil import text_height, text_width
from playground.style.theme import DARK, LIGHT, Style
from playground.widgets.plot import Axis, Band, Curve
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import colours, make, picture, rgb
from tests.playground.window.text_items import texts_of

pytestmark = pytest.mark.usefixtures("fonts")

SMALL = Experiment(
    network=NetworkSettings(hidden=(HiddenLayer(units=6), HiddenLayer(units=4, activation="relu"))),
    training=TrainingSettings(batch_size=0, learning_rate=0.3),
)
"""Whole batches, so that the runs are short."""

ENOUGH = 44


@pytest.fixture(autouse=True)
def _few_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("playground.plots.ranges.card.RUNS", ENOUGH)
    monkeypatch.setattr("playground.plots.ranges.card.STILL_RUNS", ENOUGH)
    monkeypatch.setattr("core.training.many_runs.reference_runs.MIN_STEPS", 100)
    monkeypatch.setattr("core.training.many_runs.reference_runs.MAX_STEPS", 100)


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_of(SMALL, steps=60)


def complete(qtbot: QtBot, snapshot: Snapshot) -> Any:
    card = make(qtbot, RangesPlot, size=(420, 420))
    card.show_snapshot(snapshot)
    qtbot.waitUntil(lambda: card.shown() is not None and card.shown().is_complete, timeout=60_000)
    return card


def test_the_bands_are_those_of_the_reference_runs(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = complete(qtbot, snapshot)
    engine: EngineChoice = "auto" if is_loaded() else "numpy"
    made = [reference_run(SMALL, snapshot.data, number, engine=engine) for number in range(ENOUGH)]
    runs = [run for run in made if run is not None]
    expected = ranges_of(runs)
    data = card.shown()
    assert (data.ranges.runs, data.ranges.learned) == (expected.runs, expected.learned)
    assert expected.learned >= 20
    for key, band in expected.by_key.items():
        np.testing.assert_array_equal(data.ranges.by_key[key].low, band.low)
        np.testing.assert_array_equal(data.ranges.by_key[key].high, band.high)
    yours = measure(State(snapshot.network, snapshot.trace, snapshot.gradients, snapshot.last_update))
    assert data.outliers == outliers(expected, yours)


def test_the_first_runs_are_shown_before_the_last_have_finished(
    qtbot: QtBot, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.plots.ranges.card.SECONDS", 0.0)
    card = make(qtbot, RangesPlot)
    seen: list[int] = []
    accept = card.accept

    def noting(data: RangesData) -> None:
        seen.append(len(data.runs))
        accept(data)

    card.accept = noting
    card.show_snapshot(snapshot)
    qtbot.waitUntil(lambda: card.shown() is not None and card.shown().is_complete, timeout=60_000)
    assert seen == list(range(1, ENOUGH + 1))


def test_runs_are_kept_for_the_same_shape_and_data(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = complete(qtbot, snapshot)
    runs = card.shown().runs
    other = with_settings(SMALL, training=with_settings(SMALL.training, learning_rate=0.01, optimizer="adam"))
    card.show_snapshot(snapshot_of(other, steps=2, generation=1))
    qtbot.waitUntil(lambda: card.is_settled)
    assert card.shown().runs == runs
    narrower = with_settings(SMALL, network=NetworkSettings(hidden=(HiddenLayer(units=3),)))
    card.show_snapshot(snapshot_of(narrower, generation=2))
    qtbot.waitUntil(lambda: card.is_settled and card.shown().is_complete, timeout=60_000)
    assert card.shown().runs != runs


def test_a_hidden_card_computes_nothing_and_stops_when_it_is_hidden(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = make(qtbot, RangesPlot)
    card.hide()
    card.show_snapshot(snapshot)
    assert not card._jobs.is_busy
    assert card.shown() is None


def test_work_can_be_cancelled(snapshot: Snapshot) -> None:
    assert ranges_data(snapshot, (), lambda done, _total: done < 2, total=10) is None


def test_a_figure_without_the_compiled_engine_starts_no_runs(
    qtbot: QtBot, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.plots.ranges.card.is_loaded", lambda: False)
    card = make(qtbot, RangesPlot)
    card.hide()
    card.show_snapshot(snapshot)
    rows = card.figure_table().rows
    assert rows
    assert card.shown().runs == ()
    assert {row[6] for row in rows} == {""}
    assert ranges_sentences(card.shown())[0].startswith("no reference runs yet")


def test_a_figure_without_a_window_has_enough_runs(
    qtbot: QtBot, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.plots.ranges.card.is_loaded", lambda: True)
    card = make(qtbot, RangesPlot)
    card.hide()
    card.show_snapshot(snapshot)
    view = card.build_figure(Style(LIGHT))
    qtbot.addWidget(view)
    assert len(card.shown().runs) == ENOUGH
    rows = card.figure_table().rows
    assert {row[0] for row in rows} == {each.label for each in DIAGNOSTICS.values()}
    assert {row[6] for row in rows} <= {"yes", "no", ""}
    update = [row for row in rows if row[0] == DIAGNOSTICS["update_ratio"].label]
    assert [row[1] for row in update] == ["W₁", "W₂", "W₃"]
    assert card.figure_note() == f"grey: 95 % of {card.shown().ranges.learned} runs that learned"
    plot = card.figure_plot(Style(LIGHT))
    for pane, diagnostic in zip(plot.panes, DIAGNOSTICS.values(), strict=True):
        (band,) = [layer for layer in pane.layers if isinstance(layer, Band)]
        (points,) = [layer for layer in pane.layers if isinstance(layer, Curve) and layer.form == "points"]
        ends = pane.x.range
        assert ends is not None
        assert all(ends[0] < x < ends[1] for x in points.x)
        if not diagnostic.per_layer:
            assert (band.x, points.x, pane.x) == (ends, (sum(ends) / 2,), Axis("", ends, ticks=()))


def test_an_export_waits_for_enough_runs_and_the_card_continues_afterwards(
    qtbot: QtBot, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.plots.ranges.card.RUNS", ENOUGH + 6)
    monkeypatch.setattr("playground.plots.ranges.card.SECONDS", 0.0)  # one run a part
    monkeypatch.setattr("playground.plots.ranges.card.STILL_RUNS", 5)
    card = make(qtbot, RangesPlot)
    card.hide()
    card.show_snapshot(snapshot)
    card.stay()
    qtbot.waitUntil(card.prepare, timeout=60_000)
    assert len(card.shown().runs) == 5
    card.show()
    card.follow()
    qtbot.waitUntil(lambda: len(card.shown().runs) == ENOUGH + 6, timeout=60_000)


def test_a_picture_of_a_card_that_was_not_shown_ends_when_enough_runs_have_learned(
    qtbot: QtBot, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.plots.ranges.card.is_loaded", lambda: True)
    monkeypatch.setattr("playground.plots.ranges.card.STILL_LEARNED", 22)
    exported, settled = make(qtbot, RangesPlot), make(qtbot, RangesPlot)
    for card in (exported, settled):
        card.hide()
        card.show_snapshot(snapshot)
    exported.stay()
    qtbot.waitUntil(exported.prepare, timeout=60_000)
    settled.settle()
    for card in (exported, settled):
        data = card.shown()
        assert data.runs[-1].learned
        assert sum(run.learned for run in data.runs) == 22 == data.ranges.learned
        assert data.is_complete
        assert "so far" not in ranges_sentences(data)[0]
        assert card.figure_note() == "grey: 95 % of 22 runs that learned"
    exported.follow()
    exported.show()
    qtbot.waitUntil(lambda: len(exported.shown().runs) == ENOUGH, timeout=60_000)


@pytest.mark.parametrize("is_reproducible", [True, False])
def test_pictures_of_a_command_line_do_not_depend_on_what_is_loaded(
    qtbot: QtBot, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch, *, is_reproducible: bool
) -> None:
    engines = []

    def noted(*given: Any) -> Any:
        engines.append(given[-1])
        return reference_run(*given[:-1], engine="numpy")

    monkeypatch.setattr("playground.plots.ranges.data.is_loaded", lambda: False)
    monkeypatch.setattr("playground.plots.ranges.card.is_loaded", lambda: True)
    monkeypatch.setattr("playground.plots.ranges.data.reference_run", noted)
    card = make(qtbot, RangesPlot)
    card._session.is_reproducible = is_reproducible
    card.hide()
    card.show_snapshot(snapshot)
    assert len(card.figure_table().rows) > 0
    assert set(engines) == {"auto" if is_reproducible else "numpy"}


def test_a_ring_marks_a_value_outside_in_both_themes(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = complete(qtbot, snapshot)
    data = card.shown()
    for theme in (LIGHT, DARK):
        for flat, marked in ((data, bool(data.outliers)), (_with_ratio(data, 1e-9), True), (_without(data), False)):
            card._data = flat
            card.set_style(Style(theme))
            image = card.canvas.grab().toImage().convertToFormat(card.canvas.grab().toImage().Format.Format_RGB32)
            assert (rgb(theme.error) in colours(image)) == marked


def test_the_values_under_the_mouse_are_read_out(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = complete(qtbot, snapshot)
    before = card.canvas.grab().toImage()
    card.canvas.hovered.emit(QPointF(card.canvas.area().rect.center()))
    assert card.canvas.grab().toImage() != before
    card.canvas.hovered.emit(None)
    assert card.canvas.grab().toImage() == before


@pytest.mark.parametrize("hidden", [(), (HiddenLayer(units=1),)])
def test_small_networks_are_drawn(qtbot: QtBot, hidden: tuple[HiddenLayer, ...]) -> None:
    experiment = with_settings(SMALL, network=NetworkSettings(hidden=hidden))
    card = complete(qtbot, snapshot_of(experiment, steps=5))
    panes = {pane.diagnostic.key for pane in card._picture._panes}
    assert ("saturated" in panes) == bool(hidden)


def test_the_sentence_says_what_is_outside_and_on_what_it_is_based(snapshot: Snapshot) -> None:
    wide = Range(np.array([0.1]), np.array([1.0]), np.array([10.0]))
    yours = {"gradient_ratio": np.array([2e-6])}
    ranges = Ranges(200, 150, {"gradient_ratio": wide})
    data = RangesData("key", (), 0, ranges, yours, outliers(ranges, yours))
    assert ranges_sentences(data)[0] == (
        "1 outside the normal range, such as gradient, first over last layer: 2.0e−6 (normal 0.10 to 10; "
        "150 of 200 runs that learned)"
    )
    inside = replace(data, outliers=())
    assert ranges_sentences(inside)[0] == "all values lie in the normal range of 150 of 200 runs that learned"
    few = replace(data, ranges=Ranges(200, 3, {}), outliers=(), total=300)
    assert ranges_sentences(few)[0] == "3 of 200 short runs learned so far; 20 are needed for a range"
    all_runs = replace(few, total=0)
    assert ranges_sentences(all_runs)[0] == "only 3 of 200 short runs learned; 20 are needed for a range"
    first = replace(few, ranges=Ranges(1, 1, {}), total=0)
    assert ranges_sentences(first)[0] == "1 of 1 short runs learned so far; 20 are needed for a range"


def _with_ratio(data: RangesData, value: float) -> RangesData:
    yours = {**data.yours, "gradient_ratio": np.array([value])}
    return replace(data, yours=yours, outliers=outliers(data.ranges, yours))


def _without(data: RangesData) -> RangesData:
    return replace(data, outliers=())


def test_the_values_of_a_pinned_run_are_drawn_on_the_ranges_of_this_one(
    qtbot: QtBot, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = complete(qtbot, snapshot)
    session, before = card._session, picture(card)
    deeper = with_settings(SMALL, network=NetworkSettings(hidden=(HiddenLayer(units=6, activation="sigmoid"),) * 4))
    for experiment in (deeper, SMALL):
        trainer = new_trainer(experiment, engine="numpy")
        trainer.run(40)
        assert session.pins.add(pinned(trainer, RunHistory(), (0, 1))) is not None
    assert len(card.canvas.legend) == 2
    first, second = card.ghosts()
    run = session.pins.all[0].run.snapshot
    expected = measure(State(run.network, run.trace, run.gradients, run.last_update))
    for key in DIAGNOSTICS:
        np.testing.assert_array_equal(first.data.yours[key], expected[key])
    after = picture(card)
    assert after != before
    assert rgb(first.tint(Style(LIGHT))) in colours(after)
    assert card.canvas.area().x_range[1] >= len(first.data.yours["update_ratio"]), "shared axes"
    read: list[list[tuple[str, str]]] = []
    monkeypatch.setattr(
        "playground.plots.ranges.picture.read_out", lambda _p, _style, _at, _bounds, lines: read.append(lines)
    )
    rect = card.canvas.area().rect
    card.canvas.hovered.emit(QPointF(card.canvas.area().x(1.0), rect.top() + 0.1 * rect.height()))
    card.canvas.grab()
    assert {first.name, second.name} <= {name for name, _ in read[-1]}
    pair = card.pair_data()
    assert pair is not None, "the last pin has the ranges of this network"
    assert pair[1].ranges.by_key
    assert card.ghost_sentences(*pair) == card.sentences(pair[1])
    assert card.ghost_sentences(pair[0], second.data) == (), "on the ranges of another run"
    session.pins.compare(session.pins.all[0].key)
    assert card.pair_data() is None, "the ranges of the deeper network are not known"


def test_the_sentence_keeps_the_case_of_symbols(snapshot: Snapshot) -> None:
    wide = Range(np.array([0.1]), np.array([1.0]), np.array([10.0]))
    for key, value, words in (
        ("update_ratio", 2e-6, "update ‖ΔW‖/‖W‖ in W₁: 2.0e−6"),
        ("dead", 11.0, "share of dead neurons in hidden 1: 1100"),
    ):
        yours = {key: np.array([value])}
        ranges = Ranges(200, 150, {key: wide})
        data = RangesData("key", (), 0, ranges, yours, outliers(ranges, yours))
        assert ranges_sentences(data)[1].startswith(words)


def test_a_low_card_leaves_panes_out_and_says_so(qtbot: QtBot, snapshot: Snapshot) -> None:
    card = complete(qtbot, snapshot)
    panes = card._picture._panes
    assert len(panes) == len([key for key in DIAGNOSTICS if len(card.shown().yours[key])])
    outlier = Outlier(key=panes[-1].diagnostic.key, index=0, value=1.0, low=0.0, high=0.5)
    few = _most_telling(panes, replace(card.shown(), outliers=(outlier,)), 2)
    assert few == [panes[0], panes[-1]], "what is outside its range is kept"
    assert _axis_name(0) == "layer"
    assert _axis_name(3) == "layer · 3 more in a larger view"
    card.resize(420, 230)
    qtbot.waitUntil(lambda: len(card._picture._panes) < len(panes))


@pytest.mark.parametrize("size", [(180, 200), (200, 240), (260, 300), (300, 260), (420, 330), (420, 500)])
@pytest.mark.parametrize("scale", [1.0, 1.4])
def test_the_ends_of_every_scale_are_readable(
    qtbot: QtBot, snapshot: Snapshot, size: tuple[int, int], scale: float
) -> None:
    yours = own_values(snapshot).yours
    found = tuple(
        Outlier(key=key, index=0, value=1.0, low=0.0, high=0.5) for key, values in yours.items() if len(values)
    )
    data = RangesData("key", (), 0, Ranges(0, 0, {}), yours, found)
    card = make(qtbot, RangesPlot, style=Style(LIGHT, scale), size=size)
    style, line = card._style, text_height(card._style)
    card._picture.draw(data, style)
    area, ticks = card.canvas.area(), card.canvas.left._ticks
    ys = sorted(area.y(at) for at, _ in ticks)
    assert all(after - before >= 0.95 * line for before, after in itertools.pairwise(ys))
    for pane in card._picture._panes:
        title, _, in_title = title_parts(pane, data, style, area.rect.width())
        near = [text for at, text in ticks if pane.bottom - 1e-9 <= at <= pane.top + line / area.rect.height()]
        assert tuple(near) == pane.ends or all(end in in_title for end in pane.ends)
        assert text_width(style, title + in_title) <= area.rect.width()


@pytest.mark.parametrize("height", [200, 240, 280, 330, 500])
@pytest.mark.parametrize("scale", [1.0, 1.28, 1.4])
def test_a_ring_at_an_end_of_a_scale_touches_no_title(
    qtbot: QtBot, snapshot: Snapshot, height: int, scale: float
) -> None:
    card = make(qtbot, RangesPlot, style=Style(LIGHT, scale), size=(round(320 * scale), round(height * scale)))
    card.show_snapshot(snapshot)
    qtbot.waitUntil(lambda: card.shown() is not None)
    area, style = card.canvas.area(), card._style
    titles = [each.box.translated(-card.canvas.x(), -card.canvas.y()) for each in texts_of(card) if is_title(each.text)]
    assert titles
    for pane in card._picture._panes:
        for end in (pane.bottom, pane.top):
            y = area.y(end)
            for title in titles:
                is_below, is_above = title.top() - y, y - title.bottom()
                assert max(is_below, is_above) >= style.px(RING) - 2.0  # boxes are aligned to pixels


def is_title(text: str) -> bool:
    return text.startswith(("Gradient", "Update", "Share", "Variance", "Saturated", "Dead"))
