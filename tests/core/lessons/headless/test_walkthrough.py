"""The walk-through finds every claim of a lesson that does not hold."""

from __future__ import annotations

import numpy as np
import pytest

from core.experiment import Experiment
from core.experiment.presets import preset
from core.lessons.blocks import Lesson, Set, Solution
from core.lessons.file_format.reading import parse_lesson
from core.lessons.headless.lesson_trainer import LessonTrainer, with_seed
from core.lessons.headless.walkthrough import Report, differing_predictions, walk_through
from core.training.snapshot import Snapshot
from core.training.training_run import train
from tests.core.lessons.support import LESSON
from tests.core.support import new_trainer


def lesson(old: str = "", new: str = "") -> Lesson:
    assert old in LESSON
    return parse_lesson(LESSON.replace(old, new, 1), "07-x")


def report_of(old: str = "", new: str = "", seed: int = 1) -> Report:
    return walk_through(lesson(old, new), seed, engine="numpy")


def test_a_correct_lesson_has_no_problems() -> None:
    report = report_of()
    assert report.problems == ()
    deep, repaired = report.steps
    assert not deep.entry[0].holds
    assert deep.end[0].holds
    assert deep.choices == (3,)
    assert deep.truths[0] == deep.end[0].value
    assert repaired.choices == ()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("below = 1e-4", "below = 1e3", "the goal already holds at the entry (Gradient ratio, layer 1 to last = "),
        ("below = 1e-4", "below = 1e-40", "the goal does not hold after its solution"),
        ("  { below = 1e-3 },\n", "  { below = 1e-30 },\n", "not exactly one choice is right: Gradient ratio"),
        ('within = "20 s"\n[solution]', 'within = "1 epoch"\n[solution]\nepochs = 2', "trains for 2 epochs, but"),
        ('within = "20 s"\n[solution]', 'within = "3 steps"\n[solution]\nsteps = 4', "trains for 4 steps, but"),
        ('within = "20 s"\n[solution]', 'within = "0 s"\n[solution]\nsteps = 4', " s, but the goal says within 0 s"),
    ],
)
def test_a_false_claim_is_reported(old: str, new: str, problem: str) -> None:
    found = [each for each in report_of(old, new).problems if each.startswith('line 13, step 1 "Go deep": ')]
    assert any(problem in each for each in found), found


def test_choices_that_depend_on_the_seed_are_reported() -> None:
    reports = tuple(report_of(seed=seed) for seed in (1, 2, 3))
    assert differing_predictions(reports) == ()
    ratios = sorted(report.steps[0].truths[0] for report in reports)
    between = f"{(ratios[0] * ratios[1]) ** 0.5:.3e}"
    text = LESSON.replace("from = 1e-3, below", f"from = {between}, below").replace(
        "{ below = 1e-3 }", f"{{ below = {between} }}"
    )
    reports = tuple(walk_through(parse_lesson(text, "x"), seed, engine="numpy") for seed in (1, 2, 3))
    (sentence,) = differing_predictions(reports)
    assert sentence.startswith('step 1 "Go deep": the right choice depends on the seed (seed 1: [')


def test_the_lesson_trainer_trains_exactly_like_a_headless_run() -> None:
    experiment = with_seed(preset("default"), 5)
    lesson_trainer, trainer = LessonTrainer(experiment, "numpy"), new_trainer(experiment)
    seen: list[Snapshot] = []
    lesson_trainer.train(lesson_trainer.step_count(Solution(epochs=7)), seen.append)
    run = train(trainer, epochs=7)
    np.testing.assert_array_equal(lesson_trainer.snapshot.network.parameters, run.final.parameters)
    assert lesson_trainer.snapshot.epoch == 7.0
    assert seen[-1] is lesson_trainer.snapshot
    assert [each.step for each in seen] == sorted({each.step for each in seen})
    curve = lesson_trainer.snapshot.curve
    assert (curve.step[0], curve.step[-1]) == (0.0, 175.0)
    assert curve.train[0] == pytest.approx(run.train_losses[0], rel=1e-14)


