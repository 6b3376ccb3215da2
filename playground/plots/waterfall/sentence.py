"""Sentences about the waterfall: how many decades the gradient lost or gained through W and through φ′."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from core.analysis.delta_split import DeltaSplit
from playground.style.numbers import MINUS

FLAT: Final = 0.3
"""Below this many decades (a factor of two) in total, and twice as many between any two layers, the gradient is constant."""

UNCHANGED: Final = 0.05
"""Below this many decades it ends as large as it began, although it changes on the way.

In deep networks the total jumps about 0 from batch to batch; with wider limits the words would change all the time, and each
time picture and sentence wait to be read.
"""

MAX_DECIMALS: Final = 5
"""Maximum number of decimals in the sentence.

Three do not add up in 1 of 65 snapshots. While training, each of these changed the words, and picture and sentence waited.
"""


def decades(value: float, decimals: int = 1) -> str:
    """Format a signed number of decades: ``+0.8``, ``−6.1``, ``0.0``."""
    text = f"{abs(value):.{decimals}f}"
    if float(text) == 0.0:
        return text
    return f"+{text}" if value > 0.0 else f"{MINUS}{text}"


def decimals_for(slope: float, weights: float, min_decimals: int = 1) -> int | None:
    """Return the fewest decimals with which both parts, each rounded to the nearest, add up to their rounded sum.

    Any other rounding would contradict the numbers beside the bars. ``None`` if :data:`MAX_DECIMALS` are too few.
    """
    for decimals in range(min_decimals, MAX_DECIMALS + 1):
        rounded, total = round(slope, decimals) + round(weights, decimals), round(slope + weights, decimals)
        if abs(rounded - total) < 0.5 * 10.0**-decimals:
            return decimals
    return None


def sentence_decimals(split: DeltaSplit) -> int:
    """Return the decimals of the numbers in the sentence: with a single layer at least two, as beside its bars."""
    slope, weights = float(split.by_slope.sum()), float(split.by_weights.sum())
    least = 2 if len(split.by_weights) == 1 else 1
    return (decimals_for(slope, weights, least) or least) if _names_total(slope + weights, split) else least


def bar_decimals(split: DeltaSplit) -> tuple[int, ...]:
    """Return the possible decimals of the numbers beside the bars, best first; those of a single layer are the sentence's."""
    return (sentence_decimals(split),) if len(split.by_weights) == 1 else (2, 1)


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
    total, decimals = slope + weights, sentence_decimals(split)
    by_slope, by_weights = decades(slope, decimals), decades(weights, decimals)
    parts = f"{by_slope} through φ′, {by_weights} through W"
    if not _names_total(total, split):
        same = "nearly constant over the layers" if _is_constant(total, split) else "ends as large as it began"
        with_unit = f"{by_slope} decades through φ′, {by_weights} through W"
        return (f"gradient δ {same}: {with_unit}", with_unit, parts, f"{decades(total, decimals)} decades")
    brief = (f"φ′ {by_slope}, W {by_weights}", f"{decades(total, decimals)} decades")
    if decimals_for(slope, weights, decimals) is None:
        return (f"decades of gradient δ in the backward pass: {parts}", *brief)
    change = f"{'loses' if total < 0.0 else 'gains'} {abs(total):.{decimals}f} decades"
    return (f"gradient δ {change} in the backward pass: {parts}", f"{change}: φ′ {by_slope}, W {by_weights}", *brief)


def _names_total(total: float, split: DeltaSplit) -> bool:
    """Return whether the sentence names the total change of ``total`` decades: not if it is about 0, or unknown."""
    return math.isfinite(total) and abs(total) >= UNCHANGED and not _is_constant(total, split)


def _is_constant(total: float, split: DeltaSplit) -> bool:
    return abs(total) < FLAT and float(np.ptp(split.log_norms)) < 2.0 * FLAT
