"""What the plots say in words is true of their numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from core.analysis.gradient_stop import GradientStop
from core.training.loss_curve import LossCurve
from playground.plots.gradient_picture import bar_label
from playground.plots.gradient_sentence import gradient_sentences, stop_in_words, times_text
from playground.plots.loss_sentence import loss_sentences


def curve(train: np.ndarray, test: np.ndarray | None = None) -> LossCurve:
    steps = np.arange(float(len(train)))
    return LossCurve(steps / 25, steps, train, np.full(len(train), np.nan) if test is None else test)


FALLING = np.geomspace(1.0, 1e-3, 100)
FLAT = np.full(100, 0.5)


def test_falling_is_said_while_it_falls() -> None:
    assert loss_sentences(curve(FALLING, FALLING), has_test=True)[0] == "still falling"
    assert loss_sentences(curve(FLAT, FLAT), has_test=True) == ("",)


def test_noise_alone_is_neither_rising_nor_falling() -> None:
    noisy = 0.5 + 0.02 * np.random.default_rng(0).standard_normal(200)
    assert loss_sentences(curve(noisy, noisy), has_test=True) == ("",)


def test_rising_loss_blames_the_learning_rate() -> None:
    rising = np.geomspace(0.5, 50.0, 100)
    assert loss_sentences(curve(rising, rising), has_test=True)[0] == "rising: the learning rate may be too large"
    broken = FLAT.copy()
    broken[-20:] = math.inf
    assert loss_sentences(curve(broken, broken), has_test=True)[0].startswith("rising")


def test_memorizing_needs_a_test_loss_that_no_longer_falls() -> None:
    train = np.geomspace(1.0, 0.001, 100)
    stuck = np.full(100, 0.02)
    sentence = loss_sentences(curve(train, stuck), has_test=True)[0]
    assert sentence == "test loss far above training loss: overfitting"
    falling_too = np.geomspace(1.0, 0.005, 100)
    assert loss_sentences(curve(train, falling_too), has_test=True)[0] == "still falling"


def test_without_a_test_set_it_says_so() -> None:
    assert loss_sentences(curve(FLAT), has_test=False) == ("no test set",)
    assert loss_sentences(curve(FLAT[:2]), has_test=False) == ("no test set",)


def test_a_short_curve_says_nothing() -> None:
    assert loss_sentences(curve(FALLING[:5], FALLING[:5]), has_test=True) == ("",)
    assert loss_sentences(curve(np.zeros(0), np.zeros(0)), has_test=True) == ("",)


def test_a_loss_of_zero_says_nothing_wrong() -> None:
    assert loss_sentences(curve(np.zeros(50), np.zeros(50)), has_test=True) == ("",)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([2e-5, 3e-4, 5e-2], "∂L/∂W₁ is 2\u2009500 × smaller than ∂L/∂W₃"),
        ([0.5, 0.1], "∂L/∂W₁ is 5.0 × larger than ∂L/∂W₂"),
        ([0.5, 0.4], "first and last layer get about the same"),
        ([0.0, 1.0], "first layer gets no gradient"),
        ([1.0, 0.0], "last layer gets no gradient at all"),
        ([0.0, 0.0], "no layer gets any gradient"),
        ([math.inf, 1.0], "the gradient has overflowed"),
        ([math.inf, math.nan], "the gradient overflowed"),
        ([0.3], ""),
    ],
)
def test_gradient_sentence(values: list[float], expected: str) -> None:
    assert gradient_sentences(np.array(values))[0] == expected


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("dead", "no layer gets any gradient: all of hidden 10 is dead"),
        ("zero weights", "no layer gets any gradient: all weights W₁₀ are 0"),
        ("blocked", "no layer gets any gradient: φ′ = 0 wherever it reaches hidden 10"),
        ("underflow", "no layer gets any gradient: it underflows to 0 in hidden 10"),
        ("no error", "no layer gets any gradient: the loss has slope 0 for every sample"),
    ],
)
def test_a_gradient_that_stops_names_the_layer(reason: Any, expected: str) -> None:
    stop = stop_in_words(GradientStop(9, reason, 9), [f"Hidden {number}" for number in range(1, 11)])
    sentences = gradient_sentences(np.zeros(11), stop=stop)
    assert sentences[0] == expected
    assert [len(s) for s in sentences] == sorted((len(s) for s in sentences), reverse=True)
    assert "10" in sentences[-1] or "₁₀" in sentences[-1] or reason == "no error"


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (0.1296, 2, "0.13"),
        (0.1296, 1, "0.1"),
        (1.0, 2, "1.0"),
        (12.34, 2, "12"),
        (1.26e-4, 2, "1.3e−4"),
        (1.26e-4, 1, "1e−4"),
        (9.996e-4, 2, "0.0010"),
        (2.5e7, 2, "2.5e7"),
        (0.0, 2, "0"),
        (math.nan, 2, "NaN"),
        (math.inf, 1, "∞"),
    ],
)
def test_bars_are_labelled_with_as_many_digits_as_asked(value: float, digits: int, expected: str) -> None:
    assert bar_label(value, digits) == expected


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        (1.26, "1.3"),
        (9.96, "10"),
        (14.4, "14"),
        (2549.0, "2\u2009500"),
        (999_900.0, "1\u2009000\u2009000"),
        (2.6e8, "3·10⁸"),
        (9.7e9, "10¹⁰"),
        (1e40, "10⁴⁰"),
    ],
)
def test_factors_have_two_digits(ratio: float, expected: str) -> None:
    assert times_text(ratio) == expected


def test_shorter_forms_follow_longer_ones() -> None:
    for sentences in (gradient_sentences(np.array([1e-9, 1.0])), loss_sentences(curve(FALLING * 9), has_test=False)):
        assert [len(s) for s in sentences] == sorted((len(s) for s in sentences), reverse=True)


def test_after_a_jump_nothing_is_said_of_what_was_before() -> None:
    jumped = FALLING.copy()
    jumped[-1] = 50.0 * jumped[-2]
    assert loss_sentences(curve(jumped, jumped), has_test=True) == ("",)
