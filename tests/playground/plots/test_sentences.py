"""What the plots say in words is true of their numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.training.loss_curve import LossCurve
from playground.plots.gradient_sentence import gradient_sentences, times_text
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
        ([0.0, 1.0], "first layer gets no gradient at all"),
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
