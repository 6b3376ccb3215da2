"""Checkpoints: atomic writes, each problem reported once, and fewer writes of slow states."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from core.experiment import Experiment, TrainingSettings
from core.experiment.experiment_file import load as load_experiment
from core.training.state_file import load_state
from playground.worker import checkpoint as module
from playground.worker.checkpoint import Checkpoint, CheckpointWriter, resume_trainer
from tests.core.support import new_trainer


@pytest.fixture
def checkpoint(tmp_path: Path) -> Checkpoint:
    return Checkpoint(Experiment(name="kept"), tmp_path / "last.json", tmp_path / "last.state")


def test_a_slow_state_is_skipped_during_training_but_the_experiment_is_written(
    checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WRITE_RATIO", 1e9)  # on any disk the second one comes too soon
    writer, trainer = CheckpointWriter(), new_trainer(Experiment())
    assert writer.write(checkpoint, trainer, playing=True) == ""
    for file in (checkpoint.state_file, checkpoint.experiment_file):
        assert file.exists()
        file.unlink()
    assert writer.write(checkpoint, trainer, playing=True) == ""
    assert not checkpoint.state_file.exists()
    assert load_experiment(checkpoint.experiment_file).name == "kept"
    assert writer.write(checkpoint, trainer, playing=False) == ""
    assert checkpoint.state_file.exists()


def test_an_edited_experiment_always_goes_with_a_state_that_fits(
    checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WRITE_RATIO", 1e9)
    writer, trainer = CheckpointWriter(), new_trainer(Experiment())
    writer.write(checkpoint, trainer, playing=True)
    edited = Experiment(training=TrainingSettings(learning_rate=0.5))
    trainer.apply(edited, trainer.data)
    writer.write(replace(checkpoint, experiment=edited), trainer, playing=True)
    written = load_experiment(checkpoint.experiment_file)
    assert written == edited
    assert load_state(checkpoint.state_file).experiment == written


def test_a_quick_state_is_written_each_time(checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WRITE_RATIO", 0.0)
    writer, trainer = CheckpointWriter(), new_trainer(Experiment())
    for _ in range(2):
        writer.write(checkpoint, trainer, playing=True)
        checkpoint.state_file.unlink()


def test_a_problem_is_reported_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    blocked = Checkpoint(Experiment(), tmp_path / "file" / "last.json", tmp_path / "file" / "last.state")
    writer, trainer = CheckpointWriter(), new_trainer(Experiment())
    assert writer.write(blocked, trainer, playing=False).startswith("This session cannot be saved: ")
    assert writer.write(blocked, trainer, playing=False) == ""


@pytest.mark.parametrize("content", [b"NN-PLAYGROUND-STATE 99\n", b"\0" * 99], ids=["newer", "damaged"])
def test_weights_that_cannot_be_restored_are_told(tmp_path: Path, content: bytes) -> None:
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
