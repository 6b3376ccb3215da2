"""The origin of the pictures of a snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import structs
from msgspec.structs import replace

from core.experiment.recipe import recipe
from core.experiment.resolution import resolve
from core.training.origins.origin import Origin
from core.training.origins.shown_runs import ShownRuns, stored_run
from core.training.pins.pin_file import StoredPin
from playground.session.saving.table_paths import with_absolute_table

if TYPE_CHECKING:
    from core.training.pins.pinned_run import PinnedRun
    from core.training.snapshot import Snapshot
    from core.training.training_state import TrainingState
    from playground.session import Session
    from playground.session.pins import Pins


def origin_of(snapshot: Snapshot, folder: Path | None) -> Origin:
    """Return the origin of pictures of ``snapshot``; paths of tables relative to ``folder`` become absolute."""
    return _origin(snapshot, snapshot.portable_state, folder)


def _origin(snapshot: Snapshot, state: TrainingState | None, folder: Path | None) -> Origin:
    experiment = with_absolute_table(snapshot.experiment, folder, None)
    state = None if state is None else replace(state, experiment=experiment)
    resolution = resolve(experiment, snapshot.data.task, snapshot.data.classes)
    line = recipe(experiment, snapshot.network.architecture.inputs, resolution, snapshot.epoch)
    return Origin(experiment, state, line)


def deck_origin(session: Session, views: Mapping[str, str]) -> Origin | None:
    """Return the origin of a deck of what ``session`` shows, from which its figures can be drawn again.

    Args:
        session: the session; without a snapshot, ``None`` is returned.
        views: the options of the cards, by the key of their figures.
    """
    snapshot = session.snapshot
    return None if snapshot is None else with_runs(origin_of(snapshot, session.folder), snapshot, session, views)


def with_history(origin: Origin, snapshot: Snapshot, *, timed: bool = True) -> Origin:
    """Return ``origin`` with the run of ``snapshot`` alone, for a picture; see :func:`with_runs`."""
    if origin.state is None:
        return origin
    return structs.replace(origin, runs=ShownRuns(stored_run(snapshot, origin.state, timed=timed)))


def with_runs(
    origin: Origin, snapshot: Snapshot, session: Session, views: Mapping[str, str], *, timed: bool = True
) -> Origin:
    """Return ``origin`` with the run of ``snapshot``, the visible pins of ``session`` and the options of the cards.

    With ``timed=False`` the run does not have the seconds that it took, so that equal runs give equal bytes.
    """
    if origin.state is None:
        return origin
    pins, compared = session.pins.visible, session.pins.compared
    runs = ShownRuns(
        stored_run(snapshot, origin.state, timed=timed),
        _stored(session.pins, session.folder),
        -1 if compared is None else pins.index(compared),
    )
    return structs.replace(origin, runs=runs, views=views)


def origin_of_run(run: PinnedRun, folder: Path | None, views: Mapping[str, str]) -> Origin:
    """Return the origin of a figure of the pinned ``run`` alone, from which it can be drawn again."""
    origin = _origin(run.snapshot, run.state, folder)
    runs = None if origin.state is None else ShownRuns(stored_run(run.snapshot, origin.state))
    return structs.replace(origin, runs=runs, views=views)


def _stored(pins: Pins, folder: Path | None) -> tuple[StoredPin, ...]:
    stored = []
    for pin in pins.visible:
        experiment = with_absolute_table(pin.run.experiment, folder, None)
        run = stored_run(pin.run.snapshot, replace(pin.run.state, experiment=experiment))
        stored.append(StoredPin(run, pin.given_name, pin.colour, hidden=False))
    return tuple(stored)
