"""Name an Experiment by its differences from another one, such as ``sigmoid`` or ``ReLU · He``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any, Final

from core.data.settings import DataSettings, DrawnSource, TableSource
from core.experiment.changes import setting_title
from core.experiment.choices import CHOICES, choice_label
from core.experiment.experiment import Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.formulas.features import FEATURES, feature

SEPARATOR: Final = " · "


MAX_PARTS: Final = 3
"""Maximum number of differences in a name; further ones are counted."""

_QUALIFIED: Final[Mapping[str, str]] = {
    "output_activation": "output",
    "loss": "loss",
    "dropout_scaling": "dropout",
}
"""Settings whose values are not self-explanatory."""

_INPUTS: Final = ("x1", "x2")
"""The entries of ``FEATURES`` that are unchanged inputs."""

MAX_FEATURES: Final = 1000
"""Maximum number of columns of a table."""

_SEEDS: Final[Mapping[type, str]] = {DataSettings: "data", NetworkSettings: "weight", TrainingSettings: "batch"}


def distinguishing(this: Experiment, other: Experiment) -> tuple[str, ...]:
    """Return the settings of ``this`` that differ from ``other`` as short texts, most relevant first; names are ignored.

    Choices are described by their menu label, numbers by the title of their setting: ``sigmoid``, ``learning rate 0.1``.
    """
    texts = (
        *_hidden(this.network.hidden, other.network.hidden),
        *_fields(this.network, other.network),
        *_fields(this.training, other.training),
        *_fields(this.data, other.data),
    )
    return tuple(dict.fromkeys(texts))  # all layers and the output may have the same new initializer


def short_name(this: Experiment, other: Experiment) -> str:
    """Return a name for ``this`` relative to ``other``, such as ``ReLU · He``; empty if their settings are equal."""
    parts = distinguishing(this, other)
    more = len(parts) - MAX_PARTS
    kept = parts if more <= 0 else (*parts[:MAX_PARTS], f"+ {more} more")
    return SEPARATOR.join(kept)


def _hidden(these: Sequence[HiddenLayer], others: Sequence[HiddenLayer]) -> Iterator[str]:
    """Yield the differences of the hidden layers: those common to all layers first, then layer by layer."""
    if len(these) != len(others):
        yield "no hidden layer" if not these else "1 layer" if len(these) == 1 else f"{len(these)} layers"
    if not these:
        return
    for field in HiddenLayer.__struct_fields__:
        mine, theirs = [getattr(layer, field) for layer in these], [getattr(layer, field) for layer in others]
        if len(these) != len(others):
            # Layers do not correspond, so only the sets of values can be compared.
            if set(mine) != set(theirs) and theirs:
                labels = dict.fromkeys(_text(HiddenLayer, field, value, theirs[0]) for value in mine)
                yield " / ".join(labels)
            continue
        differing = [index for index, value in enumerate(mine) if value != theirs[index]]
        texts = [_text(HiddenLayer, field, mine[index], theirs[index]) for index in differing]
        if len(differing) == len(these) and len(set(texts)) == 1:
            yield texts[0]
        else:
            yield from (f"hidden {index + 1}: {text}" for index, text in zip(differing, texts, strict=True))


def _fields(this: Any, other: Any) -> Iterator[str]:  # noqa: ANN401 - any two settings of the same type
    for field in this.__struct_fields__:
        mine, theirs = getattr(this, field), getattr(other, field)
        if mine == theirs or field == "hidden":
            continue
        if field == "hyper_parameters":
            yield from _fields(mine, theirs)
        else:
            yield _text(type(this), field, mine, theirs)


def _text(owner: type, field: str, value: Any, other: Any) -> str:  # noqa: ANN401 - the value of any setting
    """Describe ``value`` of a setting, which differs from ``other``."""
    if field in CHOICES:
        return _chosen(field, value, other)
    if field == "units":
        return "1 neuron" if value == 1 else f"{value} neurons"
    if field == "seed":
        return f"{_SEEDS[owner]} seed {value}"
    if field == "features":
        return _features(value, other)
    title = _plain_title(setting_title(owner, field))
    if field == "batch_size" and value == 0:
        return f"{title} whole set"
    if isinstance(value, bool):
        return title if value else f"no {title}"
    if value is None:
        return f"default {title}"
    if isinstance(value, int | float):
        return f"{title} {_number(value)}"
    return f"{title} {value}" if isinstance(value, str) else f"other {title}"


def _chosen(field: str, value: Any, other: Any) -> str:  # noqa: ANN401 - a key or a table
    if isinstance(value, TableSource):
        name = PurePath(value.csv).name
        is_same_file = isinstance(other, TableSource) and other.csv == value.csv
        return f"{name}, other columns" if is_same_file else name
    if isinstance(value, DrawnSource):
        return f"{len(value.points)} drawn points"
    label = choice_label(field, value)
    if isinstance(other, str) and other in CHOICES[field] and field.endswith("initializer"):
        label = _without_common_end(label, choice_label(field, other))
    qualifier = _QUALIFIED.get(field)
    return f"{qualifier} {label}" if qualifier else label


def _without_common_end(label: str, other: str) -> str:
    """Return ``label`` without its last word if ``other`` ends with the same word: Xavier uniform, He uniform → He."""
    mine, theirs = label.split(), other.split()
    return mine[0] if len(mine) == len(theirs) == 2 and mine[1] == theirs[1] else label


def _features(mine: tuple[str, ...] | None, theirs: tuple[str, ...] | None) -> str:
    if mine is None:
        return "default features"
    base = theirs if theirs is not None else tuple(key for key in mine if key not in FEATURES or key in _INPUTS)
    added = [_feature_label(key) for key in mine if key not in base]
    removed = [_feature_label(key) for key in base if key not in mine]
    return " ".join([f"+ {label}" for label in added] + [f"− {label}" for label in removed]) or "features reordered"


def _feature_label(key: str) -> str:
    return feature(key, MAX_FEATURES).label


def _plain_title(title: str) -> str:
    """Return ``title`` without a trailing symbol: learning rate α → learning rate."""
    words = title.split()
    return " ".join(words[:-1]) if len(words) > 1 and len(words[-1]) <= 2 and not words[-1].isdecimal() else title


def _number(value: float) -> str:
    return f"{value:g}".replace("-", "−")
