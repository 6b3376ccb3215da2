"""Optimizers: first steps by hand, PyTorch's paths over 50 steps, and each entry's properties."""

from __future__ import annotations

import numpy as np
import pytest

from core.arrays import Floats
from core.formulas.optimizers import OPTIMIZERS, Optimizer
from core.formulas.penalties import PENALTIES
from tests.core.support import golden

GOLDEN = golden("registries")
CURVATURE = np.array([0.1, 0.5, 1.0, 2.0, 4.0, 8.0])
CENTRE = np.array([1.0, -1.0, 0.5, -0.5, 0.25, 2.0])
LAMBDA = GOLDEN["optimizers/decay"]

every_entry = pytest.mark.parametrize("entry", OPTIMIZERS.values(), ids=lambda entry: entry.key)


def slope(w: Floats) -> Floats:
    """Return the gradient of the function in make_golden.py: ½ Σ c·(w − m)² − 0.1 Σ cos 3w."""
    gradient: Floats = CURVATURE * (w - CENTRE) + 0.3 * np.sin(3.0 * w)
    return gradient


def path(entry: Optimizer, steps: int, decay: Floats, **values: float) -> Floats:
    """Return the parameters before and after each step, with L2 decoupled or in the gradient, depending on the entry."""
    learning_rate, momentum = GOLDEN[f"optimizers/{entry.key}/settings"]
    values = {"momentum": momentum} | values
    w = GOLDEN[f"optimizers/{entry.key}/path"][0]
    a = b = np.zeros_like(w)
    visited = [w]
    for step in range(1, steps + 1):
        g = slope(w)
        if not entry.decoupled_decay:
            g = g + decay * PENALTIES["l2"].derivative(w, 1.0)
        w, a, b = entry.update(w, g, a, b, step, learning_rate, decay, *entry.arguments(values))
        visited.append(w)
    return np.array(visited)


def step_of(
    entry: Optimizer,
    w: Floats,
    g: Floats,
    a: Floats | None = None,
    b: Floats | None = None,
    step: int = 1,
    *,
    decay: float = 0.0,
    **values: float,
) -> tuple[Floats, Floats, Floats]:
    """Take one step with learning rate 0.1 and, unless ``values`` has another, momentum 0.9."""
    first, second = (np.zeros_like(w) if state is None else state for state in (a, b))
    return entry.update(w, g, first, second, step, 0.1, decay, *entry.arguments({"momentum": 0.9, **values}))


def first_steps(key: str, gradients: list[float], start: float = 1.0, decay: float = 0.0) -> list[float]:
    """Return the parameters after each step with learning rate 0.1 and momentum 0.5."""
    w, a, b = np.array([start]), np.zeros(1), np.zeros(1)
    visited = []
    for step, gradient in enumerate(gradients, start=1):
        w, a, b = step_of(OPTIMIZERS[key], w, np.array([gradient]), a, b, step, momentum=0.5, decay=decay)
        visited.append(float(w[0]))
    return visited


def test_the_keys_are_those_of_the_contract_in_menu_order() -> None:
    assert list(OPTIMIZERS) == ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]


@every_entry
def test_fifty_steps_match_pytorch(entry: Optimizer) -> None:
    np.testing.assert_allclose(
        path(entry, 50, 0.0 * LAMBDA), GOLDEN[f"optimizers/{entry.key}/path"], rtol=1e-12, atol=1e-13
    )


@every_entry
def test_fifty_steps_with_l2_on_weights_match_pytorch(entry: Optimizer) -> None:
    expected = GOLDEN[f"optimizers/{entry.key}/decayed_path"]
    np.testing.assert_allclose(path(entry, 50, LAMBDA), expected, rtol=1e-12, atol=1e-13)
    plain = GOLDEN[f"optimizers/{entry.key}/path"]
    assert np.all(np.abs(expected[-1] - plain[-1])[:4] > 1e-4)  # the decay has an effect,
    np.testing.assert_array_equal(expected[:, 4:], plain[:, 4:])  # but not on the biases


@pytest.mark.parametrize("key", [key for key, entry in OPTIMIZERS.items() if entry.hyper_parameters])
def test_fifty_steps_with_other_hyper_parameters_match_pytorch(key: str) -> None:
    entry = OPTIMIZERS[key]
    values = {each.key: float(GOLDEN[f"optimizers/{key}/other/{each.key}"]) for each in entry.hyper_parameters}
    expected = GOLDEN[f"optimizers/{key}/other_path"]
    np.testing.assert_allclose(path(entry, 50, LAMBDA, **values), expected, rtol=1e-12, atol=1e-13)
    for changed in values:  # each has an effect
        assert not np.allclose(
            path(entry, 50, LAMBDA, **{changed: values[changed]}), path(entry, 50, LAMBDA), rtol=1e-6
        )


