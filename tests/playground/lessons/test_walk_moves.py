"""Everything that a lesson asks for can be done with the controls of the window."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from core.experiment import Experiment
from core.lessons.blocks import Lesson, Solution
from core.lessons.catalogue import lessons
from core.lessons.changes import apply_change, initial_experiment
from core.lessons.file_format.reading import change_of, goal_of
from tests.walk_lessons.moves import Move, NoControlError, moves

START = Experiment()


@pytest.mark.parametrize("lesson", lessons("en"), ids=lambda lesson: lesson.key)
def test_every_solution_is_possible_with_unlocked_visible_controls(lesson: Lesson) -> None:
    experiment, away = initial_experiment(lesson.front), {*lesson.front.hide, *lesson.front.lock}
    for step in lesson.steps:
        change, goal = change_of(step), goal_of(step)
        if change is not None:
            experiment = apply_change(experiment, change)
        if goal is not None:
            wanted = apply_change(experiment, goal.solution)
            needed = {name for move in moves(experiment, wanted) for name in (move.control, move.inside)}
            assert not needed & away
            experiment = wanted


@pytest.mark.parametrize(
    ("solution", "expected"),
    [
        (Solution(depth=3), [Move("slide", "depthSlider", 3)]),
        (
            Solution(depth=1, all_hidden={"units": 6, "activation": "relu"}),
            [
                Move("slide", "depthSlider", 1),
                Move("slide", "widthSlider", 6.0),
                Move("choose", "activationCombo", "ReLU"),
            ],
        ),
        (
            Solution(all_hidden={"gain": 2.0}, experiment={"network": {"output_gain": 2.0}}),
            [Move("slide", "gainSlider", 2.0)],
        ),
        (
            Solution(experiment={"training": {"optimizer": "momentum", "momentum": 0.9, "clip_norm": 5.0}}),
            [
                Move("choose", "optimizerCombo", "Momentum"),
                Move("slide", "momentumSlider", 0.9),
                Move("slide", "clipNormSlider", 5.0, "moreTrainingLink"),
            ],
        ),
        (
            Solution(experiment={"data": {"features": ["x1", "x2", "sin_x1"]}}),
            [Move("feature", "networkCanvas", "sin_x1")],
        ),
    ],
)
def test_settings_become_moves_in_the_order_of_a_user(solution: Solution, expected: list[Move]) -> None:
    assert moves(START, apply_change(START, solution)) == expected


def test_a_single_layer_is_set_in_its_own_controls() -> None:
    first, second = START.network.hidden
    wanted = replace(START, network=replace(START.network, hidden=(first, replace(second, activation="threshold"))))
    assert moves(START, wanted) == [Move("choose", "layerActivationCombo", "Threshold", "eachLayerLink", 1)]


def test_a_setting_without_a_control_is_named() -> None:
    wanted = replace(START, data=replace(START.data, standardize=True))
    with pytest.raises(NoControlError, match=r"data\.standardize"):
        moves(START, wanted)
