"""Announce the cost of a large network when it is applied, once per network."""

from __future__ import annotations

from collections.abc import Callable

from core.data.prepared_data import PreparedData
from core.engine.cost import cost_of
from core.experiment import Experiment
from core.network.architecture import architecture_for


class CostNotifier:
    """Calls ``notify`` with a sentence for each large network that is applied, unless it is the last one announced."""

    def __init__(self, notify: Callable[[str], object]) -> None:
        self._notify = notify
        self._announced = ""

    def announce(self, experiment: Experiment, data: PreparedData) -> None:
        """Announce the cost of training ``experiment`` if it is large, before its first step and first snapshot.

        Raises:
            ExperimentError: its settings contradict each other.
        """
        cost = cost_of(architecture_for(experiment, data), len(data.x_train), experiment.training.batch_size)
        before, self._announced = self._announced, cost.sentence if cost.is_large else ""
        if self._announced not in ("", before):
            self._notify(self._announced)
