"""The runs that a slide shows, with their curves, as bytes from which its figure can be drawn again without training."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
import numpy as np
from msgspec import Meta, Struct
from msgspec.structs import replace

from core.errors import PlaygroundError
from core.training.origins.inflating import inflate
from core.training.pins.pin_file import StoredPin
from core.training.pins.pin_file import decode as decode_pins
from core.training.pins.pin_file import encode as encode_pins
from core.training.pins.pinned_run import MAX_PINS, PinnedRun, StoredRun
from core.training.recorders.parameter_path import ParameterPath, thinned

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot
    from core.training.training_state import TrainingState

MAGIC: Final = b"NN-PLAYGROUND-RUNS 1\n"
MAX_PATH_NUMBERS: Final = 50_000
"""Maximum total size of the points of a path in a slide (0.4 MB), because every slide has its own."""

MAX_PICTURE_NUMBERS: Final = 10_000
"""Likewise in a picture (80 KB), which is smaller; the path of a large network is left out."""


class ShownRuns(Struct, frozen=True, eq=False):
    """The runs that a figure shows.

    Attributes:
        current: the run that trains.
        pins: the pinned runs beside it, oldest first.
        compared: index of the pin that is compared with it; −1 for none.
    """

    current: StoredRun
    pins: tuple[StoredPin, ...] = ()
    compared: int = -1


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    current: bytes
    pins: bytes
    compared: Annotated[int, Meta(ge=-1, lt=MAX_PINS)] = -1


def stored_run(snapshot: Snapshot, state: TrainingState, *, timed: bool = True) -> StoredRun:
    """Return the run of ``snapshot`` at ``state`` with a path short enough for a slide.

    With ``timed=False`` it leaves out the seconds that training took, which differ between repetitions.
    """
    curve = snapshot.curve if timed else replace(snapshot.curve, seconds=None)
    short = replace(snapshot, path=thinned(snapshot.path, MAX_PATH_NUMBERS), curve=curve)
    return StoredRun.of(PinnedRun(short, state))


def run_alone(runs: ShownRuns) -> ShownRuns:
    """Return the run that trains, for a picture: without pinned runs, and with a shorter path."""
    run = runs.current
    path = thinned(ParameterPath(run.steps.astype(np.int64), tuple(run.path)), MAX_PICTURE_NUMBERS)
    points = path.points if run.path[0:1].size * len(path.points) <= MAX_PICTURE_NUMBERS else ()
    steps = path.steps[: len(points)].astype(np.float64)
    return ShownRuns(replace(run, steps=steps, path=np.array(points).reshape(len(points), run.path.shape[1])))


def packed(runs: ShownRuns) -> bytes:
    """Serialize ``runs`` without compression; equal runs give equal bytes."""
    current = encode_pins([StoredPin(runs.current, "", 0, hidden=False)])
    return msgspec.msgpack.encode(_File(current, encode_pins(runs.pins), runs.compared))


def unpacked(content: bytes) -> ShownRuns:
    """Return the runs in the untrusted ``content``.

    Raises:
        PlaygroundError: it is damaged, or of another version.
    """
    try:
        file = msgspec.msgpack.decode(content, type=_File)
    except msgspec.MsgspecError as error:
        raise PlaygroundError(f"the experiment in it is damaged ({error})") from None
    try:
        current, pins = decode_pins(file.current), decode_pins(file.pins)
    except PlaygroundError as error:
        raise PlaygroundError(f"the experiment in it cannot be used ({error})") from None
    if len(current) != 1 or file.compared >= len(pins):
        raise PlaygroundError("the experiment in it is damaged (a run is missing)")
    return ShownRuns(current[0].run, pins, file.compared)


def encode(runs: ShownRuns) -> bytes:
    """Serialize ``runs``; equal runs give equal bytes."""
    return MAGIC + zlib.compress(packed(runs), 9)


def decode(payload: bytes) -> ShownRuns:
    """Return the runs in the untrusted ``payload``.

    Raises:
        PlaygroundError: it is damaged, too large, or of another version.
    """
    return unpacked(inflate(payload, MAGIC))
