"""The path ledger: paths sum to backpropagation's gradient for any network, loss and dropout, and the largest are found."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.chain_rule import Ledger, Weight, path_count, path_ledger
from core.arrays import Floats
from core.formulas.activations import ACTIVATIONS
from core.network import Network, Trace
from tests.core.analysis.support import ENDS, architecture_of, network_of, targets_of


def product(ledger: Ledger, index: int) -> float:
    return math.prod(factor.value for factor in ledger.paths[index].factors)


@given(
    inputs=st.integers(1, 3),
    widths=st.lists(st.integers(1, 4), min_size=1, max_size=4),
    hidden=st.lists(st.sampled_from(list(ACTIVATIONS)), min_size=4, max_size=4),
    end=st.sampled_from(ENDS),
    dropout=st.sampled_from([0.0, 0.5]),
    batch=st.integers(1, 5),
    seed=st.integers(0, 10**6),
    data=st.data(),
)
def test_sum_over_paths_equals_backpropagation(
    inputs: int,
    widths: list[int],
    hidden: list[str],
    end: tuple[str, str],
    dropout: float,
    batch: int,
    seed: int,
    data: st.DataObject,
) -> None:
    rng = np.random.default_rng(seed)
    loss, output = end
    architecture = architecture_of(inputs, widths, [*hidden[: len(widths) - 1], output], loss, dropout)
    network = network_of(architecture, rng)
    masks = tuple(
        (rng.random((batch, layer.fan_in)) >= dropout) / (1 - dropout) if dropout else 1.0
        for layer in architecture.layers
    )
    trace = network.forward(rng.normal(size=(batch, inputs)), masks)
    Y = targets_of(architecture, batch, rng)
    layer = data.draw(st.integers(0, len(widths) - 1))
    source = data.draw(st.integers(-1, architecture.layers[layer].fan_in - 1))
    weight = Weight(layer, source, data.draw(st.integers(0, widths[layer] - 1)))
    sample = data.draw(st.none() | st.integers(0, batch - 1))
    ledger = path_ledger(network, trace, Y, weight, sample=sample, max_paths=1000)

    # Where paths cancel, the rounding error is that of the largest path.
    size = max((abs(path.value) for path in ledger.paths), default=0.0)
    assert ledger.sum == pytest.approx(ledger.backprop, rel=1e-10, abs=max(1e-13 * size, 1e-300))
    assert ledger.count == len(ledger.paths) == math.prod(widths[layer + 1 :])
    assert len({path.neurons for path in ledger.paths}) == ledger.count
    for index, path in enumerate(ledger.paths):
        assert product(ledger, index) == pytest.approx(path.value, rel=1e-12, abs=1e-300)
        assert path.neurons[0] == weight.target
    assert ledger.others == 0.0
    assert ledger.complete


def test_factors_of_one_sample_are_the_local_derivatives() -> None:
    rng = np.random.default_rng(3)
    architecture = architecture_of(2, [3, 2, 1], ["tanh", "sigmoid", "tanh"], "squared_error")
    network = network_of(architecture, rng)
    X, Y = rng.normal(size=(4, 2)), rng.normal(size=(4, 1))
    trace = network.forward(X)
    ledger = path_ledger(network, trace, Y, Weight(0, 1, 2), sample=1)
    path = next(path for path in ledger.paths if path.neurons == (2, 1, 0))
    A1, A2, A3 = (A[1] for A in trace.activations)
    expected = [
        ("∂z/∂w", X[1, 1], "input"),
        ("φ′(z) of Hidden 1 · 3", 1 - A1[2] ** 2, "slope"),
        ("w to Hidden 2 · 2", network.weights(1)[2, 1], "weight"),
        ("φ′(z) of Hidden 2 · 2", A2[1] * (1 - A2[1]), "slope"),
        ("w to Output · 1", network.weights(2)[1, 0], "weight"),
        ("φ′(z) of Output · 1", 1 - A3[0] ** 2, "slope"),
        ("∂L/∂ŷ of Output · 1", A3[0] - Y[1, 0], "loss"),
    ]
    assert [(factor.name, factor.kind) for factor in path.factors] == [(name, kind) for name, _, kind in expected]
    assert [factor.value for factor in path.factors] == pytest.approx([value for _, value, _ in expected], rel=1e-13)
    assert path.slopes == pytest.approx(abs(math.prod(v for _, v, kind in expected if kind == "slope")), rel=1e-12)
    assert path.weights == pytest.approx(abs(math.prod(v for _, v, kind in expected if kind == "weight")), rel=1e-12)


def test_softmax_cross_entropy_paths_end_in_dl_dz() -> None:
    rng = np.random.default_rng(5)
    architecture = architecture_of(2, [3, 4], ["tanh", "softmax"], "cross_entropy")
    network = network_of(architecture, rng)
    trace = network.forward(rng.normal(size=(1, 2)))
    Y = np.eye(4)[[2]]
    ledger = path_ledger(network, trace, Y, Weight(0, 0, 0), sample=0)
    assert ledger.count == 4
    for path in ledger.paths:
        k = path.neurons[-1]
        assert path.factors[-1].name == f"∂L/∂z of Output · {k + 1}"
        assert path.factors[-1].value == pytest.approx(trace.prediction[0, k] - Y[0, k], rel=1e-12)


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
@pytest.mark.parametrize("most", [1, 3, 7])
def test_largest_paths_by_dynamic_programming_match_enumeration(
    activation: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(most)
    architecture = architecture_of(2, [4, 5, 3, 4, 2], [activation] * 4 + ["identity"], "squared_error")
    network = network_of(architecture, rng)
    trace, Y = network.forward(rng.normal(size=(6, 2))), rng.normal(size=(6, 2))
    for target, sample in itertools.product(range(4), range(3)):
        weight = Weight(0, 1, target)
        with monkeypatch.context() as patch:
            patch.setattr("core.analysis.chain_rule.MAX_ENUMERATED", 0)
            found = path_ledger(network, trace, Y, weight, sample=sample, max_paths=most)
        enumerated = path_ledger(network, trace, Y, weight, sample=sample, max_paths=most)
        assert [path.value for path in found.paths] == pytest.approx(
            [path.value for path in enumerated.paths], rel=1e-12
        )
        assert found.sum == pytest.approx(enumerated.sum, rel=1e-10, abs=1e-15)
        assert found.others == pytest.approx(enumerated.others, rel=1e-9, abs=1e-14)
        assert found.count == enumerated.count == 120
        assert found.complete


def test_largest_paths_of_a_deep_network_without_enumeration() -> None:
    rng = np.random.default_rng(0)
    architecture = architecture_of(2, [16] * 10 + [1], ["tanh"] * 10 + ["identity"], "squared_error")
    network = network_of(architecture, rng, spread=0.3)
    trace, Y = network.forward(rng.normal(size=(20, 2))), rng.normal(size=(20, 1))
    one = path_ledger(network, trace, Y, Weight(0, 0, 3), sample=4, max_paths=5)
    assert one.count == path_count(network, 0) == 16**9
    assert one.complete
    assert one.sum == pytest.approx(one.backprop, rel=1e-10)
    assert one.others == pytest.approx(one.backprop - sum(path.value for path in one.paths), rel=1e-9)
    sizes = [abs(path.value) for path in one.paths]
    assert sizes == sorted(sizes, reverse=True)
    # Changing any single neuron does not increase the largest path.
    best = one.paths[0]
    for step in range(1, 10):
        for neuron in range(16):
            route = [*best.neurons]
            route[step] = neuron
            assert abs(value_of(network, trace, Y, 4, tuple(route))) <= sizes[0] * (1 + 1e-12)

    mean = path_ledger(network, trace, Y, Weight(0, 0, 3), max_paths=5)
    assert not mean.complete
    assert mean.sum == pytest.approx(mean.backprop, rel=1e-10)
    for path in mean.paths:
        expected = np.mean([value_of(network, trace, Y, sample, path.neurons) for sample in range(20)])
        assert path.value == pytest.approx(expected, rel=1e-10)


def value_of(network: Network, trace: Trace, Y: Floats, sample: int, route: tuple[int, ...]) -> float:
    """Return one path's value for weight (0, 0, route[0]) of a tanh network with identity output, computed directly."""
    value = trace.inputs[0][sample, 0]
    for step, neuron in enumerate(route):
        if step:
            value *= network.weights(step)[route[step - 1], neuron]
        if step < len(route) - 1:
            value *= 1 - trace.activations[step][sample, neuron] ** 2
    return float(value * (trace.prediction[sample, route[-1]] - Y[sample, route[-1]]))


