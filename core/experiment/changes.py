"""Describe what an edit changed, such as ``learning rate 0.03 → 0.1``."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Annotated, Final, get_args, get_origin, get_type_hints

from msgspec import Meta

from core.data.settings import DrawnSource, Settings, TableSource
from core.experiment.choices import CHOICES, choice_label
from core.experiment.experiment import Experiment, HiddenLayer

_PLAIN: Final = (str, int, float, TableSource, DrawnSource, type(None))


def changes_between(old: Experiment, new: Experiment) -> tuple[str, ...]:
    """Return the differences between two Experiments, one short text per setting, ignoring their names."""
    return (
        *_differences(old.data, new.data, "data"),
        *_layer_differences(old.network.hidden, new.network.hidden),
        *_differences(old.network, new.network, "weight"),
        *_differences(old.training, new.training, "training"),
    )


def change_in_words(old: Experiment, new: Experiment) -> str:
    """Return the first difference and the number of others; empty if there is none."""
    changes = changes_between(old, new)
    if len(changes) < 2:
        return changes[0] if changes else ""
    return f"{changes[0]} (+ {len(changes) - 1} more)"


def changed_settings(old: Experiment, new: Experiment) -> frozenset[str]:
    """Return the names of the settings that differ."""
    return frozenset(text.split(" ")[0] for text in changes_between(old, new))


def setting_title(owner: type[Settings], field: str) -> str:
    """Return the name in the window of a setting, within a sentence: ``learning rate α``."""
    return _names(owner)[field]


def _differences(old: Settings, new: Settings, part: str = "") -> Iterator[str]:
    names = _names(type(old))
    for field in old.__struct_fields__:
        before, after = getattr(old, field), getattr(new, field)
        if before == after or field == "hidden":
            continue
        name = f"{part} seed" if field == "seed" else names[field]
        if isinstance(before, DrawnSource) and isinstance(after, DrawnSource):
            yield f"{name} {_points_changed(before, after)}"
        elif isinstance(before, tuple) and isinstance(after, tuple):
            added, removed = _written(set(after) - set(before)), _written(set(before) - set(after))
            parts = [f"+ {text}" for text in added] + [f"− {text}" for text in removed]
            yield f"{name} {', '.join(parts)}" if parts else f"{name} in another order"
        elif isinstance(before, bool):
            yield f"{name} {'on' if after else 'off'}"
        elif isinstance(before, _PLAIN) and isinstance(after, _PLAIN):
            yield f"{name} {_value(field, before)} → {_value(field, after)}"
        else:
            yield f"{name} changed"


def _layer_differences(old: tuple[HiddenLayer, ...], new: tuple[HiddenLayer, ...]) -> Iterator[str]:
    if len(old) != len(new):
        yield f"hidden layers {len(old)} → {len(new)}"
        return
    each = [tuple(_differences(before, after)) for before, after in zip(old, new, strict=True)]
    if each and all(differences == each[0] for differences in each):
        yield from each[0]
        return
    for number, differences in enumerate(each, 1):
        yield from (f"hidden {number}: {text}" for text in differences)


@functools.cache
def _names(settings: type[Settings]) -> Mapping[str, str]:
    """Return the names of the fields; resolving the annotations takes longer than an edit may."""
    return {field: _name(field, hint) for field, hint in get_type_hints(settings, include_extras=True).items()}


def _name(field: str, hint: object) -> str:
    """Return the field's name in the window, or else its key."""
    title = ""
    if get_origin(hint) is Annotated:
        title = next((meta.title or "" for meta in get_args(hint)[1:] if isinstance(meta, Meta)), "")
    name = title or field.replace("_", " ")
    # Titles start with a capital; within a sentence they are lower case, except names such as L2.
    return name[0].lower() + name[1:] if name[:2].isalpha() else name


def _points_changed(old: DrawnSource, new: DrawnSource) -> str:
    change = len(new.points) - len(old.points)
    if not change:
        return "points changed"
    return f"{'+' if change > 0 else '−'} {abs(change)} {'point' if abs(change) == 1 else 'points'}"


def _value(field: str, value: str | float | TableSource | DrawnSource | None) -> str:
    if value is None:
        return "none"
    if isinstance(value, DrawnSource):
        return f"{len(value.points)} drawn points"
    if isinstance(value, TableSource):
        return PurePath(value.csv).name
    if isinstance(value, str):
        return choice_label(field, value) if field in CHOICES else value
    return f"{value:g}".replace("-", "−")


def _written(values: set[object]) -> list[str]:
    return sorted(str(value) for value in values)
