"""Points that are drawn while a network trains: nothing else is reset, and a stroke is one mark."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from core.analysis.normal_ranges import Run
from core.data.drawn_points import points_from
from core.data.settings import DrawnSource
from core.errors import ExperimentError
from core.experiment import DataSettings, Experiment, TrainingSettings
from core.training.many_runs.reference_runs import reference_run
from core.training.run_history import RunHistory
from core.training.training_run import train
from core.training.undo_states import UndoStates
from tests.core.support import data_of, new_trainer


def on(source: DrawnSource, **training: object) -> Experiment:
    return Experiment(data=DataSettings(dataset=source), training=TrainingSettings(**training))  # type: ignore[arg-type]


def added(source: DrawnSource, *points: tuple[float, ...]) -> DrawnSource:
    return replace(source, points=(*source.points, *points))


CIRCLE = points_from(data_of(Experiment(data=DataSettings(samples=40))))


def test_adding_a_point_keeps_weights_optimizer_and_counts() -> None:
    experiment = on(CIRCLE, optimizer="adam")
    trainer = new_trainer(experiment)
    trainer.run(23)
    before = trainer.state()
    changed = on(added(CIRCLE, (5.5, 5.5, 1.0)), optimizer="adam")
    UndoStates().apply(trainer, changed, data_of(changed), returning=False)
    after = trainer.state()
    for name in ("parameters", "drawn", "first_state", "second_state", "last_update"):
        assert np.array_equal(getattr(before, name), getattr(after, name)), name
    assert (after.step, after.update_count, after.epoch) == (before.step, before.update_count, before.epoch)
    assert trainer.run(10) is None
    assert trainer.step == 33


def test_a_first_point_of_a_third_class_keeps_the_hidden_layers() -> None:
    trainer = new_trainer(on(CIRCLE))
    trainer.run(23)
    hidden = [trainer.network.weights(index).copy() for index in range(2)]
    changed = on(added(CIRCLE, (5.5, 5.5, 3.0)))
    trainer.apply(changed, data_of(changed))
    assert trainer.architecture.outputs == 3
    assert all(np.array_equal(trainer.network.weights(index), hidden[index]) for index in range(2))


def test_erasing_everything_and_drawing_again_keeps_the_weights() -> None:
    trainer = new_trainer(on(CIRCLE))
    trainer.run(23)
    weights = trainer.parameters.copy()
    for source in (replace(CIRCLE, points=()), CIRCLE):
        trainer.apply(on(source), data_of(on(source)))
        assert np.array_equal(trainer.parameters, weights)
    trainer.run(1)
    assert not np.array_equal(trainer.parameters, weights)


def test_undo_leads_back_to_an_empty_set() -> None:
    empty, some = on(DrawnSource(points=())), on(CIRCLE)
    trainer, undo_states = new_trainer(empty), UndoStates()
    for experiment, returning in ((some, False), (empty, True), (some, True)):
        undo_states.apply(trainer, experiment, data_of(experiment), returning=returning)
        assert trainer.experiment == experiment
    assert trainer.run(3) is None
    assert trainer.step == 3


def test_a_stroke_is_one_mark_however_long_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("core.training.run_history.time.monotonic", lambda: clock[0])
    trainer, history = new_trainer(on(CIRCLE)), RunHistory()
    source = CIRCLE
    for stroke in range(2):
        for index in range(4):
            old = trainer.experiment
            trainer.run(3)
            source = added(source, (0.1 * index, 0.2, 1.0))
            trainer.apply(on(source), data_of(on(source)))
            history.changed(old, trainer, continues=index > 0)
            clock[0] += 5.0
        assert [mark.text for mark in history.recorder.curve().marks] == ["dataset + 4 points"] * (stroke + 1)


def test_a_headless_run_reports_what_is_missing() -> None:
    trainer = new_trainer(on(DrawnSource(points=((0.0, 0.0, 2.0),))))
    with pytest.raises(ExperimentError) as caught:
        train(trainer, epochs=1)
    said = "$.data.dataset.points: Draw points of another class, too: all are of class 2."
    assert str(caught.value) == said


def test_drawn_points_are_learned(tmp_path: Path) -> None:
    run = train(new_trainer(on(CIRCLE, learning_rate=0.1)), epochs=400)
    assert run.final_train_loss < 0.05


def test_reference_runs_end_where_samples_are_missing() -> None:
    experiment = on(DrawnSource(points=((0.0, 0.0, 1.0),)))
    run = reference_run(experiment, data_of(experiment), 0, engine="numpy")
    assert run is not None
    assert run == Run(math.inf, ())