def test_mean_over_a_batch_equals_the_mean_of_the_samples() -> None:
    rng = np.random.default_rng(8)
    architecture = architecture_of(3, [3, 2, 2], ["sigmoid", "elu", "tanh"], "huber")
    network = network_of(architecture, rng)
    trace, Y = network.forward(rng.normal(size=(7, 3))), rng.normal(size=(7, 2))
    weight = Weight(0, 2, 1)
    mean = path_ledger(network, trace, Y, weight)
    single = [path_ledger(network, trace, Y, weight, sample=sample) for sample in range(7)]
    for path in mean.paths:
        values = [next(p.value for p in ledger.paths if p.neurons == path.neurons) for ledger in single]
        assert path.value == pytest.approx(np.mean(values), rel=1e-12)
        assert [factor.kind for factor in path.factors] == ["weight", "weight", "mean"]
    assert mean.backprop == pytest.approx(np.mean([ledger.backprop for ledger in single]), rel=1e-10)


def test_row06_network_of_the_notes_has_the_paths_of_the_notes() -> None:
    # 3 inputs → z1 z2 z3 → z4 z5 → z6; w50, w51, w60, w61, w70, w71 are weights of z4 and z5, w80 and w90 of z6.
    rng = np.random.default_rng(6)
    architecture = architecture_of(3, [3, 2, 1], ["sigmoid", "sigmoid", "sigmoid"], "squared_error")
    network = network_of(architecture, rng)
    (w50, w51), (w60, w61), (w70, w71) = network.weights(1).tolist()
    w80, w90 = network.weights(2)[:, 0].tolist()
    trace = network.forward(rng.normal(size=(1, 3)))
    Y = np.array([[1.0]])
    z1, z2, z3 = trace.activations[0][0].tolist()
    z4, z5 = trace.activations[1][0].tolist()
    z6 = float(trace.prediction[0, 0])
    end = (z6 - 1.0) * z6 * (1 - z6)

    def gradient(layer: int, source: int, target: int) -> Ledger:
        return path_ledger(network, trace, Y, Weight(layer, source, target), sample=0)

    by_hand = {
        (2, 0, 0): end * z4, (2, 1, 0): end * z5,
        (1, 0, 0): end * w80 * z4 * (1 - z4) * z1, (1, 0, 1): end * w90 * z5 * (1 - z5) * z1,
        (1, 1, 0): end * w80 * z4 * (1 - z4) * z2, (1, 1, 1): end * w90 * z5 * (1 - z5) * z2,
        (1, 2, 0): end * w80 * z4 * (1 - z4) * z3, (1, 2, 1): end * w90 * z5 * (1 - z5) * z3,
    }  # fmt: skip
    for place, expected in by_hand.items():
        ledger = gradient(*place)
        assert ledger.count == 1
        assert ledger.sum == pytest.approx(expected, rel=1e-12)
        assert ledger.agrees

    # From z1 there are two paths, whose contributions are added; their common factor is ∂L/∂z1.
    slope = z1 * (1 - z1)
    via_4 = end * w80 * z4 * (1 - z4) * w50
    via_5 = end * w90 * z5 * (1 - z5) * w51
    ledger = gradient(0, 0, 0)
    x = float(trace.inputs[0][0, 0])
    assert ledger.count == 2
    assert {path.neurons: path.value for path in ledger.paths} == pytest.approx(
        {(0, 0, 0): x * slope * via_4, (0, 1, 0): x * slope * via_5}, rel=1e-12
    )
    assert ledger.sum == pytest.approx(x * slope * (via_4 + via_5), rel=1e-12)
    assert len({w60, w61, w70, w71}) == 4


