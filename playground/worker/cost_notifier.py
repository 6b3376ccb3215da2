"""Announce the cost of a large network when it is applied, once per network."""

from __future__ import annotations

from collections.abc import Callable

from core.data.prepared_data import PreparedData
from core.engine.cancellation import Cancellation
from core.engine.cost import LONG_STEP_SECONDS, cost_of
from core.experiment import Experiment
from core.network.architecture import architecture_for


class CostNotifier:
    """Calls ``notify`` with a sentence for each large network that is applied, unless it is the last one announced.

    Args:
        notify: shows a sentence.
        cancellation: ends steps that take long.

    Attributes:
        cancellation: what ends the steps of the network announced last; ``None`` if each takes a moment only.
    """

    def __init__(self, notify: Callable[[str], object], cancellation: Cancellation) -> None:
        self._notify, self._cancellation = notify, cancellation
        self._announced = ""
        self.cancellation: Cancellation | None = None

    def announce(self, experiment: Experiment, data: PreparedData) -> None:
        """Announce the cost of training ``experiment`` if it is large, before its first step and first snapshot.

        Raises:
            ExperimentError: its settings contradict each other.
        """
        cost = cost_of(architecture_for(experiment, data), len(data.x_train), experiment.training.batch_size)
        self.cancellation = self._cancellation if cost.step_seconds > LONG_STEP_SECONDS else None
        before, self._announced = self._announced, cost.sentence if cost.is_large else ""
        if self._announced not in ("", before):
            self._notify(self._announced)
