"""What the waterfall says in words: how many decades the gradient lost or gained, and through what."""

from __future__ import annotations

from typing import Final

import numpy as np

from core.analysis.delta_split import DeltaSplit
from playground.style.numbers import MINUS

FLAT: Final = 0.3
"""Below this many decades (a factor of two) the gradient counts as unchanged."""


def decades(value: float) -> str:
    """Return a signed number of decades with one digit after the point: ``+0.8``, ``−6.1``, ``0.0``."""
    text = f"{abs(value):.1f}"
    if float(text) == 0.0:
        return text
    return f"+{text}" if value > 0.0 else f"{MINUS}{text}"


def waterfall_sentences(split: DeltaSplit) -> tuple[str, ...]:
    """Return what to say of ``split``, longest form first."""
    norms = split.log_norms
    if np.isnan(norms).any() or np.isnan(split.by_weights).any() or np.isnan(split.by_slope).any():
        return ("the gradient overflowed",)
    if not len(split.by_weights):
        return ("no hidden layer", "")
    if np.isneginf(norms[-1]):
        return ("no gradient at the output: nothing is left to learn from", "no gradient at the output")
    gone = np.flatnonzero(np.isneginf(norms))
    if len(gone):
        last = int(gone[-1])
        by_slope = np.isneginf(split.by_slope[last])
        cause = f"φ′ of hidden layer {last + 1} stops" if by_slope else f"weights of layer {last + 2} stop"
        return (f"{cause} the gradient", f"gone from layer {last + 1} on")
    total, slope, weights = float(norms[0] - norms[-1]), float(split.by_slope.sum()), float(split.by_weights.sum())
    parts = f"{decades(slope)} through φ′, {decades(weights)} through W"
    if abs(total) < FLAT:
        return (f"hardly changes on the way back: {parts}", parts, f"{decades(total)} decades")
    word = "loses" if total < 0.0 else "gains"
    amount = f"{abs(total):.1f}"
    return (
        f"gradient {word} {amount} decades on the way back: {parts}",
        f"{word} {amount} decades: φ′ {decades(slope)}, W {decades(weights)}",
        f"φ′ {decades(slope)}, W {decades(weights)}",
        f"{decades(total)} decades",
    )
