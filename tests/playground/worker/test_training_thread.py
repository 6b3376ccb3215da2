"""The training thread: commands, snapshots, divergence and a clean shutdown."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from core.analysis import plane
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TableSource, TrainingSettings
from core.experiment.presets import preset
from core.training.divergence import Divergence
from core.training.phases import PhaseStep, Portion, phase_step
from core.training.run_history import RunHistory
from core.training.snapshot import Snapshot
from core.training.training_run import new_trainer
from playground.worker import cost_notifier
from playground.worker.commands import (
    ApplyExperiment,
    Pause,
    Play,
    ReturnTo,
    SetParameter,
    SetParameters,
    SetPlane,
    SetSpeed,
    Step,
    TakePhaseStep,
)
from tests.playground.worker.support import Worker, at_step, opened, rewound, steps_after

# -- training -----------------------------------------------------------------------------------------------------------


def test_an_opened_experiment_is_shown_at_once_and_waits(worker: Worker) -> None:
    worker.send(opened(generation=3))
    snapshot = worker.snapshot_where(lambda _: True)
    assert (snapshot.generation, snapshot.step, snapshot.playing) == (3, 0, False)
    np.testing.assert_array_equal(snapshot.network.parameters, new_trainer(Experiment(), engine="numpy").parameters)


def test_a_pause_is_answered_before_the_fine_plane_of_a_large_network(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plane, "QUICK_WORK", 0)  # as if the network were large
    sides: list[tuple[bool, int]] = []
    put = worker.mailbox.put

    def record(snapshot: Snapshot, *, urgent: bool = False) -> None:
        sides.append((snapshot.playing, side(snapshot)))
        put(snapshot, urgent=urgent)

    worker.send(ApplyExperiment(Experiment(), 1), Play())
    worker.snapshot_where(lambda snapshot: snapshot.step > 0)
    monkeypatch.setattr(worker.mailbox, "put", record)
    worker.send(Pause())
    paused = worker.snapshot_where(lambda s: not s.playing and side(s) == plane.STILL_SIDE)
    live = plane.live_side(paused.network)
    assert [each for playing, each in sides if not playing] == [live, plane.STILL_SIDE]


def test_a_pause_comes_before_a_point_of_the_loss_curve_of_a_large_network(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cost_notifier, "LONG_STEP_SECONDS", 0.0)
    evaluated: list[int] = []
    timed = RunHistory.timed

    def take_and_pause(history: RunHistory, take: Any, *arguments: Any) -> Divergence | None:
        found = timed(history, take, *arguments)
        worker.send(Pause())
        return found

    monkeypatch.setattr(RunHistory, "timed", take_and_pause)
    monkeypatch.setattr(RunHistory, "record_if_due", lambda _, trainer: evaluated.append(trainer.step))
    worker.send(opened(), Play())
    paused = worker.snapshot_where(lambda snapshot: snapshot.step > 0 and not snapshot.playing)
    assert evaluated == [], "this takes a tenth of a second for 13 million weights"
    assert paused.curve.step[-1] == paused.step, "the snapshot adds the point itself"


def side(snapshot: Snapshot) -> int:
    """Return the number of points per side of the plane in ``snapshot``."""
    assert snapshot.plane is not None
    return len(snapshot.plane.x)


def test_play_trains_pause_stops_and_the_last_state_is_shown(worker: Worker) -> None:
    worker.send(opened(), Play())
    assert worker.snapshot_where(steps_after(50)).playing
    worker.send(Pause())
    paused = worker.snapshot_where(lambda snapshot: not snapshot.playing)
    reference = new_trainer(Experiment(), engine="numpy")
    reference.run(paused.step)
    # NumPy and the compiled loop round differently.
    np.testing.assert_allclose(paused.network.parameters, reference.parameters, rtol=1e-9)
    worker.send(SetPlane((0, 1)))
    assert worker.snapshot_where(lambda _: True).step == paused.step


@pytest.mark.parametrize(("kind", "step", "batch"), [("sample", 1, 1), ("batch", 1, 10), ("epoch", 25, 10)])
def test_one_step_is_a_sample_a_batch_or_an_epoch(worker: Worker, kind: str, step: int, batch: int) -> None:
    worker.send(opened(), Step(kind))  # type: ignore[arg-type]
    snapshot = worker.snapshot_where(at_step(step))
    assert len(snapshot.last_batch) == batch


def texts_of(snapshot: Snapshot) -> list[str]:
    return [mark.text for mark in snapshot.curve.marks]


def test_a_weight_that_was_set_is_marked_until_the_run_is_rewound(worker: Worker) -> None:
    worker.send(opened(), SetParameter(0, 5.0))
    snapshot = worker.snapshot_where(lambda snapshot: snapshot.network.parameters[0] == 5.0)
    assert texts_of(snapshot) == ["weights set"]
    worker.send(Step("batch"))
    assert texts_of(worker.snapshot_where(at_step(1))) == ["weights set"]
    worker.send(rewound())
    assert texts_of(worker.snapshot_where(at_step(0))) == []


def test_steps_on_samples_that_training_would_not_have_used_are_marked(worker: Worker) -> None:
    worker.send(opened(), Step("batch"))
    assert texts_of(worker.snapshot_where(at_step(1))) == []
    worker.send(Step("sample"))
    assert texts_of(worker.snapshot_where(at_step(2))) == ["steps on chosen or single samples"]
    single = replace(Experiment(), training=TrainingSettings(batch_size=1))
    worker.send(opened(single, generation=2), Step("sample"))
    snapshot = worker.snapshot_where(lambda snapshot: snapshot.generation == 2 and snapshot.step == 1)
    assert texts_of(snapshot) == []


@pytest.mark.parametrize("portion", ["row", "sample", "batch"])
def test_a_step_in_phases_is_marked_if_it_is_on_other_samples(worker: Worker, portion: Portion) -> None:
    trainer = new_trainer(Experiment(), engine="numpy")
    step = phase_step(trainer, portion, 7)
    assert isinstance(step, PhaseStep)
    worker.send(opened(), TakePhaseStep(step))
    marks = [] if portion == "batch" else ["steps on chosen or single samples"]
    assert texts_of(worker.snapshot_where(at_step(1))) == marks
    worker.send(ReturnTo(step.before))
    assert texts_of(worker.snapshot_where(at_step(0))) == []


def test_several_batches_are_taken_at_once(worker: Worker) -> None:
    worker.send(opened(), Step("batch", 60))
    snapshot = worker.snapshot_where(at_step(60))
    assert len(snapshot.curve.step) > 2, "the curve has points between the first and the last step"


def test_several_batches_end_at_divergence(worker: Worker) -> None:
    # At step 3 only the loss of the whole training set overflows; the batch of the next step does, too.
    training = replace(preset("exploding-gradient").training, learning_rate=10.0)
    hidden = tuple(replace(layer, gain=1.0) for layer in preset("exploding-gradient").network.hidden)
    network = replace(preset("exploding-gradient").network, hidden=hidden)
    worker.send(opened(replace(preset("exploding-gradient"), training=training, network=network)))
    worker.snapshot_where(at_step(0))
    worker.send(Step("batch", 21))
    snapshot = worker.snapshot_where(lambda snapshot: snapshot.divergence is not None)
    assert snapshot.is_finite


def test_an_epoch_step_completes_the_running_epoch_and_then_stays(worker: Worker) -> None:
    worker.send(opened(), Step("batch"), Step("batch"), Step("epoch"))
    assert worker.snapshot_where(at_step(25)).epoch == 1.0
    worker.send(SetPlane((0, 1)))
    assert worker.snapshot_where(lambda _: True).step == 25


def test_an_epoch_step_can_be_interrupted(worker: Worker) -> None:
    long = Experiment(data=DataSettings(samples=20_000, test_fraction=0.0), training=TrainingSettings(batch_size=1))
    worker.send(opened(long), Step("epoch"))
    worker.snapshot_where(steps_after(5))
    worker.send(Pause())
    stopped = worker.snapshot_where(lambda snapshot: snapshot.step > 0).step
    assert stopped < 20_000
    worker.send(SetPlane((0, 1)))
    assert worker.snapshot_where(lambda _: True).step < 20_000


def test_reset_restores_the_initial_weights_and_clears_the_curve(worker: Worker) -> None:
    worker.send(opened())
    start = worker.snapshot_where(lambda _: True).network.parameters
    worker.send(Step("epoch"))
    worker.snapshot_where(at_step(25))
    worker.send(rewound())
    again = worker.snapshot_where(at_step(0))
    np.testing.assert_array_equal(again.network.parameters, start)
    assert again.curve.step.tolist() == [0]


def test_a_slow_speed_takes_no_more_steps_than_that(worker: Worker) -> None:
    worker.send(opened())
    worker.snapshot_where(lambda _: True)
    before = time.perf_counter()
    worker.send(SetSpeed(20.0), Play())
    worker.snapshot_where(steps_after(10))
    # The first step comes at once, and up to two late steps may be caught up.
    assert time.perf_counter() - before >= 7 / 20


def test_the_gate_holds_training_back_only_for_a_moment(worker: Worker) -> None:
    worker.gate.close()
    worker.send(opened(), Play())
    worker.snapshot_where(steps_after(2))


# -- changes ------------------------------------------------------------------------------------------------------------


def test_a_change_while_training_keeps_step_and_weights(worker: Worker) -> None:
    worker.send(opened(), Play())
    worker.snapshot_where(steps_after(30))
    changed = replace(Experiment(), training=TrainingSettings(optimizer="adam", batch_size=1))
    worker.send(ApplyExperiment(changed, 1))
    snapshot = worker.snapshot_where(lambda snapshot: snapshot.generation == 1)
    assert snapshot.step >= 30
    assert snapshot.experiment == changed
    assert snapshot.playing


def test_a_paused_network_responds_to_changes(worker: Worker) -> None:
    worker.send(opened())
    before = worker.snapshot_where(lambda _: True)
    hidden = tuple(replace(layer, gain=3.0) for layer in Experiment().network.hidden)
    worker.send(ApplyExperiment(Experiment(network=NetworkSettings(hidden=hidden)), 1))
    after = worker.snapshot_where(lambda snapshot: snapshot.generation == 1)
    np.testing.assert_allclose(after.network.weights(0), 3.0 * before.network.weights(0))
    assert not np.array_equal(after.gradients.flat, before.gradients.flat)


def test_during_a_drag_only_the_newest_experiment_is_applied_but_a_pending_restart_is_kept(worker: Worker) -> None:
    worker.send(opened(), Step("epoch"))
    worker.snapshot_where(at_step(25))
    other = preset("xor")
    drag = [replace(other, data=replace(other.data, noise=noise / 100)) for noise in range(20)]
    worker.send(ApplyExperiment(other, 1, restart=True), *(ApplyExperiment(e, 2 + i) for i, e in enumerate(drag)))
    snapshot = worker.snapshot_where(lambda snapshot: snapshot.generation == 21)
    assert (snapshot.step, snapshot.experiment) == (0, drag[-1])


def test_a_new_network_seed_starts_a_new_curve(worker: Worker) -> None:
    worker.send(opened(), Step("epoch"))
    worker.snapshot_where(at_step(25))
    worker.send(ApplyExperiment(Experiment(network=NetworkSettings(seed=2)), 1))
    snapshot = worker.snapshot_where(lambda snapshot: snapshot.generation == 1)
    assert snapshot.curve.step.tolist() == [0]


def test_a_weight_set_by_hand_is_shown(worker: Worker) -> None:
    worker.send(opened(), SetParameter(2, 1.25))
    assert worker.snapshot_where(lambda s: s.network.parameters[2] == 1.25).step == 0


def test_all_weights_can_be_replaced_and_those_of_another_network_are_ignored(worker: Worker) -> None:
    size = new_trainer(Experiment(), engine="numpy").architecture.size
    values = np.linspace(-1.0, 1.0, size)
    worker.send(opened(), SetParameters(values[:-1]), SetParameters(values))
    np.testing.assert_array_equal(
        worker.snapshot_where(lambda s: s.network.parameters[0] == -1.0).network.parameters, values
    )


def test_a_table_with_the_same_name_in_another_folder_is_different_data(worker: Worker, tmp_path: Path) -> None:
    experiment = Experiment(data=DataSettings(dataset=TableSource(csv="table.csv", target="y", task="regression")))
    for name, slope in (("one", 1.0), ("two", -5.0)):
        (tmp_path / name).mkdir()
        rows = "\n".join(f"{x},{slope * x + 0.5}" for x in range(40))
        (tmp_path / name / "table.csv").write_text("x,y\n" + rows, encoding="utf-8")
    worker.send(ApplyExperiment(experiment, 0, tmp_path / "one", restart=True))
    one = worker.snapshot_where(lambda _: True)
    worker.send(ApplyExperiment(experiment, 1, tmp_path / "two", restart=True))
    two = worker.snapshot_where(lambda snapshot: snapshot.generation == 1)
    assert one.data.labels_train.max() > 0.0
    assert two.data.labels_train.min() < -100.0


# -- errors -------------------------------------------------------------------------------------------------------------


def test_row08_divergence_pauses_with_a_message_and_keeps_the_last_finite_state(worker: Worker) -> None:
    worker.send(opened(preset("exploding-gradient")), Play())
    snapshot = worker.snapshot_where(lambda snapshot: snapshot.divergence is not None)
    worker.until(lambda: bool(worker.diverged))
    assert snapshot.divergence == worker.diverged[0]
    assert not snapshot.playing
    assert np.isfinite(snapshot.network.parameters).all()
    assert snapshot.step == worker.diverged[0].step - 1
    # The outputs are finite, not only the weights.
    assert snapshot.is_finite
    assert np.isfinite(snapshot.curve.train).all()
    assert snapshot.curve.step[-1] == snapshot.step
    # Another attempt diverges at the same step.
    worker.send(Play())
    worker.until(lambda: len(worker.diverged) == 2)
    assert worker.diverged[1] == worker.diverged[0]
    worker.send(rewound(preset("exploding-gradient")))
    assert worker.snapshot_where(at_step(0)).divergence is None


def test_step_by_step_no_snapshot_is_ever_non_finite(worker: Worker) -> None:
    worker.send(opened(preset("exploding-gradient")))
    seen = [worker.snapshot_where(at_step(0))]
    while not worker.diverged:
        worker.send(Step())
        seen.append(worker.snapshot_where(lambda _: True))
        assert len(seen) < 20
    assert all(snapshot.is_finite for snapshot in seen)
    assert seen[-1].divergence == worker.diverged[0]
    assert seen[-1].step == worker.diverged[0].step - 1


def test_changes_while_training_are_marked_on_the_curve(worker: Worker) -> None:
    before = Experiment()
    worker.send(opened(before), Play())
    worker.snapshot_where(steps_after(40))
    after = replace(before, training=replace(before.training, learning_rate=0.1))
    worker.send(ApplyExperiment(after, 1))
    curve = worker.snapshot_where(lambda snapshot: snapshot.generation == 1).curve
    (mark,) = curve.marks
    assert mark.text == "learning rate α 0.03 → 0.1"
    assert 40 <= mark.step <= curve.step[-1]
    # The curve has points from the first step on, at any training speed.
    assert {0, 1, 2, 3} <= set(curve.step.tolist())
    worker.send(Pause(), rewound(after, 2))
    assert worker.snapshot_where(at_step(0)).curve.marks == ()


# -- shutdown -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gate_closed", [False, True])
def test_stop_ends_a_thread_that_trains_at_maximum_speed(qtbot: QtBot, gate_closed: bool) -> None:
    running = Worker(qtbot)
    try:
        hidden = tuple(HiddenLayer(units=32) for _ in range(20))
        running.send(opened(Experiment(network=NetworkSettings(hidden=hidden))), Play())
        running.snapshot_where(steps_after(3))
        if gate_closed:
            running.gate.close()
    finally:
        running.thread.stop()
    assert not running.thread.isRunning()


def test_stop_ends_a_thread_that_fails_at_the_same_time(qtbot: QtBot) -> None:
    running = Worker(qtbot)
    try:
        running.send(opened(), SetParameter(-(10**9), 1.0))
    finally:
        running.thread.stop()
    assert not running.thread.isRunning()
    assert threading.current_thread() is threading.main_thread()


def test_the_cost_of_a_large_network_is_reported_before_its_first_snapshot(worker: Worker) -> None:
    costs: list[str] = []
    worker.thread.costly.connect(costs.append)
    small = Experiment(data=DataSettings(samples=1000), training=TrainingSettings(batch_size=1))
    large = replace(small, network=NetworkSettings(hidden=tuple(HiddenLayer(units=512) for _ in range(8))))
    worker.send(ApplyExperiment(small, 1))
    worker.snapshot_where(lambda s: s.generation == 1)
    assert costs == []
    worker.send(ApplyExperiment(large, 2))
    worker.until(lambda: bool(costs))
    assert worker.mailbox.take() is None
    assert costs == ["1.8 million weights: a step takes about 0.02 s, an epoch of 500 steps about 11 s."]
