"""A frame clock that tests tick by hand, and a view for it."""

from __future__ import annotations

import time

from core.experiment import Experiment
from core.training.observer import observe
from core.training.recorders.loss_curve import LossRecorder
from core.training.snapshot import Snapshot
from core.training.training_run import new_trainer
from playground.worker.frame_clock import FrameClock
from playground.worker.mailbox import Gate, Mailbox


class View:
    """A stand-in for a plot."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.shown: list[Snapshot] = []
        self.visible = True
        self._seconds = seconds

    def show_snapshot(self, snapshot: Snapshot) -> None:
        self.shown.append(snapshot)
        if self._seconds:
            time.sleep(self._seconds)

    def isVisible(self) -> bool:
        return self.visible


class Window:
    """A clock with its collaborators, ticked manually."""

    def __init__(self) -> None:
        self.mailbox: Mailbox[Snapshot] = Mailbox()
        self.gate = Gate()
        self.generation = 0
        self.clock = FrameClock(self.mailbox, self.gate, lambda: self.generation)
        self.arrived: list[Snapshot] = []
        self.clock.arrived.connect(self.arrived.append)
        self._trainer = new_trainer(Experiment(), engine="numpy")
        self._recorder = LossRecorder()

    def post(self, generation: int = 0, *, urgent: bool = False) -> Snapshot:
        self._trainer.run(1)
        snapshot = observe(self._trainer, self._recorder, axes=(0, 1), generation=generation, playing=True)
        self.mailbox.put(snapshot, urgent=urgent)
        return snapshot
