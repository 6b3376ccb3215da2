"""Data for the minima card on a network: the ends of many restarts, and the distinct minima among them."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct

from core.arrays import Floats
from core.engine.compiled.kernel import is_loaded
from core.training.many_runs.network_minima import Minimum, Restart, Restarting, distinct_minima
from playground.style.numbers import short, thousands
from playground.worker.background import Advance
from playground.worker.priority import lower_priority

if TYPE_CHECKING:
    from core.network.architecture import Architecture

MAX_RESTARTS: Final = 40
MIN_RESTARTS: Final = 4
STEPS: Final = 2000
MIN_STEPS: Final = 100
RESTART_WORK: Final = 1.5e9
"""Maximum number of multiplications of one restart, which limits its steps."""

TOTAL_WORK: Final = 1.2e10
"""Maximum number of multiplications of all restarts, which limits their number."""

STILL_RESTARTS: Final = 16
"""Number of restarts for a picture or table of a card that has not found more, so that an export takes half a second."""

_FLAT: Final = 1e-6
"""Smallest loss on the logarithmic axis."""


class PinnedPlace(Struct, frozen=True, eq=False):
    """Where a pinned run on the same surface is.

    Attributes:
        end: its current parameters and loss.
        index: which of the minima shown it is in; ``None`` for none of them.
    """

    end: Minimum
    index: int | None = None


class NetworkMinima(Struct, frozen=True, eq=False):
    """Data of the histogram.

    Attributes:
        restarts: the restarts so far.
        minima: the distinct minima, lowest first.
        planned: total number of restarts.
        steps: number of updates of each.
        place: place of a pinned run with the same minima, which has no restarts of its own; else ``None``.
    """

    restarts: tuple[Restart, ...]
    minima: tuple[Minimum, ...]
    planned: int
    steps: int
    place: PinnedPlace | None = None

    @property
    def losses(self) -> Floats:
        """Final loss of each restart, (n,)."""
        return np.array([restart.loss for restart in self.restarts])

    @property
    def minimum_of(self) -> dict[int, int]:
        """Index of the minimum in which each restart ended, by index of the restart."""
        return {member: index for index, minimum in enumerate(self.minima) for member in minimum.members}

    @property
    def levels(self) -> Floats:
        """log₁₀ of the final losses, (n,); NaN for restarts that ended in no minimum."""
        ended = np.array([restart.fate == "ended" for restart in self.restarts], dtype=np.bool_)
        return np.log10(np.maximum(np.where(ended, self.losses, np.nan), _FLAT))

    def range(self) -> tuple[float, float]:
        """Return the range of :attr:`levels` with a margin, at least a third of a decade wide; of a place, its loss."""
        if self.place is not None:
            level = level_of(self.place.end.loss)
            return level - 0.02, level + 0.02
        levels = self.levels[np.isfinite(self.levels)]
        low, high = (float(levels.min()), float(levels.max())) if len(levels) else (-1.0, 0.0)
        margin = max(0.08 * (high - low), 0.17 - (high - low) / 2, 0.02)
        return low - margin, high + margin


def level_of(loss: float) -> float:
    """Return log₁₀ of ``loss``, as on the axis."""
    return math.log10(max(loss, _FLAT))


def place_sentences(place: PinnedPlace, minima: int) -> tuple[str, ...]:
    """Return sentences on where a pinned run is among ``minima`` minima, longest first."""
    loss = f"loss {short(place.end.loss, 2)}"
    if place.index is None:
        return (f"{loss}, in none of these", loss)
    which = "the minimum" if minima == 1 else "the lowest" if place.index == 0 else f"number {place.index + 1} of these"
    return (f"{loss}, in {which}", loss)


def sizes_for(architecture: Architecture, samples: int) -> tuple[int, int]:
    """Return the number of restarts and the steps of each: fewer for large networks."""
    work = 6.0 * max(samples, 1) * architecture.size
    steps = int(np.clip(RESTART_WORK / work, MIN_STEPS, STEPS))
    return int(np.clip(TOTAL_WORK / (work * steps), MIN_RESTARTS, MAX_RESTARTS)), steps


def more_restarts(
    search: Restarting,
    known: Sequence[Restart],
    count: int,
    advance: Advance,
    *,
    seconds: float = math.inf,
    threads: int = 1,
) -> list[Restart] | None:
    """Return ``known`` and the following restarts of ``search``, up to ``count``; ``None`` if cancelled.

    Args:
        search: the restarts.
        known: the first of them.
        count: number of restarts.
        advance: called between restarts; returns ``False`` to cancel.
        seconds: time limit, after which fewer are returned.
        threads: number of restarts that are computed at the same time; the results do not depend on it.
    """
    restarts, deadline = list(known), time.perf_counter() + seconds
    begun: deque[Future[Restart]] = deque()
    with ThreadPoolExecutor(threads, "restarts", lower_priority) as pool:
        while len(restarts) < count:
            is_late = time.perf_counter() >= deadline and len(restarts) > len(known)
            while is_late and begun and begun[-1].cancel():
                begun.pop()
            if is_late and not begun:
                break
            if not advance(len(restarts), count):
                for each in begun:
                    each.cancel()
                return None
            # One job more than threads, so that no thread is idle; the first runs alone if it loads the compiled engine.
            ahead = threads + 1 if threads > 1 and (is_loaded() or len(restarts) > len(known)) else 1
            if not is_late:
                following = range(len(restarts) + len(begun), min(len(restarts) + ahead, count))
                begun.extend(pool.submit(search.restart, index) for index in following)
            restarts.append(begun.popleft().result())
    return restarts


def network_minima(
    architecture: Architecture, restarts: tuple[Restart, ...], planned: int, steps: int
) -> NetworkMinima:
    """Return the data of ``restarts`` so far."""
    return NetworkMinima(restarts, distinct_minima(architecture, restarts), planned, steps)


def network_minima_sentences(data: NetworkMinima) -> tuple[str, ...]:
    """Return sentences on how many distinct minima the restarts found, longest first."""
    count, distinct = len(data.restarts), len(data.minima)
    lost = _lost_in_words(data.restarts)
    if not distinct:
        return (f"no restart reaches a minimum: {lost}", "no restart reaches a minimum")
    ended = [restart for restart in data.restarts if restart.fate == "ended"]
    moving = [restart for restart in ended if not restart.is_at_rest]
    minima = ("place" if moving else "minimum") if distinct == 1 else f"different {'places' if moving else 'minima'}"
    of = f"{thousands(len(ended))} of {thousands(count)}" if lost else thousands(count)
    end = f"{'restart' if count == 1 else 'restarts'} {'ends' if len(ended) == 1 else 'end'}"
    text = f"{of} {end} in {thousands(distinct)} {minima}"
    low, high = data.minima[0].loss, data.minima[-1].loss
    lowest, highest = short(low, 2), short(high, 2)
    losses = f", loss {lowest}" if lowest == highest else f", loss {lowest} to {highest}"
    best = len(data.minima[0].members)
    share = f"; {best} in the lowest" if lowest != highest else ""
    if moving:
        how = "falls slowly" if all(restart.fall > 0.0 for restart in moving) else "changes slowly"
        whose = "its loss" if len(ended) == 1 else f"the loss of {'all' if moving == ended else thousands(len(moving))}"
        share = f"; {whose} still {how}"
    lost = f"; {lost}" if lost else ""
    brief = f"{thousands(distinct)} {minima}"
    short_forms = (text, brief, brief.replace("different ", ""))
    return (f"{text}{losses}{share}{lost}", f"{text}{losses}{lost}", f"{text}{lost}", *short_forms)


def _lost_in_words(restarts: Sequence[Restart]) -> str:
    """Return how many restarts ended in no minimum, and why; empty if there are none."""
    diverged = sum(restart.fate == "diverged" for restart in restarts)
    far = [restart.loss for restart in restarts if restart.fate == "far"]
    words = [f"{thousands(diverged)} diverged"] if diverged else []
    if far:
        least = short(min(far), 2)
        words.append(f"{thousands(len(far))} stayed at losses of {least} or more, far from any minimum")
    return ", ".join(words)