def test_changes_keep_the_weights_and_a_restart_initializes_them() -> None:
    lesson_trainer = LessonTrainer(Experiment(), "numpy")
    start = lesson_trainer.snapshot.network.parameters
    lesson_trainer.train(20, lambda _: None)
    trained = lesson_trainer.snapshot.network.parameters
    lesson_trainer.apply(Set(all_hidden={"activation": "relu"}))
    np.testing.assert_array_equal(lesson_trainer.snapshot.network.parameters, trained)
    assert lesson_trainer.snapshot.step == 20
    lesson_trainer.apply(Set(experiment={"data": {"noise": 0.4}}))
    assert lesson_trainer.snapshot.step == 20
    assert lesson_trainer.snapshot.data is not None
    lesson_trainer.apply(Set(restart=True))
    np.testing.assert_array_equal(lesson_trainer.snapshot.network.parameters, start)
    assert lesson_trainer.snapshot.step == 0
    assert lesson_trainer.snapshot.curve.step.tolist() == [0.0]


@pytest.mark.parametrize(
    ("show", "problem"),
    [
        ("neuron = [1, 8]", ""),
        ("neuron = [4, 1]", ""),  # the output of a network with three hidden layers
        ("weight = [1, 2, 8]", ""),
        ("neuron = [1, 9]", "there is no neuron [1, 9] to show"),
        ("neuron = [5, 1]", "there is no neuron [5, 1] to show"),
        ("weight = [1, 3, 1]", "there is no weight [1, 3, 1] to show"),
    ],
)
def test_neurons_and_weights_to_show_must_exist(show: str, problem: str) -> None:
    problems = report_of('control = "depthSlider"', show).problems
    assert list(problems) == ([f'line 13, step 1 "Go deep": {problem}'] if problem else [])


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("Add layers.", "It is {{gradient_norm(11)}} with ten layers.", ""),  # exists after the solution
        ("Add layers.", "It is {{ gradient_norm(12) }}.", "the live number {{gradient_norm(12)}} has no value"),
        ("{{gradient_ratio(1, last)}}.", "{{batch_cosine}}.", "the live number {{batch_cosine}} has no value"),
    ],
)
def test_live_numbers_must_have_a_value(old: str, new: str, problem: str) -> None:
    problems = report_of(old, new).problems
    assert list(problems) == ([f'line 13, step 1 "Go deep": {problem}'] if problem else [])


def test_a_goal_must_hold_for_its_time_while_training_continues() -> None:
    step = 'measure = "step"\nabove = 3\nbelow = {}\n'
    goal = 'measure = "gradient_ratio"\nfrom = 1\nto = "last"\nbelow = 1e-4\nhold_for = "1 s"\n'
    text = LESSON.replace("depth = 10\n", "depth = 10\nsteps = 5\n")
    for limit, problems in ((10, 1), (30, 0)):  # 20 steps after 5 must still hold
        changed = text.replace(goal, step.format(limit) + 'hold_for = "20 steps"\n')
        found = walk_through(parse_lesson(changed, "x"), 1, engine="numpy").problems
        assert [each for each in found if "does not hold for 20 steps" in each] == list(found)
        assert len(found) == problems


def test_checking_whether_a_goal_keeps_holding_changes_nothing() -> None:
    checked, other = LessonTrainer(Experiment(), "numpy"), LessonTrainer(Experiment(), "numpy")
    for lesson_trainer in (checked, other):
        lesson_trainer.train(33, lambda _: None)
    assert checked.stays_true(50, lambda snapshot: snapshot.step >= 33)
    assert not checked.stays_true(50, lambda snapshot: snapshot.step < 60)
    assert checked.snapshot.step == 33
    for lesson_trainer in (checked, other):
        lesson_trainer.train(40, lambda _: None)
    np.testing.assert_array_equal(checked.snapshot.network.parameters, other.snapshot.network.parameters)
    np.testing.assert_array_equal(checked.snapshot.curve.train, other.snapshot.curve.train)
    assert len(checked.snapshot.path.points) == len(other.snapshot.path.points)


def test_training_stops_when_it_diverges() -> None:
    lesson_trainer = LessonTrainer(Experiment(), "numpy")
    lesson_trainer.apply(Set(experiment={"training": {"learning_rate": 1000.0}, "data": {"dataset": "plane"}}, depth=0))
    seen: list[Snapshot] = []
    lesson_trainer.train(10_000, seen.append)
    assert lesson_trainer.snapshot.divergence is not None
    assert lesson_trainer.snapshot.step < 10_000
    assert seen[-1] is lesson_trainer.snapshot
    assert lesson_trainer.apply(Set(restart=True)).divergence is None
