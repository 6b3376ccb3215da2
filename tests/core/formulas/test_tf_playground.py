"""TensorFlow Playground reproduced: its data, initial weights and training from a link's seed."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence

import msgspec
import numpy as np
import pytest

from core.data.loading import load
from core.experiment import DataSettings, Experiment
from core.experiment.tf_playground_link import parse_link
from core.formulas.seedrandom import SeedRandom
from core.formulas.tf_playground import MAX_DRAWS, Source, shuffled_points, weight_draws
from core.training.trainer import Trainer
from core.training.training_run import new_trainer

# From the original generators run in Node.js with noise 25 and seed 0.53846: samples; x, y and label of the first
# point after the shuffle; Σ (i mod 7 + 1)·(x + 2y + 3·label) over all; the two weights that are drawn next.
PRINTED = {
    "circle": (
        500,
        (-4.0322971038877435, -1.1400618924359258, -1),
        405.18649075942966,
        (-0.23434634549463973, 0.22917434019989513),
    ),
    "xor": (
        500,
        (-0.6975649012031158, 2.3614631148092187, 1),
        -776.0530123811911,
        (-0.23434634549463973, 0.22917434019989513),
    ),
    "gauss": (
        500,
        (0.7124149292773891, -1.136221631505276, 1),
        -500.3747258721931,
        (-0.08561712923403486, 0.4229926329764143),
    ),
    "spiral": (
        500,
        (0.17250054986659746, -4.495778678772791, 1),
        80.28244457571954,
        (-0.17742431477389248, 0.0029590981692916296),
    ),
    "plane": (
        1200,
        (-4.221570378673819, 4.74294190699656, 0.07529621218901816),
        -169.53252131309,
        (-0.07884050522602565, 0.3622382807243514),
    ),
    "gauss_bumps": (
        1200,
        (-4.221570378673819, 4.74294190699656, 0),
        -164.90804346533463,
        (-0.07884050522602565, 0.3622382807243514),
    ),
}

FUNCTIONS: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "tanh": (math.tanh, lambda z: 1 - math.tanh(z) ** 2),
    "relu": (lambda z: max(0.0, z), lambda z: 0.0 if z <= 0 else 1.0),
    "sigmoid": (lambda z: 1 / (1 + math.exp(-z)), lambda z: (s := 1 / (1 + math.exp(-z))) * (1 - s)),
    "linear": (lambda z: z, lambda _z: 1.0),
}


class Reference:
    """The original network, node by node: ``weights[l][i][j]`` connects node j to node i of layer l."""

    def __init__(self, widths: Sequence[int], hidden: str, output: str, draws: Iterator[float]) -> None:
        self.weights = [
            [[next(draws) - 0.5 for _ in range(before)] for _ in range(here)]
            for before, here in itertools.pairwise(widths)
        ]
        self.biases = [[0.1] * here for here in widths[1:]]
        self.functions = [FUNCTIONS[hidden]] * (len(widths) - 2) + [FUNCTIONS[output]]
        self._clear()

    def _clear(self) -> None:
        self.weight_sums = [[[0.0] * len(row) for row in layer] for layer in self.weights]
        self.bias_sums = [[0.0] * len(layer) for layer in self.biases]
        self.count = 0

    def accumulate(self, inputs: Sequence[float], target: float) -> None:
        outputs, totals = [list(inputs)], []
        for layer, (function, _) in enumerate(self.functions):
            z = []
            for row, bias in zip(self.weights[layer], self.biases[layer], strict=True):
                total = bias
                for weight, output in zip(row, outputs[-1], strict=True):
                    total += weight * output
                z.append(total)
            totals.append(z)
            outputs.append([function(total) for total in z])
        derivatives = [outputs[-1][0] - target]
        for layer in reversed(range(len(self.weights))):
            slope = self.functions[layer][1]
            deltas = [d * slope(total) for d, total in zip(derivatives, totals[layer], strict=True)]
            for i, delta in enumerate(deltas):
                self.bias_sums[layer][i] += delta
                for j, output in enumerate(outputs[layer]):
                    self.weight_sums[layer][i][j] += delta * output
            derivatives = [
                sum(self.weights[layer][i][j] * delta for i, delta in enumerate(deltas))
                for j in range(len(outputs[layer]))
            ]
        self.count += 1

    def update(self, rate: float, l2: float) -> None:
        for layer, weights in enumerate(self.weights):
            for i, row in enumerate(weights):
                self.biases[layer][i] -= rate * self.bias_sums[layer][i] / self.count
                for j, old in enumerate(row):
                    row[j] = old - rate * self.weight_sums[layer][i][j] / self.count - rate * l2 * old
        self._clear()


@pytest.mark.parametrize("key", PRINTED)
def test_data_shuffle_and_next_draws_match_the_original(key: str) -> None:
    samples, first, checksum, weights = PRINTED[key]
    source = Source(key, samples, 0.25, "0.53846")
    inputs, labels = shuffled_points(source)
    assert (*inputs[0], labels[0]) == pytest.approx(first, rel=1e-13, abs=1e-13)
    terms = (np.arange(samples) % 7 + 1) * (inputs[:, 0] + 2 * inputs[:, 1] + 3 * labels)
    assert terms.sum() == pytest.approx(checksum, abs=1e-9)
    assert tuple(weight_draws(source, 2) - 0.5) == weights


@pytest.mark.parametrize("noise", [0.0, 0.25])
def test_numbers_to_predict_are_rounded_like_those_of_the_original(noise: float) -> None:
    """D3's linear scale computes a (1 − t) + b t from t = (x − low) / (high − low); distances are √(dx² + dy²)."""

    def label(key: str, x: float, y: float) -> float:
        if key == "plane":
            t = (x + y - -10) / 20
            return -1 * (1 - t) + 1 * t
        labels = []
        for cx, cy, sign in ((-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1)):
            dx, dy = x - cx, y - cy
            t = max(0, min(1, (dx * dx + dy * dy) ** 0.5 / 2))
            labels.append(sign * (1 - t))
        return max(labels, key=abs)

    for key in ("plane", "gauss_bumps"):
        stream = SeedRandom("0.53846")
        draws = [[stream.uniform(-6, 6) for _ in range(4)] for _ in range(300)]
        expected = {(x, y): label(key, x + u * noise, y + v * noise) for x, y, u, v in draws}
        inputs, labels = shuffled_points(Source(key, 300, noise, "0.53846"))
        assert [expected[x, y] for x, y in inputs.tolist()] == labels.tolist()


