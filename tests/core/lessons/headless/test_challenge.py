"""Challenges: runs from several seeds, the bar, the score, and the best result."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from core.errors import LessonError
from core.experiment import Experiment, HiddenLayer
from core.lessons.blocks import Change, Lesson
from core.lessons.changes import apply_change, initial_experiment
from core.lessons.file_format.reading import parse_lesson
from core.lessons.headless.challenge import ChallengeResult, is_better, run_challenge, run_solution, with_result
from core.lessons.headless.checking import problems_of
from core.lessons.progress.record import LessonProgress
from core.training.training_run import train
from tests.core.lessons.support import LESSON
from tests.core.support import new_trainer, with_hidden

TEXT = """+++
title = "Few neurons"
minutes = 5
summary = "Learn the circle with few neurons."
[challenge]
number = 1
bar = [{ measure = "test_loss", below = 0.1 }, { measure = "features", equals = 2 }]
score = { measure = "hidden_neurons" }
best = "smallest"
seeds = 2
[challenge.solution]
depth = 1
all_hidden = { units = 4 }
experiment.training.learning_rate = 0.1
epochs = 60
+++
Go.

## Clear the bar
Go on.
"""


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return parse_lesson(TEXT, "90-few-neurons")


def experiment(lesson: Lesson, units: int) -> Experiment:
    solved = apply_change(initial_experiment(lesson.front), Change(experiment={"training": {"learning_rate": 0.1}}))
    return with_hidden(solved, HiddenLayer(units=units))


def test_the_solution_clears_the_bar_with_every_seed(lesson: Lesson) -> None:
    result = run_solution(lesson, engine="numpy")
    assert result.cleared
    assert result.score == 4.0
    assert [start.seed for start in result.starts] == [1, 2]
    assert all(each.holds for start in result.starts for each in start.conditions)
    assert all(0.0 < start.epoch <= 60.0 for start in result.starts)


def test_each_run_trains_the_same_experiment_with_its_own_seed(lesson: Lesson) -> None:
    settings = experiment(lesson, 1)
    result = run_challenge(lesson, settings, engine="numpy")
    assert not result.cleared
    for start in result.starts:
        seeded = replace(
            settings,
            network=replace(settings.network, seed=start.seed),
            training=replace(settings.training, seed=start.seed),
        )
        end = train(new_trainer(seeded), epochs=60)
        assert start.conditions[0].value == pytest.approx(end.final_test_loss, rel=1e-12)
        assert end.final_test_loss > 0.1


def test_progress_is_reported_over_all_runs(lesson: Lesson) -> None:
    seen: list[tuple[int, int]] = []
    run_challenge(lesson, experiment(lesson, 1), engine="numpy", advance=lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1] == (3000, 3000)  # two starts of 60 epochs with 25 steps


def test_other_data_is_rejected_but_other_features_are_allowed(lesson: Lesson) -> None:
    settings = experiment(lesson, 2)
    with pytest.raises(LessonError, match="keeps its data: dataset must be circle"):
        run_challenge(lesson, replace(settings, data=replace(settings.data, dataset="gauss")))
    with pytest.raises(LessonError, match="seed must be 1"):
        run_challenge(lesson, replace(settings, data=replace(settings.data, seed=9)))
    squares = replace(settings, data=replace(settings.data, features=("x1_squared",)))
    result = run_challenge(lesson, squares, seeds=(1,), engine="numpy")
    assert [each.holds for each in result.starts[0].conditions][1] is False
    assert not result.cleared


def test_the_best_result_is_kept(lesson: Lesson) -> None:
    result = run_solution(lesson, engine="numpy")
    solved = experiment(lesson, 4)
    first = with_result(LessonProgress(), lesson, solved, result)
    assert first.best is not None
    assert (first.best.score, first.finished) == (4.0, True)
    assert with_result(first, lesson, solved, ChallengeResult(result.starts, cleared=True, score=5.0)) == first
    assert with_result(first, lesson, solved, ChallengeResult(result.starts, cleared=False, score=1.0)) == first
    best = with_result(first, lesson, solved, ChallengeResult(result.starts, cleared=True, score=3.0)).best
    assert best is not None
    assert best.score == 3.0
    challenge = lesson.front.challenge
    assert challenge is not None
    assert is_better(challenge, 1.0, 2.0)
    assert is_better(replace(challenge, best="largest"), 2.0, 1.0)


def test_a_solution_must_clear_the_bar_and_beat_the_start() -> None:
    def problems(old: str, new: str) -> tuple[str, ...]:
        assert old in TEXT
        return problems_of(parse_lesson(TEXT.replace(old, new, 1), "90-x"), engine="numpy")

    assert problems("epochs = 60", "epochs = 60") == ()
    assert problems("units = 4", "units = 1") == ("the challenge: its solution does not clear the bar for seed 1, 2",)
    start = "start = { depth = 1, all_hidden = { units = 4 }, experiment = { training = { learning_rate = 0.1 } } }\n"
    assert problems("[challenge]\n", f"{start}[challenge]\n") == (
        "the challenge: its start already reaches the score of its solution (4)",
    )


def test_a_lesson_is_not_a_challenge() -> None:
    with pytest.raises(LessonError, match="not a challenge"):
        run_solution(parse_lesson(LESSON, "07-x"))