def test_first_steps_by_hand() -> None:
    # v: 2, 0.5·2 − 1 = 0
    assert first_steps("sgd", [2.0, -1.0]) == pytest.approx([0.8, 0.9], rel=1e-15)
    assert first_steps("momentum", [2.0, -1.0]) == pytest.approx([0.8, 0.8], rel=1e-15)
    # g + 0.5·v: 3, −1
    assert first_steps("nesterov", [2.0, -1.0]) == pytest.approx([0.7, 0.8], rel=1e-15)
    # √(4), √(4 + 5)
    assert first_steps("adagrad", [2.0, -(5.0**0.5)]) == pytest.approx([0.9, 0.9 + 0.1 * 5.0**0.5 / 3.0], rel=1e-9)
    # √(0.01·4) = 0.2, so the first step is ten times the learning rate
    assert first_steps("rmsprop", [2.0]) == pytest.approx([0.0], abs=1e-7)
    # With bias correction the first step equals the learning rate for any gradient, and so do all for a constant one.
    assert first_steps("adam", [2.0, 2.0, 2.0]) == pytest.approx([0.9, 0.8, 0.7], rel=1e-8)
    assert first_steps("adam", [1e-3]) == pytest.approx([0.9], rel=1e-5)
    # 1 · (1 − 0.1 · 0.5) − 0.1
    assert first_steps("adamw", [2.0], decay=0.5) == pytest.approx([0.85], rel=1e-8)


@every_entry
def test_row05_the_first_step_goes_against_the_slope(entry: Optimizer) -> None:
    g = np.array([-3.0, -1e-3, 1e-3, 5.0])
    w, _, _ = step_of(entry, np.zeros(4), g)
    np.testing.assert_array_equal(np.sign(w), -np.sign(g))


def test_row05_on_a_quadratic_descent_diverges_exactly_above_two_over_the_curvature() -> None:
    def distance(learning_rate: float) -> float:
        w = np.array([1.0])
        for step in range(1, 201):
            w, _, _ = OPTIMIZERS["sgd"].update(w, 8.0 * w, w, w, step, learning_rate, 0.0)
        return abs(float(w[0]))

    assert distance(0.99 * 2 / 8) < 0.05
    assert distance(1.01 * 2 / 8) > 20.0
    assert distance(2 / 8) == 1.0


@every_entry
def test_an_optimizer_uses_exactly_the_state_and_settings_it_names(entry: Optimizer) -> None:
    rng = np.random.default_rng(5)
    w, g, a, b = rng.normal(size=(4, 3)) ** 2
    kept = [array.copy() for array in (w, g, a, b)]
    new, new_a, new_b = step_of(entry, w, g, a, b, 3, decay=0.2)
    for array, before in zip((w, g, a, b), kept, strict=True):
        np.testing.assert_array_equal(array, before)
    assert not np.array_equal(new, w)
    assert (not np.array_equal(new_a, a), not np.array_equal(new_b, b)) == (
        len(entry.state) >= 1,
        len(entry.state) == 2,
    )
    assert np.array_equal(step_of(entry, w, g, a, b, 3, momentum=0.1, decay=0.2)[0], new) == (not entry.uses_momentum)
    assert np.array_equal(step_of(entry, w, g, a, b, 3)[0], new) == (not entry.decoupled_decay)


@every_entry
def test_a_plain_rule_steps_by_the_learning_rate_times_the_gradient(entry: Optimizer) -> None:
    w, g = np.array([1.0, -2.0, 0.5]), np.array([0.3, -0.7, 2.0])
    a = b = np.array([0.2, 0.4, 0.1])
    new, _, _ = step_of(entry, w, g, a, b, 3, decay=0.2)
    assert entry.plain == np.array_equal(new, w - 0.1 * g)
    assert not (entry.plain and len(entry.state))


@every_entry
def test_a_rule_without_momentum_switches_to_an_equivalent_rule_with_momentum(entry: Optimizer) -> None:
    assert entry.offers_momentum == (entry.uses_momentum or entry.with_momentum is not None)
    if entry.with_momentum is None:
        return
    other = OPTIMIZERS[entry.with_momentum]
    assert (entry.uses_momentum, other.uses_momentum) == (False, True)
    w, g = np.array([1.0, -2.0]), np.array([0.3, -0.7])
    steps = [step_of(rule, w, g, momentum=0.0)[0] for rule in (entry, other)]
    np.testing.assert_array_equal(*steps)


@every_entry
def test_zero_gradient_changes_nothing(entry: Optimizer) -> None:
    w = np.array([1.0, -2.0])
    new, _, _ = step_of(entry, w, np.zeros(2))
    np.testing.assert_array_equal(new, w)


def test_zero_momentum_is_plain_gradient_descent() -> None:
    w, g = np.array([1.0, 2.0]), np.array([0.5, -3.0])
    plain = step_of(OPTIMIZERS["sgd"], w, g)[0]
    for key in ("momentum", "nesterov"):
        np.testing.assert_array_equal(step_of(OPTIMIZERS[key], w, g, momentum=0.0)[0], plain)
