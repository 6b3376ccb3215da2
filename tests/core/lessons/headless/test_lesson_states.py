"""A lesson run from start to end: its snapshots, their live numbers, and the true answers."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis.gradient_flow import first_to_last, weight_gradient_norms
from core.lessons.classroom.questions import predictions_of
from core.lessons.file_format.reading import parse_lesson
from core.lessons.headless.lesson_states import Cancelled, collect_states, with_plane
from core.lessons.predictions import right_choice

TEXT = """+++
title = "Two goals"
minutes = 3
summary = "A sentence."
start = { depth = 2, all_hidden = { activation = "sigmoid" } }
+++
{{depth}} layers.

## Deeper
```predict
kind = "choice"
truth = { measure = "gradient_ratio", from = 1, to = "last" }
choices = [{ from = 1e-3 }, { below = 1e-3 }]
[text]
question = "How much?"
choices = ["more", "less"]
```
```predict
kind = "curve"
truth = { measure = "gradient_by_layer" }
x = [1, 11]
y = [1e-8, 1]
[text]
question = "Which shape?"
```
```goal
measure = "depth"
above = 9
[solution]
depth = 10
[text]
goal = "Ten layers"
```

## Train
{{step}} steps.
```set
all_hidden = { activation = "tanh" }
```
```predict
kind = "number"
truth = { measure = "train_loss" }
[text]
question = "Which loss?"
```
```goal
measure = "step"
above = 4
[solution]
steps = 5
[text]
goal = "Five steps"
```
"""
LESSON = parse_lesson(TEXT, "50-two-goals")


def test_each_step_starts_in_the_state_that_a_learner_sees() -> None:
    run = collect_states(LESSON, engine="numpy")
    assert run.number(0, "depth") == "2"
    assert run.number(1, "depth") == "2"
    assert run.number(2, "depth") == "10"
    assert run.number(2, "step") == "0"
    assert (run.start.step, run.end.step) == (0, 5)
    assert run.entries[1].network.architecture.layers[0].activation == "tanh"


def test_the_truth_is_measured_after_the_solution_of_its_step() -> None:
    run = collect_states(LESSON, engine="numpy")
    predictions = dict(predictions_of(LESSON))
    assert set(run.truths) == set(predictions) == {(1, 1), (1, 2), (2, 1)}
    x, y = run.truths[1, 2]  # type: ignore[misc]
    assert x.tolist() == list(range(1, 12))
    ratio = run.truths[1, 1]
    assert ratio == pytest.approx(first_to_last(y))
    assert isinstance(ratio, float)
    assert right_choice(predictions[1, 1], ratio) == 2
    assert run.truths[2, 1] == run.end.scores.train_loss
    assert not np.allclose(y, weight_gradient_norms(run.end.network, run.end.gradients))


def test_the_caller_can_cancel() -> None:
    seen = []

    def advance(done: int, total: int) -> bool:
        seen.append((done, total))
        return done < 100

    with pytest.raises(Cancelled):
        collect_states(LESSON, advance, engine="numpy")
    assert seen[-1] == (100, 200)


def test_progress_is_reported_while_a_step_trains() -> None:
    text = TEXT.replace("steps = 5", "steps = 400")
    seen: list[int] = []
    collect_states(parse_lesson(text, "50-long"), lambda done, _total: seen.append(done) or True, engine="numpy")  # type: ignore[func-returns-value]
    assert seen == sorted(seen)
    assert len(set(seen)) > 20
    assert seen[-1] == 200


def test_the_plane_is_the_same_as_in_the_window() -> None:
    run = collect_states(LESSON, engine="numpy")
    assert run.end.plane is None
    plane = with_plane(run.end).plane
    assert plane is not None
    middle = plane.features[50, 50][None]
    assert run.end.network.forward(middle).prediction[0] == pytest.approx(plane.activations[-1][50, 50])
