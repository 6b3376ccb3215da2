"""The answer key of a lesson: the solution of each goal and the true answer to each prediction."""

from __future__ import annotations

from core.experiment import Experiment
from core.experiment.changes import changes_between
from core.lessons.blocks import Predict, Solution
from core.lessons.classroom.questions import Truth
from core.lessons.measurements.conditions import measure_name
from core.lessons.measurements.registry import MEASUREMENTS, value_in_words
from core.lessons.predictions import right_choice


def solution_in_words(solution: Solution, before: Experiment, after: Experiment) -> str:
    """Return how a goal is reached: ``hidden layers 3 → 10; rewind; train for 100 epochs``; empty if there is nothing to do.

    Args:
        solution: the solution of the goal.
        before: the Experiment at the entry of the step.
        after: the Experiment with the solution applied.
    """
    parts = list(dict.fromkeys(changes_between(before, after)))  # hidden and output layers may share a setting
    if solution.restart:
        parts.append("rewind")
    for count, unit in ((solution.epochs, "epoch"), (solution.steps, "update")):
        if count:
            parts.append(f"train for {count} {unit if count == 1 else f'{unit}s'}")
    return "; ".join(parts)


def truth_in_words(predict: Predict, truth: Truth) -> str:
    """Return what was measured for a prediction of a choice or a number: ``Gradient ratio, layer 1 to last: 10⁻⁴``."""
    if isinstance(truth, tuple):
        return ""
    measured = value_in_words(truth, MEASUREMENTS[predict.truth.measure])
    return f"{measure_name(predict.truth)}: {measured}{f' {predict.unit}' if predict.unit else ''}"


def right_choice_of(predict: Predict, truth: Truth) -> int:
    """Return the index from 0 of the right choice of a prediction; −1 if there is none."""
    return -1 if isinstance(truth, tuple) or predict.kind != "choice" else right_choice(predict, truth) - 1
