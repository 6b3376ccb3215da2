"""The trainer: PyTorch's steps, batches, determinism, penalties, clipping, and the goals of the default experiments."""

from __future__ import annotations

from itertools import chain

import numpy as np
import pytest
from msgspec.structs import replace
from msgspec.structs import replace as with_fields

from core.arrays import Floats
from core.data.prepared_data import PreparedData
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.formulas.optimizers import OPTIMIZERS
from core.network import Network
from core.training.trainer import Trainer
from core.training.training_run import set_losses
from tests.core.support import golden, new_trainer

GOLDEN = golden("networks")
SEEDS = (1, 2, 3, 4, 5)


def experiment_with(**training: object) -> Experiment:
    return Experiment(training=replace(TrainingSettings(), **training))


def batches_of(trainer: Trainer, steps: int) -> list[list[int]]:
    taken = []
    for _ in range(steps):
        trainer.run(1)
        taken.append(trainer.last_batch.tolist())
    return taken


# -- PyTorch's steps ----------------------------------------------------------------------------------------------------


def golden_trainer(prefix: str, case: str, key: str, decay: float) -> Trainer:
    """Return a trainer with the golden file's samples and parameters, and the whole set as one batch."""
    activations = {"squared_error": ("tanh", "swish", "tanh"), "cross_entropy": ("sigmoid", "tanh", "softmax")}[case]
    learning_rate, momentum = map(float, GOLDEN[f"{prefix}/settings"])
    hidden = tuple(HiddenLayer(units=u, activation=a) for u, a in zip((4, 3), activations[:2], strict=True))
    experiment = Experiment(
        data=DataSettings(dataset="circle" if case == "squared_error" else "iris", features=("x1", "x2")),
        network=NetworkSettings(hidden=hidden),
        training=TrainingSettings(
            optimizer=key, learning_rate=learning_rate, momentum=momentum, l2=decay, batch_size=0, shuffle=False
        ),
    )
    start = new_trainer(experiment)
    data: PreparedData = with_fields(
        start.data, x_train=GOLDEN[f"{prefix}/X"].copy(), y_train=GOLDEN[f"{prefix}/Y"].copy()
    )
    trainer = Trainer(experiment, data)
    for index, layer in enumerate(trainer.architecture.layers):
        for offset, value in enumerate(GOLDEN[f"{prefix}/start_W{index}"].ravel()):
            trainer.set_parameter(layer.start + offset, float(value))
        for neuron, value in enumerate(GOLDEN[f"{prefix}/start_b{index}"]):
            trainer.set_parameter(layer.bias_index(neuron), float(value))
    return trainer


@pytest.mark.parametrize("key", OPTIMIZERS)
@pytest.mark.parametrize(("case", "decay"), [("squared_error", 0.0), ("cross_entropy", 0.05)])
def test_fifty_steps_match_pytorch(key: str, case: str, decay: float) -> None:
    prefix = f"training/{case}/{key}/{decay:g}"
    trainer = golden_trainer(prefix, case, key, decay)
    losses = []
    for _ in range(50):
        losses.append(set_losses(trainer.network, trainer.data)[0])
        assert trainer.run(1) is None
    np.testing.assert_allclose(losses, GOLDEN[f"{prefix}/losses"], rtol=1e-9)
    for index in range(3):
        np.testing.assert_allclose(
            trainer.network.weights(index), GOLDEN[f"{prefix}/end_W{index}"], rtol=1e-8, atol=1e-10
        )
        np.testing.assert_allclose(trainer.network.bias(index), GOLDEN[f"{prefix}/end_b{index}"], rtol=1e-8, atol=1e-10)


# -- batches ------------------------------------------------------------------------------------------------------------


def test_every_sample_is_used_once_per_epoch_with_a_smaller_last_batch() -> None:
    trainer = new_trainer(Experiment(data=DataSettings(samples=47, test_fraction=0.0)))
    assert trainer.steps_per_epoch == 5
    batches = batches_of(trainer, 5)
    assert [len(batch) for batch in batches] == [10, 10, 10, 10, 7]
    assert sorted(chain(*batches)) == list(range(47))
    assert trainer.epoch == 1.0
    assert len(batches_of(trainer, 1)[0]) == 10


