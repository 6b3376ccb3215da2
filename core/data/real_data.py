"""Read the shipped data sets: iris, handwritten digits, and the invented table *student day*.

Files, sources and licences are in ``assets/data``. Each file is read once per process; the arrays are read-only.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from core.assets import asset

if TYPE_CHECKING:
    from pathlib import Path

    from core.arrays import Floats

IRIS_CLASSES = ("setosa", "versicolor", "virginica")
STUDENT_DAY_CLASSES = ("fail", "pass")
DIGITS_SIDE = 8
"""Pixels along each side of a digit's image."""

DIGITS_MAXIMUM = 16.0
"""The largest pixel value in the file, by which the inputs are divided."""


def iris() -> tuple[Floats, Floats]:
    """Return the iris data: inputs (150, 4) in centimetres, and class indices of the species (150,)."""
    return _read_named(asset("data/iris.csv"), IRIS_CLASSES)


def student_day() -> tuple[Floats, Floats]:
    """Return the *student day* data: inputs (24, 3), hours of play, study and sleep; target (24,), 1 = pass."""
    return _read_named(asset("data/student_day.csv"), STUDENT_DAY_CLASSES)


def digits() -> tuple[Floats, Floats]:
    """Return the handwritten digits: inputs (1797, 64), pixels in row-major order from 0 to 1; target (1797,), the digit."""
    return _read_digits(asset("data/digits.csv.gz"))


def digit(row: int) -> Floats:
    """Return the image in one ``row`` of :func:`digits`, (64,), without parsing the whole file."""
    import gzip  # imported late: not needed for the first frame

    lines = gzip.decompress(asset("data/digits.csv.gz").read_bytes()).splitlines()
    return np.array(lines[row].split(b",")[:-1], dtype=np.float64) / DIGITS_MAXIMUM


@lru_cache
def _read_named(path: Path, class_names: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Read a CSV file with a header; return its inputs, and its last column as class indices."""
    import csv  # imported late: not needed for the first frame

    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    inputs = np.array([row[:-1] for row in rows], dtype=np.float64)
    target = np.array([class_names.index(row[-1]) for row in rows], dtype=np.float64)
    return _locked(inputs), _locked(target)


@lru_cache
def _read_digits(path: Path) -> tuple[Floats, Floats]:
    import gzip  # imported late: not needed for the first frame

    with gzip.open(path, "rt", encoding="ascii") as file:
        table = np.loadtxt(file, delimiter=",", dtype=np.float64)
    return _locked(table[:, :-1] / DIGITS_MAXIMUM), _locked(table[:, -1].copy())


def _locked(array: Floats) -> Floats:
    array.setflags(write=False)
    return array
