"""Warnings about a usable table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.data.tables.roles import same_information

if TYPE_CHECKING:
    from core.data.tables.columns import Column
    from core.data.tables.encoding import CodedTarget

_SHOWN = 3


def cautions(target: Column, inputs: tuple[Column, ...], coded: CodedTarget) -> tuple[str, ...]:
    """Return a warning for inputs that reveal the target, and for classes with a single sample."""
    warnings = []
    leaks = [column.name for column in inputs if same_information(column, target)]
    if leaks:
        noun = "Column" if len(leaks) == 1 else "Columns"
        verb = "determines" if len(leaks) == 1 else "determine"
        warnings.append(f"{noun} {_listed(leaks)} {verb} the target “{target.name}” in every row.")
    if coded.task == "classification":
        counts = np.bincount(coded.values.astype(np.int64), minlength=len(coded.class_names))
        single = [name for name, count in zip(coded.class_names, counts, strict=True) if count == 1]
        if single:
            noun = "Class" if len(single) == 1 else "Classes"
            verb = "has" if len(single) == 1 else "have"
            warnings.append(
                f"{noun} {_listed(single)} {verb} only one sample, which is in either the training or the test set."
            )
    return tuple(warnings)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(f"“{name}”" for name in names[:_SHOWN]) + more
