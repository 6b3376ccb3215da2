"""The numbers of the evidence agree with a forward and backward pass written here, which uses none of the analysis."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from core.analysis.diagnosis import Case
from core.arrays import Floats
from core.experiment import Experiment
from tests.core.analysis.diagnosis.support import ILL, findings, layers, network, relu, trained


def activated(name: str, z: Floats) -> Floats:
    table = {"tanh": np.tanh, "sigmoid": lambda z: 1 / (1 + np.exp(-z)), "relu": lambda z: z * (z > 0)}
    return np.asarray(table.get(name, lambda z: z)(z))


def slope(name: str, z: Floats) -> Floats:
    far = np.exp(-2.0 * np.abs(z))
    table = {
        "tanh": lambda _: 4.0 * far / (1.0 + far) ** 2,
        "sigmoid": lambda z: activated("sigmoid", z) * activated("sigmoid", -z),
        "relu": lambda z: 1.0 * (z > 0),
        "threshold": np.zeros_like,
    }
    return np.asarray(table.get(name, np.ones_like)(z))


class Pass:
    """One pass of a network with the squared error or the binary cross-entropy."""

    def __init__(self, case: Case, X: Floats, Y: Floats, parameters: Floats | None = None) -> None:
        flat = case.network.parameters if parameters is None else parameters
        self.names = [each.activation for each in case.layers]
        spans = [slice(each.start, each.start + each.fan_in * each.fan_out) for each in case.layers]
        self.W = [flat[at].reshape(e.fan_in, e.fan_out) for at, e in zip(spans, case.layers, strict=True)]
        self.b = [flat[each.bias] for each in case.layers]
        self.A, self.Z = [X], []
        for name, W, b in zip(self.names, self.W, self.b, strict=True):
            self.Z.append(self.A[-1] @ W + b)
            self.A.append(activated(name, self.Z[-1]))
        error = self.A[-1] - Y
        if case.network.architecture.loss == "binary_cross_entropy":
            self.loss = float(np.mean(np.logaddexp(0.0, self.Z[-1]) - Y * self.Z[-1]))
            self.deltas = [error]
        else:
            self.loss = float(np.mean(0.5 * (error**2).sum(axis=1)))
            self.deltas = [error * slope(self.names[-1], self.Z[-1])]
        for index in range(len(self.W) - 1, 0, -1):
            back = self.deltas[0] @ self.W[index].T
            self.deltas.insert(0, back * slope(self.names[index - 1], self.Z[index - 1]))
        self.gradients = [a.T @ d / len(X) for a, d in zip(self.A, self.deltas, strict=False)]
        self.flat = np.zeros_like(flat)
        for at, each, g, d in zip(spans, case.layers, self.gradients, self.deltas, strict=True):
            self.flat[at], self.flat[each.bias] = g.ravel(), d.mean(axis=0)


def examined(experiment: Experiment, epochs: int, key: str) -> tuple[Case, Pass, dict[str, float]]:
    (case,) = trained(experiment, epochs)
    own = Pass(case, case.trace.inputs[0], case.targets)
    assert own.loss == pytest.approx(case.train_loss, rel=1e-9)
    return case, own, dict(findings(case)[key].numbers)


def test_row12_dead_neurons() -> None:
    case, own, numbers = examined(*ILL["dead"], "dead")
    for index in case.hidden:
        dead = int((slope("relu", own.Z[index]) == 0).all(axis=0).sum())
        assert numbers.get(f"dead neurons of hidden {index + 1}", dead) == dead


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_row11_saturated_shares(activation: str) -> None:
    ill = network(*layers(2, 8, gain=60.0, activation=activation), learning_rate=0.01)
    _, own, numbers = examined(ill, 0, "saturated")
    largest = {"tanh": 1.0, "sigmoid": 0.25}[activation]
    for name, share in numbers.items():
        Z = own.Z[int(name[-1]) - 1]
        assert share == np.mean(slope(activation, Z) <= 0.05 * largest)


def test_row15_clones() -> None:
    _, own, numbers = examined(*ILL["clones"], "clones")
    for name, kinds in numbers.items():
        index = int(name[-1]) - 1
        assert kinds == len(np.unique(np.vstack([own.W[index], own.b[index]]).round(12), axis=1).T)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_row07_the_vanishing_gradient_and_its_two_causes(activation: str) -> None:
    ill = network(*layers(8, 8, activation=activation, initializer="xavier_normal", gain=0.3))
    case, own, numbers = examined(ill, 10, "vanishing")
    norms = [float(np.linalg.norm(each)) for each in own.gradients]
    sizes = [float(np.sqrt(np.mean(each**2))) for each in own.deltas]
    is_of_weights = findings(case)["vanishing"].evidence.startswith("∂L/∂W")
    expected = norms[0] / norms[-1] if is_of_weights else sizes[0] / sizes[-1]
    assert numbers["first over last"] == pytest.approx(expected, rel=1e-6)
    by_weights = sum(
        math.log10(np.linalg.norm(d @ W.T) / np.linalg.norm(d)) for d, W in zip(own.deltas[1:], own.W[1:], strict=True)
    )
    whole = math.log10(np.linalg.norm(own.deltas[0]) / np.linalg.norm(own.deltas[-1]))
    assert numbers["decades by weights"] == pytest.approx(by_weights, abs=1e-9)
    assert numbers["decades by φ′"] == pytest.approx(whole - by_weights, abs=1e-9)


@pytest.mark.parametrize(("key", "rate"), [("too_large", 30.0), ("too_small", 1e-6)])
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_row05_the_limit_of_the_learning_rate(key: str, rate: float, momentum: float) -> None:
    settings: dict[str, Any] = {"optimizer": "momentum", "momentum": momentum} if momentum else {}
    ill = network(*layers(2), batch_size=0, learning_rate=rate, data={"samples": 400}, **settings)
    case, own, numbers = examined(ill, 0, key)
    X, Y, at = case.data.x_train, case.data.y_train, case.network.parameters
    steps = 1e-5 * np.eye(len(at))
    rows = [(Pass(case, X, Y, at + e).flat - Pass(case, X, Y, at - e).flat) / 2e-5 for e in steps]
    hessian = np.array(rows)
    largest = float(np.linalg.eigvalsh((hessian + hessian.T) / 2.0)[-1])
    assert numbers["limit"] == pytest.approx(2.0 * (1.0 + momentum) / largest, rel=0.02)
    if key == "too_small":
        decrease = 25 * rate / (1.0 - momentum) * float(own.flat @ own.flat) / own.loss
        assert numbers["decrease in 25 steps"] == pytest.approx(decrease, rel=1e-6)
    else:
        assert numbers["largest eigenvalue"] == pytest.approx(largest, rel=0.02)


def test_row10_the_pull_of_a_penalty() -> None:
    ill = network(*layers(2), l1=0.02, l2=0.1, data={})
    _, own, numbers = examined(ill, 20, "penalty")
    W = np.concatenate([each.ravel() for each in own.W])
    assert numbers["penalty"] == pytest.approx(0.02 * np.abs(W).sum() + 0.05 * (W @ W))
    assert numbers["norm of its gradient"] == pytest.approx(np.linalg.norm(0.02 * np.sign(W) + 0.1 * W))
    force = np.linalg.norm(np.concatenate([each.ravel() for each in own.gradients]))
    assert numbers["norm of the data's gradient"] == pytest.approx(force)


def test_row09_the_losses_of_an_overfitting_network() -> None:
    case, own, numbers = examined(*ILL["overfitting"], "overfitting")
    assert numbers["training loss"] == pytest.approx(own.loss)
    assert numbers["test loss"] == pytest.approx(Pass(case, case.data.x_test, case.data.y_test).loss)


def test_row05_what_overflows_first_in_full_batch_descent() -> None:
    line = network(
        *relu(2, 4),
        data={"dataset": "sine"},
        batch_size=0,
        learning_rate=30.0,
        output={"output_activation": "identity"},
    )
    (start,) = trained(line, 0)
    (case,) = trained(line, 400)
    assert case.overflow is not None
    at, step = start.network.parameters.copy(), 0
    with np.errstate(all="ignore"):
        while True:
            step += 1
            now = Pass(start, start.data.x_train, start.data.y_train, at)
            after = at - 30.0 * now.flat
            if not (np.isfinite(now.loss) and np.isfinite(after).all()):
                break
            at = after
    assert case.overflow.step == step
    assert findings(case)["diverged"].evidence.startswith(f"At step {step}, ")
