"""What the gradient plot shows besides the present magnitudes, as text from which it can be shown again."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
import numpy as np
from msgspec import Meta, Struct

if TYPE_CHECKING:
    from core.arrays import Floats
    from playground.plots.gradient.picture import GradientData, Limits

MAX_BYTES: Final = 6000
"""Maximum size of the numbers; of a very deep network, the oldest part of the trail is left out."""


class Memory(Struct, frozen=True, eq=False):
    """The trail and the normal range at one moment of a run.

    Attributes:
        entry: index of the menu entry.
        step: number of updates made.
        values: (layers,), the magnitudes at that moment.
        trail: magnitudes before, oldest first, each (layers,).
        normal: limits of the normal ranges; ``None`` if unknown.
    """

    entry: int
    step: int
    values: Floats
    trail: tuple[Floats, ...]
    normal: Limits | None

    def fits(self, entry: int, step: int, values: Floats) -> bool:
        """Return whether it belongs to ``values`` at ``step``, perhaps computed by another program version."""
        is_moment = (self.entry, self.step, self.values.shape) == (entry, step, values.shape)
        return is_moment and np.allclose(self.values, values, rtol=1e-9, atol=0.0, equal_nan=True)


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    entry: int
    step: int
    layers: Annotated[int, Meta(ge=1, le=MAX_BYTES // 8)]
    has_normal: bool
    numbers: Annotated[str, Meta(max_length=2 * MAX_BYTES)]


def encoded(entry: int, step: int, data: GradientData) -> str:
    """Return the trail and the normal range of ``data`` with the moment that they belong to; empty if there are none."""
    normal = () if data.normal is None else data.normal
    room = MAX_BYTES // max(data.values.nbytes, 1) - 1 - len(normal)
    trail = data.trail[max(len(data.trail) - room, 0) :] if room > 0 else ()
    if room < 0 or not (normal or trail):
        return ""
    numbers = np.array([data.values, *normal, *trail], dtype="<f8").tobytes()
    text = base64.b64encode(numbers).decode()  # exact, also for infinity and NaN
    return msgspec.json.encode(_File(entry, step, len(data.values), bool(normal), text)).decode()


def decoded(text: str) -> Memory | None:
    """Return what is in the untrusted ``text``; ``None`` if it is damaged."""
    try:
        file = msgspec.json.decode(text, type=_File)
        rows = np.frombuffer(base64.b64decode(file.numbers, validate=True), "<f8").reshape(-1, file.layers)
    except (msgspec.MsgspecError, ValueError):
        return None
    first = 3 if file.has_normal else 1
    if len(rows) < first:
        return None
    normal = (rows[1], rows[2]) if file.has_normal else None
    return Memory(file.entry, file.step, rows[0], tuple(rows[first:]), normal)
