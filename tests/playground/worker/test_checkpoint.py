"""Checkpoints: atomic writes, each problem reported once, and fewer writes of slow states."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from core.experiment import Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.experiment.experiment_file import load as load_experiment
from core.training.observer import observe
from core.training.run_history import RunHistory
from core.training.snapshot import Snapshot
from core.training.state_file import load_state
from core.training.state_file import write as write_state
from core.training.trainer import Trainer
from playground.worker import checkpoint as module
from playground.worker.checkpoint import SAVED_AGAIN, Checkpoint, CheckpointWriter, resume_trainer
from tests.core.support import new_trainer

WAIT_SECONDS = 60.0


def _fail(text: str) -> None:
    raise AssertionError(text)


def write(writer: CheckpointWriter, checkpoint: Checkpoint, trainer: Trainer, *, playing: bool) -> None:
    """Write ``checkpoint`` and wait for it."""
    writer.write(checkpoint, trainer, RunHistory(), playing=playing)
    writer.wait()


@pytest.fixture
def checkpoint(tmp_path: Path) -> Checkpoint:
    return Checkpoint(Experiment(name="kept"), tmp_path / "last.json", tmp_path / "last.state")


def test_a_slow_state_is_skipped_during_training_but_the_experiment_is_written(
    checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WRITE_RATIO", 1e9)  # on any disk the second one comes too soon
    writer, trainer = CheckpointWriter(_fail), new_trainer(Experiment())
    write(writer, checkpoint, trainer, playing=True)
    for file in (checkpoint.state_file, checkpoint.experiment_file):
        assert file.exists()
        file.unlink()
    write(writer, checkpoint, trainer, playing=True)
    assert not checkpoint.state_file.exists()
    assert load_experiment(checkpoint.experiment_file).name == "kept"
    write(writer, checkpoint, trainer, playing=False)
    assert checkpoint.state_file.exists()


def test_an_edited_experiment_always_goes_with_a_state_that_fits(
    checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WRITE_RATIO", 1e9)
    writer, trainer = CheckpointWriter(_fail), new_trainer(Experiment())
    write(writer, checkpoint, trainer, playing=True)
    edited = Experiment(training=TrainingSettings(learning_rate=0.5))
    trainer.apply(edited, trainer.data)
    write(writer, replace(checkpoint, experiment=edited), trainer, playing=True)
    written = load_experiment(checkpoint.experiment_file)
    assert written == edited
    assert load_state(checkpoint.state_file).experiment == written


def test_a_quick_state_is_written_each_time(checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WRITE_RATIO", 0.0)
    writer, trainer = CheckpointWriter(_fail), new_trainer(Experiment())
    for _ in range(2):
        write(writer, checkpoint, trainer, playing=True)
        checkpoint.state_file.unlink()


def test_a_problem_is_reported_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    blocked = Checkpoint(Experiment(), tmp_path / "file" / "last.json", tmp_path / "file" / "last.state")
    told: list[str] = []
    writer, trainer = CheckpointWriter(told.append), new_trainer(Experiment())
    for _ in range(2):
        write(writer, blocked, trainer, playing=False)
    assert [text.startswith("This session cannot be saved: ") for text in told] == [True]


class SlowFile:
    """A file of a checkpoint whose content is ready when the test says so."""

    def __init__(self) -> None:
        self.begun, self.may_end = threading.Event(), threading.Event()

    def content(self) -> bytes:
        """Return the content."""
        self.begun.set()
        assert self.may_end.wait(WAIT_SECONDS)
        return b"slow"


def slow(checkpoint: Checkpoint, path: Path) -> tuple[Checkpoint, SlowFile]:
    """Return ``checkpoint`` with a slow file at ``path``."""
    file = SlowFile()
    return replace(checkpoint, others=((path, file.content),)), file


def test_the_training_thread_continues_while_a_checkpoint_is_written(checkpoint: Checkpoint, tmp_path: Path) -> None:
    writer, trainer = CheckpointWriter(_fail), new_trainer(Experiment())
    first, file = slow(checkpoint, tmp_path / "slow")
    writer.write(first, trainer, RunHistory(), playing=False)
    assert file.begun.wait(WAIT_SECONDS)
    trainer.run(3)
    file.may_end.set()
    writer.wait()
    assert load_state(checkpoint.state_file).step == 0, "the state of the moment when it was requested"


def test_of_waiting_checkpoints_the_last_one_is_written_with_the_files_of_all(
    checkpoint: Checkpoint, tmp_path: Path
) -> None:
    writer, trainer = CheckpointWriter(_fail), new_trainer(Experiment())
    first, file = slow(checkpoint, tmp_path / "slow")
    writer.write(first, trainer, RunHistory(), playing=False)
    assert file.begun.wait(WAIT_SECONDS)
    made: list[str] = []
    for name in ("a", "b"):
        trainer.run(1)
        others = ((tmp_path / name, lambda name=name: made.append(name) or name.encode()),)
        writer.write(
            replace(checkpoint, experiment=Experiment(name=name), others=others), trainer, RunHistory(), playing=False
        )
    file.may_end.set()
    writer.wait()
    assert (load_state(checkpoint.state_file).step, load_experiment(checkpoint.experiment_file).name) == (2, "b")
    assert [(tmp_path / name).read_text() for name in ("a", "b")] == made == ["a", "b"]


def test_waiting_checkpoints_of_other_files_are_all_written(checkpoint: Checkpoint, tmp_path: Path) -> None:
    writer, trainer = CheckpointWriter(_fail), new_trainer(Experiment())
    first, file = slow(checkpoint, tmp_path / "slow")
    writer.write(first, trainer, RunHistory(), playing=False)
    assert file.begun.wait(WAIT_SECONDS)
    trainer.run(1)
    writer.write(checkpoint, trainer, RunHistory(), playing=False)
    lesson = replace(checkpoint, experiment_file=tmp_path / "lesson.json", state_file=tmp_path / "lesson.state")
    trainer.run(1)
    writer.write(lesson, trainer, RunHistory(), playing=False)
    file.may_end.set()
    writer.wait_for(lesson.state_file)
    assert [load_state(each.state_file).step for each in (checkpoint, lesson)] == [1, 2]


def test_at_the_end_the_other_files_are_written_and_the_state_is_left_to_the_window(
    checkpoint: Checkpoint, tmp_path: Path
) -> None:
    writer, trainer = CheckpointWriter(_fail), new_trainer(Experiment())
    first, file = slow(replace(checkpoint, state_file=tmp_path / "first.state"), tmp_path / "slow")
    writer.write(first, trainer, RunHistory(), playing=False)
    assert file.begun.wait(WAIT_SECONDS)
    writer.write(
        replace(checkpoint, others=((tmp_path / "pins", lambda: b"pins"),)), trainer, RunHistory(), playing=False
    )
    ending = threading.Thread(target=writer.stop)
    ending.start()
    file.may_end.set()
    ending.join()
    assert (tmp_path / "pins").read_bytes() == b"pins"


def test_any_failure_is_reported_and_the_next_checkpoint_is_written(checkpoint: Checkpoint, tmp_path: Path) -> None:
    told: list[str] = []
    writer, trainer = CheckpointWriter(told.append), new_trainer(Experiment())

    def fail() -> bytes:
        raise MemoryError("too large")

    write(writer, replace(checkpoint, others=((tmp_path / "pins", fail),)), trainer, playing=False)
    assert told == ["This session cannot be saved: too large"]
    for _ in range(2):
        write(writer, checkpoint, trainer, playing=False)
    assert checkpoint.experiment_file.exists()
    assert told[1:] == [SAVED_AGAIN], "the warning is out of date"


@pytest.mark.parametrize("content", [b"NN-PLAYGROUND-STATE 99\n", b"\0" * 99], ids=["newer", "damaged"])
def test_weights_that_cannot_be_restored_are_reported(tmp_path: Path, content: bytes) -> None:
    told: list[str] = []
    trainer = new_trainer(Experiment())
    path = tmp_path / "last.state"
    assert resume_trainer(trainer, path, told.append) is None
    assert told == [], "there was no session"
    path.write_bytes(content)
    assert resume_trainer(trainer, path, told.append) is None
    assert [text.startswith("The weights cannot be restored, so training starts over: ") for text in told] == [True]
    kept = tmp_path / "last-unreadable.state"
    assert told[0].endswith(f" Their file is kept as {kept}.")
    assert kept.read_bytes() == content
    assert not path.exists(), "the next checkpoint would have replaced it"


def recorded(trainer: Trainer, history: RunHistory, steps: int) -> Snapshot:
    """Take ``steps`` and return the snapshot, with all that was recorded."""
    trainer.run(steps)
    return observe(
        trainer, history.recorder, axes=None, gradient_recorder=history.gradients, path_recorder=history.path
    )


def test_the_curve_gradients_and_path_are_restored_with_the_weights(checkpoint: Checkpoint) -> None:
    writer, trainer, history = CheckpointWriter(_fail), new_trainer(Experiment()), RunHistory()
    history.recorder.note(epoch=0.0, step=0, text="weights set")
    before = [recorded(trainer, history, steps) for steps in (0, 3, 7)][-1]
    writer.write(checkpoint, trainer, history, playing=False)
    writer.wait()
    again = new_trainer(Experiment())
    restored = resume_trainer(again, checkpoint.state_file, _fail)
    assert restored is not None
    after = recorded(again, restored, 0)
    assert after.curve.step.tolist() == [0.0, 3.0, 10.0]
    for name in ("epoch", "train", "test"):
        np.testing.assert_array_equal(getattr(after.curve, name), getattr(before.curve, name))
    assert after.curve.marks == before.curve.marks
    np.testing.assert_array_equal(after.gradient_history.norms, before.gradient_history.norms)
    np.testing.assert_array_equal(after.path.points, before.path.points)
    np.testing.assert_array_equal(again.parameters, trainer.parameters)


def test_a_path_of_other_layers_is_not_written(checkpoint: Checkpoint) -> None:
    writer, trainer, history = CheckpointWriter(_fail), new_trainer(Experiment()), RunHistory()
    recorded(trainer, history, 4)
    wider = replace(Experiment(), network=NetworkSettings(hidden=(HiddenLayer(units=9),)))
    trainer.apply(wider, trainer.data)
    writer.write(replace(checkpoint, experiment=wider), trainer, history, playing=False)
    writer.wait()
    again = new_trainer(wider)
    restored = resume_trainer(again, checkpoint.state_file, _fail)
    assert restored is not None
    after = recorded(again, restored, 0)
    assert after.curve.step.tolist() == [4.0]
    assert after.path.steps.tolist() == [4]


def test_weights_are_restored_without_records_that_do_not_fit(checkpoint: Checkpoint) -> None:
    trainer = new_trainer(Experiment())
    trainer.run(5)
    write_state(trainer.state(), checkpoint.state_file, b"no records")
    again = new_trainer(Experiment())
    assert resume_trainer(again, checkpoint.state_file, _fail) is None
    assert again.step == 5


@pytest.mark.parametrize(("layers", "saved"), [(2, 3), (5, 0)], ids=["264 705 parameters", "1 052 673 parameters"])
def test_of_the_path_in_a_large_network_three_points_are_saved(checkpoint: Checkpoint, layers: int, saved: int) -> None:
    hidden = (HiddenLayer(units=512),) * layers
    trainer, history = new_trainer(Experiment(network=NetworkSettings(hidden=hidden))), RunHistory()
    points = [trainer.parameters + step for step in range(6)]
    for step, point in enumerate(points):
        history.path.record(step=step, parameters=point)
    writer = CheckpointWriter(_fail)
    writer.write(checkpoint, trainer, history, playing=False)
    writer.wait()
    restored = resume_trainer(trainer, checkpoint.state_file, _fail)
    assert restored is not None
    path = restored.path.path()
    assert len(path.points) == saved
    assert path.steps.tolist() == [0, 2, 5][:saved]
    for step, point in zip(path.steps.tolist(), path.points, strict=True):
        np.testing.assert_array_equal(point, points[step])
