"""The origin of the pictures of a snapshot."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from core.experiment.recipe import recipe
from core.experiment.resolution import resolve
from core.training.origin import Origin
from playground.session.table_paths import with_absolute_table

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot


def origin_of(snapshot: Snapshot, folder: Path | None) -> Origin:
    """Return the origin of pictures of ``snapshot``; paths of tables relative to ``folder`` become absolute."""
    experiment = with_absolute_table(snapshot.experiment, folder, None)
    state = None if snapshot.state is None else replace(snapshot.state, experiment=experiment)
    resolution = resolve(experiment, snapshot.data.task, snapshot.data.classes)
    line = recipe(experiment, snapshot.network.architecture.inputs, resolution, snapshot.epoch)
    return Origin(experiment, state, line)
