"""Only the training thread and background jobs have a slightly lower priority than the window."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.experiment import Experiment
from core.training.snapshot import Snapshot
from playground.worker.background import Background
from playground.worker.commands import ApplyExperiment
from playground.worker.mailbox import Gate, Mailbox
from playground.worker.priority import NICENESS, lower_priority
from playground.worker.training_thread import TrainingThread
from tests.playground.worker.support import snapshot_where

TASKS = Path("/proc/self/task")

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="priorities belong to processes here")


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_only_the_calling_thread_lowers_its_priority() -> None:
    before, seen = niceness(), []

    def work() -> None:
        lower_priority()
        seen.append(niceness())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [min(before + NICENESS, 19)]
    assert niceness() == before


def test_the_training_thread_has_a_low_priority(qtbot: QtBot) -> None:
    mailbox: Mailbox[Snapshot] = Mailbox()
    thread = TrainingThread(mailbox, Gate())
    before = set(TASKS.iterdir())
    thread.start()
    thread.send(ApplyExperiment(Experiment(), 0, None, restart=True))
    snapshot_where(qtbot, mailbox, lambda snapshot: snapshot.step == 0)
    started = [int(task.name) for task in set(TASKS.iterdir()) - before]
    assert max(os.getpriority(os.PRIO_PROCESS, task) for task in started) == min(niceness() + NICENESS, 19)
    thread.stop()


def test_background_jobs_have_a_low_priority(qtbot: QtBot) -> None:
    background = Background("test")
    seen: list[object] = []
    background.succeeded.connect(seen.append)
    background.submit(lambda _advance: niceness())
    qtbot.waitUntil(lambda: seen == [min(niceness() + NICENESS, 19)])
    background.stop()
