"""Bindings from the Experiment to the controls: a control is updated only when its part has changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from core.experiment import Experiment

T = TypeVar("T")


class Bindings:
    """Pairs of "what to read of the Experiment" and "how to show it"."""

    def __init__(self) -> None:
        self._pairs: list[tuple[Callable[[Experiment], Any], Callable[[Any], object]]] = []

    def add(self, read: Callable[[Experiment], T], show: Callable[[T], object]) -> None:
        """Call ``show`` with what ``read`` returns whenever that has changed."""
        self._pairs.append((read, show))

    def changed(self, old: Experiment, new: Experiment) -> None:
        """Show what differs between ``old`` and ``new``."""
        for read, show in self._pairs:
            value = read(new)
            if read(old) != value:
                show(value)

    def show_all(self, experiment: Experiment) -> None:
        """Show all of ``experiment`` (at the start, or when an intent was refused)."""
        for read, show in self._pairs:
            show(read(experiment))
