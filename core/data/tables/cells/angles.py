"""Convert angles and coordinates, such as ``47°11'26"N`` and ``8.5° W``, to degrees."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

import numpy as np

from core.data.tables.cells.forms import forms_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.arrays import Floats
    from core.data.tables.cells.forms import Form

_ANGLE: Final = re.compile(
    r"(?P<side_before>[NSEW] ?)?(?P<sign>[+−-])?(?P<degrees>[0-9]{1,3}(?:[.,][0-9]+)?)(?P<mark> ?°)? ?"
    r"(?:(?P<minutes>[0-9]{1,2}(?:[.,][0-9]+)?) ?['′’] ?(?:(?P<seconds>[0-9]{1,2}(?:[.,][0-9]+)?) ?(?:[\"″”]|''|′′) ?)?)?"
    r"(?P<side>[NSEW])?"
)
_TRIED_FIRST: Final = 30
_MAX_DEGREES: Final = 360


def parse_angles(texts: Sequence[str]) -> Floats | None:
    """Return (N,) the degrees of ``texts``, negative in the south and west; ``None`` unless all are angles with ° or a side."""
    if not texts or any(_degrees_of(form) is None for form in forms_of(texts[:_TRIED_FIRST])):
        return None
    degrees = np.full(len(texts), math.nan)
    for form in forms_of(texts):
        found = _degrees_of(form)
        if found is None:
            return None
        degrees[form.rows] = found
    return degrees


def _degrees_of(form: Form) -> Floats | None:
    """Return (n,) the degrees of texts of a form; ``None`` if one is no angle."""
    angle = _ANGLE.fullmatch(form.text)
    if angle is None:
        return None
    side = (angle["side"] or angle["side_before"] or "").strip()
    if not (angle["mark"] or side) or (angle["side"] and angle["side_before"]) or (angle["sign"] and side):
        return None
    degrees, minutes, seconds = (form.number(angle.span(name)) for name in ("degrees", "minutes", "seconds"))
    if (minutes >= 60).any() or (seconds >= 60).any() or (degrees > _MAX_DEGREES).any():
        return None
    is_negative = side in ("S", "W") or angle["sign"] in ("-", "−")
    return (-1.0 if is_negative else 1.0) * (degrees + minutes / 60 + seconds / 3600)
