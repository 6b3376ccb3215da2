"""A running training thread whose signals are recorded, and conditions on its snapshots."""

from __future__ import annotations

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from core.experiment import Experiment
from core.training.divergence import Divergence
from core.training.snapshot import Snapshot
from playground.worker.commands import ApplyExperiment, Command
from playground.worker.mailbox import Gate, Mailbox
from playground.worker.training_thread import TrainingThread


def snapshot_where(
    qtbot: QtBot, mailbox: Mailbox[Snapshot], condition: Callable[[Snapshot], bool], timeout: int = 20_000
) -> Snapshot:
    """Return the next snapshot that satisfies ``condition``."""
    found: list[Snapshot] = []

    def look() -> bool:
        snapshot = mailbox.take()
        if snapshot is not None and condition(snapshot):
            found.append(snapshot)
        return bool(found)

    qtbot.waitUntil(look, timeout=timeout)
    return found[0]


class Worker:
    """A running thread with its mailbox and a record of its signals."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.mailbox: Mailbox[Snapshot] = Mailbox()
        self.gate = Gate()
        self.thread = TrainingThread(self.mailbox, self.gate)
        self.diverged: list[Divergence] = []
        self.failed: list[tuple[str, str]] = []
        self.refused: list[tuple[int, str]] = []
        self.thread.diverged.connect(self.diverged.append)
        self.thread.failed.connect(lambda sentence, details: self.failed.append((sentence, details)))
        self.thread.refused.connect(lambda generation, sentence: self.refused.append((generation, sentence)))
        self.thread.start()

    def send(self, *commands: Command) -> None:
        for command in commands:
            self.thread.send(command)

    def snapshot_where(self, condition: Callable[[Snapshot], bool]) -> Snapshot:
        """Return the next snapshot that satisfies ``condition``."""
        return snapshot_where(self._qtbot, self.mailbox, condition)

    def until(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=20_000)


def rewound(experiment: Experiment | None = None, generation: int = 1) -> ApplyExperiment:
    """The command that goes back to step 0 of ``experiment``, which is open."""
    return ApplyExperiment(experiment or Experiment(), generation, rewinds=True)


def opened(experiment: Experiment | None = None, generation: int = 0) -> ApplyExperiment:
    return ApplyExperiment(experiment or Experiment(), generation, restart=True)


def steps_after(count: int) -> Callable[[Snapshot], bool]:
    return lambda snapshot: snapshot.step >= count


def at_step(count: int) -> Callable[[Snapshot], bool]:
    return lambda snapshot: snapshot.step == count and not snapshot.playing
