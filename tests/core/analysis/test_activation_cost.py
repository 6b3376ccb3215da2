"""The measured cost of activations relative to ReLU: exponentials are slower."""

from __future__ import annotations

import pytest

from core.analysis.activation_cost import activation_cost
from core.formulas.activations import OUTPUT_ACTIVATIONS


def test_relu_costs_as_much_as_itself() -> None:
    assert activation_cost("relu", 0.0) == pytest.approx(1.0, rel=0.5)


@pytest.mark.parametrize("key", ["elu", "swish", "mish", "gelu", "softplus", "softmax"])
def test_row13_exponentials_cost_more_than_relu(key: str) -> None:
    assert activation_cost(key, OUTPUT_ACTIVATIONS[key].alpha or 0.0) > 1.2
