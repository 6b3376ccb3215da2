"""Sentences about the waterfall: how many decades the gradient lost or gained through W and through φ′."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from core.analysis.delta_split import DeltaSplit
from playground.style.numbers import MINUS

FLAT: Final = 0.3
"""Below this many decades (a factor of two) the gradient counts as unchanged."""


def decades(value: float) -> str:
    """Format a signed number of decades with one decimal: ``+0.8``, ``−6.1``, ``0.0``."""
    text = f"{abs(value):.1f}"
    if float(text) == 0.0:
        return text
    return f"+{text}" if value > 0.0 else f"{MINUS}{text}"


def rounded_parts(slope: float, weights: float) -> tuple[float, float]:
    """Return both parts in tenths of a decade that add up to their rounded sum, by the largest remainders."""
    tenths = [10.0 * slope, 10.0 * weights]
    whole = [math.floor(each) for each in tenths]
    missing = round(sum(tenths)) - sum(whole)
    for index in sorted(range(2), key=lambda index: whole[index] - tenths[index])[:missing]:
        whole[index] += 1
    return whole[0] / 10.0, whole[1] / 10.0


def waterfall_sentences(split: DeltaSplit) -> tuple[str, ...]:
    """Return sentences that summarize ``split``, longest first."""
    norms = split.log_norms
    if np.isnan(norms).any() or np.isnan(split.by_weights).any() or np.isnan(split.by_slope).any():
        return ("the gradient overflowed",)
    if not len(split.by_weights):
        return ("no hidden layer", "")
    if np.isneginf(norms[-1]):
        return ("the gradient at the output is 0", "no gradient at the output")
    zero_layers = np.flatnonzero(np.isneginf(norms))
    if len(zero_layers):
        last = int(zero_layers[-1])
        by_slope = np.isneginf(split.by_slope[last])
        cause = f"φ′ of hidden layer {last + 1} blocks" if by_slope else f"weights of layer {last + 2} block"
        return (f"{cause} the gradient", f"zero up to layer {last + 1}")
    slope, weights = float(split.by_slope.sum()), float(split.by_weights.sum())
    if not math.isfinite(slope + weights):
        return ("the gradient overflowed",)
    slope, weights = rounded_parts(slope, weights)
    total = slope + weights
    parts = f"{decades(slope)} through φ′, {decades(weights)} through W"
    if abs(total) < FLAT:
        same = "nearly constant over the layers" if np.ptp(norms) < 2.0 * FLAT else "ends as large as it began"
        return (f"gradient δ {same}: {parts}", parts, f"{decades(total)} decades")
    word = "loses" if total < 0.0 else "gains"
    amount = f"{abs(total):.1f}"
    return (
        f"gradient δ {word} {amount} decades in the backward pass: {parts}",
        f"{word} {amount} decades: φ′ {decades(slope)}, W {decades(weights)}",
        f"φ′ {decades(slope)}, W {decades(weights)}",
        f"{decades(total)} decades",
    )
