"""Save and restore the racers that the user has edited, as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from core.analysis.race import Racer
from core.errors import PlaygroundError
from core.experiment import Experiment
from core.experiment.experiment_file import checked
from core.formulas.optimizers import OPTIMIZERS
from core.training.many_runs.network_race import raced
from playground.plots.race.data import MAX_RACERS
from playground.plots.race.objective_menu import OBJECTIVES

MAX_LABEL: Final = 100
"""Maximum length of a racer's label."""


def encoded(racers: Mapping[str, tuple[Racer, ...]]) -> str:
    """Return the ``racers`` of each objective as JSON; empty if there are none."""
    return msgspec.json.encode(racers).decode() if racers else ""


def decoded(text: str, problem: Callable[[Racer], str]) -> dict[str, tuple[Racer, ...]]:
    """Return the racers of each objective in ``text``, without those that are damaged or no longer valid.

    Args:
        text: the result of :func:`encoded`.
        problem: returns why a racer with a known optimizer is invalid, or an empty string.
    """
    try:
        found = msgspec.json.decode(text, type=dict[str, tuple[Racer, ...]])
    except (msgspec.MsgspecError, UnicodeError):
        return {}
    valid = {
        objective: tuple(racer for racer in racers if _is_known(racer) and not problem(racer))[:MAX_RACERS]
        for objective, racers in found.items()
        if objective in OBJECTIVES
    }
    return {objective: racers for objective, racers in valid.items() if racers}


def problem_of(racer: Racer, experiment: Experiment) -> str:
    """Return why the settings of ``racer`` are invalid in ``experiment``, or an empty string."""
    try:
        checked(raced(experiment, racer))
    except PlaygroundError as error:
        return str(error)
    return ""


def _is_known(racer: Racer) -> bool:
    return racer.optimizer in OPTIMIZERS and len(racer.label) <= MAX_LABEL