def test_the_split_takes_the_first_points_in_order() -> None:
    experiment = parse_link("#dataset=gauss&percTrainData=30&seed=0.1").experiment
    inputs, labels = shuffled_points(Source("gauss", 500, 0.0, "0.1"))
    data = new_trainer(experiment).data
    np.testing.assert_array_equal(data.x_train, inputs[:150])
    np.testing.assert_array_equal(data.y_train[:, 0], labels[:150])
    np.testing.assert_array_equal(data.x_test, inputs[150:])


def test_weights_are_drawn_neuron_by_neuron_after_the_data_and_biases_are_a_tenth() -> None:
    trainer = new_trainer(parse_link("#seed=0.53846&networkShape=3,2&xSquared=true").experiment)
    draws = weight_draws(Source("circle", 500, 0.0, "0.53846"), 3 * 3 + 3 * 2 + 2) - 0.5
    network = trainer.network
    np.testing.assert_array_equal(network.weights(0).T.ravel(), draws[:9])
    np.testing.assert_array_equal(network.weights(1).T.ravel(), draws[9:15])
    np.testing.assert_array_equal(network.weights(2).T.ravel(), draws[15:])
    for layer in range(3):
        assert (network.bias(layer) == 0.1).all()


def test_init_zero_starts_at_zero_with_the_same_data() -> None:
    usual, zero = (new_trainer(parse_link(f"#seed=0.2&initZero={flag}").experiment) for flag in ("false", "true"))
    assert not zero.parameters.any()
    np.testing.assert_array_equal(usual.data.x_train, zero.data.x_train)


@pytest.mark.parametrize("hidden", list(FUNCTIONS))
@pytest.mark.parametrize(
    "rest",
    ["problem=classification", "problem=regression&regDataset=reg-gauss", "regularization=L2&regularizationRate=0.1"],
)
def test_training_follows_the_original_for_200_steps(hidden: str, rest: str) -> None:
    experiment = parse_link(f"#seed=0.53846&activation={hidden}&{rest}").experiment
    trainer = new_trainer(experiment)
    output = "linear" if "regression" in rest else "tanh"
    source = Source(str(experiment.data.dataset), experiment.data.samples, 0.0, "0.53846")
    inputs, labels = shuffled_points(source)
    draws = iter(weight_draws(source, 18).tolist())
    reference = Reference((2, 4, 2, 1), hidden, output, draws)
    train = len(inputs) // 2
    for step in range(200):
        for sample in range(10 * step, 10 * step + 10):
            reference.accumulate(inputs[sample % train].tolist(), float(labels[sample % train]))
        reference.update(0.03, experiment.training.l2)
    assert trainer.run(200) is None
    for layer in range(3):
        np.testing.assert_allclose(trainer.network.weights(layer).T, reference.weights[layer], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(trainer.network.bias(layer), reference.biases[layer], rtol=1e-9, atol=1e-12)


def test_other_seeds_give_different_data_and_weights() -> None:
    experiment = parse_link("#seed=0.1").experiment
    own = new_trainer(experiment)
    data = new_trainer(msgspec.structs.replace(experiment, data=msgspec.structs.replace(experiment.data, seed=1)))
    weights = new_trainer(
        msgspec.structs.replace(experiment, network=msgspec.structs.replace(experiment.network, seed=1))
    )
    assert (own.data.x_train != data.data.x_train).any()
    np.testing.assert_array_equal(own.data.x_train, weights.data.x_train)
    is_weight = own.architecture.is_weight
    assert (own.parameters[is_weight] != weights.parameters[is_weight]).all()
    assert (np.abs(weights.parameters[is_weight]) <= 0.5).all()


def test_other_data_sets_are_unaffected() -> None:
    moons = DataSettings(dataset="moons", tf_playground_seed="0.1")
    np.testing.assert_array_equal(load(moons).inputs, load(DataSettings(dataset="moons")).inputs)


def test_a_wide_network_has_its_own_draws_beyond_the_limit() -> None:
    experiment = parse_link("#seed=0.1&networkShape=8,200,200").experiment
    weights = new_trainer(experiment).network.weights(2)
    assert weights.size > MAX_DRAWS
    assert 0.49 < np.abs(weights).max() <= 0.5


def test_the_gain_scales_the_same_draws() -> None:
    experiment = parse_link("#seed=0.1").experiment
    layers = tuple(msgspec.structs.replace(layer, gain=3.0) for layer in experiment.network.hidden)
    scaled = msgspec.structs.replace(experiment, network=msgspec.structs.replace(experiment.network, hidden=layers))
    np.testing.assert_allclose(
        new_trainer(scaled).network.weights(0), 3.0 * new_trainer(experiment).network.weights(0), rtol=1e-15
    )


def test_experiments_without_the_new_keys_are_unchanged() -> None:
    trainer: Trainer = new_trainer(Experiment())
    assert trainer.architecture.draws_after is None
    assert not trainer.network.bias(0).any()
