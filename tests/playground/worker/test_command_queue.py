"""The queue of commands: order, putting back, and which commands end the current step."""

from __future__ import annotations

import time

import pytest
from pytestqt.qtbot import QtBot

from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.training.snapshot import Snapshot
from playground.worker.command_queue import CommandQueue, Nothing
from playground.worker.commands import ApplyExperiment, Pause, Play, SetSpeed, Step
from playground.worker.mailbox import Gate, Mailbox
from playground.worker.training_thread import TrainingThread
from tests.playground.worker.support import snapshot_where


@pytest.mark.parametrize("command", [ApplyExperiment(Experiment(), 1), Pause(), None])
def test_a_waiting_command_that_ends_a_step_requests_it(command: object) -> None:
    commands = CommandQueue()
    commands.put(Step())
    commands.put(command)  # type: ignore[arg-type]
    assert commands.cancellation.is_requested
    assert commands.take(0.0) == Step()
    following = commands.take(0.0)
    assert not commands.cancellation.is_requested
    commands.put_back(following)
    assert commands.cancellation.is_requested
    assert commands.take(0.0) == command
    assert not commands.cancellation.is_requested
    assert isinstance(commands.take(0.0), Nothing)


def test_other_commands_let_a_step_finish() -> None:
    commands = CommandQueue()
    for command in (Play(), Step(), SetSpeed(5.0)):
        commands.put(command)
    assert not commands.cancellation.is_requested
    assert [commands.take(0.0) for _ in range(3)] == [Play(), Step(), SetSpeed(5.0)]


def test_pausing_ends_a_long_step(qtbot: QtBot) -> None:
    hidden = tuple(HiddenLayer(units=512) for _ in range(40))
    experiment = Experiment(
        data=DataSettings(dataset="digits"),
        network=NetworkSettings(hidden=hidden),
        training=TrainingSettings(batch_size=0),
    )
    mailbox: Mailbox[Snapshot] = Mailbox()
    thread = TrainingThread(mailbox, Gate())
    began: list[float] = []
    thread.costly.connect(lambda _sentence: began.append(time.perf_counter()))
    thread.start()
    try:
        thread.send(ApplyExperiment(experiment, 1, restart=True))
        thread.send(Play())
        snapshot_where(qtbot, mailbox, lambda _: True, timeout=100_000)
        thread.send(Pause())
        paused = snapshot_where(qtbot, mailbox, lambda snapshot: not snapshot.playing, timeout=100_000)
        assert paused.step == 0
        assert began, "such a network announces that its steps take long"
    finally:
        thread.stop()
