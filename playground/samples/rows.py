"""The rows of the data table: raw values, target, prediction and loss of each sample, and their order."""

from __future__ import annotations

import math
import unicodedata
from typing import Final, Literal, TypeAlias

import numpy as np
from msgspec import Struct

from core.arrays import Floats, Integers
from core.data.prepared_data import PreparedData
from core.data.sample import Sample
from core.formulas.metrics import is_correct
from core.training.sample_results import SampleResults
from core.training.snapshot import Snapshot
from playground.style.numbers import MINUS, short, signed, thousands

Kind: TypeAlias = Literal["sample", "input", "target", "prediction", "loss", "pinned_prediction", "loss_change"]

MANY_INPUTS: Final = 3
"""Number of inputs above which target, prediction and loss precede them."""

DIGITS: Final = 4
MAX_RUN: Final = 14
"""Maximum number of characters of a run's name in a heading."""


class Column(Struct, frozen=True):
    """One column of the table.

    Attributes:
        kind: kind of content.
        heading: title.
        tip: tooltip, one sentence.
        source: index of the input, for a column of inputs.
        run: name of the pinned run, for a column of it.
    """

    kind: Kind
    heading: str
    tip: str
    source: int = 0
    run: str = ""

    @property
    def short_title(self) -> str:
        """The heading with the name of the run, shortened in the middle; of its prediction only, which comes first."""
        if self.kind != "pinned_prediction":
            return self.heading
        name, half = self.run, MAX_RUN // 2
        return f"{self.heading} {name if len(name) <= MAX_RUN else f'{name[:half]}…{name[1 - half :]}'}"

    @property
    def title(self) -> str:
        """The heading with the name of the run."""
        return f"{self.heading}, {self.run}" if self.run else self.heading


_PREDICTION: Final = Column("prediction", "ŷ", "The network's prediction with the current weights; ✗: wrong class")


def plain(value: float) -> str:
    """Format ``value`` like in a data file, fractions with at most four significant digits: ``2``, ``−0.5``, ``0.9572``."""
    whole = math.isfinite(value) and value == int(value)
    text = (f"{value:.9g}" if whole else f"{value:.4g}").replace("-", MINUS)
    return text if "e" not in text and math.isfinite(value) else short(value, DIGITS)


def columns_of(data: PreparedData, pinned: PinnedRows | None = None) -> tuple[Column, ...]:
    """Return the columns for ``data``, with those of a ``pinned`` run after the results."""
    inputs = tuple(
        Column("input", name, f"{name} in the units of the data", index) for index, name in enumerate(data.input_names)
    )
    results: tuple[Column, ...] = (
        Column("target", "y", "The target, the true value"),
        _PREDICTION,
        Column("loss", "L", "The loss of this sample; the displayed loss is the mean over the set"),
    )
    if pinned is not None:
        name = pinned.name
        tip = f"The prediction of the pinned run “{name}”; ✗: wrong class"
        results = (*results, Column("pinned_prediction", "ŷ", tip, run=name))
        if pinned.same_loss:
            tip = f"The loss of this sample minus its loss in the pinned run “{name}”; +: it was smaller there"
            results = (*results, Column("loss_change", "ΔL", tip, run=name))
    sample = Column("sample", "Sample", "Number of the sample in its set; training never sees test samples")
    return (sample, *results, *inputs) if len(inputs) > MANY_INPUTS else (sample, *inputs, *results)


