"""The activation card: shares of the shaded zones, the cost relative to ReLU, and dragging α on the curve."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.analysis.gradient_flow import saturated_share
from core.experiment import Experiment, HiddenLayer, NetworkSettings
from core.formulas.activations import ACTIVATIONS, saturated
from core.training.snapshot import Snapshot
from playground.plots import ActivationPlot
from playground.plots.activation.alpha_handle import AlphaHandle, alpha_through
from playground.plots.activation.data import ActivationData, activation_data
from playground.plots.activation.picture import facts, is_free, legend_width, zone_labels
from playground.plots.activation.zones import percentages
from playground.plotting.canvas.ranges import SymmetricRange
from playground.plotting.drawing.pencil import text_width
from playground.session import Session
from playground.session.selection import Selection
from playground.style.numbers import percent
from playground.style.theme import LIGHT, Style
from tests.playground.factory import snapshot_of

pytestmark = pytest.mark.usefixtures("fonts")

WITH_ALPHA = ("leaky_relu", "prelu", "elu", "swish")


def of(activation: str, **layer: Any) -> Experiment:
    return Experiment(network=NetworkSettings(hidden=(HiddenLayer(units=6, activation=activation, **layer),)))


def data_of(snapshot: Snapshot, layer: int = 0) -> ActivationData:
    return activation_data(snapshot, layer, SymmetricRange(4.0))


@pytest.fixture
def shown(qtbot: QtBot) -> Any:
    def show(experiment: Experiment) -> tuple[Session, ActivationPlot]:
        session = Session(experiment)
        session.snapshot = snapshot_of(experiment, steps=0)
        card = ActivationPlot(session, Style(LIGHT))
        qtbot.addWidget(card)
        card.resize(420, 320)
        with qtbot.waitExposed(card):
            card.show()
        card.show_snapshot(session.snapshot)
        # Like the training thread, answer every edit with a snapshot.
        session.experiment_changed.connect(
            lambda _old, new: card.show_snapshot(snapshot_of(new, steps=0, generation=session.generation))
        )
        return session, card

    return show


def alpha_of(session: Session) -> float | None:
    return session.experiment.network.hidden[0].activation_alpha


@pytest.mark.parametrize("gain", [0.1, 1.0, 3.0, 19.1, 400.0])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_row11_zone_shares_agree_with_the_core_and_the_sentence(activation: str, gain: float) -> None:
    snapshot = snapshot_of(of(activation, gain=gain), steps=3)
    data = data_of(snapshot)
    expected = saturated_share(snapshot.network, snapshot.trace.pre_activations[0], 0)
    assert data.share == pytest.approx(expected, abs=1e-12)
    assert sum(zone.share for zone in data.zones) == pytest.approx(expected, abs=1e-12)
    said = re.search(r"φ′ [=≈] 0 for (\d+)", data.sentences[0])
    assert (said is not None) == bool(data.zones)
    assert sum(int(text.partition("\u2009")[0]) for text in data.zone_percents) == (int(said[1]) if said else 0)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_zone_ends_where_the_slope_is_no_longer_nearly_0(activation: str) -> None:
    snapshot = snapshot_of(of(activation, gain=19.1))
    entry, alpha = ACTIVATIONS[activation], snapshot.network.alpha(0)
    data = data_of(snapshot)
    every = np.linspace(-30.0, 30.0, 60_001)
    inside = np.zeros(len(every), np.bool_)
    for zone in data.zones:
        inside |= (every >= zone.left) & (every <= zone.right)
    edges = [edge for zone in data.zones for edge in (zone.left, zone.right) if np.isfinite(edge)]
    clear = np.all([np.abs(every - edge) > 1e-6 for edge in edges], axis=0) if edges else np.ones_like(inside)
    np.testing.assert_array_equal(inside[clear], saturated(every, alpha, entry)[clear])


def test_softmax_has_no_zone_but_a_share(snapshots: dict[str, Snapshot]) -> None:
    snapshot = snapshots["iris"]
    last = len(snapshot.network.architecture.layers) - 1
    data = data_of(snapshot, last)
    assert data.zones == ()
    expected = saturated_share(snapshot.network, snapshot.trace.pre_activations[last], last)
    assert data.sentences[0].startswith(f"φ′ ≈ 0 for {percent(expected, 0)} of z")


@pytest.mark.parametrize(
    ("total", "shares", "expected"),
    [
        (0.288, (0.144, 0.144), (15, 14)),
        (0.32, (0.29, 0.03), (29, 3)),
        (1.0, (1.0,), (100,)),
        (0.0, (0.0, 0.0), (0, 0)),
    ],
)
def test_whole_percentages_add_up(total: float, shares: tuple[float, ...], expected: tuple[int, ...]) -> None:
    assert percentages(total, shares) == expected


@pytest.mark.parametrize("size", [(200, 200), (260, 240), (420, 320)])
@pytest.mark.parametrize("gain", [0.1, 1.0, 3.0, 19.1])
@pytest.mark.parametrize("activation", ["swish", "gelu", "mish", "tanh", "sigmoid", "relu", "threshold"])
def test_the_labels_of_zones_are_in_the_plot_and_do_not_overlap(
    shown: Any, activation: str, gain: float, size: tuple[int, int]
) -> None:
    _, card = shown(of(activation, gain=gain))
    card.resize(*size)
    card.redraw()
    area, data = card.canvas.area(), card.shown()
    spans = []
    for x, text in zone_labels(area, data, card._style):
        half = text_width(card._style, text) / 2
        spans.append((x - half, x + half))
    low, high = area.x_range
    assert len(spans) == len([z for z in data.zones if (z.right > low and z.left < high) or z.share >= 0.005])
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    assert all(area.rect.left() <= left < right <= area.rect.right() for left, right in spans)


@pytest.mark.parametrize(("activation", "words"), [("relu", "% in dead zone"), ("tanh", "% saturated")])
def test_the_label_of_a_zone_counts_pre_activations_not_neurons(shown: Any, activation: str, words: str) -> None:
    _, card = shown(of(activation, gain=3.0))
    card.resize(900, 500)
    card.redraw()
    texts = [text for _, text in zone_labels(card.canvas.area(), card.shown(), card._style)]
    assert texts
    assert all(text.endswith(words) for text in texts), texts


def test_a_sigmoid_has_a_saturated_zone_on_each_side_and_relu_one_dead_one() -> None:
    sides = data_of(snapshot_of(of("sigmoid", gain=6.0)))
    assert [zone.right < 0.0 for zone in sides.zones] == [True, False]
    dead = data_of(snapshot_of(of("relu")))
    assert (len(dead.zones), dead.zone) == (1, "dead")
    assert data_of(snapshot_of(of("leaky_relu"))).zones == ()


@pytest.mark.parametrize("activation", WITH_ALPHA)
def test_activations_with_a_parameter_have_a_handle(activation: str) -> None:
    data = data_of(snapshot_of(of(activation, activation_alpha=0.5)))
    assert data.alpha == 0.5
    assert data.handle is not None
    z, phi = data.handle
    assert z < 0.0
    assert phi == ACTIVATIONS[activation].function(np.array([z]), 0.5)[0]


def test_activations_without_a_parameter_have_no_handle(shown: Any) -> None:
    _, card = shown(of("tanh"))
    assert card.shown().handle is None
    assert not card.findChild(AlphaHandle).isVisible()


@pytest.mark.parametrize("activation", WITH_ALPHA)
@pytest.mark.parametrize("alpha", [-0.7, 0.05, 1.3])
def test_alpha_is_computed_from_a_point_on_the_curve(activation: str, alpha: float) -> None:
    activation_entry = ACTIVATIONS[activation]
    value = float(activation_entry.function(np.array([-1.5]), alpha)[0])
    assert alpha_through(activation_entry, -1.5, value, (-10.0, 10.0)) == pytest.approx(alpha, abs=1e-9)
    assert alpha_through(activation_entry, -1.5, 1e6, (-10.0, 10.0)) in (pytest.approx(-10.0), pytest.approx(10.0))


@pytest.mark.parametrize("activation", WITH_ALPHA)
def test_row13_dragging_the_handle_sets_alpha_as_one_edit(shown: Any, qtbot: QtBot, activation: str) -> None:
    session, card = shown(of(activation, activation_alpha=0.5))
    handle = card.findChild(AlphaHandle)
    assert handle.isVisible()
    z, phi = card.shown().handle
    area = card.canvas.area()
    middle = handle.geometry().center()
    assert middle.x() == pytest.approx(area.x(z), abs=2.0)
    assert middle.y() == pytest.approx(area.y(phi), abs=2.0)
    low, high = area.y_range
    centre = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=centre)
    start = handle.mapToGlobal(centre)
    for pixels in (2, 6):
        QTest.mouseMove(handle, handle.mapFromGlobal(start + QPoint(0, pixels)))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=handle.mapFromGlobal(start + QPoint(0, 6)))
    wanted = alpha_through(ACTIVATIONS[activation], z, phi - 6 * (high - low) / area.rect.height(), (-10.0, 10.0))
    assert alpha_of(session) == pytest.approx(wanted, abs=0.0051)
    assert card.shown().alpha == alpha_of(session)
    assert session.undo_label == "α"
    session.undo()
    assert alpha_of(session) == 0.5
    assert session.undo_label is None


def test_the_arrow_keys_move_alpha_by_small_steps(shown: Any) -> None:
    session, card = shown(of("elu", activation_alpha=0.5))
    handle = card.findChild(AlphaHandle)
    handle.setFocus()
    for key, expected in (
        (Qt.Key.Key_Up, 0.51),
        (Qt.Key.Key_Down, 0.5),
        (Qt.Key.Key_PageUp, 0.6),
        (Qt.Key.Key_PageDown, 0.5),
    ):
        QTest.keyClick(handle, key)
        assert alpha_of(session) == pytest.approx(expected)
    assert handle.accessibleName().endswith(": 0.500")


def test_the_output_has_no_handle(shown: Any) -> None:
    session, card = shown(of("elu"))
    session.select(Selection("neuron", 1, 0))
    assert card.layer == 1
    assert not card.findChild(AlphaHandle).isVisible()


def test_row13_the_cost_is_measured_once_and_shown(shown: Any, qtbot: QtBot) -> None:
    session, card = shown(of("elu"))
    qtbot.waitUntil(lambda: card.shown().cost is not None)
    cost = card.shown().cost
    assert cost > 1.2
    session.edit_layer(0, "α", activation_alpha=0.3)
    assert card.shown().alpha == 0.3
    assert card.shown().cost == cost


def test_an_exported_card_has_its_cost_and_no_handle(qtbot: QtBot) -> None:
    card = ActivationPlot(Session(), Style(LIGHT))
    qtbot.addWidget(card)
    card.show_snapshot(snapshot_of(of("elu")))
    assert card.shown().cost is None
    figure = card.build_figure(Style(LIGHT))
    qtbot.addWidget(figure)
    assert card.shown().cost > 1.2
    assert figure.findChildren(AlphaHandle) == []


@pytest.mark.parametrize(("width", "text"), [(180, "Hidden 1 ▾"), (420, "Hidden 1 · Leaky ReLU ▾")])
def test_the_layer_menu_leaves_room_for_the_legend(shown: Any, width: int, text: str) -> None:
    _, card = shown(of("leaky_relu"))
    card.resize(width, 320)
    assert card._menu.text() == text
    assert card._menu.geometry().right() <= card.canvas.width() - legend_width(card._style)


def test_the_cost_is_written_where_no_curve_passes(shown: Any) -> None:
    """On a narrow card the slope of tanh reaches the top below the text, and φ of ReLU does not."""
    for activation, free in (("tanh", False), ("relu", True)):
        _, card = shown(of(activation))
        card.resize(168, 320)
        area = card.canvas.area()
        corner = QRectF(area.rect.left(), area.rect.top(), text_width(card._style, "time: 1.0 × ReLU"), 14.0)
        assert is_free(area, card.shown(), corner) == free
        card.resize(420, 320)
        assert is_free(card.canvas.area(), card.shown(), corner)


def test_hovering_reads_out_the_cost(shown: Any) -> None:
    _, card = shown(of("leaky_relu"))
    data = replace(card.shown(), cost=1.5)
    assert facts(data) == [("α = 0.0100",), ("time: 1.5 × ReLU", "1.5 × ReLU")]
    assert facts(replace(data, alpha=None, cost=None)) == []
