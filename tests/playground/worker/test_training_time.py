"""The loss curve knows the time that the training thread spends on updates."""

from __future__ import annotations

import time

import numpy as np
from pytestqt.qtbot import QtBot

from core.experiment import Experiment
from core.training.snapshot import Snapshot
from playground.worker.commands import ApplyExperiment, Pause, Play, SetPlane, Step
from playground.worker.mailbox import Gate, Mailbox
from playground.worker.training_thread import TrainingThread
from tests.playground.worker.support import snapshot_where


def test_row17_the_curve_knows_the_time_spent_on_updates_but_not_that_of_pauses(qtbot: QtBot) -> None:
    mailbox: Mailbox[Snapshot] = Mailbox()
    thread = TrainingThread(mailbox, Gate())
    thread.start()
    try:
        began = time.perf_counter()
        thread.send(ApplyExperiment(Experiment(), 0, restart=True))
        thread.send(Play())
        snapshot_where(qtbot, mailbox, lambda snapshot: snapshot.step >= 200)
        thread.send(Pause())
        paused = snapshot_where(qtbot, mailbox, lambda snapshot: not snapshot.playing)
        elapsed = time.perf_counter() - began
        seconds = paused.curve.seconds
        assert seconds is not None
        assert seconds[0] == 0.0
        assert (np.diff(seconds) >= 0.0).all()
        assert 0.0 < seconds[-1] <= elapsed
        thread.send(SetPlane((0, 1)))
        later = snapshot_where(qtbot, mailbox, lambda _: True).curve.seconds
        assert later is not None
        assert later[-1] == seconds[-1]
        thread.send(Step("batch"))
        stepped = snapshot_where(qtbot, mailbox, lambda snapshot: snapshot.step == paused.step + 1).curve.seconds
        assert stepped is not None
        assert stepped[-1] > seconds[-1]
    finally:
        thread.stop()
