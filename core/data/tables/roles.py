"""Choose the default role of each column: target, input, or left out for a reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from core.data.tables.limits import MAX_CATEGORIES, MAX_INPUTS, grouped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.arrays import Floats
    from core.data.tables.columns import Column

_TARGET_NAMES: Final = (
    *("target", "class", "label", "species", "y", "outcome", "result"),
    *(
        "survived",
        "churn",
        "diagnosis",
        "saleprice",
        "medhousevalue",
        "medv",
        "median_house_value",
        "quality",
    ),  # Kaggle, UCI
)
_IDENTIFIER_NAME: Final = re.compile(
    r"(?i:id|#|no\.?|nr\.?|number|index|row|record)|.*(?:[a-z]I[Dd]|[_\- ](?:id|ID|Id))|.*ID"
)
"""Names such as ``PassengerId`` and ``customer_id``."""

_MAX_MISSING: Final = 1 / 3
"""Share of missing cells above which a column would leave out too many rows, if there are enough."""

_MIN_ROWS: Final = 20

_FREE_TEXT_LENGTH: Final = 40
_FREE_TEXT_WORDS: Final = 5
_FEW_NAMES: Final = 20
_MIN_IDENTIFIERS: Final = 10
_MIN_DIGITS: Final = 9
_MAX_DIGITS: Final = 19
_NEARLY_ALL: Final = 0.9
_FEW_ROWS: Final = 8


def reason_against(column: Column) -> str:
    """Return the reason why ``column`` is not an input by default; empty if it is."""
    if column.kind == "empty":
        return "empty"
    if column.is_index:
        return "identifier, not useful as input"
    if column.kind == "number" and (digits := _digits_of_identifiers(column)):
        return f"identifier or time stamp: all different, with {digits} digits"
    if column.kind == "text" and (why := _reason_against_text(column)):
        return why
    if column.n_unique == 1:
        return "constant"
    if column.kind == "number" and _IDENTIFIER_NAME.fullmatch(column.name) and _numbers_rows(column):
        return "identifier, not useful as input"
    if len(column.values) >= _MIN_ROWS and column.n_missing > _MAX_MISSING * len(column.values):
        return f"{column.n_missing / len(column.values):.0%} missing, which would leave out these rows".replace(
            "%", " %"
        )
    if column.kind == "date":
        kind = "date, in UTC because of different time zones" if column.in_utc else "date"
        return f"{kind}: select it to use the days, or parts such as the month"
    return ""


def _reason_against_text(column: Column) -> str:
    present = len(column.values) - column.n_missing
    count = len(column.categories)
    if column.stray is not None:
        return ""
    if present > 1 and count == present:
        return "free text" if _is_free_text(column) else "identifier, not useful as input"
    if count > _FEW_NAMES and count > _NEARLY_ALL * present:
        return "free text" if _is_free_text(column) else "names: almost unique in each row"
    if count > MAX_CATEGORIES:
        return f"{grouped(count)} distinct texts, at most {MAX_CATEGORIES} can become inputs"
    return "free text" if 2 * count >= present > 2 and _is_free_text(column) else ""


def _numbers_rows(column: Column) -> bool:
    """Return whether ``column`` has different whole numbers that rise, or of which there are many."""
    present = column.values[~column.missing]
    if column.unit or column.n_unique < len(present) or (present != np.floor(present)).any():
        return False
    return len(present) >= _MIN_IDENTIFIERS or bool((np.diff(present) > 0).all())


def _digits_of_identifiers(column: Column) -> int:
    """Return the number of digits if ``column`` has different whole numbers of the same, large number of digits; else 0."""
    present = column.values[~column.missing]
    if column.unit or len(present) < _MIN_IDENTIFIERS or present.min() < 10.0 ** (_MIN_DIGITS - 1):
        return 0
    digits = len(str(int(present.min())))
    if digits > _MAX_DIGITS or present.max() >= 10.0**digits or (present != np.floor(present)).any():
        return 0
    return digits if column.n_unique == len(present) else 0


def _is_free_text(column: Column) -> bool:
    sample = column.categories[:200]
    length = sum(map(len, sample)) / len(sample)
    return length > _FREE_TEXT_LENGTH or sum(text.count(" ") + 1 for text in sample) / len(sample) >= _FREE_TEXT_WORDS


def n_inputs(column: Column) -> int:
    """Return the number of inputs that ``column`` becomes."""
    if column.kind == "text":
        return len(column.categories)
    return max(1, len(column.parts))


def default_inputs(columns: Iterable[Column], target: str) -> tuple[str, ...]:
    """Return the names of the default inputs for predicting ``target``.

    If there are more inputs than can be used, the first ones are chosen. Without any other input, dates are inputs, as in a
    series of one quantity.
    """
    columns = tuple(columns)
    chosen: list[str] = []
    room = MAX_INPUTS
    for column in columns:
        if column.name != target and not reason_against(column) and n_inputs(column) <= room:
            room -= n_inputs(column)
            chosen.append(column.name)
    return tuple(chosen) or tuple(
        column.name for column in columns if column.name != target and column.kind == "date" and column.n_unique > 1
    )


def suggested_target(columns: tuple[Column, ...]) -> Column:
    """Return the column with a typical target name, else the last one that is not empty, constant or an identifier."""
    by_name = {column.name.lower(): column for column in columns}
    for name in _TARGET_NAMES:
        if name in by_name and _may_be_target(by_name[name]):
            return by_name[name]
    usable = [column for column in columns if not reason_against(column)]
    return (usable or list(columns))[-1]


def _may_be_target(column: Column) -> bool:
    """Return whether ``column`` differs, and most of its texts occur more than once."""
    return column.n_unique > 1 and (
        column.kind != "text" or 2 * column.n_unique <= len(column.values) - column.n_missing
    )


def same_information(first: Column, second: Column) -> bool:
    """Return whether each value of one column always occurs with the same value of the other.

    Numbers with many distinct values must be equal, or related linearly (different unit and zero).
    """
    if max(first.n_unique, second.n_unique) > 2 * min(first.n_unique, second.n_unique) + 1:
        return False  # a fast check that suffices for most columns
    known = ~(first.missing | second.missing)
    a, b = first.values[known], second.values[known]
    if len(a) < 3:
        return False
    if np.array_equal(a, b):
        return True
    continuous = {"number", "date"}
    if first.kind in continuous and second.kind in continuous:
        if len(a) < _FEW_ROWS:  # so few points may be collinear by chance
            return False
        return abs(_correlation(a, b)) > 1 - 1e-12
    values, codes = np.unique(a, return_inverse=True)
    if 2 * len(values) > len(a):
        return False
    other_values, other_codes = np.unique(b, return_inverse=True)
    return len(values) == len(other_values) == len(np.unique(codes * len(other_values) + other_codes))


def _correlation(a: Floats, b: Floats) -> float:
    """Return the correlation coefficient of two columns; 0 if one of them is constant."""
    spread_a, spread_b = (_deviations(column) for column in (a, b))
    product = float(np.linalg.norm(spread_a) * np.linalg.norm(spread_b))
    return float(spread_a @ spread_b) / product if product > 0 else 0.0


def _deviations(column: Floats) -> Floats:
    """Return the deviations from the mean, in a unit in which neither their squares nor their sum overflow or vanish."""
    largest = float(np.abs(column).max())
    scaled = column / largest if largest > 0 else column
    deviations: Floats = scaled - scaled.mean()
    largest = float(np.abs(deviations).max())
    return deviations / largest if largest > 0 else deviations
