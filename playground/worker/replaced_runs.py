"""The histories of runs that an edit replaced, for undo and redo."""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from core.arrays import Floats
from core.experiment import Experiment
from core.training.run_history import RunHistory
from core.training.trainer import Trainer

MAX_RUNS: Final = 100
"""Maximum number of runs kept."""

MAX_BYTES: Final = 64_000_000
"""Maximum total size of the points on their paths, without those of the latest run."""


class ReplacedRun(Struct, frozen=True):
    """A run at the time when it was replaced.

    Attributes:
        experiment: its settings.
        step: updates made.
        parameters: its parameters, (P,).
        history: its loss curve, gradients and path.
    """

    experiment: Experiment
    step: int
    parameters: Floats
    history: RunHistory

    @classmethod
    def of(cls, trainer: Trainer, history: RunHistory) -> ReplacedRun:
        """Return the run of ``trainer`` before an edit."""
        return cls(trainer.experiment, trainer.step, trainer.parameters, history)

    def copied(self) -> ReplacedRun:
        """Return the same with a copy of the history, which continues after the edit."""
        return replace(self, history=self.history.copied())

    def is_back(self, trainer: Trainer) -> bool:
        """Return whether undo or redo has restored this run in ``trainer``."""
        return (trainer.experiment, trainer.step) == (self.experiment, self.step) and np.array_equal(
            trainer.parameters, self.parameters
        )


class ReplacedRuns:
    """The runs that undo and redo can bring back."""

    def __init__(self) -> None:
        self._runs: list[ReplacedRun] = []

    def add(self, run: ReplacedRun) -> None:
        """Keep ``run``; discard the oldest ones if there are too many."""
        self._runs.append(run)
        while len(self._runs) > MAX_RUNS or (len(self._runs) > 1 and self._size() > MAX_BYTES):
            del self._runs[0]

    def take(self, trainer: Trainer) -> RunHistory | None:
        """Return and forget the history of the run that undo or redo has restored in ``trainer``; ``None`` if unknown."""
        for index in reversed(range(len(self._runs))):
            if self._runs[index].is_back(trainer):
                return self._runs.pop(index).history
        return None

    def _size(self) -> int:
        """Return the size of the points on the paths in bytes; runs share most of them."""
        points = {id(point): point.nbytes for run in self._runs for point in run.history.path.points}
        return sum(points.values())
