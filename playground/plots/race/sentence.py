"""Sentences about a race: who arrived first, and how straight the paths were."""

from __future__ import annotations

import math

from playground.plots.race.data import RaceData, Trajectory
from playground.style.numbers import short, thousands


def race_sentences(data: RaceData) -> tuple[str, ...]:
    """Return sentences on the first racer to arrive and the straightness of the paths, longest first."""
    arrived = sorted(
        (trajectory for trajectory in data.trajectories if trajectory.arrival is not None),
        key=lambda trajectory: trajectory.arrival or 0,
    )
    ways = [(trajectory.detour_at(data.steps), trajectory.name) for trajectory in data.trajectories]
    ways = [each for each in ways if math.isfinite(each[0])]
    straight = ""
    if len(ways) > 1:
        (least, calm), (most, zigzag) = min(ways), max(ways)
        straight = f"; path ÷ distance from {short(least, 2)} ({calm}) to {short(most, 2)} ({zigzag})"
    goal = "a minimum" if data.goal is None else f"loss {short(data.goal, 2)} (half of the initial loss)"
    if not arrived:
        text = f"no racer reaches {goal} within {thousands(data.steps)} steps"
        return (f"{text}{straight}", text, "none arrived")
    who = f"{_first(arrived)}, step {thousands(arrived[0].arrival or 0)}"
    lead = f"first to reach {goal}: {who}"
    missing = len(data.trajectories) - len(arrived)
    minima = {trajectory.minimum for trajectory in arrived}
    if missing:
        rest = f"; {missing} of {len(data.trajectories)} {'does' if missing == 1 else 'do'} not arrive"
    elif data.goal is None:
        rest = "; all reach the same one" if len(minima) == 1 else f"; {len(minima)} different minima reached"
    else:
        rest = ""
    brief = f"first at {'a minimum' if data.goal is None else f'loss {short(data.goal, 2)}'}: {who}"
    return (f"{lead}{rest}{straight}", f"{lead}{rest}", lead, brief, f"first: {who}")


def _first(arrived: list[Trajectory]) -> str:
    """Return who of ``arrived``, in the order of arrival, was first; several may have arrived after equally many steps."""
    names = [trajectory.name for trajectory in arrived if trajectory.arrival == arrived[0].arrival]
    return " and ".join(names) if len(names) <= 2 else f"{len(names)} racers"
