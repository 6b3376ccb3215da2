"""The formulas compile unchanged to code without the GIL, for scalars, and match NumPy's results for arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

import core.formulas.activation_functions
import core.formulas.losses
import core.formulas.optimizers
from core.arrays import Floats, select
from core.formulas.activations import ACTIVATIONS, Activation, softmax, softmax_backward
from core.formulas.losses import LOSSES, Loss
from core.formulas.optimizers import OPTIMIZERS, Optimizer
from core.formulas.penalties import PENALTIES, Penalty

numba = pytest.importorskip("numba")
extending = pytest.importorskip("numba.extending")

Z = np.array([-1000.0, -37.5, -6.0, -5.0, -1.3, -0.5, -1e-9, 0.0, 5e-324, 1e-9, 0.4, 0.9, 3.0, 5.9, 40.0, 1000.0])


@pytest.fixture(scope="module", autouse=True)
def _known_to_the_compiler() -> None:
    def compiled_select(condition: Any, if_true: Any, if_false: Any) -> Callable[..., Any]:
        def branch(condition: Any, if_true: Any, if_false: Any) -> Any:
            return if_true if condition else if_false

        return branch

    extending.overload(select)(compiled_select)
    for helper in (
        *core.formulas.activation_functions.HELPERS,
        *core.formulas.losses.HELPERS,
        *core.formulas.optimizers.HELPERS,
    ):
        extending.register_jitable(helper)


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    made: Callable[..., Any] = numba.njit(nogil=True)(function)
    return made


def agree(mine: Any, expected: Any) -> None:
    # A compiled exponential and NumPy's may differ in the last place, and a sum of such terms by a few units.
    np.testing.assert_allclose(mine, expected, rtol=1e-15, atol=1e-15)


def one_by_one(function: Callable[..., Any], *columns: Floats | Sequence[float]) -> Floats:
    """Call the compiled function with one scalar from each column at a time."""
    scalar = compiled(function)
    return np.array([scalar(*map(float, values)) for values in zip(*columns, strict=True)])


@pytest.mark.parametrize("entry", ACTIVATIONS.values(), ids=lambda entry: entry.key)
def test_activations(entry: Activation) -> None:
    alpha = 0.3 if entry.alpha is None else entry.alpha
    for function in (entry.function, entry.derivative, entry.alpha_derivative):
        agree(one_by_one(function, Z, np.full(Z.shape, alpha)), function(Z, alpha))


@pytest.mark.parametrize(
    "entry", [entry for entry in LOSSES.values() if entry.elementwise], ids=lambda entry: entry.key
)
def test_elements_of_the_losses(entry: Loss) -> None:
    Y = (np.arange(len(Z)) % 2).astype(np.float64)
    for function in (entry.element_value, entry.element_derivative):
        assert function is not None
        agree(one_by_one(function, Z, Y), function(Z, Y))


def test_the_backward_pass_of_softmax() -> None:
    V = Z.reshape(4, 4)
    agree(compiled(softmax_backward)(softmax(V), V), softmax_backward(softmax(V), V))


@pytest.mark.parametrize("entry", PENALTIES.values(), ids=lambda entry: entry.key)
def test_penalties(entry: Penalty) -> None:
    for function in (entry.derivative, entry.proximal):
        agree(one_by_one(function, Z, np.full(Z.shape, 0.7)), function(Z, 0.7))
    agree(compiled(entry.value)(Z, 0.7), entry.value(Z, 0.7))


@pytest.mark.parametrize("entry", OPTIMIZERS.values(), ids=lambda entry: entry.key)
def test_optimizers(entry: Optimizer) -> None:
    w, g, a, b = np.random.default_rng(6).normal(size=(4, 9)) ** 2
    scalar = compiled(entry.update)
    for step in (1, 2, 1000):
        rest = (step, 0.1, 0.2, *entry.arguments({"momentum": 0.9}))
        expected = entry.update(w, g, a, b, *rest)
        mine = [scalar(*map(float, values), *rest) for values in zip(w, g, a, b, strict=True)]
        agree(np.transpose(mine), expected)
