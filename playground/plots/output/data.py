"""Data for the output card: a map over two inputs, a curve over one, or predictions for single samples."""

from __future__ import annotations

import math
from typing import Final, TypeAlias

import numpy as np
from msgspec import Struct

from core.arrays import Booleans, Floats, Integers
from core.data.prepared_data import PreparedData
from core.formulas.metrics import predicted_class
from core.training.snapshot import Snapshot
from playground.plots.output.output_scores import OutputScores, output_scores, score_of
from playground.style.numbers import percent, short

MAX_POINTS: Final = 1000
"""Maximum number of points drawn per set; more would hide the map."""

MAX_TILES: Final = 60
MIN_IMAGE_SIDE: Final = 4
"""Minimum side of an image in pixels."""


class Points(Struct, frozen=True, eq=False):
    """Samples to draw: positions (n, 2), and classes or target values (n,)."""

    positions: Floats
    labels: Floats


class MapData(Struct, frozen=True, eq=False):
    """The prediction over two inputs.

    Attributes:
        data: the samples.
        axes: indices of the two inputs.
        x: (columns,), coordinates.
        y: (rows,), coordinates from bottom to top.
        signed: (rows, columns), the prediction on a scale centred between two classes; ``None`` with more classes.
        scale: magnitude of ``signed`` at the ends of the colour scale.
        ends: predictions at −scale and scale, for the colour bar.
        probabilities: (rows, columns, K), shares of the classes; ``None`` for two classes or a regression.
        others: whether the data has other inputs.
        scores: how well the network does.
    """

    data: PreparedData
    axes: tuple[int, int]
    x: Floats
    y: Floats
    signed: Floats | None
    scale: float
    ends: tuple[float, float]
    probabilities: Floats | None
    others: bool
    scores: OutputScores

    @property
    def predictions(self) -> Floats | None:
        """(rows, columns), ``signed`` in the units of the output; ``None`` with more than two classes."""
        if self.signed is None or self.ends == (-self.scale, self.scale):
            return self.signed
        low, high = self.ends
        return low + (self.signed / self.scale + 1.0) * (high - low) / 2.0


class FitData(Struct, frozen=True, eq=False):
    """The prediction over the only input.

    Attributes:
        data: the samples.
        x: (columns,), coordinates.
        curves: (columns, K), the outputs in units of the target.
        target_name: name of the target.
    """

    data: PreparedData
    x: Floats
    curves: Floats
    target_name: str


class TileData(Struct, frozen=True, eq=False):
    """Predictions for single samples whose inputs are the pixels of an image.

    Attributes:
        images: (n, side, side), brightness from 0 to 1.
        true: (n,), the true class.
        predicted: (n,), the predicted class.
        class_names: names of the classes.
    """

    images: Floats
    true: Integers
    predicted: Integers
    class_names: tuple[str, ...]


class ShareData(Struct, frozen=True, eq=False):
    """Accuracy by class, or predicted against true values, for other data with many inputs.

    Attributes:
        shares: (K,), share of each class's samples that were predicted correctly; NaN for a class without samples.
        class_names: names of the classes; empty for a regression.
        true: (n,), target values of a regression.
        predicted: (n,), predictions.
    """

    shares: Floats
    class_names: tuple[str, ...]
    true: Floats
    predicted: Floats


OutputData: TypeAlias = MapData | FitData | TileData | ShareData


def output_data(snapshot: Snapshot) -> OutputData:
    """Return the data of ``snapshot``."""
    data, plane = snapshot.data, snapshot.plane
    if plane is None:
        return _single_predictions(snapshot)
    A = plane.activations[-1]
    if len(data.input_names) == 1:
        curves = data.to_target_units(A[0]) if data.coding == "value" else A[0]
        return FitData(data, plane.x, curves, "target" if data.coding == "value" else "output")
    signed, probabilities, scale = _map_values(A, data)
    # With two classes, 0 … 1 is the probability of the second.
    ends = (0.0, 1.0) if data.coding in ("binary", "one_hot") else (-scale, scale)
    others, scores = len(data.input_names) > 2, output_scores(snapshot)
    return MapData(data, plane.axes, plane.x, plane.y, signed, scale, ends, probabilities, others, scores)


