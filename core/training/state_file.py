"""Training states as files: written atomically, validated when read, and safe to load from untrusted sources.

A file is one line ``NN-PLAYGROUND-STATE 1``, the SHA-256 of the rest (32 bytes), the length of the header (8 bytes,
little-endian), the header (JSON), then the arrays in sequence as little-endian float64 and int64. In the file of a session,
the records of the run follow (:mod:`core.training.pins.run_records`), whose length is in the header.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, Final

import msgspec
import numpy as np
from msgspec import Meta

from core.errors import ExperimentError
from core.experiment.experiment_file import from_builtins, to_builtins, write_atomically
from core.files import open_regular
from core.training.training_state import GeneratorState, StateError, TrainingState

if TYPE_CHECKING:
    from core.training.trainer import Trainer

VERSION: Final = 1
_MAGIC: Final = b"NN-PLAYGROUND-STATE "
_CHECKSUM_BYTES: Final = 32
_MAX_HEADER_BYTES: Final = 4_000_000
_PIECE_BYTES: Final = 1_000_000
_FLOAT_ARRAYS: Final = ("parameters", "drawn", "first_state", "second_state", "last_update")
_INTEGER_ARRAYS: Final = ("order", "last_batch")

_Word = Annotated[str, Meta(pattern=r"^[0-9a-f]{1,32}$")]
_Count = Annotated[int, Meta(ge=0, le=2**53)]
_RecordBytes = Annotated[int, Meta(ge=0, le=100_000_000)]
_Length = Annotated[int, Meta(ge=0, le=50_000_000)]


class _Generator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A generator's 128-bit numbers as hexadecimal strings: JSON readers keep only 53 bits of a number."""

    state: _Word
    increment: _Word
    spare: Annotated[int, Meta(ge=0, lt=2**32)] | None


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Everything but the arrays, and the arrays' lengths; ``records`` is the number of bytes of the run's records."""

    experiment: dict[str, Any]
    parameters: _Length
    order: _Length
    last_batch: _Length
    step: _Count
    epoch: _Count
    position: _Count
    update_count: _Count
    shuffler: _Generator
    dropout: Annotated[tuple[_Generator, ...], Meta(max_length=1000)]
    records: _RecordBytes = 0

    @property
    def body_bytes(self) -> int:
        """Total length of the arrays in bytes."""
        return 8 * (len(_FLOAT_ARRAYS) * self.parameters + self.order + self.last_batch)


def save_state(trainer: Trainer, path: Path) -> None:
    """Write the state of ``trainer`` to ``path`` atomically.

    Raises:
        PlaygroundError: the file cannot be written; the message names it.
    """
    write(trainer.state(), path)


def write(state: TrainingState, path: Path, records: bytes = b"") -> None:
    """Write ``state`` and the encoded ``records`` of its run to ``path`` atomically, while other threads run.

    The arrays of ``state`` are not copied.

    Raises:
        PlaygroundError: the file cannot be written; the message names it.
    """
    write_atomically(path, *_pieces(state, records))


def load_state(path: Path) -> TrainingState:
    """Read the training state in ``path``, for ``Trainer(state.experiment, data).restore(state)``.

    Raises:
        StateError: the file cannot be read, is damaged, or is not a training state; the message names it and the reason.
    """
    return load_with_records(path)[0]


def load_with_records(path: Path) -> tuple[TrainingState, bytes]:
    """Read the training state in ``path`` and the encoded records of its run, which may be empty.

    Raises:
        StateError: the file cannot be read, is damaged, or is not a training state; the message names it and the reason.
    """
    try:
        with open_regular(path) as file:
            return _read(file)
    except OSError as error:
        raise StateError(f"{path}: cannot be read ({error.strerror or error})") from None
    except StateError as error:
        raise StateError(f"{path}: {error}") from None


def encode(state: TrainingState) -> bytes:
    """Serialize ``state`` to the content of a file."""
    return b"".join(_pieces(state))


def _pieces(state: TrainingState, records: bytes = b"") -> list[bytes | memoryview]:
    """Return the content of the file of ``state`` in pieces, which share the memory of its arrays."""
    header = msgspec.json.encode(
        _Header(
            experiment=to_builtins(state.experiment),
            parameters=len(state.parameters),
            order=len(state.order),
            last_batch=len(state.last_batch),
            step=state.step,
            epoch=state.epoch,
            position=state.position,
            update_count=state.update_count,
            shuffler=_packed(state.shuffler),
            dropout=tuple(map(_packed, state.dropout)),
            records=len(records),
        )
    )
    arrays = [np.ascontiguousarray(getattr(state, name), dtype="<f8") for name in _FLOAT_ARRAYS]
    arrays += [np.ascontiguousarray(getattr(state, name), dtype="<i8") for name in _INTEGER_ARRAYS]
    length = len(header).to_bytes(8, "little")
    rest: list[bytes | memoryview] = [length, header, *(array.view(np.uint8).data for array in arrays), records]
    checksum = hashlib.sha256()
    for piece in rest:
        checksum.update(piece)
    return [_MAGIC, str(VERSION).encode(), b"\n", checksum.digest(), *rest]


def read(file: BinaryIO) -> TrainingState:
    """Read the state from ``file``, reading no more bytes than the header declares.

    Raises:
        StateError: it is damaged, or not a training state.
    """
    return _read(file)[0]


def _read(file: BinaryIO) -> tuple[TrainingState, bytes]:
    """Return the state in ``file`` and the encoded records of its run."""
    _require_version(file.readline(len(_MAGIC) + 12))
    checksum = _exactly(file, _CHECKSUM_BYTES)
    length = _exactly(file, 8)
    header_bytes = int.from_bytes(length, "little")
    if header_bytes > _MAX_HEADER_BYTES:
        raise StateError("this training state is damaged: its header is too long")
    encoded = _exactly(file, header_bytes)
    header = _decoded(encoded)
    body, records = _exactly(file, header.body_bytes), _exactly(file, header.records)
    if file.read(1):
        raise StateError("this training state is damaged: there is unexpected data after its end")
    digest = hashlib.sha256(length + encoded)
    digest.update(body)
    digest.update(records)
    if digest.digest() != checksum:
        raise StateError("this training state is damaged: its checksum does not match")
    return _state(header, body), records


def _require_version(line: bytes) -> None:
    number = line.removeprefix(_MAGIC).strip()
    if not line.startswith(_MAGIC) or not line.endswith(b"\n") or not number.isdigit():
        raise StateError("this is not a training state of NN Playground")
    if int(number) != VERSION:
        raise StateError(f"this version reads training states of format {VERSION}, this file has format {int(number)}")


def _exactly(file: BinaryIO, count: int) -> bytes:
    pieces: list[bytes] = []
    missing = count
    # Read in pieces, because a single read allocates all the memory requested, however short the file is.
    while missing and (piece := file.read(min(missing, _PIECE_BYTES))):
        pieces.append(piece)
        missing -= len(piece)
    if missing:
        raise StateError("this training state is truncated: unexpected end of file")
    return b"".join(pieces)


def _decoded(encoded: bytes) -> _Header:
    try:
        return msgspec.json.decode(encoded, type=_Header)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise StateError(f"the header of this training state is damaged ({error})") from None


def _state(header: _Header, body: bytes) -> TrainingState:
    arrays: dict[str, Any] = {}
    offset = 0
    for names, code in ((_FLOAT_ARRAYS, "f8"), (_INTEGER_ARRAYS, "i8")):
        for name in names:
            count = header.parameters if name in _FLOAT_ARRAYS else getattr(header, name)
            stored = np.frombuffer(body, dtype=f"<{code}", count=count, offset=offset)
            arrays[name] = stored.astype(code)
            offset += 8 * count
    try:
        experiment = from_builtins(header.experiment)
    except ExperimentError as error:
        raise StateError(f"the experiment in this training state cannot be used: {error}") from None
    return TrainingState(
        experiment=experiment,
        **arrays,
        step=header.step,
        epoch=header.epoch,
        position=header.position,
        update_count=header.update_count,
        shuffler=_unpacked(header.shuffler),
        dropout=tuple(map(_unpacked, header.dropout)),
    )


def _packed(state: GeneratorState) -> _Generator:
    return _Generator(f"{state.state:x}", f"{state.increment:x}", state.spare)


def _unpacked(stored: _Generator) -> GeneratorState:
    return GeneratorState(int(stored.state, 16), int(stored.increment, 16), stored.spare)
