"""Validate a decoded JSON value against a msgspec type and report the exact path of the first error.

msgspec's own errors say ``$.network.hidden[...].dropout`` without the index and the value; a user who edits a file by
hand needs both, so this module walks the same type information.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from typing import Any, cast

from msgspec import inspect

from core.errors import ExperimentError


def check(value: object, model: type) -> None:
    """Raise :class:`ExperimentError` with the first path at which ``value`` (decoded JSON) does not fit ``model``."""
    _check(value, _type_info(model), "$")


@cache
def _type_info(model: type) -> inspect.Type:
    return inspect.type_info(model)


@cache
def _type_infos(types: tuple[type, ...]) -> tuple[inspect.Type, ...]:
    return inspect.multi_type_info(types)


def shown(value: object) -> str:
    """Return ``value`` as JSON, truncated to a readable length."""
    if isinstance(value, str):
        import json  # imported late: only errors need it

        text = json.dumps(value, ensure_ascii=False)
    elif isinstance(value, bool):
        text = "true" if value else "false"
    else:
        text = "null" if value is None else repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _check(value: object, kind: inspect.Type, path: str) -> None:
    match kind:
        case inspect.Metadata(extra={"one_of": types}):
            _check_union(value, _type_infos(types), path)
        case inspect.Metadata(type=inner):
            _check(value, inner, path)
        case inspect.StructType():
            _check_struct(value, kind, path)
        case inspect.VarTupleType(item_type=item, min_length=low, max_length=high):
            _check_sequence(value, item, low, high, path)
        case inspect.TupleType(item_types=items):
            _check_fixed(value, items, path)
        case inspect.UnionType(types=types):
            _check_union(value, types, path)
        case inspect.LiteralType(values=values):
            if value not in values or isinstance(value, bool):
                raise ExperimentError(path, f"expected one of {', '.join(map(str, values))}; got {shown(value)}")
        case inspect.IntType() | inspect.FloatType():
            _check_number(value, kind, path)
        case inspect.BoolType():
            if not isinstance(value, bool):
                raise ExperimentError(path, f"expected true or false, got {shown(value)}")
        case inspect.StrType():
            _check_text(value, kind, path)
        case inspect.NoneType():
            if value is not None:
                raise ExperimentError(path, f"expected null, got {shown(value)}")
        case inspect.DictType():
            if not isinstance(value, dict):
                raise ExperimentError(path, f"expected an object with keys, got {shown(value)}")
        case _:
            raise TypeError(f"no rule for {kind!r} at {path}")


def _check_struct(value: object, kind: inspect.StructType, path: str) -> None:
    if not isinstance(value, dict):
        raise ExperimentError(path, f"expected an object with keys, got {shown(value)}")
    fields = {field.encode_name: field for field in kind.fields}
    for key in value:
        if key not in fields:
            raise ExperimentError(path, f"unknown key {shown(key)}{_nearest(key, fields)}")
    for key, field in fields.items():
        if key in value:
            _check(value[key], field.type, f"{path}.{key}")
        elif field.required:
            raise ExperimentError(path, f'the key "{key}" is missing')


def _nearest(key: object, known: Iterable[str]) -> str:
    from difflib import get_close_matches  # imported late: only for a message

    close = get_close_matches(str(key), list(known), n=1)
    return f', did you mean "{close[0]}"?' if close else f"; the keys here are {', '.join(known)}"


def _check_sequence(value: object, item: inspect.Type, low: int | None, high: int | None, path: str) -> None:
    if not isinstance(value, list | tuple):
        raise ExperimentError(path, f"expected a list, got {shown(value)}")
    if low is not None and len(value) < low:
        raise ExperimentError(path, f"expected at least {low} {'entry' if low == 1 else 'entries'}, got {len(value)}")
    if high is not None and len(value) > high:
        raise ExperimentError(path, f"expected at most {high} entries, got {len(value)}")
    if _are_plain_numbers(value, item):
        return
    for index, entry in enumerate(value):
        _check(entry, item, f"{path}[{index}]")


def _check_fixed(value: object, items: tuple[inspect.Type, ...], path: str) -> None:
    if not isinstance(value, list | tuple) or len(value) != len(items):
        raise ExperimentError(path, f"expected a list of {len(items)} entries, got {shown(value)}")
    for index, (entry, item) in enumerate(zip(value, items, strict=True)):
        _check(entry, item, f"{path}[{index}]")


def _are_plain_numbers(value: Sequence[object], item: inspect.Type) -> bool:
    """Return whether a list of lists of numbers is valid, without walking it: it may hold thousands of drawn points."""
    rows = _bare(item)
    if not isinstance(rows, inspect.VarTupleType) or not set(map(type, value)) <= {list, tuple}:
        return False
    low, high = rows.min_length or 0, rows.max_length
    lengths, number = set(map(len, cast("Sequence[Sequence[object]]", value))), _bare(rows.item_type)
    if not isinstance(number, inspect.FloatType) or any(n < low or (high is not None and n > high) for n in lengths):
        return False
    flat: list[Any] = [*chain.from_iterable(cast("Sequence[Sequence[object]]", value))]
    if not set(map(type, flat)) <= {int, float}:
        return False
    least, most = min(flat, default=number.ge or 0), max(flat, default=number.ge or 0)
    # A NaN may hide from min and max, but not from the sum.
    return (
        (number.ge is None or least >= number.ge)
        and (number.le is None or most <= number.le)
        and number.gt is None
        and number.lt is None
        and math.isfinite(sum(flat))
    )


def _check_union(value: object, types: tuple[inspect.Type, ...], path: str) -> None:
    if value is None and any(isinstance(kind, inspect.NoneType) for kind in types):
        return
    candidates = [kind for kind in types if not isinstance(kind, inspect.NoneType)]
    structs = [kind for kind in candidates if isinstance(_bare(kind), inspect.StructType)]
    others = [kind for kind in candidates if kind not in structs]
    chosen = (
        _struct_for(value, structs) if isinstance(value, dict) and structs else _plain_for(value, others or structs)
    )
    _check(value, chosen, path)


def _plain_for(value: object, kinds: list[inspect.Type]) -> inspect.Type:
    """Return the first of ``kinds`` that takes values of this Python type, else the first."""
    takes: dict[type, tuple[type, ...]] = {
        bool: (inspect.BoolType,),
        str: (inspect.StrType, inspect.LiteralType),
        int: (inspect.IntType, inspect.FloatType),
        float: (inspect.FloatType,),
    }
    return next((kind for kind in kinds if isinstance(_bare(kind), takes.get(type(value), ()))), kinds[0])


def _struct_for(value: dict[str, Any], structs: list[inspect.Type]) -> inspect.Type:
    """Return the struct that shares the most keys with ``value``; if it shares none, misspelt keys count, too."""

    def names(kind: inspect.Type) -> list[str]:
        bare = _bare(kind)
        return [field.encode_name for field in bare.fields] if isinstance(bare, inspect.StructType) else []

    def fit(kind: inspect.Type) -> int:
        return len(set(names(kind)) & set(value))

    def close(kind: inspect.Type) -> int:
        from difflib import get_close_matches

        return sum(bool(get_close_matches(str(key), names(kind), n=1)) for key in value)

    best = max(structs, key=fit)
    return best if fit(best) else max(structs, key=close)


def _bare(kind: inspect.Type) -> inspect.Type:
    return _bare(kind.type) if isinstance(kind, inspect.Metadata) else kind


def _check_number(value: object, kind: inspect.IntType | inspect.FloatType, path: str) -> None:
    whole = isinstance(kind, inspect.IntType)
    noun = "a whole number" if whole else "a number"
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        raise ExperimentError(path, f"expected {noun}, got {shown(value)}")
    assert isinstance(value, int | float)  # noqa: S101 - narrows the type for mypy
    if isinstance(value, float) and not math.isfinite(value):
        raise ExperimentError(path, f"expected a finite number, got {shown(value)}")
    rules = (
        (kind.ge, "≥", operator.ge),
        (kind.gt, ">", operator.gt),
        (kind.le, "≤", operator.le),
        (kind.lt, "<", operator.lt),
    )
    for bound, sign, holds in rules:
        if bound is not None and not holds(value, bound):
            raise ExperimentError(path, f"expected {noun} {sign} {bound:.12g}, got {shown(value)}")


def _check_text(value: object, kind: inspect.StrType, path: str) -> None:
    if not isinstance(value, str):
        raise ExperimentError(path, f"expected text, got {shown(value)}")
    if kind.min_length is not None and len(value) < kind.min_length:
        raise ExperimentError(path, "expected some text, got none")
    if kind.max_length is not None and len(value) > kind.max_length:
        raise ExperimentError(path, f"expected at most {kind.max_length} characters, got {len(value)}")
