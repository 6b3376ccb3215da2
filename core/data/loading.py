"""Load the data that the settings specify: generated, shipped, TensorFlow Playground's, drawn, or a user's table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.data.datasets import DATASETS
from core.data.drawn_points import load_points
from core.data.raw_data import RawData
from core.data.settings import DrawnSource
from core.formulas import tf_playground
from core.random_streams import stream

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from core.data.settings import DataSettings


def load(
    settings: DataSettings, *, folder: Path | None = None, advance: Callable[[int, int], bool] | None = None
) -> RawData:
    """Load the data that ``settings`` specify.

    A table's relative path is resolved against ``folder`` (that of the Experiment's file; default: the working
    directory). Reading a table periodically calls ``advance`` with (done, total) and stops if it returns false.

    Raises:
        TableError: the table cannot be used; the message says why.
        ReadCancelled: ``advance`` returned false.
    """
    source = tf_playground_source(settings)
    if source is not None:
        return _as_tf_playground(source)
    if isinstance(settings.dataset, DrawnSource):
        return load_points(settings.dataset)
    if isinstance(settings.dataset, str):
        rng = stream(settings.seed, "data")
        return DATASETS[settings.dataset].generate(settings.samples, settings.noise, rng=rng)
    from core.data.tables.limits import silent
    from core.data.tables.tables import read_table

    return read_table(settings.dataset, folder, seed=settings.seed, advance=advance or silent)


def tf_playground_source(settings: DataSettings) -> tf_playground.Source | None:
    """Return the source of TensorFlow Playground's draws, or ``None`` if ``settings`` do not ask for them.

    Data sets that TensorFlow Playground does not have use this app's own generators.
    """
    key = settings.dataset
    if settings.tf_playground_seed is None or not isinstance(key, str) or key not in tf_playground.GENERATORS:
        return None
    return tf_playground.Source(key, settings.samples, settings.noise, settings.tf_playground_seed, settings.seed)


def _as_tf_playground(source: tf_playground.Source) -> RawData:
    entry = DATASETS[source.dataset]
    inputs, labels = tf_playground.shuffled_points(source)
    return RawData(
        inputs=inputs,
        target=(labels + 1.0) / 2.0 if entry.task == "classification" else labels,
        task=entry.task,
        input_names=entry.input_names,
        class_names=entry.class_names,
        domain=entry.domain,
        shuffled=True,
    )
