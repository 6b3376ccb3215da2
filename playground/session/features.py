"""Which features are in force."""

from __future__ import annotations

from core.data.datasets import DATASETS
from core.experiment import Experiment


def default_features(experiment: Experiment) -> tuple[str, ...]:
    """Return the feature keys in force: the chosen ones, else the data set's own (empty for a user's own table)."""
    if experiment.data.features is not None:
        return experiment.data.features
    source = experiment.data.dataset
    return tuple(DATASETS[source].default_features) if isinstance(source, str) else ()
