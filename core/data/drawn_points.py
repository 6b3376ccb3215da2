"""Points drawn by the user: validation, classes, conversion to raw data, and requirements for training."""

from __future__ import annotations

from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec.structs import replace

from core.data.datasets import PLANE_NAMES
from core.data.generators import DOMAIN
from core.data.raw_data import RawData
from core.data.settings import MAX_CLASSES, MAX_POINTS, DrawnSource
from core.errors import ExperimentError, PlaygroundError

if TYPE_CHECKING:
    from core.arrays import Floats
    from core.data.prepared_data import PreparedData

FIRST_CLASSES: Final = (1, 2)
"""Labels of the classes of an empty set."""

MAX_LABEL: Final = 99


def reject_bad_points(source: DrawnSource, path: str) -> None:
    """Check that the points of ``source`` agree with its other settings.

    Raises:
        ExperimentError: a point does not; the message contains its path below ``path``.
    """
    wanted, points = source.inputs + 1, source.points
    if set(map(len, points)) - {wanted}:
        index = next(index for index, point in enumerate(points) if len(point) != wanted)
        raise ExperimentError(f"{path}.points[{index}]", f"expected {_form(source)}, got {len(points[index])} numbers")
    whole = source.task == "classification"
    if whole:
        labels = np.fromiter(map(itemgetter(-1), points), np.float64, len(points))
        bad = np.flatnonzero((labels != np.rint(labels)) | (np.abs(labels) > MAX_LABEL))
        if len(bad):
            where = f"{path}.points[{bad[0]}][{wanted - 1}]"
            raise ExperimentError(where, f"expected a class from −99 to 99 as a whole number, got {labels[bad[0]]:g}")
    if len(set(source.classes)) < len(source.classes):
        raise ExperimentError(f"{path}.classes", "a label is in the list twice")
    if len(set(source.class_names)) < len(source.class_names):
        raise ExperimentError(f"{path}.class_names", "a name is in the list twice")
    if whole and (count := len(class_labels(source))) > MAX_CLASSES:
        raise ExperimentError(f"{path}.points", f"expected at most {MAX_CLASSES} classes, got {count}")
    if source.area is not None and len(source.area) != source.inputs:
        raise ExperimentError(f"{path}.area", f"expected one range for each of {source.inputs} inputs")
    for index, (low, high) in enumerate(source.area or ()):
        if not low < high:
            raise ExperimentError(
                f"{path}.area[{index}]", f"expected a range from low to high, got {low:g} to {high:g}"
            )


def _form(source: DrawnSource) -> str:
    label = "label" if source.task == "classification" else "target"
    if source.inputs == 1:
        return f"[x1, {label}]"
    return f'[x1, x2, {label}] (or "inputs": 1 for [x1, {label}])'


def _table(source: DrawnSource) -> Floats:
    """Return the points as an array, (N, D + 1)."""
    count = len(source.points) * (source.inputs + 1)
    return np.fromiter(chain.from_iterable(source.points), np.float64, count).reshape(-1, source.inputs + 1)


def _labels_present(source: DrawnSource) -> tuple[int, ...]:
    """Return the labels of the points in ascending order."""
    return tuple(sorted(map(int, set(map(itemgetter(-1), source.points)))))


def class_labels(source: DrawnSource) -> tuple[int, ...]:
    """Return the labels of the K classes in the order of their indices, at least two; empty for a regression."""
    if source.task == "regression":
        return ()
    labels = (*source.classes, *(label for label in _labels_present(source) if label not in source.classes))
    while len(labels) < len(FIRST_CLASSES):
        labels = (*labels, next_label(labels))
    return labels


def next_label(labels: tuple[int, ...]) -> int:
    """Return the label of a class added to ``labels``."""
    return max((0, *labels)) + 1


def class_names(source: DrawnSource) -> tuple[str, ...]:
    """Return the names of the classes: the given ones, then the labels."""
    labels = class_labels(source)
    given = source.class_names[: len(labels)]
    return (*given, *(str(label).replace("-", "−") for label in labels[len(given) :]))


