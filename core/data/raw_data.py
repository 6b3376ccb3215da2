"""Raw data: inputs and targets as generated or read, before features, split and standardization."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from msgspec import Struct

if TYPE_CHECKING:
    from core.arrays import Booleans, Floats, Integers

Task: TypeAlias = Literal["classification", "regression"]
Coding: TypeAlias = Literal["signed", "binary", "one_hot", "value"]
"""Target coding: −1/+1, 0/1, one column per class, or the number itself."""


class DroppedRow(Struct, frozen=True):
    """A row of a user's table that was left out, with its line in the file (counted from 1) and its empty columns."""

    line: int
    columns: tuple[str, ...]


class Encoding(Struct, frozen=True):
    """A text column and its categories, in the order of the 0/1 inputs (or classes) that encode them."""

    column: str
    categories: tuple[str, ...]


class TableReport(Struct, frozen=True):
    """How a user's table was converted to numbers."""

    path: str
    target: str
    columns: tuple[str, ...]
    """The columns used as inputs."""
    task_reason: str
    """Why the task is a classification or a regression, as one sentence."""
    rows_read: int
    dropped: tuple[DroppedRow, ...]
    encodings: tuple[Encoding, ...]
    cautions: tuple[str, ...] = ()
    """Warnings, such as an input that reveals the target, or a class with one sample."""

    def dropped_sentence(self, shown: int = 10) -> str:
        """Return one sentence on the rows left out, naming the first ``shown`` lines; empty if there are none."""
        if not self.dropped:
            return ""
        lines = ", ".join(str(row.line) for row in self.dropped[:shown])
        more = f" and {len(self.dropped) - shown} more" if len(self.dropped) > shown else ""
        noun = "line" if len(self.dropped) == 1 else "lines"
        return f"{len(self.dropped)} of {self.rows_read} rows left out for missing values ({noun} {lines}{more})."


class RawData(Struct, frozen=True, eq=False):
    """Samples in their original units; the arrays are read-only.

    ``inputs`` is (N, D); ``target`` is (N,): the value to predict, or the class index 0 … K − 1.
    """

    inputs: Floats
    target: Floats
    task: Task
    input_names: tuple[str, ...]
    class_names: tuple[str, ...] = ()
    domain: tuple[float, float] | None = None
    """Lowest and highest value of every input, if known in advance (two-dimensional data sets: −6 to 6)."""
    area: tuple[tuple[float, float], ...] | None = None
    """Lowest and highest value to draw of each input, if given."""
    indicators: Booleans | None = None
    """Mask (D,) of the 0/1 indicator inputs, which are not standardized; ``None`` if there are none."""
    table: TableReport | None = None
    """The report on a user's table; ``None`` for built-in data sets."""
    shuffled: bool = False
    """Whether the samples are already in random order, so that the split takes them in this order."""
    is_drawn: bool = False
    """Whether the user has drawn the samples."""
    missing: str = ""
    """What is missing before a network can learn from these samples, as one sentence; empty if nothing."""

    def __post_init__(self) -> None:
        """Make the arrays read-only: several views and the trainer share them."""
        for array in (self.inputs, self.target, self.indicators):
            if array is not None:
                array.setflags(write=False)

    @property
    def samples(self) -> int:
        """N, the number of samples."""
        return len(self.inputs)

    @property
    def classes(self) -> int:
        """K, the number of classes; 0 for a regression."""
        return len(self.class_names)

    @property
    def class_indices(self) -> Integers:
        """The target as class indices, (N,); only for a classification."""
        return self.target.astype(np.int64)

    def ranges(self) -> Floats:
        """Return the range to draw for each input, (D, 2): area or domain, else the range of the data with a margin of 5 %."""
        if self.area is not None:
            return np.array(self.area, dtype=np.float64)
        if self.domain is not None:
            return np.tile(np.array(self.domain, dtype=np.float64), (self.inputs.shape[1], 1))
        low, high = self.inputs.min(axis=0), self.inputs.max(axis=0)
        air = np.where(high > low, 0.05 * (high - low), 0.5)
        return np.column_stack((low - air, high + air))
