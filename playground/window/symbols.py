"""What the symbols in the formulas of cards mean, for readers who have not met them yet."""

from __future__ import annotations

import re
from typing import Final

SYMBOLS: Final = (
    (r"L\b", "L: loss"),
    (r"\\ell\b", "ℓ: loss of one sample"),
    (r"\\hat\{y\}", "ŷ: prediction"),
    (r"\by_i\b", "y: target"),
    (r"\bx\b", "x: input"),
    (r"\\theta\b", "θ: all parameters"),
    (r"\bw(_\{?[0ijt]|\b)", "w: weight"),
    (r"\bW\b|W_|W\^", "W: weights of a layer"),
    (r"\bb(_|\b)", "b: bias"),
    (r"\bz(_|\b)", "z: pre-activation, the weighted sum plus bias"),
    (r"\ba(_|\b)", "a: activation"),
    (r"\\varphi", "φ: activation function"),
    (r"\\varphi'", "φ′: its slope"),
    (r"\\delta", "δ = ∂L/∂z: gradient with respect to the pre-activation"),
    (r"\\Delta", "Δ: change in one update"),
    (r"\\alpha\b", "α: learning rate"),
    (r"\\nabla f", "∇f: gradient of f, the loss or a surface"),
    (r"\\lambda", "λ: largest curvature"),
    (r"\\sigma", "σ²: variance"),
    (r"\bn_\{(in|out)\}", "n: number of neurons before (in) and after (out) the layer"),
    (r"\{n\}|=1\}\^\{n\}", "n: number of samples"),
    (r"\bg(_K|\b)", "g: full gradient"),
    (r"\bg_K\b", "K: number of samples in a batch"),
    (r"\bg_i\b", "gᵢ: gradient of one sample"),
    (r"\bE(_m|\[| )", "E: mean"),
    (r"\bP_", "P: percentile"),
    (r"\bm \\circ", "m: mask, which neurons are dropped"),
    (r"\bp\b", "p: drop probability"),
    (r"\bd_[12]\b", "d₁, d₂: directions of the plane"),
    (r"\bs \\, ", "s, t: coordinates in it"),
    (r"\bC_", "C: count of samples"),
    (r"\\arg\\max", "arg max: the class with the largest output"),
    (r"\\\|", "‖…‖: size, the root of the sum of squares"),
    (r"(?<=_)t\b|t \\to", "t: number of steps"),
    (r"_\{?l\b", "l: number of the layer"),
    (r"\^T", "ᵀ: transposed"),
)
"""Pattern of a symbol in a formula, and its meaning."""


def meanings(formula: str) -> tuple[str, ...]:
    """Return what the symbols in ``formula`` (LaTeX) mean, in the order of ``SYMBOLS``."""
    return tuple(meaning for pattern, meaning in SYMBOLS if re.search(pattern, formula))
