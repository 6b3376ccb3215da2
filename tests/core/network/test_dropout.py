"""Dropout: the masks, and which of the three scalings keep the mean."""

from __future__ import annotations

from itertools import product
from typing import get_args

import numpy as np
import pytest

from core.experiment import DropoutScaling, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.formulas.dropout_scalings import DROPOUT_SCALINGS
from core.network import Network
from core.network.dropout import evaluation_masks, training_masks
from tests.core.support import new_trainer

SCALINGS: tuple[DropoutScaling, ...] = get_args(DropoutScaling)


def rngs(count: int, seed: int = 0) -> list[np.random.Generator]:
    return [np.random.default_rng([seed, index]) for index in range(count)]


@pytest.mark.parametrize(("scaling", "kept"), [("inverted", 4.0), ("at_test_time", 1.0), ("none", 1.0)])
def test_a_kept_neuron_is_scaled_up_only_when_inverted(scaling: DropoutScaling, kept: float) -> None:
    masks = training_masks((0.75,), (200,), 50, scaling, rngs(1))
    assert isinstance(masks[0], np.ndarray)
    assert set(np.unique(masks[0])) == {0.0, kept}
    assert np.mean(masks[0] == 0.0) == pytest.approx(0.75, abs=0.02)


def test_neurons_are_dropped_independently_with_probability_p() -> None:
    (mask,) = training_masks((0.2,), (40,), 5000, "none", rngs(1))
    assert isinstance(mask, np.ndarray)
    # Standard errors: √(0.2 · 0.8 / 5000) = 0.0057 per neuron.
    np.testing.assert_allclose((mask == 0.0).mean(axis=0), 0.2, atol=0.023)
    correlation = np.corrcoef(mask.T)[np.triu_indices(40, 1)]
    assert np.abs(correlation).max() < 0.07


def test_a_group_without_dropout_takes_no_draws() -> None:
    generators = rngs(3)
    masks = training_masks((0.0, 0.5, 0.0), (2, 4, 3), 7, "inverted", generators)
    assert (masks[0], masks[2]) == (1.0, 1.0)
    assert generators[0].random() == rngs(3)[0].random()
    assert generators[1].random() != rngs(3)[1].random()


def test_at_most_one_pass_is_scaled() -> None:
    assert tuple(DROPOUT_SCALINGS) == SCALINGS == ("inverted", "at_test_time", "none")
    assert not any(entry.in_training and entry.at_test_time for entry in DROPOUT_SCALINGS.values())


def test_evaluation_is_scaled_only_by_at_test_time() -> None:
    rates = (0.1, 0.0, 0.5)
    assert evaluation_masks(rates, "at_test_time") == (0.9, 1.0, 0.5)
    assert evaluation_masks(rates, "inverted") == evaluation_masks(rates, "none") == (1.0, 1.0, 1.0)


def linear_read_out(scaling: DropoutScaling, p: float) -> tuple[Network, np.ndarray]:
    experiment = Experiment(
        network=NetworkSettings(
            hidden=(HiddenLayer(units=8, activation="swish", dropout=p),), output_activation="identity"
        ),
        training=TrainingSettings(dropout_scaling=scaling, loss="squared_error"),
    )
    trainer = new_trainer(experiment)
    trainer.set_parameter(trainer.architecture.layers[1].bias_index(0), 0.7)
    return trainer.network, trainer.data.x_train[:6]


def mean_over_all_masks(network: Network, X: np.ndarray, p: float, scale: float) -> np.ndarray:
    """Return the exact expectation over all 2ⁿ masks."""
    total = np.zeros((len(X), 1))
    for mask in product((0.0, 1.0), repeat=8):
        kept = sum(mask)
        probability = (1.0 - p) ** kept * p ** (8 - kept)
        scaled = np.broadcast_to(np.array(mask) * scale, (len(X), 8))
        total += probability * network.forward(X, (1.0, scaled)).prediction
    return total


@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
@pytest.mark.parametrize("scaling", SCALINGS)
def test_row09_mean_over_all_masks_equals_the_scaled_pass_of_a_linear_readout(
    scaling: DropoutScaling, p: float
) -> None:
    network, X = linear_read_out(scaling, p)
    mean = mean_over_all_masks(network, X, p, 1.0 / (1.0 - p) if scaling == "inverted" else 1.0)
    if scaling == "none":  # wrong on purpose: without the bias, the test pass is 1/(1 − p) times too large
        np.testing.assert_allclose(mean - 0.7, (1.0 - p) * (network.predict(X) - 0.7), rtol=1e-12)
        assert np.abs(mean - network.predict(X)).max() > 1e-3
    else:
        np.testing.assert_allclose(mean, network.predict(X), rtol=1e-12)


def test_row09_test_time_scaling_equals_weights_times_one_minus_p() -> None:
    network, X = linear_read_out("at_test_time", 0.3)
    plain, _ = linear_read_out("none", 0.3)
    flat = network.parameters.copy()
    flat[network.architecture.layers[1].weights] *= 0.7
    np.testing.assert_allclose(Network(plain.architecture, flat).predict(X), network.predict(X), rtol=1e-13)


def test_row09_each_step_draws_a_new_mask_and_dropped_neurons_are_not_updated() -> None:
    experiment = Experiment(
        network=NetworkSettings(hidden=(HiddenLayer(units=20, dropout=0.5),)), training=TrainingSettings(batch_size=1)
    )
    trainer = new_trainer(experiment)
    seen = set()
    for _ in range(10):
        before = trainer.parameters
        trainer.run(1)
        mask = trainer.last_masks[1]
        assert isinstance(mask, np.ndarray)
        dropped = mask[0] == 0.0
        seen.add(tuple(dropped))
        moved = trainer.parameters - before
        assert not trainer.architecture.weights(moved, 0)[:, dropped].any()
        assert not trainer.architecture.weights(moved, 1)[dropped].any()
        assert trainer.architecture.weights(moved, 0)[:, ~dropped].all()
    assert len(seen) == 10


def test_dropout_of_one_layer_does_not_change_other_masks() -> None:
    def masks(first: float) -> np.ndarray:
        hidden = (HiddenLayer(units=6, dropout=first), HiddenLayer(units=6, dropout=0.5))
        trainer = new_trainer(Experiment(network=NetworkSettings(hidden=hidden)))
        trainer.run(3)
        return np.asarray(trainer.last_masks[2])

    np.testing.assert_array_equal(masks(0.0), masks(0.7))
