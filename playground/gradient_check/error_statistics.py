"""Fit the truncation error of a sweep, and compute the histogram of a check's errors."""

from __future__ import annotations

from typing import Final

import numpy as np

from core.analysis.gradient_check import EpsilonSweep, GradientCheck
from core.arrays import Floats, Integers
from core.network.architecture import Architecture

MAX_STEP: Final = 0.05
"""Step size above which higher derivatives dominate the truncation error."""

ABOVE_ROUNDING: Final = 8.0
SLOPES: Final = (1.6, 2.4)

MIN_EXPONENT: Final = -16.0
MAX_EXPONENT: Final = 0.0
BINS_PER_DECADE: Final = 2


def truncation(sweep: EpsilonSweep) -> float | None:
    """Return c of the truncation error c·ε² of the sweep's first parameter; ``None`` if there is no such region."""
    error, rounding, eps = sweep.relative[:, 0], sweep.rounding[:, 0], sweep.epsilons
    fits = (eps <= MAX_STEP) & np.isfinite(error) & (error > ABOVE_ROUNDING * rounding) & ~sweep.kinked[:, 0]
    fits &= eps > sweep.best
    if fits.sum() < 3:
        return None
    x, y = np.log10(eps[fits]), np.log10(error[fits])
    slope = np.polyfit(x, y, 1)[0]
    return float(10.0 ** np.median(y - 2.0 * x)) if SLOPES[0] <= slope <= SLOPES[1] else None


def bin_edges() -> Floats:
    """Return the edges of the histogram's bins as exponents of ten."""
    return np.linspace(MIN_EXPONENT, MAX_EXPONENT, round((MAX_EXPONENT - MIN_EXPONENT) * BINS_PER_DECADE) + 1)


def error_counts(check: GradientCheck, architecture: Architecture) -> Integers:
    """Return (layers, bins): the number of relative errors of each layer in each bin; outliers go to the end bins."""
    edges = bin_edges()
    starts = np.array([layer.start for layer in architecture.layers])
    layers = np.searchsorted(starts, check.indices, side="right") - 1
    with np.errstate(divide="ignore"):
        exponents = np.log10(check.relative)
    bins = np.clip(np.searchsorted(edges, exponents, side="right") - 1, 0, len(edges) - 2)
    counts = np.zeros((len(architecture.layers), len(edges) - 1), dtype=np.int64)
    np.add.at(counts, (layers[~check.kinked], bins[~check.kinked]), 1)
    return counts
