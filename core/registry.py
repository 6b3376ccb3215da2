"""Registries: ordered tables of choices, such as activations, losses or optimizers, in menu order."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class Row:
    """The fields that every choice in a registry has.

    Attributes:
        key: the name in files and on the command line, such as ``"leaky_relu"``.
        label: the short text in menus, such as ``"Leaky ReLU"``.
        formula: LaTeX, without dollar signs.
        explanation: one plain sentence that a student understands.
    """

    key: str
    label: str
    formula: str
    explanation: str


RowT = TypeVar("RowT", bound=Row)


def registry(*rows: RowT) -> Mapping[str, RowT]:
    """Return the rows by key, in the order given, as a read-only mapping.

    Raises:
        ValueError: two rows have the same key.
    """
    table = {row.key: row for row in rows}
    if len(table) != len(rows):
        raise ValueError(f"two rows share a key: {[row.key for row in rows]}")
    return MappingProxyType(table)
