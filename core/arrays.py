"""Array type aliases, the letters of shapes, and helpers for arrays and scalars.

Shapes in docstrings use these letters:

==========  =====================================================
``N``       samples in a set
``B``       samples in a batch
``D_in``    inputs of a layer (fan_in); of a network: its features
``D_out``   outputs of a layer (fan_out)
``P``       all parameters of a network, in one flat vector
``K``       classes
==========  =====================================================

Everything is float64, samples are rows: ``X (B, D_in)``, ``W (D_in, D_out)``, ``b (D_out,)``, ``Z = A @ W + b``.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
"""An array of float64; docstrings state its shape."""

Integers: TypeAlias = npt.NDArray[np.int64]
"""An array of int64: class indices, sample orders."""

Booleans: TypeAlias = npt.NDArray[np.bool_]
"""A boolean array: masks, dead neurons."""


def select(condition: Booleans, if_true: Floats | float, if_false: Floats | float) -> Floats:
    """Return ``if_true`` where ``condition`` holds and ``if_false`` elsewhere, element by element.

    The formulas in :mod:`core.formulas` use this instead of ``numpy.where``: the compiled loop replaces it by a plain branch
    for scalars, where ``numpy.where`` would build an array (measured: 240 ns per element). Both arguments are evaluated,
    so neither may overflow where the other is chosen.
    """
    return np.where(condition, if_true, if_false)


def norms(rows: Floats) -> Floats:
    """Return the :func:`norm` of each of ``rows (n, P)``, (n,), bit-identical to calling it for each row."""
    largest = np.max(np.abs(rows), axis=1, initial=0.0)
    usable = (largest > 0.0) & np.isfinite(largest)
    scaled = rows / np.where(usable, largest, 1.0)[:, np.newaxis]
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(np.where(usable, largest * np.sqrt(np.sum(scaled * scaled, axis=1)), largest))


def norm(values: Floats, largest: float | None = None) -> float:
    """Return the L2 norm √Σv² of ``values`` (any shape) without intermediate overflow or underflow; 0 if empty.

    It is inf if a value is infinite and NaN if one is NaN. ``largest`` is the largest magnitude, if known.
    """
    if largest is None:
        largest = float(np.max(np.abs(values), initial=0.0))
    if largest == 0.0 or not math.isfinite(largest):
        return largest
    scaled = values / largest
    return largest * math.sqrt(float(np.sum(scaled * scaled)))