def _map_values(A: Floats, data: PreparedData) -> tuple[Floats | None, Floats | None, float]:
    """Return the values of a signed map or the shares of several classes, and the map's scale."""
    match data.coding:
        case "value":
            scale = float(np.max(np.abs(data.labels_train), initial=0.0)) or 1.0
            return data.to_target_units(A[:, :, 0]), None, scale
        case "signed":
            return A[:, :, 0], None, 1.0
        case "binary":
            return 2.0 * A[:, :, 0] - 1.0, None, 1.0
        case "one_hot":
            shares = class_shares(A)
            return (shares[:, :, 1] - shares[:, :, 0], None, 1.0) if A.shape[2] == 2 else (None, shares, 1.0)


def class_shares(A: Floats) -> Floats:
    """Return outputs (…, K), clipped at 0, as shares that sum to 1, (…, K); probabilities stay unchanged."""
    # Cap the outputs, so that their sum cannot overflow.
    positive = np.clip(np.nan_to_num(A, nan=0.0), 0.0, 1e300)
    total = positive.sum(axis=-1, keepdims=True)
    return np.where(total > 0.0, positive / np.where(total > 0.0, total, 1.0), 1.0 / A.shape[-1])


def _single_predictions(snapshot: Snapshot) -> TileData | ShareData:
    data = snapshot.data
    tested = len(data.x_test) > 0
    prediction = snapshot.test_prediction if tested else snapshot.trace.prediction
    count = len(prediction)
    positions = (data.positions_test if tested else data.positions_train)[:count]
    labels = (data.labels_test if tested else data.labels_train)[:count]
    if data.coding == "value":
        return ShareData(np.zeros(0), (), labels, data.to_target_units(prediction[:, 0]))
    true, predicted = labels.astype(np.int64), predicted_class(prediction, data.coding)
    side = math.isqrt(positions.shape[1])
    if side >= MIN_IMAGE_SIDE and side * side == positions.shape[1] and data.table is None:
        images = positions[:MAX_TILES].reshape(-1, side, side)
        low, high = data.ranges[:, 0].min(), data.ranges[:, 1].max()
        images = np.clip((images - low) / (high - low), 0.0, 1.0)
        return TileData(images, true[:MAX_TILES], predicted[:MAX_TILES], data.class_names)
    correct = np.bincount(true[true == predicted], minlength=data.classes)
    every = np.bincount(true, minlength=data.classes)
    shares = np.where(every > 0, correct / np.maximum(every, 1), np.nan)
    return ShareData(shares, data.class_names, np.zeros(0), np.zeros(0))


def max_points(data: PreparedData) -> int:
    """Return the largest number of samples drawn of each set: all that the user has drawn, of other data ``MAX_POINTS``."""
    return len(data.x_train) + len(data.x_test) if data.is_drawn else MAX_POINTS


def points_of(data: PreparedData, axes: tuple[int, int], *, test: bool) -> Points:
    """Return the training or test samples that are drawn, at their positions along two inputs."""
    limit = max_points(data)
    positions = (data.positions_test if test else data.positions_train)[:limit]
    labels = (data.labels_test if test else data.labels_train)[:limit]
    return Points(positions[:, list(axes)], labels)


def score_sentences(snapshot: Snapshot) -> tuple[str, ...]:
    """Return sentences with the accuracy or R² of both sets, longest first."""
    data = snapshot.data
    train, test = score_of(snapshot)
    if data.coding == "value":
        if math.isnan(train) and _are_equal(data.y_train):
            return ("R² is not defined, because all targets are equal", "R² is not defined")
        name, first, second = "R²", short(train, 3), short(test, 3)
        if math.isnan(test) and len(data.y_test) and _are_equal(data.y_test):
            return (f"R²: train {first}, not defined for equal test targets", f"R²: train {first}")
    else:
        name, first, second = "accuracy", percent(train), percent(test)
    if not len(data.x_test):
        return (f"{name}: train {first}, no test set", f"{name} {first}")
    return (f"{name}: train {first}, test {second}", f"train {first}, test {second}")


def _are_equal(targets: Floats) -> bool:
    """Return whether all ``targets`` (N, K) are equal, so that they have no variance to explain."""
    return bool(np.all(targets == targets[:1]))


def wrong(tiles: TileData) -> Booleans:
    """Return whether each sample was misclassified, (n,)."""
    return np.asarray(tiles.true != tiles.predicted)