def test_the_order_is_redrawn_each_epoch() -> None:
    trainer = new_trainer(Experiment(data=DataSettings(samples=40, test_fraction=0.0)))
    first, second = batches_of(trainer, 4), batches_of(trainer, 4)
    assert first != second
    assert sorted(chain(*first)) == sorted(chain(*second))


def test_without_shuffling_the_order_is_fixed() -> None:
    experiment = replace(experiment_with(shuffle=False), data=DataSettings(samples=20, test_fraction=0.0))
    trainer = new_trainer(experiment)
    assert batches_of(trainer, 2) == batches_of(trainer, 2) == [list(range(10)), list(range(10, 20))]


@pytest.mark.parametrize(("chosen", "length"), [(0, 250), (1, 1), (250, 250), (9999, 250)])
def test_row17_batch_sizes_from_one_to_all(chosen: int, length: int) -> None:
    trainer = new_trainer(experiment_with(batch_size=chosen))
    trainer.run(1)
    assert len(trainer.last_batch) == length


def test_a_single_sample_step_takes_the_next_sample_of_the_epoch() -> None:
    by_batch, by_sample = new_trainer(Experiment()), new_trainer(Experiment())
    by_batch.run(1)
    taken = []
    for _ in range(10):
        by_sample.run_sample()
        taken += by_sample.last_batch.tolist()
    assert taken == by_batch.last_batch.tolist()
    assert by_sample.epoch == by_batch.epoch


def test_an_epoch_step_ends_at_the_end_of_the_current_epoch() -> None:
    trainer = new_trainer(Experiment())
    trainer.run(3)
    assert not trainer.at_epoch_end
    trainer.run_epoch()
    assert (trainer.step, trainer.epoch, trainer.at_epoch_end) == (25, 1.0, True)
    trainer.run_epoch()
    assert (trainer.step, trainer.epoch) == (50, 2.0)


# -- determinism --------------------------------------------------------------------------------------------------------


def dropping() -> Experiment:
    hidden = (HiddenLayer(units=6, dropout=0.3), HiddenLayer(units=5, dropout=0.5))
    return Experiment(network=NetworkSettings(hidden=hidden, input_dropout=0.1))


def test_equal_experiments_give_bit_identical_runs() -> None:
    first, second = new_trainer(dropping()), new_trainer(dropping())
    first.run(120)
    for _ in range(120):
        second.run(1)
    np.testing.assert_array_equal(first.parameters, second.parameters)


def test_reset_restores_the_same_weights_and_the_same_run() -> None:
    trainer = new_trainer(dropping())
    start = trainer.parameters.copy()
    trainer.run(60)
    once = trainer.parameters.copy()
    trainer.reset()
    assert (trainer.step, trainer.epoch) == (0, 0.0)
    np.testing.assert_array_equal(trainer.parameters, start)
    trainer.run(60)
    np.testing.assert_array_equal(trainer.parameters, once)


def test_the_training_seed_changes_only_the_order() -> None:
    one, two = new_trainer(experiment_with(seed=1)), new_trainer(experiment_with(seed=2))
    np.testing.assert_array_equal(one.parameters, two.parameters)
    assert batches_of(one, 1) != batches_of(two, 1)


def test_a_reference_to_the_parameters_is_not_modified_by_training() -> None:
    trainer = new_trainer(experiment_with(l1=0.01, l2=0.01))
    held, copied = trainer.parameters, trainer.parameters.copy()
    trainer.run(5)
    np.testing.assert_array_equal(held, copied)


def test_the_last_update_is_the_difference_made_by_the_step() -> None:
    trainer = new_trainer(Experiment())
    trainer.run(7)
    before = trainer.parameters
    trainer.run(1)
    np.testing.assert_array_equal(trainer.last_update, trainer.parameters - before)


# -- what a step minimizes ----------------------------------------------------------------------------------------------


def gradient_of(trainer: Trainer, parameters: Floats) -> Floats:
    network = Network(trainer.architecture, parameters)
    batch = trainer.last_batch
    return network.backward(network.forward(trainer.data.x_train[batch]), trainer.data.y_train[batch]).flat


def test_row05_every_weight_moves_against_its_gradient() -> None:
    trainer = new_trainer(Experiment())
    before = trainer.parameters
    trainer.run(1)
    gradient = gradient_of(trainer, before)
    np.testing.assert_array_equal(np.sign(trainer.last_update), -np.sign(gradient))