def test_row06_number_of_paths_is_the_product_of_later_widths() -> None:
    architecture = architecture_of(2, [6, 5, 3, 2], ["tanh"] * 4, "squared_error")
    network = network_of(architecture, np.random.default_rng(0))
    assert [path_count(network, layer) for layer in range(4)] == [30, 6, 2, 1]


def test_row01_bias_of_a_neuron_has_factor_one() -> None:
    rng = np.random.default_rng(2)
    architecture = architecture_of(2, [2, 1], ["tanh", "tanh"], "squared_error")
    network = network_of(architecture, rng)
    trace, Y = network.forward(rng.normal(size=(3, 2))), rng.normal(size=(3, 1))
    ledger = path_ledger(network, trace, Y, Weight(0, -1, 1), sample=0)
    assert (ledger.paths[0].factors[0].name, ledger.paths[0].factors[0].value) == ("∂z/∂b", 1.0)
    gradients = network.backward(network.forward(trace.inputs[0][:1]), Y[:1])
    assert ledger.sum == pytest.approx(gradients.flat[architecture.layers[0].bias_index(1)], rel=1e-12)


def test_split_returns_the_products_of_slopes_and_weights() -> None:
    architecture = architecture_of(1, [1, 1, 1], ["sigmoid", "sigmoid", "identity"], "squared_error")
    parameters = np.zeros(architecture.size)
    for layer, w in zip(architecture.layers, (0.0, 0.5, 3.0), strict=True):
        parameters[layer.weights] = w
    # The middle neuron's input is σ(0)·0.5 = 0.25: its bias shifts it to 0, where the slope is 0.25.
    parameters[architecture.layers[1].bias] = -0.25
    network = Network(architecture, parameters)
    trace = network.forward(np.ones((4, 1)))
    ledger = path_ledger(network, trace, np.zeros((4, 1)), Weight(0, 0, 0))
    assert ledger.split() == pytest.approx((0.25 * 0.25, 0.5 * 3.0), rel=1e-12)


