"""Check one step against a snapshot: the elements it points at exist, and its live numbers have values."""

from __future__ import annotations

import math
from collections.abc import Iterator

from core.lessons.blocks import Element, FrontMatter, Show, Step
from core.lessons.file_format.block_reading import sentences
from core.lessons.file_format.markdown import LIVE_NUMBER
from core.lessons.measurements.registry import measure, parse_call
from core.training.snapshot import Snapshot


def missing_elements(step: Step, snapshot: Snapshot) -> tuple[str, ...]:
    """Return a sentence for each neuron or weight that ``step`` points at but ``snapshot`` does not have."""
    found = []
    for show in (each for each in step.content if isinstance(each, Show)):
        for kind, indices in (("neuron", show.neuron), ("weight", show.weight)):
            if indices is not None and not _exists(indices, snapshot):
                found.append(f"there is no {kind} {list(indices)} to show")
    return tuple(found)


def elements_of(front: FrontMatter) -> tuple[tuple[str, Element], ...]:
    """Return the neurons and weights that ``front`` hides or locks, each with the key of its list."""
    pairs = (("hide", each) for each in front.hide), (("lock", each) for each in front.lock)
    return tuple((key, each) for part in pairs for key, each in part if isinstance(each, Element))


def exists(element: Element, snapshot: Snapshot) -> bool:
    """Return whether the network of ``snapshot`` has ``element``."""
    return _exists(element.indices, snapshot)


def _exists(indices: tuple[int, ...], snapshot: Snapshot) -> bool:
    """Return whether the neuron (layer, neuron) or weight (layer, source, target) exists; all indices are from 1."""
    layers = snapshot.network.architecture.layers
    layer = layers[indices[0] - 1] if indices[0] <= len(layers) else None
    source = indices[1] if len(indices) == 3 else 1
    return layer is not None and indices[-1] <= layer.fan_out and source <= layer.fan_in


def numbers_without_value(step: Step, entry: Snapshot, end: Snapshot) -> tuple[str, ...]:
    """Return a sentence for each live number of ``step`` that has a value neither at its entry nor at its end."""
    calls = dict.fromkeys(match[1].strip() for text in _texts(step) for match in LIVE_NUMBER.finditer(text))
    return tuple(
        f"the live number {{{{{call}}}}} has no value"
        for call in calls
        if all(_is_undefined(call, snapshot) for snapshot in (entry, end))
    )


def _texts(step: Step) -> Iterator[str]:
    for each in step.content:
        if isinstance(each, str):
            yield each
        else:
            yield from (text for _, text in sentences(each))


def _is_undefined(call: str, snapshot: Snapshot) -> bool:
    value = measure(parse_call(call), snapshot)
    return not value if isinstance(value, str) else math.isnan(value)