def test_row03_one_step_lowers_the_loss_of_its_sample() -> None:
    data = DataSettings(dataset="student_day", test_fraction=0.0, standardize=True)
    trainer = new_trainer(Experiment(data=data, training=TrainingSettings(batch_size=1, learning_rate=0.01)))
    for _ in range(24):
        before = trainer.network
        trainer.run_sample()
        X, Y = trainer.data.x_train[trainer.last_batch], trainer.data.y_train[trainer.last_batch]
        assert trainer.network.loss(trainer.network.forward(X), Y) < before.loss(before.forward(X), Y)


def test_row10_l2_adds_lambda_w_to_the_gradient_of_weights_only() -> None:
    plain, decayed = new_trainer(Experiment()), new_trainer(experiment_with(l2=0.5))
    start = plain.parameters
    plain.run(1)
    decayed.run(1)
    expected = -0.03 * 0.5 * start * plain.architecture.is_weight
    np.testing.assert_allclose(decayed.parameters - plain.parameters, expected, rtol=1e-12, atol=1e-15)


def test_row10_l1_drives_weights_to_exact_zero_by_the_proximal_step() -> None:
    trainer = new_trainer(experiment_with(l1=0.2))
    trainer.run(200)
    weights = trainer.parameters[trainer.architecture.is_weight]
    assert np.count_nonzero(weights == 0.0) >= 5
    plain, pulled = new_trainer(Experiment()), new_trainer(experiment_with(l1=0.1))
    plain.run(1)
    pulled.run(1)
    mask = plain.architecture.is_weight
    after = plain.parameters[mask]
    np.testing.assert_array_equal(pulled.parameters[mask], np.sign(after) * np.maximum(np.abs(after) - 0.003, 0.0))
    np.testing.assert_array_equal(pulled.parameters[~mask], plain.parameters[~mask])


def test_row10_the_penalty_is_separate_from_the_loss() -> None:
    trainer, plain = new_trainer(experiment_with(l1=0.3, l2=0.7)), new_trainer(Experiment())
    W = trainer.parameters[trainer.architecture.is_weight]
    assert trainer.penalty() == pytest.approx(0.3 * np.abs(W).sum() + 0.35 * (W**2).sum(), rel=1e-14)
    assert plain.penalty() == 0.0
    assert set_losses(trainer.network, trainer.data) == set_losses(plain.network, plain.data)


def test_gradients_are_clipped_by_norm() -> None:
    clipped, plain = (
        new_trainer(experiment_with(clip_norm=0.01, batch_size=0)),
        new_trainer(experiment_with(batch_size=0)),
    )
    clipped.run(1)
    plain.run(1)
    assert np.linalg.norm(clipped.last_update) == pytest.approx(0.03 * 0.01, rel=1e-12)
    np.testing.assert_allclose(
        clipped.last_update / np.linalg.norm(clipped.last_update),
        plain.last_update / np.linalg.norm(plain.last_update),
        rtol=1e-9,
    )
    generous = new_trainer(experiment_with(clip_norm=100.0, batch_size=0))
    generous.run(1)
    np.testing.assert_array_equal(generous.parameters, plain.parameters)


def test_prelu_learns_alpha_and_leaky_relu_does_not() -> None:
    for activation, learns in (("prelu", True), ("leaky_relu", False)):
        hidden = (HiddenLayer(units=4, activation=activation),)
        trainer = new_trainer(
            Experiment(network=NetworkSettings(hidden=hidden), training=TrainingSettings(optimizer="adam"))
        )
        before = trainer.network.alpha(0)
        trainer.run(50)
        assert (trainer.network.alpha(0) != before) is learns


def test_row15_with_constant_weights_all_neurons_of_a_layer_stay_identical() -> None:
    hidden = (HiddenLayer(units=4, initializer="constant"), HiddenLayer(units=3, initializer="constant"))
    network = NetworkSettings(hidden=hidden, output_initializer="constant")
    trainer = new_trainer(Experiment(network=network, training=TrainingSettings(optimizer="adam")))
    start = trainer.parameters
    trainer.run(300)
    assert not np.array_equal(trainer.parameters, start)
    for index in range(2):
        W, b = trainer.network.weights(index), trainer.network.bias(index)
        np.testing.assert_allclose(W, np.broadcast_to(W[:, :1], W.shape), rtol=1e-9)
        np.testing.assert_allclose(b, np.broadcast_to(b[0], b.shape), rtol=1e-9)


