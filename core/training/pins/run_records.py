"""Pack what was recorded of a run, its loss curve, gradient norms and path, for a file."""

from __future__ import annotations

from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta

from core.arrays import Floats
from core.errors import PlaygroundError
from core.training.pins.pinned_run import StoredRun
from core.training.training_state import TrainingState

_Count = Annotated[int, Meta(ge=0, le=10_000_000)]


class RecordsError(PlaygroundError):
    """The records of a run are damaged; the message says how."""


class _Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    epoch: float
    step: float
    text: Annotated[str, Meta(max_length=1000)]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A matrix of little-endian float64."""

    rows: _Count
    columns: _Count
    content: bytes


class PackedRecords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The records of a run as they are written.

    Attributes:
        curve: the losses, as in :class:`StoredRun`.
        marks: the changes.
        gradients: the gradient norms, as in :class:`StoredRun`.
        path: (T, 1 + P): step, parameters.
    """

    curve: _Table
    marks: Annotated[tuple[_Mark, ...], Meta(max_length=1000)]
    gradients: _Table
    path: _Table


def pack(run: StoredRun) -> PackedRecords:
    """Return the records of ``run``."""
    path = np.column_stack([run.steps, run.path])
    return PackedRecords(
        _table(run.curve), tuple(_Mark(*mark) for mark in run.marks), _table(run.gradients), _table(path)
    )


def unpack(packed: PackedRecords, state: TrainingState) -> StoredRun:
    """Return the run in ``state`` with its records.

    Raises:
        RecordsError: they are damaged or of another network.
    """
    curve, gradients, path = _matrix(packed.curve), _matrix(packed.gradients), _matrix(packed.path)
    if curve.shape[1] != 6 or gradients.shape[1] < 3 or path.shape[1] != 1 + len(state.parameters):
        raise RecordsError("a history has the wrong number of columns")
    if not all(_is_ascending(each[:, 0]) for each in (curve, gradients, path)):
        raise RecordsError("the steps of a history are not in order")
    marks = tuple((mark.epoch, mark.step, mark.text) for mark in packed.marks)
    return StoredRun(state, curve, marks, gradients, path[:, 0], path[:, 1:])


def encode(run: StoredRun) -> bytes:
    """Return the records of ``run`` as MessagePack."""
    return msgspec.msgpack.encode(pack(run))


def decode(content: bytes, state: TrainingState) -> StoredRun:
    """Return the run in ``state`` with the records in ``content``, from an untrusted source.

    Raises:
        RecordsError: they are damaged or of another network.
    """
    try:
        packed = msgspec.msgpack.decode(content, type=PackedRecords)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RecordsError(str(error)) from None
    return unpack(packed, state)


def _is_ascending(steps: Floats) -> bool:
    return bool(np.isfinite(steps).all() and (steps >= 0.0).all() and (np.diff(steps) > 0.0).all())


def _table(values: Floats) -> _Table:
    rows, columns = values.shape
    return _Table(rows, columns, np.ascontiguousarray(values, dtype="<f8").tobytes())


def _matrix(table: _Table) -> Floats:
    if len(table.content) != 8 * table.rows * table.columns:
        raise RecordsError("a history has the wrong length")
    values = np.frombuffer(table.content, dtype="<f8").astype(np.float64)
    return values.reshape(table.rows, table.columns)
