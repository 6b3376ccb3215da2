"""The history of a run that was replaced by a pinned one, for undo."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from core.arrays import Floats
from core.experiment import Experiment
from core.training.run_history import RunHistory
from core.training.trainer import Trainer


class ReplacedRun(Struct, frozen=True):
    """A run as it was when it was replaced.

    Attributes:
        experiment: its settings.
        parameters: its parameters, (P,).
        history: its loss curve, gradients and path.
    """

    experiment: Experiment
    parameters: Floats
    history: RunHistory

    def is_back(self, trainer: Trainer) -> bool:
        """Return whether undo has restored this run in ``trainer``."""
        return trainer.experiment == self.experiment and np.array_equal(trainer.parameters, self.parameters)
