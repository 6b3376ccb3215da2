"""Metadata of the Experiment's fields for sliders and tooltips: title, description, default and limits."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from inspect import get_annotations
from typing import Any, get_args

import msgspec
from msgspec import Meta, Struct


class FieldMeta(Struct, frozen=True):
    """Metadata of one field of the Experiment.

    Attributes:
        name: the key in the file.
        title: label of the control.
        description: one sentence, for the tooltip.
        default: the value after a reset.
        low: lower limit.
        high: upper limit.
        low_allowed: whether ``low`` itself is allowed.
        high_allowed: whether ``high`` itself is allowed.
        whole: whether only whole numbers are allowed.
    """

    name: str
    title: str
    description: str
    default: object
    low: float = -math.inf
    high: float = math.inf
    low_allowed: bool = True
    high_allowed: bool = True
    whole: bool = False

    def problem(self, value: float) -> str | None:
        """Return why ``value`` is invalid, as the predicate of a sentence, or ``None``."""
        if not math.isfinite(value):
            return "must be a finite number"
        if self.whole and value != round(value):
            return "must be a whole number"
        if value < self.low or (value == self.low and not self.low_allowed):
            return f"must be {'at least' if self.low_allowed else 'more than'} {self.low:g}"
        if value > self.high or (value == self.high and not self.high_allowed):
            return f"must be {'at most' if self.high_allowed else 'less than'} {self.high:g}"
        return None


def field_meta(struct: type[msgspec.Struct], name: str) -> FieldMeta:
    """Return the metadata of field ``name`` of ``struct``.

    Raises:
        KeyError: there is no such field.
    """
    hint = _hint(struct, name)
    # Fields with defaults come last. (msgspec.inspect would take milliseconds.)
    names, defaults = struct.__struct_fields__, struct.__struct_defaults__
    default = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True)).get(name, msgspec.NODEFAULT)
    metas = list(_metas(hint))
    bounds: dict[str, Any] = {}
    for meta in metas:
        if meta.ge is not None or meta.gt is not None:
            bounds |= {"low": meta.ge if meta.ge is not None else meta.gt, "low_allowed": meta.ge is not None}
        if meta.le is not None or meta.lt is not None:
            bounds |= {"high": meta.le if meta.le is not None else meta.lt, "high_allowed": meta.le is not None}
    title = next((meta.title for meta in metas if meta.title), name.replace("_", " "))
    description = next((meta.description for meta in metas if meta.description), "")
    return FieldMeta(name, title, description, default, whole=_is_whole(hint), **bounds)


def _hint(struct: type[msgspec.Struct], name: str) -> object:
    """Return the annotated type of one field; resolving all fields, or by typing.get_type_hints, would take milliseconds."""
    alone = type(struct.__name__, (), {"__annotations__": {name: struct.__annotations__[name]}})
    hints: dict[str, object] = get_annotations(alone, globals=vars(sys.modules[struct.__module__]), eval_str=True)
    return hints[name]


def _metas(hint: object) -> Iterator[Meta]:
    """Yield the msgspec metadata of ``hint``, outermost first; limits may be inside an optional type."""
    yield from (part for part in getattr(hint, "__metadata__", ()) if isinstance(part, Meta))
    inner = (get_args(hint)[0],) if hasattr(hint, "__metadata__") else get_args(hint)
    for part in inner:
        yield from _metas(part)


def _is_whole(hint: object) -> bool:
    return hint is int or (hasattr(hint, "__metadata__") and _is_whole(get_args(hint)[0]))
