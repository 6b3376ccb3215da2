"""Let the cards that train networks of their own train few of them briefly, where a test does not examine their results."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final

_SHORTER: Final = {
    "playground.plots.minima.network.MAX_RESTARTS": 4,
    "playground.plots.minima.network.STEPS": 400,
    "playground.plots.race.data.NETWORK_STEPS": 100,
    "playground.plots.ranges.card.STILL_RUNS": 12,
    "playground.plots.ranges.card.SECONDS": 0.0,
    "core.training.many_runs.reference_runs.MAX_STEPS": 120,
    "core.analysis.normal_ranges.MIN_LEARNED": 1,  # so that the few runs still give a range
}


def shorten(assign: Callable[[str, float], object]) -> None:
    """Call ``assign``, such as ``monkeypatch.setattr``, with the name and the value of each limit."""
    for name, value in _SHORTER.items():
        assign(name, value)


def shorten_this_process() -> None:
    """Shorten the runs until this process ends."""

    def assign(name: str, value: float) -> None:
        module, _, limit = name.rpartition(".")
        setattr(import_module(module), limit, value)

    shorten(assign)
