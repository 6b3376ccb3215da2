"""Undo and redo bring back the loss curve, the gradients and the path together with the training state."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from core.experiment import Experiment
from core.training.pins.pinned_run import PinnedRun
from core.training.run_history import RunHistory
from core.training.snapshot import Snapshot
from core.training.trainer import Trainer
from playground.worker import replaced_runs
from playground.worker.commands import ApplyExperiment, PinRun, Step, merged_edits
from playground.worker.replaced_runs import ReplacedRun, ReplacedRuns
from tests.core.support import data_of, with_hidden
from tests.core.training.support import assert_same_state
from tests.playground.worker.support import Worker, at_step, opened

START = Experiment()
FIRST, SECOND = START.network.hidden


def seed(number: int) -> Experiment:
    return replace(START, network=replace(START.network, seed=number))


def rate(value: float) -> Experiment:
    return replace(START, training=replace(START.training, learning_rate=value))


EDITS: dict[str, Callable[[int], ApplyExperiment]] = {
    "another seed": lambda generation: ApplyExperiment(seed(generation + 5), generation),
    "another depth": lambda generation: ApplyExperiment(with_hidden(START, *[FIRST] * (2 + generation)), generation),
    "another width": lambda generation: ApplyExperiment(
        with_hidden(START, replace(FIRST, units=5 + generation), SECOND), generation
    ),
    "another input": lambda generation: ApplyExperiment(
        replace(START, data=replace(START.data, features=("x1", "x2", "sin_x1")[: 1 + 2 * (generation % 2)])),
        generation,
    ),
    "a cure that rewinds": lambda generation: ApplyExperiment(rate(0.1 * generation), generation, rewinds=True),
    "a rewind": lambda generation: ApplyExperiment(START, generation, rewinds=True),
    "another rate": lambda generation: ApplyExperiment(rate(0.01 * generation), generation),
}


def run_now(worker: Worker) -> PinnedRun:
    found: list[PinnedRun] = []
    worker.thread.pinned.connect(found.append)
    worker.send(PinRun())
    worker.until(lambda: bool(found))
    worker.thread.pinned.disconnect(found.append)
    return found[0]


def numbers(snapshot: Snapshot) -> list[Any]:
    curve, gradients, path = snapshot.curve, snapshot.gradient_history, snapshot.path
    return [curve.step, curve.train, curve.epoch, gradients.step, gradients.norms, path.steps, *path.points]


def assert_same_run(a: PinnedRun, b: PinnedRun) -> None:
    assert_same_state(a.state, b.state)
    assert a.snapshot.curve.marks == b.snapshot.curve.marks
    assert len(numbers(a.snapshot)) == len(numbers(b.snapshot))
    for one, other in zip(numbers(a.snapshot), numbers(b.snapshot), strict=True):
        np.testing.assert_array_equal(one, other)


def trained(worker: Worker) -> PinnedRun:
    worker.send(opened(), Step("batch", 200))
    worker.snapshot_where(at_step(200))
    return run_now(worker)


@pytest.mark.parametrize("first", EDITS)
@pytest.mark.parametrize("second", EDITS)
def test_two_edits_are_undone_and_redone_with_their_histories(worker: Worker, first: str, second: str) -> None:
    runs = [trained(worker)]
    for generation, name in enumerate((first, second), start=1):
        worker.send(EDITS[name](generation))
        runs.append(run_now(worker))
    # The generation under which each of the three was last left.
    left, generation = [0, 1, 2], 2
    for at in (1, 0, 1, 2, 1, 0):
        generation += 1
        back = ApplyExperiment(runs[at].experiment, generation, returning=True, returns_to=left[at])
        left[at] = generation
        worker.send(back)
        assert_same_run(run_now(worker), runs[at])


@pytest.mark.parametrize("change", ["a rewind", "a cure that rewinds"])
def test_a_rewind_is_undone_and_redone_after_more_training(worker: Worker, change: str) -> None:
    before = trained(worker)
    worker.send(EDITS[change](1))
    assert run_now(worker).state.step == 0
    worker.send(Step("batch", 50))
    worker.snapshot_where(at_step(50))
    after = run_now(worker)
    worker.send(ApplyExperiment(before.experiment, 2, returning=True, returns_to=0, rewinds=True))
    assert_same_run(run_now(worker), before)
    worker.send(ApplyExperiment(after.experiment, 3, returning=True, returns_to=1, rewinds=True))
    assert_same_run(run_now(worker), after)


def test_edits_before_a_rewind_are_not_skipped() -> None:
    slow = rate(0.001)
    assert merged_edits(ApplyExperiment(slow, 1), ApplyExperiment(slow, 2, rewinds=True)) is None


def test_the_history_continues_after_more_training(worker: Worker) -> None:
    trained(worker)
    worker.send(EDITS["another rate"](1), Step("batch", 10))
    worker.snapshot_where(at_step(210))
    worker.send(ApplyExperiment(START, 2, returning=True, returns_to=0))
    assert run_now(worker).snapshot.curve.step[-1] == 210


def test_undoing_an_edit_at_once_restores_the_training_exactly(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    trained(worker)
    deeper = with_hidden(START, FIRST, SECOND, SECOND)
    worker.send(ApplyExperiment(deeper, 1), ApplyExperiment(START, 2))
    before = run_now(worker)
    go_on, execute = threading.Event(), worker.thread._execute

    def wait_and_execute(command: Any) -> None:
        go_on.wait()
        execute(command)

    monkeypatch.setattr(worker.thread, "_execute", wait_and_execute)
    # Both are waiting when the thread can take them.
    worker.send(PinRun(), ApplyExperiment(rate(0.5), 3), ApplyExperiment(START, 4, returning=True, returns_to=2))
    go_on.set()
    assert_same_run(run_now(worker), before)


def test_number_and_memory_of_replaced_runs_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = ReplacedRuns()
    trainer = Trainer(START, data_of(START))
    for _ in range(5):
        trainer.run(1)
        history = RunHistory()
        history.path.record(step=trainer.step, parameters=trainer.parameters)
        kept.add(ReplacedRun.of(trainer, history))
    assert len(kept._runs) == 5
    monkeypatch.setattr(replaced_runs, "MAX_RUNS", 3)
    kept.add(ReplacedRun.of(trainer, RunHistory()))
    assert len(kept._runs) == 3
    monkeypatch.setattr(replaced_runs, "MAX_BYTES", trainer.parameters.nbytes)
    kept.add(ReplacedRun.of(trainer, RunHistory()))
    assert len(kept._runs) == 3
    assert kept.take(trainer) is not None
