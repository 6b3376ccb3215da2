"""The run history: additional points at the start, marks of changes, and rollback on divergence."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from core.engine.engine_choice import EngineChoice
from core.experiment import DataSettings, Experiment, NetworkSettings, TrainingSettings
from core.experiment.changes import change_in_words
from core.experiment.presets import preset
from core.training import run_history
from core.training.run_history import LANDMARK_SHARE, RunHistory, is_finite
from core.training.trainer import Trainer
from core.training.training_run import new_trainer
from tests.core.support import data_of

ENGINES = pytest.mark.parametrize("engine", ["numpy", "compiled"])


SUDDEN = preset("exploding-gradient")
SLOW = Experiment(
    data=DataSettings(dataset="plane"),
    network=NetworkSettings(hidden=()),
    training=TrainingSettings(learning_rate=0.25, batch_size=0),
)
"""A line whose learning rate is a little above 2 / λ: the loss grows by a factor a step, for hundreds of steps."""


def test_points_are_dense_from_the_first_step_in_one_long_burst() -> None:
    trainer, history = new_trainer(Experiment(), engine="compiled"), RunHistory()
    history.recorder.record(epoch=0.0, step=0, train=1.0, test=1.0)
    while trainer.step < 3000:
        trainer.run(min(1000, history.steps_to_landmark(trainer)))
        history._evaluation_seconds = 0.0  # a slow machine skips some points
        history.record_if_due(trainer)
    curve = history.recorder.curve()
    assert curve.step[:10].tolist() == list(range(10))
    assert len(curve.step) >= 100
    assert curve.epoch.tolist() == pytest.approx((curve.step / 25).tolist())


def test_row18_the_path_of_an_epoch_taken_at_once_has_points_between_its_ends() -> None:
    trainer, history, visited = new_trainer(Experiment(), engine="numpy"), RunHistory(), {}
    history.path.record(step=0, parameters=trainer.parameters)
    while trainer.step < 25:
        trainer.run(min(25 - trainer.step, history.steps_to_landmark(trainer)))
        history._evaluation_seconds = 0.0
        history.record_if_due(trainer)
        visited[trainer.step] = trainer.parameters.copy()
    path = history.path.path()
    assert path.steps.tolist() == [0, *visited]
    assert len(path.steps) > 20
    for step, point in zip(path.steps.tolist()[1:], path.points[1:], strict=True):
        np.testing.assert_array_equal(point, visited[step])


def test_evaluation_takes_a_bounded_share_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]

    def later() -> float:
        """Return the time, one second later at each call."""
        now[0] += 1.0
        return now[0]

    monkeypatch.setattr(run_history.time, "perf_counter", later)
    trainer, history = new_trainer(Experiment(), engine="numpy"), RunHistory()
    looks = 0
    for _ in range(60):
        trainer.run(history.steps_to_landmark(trainer))
        before = len(history.recorder.curve().step)
        history.record_if_due(trainer)
        looks += len(history.recorder.curve().step) - before
    # The first evaluation is free, and each takes a second.
    assert 4 <= looks <= 2 + LANDMARK_SHARE * now[0]


def followed(experiment: Experiment, engine: EngineChoice = "numpy") -> tuple[Trainer, RunHistory]:
    trainer, history = new_trainer(experiment, engine=engine), RunHistory()
    state = history.candidate(trainer)
    assert state is not None
    history.keep(state)
    return trainer, history


@ENGINES
@pytest.mark.parametrize("experiment", [SUDDEN, SLOW], ids=["sudden", "slow"])
def test_divergence_rolls_back_to_the_last_step_finite_over_all_samples(
    engine: EngineChoice, experiment: Experiment
) -> None:
    trainer, history = followed(experiment, engine)
    found = trainer.run(3000)
    assert found is not None
    rolled_back = history.last_finite(trainer, found)
    assert rolled_back is not None
    assert is_finite(trainer)
    assert trainer.step == rolled_back.step - 1 <= found.step - 1
    again = new_trainer(trainer.experiment, engine=engine)
    assert again.run(trainer.step) is None
    np.testing.assert_array_equal(trainer.parameters, again.parameters)
    np.testing.assert_array_equal(trainer.last_update, again.last_update)
    assert again.run(1) is not None or not is_finite(again)


@ENGINES
def test_an_overflow_over_the_training_set_stops_training_before_one_in_a_batch(engine: EngineChoice) -> None:
    trainer, history = followed(SUDDEN, engine)
    while is_finite(trainer):
        assert trainer.run(1) is None
    rolled_back = history.last_finite(trainer, None)
    assert rolled_back is not None
    assert trainer.step == rolled_back.step - 1
    assert is_finite(trainer)


def test_without_a_finite_state_nothing_changes() -> None:
    trainer, history = followed(SUDDEN)
    history.discard_saved_state()
    found = trainer.run(100)
    step, parameters = trainer.step, trainer.parameters
    assert history.last_finite(trainer, found) is found
    assert trainer.step == step
    assert trainer.parameters is parameters


def test_a_finite_state_is_not_changed() -> None:
    trainer, history = followed(Experiment())
    trainer.run(20)
    assert history.last_finite(trainer, None) is None
    assert trainer.step == 20


def test_long_runs_roll_back_to_the_saved_state() -> None:
    trainer, history = followed(SUDDEN)
    assert history._kept is not None
    history._kept = (history._kept[0], history._kept[1] - 60.0)
    found = trainer.run(100)
    assert history.last_finite(trainer, found) is found
    assert trainer.step == 0


def change(trainer: Trainer, history: RunHistory, **training: object) -> None:
    old = trainer.experiment
    trainer.apply(replace(old, training=replace(old.training, **training)), trainer.data)
    history.changed(old, trainer)


def test_a_drag_that_makes_different_widths_equal_has_one_mark() -> None:
    trainer, history = new_trainer(Experiment(), engine="numpy"), RunHistory()
    trainer.run(10)
    for units in (4, 5, 6):
        old = trainer.experiment
        hidden = tuple(replace(layer, units=units) for layer in old.network.hidden)
        new = replace(old, network=replace(old.network, hidden=hidden))
        trainer.apply(new, data_of(new))
        history.changed(old, trainer, continues=units > 4)
        trainer.run(3)
    (mark,) = history.recorder.curve().marks
    assert (mark.step, mark.text) == (10.0, change_in_words(Experiment(), trainer.experiment))


def test_a_change_that_is_undone_after_some_steps_stays_marked() -> None:
    trainer, history = new_trainer(Experiment(), engine="numpy"), RunHistory()
    trainer.run(10)
    change(trainer, history, learning_rate=0.1)
    trainer.run(5)
    change(trainer, history, learning_rate=0.03)
    assert [(mark.step, mark.text) for mark in history.recorder.curve().marks] == [
        (10.0, "learning rate α 0.03 → 0.1"),
        (15.0, "learning rate α 0.1 → 0.03"),
    ]


def test_changes_are_marked_and_drags_share_one_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(run_history.time, "monotonic", lambda: now[0])
    trainer, history = new_trainer(Experiment(), engine="numpy"), RunHistory()
    change(trainer, history, l2=0.5)
    assert history.recorder.curve().marks == ()
    trainer.run(10)
    for rate in (0.04, 0.05, 0.06):
        change(trainer, history, learning_rate=rate)
        trainer.run(3)
        now[0] += 0.1
    (mark,) = history.recorder.curve().marks
    assert (mark.step, mark.text) == (10.0, "learning rate α 0.03 → 0.06")
    now[0] += 5.0
    change(trainer, history, learning_rate=0.1)
    change(trainer, history, momentum=0.5)
    assert [each.text for each in history.recorder.curve().marks] == [
        "learning rate α 0.03 → 0.06",
        "learning rate α 0.06 → 0.1 (+ 1 more)",
    ]
    change(trainer, history, learning_rate=0.06, momentum=0.0)
    assert len(history.recorder.curve().marks) == 1


def set_weight(trainer: Trainer, history: RunHistory, value: float) -> None:
    before = trainer.parameters
    trainer.parameters = np.where(np.arange(before.size) == 0, value, before)
    history.weights_set(before, trainer)


def marks_of(history: RunHistory) -> list[tuple[float, str]]:
    return [(mark.step, mark.text) for mark in history.recorder.curve().marks]


def test_weights_that_were_set_are_marked_from_the_start_on(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(run_history.time, "monotonic", lambda: now[0])
    trainer, history = new_trainer(Experiment(), engine="numpy"), RunHistory()
    first = float(trainer.parameters[0])
    set_weight(trainer, history, 5.0)
    set_weight(trainer, history, 6.0)
    assert marks_of(history) == [(0.0, "weights set")]
    set_weight(trainer, history, first)  # taken back
    assert marks_of(history) == []
    set_weight(trainer, history, 5.0)
    now[0] += 5.0
    trainer.run(10)
    for value in (1.0, 2.0, 3.0):  # a drag while the network trains
        set_weight(trainer, history, value)
        trainer.run(3)
        now[0] += 0.1
    assert marks_of(history) == [(0.0, "weights set"), (10.0, "weights set")]
    change(trainer, history, learning_rate=0.06)
    set_weight(trainer, history, 4.0)
    now[0] += 5.0
    set_weight(trainer, history, 4.5)
    assert marks_of(history)[2:] == [(19.0, "learning rate α 0.03 → 0.06; weights set")]
    history.clear()
    assert marks_of(history) == []


def test_steps_on_other_samples_share_one_mark() -> None:
    trainer, history = new_trainer(Experiment(), engine="numpy"), RunHistory()
    for _ in range(3):
        trainer.run_sample()
        history.took_other_samples(trainer)
    assert marks_of(history) == [(1.0, "steps on chosen or single samples")]


def test_only_the_time_of_steps_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(run_history.time, "perf_counter", lambda: now[0])
    trainer, history = new_trainer(Experiment(), engine="numpy"), RunHistory()

    def run_for_two_seconds(steps: int) -> None:
        assert trainer.run(steps) is None
        now[0] += 2.0

    now[0] += 50.0  # a pause
    assert history.timed(run_for_two_seconds, 5) is None
    history.recorder.record(epoch=trainer.epoch, step=trainer.step, train=1.0, test=1.0)
    now[0] += 50.0
    history.timed(run_for_two_seconds, 5)
    history.recorder.record(epoch=trainer.epoch, step=trainer.step, train=0.9, test=1.0)
    seconds = history.recorder.curve().seconds
    assert seconds is not None
    assert seconds.tolist() == [2.0, 4.0]


def test_the_time_of_a_failed_step_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(run_history.time, "perf_counter", lambda: now[0])
    history = RunHistory()

    def fail() -> None:
        now[0] += 1.0
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        history.timed(fail)
    assert history.recorder.seconds == 1.0
    history.clear()
    assert history.recorder.seconds == 0.0
