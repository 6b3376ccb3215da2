"""Prepared data: the raw data after features, split, standardization and target coding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from core.data.split import split
from core.errors import ExperimentError, PlaygroundError
from core.formulas.features import Feature, feature

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.arrays import Booleans, Floats
    from core.data.raw_data import Coding, RawData, TableReport, Task
    from core.data.settings import DataSettings


class PreparedData(Struct, frozen=True, kw_only=True, eq=False, weakref=True):
    """The training and test set as the network sees them, and the mapping to the original units; arrays are read-only.

    Attributes:
        x_train: (N, D_in) features of the training set, standardized if requested.
        y_train: (N, K) coded targets; one column unless ``coding`` is ``"one_hot"``.
        x_test: the same for the test set, which may be empty: (0, D_in).
        y_test: (N_test, K).
        labels_train: (N,) class index, or the value to predict in its original units.
        labels_test: (N_test,).
        positions_train: (N, D) raw inputs, for plotting.
        positions_test: (N_test, D).
        feature_names: displayed name of each feature, such as ``x₁²`` or a column's name.
        feature_keys: name of each feature in files, such as ``x1_squared``.
        input_names: the D raw inputs.
        task: ``"classification"`` or ``"regression"``.
        class_names: the K classes; empty for a regression.
        coding: target coding: ``signed`` −1/+1, ``binary`` 0/1, ``one_hot``, ``value``.
        feature_functions: one function (N, D) → (N,) for each feature.
        input_mean: (D_in,) mean subtracted from the features; zeros without standardization.
        input_scale: (D_in,) divisor of the difference; ones without standardization.
        target_offset: mean of the training targets of a standardized regression, else 0.
        target_scale: their standard deviation, else 1.
        ranges: (D, 2) lowest and highest value to draw for each raw input.
        table: the report on a user's table; ``None`` for built-in data sets.
        cautions: warnings about the split, one sentence each.
        is_drawn: whether the user has drawn the samples.
        missing: what is missing before a network can learn from the samples, as one sentence; empty if nothing. The
            training set may then be empty, too.
    """

    x_train: Floats
    y_train: Floats
    x_test: Floats
    y_test: Floats
    labels_train: Floats
    labels_test: Floats
    positions_train: Floats
    positions_test: Floats
    feature_names: tuple[str, ...]
    feature_keys: tuple[str, ...]
    input_names: tuple[str, ...]
    task: Task
    class_names: tuple[str, ...]
    coding: Coding
    feature_functions: tuple[Callable[[Floats], Floats], ...]
    input_mean: Floats
    input_scale: Floats
    target_offset: float
    target_scale: float
    ranges: Floats
    table: TableReport | None
    cautions: tuple[str, ...] = ()
    is_drawn: bool = False
    missing: str = ""

    def __post_init__(self) -> None:
        """Make the arrays read-only: the training thread and the views share them."""
        for value in (getattr(self, name) for name in self.__struct_fields__):
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    @property
    def classes(self) -> int:
        """K, the number of classes; 0 for a regression."""
        return len(self.class_names)

    def features_of(self, positions: Floats) -> Floats:
        """Return the features (M, D_in) of raw ``positions`` (M, D), standardized like the training set."""
        return (_apply(self.feature_functions, positions) - self.input_mean) / self.input_scale

    def to_target_units(self, prediction: Floats) -> Floats:
        """Return a regression's ``prediction`` in the units of the target: ŷ · scale + offset; inf on overflow."""
        with np.errstate(over="ignore"):
            return prediction * self.target_scale + self.target_offset

    def domain_of(self, axis: int) -> tuple[float, float]:
        """Return the lowest and highest value to draw for raw input ``axis``."""
        low, high = self.ranges[axis]
        return float(low), float(high)


def prepare(raw: RawData, settings: DataSettings, coding: Coding) -> PreparedData:
    """Prepare ``raw`` for a network.

    Means and standard deviations come from the training set alone. 0/1 indicator inputs are not standardized.

    Raises:
        ExperimentError: the data does not have a feature, or the coding does not fit the task.
    """
    keys, columns = _feature_columns(raw, settings)
    chosen = [_feature(key, index, raw) for index, key in enumerate(keys)]
    functions = tuple(each.function for each in chosen)
    train, test, cautions = split(raw, settings)

    features = _apply(functions, raw.inputs)
    own_table = raw.table is not None
    standardize = own_table if settings.standardize is None else settings.standardize
    mean, scale = np.zeros(len(keys)), np.ones(len(keys))
    if standardize:
        mean, scale = mean_and_scale(features[train])
        untouched = _indicators(raw, columns)
        mean[untouched], scale[untouched] = 0.0, 1.0
    offset, spread = np.zeros(1), np.ones(1)
    if standardize and (own_table or raw.is_drawn) and raw.task == "regression":
        offset, spread = mean_and_scale(raw.target[train, np.newaxis])

    features = (features - mean) / scale
    targets = _code((raw.target - offset) / spread if coding == "value" else raw.target, raw, coding)
    return PreparedData(
        x_train=features[train],
        y_train=targets[train],
        x_test=features[test],
        y_test=targets[test],
        labels_train=raw.target[train],
        labels_test=raw.target[test],
        positions_train=raw.inputs[train],
        positions_test=raw.inputs[test],
        feature_names=tuple(
            each.label if column is None else raw.input_names[column]
            for each, column in zip(chosen, columns, strict=True)
        ),
        feature_keys=_stable_keys(keys, columns, raw),
        input_names=raw.input_names,
        task=raw.task,
        class_names=raw.class_names,
        coding=coding,
        feature_functions=functions,
        input_mean=mean,
        input_scale=scale,
        target_offset=float(offset[0]),
        target_scale=float(spread[0]),
        ranges=raw.ranges(),
        table=raw.table,
        cautions=cautions,
        is_drawn=raw.is_drawn,
        missing=raw.missing,
    )


