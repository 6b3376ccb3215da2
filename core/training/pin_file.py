"""Save and load pinned runs as MessagePack with training states and histories, safe to load from untrusted sources."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import msgspec
import numpy as np
from msgspec import Meta, Struct

from core.arrays import Floats
from core.errors import PlaygroundError
from core.files import open_regular, read_at_most
from core.training.pinned_run import MAX_PINS, StoredRun
from core.training.state_file import encode as encode_state
from core.training.state_file import read as read_state

MAX_BYTES: Final = 1_000_000_000
"""Maximum size of a file in bytes."""

_Count = Annotated[int, Meta(ge=0, le=10_000_000)]


class StoredPin(Struct, frozen=True):
    """A pinned run with the user's settings for it.

    Attributes:
        run: the run.
        name: name given by the user; empty for an automatic one.
        colour: index of its colour.
        hidden: whether it is hidden.
    """

    run: StoredRun
    name: str
    colour: int
    hidden: bool


class _Mark(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    epoch: float
    step: float
    text: Annotated[str, Meta(max_length=1000)]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A matrix of little-endian float64."""

    rows: _Count
    columns: _Count
    content: bytes


class _Pin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    state: bytes
    curve: _Table
    marks: Annotated[tuple[_Mark, ...], Meta(max_length=1000)]
    gradients: _Table
    path: _Table
    name: Annotated[str, Meta(max_length=200)] = ""
    colour: Annotated[int, Meta(ge=0, lt=MAX_PINS)] = 0
    hidden: bool = False


class _Pins(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pins: Annotated[tuple[_Pin, ...], Meta(max_length=MAX_PINS)]
    format: Annotated[int, Meta(ge=1, le=1)] = 1


def encode(pins: Sequence[StoredPin]) -> bytes:
    """Return the content of a file with ``pins``."""
    return msgspec.msgpack.encode(_Pins(tuple(_packed(pin) for pin in pins)))


def decode(content: bytes) -> tuple[StoredPin, ...]:
    """Return the pins in the ``content`` of a file.

    Raises:
        PlaygroundError: the content is damaged.
    """
    try:
        stored = msgspec.msgpack.decode(content, type=_Pins)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise PlaygroundError(f"the pinned runs are damaged ({error})") from None
    return tuple(_unpacked(pin) for pin in stored.pins)


def load_pins(path: Path) -> tuple[StoredPin, ...]:
    """Return the pins in the file at ``path``; none if there is no file.

    Raises:
        PlaygroundError: the file cannot be read or is damaged.
    """
    try:
        with open_regular(path) as file:
            content = read_at_most(file, MAX_BYTES + 1)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise PlaygroundError(f"{path}: cannot be read ({error.strerror or error})") from None
    if len(content) > MAX_BYTES:
        raise PlaygroundError(f"{path}: the file is too large")
    return decode(content)


def _packed(pin: StoredPin) -> _Pin:
    run = pin.run
    path = np.column_stack([run.steps, run.path])
    return _Pin(
        encode_state(run.state),
        _table(run.curve),
        tuple(_Mark(*mark) for mark in run.marks),
        _table(run.gradients),
        _table(path),
        pin.name,
        pin.colour,
        pin.hidden,
    )


def _unpacked(pin: _Pin) -> StoredPin:
    state = read_state(io.BytesIO(pin.state))
    curve, gradients, path = _matrix(pin.curve), _matrix(pin.gradients), _matrix(pin.path)
    if curve.shape[1] != 6 or gradients.shape[1] < 3 or path.shape[1] != 1 + len(state.parameters):
        raise PlaygroundError("the pinned runs are damaged: a history has the wrong number of columns")
    if not all(_is_ascending(each[:, 0]) for each in (curve, gradients, path)):
        raise PlaygroundError("the pinned runs are damaged: the steps of a history are not in order")
    marks = tuple((mark.epoch, mark.step, mark.text) for mark in pin.marks)
    return StoredPin(
        StoredRun(state, curve, marks, gradients, path[:, 0], path[:, 1:]), pin.name, pin.colour, pin.hidden
    )


def _is_ascending(steps: Floats) -> bool:
    return bool(np.isfinite(steps).all() and (steps >= 0.0).all() and (np.diff(steps) > 0.0).all())


def _table(values: Floats) -> _Table:
    rows, columns = values.shape
    return _Table(rows, columns, np.ascontiguousarray(values, dtype="<f8").tobytes())


def _matrix(table: _Table) -> Floats:
    if len(table.content) != 8 * table.rows * table.columns:
        raise PlaygroundError("the pinned runs are damaged: a history has the wrong length")
    values = np.frombuffer(table.content, dtype="<f8").astype(np.float64)
    return values.reshape(table.rows, table.columns)
