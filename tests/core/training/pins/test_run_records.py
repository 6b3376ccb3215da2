"""The records of a run as bytes: restored exactly, and refused if they are damaged."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from core.experiment import Experiment, HiddenLayer, NetworkSettings
from core.training.pins.pinned_run import StoredRun, pinned
from core.training.pins.run_records import RecordsError, decode, encode, pack
from core.training.run_history import RunHistory
from tests.core.support import new_trainer


def stored(units: int = 4) -> StoredRun:
    trainer = new_trainer(Experiment(network=NetworkSettings(hidden=(HiddenLayer(units=units),))), engine="numpy")
    history = RunHistory()
    pinned(trainer, history, (0, 1))
    trainer.run(5)
    return StoredRun.of(pinned(trainer, history, (0, 1)))


def test_records_are_restored_exactly() -> None:
    run = stored()
    again = decode(encode(run), run.state)
    for name in ("curve", "gradients", "steps", "path"):
        np.testing.assert_array_equal(getattr(again, name), getattr(run, name))
    assert again.marks == run.marks
    assert again.steps.tolist() == [0.0, 5.0]


@pytest.mark.parametrize("content", [b"", b"\xc1", b"\x80", b"\x90"])
def test_damaged_records_are_refused(content: bytes) -> None:
    with pytest.raises(RecordsError):
        decode(content, stored().state)


@pytest.mark.parametrize("field", ["curve", "gradients", "path"])
def test_records_of_the_wrong_size_are_refused(field: str) -> None:
    run = stored()
    packed = pack(run)
    table = getattr(packed, field)
    for changed in (msgspec.structs.replace(table, rows=table.rows + 1), msgspec.structs.replace(table, columns=1)):
        content = msgspec.msgpack.encode(msgspec.structs.replace(packed, **{field: changed}))
        with pytest.raises(RecordsError):
            decode(content, run.state)


def test_records_of_another_network_are_refused() -> None:
    with pytest.raises(RecordsError, match="columns"):
        decode(encode(stored(5)), stored(4).state)