def standardized(data: PreparedData) -> PreparedData:
    """Return ``data`` with features, and targets of a table's or drawn regression, standardized like by :func:`prepare`."""
    mean, scale = mean_and_scale(data.x_train)
    untouched = ((data.x_train == 0.0) | (data.x_train == 1.0)).all(axis=0) & (data.table is not None)
    mean[untouched], scale[untouched] = 0.0, 1.0
    offset, spread = np.zeros(1), np.ones(1)
    if data.task == "regression" and (data.table is not None or data.is_drawn):
        offset, spread = mean_and_scale(data.y_train)
    return replace(
        data,
        x_train=(data.x_train - mean) / scale,
        x_test=(data.x_test - mean) / scale,
        y_train=(data.y_train - offset) / spread,
        y_test=(data.y_test - offset) / spread,
        input_mean=data.input_mean + mean * data.input_scale,
        input_scale=data.input_scale * scale,
        target_offset=data.target_offset + float(offset[0]) * data.target_scale,
        target_scale=data.target_scale * float(spread[0]),
    )


def mean_and_scale(columns: Floats) -> tuple[Floats, Floats]:
    """Return mean and standard deviation (divided by N; 1 if constant) of each column of ``columns`` (N, D); 0, 1 if N = 0."""
    if not len(columns):
        return np.zeros(columns.shape[1]), np.ones(columns.shape[1])
    deviation = columns.std(axis=0)
    # The standard deviation of equal values is not always exactly 0, because their mean is rounded.
    constant = columns.min(axis=0) == columns.max(axis=0)
    return columns.mean(axis=0), np.where(constant | (deviation == 0), 1.0, deviation)


def _feature(key: str, index: int, raw: RawData) -> Feature:
    try:
        return feature(key, raw.inputs.shape[1])
    except PlaygroundError as error:
        names = f" or the name of a column ({', '.join(raw.input_names[:12])})" if raw.table is not None else ""
        raise ExperimentError(f"$.data.features[{index}]", f"{error}{names}") from None


def _apply(functions: tuple[Callable[[Floats], Floats], ...], positions: Floats) -> Floats:
    return np.column_stack([function(positions) for function in functions])


def _feature_columns(raw: RawData, settings: DataSettings) -> tuple[tuple[str, ...], tuple[int | None, ...]]:
    """Return each feature's key (``x<k>`` for a raw input) and its input column, ``None`` for a computed feature.

    Columns can be given by name or number; names take precedence: if a table's first column is called ``x2``, ``x2``
    means that column.
    """
    numbered = {f"x{number}": number - 1 for number in range(1, raw.inputs.shape[1] + 1)}
    if settings.features is None:
        return tuple(numbered), tuple(numbered.values())
    known = numbered | {name: column for column, name in enumerate(raw.input_names)}
    keys: list[str] = []
    columns: list[int | None] = []
    for index, key in enumerate(settings.features):
        column = known.get(key)
        keys.append(key if column is None else f"x{column + 1}")
        columns.append(column)
        if keys[-1] in keys[:-1]:
            raise ExperimentError(f"$.data.features[{index}]", f'"{key}" is in the list twice')
    return tuple(keys), tuple(columns)


def _stable_keys(keys: tuple[str, ...], columns: tuple[int | None, ...], raw: RawData) -> tuple[str, ...]:
    """Return keys with the same meaning in ``features``: ``x<k>``, or the column's name where ``x<k>`` is ambiguous."""
    return tuple(
        raw.input_names[column] if column is not None and key in raw.input_names else key
        for key, column in zip(keys, columns, strict=True)
    )


def _indicators(raw: RawData, columns: tuple[int | None, ...]) -> Booleans:
    """Return the mask (D_in,) of the features that are unchanged 0/1 inputs."""
    flags = np.zeros(raw.inputs.shape[1], dtype=np.bool_) if raw.indicators is None else raw.indicators
    return np.array([column is not None and bool(flags[column]) for column in columns])


def _code(target: Floats, raw: RawData, coding: Coding) -> Floats:
    """Return the coded targets of ``target`` (N,): (N, K) for ``one_hot``, else (N, 1)."""
    if (coding == "value") != (raw.task == "regression") or (coding in ("signed", "binary") and raw.classes > 2):
        kind = f"{raw.classes} classes" if raw.classes else "a number to predict"
        raise ExperimentError("$.training.loss", f'target coding "{coding}" does not fit data with {kind}')
    if coding == "one_hot":
        return np.eye(raw.classes)[raw.class_indices]
    return (2 * target - 1 if coding == "signed" else target)[:, np.newaxis]