def input_names(source: DrawnSource) -> tuple[str, ...]:
    """Return the names of the inputs."""
    given = source.input_names[: source.inputs]
    return (*given, *PLANE_NAMES[len(given) : source.inputs])


def load_points(source: DrawnSource) -> RawData:
    """Return the raw data of ``source``, which may have no samples at all."""
    table = _table(source)
    inputs, target = table[:, :-1].copy(), table[:, -1].copy()
    labels = class_labels(source)
    if labels:
        target = np.argmax(target[:, np.newaxis] == np.array(labels), axis=1).astype(np.float64)
    return RawData(
        inputs=inputs,
        target=target,
        task=source.task,
        input_names=input_names(source),
        class_names=class_names(source),
        area=_area(source, inputs),
        is_drawn=True,
        missing=missing(source),
    )


def _area(source: DrawnSource, inputs: Floats) -> tuple[tuple[float, float], ...]:
    """Return the range to show for each input: the given one or that of the generated sets, extended to all points."""
    given = source.area or (DOMAIN,) * source.inputs
    if not len(inputs):
        return given
    lowest, highest = inputs.min(axis=0).tolist(), inputs.max(axis=0).tolist()
    return tuple((min(low, a), max(high, b)) for (low, high), a, b in zip(given, lowest, highest, strict=True))


def missing(source: DrawnSource) -> str:
    """Return a sentence on what must be drawn before a network can be trained; empty if nothing is missing."""
    if source.task == "regression":
        return "" if len(source.points) >= 2 else "Draw at least two points."
    if not source.points:
        return "Draw points of at least two classes."
    names, labels = class_names(source), class_labels(source)
    present = _labels_present(source)
    if len(present) >= 2:
        return ""
    only = names[labels.index(present[0])]
    return f"Draw points of another class, too: all are of class {only}."


def without_points(source: DrawnSource) -> DrawnSource:
    """Return ``source`` without points, with its first two classes."""
    count = len(FIRST_CLASSES) if source.task == "classification" else 0
    names = source.class_names[:count]
    return replace(source, points=(), classes=class_labels(source)[:count], class_names=names)


def obstacle(data: PreparedData) -> str:
    """Return why ``data`` cannot become drawn points, as one sentence; empty if they can."""
    inputs, samples = len(data.input_names), len(data.x_train) + len(data.x_test)
    if inputs > len(PLANE_NAMES):
        return f"Only data with one or two inputs can be drawn on; this has {inputs}."
    if samples > MAX_POINTS:
        return f"Only data with up to {MAX_POINTS} samples can be drawn on; this has {samples}."
    if data.classes > MAX_CLASSES:
        return f"Only data with up to {MAX_CLASSES} classes can be drawn on; this has {data.classes}."
    return ""


def points_from(data: PreparedData) -> DrawnSource:
    """Return the samples of ``data``, the training set first, as drawn points.

    Classes are numbered from 1; names of inputs and classes and the range shown are kept unless they are the defaults.

    Raises:
        PlaygroundError: the data has more than two inputs, or too many samples or classes.
    """
    if reason := obstacle(data):
        raise PlaygroundError(reason)
    inputs = len(data.input_names)
    positions = np.concatenate((data.positions_train, data.positions_test))
    labels = np.concatenate((data.labels_train, data.labels_test))
    is_plain = data.table is None
    area = tuple(data.domain_of(axis) for axis in range(inputs))
    return DrawnSource(
        points=tuple(map(tuple, np.column_stack((positions, labels + (data.classes > 0))).tolist())),
        task=data.task,
        inputs=inputs,
        classes=tuple(range(1, data.classes + 1)),
        class_names=() if is_plain else data.class_names,
        input_names=() if is_plain else data.input_names,
        area=None if area == (DOMAIN,) * inputs else area,
    )
