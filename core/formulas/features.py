"""The registry of input features: functions of a point (x₁, x₂), and plain columns of wider data."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from core.arrays import Floats
from core.errors import PlaygroundError
from core.registry import Entry, registry

if TYPE_CHECKING:
    from collections.abc import Mapping

_COLUMN_KEY: Final = re.compile(r"x([1-9][0-9]{0,5})")
_SUBSCRIPTS: Final = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Feature(Entry, frozen=True, kw_only=True):
    """One input of the network, computed from a sample.

    Attributes:
        inputs: the number of columns that the data must have.
        function: ``function(X)`` → the feature of each sample, (N, D) → (N,).
    """

    inputs: int
    function: Callable[[Floats], Floats]


def column(X: Floats, *, index: int) -> Floats:
    """Return column ``index`` of ``X``, counted from 0, (N, D) → (N,), as a copy."""
    return X[:, index].copy()


def square(X: Floats, *, index: int) -> Floats:
    """Return the square of column ``index`` of ``X``, (N, D) → (N,)."""
    return X[:, index] * X[:, index]


def product(X: Floats) -> Floats:
    """Return x₁·x₂, (N, D) → (N,)."""
    return X[:, 0] * X[:, 1]


def sine(X: Floats, *, index: int) -> Floats:
    """Return the sine of column ``index`` of ``X`` in radians, (N, D) → (N,)."""
    return np.sin(X[:, index])


def cosine(X: Floats, *, index: int) -> Floats:
    """Return the cosine of column ``index`` of ``X`` in radians, (N, D) → (N,)."""
    return np.cos(X[:, index])


def _column_feature(number: int) -> Feature:
    """Return the feature ``x<number>``: column ``number`` of the data, counted from 1."""
    return Feature(
        key=f"x{number}",
        label="x" + str(number).translate(_SUBSCRIPTS),
        formula=f"x_{{{number}}}",
        explanation=f"Input {number}, unchanged.",
        inputs=number,
        function=partial(column, index=number - 1),
    )


FEATURES: Final[Mapping[str, Feature]] = registry(
    _column_feature(1),
    _column_feature(2),
    Feature(
        key="x1_squared",
        label="x₁²",
        formula="x_1^2",
        explanation="The square of input 1: bends a straight boundary into a curved one.",
        inputs=1,
        function=partial(square, index=0),
    ),
    Feature(
        key="x2_squared",
        label="x₂²",
        formula="x_2^2",
        explanation="The square of input 2: bends a straight boundary into a curved one.",
        inputs=2,
        function=partial(square, index=1),
    ),
    Feature(
        key="x1_x2",
        label="x₁x₂",
        formula="x_1 x_2",
        explanation="The product of both inputs: positive where their signs agree, which alone solves the XOR data.",
        inputs=2,
        function=product,
    ),
    Feature(
        key="sin_x1",
        label="sin x₁",
        formula=r"\sin x_1",
        explanation="The sine of input 1: a wave that repeats along it.",
        inputs=1,
        function=partial(sine, index=0),
    ),
    Feature(
        key="sin_x2",
        label="sin x₂",
        formula=r"\sin x_2",
        explanation="The sine of input 2: a wave that repeats along it.",
        inputs=2,
        function=partial(sine, index=1),
    ),
    Feature(
        key="cos_x1",
        label="cos x₁",
        formula=r"\cos x_1",
        explanation="The cosine of input 1: a wave that repeats along it, symmetric around 0.",
        inputs=1,
        function=partial(cosine, index=0),
    ),
    Feature(
        key="cos_x2",
        label="cos x₂",
        formula=r"\cos x_2",
        explanation="The cosine of input 2: a wave that repeats along it, symmetric around 0.",
        inputs=2,
        function=partial(cosine, index=1),
    ),
)
"""The features of two-dimensional data, in menu order; those of one input also apply to one-dimensional data."""


def feature_keys(inputs: int) -> tuple[str, ...]:
    """Return every key that :func:`feature` accepts for data with ``inputs`` columns, plain columns first."""
    columns = tuple(f"x{number}" for number in range(1, inputs + 1))
    computed = tuple(entry.key for entry in FEATURES.values() if entry.inputs <= inputs and entry.key not in columns)
    return columns + computed


def feature(key: str, inputs: int) -> Feature:
    """Return the feature called ``key`` for data with ``inputs`` columns.

    Args:
        key: a key of :data:`FEATURES`, or ``"x<k>"`` for column k, counted from 1.
        inputs: D, the number of columns of the data.

    Raises:
        PlaygroundError: there is no such feature, or it needs more columns; the message lists the valid keys.
    """
    if match := _COLUMN_KEY.fullmatch(key):
        entry: Feature | None = _column_feature(int(match[1]))
    else:
        entry = FEATURES.get(key)
    if entry is None or entry.inputs > inputs:
        computed = [known for known in feature_keys(inputs) if not _COLUMN_KEY.fullmatch(known)]
        columns = ["x1"] if inputs == 1 else ["x1", "x2"] if inputs == 2 else ["x1", "…", f"x{inputs}"]
        valid, noun = ", ".join(columns + computed), "input" if inputs == 1 else "inputs"
        raise PlaygroundError(f"no feature {key!r} for data with {inputs} {noun}; expected one of {valid}")
    return entry
