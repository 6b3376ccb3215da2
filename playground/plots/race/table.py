"""The table of a race for copying and export."""

from __future__ import annotations

from typing import Final

from playground.plots.race.data import RaceData
from playground.widgets.figure import Table

_COLUMNS: Final = (
    "racer",
    "learning rate α",
    "batch size",
    "momentum μ",
    "step",
    "direction 1",
    "direction 2",
    "height",
)


def race_table(data: RaceData | None) -> Table:
    """Return a row for each recorded point of each racer."""
    if data is None:
        return Table(_COLUMNS, [])
    rows = [
        (
            trajectory.name,
            trajectory.racer.learning_rate,
            trajectory.racer.batch_size,
            trajectory.racer.momentum,
            step,
            *point,
            value,
        )
        for trajectory in data.trajectories
        for step, point, value in zip(
            trajectory.steps.tolist(), trajectory.points.tolist(), trajectory.values.tolist(), strict=True
        )
    ]
    return Table(_COLUMNS, rows)
