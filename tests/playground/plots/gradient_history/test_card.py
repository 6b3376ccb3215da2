"""The heat map of the gradient over time shows the recorded norms at their layers and times."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from core.analysis.gradient_flow import weight_gradient_norms
from core.training.recorders.gradient_history import NO_HISTORY, GradientHistory
from core.training.recorders.loss_curve import Mark
from core.training.snapshot import Snapshot
from playground.plots import GradientHistoryPlot
from playground.plots.gradient.sentence import times_text
from playground.plots.gradient_history.card import history_sentences
from playground.plots.gradient_history.picture import NOT_FINITE, HistoryData, indices_at, pixels, shades
from playground.plotting.cards.word_choice import WordChoice
from playground.style.theme import DARK, LIGHT, Theme
from playground.window.main_window import MainWindow
from tests.playground.factory import network
from tests.playground.plots.support import make, picture

pytestmark = pytest.mark.usefixtures("fonts")


def history(norms: Any, step: Any = None) -> GradientHistory:
    norms = np.asarray(norms, dtype=np.float64)
    steps = np.arange(float(len(norms))) if step is None else np.asarray(step, dtype=np.float64)
    return GradientHistory(steps / 25, steps, norms)


def test_row07_the_table_contains_every_record(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, GradientHistoryPlot)
    card.show_snapshot(snapshots["default"])
    table = card.figure_table()
    norms = weight_gradient_norms(snapshots["default"].network, snapshots["default"].gradients)
    assert table.columns == ("epoch", "step", "∂L/∂W₁", "∂L/∂W₂", "∂L/∂W₃")
    assert table.rows == [(snapshots["default"].epoch, 3.0, *norms.tolist())]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_larger_gradients_are_closer_to_the_ink_colour(theme: Theme) -> None:
    data = HistoryData(history([[1e-8, 1e-4, 1.0], [1e-8, 1e-4, np.inf]]), by_steps=True)
    colours = pixels(data, (-8, 0), theme)
    table = shades(theme)
    assert colours[:, 0].tolist() == [table[0], table[127], table[NOT_FINITE - 1]]
    assert colours[2, -1] == table[NOT_FINITE] == QColor(theme.error).rgb()
    distance = [abs(QColor.fromRgb(int(c)).lightness() - QColor(theme.ink).lightness()) for c in table[:NOT_FINITE]]
    assert distance == sorted(distance, reverse=True)


def test_a_record_lasts_until_the_next_one() -> None:
    times = np.array([0.0, 10.0, 11.0])
    assert indices_at(times, np.array([-1.0, 0.0, 9.9, 10.0, 10.9, 11.0, 50.0])).tolist() == [0, 0, 0, 1, 1, 2, 2]


def test_the_first_layer_is_the_top_row_and_hovering_shows_its_values(
    qtbot: QtBot, snapshots: dict[str, Snapshot], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[Any] = []
    monkeypatch.setattr("playground.plots.gradient_history.picture.read_out", lambda *args: lines.append(args[-1]))
    card = make(qtbot, GradientHistoryPlot, size=(400, 300))
    past = history([[1e-6, 1e-3, 1.0]] * 2, step=[0, 100])
    card.show_snapshot(replace(snapshots["default"], gradient_history=past))
    image, rect = picture(card), card.canvas.area().rect
    shade = [QColor(image.pixel(int(rect.center().x()), int(rect.top() + rect.height() * y))) for y in (0.2, 0.8)]
    assert shade[0].lightness() > shade[1].lightness()
    card.canvas.hovered.emit(QPointF(rect.center().x(), rect.top() + 2.0))
    picture(card)
    assert lines[-1] == [("epoch", "0"), ("step", "0"), ("‖∂L/∂W₁‖", "1.0e−6")]
    card.canvas.hovered.emit(QPointF(rect.right() - 1.0, rect.bottom() - 2.0))
    picture(card)
    assert lines[-1] == [("epoch", "0"), ("step", "0"), ("‖∂L/∂W₃‖", "1.00")]


def test_the_axis_shows_epochs_or_steps(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, GradientHistoryPlot)
    card.show_snapshot(replace(snapshots["default"], gradient_history=history(np.ones((3, 3)), step=[0, 50, 100])))
    assert card.canvas.area().x_range == (0.0, 4.0)
    words = next(c for c in card.findChildren(WordChoice) if c.accessibleName() == "Horizontal axis")
    words._buttons["steps"].click()
    assert card.canvas.area().x_range == (0.0, 100.0)


@pytest.mark.parametrize(
    ("norms", "expected"),
    [
        (
            [[1e-6, 1.0], [1e-3, 1.0]],
            "∂L/∂W₁ compared with ∂L/∂W₂: 1\u2009000\u2009000 × smaller at first, 1\u2009000 × smaller now",
        ),
        ([[1e-6, 1.0]], "∂L/∂W₁ compared with ∂L/∂W₂: 1\u2009000\u2009000 × smaller"),
        ([[1.0, 1.0], [1.2, 1.0]], "∂L/∂W₁ compared with ∂L/∂W₂: about equal"),
        ([[0.0, 1.0]], "∂L/∂W₁ compared with ∂L/∂W₂: zero"),
        (
            [[1.0, 0.0], [1.0, 1.0]],
            "∂L/∂W₁ compared with ∂L/∂W₂: the latter is zero at first, about equal now",
        ),
        ([[1.0, 1.0], [np.nan, 1.0]], "the gradient overflowed"),
        ([[1.0]], "only one layer"),
    ],
)  # fmt: skip
def test_the_sentence_compares_the_start_with_now(norms: Any, expected: str) -> None:
    assert history_sentences(HistoryData(history(norms), by_steps=True))[0] == expected
    assert history_sentences(HistoryData(NO_HISTORY, by_steps=True)) == ("",)


@pytest.mark.parametrize(
    ("by_steps", "changed_at", "expected"),
    [
        (
            True,
            1200,
            "∂L/∂W₁ compared with ∂L/∂W₂: 100 × smaller after the change at step 1\u2009200, 10 × smaller now",
        ),
        (False, 1200, "∂L/∂W₁ compared with ∂L/∂W₂: 100 × smaller after the change at epoch 48, 10 × smaller now"),
        # The step of the change itself was not recorded.
        (True, 700, "∂L/∂W₁ compared with ∂L/∂W₂: 100 × smaller after the change at step 700, 10 × smaller now"),
        (True, 2400, "∂L/∂W₁ compared with ∂L/∂W₂: 10 × smaller"),
        (True, 2500, "∂L/∂W₁ compared with ∂L/∂W₂: 10 × smaller"),
    ],
)
def test_after_a_change_the_sentence_compares_with_the_time_since(
    by_steps: bool, changed_at: int, expected: str
) -> None:
    past = history([[1e-6, 1.0], [1e-4, 1.0], [1e-2, 1.0], [1e-1, 1.0]], step=[0, 600, 1200, 2400])
    mark = Mark(changed_at / 25.0, float(changed_at), "activation tanh")
    sentences = history_sentences(HistoryData(past, by_steps, mark))
    assert sentences[0] == expected
    assert [len(each) for each in sentences] == sorted(map(len, sentences), reverse=True)


def test_a_history_that_begins_later_says_where() -> None:
    past = history([[1e-6, 1.0], [1e-3, 1.0]], step=[300, 600])
    sentences = history_sentences(HistoryData(past, by_steps=True))
    assert sentences[:2] == (
        "∂L/∂W₁ compared with ∂L/∂W₂: 1\u2009000\u2009000 × smaller at step 300, 1\u2009000 × smaller now",
        "W₁ vs. W₂ since step 300: 1\u2009000\u2009000 × smaller, now 1\u2009000 × smaller",
    )


def test_the_short_sentence_says_which_number_is_of_the_start() -> None:
    sentences = history_sentences(HistoryData(history([[1e-6, 1.0], [1e-3, 1.0]], step=[0, 600]), by_steps=True))
    assert sentences[1] == "W₁ vs. W₂: 1\u2009000\u2009000 × smaller at first, 1\u2009000 × smaller now"


def test_the_window_names_the_last_change_of_settings(open_window: Any, qtbot: QtBot) -> None:
    window: MainWindow = open_window(network(4, 4, 4, 4, activation="sigmoid"))
    session, card = window.session, window.cards["gradient_history"]
    session.step("batch", 50)
    qtbot.waitUntil(lambda: session.snapshot.step == 50)
    card.show_snapshot(session.snapshot)
    assert " at first, " in history_sentences(card.shown())[0]
    session.edit(network(4, 4, 4, 4, activation="tanh"), "tanh")
    qtbot.waitUntil(lambda: session.snapshot.experiment == session.experiment)
    session.step("batch", 50)
    qtbot.waitUntil(lambda: session.snapshot.step == 100)
    card.show_snapshot(session.snapshot)
    assert card.shown().mark.step == 50
    shown = replace(card.shown(), by_steps=True)
    assert shown.history.step[shown.begin] == 50
    first, *_, last = shown.history.norms[shown.begin]
    assert last / first < 2.0
    assert ": about equal after the change at step 50, " in history_sentences(shown)[0]


def test_the_map_keeps_drawing_while_the_number_in_its_sentence_rarely_changes(
    qtbot: QtBot, snapshots: dict[str, Snapshot]
) -> None:
    card = make(qtbot, GradientHistoryPlot, size=(640, 400))
    ratios = 3000.0 * np.exp(0.015 * np.random.default_rng(1).standard_normal(60))
    norms = np.column_stack([1.0 / np.append([1.0], ratios), np.ones(61)])
    said = []
    for count in range(2, 62):
        snapshot = replace(snapshots["default"], gradient_history=history(norms[:count]), playing=True)
        card.show_snapshot(snapshot)
        assert card.shown().history is snapshot.gradient_history, "no column waits"
        said.append(card._sentence.text())
    assert sum(a != b for a, b in pairwise(said)) < 8
    card.show_snapshot(replace(snapshot, playing=False))
    assert card._sentence.text().endswith(f"{times_text(ratios[-1])} × smaller now")


def test_the_window_records_a_run_and_discards_it_on_rewind(open_window: Any, qtbot: QtBot) -> None:
    window: MainWindow = open_window(playing=True)
    window.workspace.show_arrangement("gradients")
    card = window.cards["gradient_history"]
    qtbot.waitUntil(lambda: len(window.session.snapshot.gradient_history.step) > 5)
    assert not card.isVisible()
    window.session.pause()
    window.session.reset()
    qtbot.waitUntil(lambda: window.session.snapshot.gradient_history.step.tolist() == [0.0])
