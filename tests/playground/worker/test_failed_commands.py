"""The training thread rejects invalid commands, and recovers from exceptions."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.data.prepared_data import PreparedData
from core.experiment import DataSettings, Experiment, NetworkSettings, TableSource, TrainingSettings
from core.training.trainer import Trainer
from playground.worker.commands import (
    ApplyExperiment,
    Play,
    SetParameter,
    Step,
)
from tests.playground.worker.support import Worker, at_step, opened, rewound, steps_after


def test_unavailable_data_is_rejected_and_training_continues(worker: Worker, tmp_path: Path) -> None:
    worker.send(opened(), Play())
    worker.snapshot_where(steps_after(5))
    missing = Experiment(data=DataSettings(dataset=TableSource(csv="gone.csv", target="y")))
    worker.send(ApplyExperiment(missing, 1, tmp_path))
    worker.until(lambda: bool(worker.refused))
    assert worker.refused[0][0] == 1
    assert "gone.csv" in worker.refused[0][1]
    step = worker.snapshot_where(lambda _: True).step
    assert worker.snapshot_where(steps_after(step + 5)).generation == 0


def test_contradictory_settings_are_rejected(worker: Worker) -> None:
    worker.send(
        opened(),
        ApplyExperiment(
            Experiment(
                training=TrainingSettings(loss="cross_entropy"), network=NetworkSettings(output_activation="tanh")
            ),
            1,
        ),
    )
    worker.until(lambda: bool(worker.refused))
    assert worker.refused[0][1].startswith("$.network.output_activation: ")
    assert worker.failed == []


def test_an_exception_pauses_training_is_reported_and_leaves_the_thread_usable(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.send(opened(), Play())
    worker.snapshot_where(steps_after(5))

    def broken(_trainer: Trainer, *_arguments: object) -> None:
        raise RuntimeError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "run", broken)
        worker.until(lambda: bool(worker.failed))
    sentence, details = worker.failed[0]
    assert sentence == "Training stopped: a bug"
    assert "RuntimeError: a bug" in details
    worker.send(rewound(), Play())
    worker.snapshot_where(steps_after(5))
    assert len(worker.failed) == 1


def test_a_failing_change_is_undone_too(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    worker.send(opened(), Play())
    worker.snapshot_where(steps_after(5))

    def broken(_trainer: Trainer, _experiment: Experiment, _data: PreparedData, _spot: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "apply", broken)
        worker.send(ApplyExperiment(Experiment(name="Too large"), 1))
        worker.until(lambda: bool(worker.failed))
    assert worker.failed[0][0] == "Training stopped: MemoryError"
    worker.until(lambda: bool(worker.refused))
    assert worker.refused[0][0] == 1
    worker.send(ApplyExperiment(Experiment(), 2), Play())
    worker.snapshot_where(lambda snapshot: snapshot.generation == 2 and snapshot.step > 5)


def test_a_failing_command_does_not_affect_the_next_one(worker: Worker) -> None:
    worker.send(opened(), SetParameter(-(10**9), 1.0), Step("epoch"))
    worker.snapshot_where(at_step(25))
    worker.until(lambda: bool(worker.failed))
    assert "index" in worker.failed[0][0]
