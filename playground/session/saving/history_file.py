"""The undo history as a file next to the training state, so that it survives a crash."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import msgspec
import numpy as np
from msgspec import Meta

from core.errors import PlaygroundError
from core.experiment import DrawnSource, Experiment
from core.experiment.experiment_file import from_builtins, to_builtins
from core.files import open_regular
from core.network.parameters import Spot
from playground.session.editing.undo_history import Edit, ExperimentEdit, ParameterEdit, ParametersEdit, UndoHistory

MAX_STORED: Final = 100
"""Maximum number of entries written per direction; the oldest ones are omitted."""

MAX_POINTS: Final = 100_000
"""Maximum number of drawn points written per direction, about 3 MB."""

_MAX_BYTES: Final = 20_000_000
_Place = Annotated[int, Meta(ge=0)]


class _Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="experiment"):
    """A change of the Experiment; ``old`` and ``new`` are indices into the table of experiments."""

    label: str
    old: _Place
    new: _Place
    spot: Spot | None = None


class _Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="parameter"):
    """A parameter edited by the user."""

    label: str
    index: _Place
    old: float
    new: float


class _Parameters(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="parameters"):
    """All parameters replaced by the user."""

    label: str
    old: tuple[float, ...]
    new: tuple[float, ...]


_Entry: TypeAlias = _Change | _Parameter | _Parameters


class _History(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    experiments: tuple[dict[str, Any], ...]
    done: tuple[_Entry, ...]
    undone: tuple[_Entry, ...]
    format: Annotated[int, Meta(ge=1, le=1)] = 1


class _Written(msgspec.Struct, frozen=True):
    """A :class:`_History` as it is written, with experiments that are encoded already."""

    experiments: tuple[msgspec.Raw, ...]
    done: tuple[_Entry, ...]
    undone: tuple[_Entry, ...]
    format: int = 1


def encode(
    done: Sequence[Edit], undone: Sequence[Edit], prepared: Callable[[Experiment], Experiment] = lambda each: each
) -> bytes:
    """Return the history as the content of a file.

    Args:
        done: edits that can be undone, oldest first.
        undone: edits that can be redone.
        prepared: converts an Experiment for this file, such as to the absolute path of its table.
    """
    places: dict[Experiment, int] = {}

    def written(edit: Edit) -> _Entry:
        if isinstance(edit, ParameterEdit):
            return _Parameter(edit.label, edit.index, edit.old, edit.new)
        if isinstance(edit, ParametersEdit):
            return _Parameters(edit.label, tuple(edit.old.tolist()), tuple(edit.new.tolist()))
        old, new = (places.setdefault(each, len(places)) for each in (edit.old, edit.new))
        return _Change(edit.label, old, new, edit.spot)

    lasting = [[edit for edit in each if not _only_rewinds(edit)] for each in (done, undone)]
    stored_done, stored_undone = (tuple(written(edit) for edit in _affordable(each)) for each in lasting)
    experiments = tuple(_encoded(prepared(each)) for each in places)
    return msgspec.json.encode(_Written(experiments, stored_done, stored_undone))


def _only_rewinds(edit: Edit) -> bool:
    """Return whether ``edit`` is only undone by the training state before it, which is not in the file."""
    return isinstance(edit, ExperimentEdit) and edit.rewinds and edit.old == edit.new


def _affordable(edits: Sequence[Edit]) -> Sequence[Edit]:
    """Return the newest ``edits`` that fit into the file."""
    points = 0
    for count, edit in enumerate(reversed(edits[-MAX_STORED:])):
        if isinstance(edit, ExperimentEdit):
            points += _points(edit.old)
        elif isinstance(edit, ParametersEdit):
            points += len(edit.new)  # as long in the file as that many points
        if points > MAX_POINTS:
            return edits[len(edits) - count :]
    return edits[-MAX_STORED:]


def _points(experiment: Experiment) -> int:
    source = experiment.data.dataset
    return len(source.points) if isinstance(source, DrawnSource) else 0


@lru_cache(maxsize=2 * MAX_STORED)
def _encoded(experiment: Experiment) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(to_builtins(experiment)))


def read(path: Path, experiment: Experiment) -> UndoHistory | None:
    """Return the history in ``path`` that led to ``experiment``; ``None`` if there is none or it does not fit."""
    try:
        with open_regular(path) as file:
            stored = msgspec.json.decode(file.read(_MAX_BYTES), type=_History)
        experiments = [from_builtins(each) for each in stored.experiments]

        def entry(edit: _Entry) -> Edit:
            if isinstance(edit, _Parameter):
                return ParameterEdit(edit.label, edit.index, edit.old, edit.new)
            if isinstance(edit, _Parameters):
                return ParametersEdit(edit.label, np.array(edit.old), np.array(edit.new))
            return ExperimentEdit(edit.label, experiments[edit.old], experiments[edit.new], spot=edit.spot)

        done, undone = ([entry(edit) for edit in each] for each in (stored.done, stored.undone))
    except (OSError, PlaygroundError, msgspec.DecodeError, IndexError, RecursionError):
        return None  # a file that is damaged or of another version must not prevent the window from opening
    led_to = next((edit.new for edit in reversed(done) if isinstance(edit, ExperimentEdit)), None)
    led_from = next((edit.old for edit in reversed(undone) if isinstance(edit, ExperimentEdit)), None)
    if any(each is not None and each != experiment for each in (led_to, led_from)):
        return None
    return UndoHistory(done=done, undone=undone)
