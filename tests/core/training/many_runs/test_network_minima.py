"""Restarts end at rest, and those that differ in order and signs of neurons only are one minimum."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from core.analysis.landscape import mean_loss
from core.analysis.symmetry import canonical
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.network import Network
from core.training.many_runs.network_minima import FINDER, Restart, Restarting, _fate, distinct_minima, index_of
from core.training.many_runs.network_race import raced
from core.training.trainer import Trainer
from tests.core.support import data_of

XOR = Experiment(data=DataSettings(dataset="xor", noise=0.2), network=NetworkSettings(hidden=(HiddenLayer(units=2),)))
DATA = data_of(XOR)


@pytest.fixture(scope="module")
def restarts() -> tuple[Restart, ...]:
    search = Restarting(XOR, DATA, 1600)
    return tuple(search.restart(index) for index in range(8))


def test_row19_restarts_end_at_rest_with_their_true_loss(restarts: tuple[Restart, ...]) -> None:
    architecture = Trainer(XOR, DATA).architecture
    for restart in restarts:
        network = Network(architecture, restart.parameters)
        assert restart.loss == pytest.approx(mean_loss(network, DATA.x_train, DATA.y_train), rel=1e-12)
        at_start = Trainer(XOR, DATA).network
        slope = np.linalg.norm(at_start.backward(at_start.forward(DATA.x_train), DATA.y_train).flat)
        assert restart.slope < 0.2 * slope
        assert restart.is_at_rest
        np.testing.assert_allclose(canonical(architecture, restart.parameters), restart.parameters, atol=1e-12)
    assert [restart.seed for restart in restarts] == [XOR.network.seed + index for index in range(8)]


def test_row19_in_a_flat_valley_without_a_minimum_restarts_do_not_come_to_rest() -> None:
    separable = Experiment(data=DataSettings(dataset="gauss"), network=NetworkSettings(hidden=(HiddenLayer(units=1),)))
    search = Restarting(separable, data_of(separable), 1600)
    one, longer = search.restart(0), Restarting(separable, data_of(separable), 3200).restart(0)
    assert not one.is_at_rest
    assert longer.loss < 0.9 * one.loss, "tanh reaches its targets at infinity only, so the loss goes on falling"


def test_row19_a_penalty_that_switches_all_neurons_off_leaves_one_minimum() -> None:
    collapsed = Experiment(training=TrainingSettings(l2=0.5))
    search = Restarting(collapsed, data_of(collapsed), 1600)
    restarts = [search.restart(index) for index in range(3)]
    assert np.ptp([restart.loss for restart in restarts]) < 1e-9
    biases = [restart.parameters for restart in restarts]
    assert np.linalg.norm(biases[0] - biases[1]) > 0.1, "the biases behind weights of 0 are as they were drawn"
    (minimum,) = distinct_minima(Trainer(collapsed, data_of(collapsed)).architecture, restarts)
    assert sorted(minimum.members) == [0, 1, 2]


def test_row19_two_neurons_have_local_minima_on_xor(restarts: tuple[Restart, ...]) -> None:
    losses = sorted(restart.loss for restart in restarts)
    assert losses[-1] > 1.5 * losses[0], "some restarts get stuck"


def test_row19_restarts_in_the_same_weights_are_one_minimum(restarts: tuple[Restart, ...]) -> None:
    architecture = Trainer(XOR, DATA).architecture
    first = restarts[0]
    layer, following = architecture.layers
    flipped = first.parameters.copy()
    W, onward = (flipped[each.weights].reshape(each.shape) for each in (layer, following))
    flipped[layer.weights] = -W[:, ::-1].ravel()
    flipped[layer.bias] = -flipped[layer.bias][::-1]
    flipped[following.weights] = -onward[::-1].ravel()
    twin = replace(first, parameters=flipped, seed=99)
    found = distinct_minima(architecture, (first, twin))
    assert [minimum.members for minimum in found] == [(0, 1)]
    all_found = distinct_minima(architecture, (*restarts, twin))
    assert sorted(member for minimum in all_found for member in minimum.members) == list(range(9))
    assert next(m for m in all_found if 0 in m.members) is next(m for m in all_found if 8 in m.members)
    assert [m.loss for m in all_found] == sorted(m.loss for m in all_found)


def test_a_restart_that_overflows_is_no_minimum(restarts: tuple[Restart, ...]) -> None:
    architecture = Trainer(XOR, DATA).architecture
    lost = replace(restarts[0], loss=float("nan"))
    diverged = replace(restarts[0], loss=5e172, fall=-0.5, fate="diverged")
    assert distinct_minima(architecture, (lost, diverged)) == ()
    assert not diverged.is_at_rest
    assert {restart.fate for restart in restarts} == {"ended"}
    assert not replace(restarts[0], fall=-0.5).is_at_rest, "the loss rises"


def exploding(gain: float, layers: int) -> Experiment:
    hidden = (HiddenLayer(units=4, activation="leaky_relu", gain=gain),) * layers
    return Experiment(network=NetworkSettings(hidden=hidden, output_activation="identity"))


@pytest.mark.parametrize(("gain", "layers", "fate"), [(1.0, 2, "ended"), (100.0, 6, "far"), (1e60, 12, "diverged")])
def test_a_restart_at_a_huge_loss_is_in_no_minimum(gain: float, layers: int, fate: str) -> None:
    experiment = exploding(gain, layers)
    (restart,) = (Restarting(experiment, data_of(experiment), 100).restart(0),)
    assert restart.fate == fate
    architecture = Trainer(experiment, data_of(experiment)).architecture
    assert len(distinct_minima(architecture, (restart,))) == (fate == "ended")


@pytest.mark.parametrize(
    ("loss", "start", "stopped", "fate"),
    [
        (0.2, 0.5, False, "ended"),
        (0.9, 0.5, False, "ended"),
        (0.9, 0.5, True, "diverged"),
        (1e9, 0.5, False, "diverged"),
        (1e9, 1e12, False, "far"),
        (np.inf, 1e12, False, "diverged"),
        (np.nan, 0.5, False, "diverged"),
    ],
)
def test_the_fate_of_a_restart(loss: float, start: float, stopped: bool, fate: str) -> None:
    assert _fate(loss, start, 500.0, stopped=stopped) == fate


def test_the_first_restart_has_the_experiments_own_start() -> None:
    trainer = Trainer(raced(XOR, FINDER), DATA)
    trainer.run(1)
    (one,) = (Restarting(XOR, DATA, 4).restart(0),)
    assert one.loss < mean_loss(trainer.network, DATA.x_train, DATA.y_train)


def test_minima_of_a_network_of_another_size_are_none_of_the_present_one(restarts: tuple[Restart, ...]) -> None:
    architecture = Trainer(XOR, DATA).architecture
    minima = distinct_minima(architecture, restarts)
    end = restarts[0]
    assert index_of(architecture, end, minima) is not None
    wide = replace(XOR, network=NetworkSettings(hidden=(HiddenLayer(units=5),)))
    larger = Trainer(wide, DATA).architecture
    older = tuple(replace(each, parameters=np.zeros(larger.size), loss=end.loss) for each in minima)
    assert index_of(architecture, end, older) is None
    assert index_of(larger, end, older) is None
    assert index_of(architecture, end, (*older, *minima)) == len(older) + (index_of(architecture, end, minima) or 0)