class SampleRows:
    """The samples of one snapshot, the training set first; results are computed lazily.

    Attributes:
        data: the samples.
        count: number of samples.
        pinned: the pinned run with the same samples that is compared with it.
    """

    def __init__(self, snapshot: Snapshot, pinned: PinnedRows | None = None) -> None:
        self.data = snapshot.data
        self.pinned = pinned
        self._train = SampleResults(snapshot.network, snapshot.data, test=False)
        self._test = SampleResults(snapshot.network, snapshot.data, test=True)
        self.count = self._train.count + self._test.count

    def sample(self, row: int) -> Sample:
        """Return the sample in ``row``."""
        training = self._train.count
        return Sample(row) if row < training else Sample(row - training, is_test=True)

    def row(self, sample: Sample) -> int:
        """Return the row of ``sample``."""
        return sample.index + (self._train.count if sample.is_test else 0)

    def loss(self, row: int) -> float:
        """Return the loss of the sample in ``row``."""
        results, index = self._results(row)
        return results.loss(index)

    def text(self, row: int, column: Column) -> str:
        """Return the text in ``row`` and ``column``."""
        sample, data = self.sample(row), self.data
        match column.kind:
            case "sample":
                return f"{'test ' if sample.is_test else ''}{thousands(sample.index + 1)}"
            case "input":
                return plain(float(sample.position(data)[column.source]))
            case "target":
                return self._target_text(sample)
            case "prediction":
                return self._prediction_text(row)
            case "loss":
                return short(self.loss(row), DIGITS)
            case "pinned_prediction":
                return "" if self.pinned is None else self.pinned.rows._prediction_text(row)
            case "loss_change":
                return signed(self._loss_change(row), 2)

    def number(self, row: int, column: Column) -> float | str:
        """Return the value in ``row`` and ``column`` for export, numbers at full precision."""
        sample = self.sample(row)
        match column.kind:
            case "input":
                return float(sample.position(self.data)[column.source])
            case "target" if not self.data.classes:
                return sample.label(self.data)
            case "prediction" if self.data.coding != "one_hot":
                return float(self._predictions(row)[0])
            case "loss":
                return self.loss(row)
            case "loss_change":
                return self._loss_change(row)
            case "pinned_prediction" if self.pinned is not None and self.data.coding != "one_hot":
                return float(self.pinned.rows._predictions(row)[0])
            case _:
                return self.text(row, column).removesuffix(" ✗")

    def is_wrong(self, row: int, column: Column = _PREDICTION) -> bool:
        """Return whether ``column`` contains a predicted class that differs from the sample's."""
        if column.kind == "pinned_prediction":
            return self.pinned is not None and self.pinned.rows.is_wrong(row)
        if column.kind != "prediction":
            return False
        data = self.data
        if data.coding == "value":
            return False
        prediction = self._raw_prediction(row)[np.newaxis]
        true = np.array([int(self.sample(row).label(data))])
        return not is_correct(prediction, true, data.coding)[0]

    def order(self, column: Column, *, descending: bool) -> Integers:
        """Return the rows in the order of ``column``; equal ones keep the order of the data, NaN comes first or last."""
        keys = self._keys(column)
        ranked: Integers = np.argsort(-keys if descending else keys, kind="stable")
        return ranked

    def _loss_change(self, row: int) -> float:
        """Return by how much the loss of the sample in ``row`` is larger than in the pinned run."""
        return math.nan if self.pinned is None else self.loss(row) - self.pinned.rows.loss(row)

    def _losses(self) -> Floats:
        """Return the losses of all rows, (N,); those that are not evaluated are NaN."""
        return np.concatenate([each.losses() for each in (self._train, self._test)])

    def _keys(self, column: Column) -> Floats:
        data, both = self.data, (self._train, self._test)
        match column.kind:
            case "sample":
                return np.arange(self.count, dtype=np.float64)
            case "input":
                parts = (data.positions_train[:, column.source], data.positions_test[:, column.source])
                return np.concatenate(parts)
            case "target":
                return np.concatenate((data.labels_train, data.labels_test)).astype(np.float64)
            case "loss":
                # NaN counts as the worst loss; rows that are not evaluated come last when sorted worst first.
                known = np.concatenate([np.arange(each.count) < each.evaluated for each in both])
                losses = np.nan_to_num(self._losses(), nan=np.inf)
                return np.where(known, losses, -np.inf)
            case "loss_change":
                before = np.nan if self.pinned is None else self.pinned.rows._losses()
                return np.asarray(self._losses() - before)
            case "pinned_prediction":
                pinned = self.pinned
                return np.zeros(self.count) if pinned is None else pinned.rows._keys(_PREDICTION)
            case "prediction":
                predictions = np.concatenate([each.predictions() for each in both])
                if data.coding == "one_hot":
                    # By class, the most certain first.
                    return np.asarray(np.argmax(predictions, axis=1) - 1e-3 * predictions.max(axis=1, initial=0.0))
                return np.asarray(predictions[:, 0])

    def _target_text(self, sample: Sample) -> str:
        """Return the name of the class, or the target as the loss takes it where a name is another number: 0 for −1."""
        label, data = sample.label(self.data), self.data
        if not data.classes:
            return plain(label)
        name = data.class_names[int(label)]
        is_number = name.lstrip(f"+-{MINUS}").replace(".", "", 1).isdecimal()
        return plain(float(sample.rows(data)[1][0, 0])) if is_number and data.coding == "binary" else name

    def _prediction_text(self, row: int) -> str:
        data, prediction = self.data, self._raw_prediction(row)
        mark = " ✗" if self.is_wrong(row) else ""
        if data.coding == "one_hot":
            best = int(np.argmax(prediction))
            return f"{_isolated(data.class_names[best])} {short(float(prediction[best]), 3)}{mark}"
        return f"{short(float(self._predictions(row)[0]), DIGITS)}{mark}"

    def _predictions(self, row: int) -> Floats:
        """Return the prediction in the units of the target."""
        return self.data.to_target_units(self._raw_prediction(row))

    def _raw_prediction(self, row: int) -> Floats:
        results, index = self._results(row)
        return results.prediction(index)

    def _results(self, row: int) -> tuple[SampleResults, int]:
        training = self._train.count
        return (self._train, row) if row < training else (self._test, row - training)


class PinnedRows(Struct, frozen=True, eq=False):
    """The samples of the compared pinned run.

    Attributes:
        name: name of the pin.
        colour: index of its colour and dash pattern.
        rows: its samples, which are those of the current run, with its own predictions and losses.
        snapshot: its state.
        same_loss: whether its losses are of the same function, so that they can be subtracted.
    """

    name: str
    colour: int
    rows: SampleRows
    snapshot: Snapshot
    same_loss: bool


def _isolated(name: str) -> str:
    """Return ``name`` such that a number after it stays there if the name is written from right to left."""
    if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in name):
        return f"\u2068{name}\u2069"
    return name
