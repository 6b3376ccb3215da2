"""Tests that every plot card must pass, on real snapshots of many shapes."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from core.analysis.gradient_flow import delta_magnitudes, weight_gradient_norms
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings
from core.training.snapshot import Snapshot
from playground.plots import GradientPlot
from playground.plots.gradient.sentence import times_text
from playground.plotting.cards import plot_card
from playground.plotting.cards.plot_card import READING_SECONDS
from playground.plotting.cards.word_choice import WordMenu
from playground.plotting.drawing.pencil import text_width
from playground.style.theme import CARD_PADDING, DARK, LIGHT, Style
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import PLOTS, broken, colours, make, picture, rgb

pytestmark = pytest.mark.usefixtures("fonts")


@pytest.mark.parametrize("kind", PLOTS)
def test_a_card_switches_from_any_snapshot_to_any_other(
    qtbot: QtBot, kind: Any, snapshots: dict[str, Snapshot]
) -> None:
    card = make(qtbot, kind)
    for snapshot in (*snapshots.values(), *reversed(snapshots.values())):
        card.show_snapshot(snapshot)
        assert not picture(card).isNull()


@pytest.mark.parametrize("kind", PLOTS)
@pytest.mark.parametrize("name", ["default", "iris", "digits", "sine", "softmax for two"])
def test_a_card_accepts_non_finite_numbers(qtbot: QtBot, kind: Any, name: str, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, kind)
    card.show_snapshot(broken(snapshots[name]))
    assert not picture(card).isNull()
    assert card.figure_table().columns


@pytest.mark.parametrize("kind", PLOTS)
def test_before_the_first_snapshot_a_card_can_be_painted_and_exported(qtbot: QtBot, kind: Any) -> None:
    card = make(qtbot, kind)
    assert not picture(card).isNull()
    qtbot.addWidget(card.build_figure(Style(DARK, 2.0)))
    assert card.figure_table().columns


@pytest.mark.parametrize("kind", PLOTS)
def test_no_sentence_is_wider_than_its_card(qtbot: QtBot, kind: Any, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, kind)
    card.show_snapshot(snapshots["iris"])
    card.setMinimumWidth(1)  # as in a small window with large type, whose parts are squeezed
    for width in (400, 150, 90):
        card.resize(width, 300)
        said = card._sentence.text()
        assert card.width() == width
        assert text_width(card._style, said) <= card.contentsRect().width() - 2 * CARD_PADDING, said


@pytest.mark.parametrize("kind", PLOTS)
@pytest.mark.parametrize("name", ["default", "iris", "digits", "sine"])
def test_a_figure_does_not_change_with_later_snapshots(
    qtbot: QtBot, kind: Any, name: str, snapshots: dict[str, Snapshot]
) -> None:
    card = make(qtbot, kind)
    card.show_snapshot(snapshots[name])
    figure = card.build_figure(Style(DARK, 1.5))
    qtbot.addWidget(figure)
    figure.resize(700, 500)
    before = figure.grab().toImage()
    assert before.width() == 700
    is_blank = len(colours(before.convertToFormat(QImage.Format.Format_RGB32))) < 3
    assert is_blank == (not card.figure_table().rows), "only a card that does not apply has an empty figure"
    card.show_snapshot(snapshots["one unit"])
    assert figure.grab().toImage() == before


@pytest.mark.parametrize("kind", PLOTS)
def test_every_row_of_the_table_has_every_column(qtbot: QtBot, kind: Any, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, kind)
    for name in ("iris", "digits", "sine", "fifty layers"):
        card.show_snapshot(snapshots[name])
        table = card.figure_table()
        assert all(len(row) == len(table.columns) for row in table.rows)


@pytest.mark.parametrize("kind", PLOTS)
def test_a_new_style_redraws_at_once(qtbot: QtBot, kind: Any, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, kind)
    card.show_snapshot(snapshots["iris"])
    light = picture(card)
    card.set_style(Style(DARK, 1.4))
    assert rgb(LIGHT.panel) in colours(light)
    assert rgb(DARK.panel) in colours(picture(card))


@pytest.mark.parametrize("kind", PLOTS)
@pytest.mark.parametrize("size", [(240, 260), (120, 90), (900, 600)])
def test_a_card_can_be_resized(qtbot: QtBot, kind: Any, size: tuple[int, int], snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, kind, size=size)
    card.show_snapshot(snapshots["iris"])
    assert not picture(card).isNull()


@pytest.mark.parametrize("kind", PLOTS)
def test_hovering_shows_a_read_out_and_leaving_hides_it(
    qtbot: QtBot, kind: Any, snapshots: dict[str, Snapshot]
) -> None:
    card = make(qtbot, kind)
    card.show_snapshot(snapshots["dropout"])
    still = picture(card)
    card.canvas.hovered.emit(card.canvas.area().rect.center())
    assert picture(card) != still
    card.canvas.hovered.emit(QPointF(-5.0, -5.0))
    assert picture(card) == still
    card.canvas.hovered.emit(None)
    assert picture(card) == still


def test_object_names_and_figure_keys_are_stable(qtbot: QtBot) -> None:
    names = {make(qtbot, kind).objectName() for kind in PLOTS}
    assert {"lossPlot", "gradientPlot", "weightHistogramPlot"} <= names
    assert {kind.figure_key for kind in PLOTS} == {
        "loss",
        "gradient",
        "weights",
        "activation",
        "output",
        "confusion",
        "waterfall",
        "forecast",
        "gradient_history",
        "dropout_truth",
        "noise",
    }


@pytest.mark.parametrize("kind", PLOTS)
def test_resizing_a_paused_plot_recomputes_ticks(qtbot: QtBot, kind: Any, snapshots: dict[str, Snapshot]) -> None:
    first, second = make(qtbot, kind), make(qtbot, kind, size=(620, 500))
    for card in (first, second):
        card.show_snapshot(snapshots["iris"])
    first.resize(620, 500)
    assert picture(first) == picture(second)


class Clock:
    """A clock that the test advances."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