def test_dead_and_non_finite_networks_do_not_raise() -> None:
    architecture = architecture_of(2, [3, 3, 1], ["relu", "relu", "identity"], "squared_error")
    dead = Network(architecture, np.zeros(architecture.size))
    X, Y = np.ones((3, 2)), np.ones((3, 1))
    ledger = path_ledger(dead, dead.forward(X), Y, Weight(0, 0, 0))
    assert (ledger.sum, ledger.backprop, ledger.agrees) == (0.0, 0.0, True)
    parameters = np.full(architecture.size, np.inf)
    parameters[architecture.layers[2].weights] = [np.inf, -np.inf, 1.0]
    broken = Network(architecture, parameters)
    with np.errstate(all="ignore"):
        trace = broken.forward(X)
    for sample in (0, None):
        ledger = path_ledger(broken, trace, Y, Weight(0, 0, 0), sample=sample, max_paths=2)
        assert not math.isfinite(ledger.sum)
        assert len(ledger.paths) == 2


def test_paths_overflowing_to_both_infinities_do_not_warn() -> None:
    architecture = architecture_of(1, [1, 4, 1], ["identity"] * 3, "squared_error")
    network = Network(architecture, np.zeros(architecture.size))
    network.parameters[architecture.layers[1].weights] = 1e200
    network.parameters[architecture.layers[2].weights] = [1e200, -1e200, 1e200, -1e200]
    X = np.ones((1, 1))
    with np.errstate(all="ignore"):
        trace = network.forward(X)
    ledger = path_ledger(network, trace, np.ones((1, 1)), Weight(0, 0, 0), sample=0, max_paths=2)
    assert {path.value for path in ledger.paths} == {math.inf, -math.inf}
    assert math.isnan(ledger.others)


@pytest.mark.parametrize("enumerated", [0, 20_000])
def test_listing_no_paths_is_allowed(enumerated: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.analysis.chain_rule.MAX_ENUMERATED", enumerated)
    rng = np.random.default_rng(4)
    network = network_of(architecture_of(2, [3, 3, 1], ["tanh"] * 3, "squared_error"), rng)
    trace = network.forward(rng.normal(size=(2, 2)))
    ledger = path_ledger(network, trace, np.ones((2, 1)), Weight(0, 0, 0), max_paths=0)
    assert ledger.paths == ()
    assert ledger.agrees
    assert ledger.others == ledger.sum
