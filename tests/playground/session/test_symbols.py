"""Symbols of neurons and weights: by layer, and with consecutive numbers as in the notes."""

from __future__ import annotations

import pytest

from core.analysis.chain_rule import Factor
from playground.session.selection import Names, Selection

NOTES = Names((3, 3, 2, 1), ("play", "study", "sleep"), (), numbered=True)
LAYERS = Names((2, 4, 2), ("x₁", "x₂"), ("no", "yes"))


def test_row06_weights_and_neurons_have_the_names_of_the_notes() -> None:
    assert [NOTES.of_neuron(column, n) for column, count in ((1, 3), (2, 2), (3, 1)) for n in range(count)] == [
        *("z₁", "z₂", "z₃", "z₄", "z₅", "z₆")
    ]
    weight = NOTES.symbols.weight
    assert [weight(1, source, target) for source in range(3) for target in range(2)] == [
        *("w₅₀", "w₅₁", "w₆₀", "w₆₁", "w₇₀", "w₇₁")
    ]
    assert [weight(2, source, 0) for source in range(2)] == ["w₈₀", "w₉₀"]
    assert [weight(0, source, 2) for source in range(3)] == ["w₂₂", "w₃₂", "w₄₂"]
    assert NOTES.title(Selection("weight", 2, 0, 0)) == "Weight w₈₀ from z₄ to z₆"
    assert NOTES.title(Selection("neuron", 1, 0)) == "Neuron z₄"
    assert NOTES.of_route(0, (0, 1, 0)) == "via z₅"


def test_no_two_weights_of_a_wide_network_have_one_name() -> None:
    names = Names((13, 12, 30, 11), (), (), numbered=True)
    every = [
        names.symbols.weight(layer, source, target)
        for layer in range(3)
        for source in range(names.counts[layer])
        for target in range(names.counts[layer + 1])
    ]
    assert len(set(every)) == len(every)


def test_other_networks_keep_the_names_by_layer() -> None:
    symbols = LAYERS.symbols
    assert symbols.weight(0, 1, 3) == "W₁[2,4]"
    assert symbols.bias(1, 0) == "b₂[1]"
    assert symbols.activation(0, 1) == "x₂"
    assert symbols.prediction(1) == "ŷ[2]"
    assert LAYERS.symbol_of(Selection("weight", 1, 0, 3)) == "W₂[4,1]"
    assert LAYERS.symbol_of(Selection("bias", 0, 2)) == "b₁[3]"


@pytest.mark.parametrize(
    ("factor", "symbol"),
    [
        (Factor("∂z/∂w", 0.5, "input", 1, 0, 0), "a₁"),
        (Factor("∂z/∂w", 0.5, "input", 0, 0, 1), "study"),
        (Factor("∂z/∂b", 1.0, "input", 1, 1, -1), "∂z₅/∂b"),
        (Factor("φ′(z)", 0.2, "slope", 1, 0), "φ′(z₄)"),
        (Factor("w", -1.3, "weight", 2, 0, 0), "w₈₀"),
        (Factor("dropout", 2.0, "dropout", 1, 0), "mask(a₄)"),
        (Factor("∂L/∂ŷ of Output · 1", 0.4, "loss", 2, 0), "∂L/∂ŷ"),
        (Factor("∂L/∂z of Output · 1", 0.4, "loss", 2, 0), "∂L/∂z₆"),
        (Factor("mean", 0.4, "mean"), "mean of a·φ′·∂L/∂ŷ"),
    ],
)
def test_a_factor_is_written_as_in_an_equation(factor: Factor, symbol: str) -> None:
    assert NOTES.symbols.factor(factor) == symbol
