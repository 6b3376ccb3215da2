"""Say what a large network costs as it is put in force, once for each such network."""

from __future__ import annotations

from collections.abc import Callable

from core.data.prepared_data import PreparedData
from core.engine.cost import cost_of
from core.experiment import Experiment
from core.network.architecture import architecture_for


class CostTeller:
    """Calls ``tell`` with a sentence for each large network that is put in force, unless it was the last one told."""

    def __init__(self, tell: Callable[[str], object]) -> None:
        self._tell = tell
        self._told = ""

    def announce(self, experiment: Experiment, data: PreparedData) -> None:
        """Say what training ``experiment`` costs if that is much; before the first step and the first picture of it.

        Raises:
            ExperimentError: its settings contradict one another.
        """
        cost = cost_of(architecture_for(experiment, data), len(data.x_train), experiment.training.batch_size)
        before, self._told = self._told, cost.sentence if cost.is_large else ""
        if self._told not in ("", before):
            self._tell(self._told)
