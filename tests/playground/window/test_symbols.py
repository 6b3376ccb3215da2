"""Every symbol in the formula of a card is explained beside it."""

from __future__ import annotations

import re

import pytest

from playground.window.cards import CARDS
from playground.window.symbols import SYMBOLS, meanings

NOT_SYMBOLS = (
    r"\\mathrm\{[^}]*\}",
    r"\\(?:frac|sum|prod|quad|cdots|cdot|partial|left|right|log|le|leftarrow|mapsto|lim|infty|circ|to)(?![A-Za-z])",
    r"_\{?[ijklmn]+(?:[-+=]1)?\}?",
    r"_\{(?:max|in|out)\}",
    r"\bi :|= [jk]\b",
    r"\+ t \\,",
    r"f\(w\)",
    r"L_i",
    r"\{K\}",
)
"""Words, commands and indices."""


@pytest.mark.parametrize("key", CARDS)
def test_no_symbol_of_a_formula_is_left_unexplained(key: str) -> None:
    formula = CARDS[key].formula
    left = list(formula)
    for pattern in (*(pattern for pattern, _meaning in SYMBOLS), *NOT_SYMBOLS):
        for match in re.finditer(pattern, formula):
            left[match.start() : match.end()] = " " * len(match.group())
    assert not re.search("[A-Za-z]", "".join(left)), "".join(left)


def test_each_meaning_is_needed_by_a_card() -> None:
    needed = {meaning for entry in CARDS.values() for meaning in meanings(entry.formula)}
    assert needed == {meaning for _pattern, meaning in SYMBOLS}


def test_a_symbol_in_a_word_is_not_explained() -> None:
    assert meanings(r"\mathrm{Xavier}: \sigma^2 = 1") == ("σ²: variance",)
    assert meanings(r"\|\delta_l\|")[:1] == ("δ = ∂L/∂z: gradient with respect to the pre-activation",)
