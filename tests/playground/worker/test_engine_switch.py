"""Training starts on NumPy and switches to the compiled engine between two bursts."""

from __future__ import annotations

import threading

import pytest
from pytestqt.qtbot import QtBot

from core.engine.compiled import compilation
from core.engine.compiled.compilation import compile_into_cache
from core.experiment import Experiment
from core.training.snapshot import Snapshot
from playground.worker.commands import ApplyExperiment, Play, Step
from playground.worker.mailbox import Gate, Mailbox
from playground.worker.training_thread import COMPILING, TrainingThread
from tests.playground.worker.support import snapshot_where

pytest.importorskip("numba")


@pytest.fixture
def thread(qtbot: QtBot) -> TrainingThread:
    return TrainingThread(Mailbox(), Gate())


def snapshot_from(thread: TrainingThread, engine: str, qtbot: QtBot) -> Snapshot:
    return snapshot_where(
        qtbot, thread._mailbox, lambda snapshot: snapshot.engine == engine and snapshot.step > 0, timeout=60_000
    )


def test_training_switches_engines_without_losing_a_step(thread: TrainingThread, qtbot: QtBot) -> None:
    compile_into_cache()
    thread.send(ApplyExperiment(experiment=Experiment(), generation=1, folder=None))
    thread.send(Play())
    thread.start()
    try:
        before = snapshot_from(thread, "numpy", qtbot)
        loaded = threading.Event()
        thread.load_engine(loaded.set)
        after = snapshot_from(thread, "compiled", qtbot)
        assert loaded.wait(60.0)
        assert after.step > before.step
        assert after.scores.train_loss < 2 * before.scores.train_loss
    finally:
        thread.stop()


def test_an_epoch_ends_where_it_should_in_compiled_steps(thread: TrainingThread, qtbot: QtBot) -> None:
    compile_into_cache()
    thread._engine = "auto"
    thread.send(ApplyExperiment(experiment=Experiment(), generation=1, folder=None))
    thread.send(Step("epoch"))
    thread.start()
    try:
        qtbot.waitUntil(lambda: (seen := thread._mailbox.take()) is not None and seen.epoch == 1.0, timeout=60_000)
    finally:
        thread.stop()


def test_a_note_is_shown_during_compilation(
    thread: TrainingThread, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compilation, "is_cached", lambda: False)
    notes: list[str] = []
    thread.engine_note.connect(notes.append)
    thread.load_engine()
    qtbot.waitUntil(lambda: notes == [COMPILING, ""], timeout=60_000)
    thread.stop()


@pytest.mark.parametrize("scarce", [False, True])
def test_a_snapshot_waits_for_a_frame_and_takes_steps_unless_processors_are_scarce(
    scarce: bool,
) -> None:
    compile_into_cache()
    gate = Gate()
    idle = TrainingThread(Mailbox(), gate)
    idle._execute(ApplyExperiment(Experiment(), 1))
    idle._execute(Play())
    trainer = idle._trainer
    assert trainer is not None
    trainer.use_engine("compiled")
    gate.is_tight = scarce
    gate.close()
    for _ in range(5):
        idle._wait_for_frame()
    assert (trainer.step == 0) == scarce
