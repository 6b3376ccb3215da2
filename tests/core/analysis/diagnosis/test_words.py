"""Numbers and names in the evidence, and the changes that cures consist of."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis.diagnosis.changes import initialized, suited, suited_initializer, with_rate
from core.analysis.diagnosis.words import decades, layers_named, number, one_digit, weights_of
from core.experiment import Experiment, HiddenLayer, NetworkSettings
from core.experiment.experiment_file import checked
from core.formulas.activations import OUTPUT_ACTIVATIONS
from core.formulas.initializers import INITIALIZERS
from tests.core.analysis.support import architecture_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.03, "0.03"),
        (0.0312, "0.031"),
        (0.0999, "0.1"),
        (2.5, "2.5"),
        (10.0, "10"),
        (1234.0, "1\u2009200"),
        (3.2e-7, "3.2·10⁻⁷"),
        (1e-12, "10⁻¹²"),
        (4e9, "4·10⁹"),
        (-2.0, "−2"),
        (math.inf, "∞"),
        (math.nan, "NaN"),
    ],
)
def test_numbers_have_two_digits(value: float, text: str) -> None:
    assert number(value) == text


@given(st.floats(1e-12, 1e12))
def test_one_digit_never_exceeds_the_value(value: float) -> None:
    rounded = one_digit(value)
    assert 0.5 * value < rounded <= value * (1.0 + 1e-8)
    assert one_digit(rounded) == pytest.approx(rounded)


@pytest.mark.parametrize(
    ("indices", "names"),
    [
        ([0], "hidden 1"),
        ([1, 2, 3], "hidden 2 to 4"),
        ([0, 2], "hidden 1 and 3"),
        ([0, 1, 3], "hidden 1, 2 and 4"),
        ([0, 1], "hidden 1 and 2"),
        ([4], "the output"),
        ([1, 4], "hidden 2 and the output"),
    ],
)
def test_layers_are_named_in_few_words(indices: list[int], names: str) -> None:
    layers = architecture_of(2, [3, 3, 3, 3, 1], ["tanh"] * 5).layers
    assert layers_named(layers, indices) == names
    assert weights_of(11) == "W₁₂"


@pytest.mark.parametrize(("value", "text"), [(0.84, "+0.8"), (-6.14, "−6.1"), (-0.04, "0.0"), (0.0, "0.0")])
def test_decades_have_a_sign_if_they_are_not_0(value: float, text: str) -> None:
    assert decades(value) == f"{text} decades"


@pytest.mark.parametrize("activation", OUTPUT_ACTIVATIONS)
def test_the_suited_initializer_is_the_one_designed_for_the_activation(activation: str) -> None:
    initializer = INITIALIZERS[suited_initializer(activation)]
    assert suited([activation, activation]) == initializer.label
    label = OUTPUT_ACTIVATIONS[activation].label.lower()
    designed = {key for key, each in INITIALIZERS.items() if label in each.good_for.lower()}
    assert not designed or initializer.key in designed


def test_a_change_of_initializer_reaches_the_output_and_ignores_layers_that_are_gone() -> None:
    experiment = Experiment(
        network=NetworkSettings(
            hidden=(HiddenLayer(activation="relu", gain=3.0),), output_gain=2.0, output_initializer="zeros"
        )
    )
    changed = initialized([0, 1, 7], "tanh")(experiment).network
    assert (changed.hidden[0].initializer, changed.hidden[0].gain) == ("he_normal", 1.0)
    assert (changed.output_initializer, changed.output_gain) == ("xavier_normal", 1.0)


def test_a_learning_rate_stays_within_its_limits() -> None:
    for rate in (1e-300, 1e300):
        checked(with_rate(rate)(Experiment()))
