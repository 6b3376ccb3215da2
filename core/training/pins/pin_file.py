"""Save and load pinned runs as MessagePack with training states and histories, safe to load from untrusted sources."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from core.errors import PlaygroundError
from core.files import read_limited
from core.training.pins.pinned_run import MAX_PINS, StoredRun
from core.training.pins.run_records import PackedRecords, RecordsError, pack, unpack
from core.training.state_file import encode as encode_state
from core.training.state_file import read as read_state

MAX_BYTES: Final = 1_000_000_000
"""Maximum size of a file in bytes."""


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


class _Pin(PackedRecords, frozen=True, forbid_unknown_fields=True, kw_only=True):
    state: bytes
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
        content = read_limited(path, MAX_BYTES)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise PlaygroundError(f"{path}: cannot be read ({error.strerror or error})") from None
    if content is None:
        raise PlaygroundError(f"{path}: the file is too large")
    return decode(content)


def _packed(pin: StoredPin) -> _Pin:
    records = msgspec.structs.asdict(pack(pin.run))
    return _Pin(**records, state=encode_state(pin.run.state), name=pin.name, colour=pin.colour, hidden=pin.hidden)


def _unpacked(pin: _Pin) -> StoredPin:
    try:
        run = unpack(pin, read_state(io.BytesIO(pin.state)))
    except RecordsError as error:
        raise PlaygroundError(f"the pinned runs are damaged: {error}") from None
    return StoredPin(run, pin.name, pin.colour, pin.hidden)