def test_row12_a_neuron_dead_on_all_samples_has_gradient_exactly_zero() -> None:
    hidden = (HiddenLayer(units=4, activation="relu", initializer="he_normal"),)
    trainer = new_trainer(Experiment(network=NetworkSettings(hidden=hidden)))
    layer = trainer.architecture.layers[0]
    trainer.set_parameter(layer.bias_index(2), -1e3)
    network = trainer.network
    trace = network.forward(trainer.data.x_train)
    assert not trace.activations[0][:, 2].any()
    gradient = network.backward(trace, trainer.data.y_train).flat
    assert not trainer.architecture.weights(gradient, 0)[:, 2].any()
    assert trainer.architecture.bias(gradient, 0)[2] == 0.0
    assert np.abs(trainer.architecture.weights(gradient, 0)[:, [0, 1, 3]]).max() > 0.0


def test_row17_the_variance_of_the_batch_gradient_falls_as_one_over_k_with_replacement() -> None:
    trainer = new_trainer(Experiment())
    network, data = trainer.network, trainer.data
    alone = np.array(
        [network.backward(network.forward(data.x_train[i : i + 1]), data.y_train[i : i + 1]).flat for i in range(250)]
    )
    rng = np.random.default_rng(0)
    spread = {}
    for size in (4, 16, 64):
        batches = [(data.x_train[drawn], data.y_train[drawn]) for drawn in rng.integers(0, 250, (2000, size))]
        gradients = np.array([network.backward(network.forward(X), Y).flat for X, Y in batches])
        spread[size] = gradients.var(axis=0).sum() * size
    assert spread[4] == pytest.approx(alone.var(axis=0).sum(), rel=0.1)
    assert spread[16] == pytest.approx(spread[4], rel=0.1)
    assert spread[64] == pytest.approx(spread[4], rel=0.1)


# -- the goals ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dataset", ["circle", "xor", "gauss"])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_default_network_reaches_a_test_loss_below_a_hundredth_within_500_epochs(dataset: str, seed: int) -> None:
    trainer = new_trainer(Experiment(data=DataSettings(dataset=dataset), network=NetworkSettings(seed=seed)))
    assert [layer.units for layer in trainer.experiment.network.hidden] == [4, 2]
    for _ in range(500):
        trainer.run_epoch()
        if set_losses(trainer.network, trainer.data)[1] < 0.01:
            break
    assert set_losses(trainer.network, trainer.data)[1] < 0.01


def test_settings_that_keep_the_weights_keep_the_results_of_the_last_step() -> None:
    start = Experiment(training=TrainingSettings(optimizer="adam"))
    trainer = new_trainer(start, "auto")
    trainer.run(20)
    update, gradient, batch = trainer.last_update.copy(), trainer.last_gradient.copy(), trainer.last_batch.copy()
    assert np.abs(update).max() > 0
    trainer.apply(replace(start, training=replace(start.training, learning_rate=0.5, l2=0.1)), trainer.data)
    np.testing.assert_array_equal(trainer.last_update, update)
    np.testing.assert_array_equal(trainer.last_gradient, gradient)
    np.testing.assert_array_equal(trainer.last_batch, batch)
    wider = replace(start, network=replace(start.network, hidden=(HiddenLayer(units=7),)))
    trainer.apply(wider, trainer.data)
    assert not trainer.last_update.any()
    assert not len(trainer.last_batch)


def test_a_redrawn_layer_has_no_last_update_and_others_keep_theirs() -> None:
    start = Experiment(training=TrainingSettings(optimizer="adam"))
    trainer = new_trainer(start, "auto")
    trainer.run(20)
    update = trainer.last_update.copy()
    first, second = start.network.hidden
    redrawn = replace(start, network=replace(start.network, hidden=(replace(first, initializer="he_normal"), second)))
    trainer.apply(redrawn, trainer.data)
    layer = trainer.architecture.layers[0]
    assert not trainer.last_update[layer.start : layer.bias.stop].any()
    np.testing.assert_array_equal(trainer.last_update[layer.bias.stop + 1 :], update[layer.bias.stop + 1 :])
