"""Bindings from the Experiment to the controls; a control is updated only when its value changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from core.experiment import Experiment

T = TypeVar("T")


class Bindings:
    """Pairs of functions: one reads a value from the Experiment, the other shows it."""

    def __init__(self) -> None:
        self._pairs: list[tuple[Callable[[Experiment], Any], Callable[[Any], object]]] = []

    def add(self, read: Callable[[Experiment], T], show: Callable[[T], object]) -> None:
        """Call ``show`` with the result of ``read`` whenever it changes."""
        self._pairs.append((read, show))

    def changed(self, old: Experiment, new: Experiment) -> None:
        """Show the values that differ between ``old`` and ``new``."""
        for read, show in self._pairs:
            value = read(new)
            if read(old) != value:
                show(value)

    def show_all(self, experiment: Experiment) -> None:
        """Show all values of ``experiment`` (initially, or after a rejected edit)."""
        for read, show in self._pairs:
            show(read(experiment))
