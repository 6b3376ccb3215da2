"""The card of normal ranges, which compares the network's diagnostics with those of networks that learned."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.analysis.normal_ranges import DIAGNOSTICS, Run
from core.engine.compiled.kernel import is_loaded
from core.engine.engine_choice import EngineChoice
from core.training.many_runs.reference_runs import RUNS, reference_key
from core.training.snapshot import Snapshot
from playground.plots.ranges.data import (
    RangesData,
    own_values,
    place_in_words,
    ranges_data,
    ranges_sentences,
    wants_more,
)
from playground.plots.ranges.picture import RangesPicture
from playground.plotting.canvas.canvas import Canvas
from playground.plotting.cards.computed_card import ComputedCard, Work
from playground.style.theme import Style
from playground.widgets.figure import Table
from playground.widgets.plot import Plot

if TYPE_CHECKING:
    from playground.session import Session
    from playground.session.pins import Pin

SECONDS: Final = 0.3
"""Duration of a background job, after which the card shows the runs so far."""

STILL_RUNS: Final = 60
"""Number of runs for a figure or table of a card that does not have more."""

STILL_LEARNED: Final = 30
"""Number of runs that learned which suffice for it, if that is reached earlier."""

REMEMBERED: Final = 8
"""Number of network shapes and data sets whose runs are cached."""


class RangesPlot(ComputedCard[RangesData]):
    """Shows normal ranges from short runs in the background, refined while the card is visible."""

    figure_key = "ranges"
    computing = f"Training {RUNS} networks for comparison …"

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Normal ranges", "rangesPlot", session, style, parent, short="Ranges")
        self._runs: dict[object, tuple[Run, ...]] = {}

    @override
    def work(self, snapshot: Snapshot) -> Work[RangesData]:
        known = self._runs.get(reference_key(snapshot.experiment), ())
        if self._is_settling:
            # Without the compiled engine, the runs would take too long for an export from the window. A command line always
            # uses it: loading it takes less time than the runs on NumPy, and pictures do not depend on what was loaded before.
            is_reproducible = self._session.is_reproducible
            total = max(STILL_RUNS if is_loaded() or is_reproducible else 0, len(known))
            engine: EngineChoice | None = "auto" if is_reproducible else None
            enough = STILL_LEARNED
            return lambda advance: ranges_data(snapshot, known, advance, total=total, enough=enough, engine=engine)
        (total, enough), seconds = self._wanted, SECONDS if self.isVisible() else math.inf
        total = max(total, len(known))
        return lambda advance: ranges_data(snapshot, known, advance, total=total, enough=enough, seconds=seconds)

    @property
    def _wanted(self) -> tuple[int, int]:
        """Number of runs, and number of those that learned which are enough: fewer for a figure that is being exported."""
        return (STILL_RUNS, STILL_LEARNED) if self._is_settling or self._stays else (RUNS, RUNS)

    @override
    def has_more(self, data: RangesData) -> bool:
        return wants_more(data.runs, *self._wanted)

    @override
    def follow(self) -> None:
        super().follow()
        self._continue()  # with the runs that a figure does without

    @override
    def accept(self, data: RangesData) -> None:
        """Keep the runs for the next part, and for other snapshots with the same key."""
        self._runs.pop(data.key, None)
        self._runs[data.key] = data.runs
        while len(self._runs) > REMEMBERED:
            del self._runs[next(iter(self._runs))]
        if data.ranges.by_key:
            self._session.normal_ranges.add(data.key, data.ranges)

    @override
    def ghost_of(self, pin: Pin, snapshot: Snapshot) -> RangesData | None:
        """Return the values of a pinned run, which are drawn on the ranges of the current one."""
        return own_values(snapshot)

    @override
    def ghost_sentences(self, pin: Pin, data: RangesData) -> tuple[str, ...]:
        # Without its own ranges it is drawn on those of the current network, which need not be normal for another one.
        return self.sentences(data) if data.ranges.by_key else ()

    @override
    def pair_data(self) -> tuple[Pin, RangesData] | None:
        """Return the compared run with its own ranges, if they are known."""
        pin = self._session.pins.compared
        known = () if pin is None else self._runs.get(reference_key(pin.run.experiment), ())
        if pin is None or not known:
            return None
        data = ranges_data(pin.run.snapshot, known, lambda _done, _every: True, total=len(known))
        return None if data is None else (pin, data)

    @override
    def plot_of(self, data: RangesData, style: Style) -> Plot | None:
        from playground.plots.ranges.typeset import ranges_plot  # imported late: only needed for LaTeX

        return ranges_plot(data, style)

    @override
    def make_picture(self, canvas: Canvas) -> RangesPicture:
        return RangesPicture(canvas)

    @override
    def sentences(self, data: RangesData) -> tuple[str, ...]:
        return ranges_sentences(data)

    @override
    def figure_note(self) -> str:
        data = self._data
        if data is None:
            return ""
        learned = data.ranges.learned
        return f"grey: 95 % of {learned} runs that learned" if data.ranges.by_key else f"{learned} runs learned"

    @override
    def table_of(self, data: RangesData | None) -> Table:
        columns = ("diagnostic", "where", "this network", "low", "median", "high", "inside")
        if data is None:
            return Table(columns, [])
        found = {(each.key, each.index) for each in data.outliers}
        rows: list[tuple[float | int | str, ...]] = []
        for key, values in data.yours.items():
            band = data.ranges.by_key.get(key)
            nothing = np.full(len(values), np.nan)
            limits = (nothing, nothing, nothing) if band is None else (band.low, band.middle, band.high)
            for index, value in enumerate(values.tolist()):
                low, middle, high = (float(each[index]) for each in limits)
                known = np.isfinite(value) and np.isfinite(low)
                inside = "" if not known else "no" if (key, index) in found else "yes"
                rows.append((DIAGNOSTICS[key].label, place_in_words(key, index), value, low, middle, high, inside))
        return Table(columns, rows)
