"""The dropout card draws the core's numbers, and only correct scalings make training and test agree."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.analysis.dropout_truth import SCALINGS, dropout_truth
from core.experiment import Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.training.snapshot import Snapshot
from playground.plots import DropoutTruthPlot
from playground.plots.dropout_truth.data import (
    BINS,
    DropoutData,
    dropout_data,
    dropout_layers,
    dropout_name,
    dropout_sentences,
)
from playground.plotting.cards.word_choice import WordMenu
from playground.window.cards import CARDS
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import colours, make, picture

pytestmark = pytest.mark.usefixtures("fonts")

RATE = 0.5


def snapshot(*rates: float, units: int = 8, scaling: str = "inverted", steps: int = 300) -> Snapshot:
    hidden = tuple(HiddenLayer(units=units, activation="relu", dropout=rate) for rate in rates)
    training = TrainingSettings(dropout_scaling=scaling)
    return snapshot_of(Experiment(network=NetworkSettings(hidden=hidden), training=training), steps)


def data_of(snapshot: Snapshot, layer: int = 0) -> DropoutData:
    data = dropout_data(snapshot, layer, lambda _done, _every: True)
    assert data is not None
    return data


def test_row09_training_and_test_agree_only_with_correct_scaling() -> None:
    data = data_of(snapshot(0.0, RATE))
    assert (data.layer, data.rate, data.masks) == (2, RATE, 8)
    for row in data.rows:
        if row.scaling == "none":
            assert row.ratio == pytest.approx(1.0 / (1.0 - RATE), rel=1e-12)
            assert np.abs(np.cumsum(row.test) - np.cumsum(row.mean)).max() > 0.1
        else:
            assert row.ratio == pytest.approx(1.0, rel=1e-12)
            np.testing.assert_allclose(np.cumsum(row.test), np.cumsum(row.mean), atol=0.03)


@pytest.mark.parametrize("scaling", SCALINGS)
def test_row09_the_scatter_plot_contains_the_exact_mean_of_the_core(scaling: str) -> None:
    shown = snapshot(0.0, RATE)
    row = next(row for row in data_of(shown).rows if row.scaling == scaling)
    assert row.exact is not None
    truth = dropout_truth(shown.network, shown.data.x_train[: len(row.exact.ensemble)], scaling).pre_activation
    np.testing.assert_array_equal(row.exact.ensemble, truth.ensemble)
    np.testing.assert_array_equal(row.exact.scaled, truth.scaled)
    assert (row.exact.error <= 1e-12) is (scaling != "none")


def test_histograms_contain_nearly_all_values() -> None:
    data = data_of(snapshot(RATE, RATE))
    for row in data.rows:
        for shares in (row.training, row.mean, row.test):
            assert shares.shape == (BINS,)
            assert 0.95 <= shares.sum() <= 1.0 + 1e-12


def test_with_too_many_masks_the_exact_mean_is_omitted(qtbot: QtBot) -> None:
    wide = snapshot(0.2, units=40)
    assert [row.exact for row in data_of(wide).rows] == [None, None, None]
    card = make(qtbot, DropoutTruthPlot, size=(500, 400))
    card.show_snapshot(wide)
    assert len(colours(picture(card))) > 3


def test_the_sentence_describes_the_active_scaling() -> None:
    correct, wrong = (dropout_sentences(data_of(snapshot(0.0, RATE, scaling=key))) for key in ("at_test_time", "none"))
    assert correct[1] == "at test time: mean input at test time is the same as in training"
    assert correct[0].endswith("; scaled pass equals the mean over 256 masks"), "exact behind the last hidden layer"
    earlier = dropout_sentences(data_of(snapshot(RATE, 0.0), 1))[0]
    assert "; scaled pass differs by " in earlier
    assert earlier.endswith(" from the mean over 256 masks")
    assert "; scaled pass differs by " in dropout_sentences(data_of(snapshot(0.0, RATE, scaling="none")))[0]
    assert wrong[1] == "none (wrong): mean input at test time is 2.00 × that in training"


def test_without_dropout_the_card_shows_a_message_and_is_not_offered(
    qtbot: QtBot, snapshots: dict[str, Snapshot]
) -> None:
    assert not CARDS["dropout_truth"].applies_to(snapshots["default"])
    assert CARDS["dropout_truth"].applies_to(snapshot(0.1))
    card = make(qtbot, DropoutTruthPlot, size=(500, 300))
    card.show_snapshot(snapshots["default"])
    assert card.figure_table().rows == []
    assert card._sentence.text().startswith("no dropout")


def test_the_menu_selects_a_layer_with_dropout(qtbot: QtBot) -> None:
    shown = snapshot(RATE, 0.0, 0.25)
    architecture = shown.network.architecture
    assert dropout_layers(architecture) == (1, 3)
    assert [dropout_name(architecture, layer) for layer in (0, 1, 3)] == [
        "Features → Hidden 1",
        "Hidden 1 → Hidden 2",
        "Hidden 3 → Output",
    ]
    card = make(qtbot, DropoutTruthPlot, size=(500, 300))
    card.show_snapshot(shown)
    picture(card)
    assert card.shown().layer == 1
    menu = card.findChild(WordMenu)
    assert menu.isVisible()
    menu.menu().actions()[1].trigger()
    picture(card)
    assert (card.shown().layer, card.shown().rate) == (3, 0.25)
    card.show_snapshot(snapshot(RATE))
    assert not menu.isVisible()


def test_the_table_has_each_histogram(qtbot: QtBot) -> None:
    card = make(qtbot, DropoutTruthPlot)
    card.show_snapshot(snapshot(RATE))
    table = card.figure_table()
    data = card.shown()
    assert len(table.rows) == BINS
    at = table.columns.index("none, test")
    row = next(row for row in data.rows if row.scaling == "none")
    assert [line[at] for line in table.rows] == row.test.tolist()
    assert (table.rows[0][0], table.rows[-1][1]) == data.ends


def test_a_cancelled_job_returns_nothing() -> None:
    assert dropout_data(snapshot(RATE), 0, lambda _done, _every: False) is None
