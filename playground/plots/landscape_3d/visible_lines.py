"""Divide lines over a height field where the surface starts or stops hiding them."""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct

from core.arrays import Floats
from playground.plots.landscape_3d.height_field import HeightField

PIECE: Final = 6.0
"""Length in pixels of the pieces that are tested for being hidden."""

MAX_PIECES: Final = 1500
"""Maximum number of pieces of a path; longer paths have longer pieces."""


class VisibleLine(Struct, frozen=True, eq=False):
    """The part of a line that is hidden, or the part that is not.

    Attributes:
        line: number of the line, that from point ``line`` to the next.
        start: where it starts, in pixels, (2,).
        end: where it ends, in pixels, (2,).
        is_hidden: whether the surface lies between it and the viewer.
    """

    line: int
    start: Floats
    end: Floats
    is_hidden: bool


def visible_lines(field: HeightField, points: Floats) -> list[VisibleLine]:
    """Return the lines between consecutive ``points (n, 3)``, without those that have an end that is not finite.

    A line that is long compared with the cells of the surface passes in front of some and behind others, so one depth for
    all of it would let cells cover parts of it that nothing hides.
    """
    places = field.at(points[:, 0], points[:, 1], points[:, 2])[:, :2]
    lines = np.flatnonzero(np.isfinite(places[:-1]).all(axis=1) & np.isfinite(places[1:]).all(axis=1))
    if not len(lines):
        return []
    lengths = np.linalg.norm(places[lines + 1] - places[lines], axis=1)
    piece = max(PIECE, float(lengths.sum()) / MAX_PIECES)
    counts = np.clip(np.ceil(lengths / piece), 1, MAX_PIECES).astype(np.int64)
    owner = np.repeat(np.arange(len(lines)), counts)
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    number = np.arange(len(owner)) - first[owner]
    start, end = points[lines][owner], points[lines + 1][owner]
    middle = start + (end - start) * ((number + 0.5) / counts[owner])[:, np.newaxis]
    hidden = field.hides(middle[:, 0], middle[:, 1], middle[:, 2])
    begins = np.flatnonzero(np.r_[True, (np.diff(owner) != 0) | (np.diff(hidden.astype(np.int8)) != 0)])
    seen = []
    for begin, stop in zip(begins.tolist(), [*begins[1:].tolist(), len(owner)], strict=True):
        index = int(owner[begin])
        line = int(lines[index])
        shares = np.array([number[begin], number[stop - 1] + 1]) / counts[index]
        ends = places[line] + shares[:, np.newaxis] * (places[line + 1] - places[line])
        seen.append(VisibleLine(line, ends[0], ends[1], bool(hidden[begin])))
    return seen
