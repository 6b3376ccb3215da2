"""Data for the ranges card: the normal range of each diagnostic, and the network's own values."""

from __future__ import annotations

import time
from collections.abc import Sequence

from msgspec import Struct

from core.analysis.normal_ranges import (
    DIAGNOSTICS,
    MIN_LEARNED,
    Measurements,
    Outlier,
    Ranges,
    Run,
    State,
    measure,
    outliers,
    ranges_of,
)
from core.engine.compiled.kernel import is_loaded
from core.engine.engine_choice import EngineChoice
from core.training.many_runs.reference_runs import RUNS, reference_key, reference_run
from core.training.snapshot import Snapshot
from playground.plotting.drawing.layer_names import weight_name
from playground.style.numbers import percent, short
from playground.worker.background import Advance


class RangesData(Struct, frozen=True, eq=False):
    """The normal ranges so far, and the network's own values.

    Attributes:
        key: key of the runs; equal keys have equal ranges.
        runs: the runs so far.
        total: number of runs when complete.
        ranges: the ranges of these runs.
        yours: the network's own values.
        outliers: those of them outside their range.
    """

    key: object
    runs: tuple[Run, ...]
    total: int
    ranges: Ranges
    yours: Measurements
    outliers: tuple[Outlier, ...]

    @property
    def is_complete(self) -> bool:
        """Whether all runs are finished."""
        return len(self.runs) >= self.total


def ranges_data(
    snapshot: Snapshot,
    known: Sequence[Run],
    advance: Advance,
    *,
    total: int = RUNS,
    enough: int = RUNS,
    seconds: float = float("inf"),
    engine: EngineChoice | None = None,
) -> RangesData | None:
    """Return the ranges after more runs, and the values of ``snapshot``; ``None`` if cancelled.

    Args:
        snapshot: the state of training.
        known: the runs finished so far for the same key, in order.
        advance: called between parts of each run.
        total: total number of runs.
        enough: number of runs that learned, after which there are no more.
        seconds: time limit, after which fewer runs are returned.
        engine: computes the runs; by default the compiled one if it is loaded, because loading would hold the GIL for seconds.
    """
    runs, ends = list(known), time.perf_counter() + seconds
    while wants_more(runs, total, enough) and (len(runs) == len(known) or time.perf_counter() < ends):
        chosen: EngineChoice = engine or ("auto" if is_loaded() else "numpy")
        run = reference_run(snapshot.experiment, snapshot.data, len(runs), advance, chosen)
        if run is None:
            return None
        runs.append(run)
    ranges, yours = ranges_of(runs), _measured(snapshot)
    found, whole = outliers(ranges, yours), max(total, len(runs)) if wants_more(runs, total, enough) else len(runs)
    return RangesData(reference_key(snapshot.experiment), tuple(runs), whole, ranges, yours, found)


def wants_more(runs: Sequence[Run], total: int, enough: int) -> bool:
    """Return whether ``runs`` are fewer than ``total``, and those of them that learned fewer than ``enough``."""
    return len(runs) < total and sum(run.learned for run in runs) < enough


def own_values(snapshot: Snapshot) -> RangesData:
    """Return the values of ``snapshot`` without ranges."""
    return RangesData(reference_key(snapshot.experiment), (), 0, ranges_of(()), _measured(snapshot), ())


def _measured(snapshot: Snapshot) -> Measurements:
    return measure(State(snapshot.network, snapshot.trace, snapshot.gradients, snapshot.last_update))


def value_in_words(key: str, value: float) -> str:
    """Format a value of the diagnostic ``key``."""
    return percent(value, 0) if DIAGNOSTICS[key].scale == "share" else short(value, 2)


def place_in_words(key: str, index: int) -> str:
    """Return where value ``index`` of the diagnostic ``key`` was measured; empty for the whole network."""
    diagnostic = DIAGNOSTICS[key]
    if not diagnostic.per_layer:
        return ""
    return f"hidden {index + 1}" if diagnostic.hidden_only else weight_name(index)


def ranges_sentences(data: RangesData) -> tuple[str, ...]:
    """Return a comparison of the network with those that learned, longest form first."""
    runs, learned = data.ranges.runs, data.ranges.learned
    if not runs:
        return ("no reference runs yet: they run while this card is visible", "no reference runs yet")
    # A figure without the compiled engine uses the runs that exist, even if they are too few for any range.
    is_final = data.is_complete and runs >= MIN_LEARNED
    so_far = "" if is_final else " so far"
    if not data.ranges.by_key:
        only = "only " if is_final else ""  # few successes among the first runs mean nothing yet
        needed = f"{MIN_LEARNED} are needed for a range"
        return (
            f"{only}{learned} of {runs} short runs learned{so_far}; {needed}",
            f"{learned} of {runs} learned{so_far}",
        )
    basis = f"{learned} of {runs} runs that learned{so_far}"
    if not data.outliers:
        return (f"all values lie in the normal range of {basis}", "all values are normal")
    worst = data.outliers[0]
    place = place_in_words(worst.key, worst.index)
    label = DIAGNOSTICS[worst.key].label
    name = f"{label[:1].lower()}{label[1:]}" + (f" in {place}" if place else "")
    value, low, high = (value_in_words(worst.key, each) for each in (worst.value, worst.low, worst.high))
    count = len(data.outliers)
    return (
        f"{count} outside the normal range, such as {name}: {value} (normal {low} to {high}; {basis})",
        f"{name}: {value} (normal {low} to {high})",
        f"{count} outside the normal range",
    )
