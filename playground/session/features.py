"""The active features."""

from __future__ import annotations

from core.data.datasets import DATASETS
from core.experiment import DrawnSource, Experiment


def default_features(experiment: Experiment) -> tuple[str, ...]:
    """Return the active feature keys: the chosen ones, else the data set's defaults (empty for a user's table)."""
    if experiment.data.features is not None:
        return experiment.data.features
    source = experiment.data.dataset
    if isinstance(source, DrawnSource):
        return ("x1", "x2")[: source.inputs]
    return tuple(DATASETS[source].default_features) if isinstance(source, str) else ()