def playing(snapshot: Snapshot, generation: int = 1) -> Snapshot:
    return replace(snapshot, playing=True, generation=generation)


@pytest.mark.parametrize("kind", PLOTS)
def test_picture_table_and_sentence_belong_to_one_snapshot_during_training(
    qtbot: QtBot, kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr(plot_card, "time", clock)
    hidden = tuple(HiddenLayer(units=3, activation="sigmoid") for _ in range(6))
    setting = Experiment(data=DataSettings(dataset="iris"), network=NetworkSettings(hidden=hidden))
    steps = [snapshot_of(setting, count) for count in (1, 5, 60, 400, 2000)]
    alone = []
    for snapshot in steps:
        card = make(qtbot, kind)
        card.show_snapshot(snapshot)
        rows = card.figure_table().rows  # makes a computed card use the newest snapshot
        alone.append((card._sentence.text(), rows))
    card = make(qtbot, kind)
    for snapshot in steps:
        card.show_snapshot(playing(snapshot))
        clock.now += 0.06
        shown = card.figure_table().rows
        # The gradient's table has additional columns for past values.
        pairs = [(text, [row[: len(rows[0])] for row in shown] == rows) for text, rows in alone]
        assert (card._sentence.text(), True) in pairs
    clock.now += 1.0
    card.show_snapshot(playing(steps[-1]))
    assert card._sentence.text() == alone[-1][0]


def test_a_picture_is_kept_just_long_enough_to_read_its_sentence(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(plot_card, "time", clock)
    hidden = tuple(HiddenLayer(units=3, activation="sigmoid") for _ in range(6))
    setting = Experiment(network=NetworkSettings(hidden=hidden))
    shallow = Experiment(network=NetworkSettings(hidden=(HiddenLayer(units=8), HiddenLayer(units=8))))
    early, late = playing(snapshot_of(shallow, 0)), playing(snapshot_of(setting, 4000))
    card = make(qtbot, GradientPlot)
    card.show_snapshot(early)
    first = card._sentence.text()
    assert first == "first and last layer get about the same"
    card.show_snapshot(playing(snapshot_of(shallow, 1)))  # training begins
    clock.now += READING_SECONDS / 2
    card.show_snapshot(late)
    assert card._sentence.text() == first
    clock.now += READING_SECONDS
    card.show_snapshot(late)
    assert card._sentence.text() != first
    np.testing.assert_array_equal(card.shown().values, weight_gradient_norms(late.network, late.gradients))
    # Edits, pausing and the card's own menu take effect immediately.
    for answer in (replace(early, generation=2), replace(late, playing=False, generation=2)):
        card.show_snapshot(answer)
        np.testing.assert_array_equal(card.shown().values, weight_gradient_norms(answer.network, answer.gradients))
    card.show_snapshot(replace(early, generation=3))
    card.findChild(WordMenu).menu().actions()[1].trigger()
    np.testing.assert_array_equal(card.shown().values, delta_magnitudes(early.gradients))


def test_bars_keep_moving_while_only_the_number_in_their_sentence_changes(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plot_card, "time", Clock())
    hidden = tuple(HiddenLayer(units=3, activation="sigmoid") for _ in range(3))
    setting = Experiment(network=NetworkSettings(hidden=hidden))
    card = make(qtbot, GradientPlot, size=(620, 400))
    for count in range(1, 200, 4):
        snapshot = playing(snapshot_of(setting, count))
        card.show_snapshot(snapshot)
        norms = weight_gradient_norms(snapshot.network, snapshot.gradients)
        np.testing.assert_array_equal(card.shown().values, norms)
        stated = re.fullmatch(r"∂L/∂W₁ is (\S+) × smaller than ∂L/∂W₄", card._sentence.text())
        assert stated is not None
        times = float(stated[1].replace("\u2009", ""))
        assert times / 1.1 <= norms[-1] / norms[0] <= times * 1.1
    card.show_snapshot(replace(snapshot, playing=False))
    assert times_text(norms[-1] / norms[0]) in card._sentence.text()
