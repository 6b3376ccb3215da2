"""The saturated and dead zones of an activation, with the share of a layer's pre-activations in each."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
from msgspec import Struct

from core.arrays import Booleans, Floats
from core.formulas.activations import OUTPUT_ACTIVATIONS, Activation, saturated

Test: TypeAlias = Callable[[Floats], Booleans]
"""Returns where a neuron hardly learns, for pre-activations z."""

NEAREST: Final = 1e-4
FARTHEST: Final = 1e3
"""Zones are searched for between these distances from 0; no activation changes any more beyond the last."""

PER_DECADE: Final = 120
"""Points searched per factor of 10 in |z|. A zone around a zero of φ′ (swish, GELU, Mish) is several of them wide."""

HALVINGS: Final = 60


class Zone(Struct, frozen=True):
    """An interval of z in which a neuron hardly learns.

    Attributes:
        left: lower end; −inf if the zone has none.
        right: upper end; inf if the zone has none.
        share: share of all pre-activations in the zone.
    """

    left: float
    right: float
    share: float


def zones_of(activation: Activation, alpha: float, values: Floats, hardly_learns: Booleans) -> tuple[Zone, ...]:
    """Return the zones of ``activation`` from left to right; none for softmax, where they depend on the other outputs.

    Each pre-activation of ``values`` (n,) that ``hardly_learns`` (n,) counts for one zone, so the shares add up to the share of
    all of them.
    """
    if activation.row_wise:
        return ()
    ends = _ends(activation.key, alpha)
    if not ends:
        return ()
    middles = [(before[1] + after[0]) / 2.0 for before, after in pairwise(ends)]
    counts = np.bincount(np.searchsorted(middles, values[hardly_learns]), minlength=len(ends))
    shares = (counts / max(len(values), 1)).tolist()
    return tuple(Zone(left, right, share) for (left, right), share in zip(ends, shares, strict=True))


@lru_cache(maxsize=64)
def _ends(key: str, alpha: float) -> tuple[tuple[float, float], ...]:
    """Return the ends of all intervals in which a neuron with activation ``key`` hardly learns."""

    def test(z: Floats) -> Booleans:
        with np.errstate(over="ignore", invalid="ignore"):
            return saturated(z, alpha, OUTPUT_ACTIVATIONS[key])

    decades = math.log10(FARTHEST / NEAREST)
    positive = np.geomspace(NEAREST, FARTHEST, math.ceil(decades * PER_DECADE))
    z = np.concatenate([-positive[::-1], [0.0], positive])
    inside = np.concatenate([[False], test(z), [False]])
    change = np.flatnonzero(inside[1:] != inside[:-1]).tolist()
    ends = []
    for start, stop in zip(change[::2], change[1::2], strict=True):
        left = -math.inf if start == 0 else _edge(test, float(z[start]), float(z[start - 1]))
        right = math.inf if stop == len(z) else _edge(test, float(z[stop - 1]), float(z[stop]))
        ends.append((left, right))
    return tuple(ends)


def _edge(test: Test, inside: float, outside: float) -> float:
    """Return the point between ``inside`` and ``outside`` up to which ``test`` holds, by bisection."""
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2.0
        if test(np.array([middle]))[0]:
            inside = middle
        else:
            outside = middle
    return inside


def percentages(total: float, shares: Sequence[float]) -> tuple[int, ...]:
    """Return ``shares`` in whole percent that add up to the rounded ``total``, by the largest remainders.

    Rounded one by one, 14.4 % and 14.4 % would stand beside a total of 29 %.
    """
    exact = [100.0 * share for share in shares]
    whole = [math.floor(value) for value in exact]
    missing = min(max(round(100.0 * total) - sum(whole), 0), len(whole))
    for index in sorted(range(len(whole)), key=lambda index: whole[index] - exact[index])[:missing]:
        whole[index] += 1
    return tuple(whole)
