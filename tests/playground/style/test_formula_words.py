"""Formulas are converted to the words with which they are read aloud."""

from __future__ import annotations

import pytest

from core.lessons.catalogue import lesson_files
from core.lessons.file_format.markdown import formulas
from playground.style.formula_words import formula_in_words


@pytest.mark.parametrize(
    ("latex", "words"),
    [
        (r"\varphi'(z) \le 0.25", "phi prime (z) is at most 0.25"),
        (r"\frac{\partial L}{\partial w}", "partial L over partial w"),
        (r"L = \tfrac{1}{2} (\hat{y} - y)^2", "L equals 1 over 2 (y hat minus y) squared"),
        (r"w \leftarrow w - \alpha\,v", "w becomes w minus alpha v"),
        (r"2/\lambda", "2 over lambda"),
        (r"n_\text{out}\,\sigma^2", "n out sigma squared"),
        (r"\mathrm{ReLU}(z) = \max(z, 0)", "ReLU (z) equals maximum of (z, 0)"),
        (r"\sqrt{\frac{2}{n}}", "square root of 2 over n"),
        (r"\frac{1}{1 + e^{-z}}", "1 over (1 plus e to the power of minus z)"),
        (r"\frac{c}{\|g\|} + |w|", "c over norm of g plus absolute value of w"),
        (r"W_{l+1}^T", "W (l plus 1) transposed"),
        (r"\frac{", r"\frac{"),
    ],
)
def test_formulas_in_words(latex: str, words: str) -> None:
    assert formula_in_words(latex) == words


def test_no_formula_of_the_lessons_is_read_as_symbols() -> None:
    found = {latex for path in lesson_files("en").values() for latex in formulas(path.read_text(encoding="utf-8"))}
    assert len(found) > 60
    for latex in found:
        words = formula_in_words(latex)
        assert words.isascii(), words
        assert not set(words) & set("\\{}_^$|"), words
