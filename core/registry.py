"""Registries: ordered tables of choices, such as activations, losses or optimizers, in menu order."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping


class Entry(Struct, frozen=True, kw_only=True):
    """The fields that every choice in a registry has.

    Attributes:
        key: the name in files and on the command line, such as ``"leaky_relu"``.
        label: the short text in menus, such as ``"Leaky ReLU"``.
        formula: LaTeX, without dollar signs.
        explanation: one plain sentence that a student understands.
        derivative_formula: LaTeX of the derivative, or empty.
        good_for: what it was designed for, or empty.
    """

    key: str
    label: str
    formula: str
    explanation: str
    derivative_formula: str = ""
    good_for: str = ""


EntryT = TypeVar("EntryT", bound=Entry)


def registry(*entries: EntryT) -> Mapping[str, EntryT]:
    """Return the entries by key, in the order given, as a read-only mapping.

    Raises:
        ValueError: two entries have the same key.
    """
    table = {entry.key: entry for entry in entries}
    if len(table) != len(entries):
        raise ValueError(f"two entries share a key: {[entry.key for entry in entries]}")
    return MappingProxyType(table)
