"""The undo history in a file: round trip, and rejection of histories of other experiments."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QSettings

from core.experiment import DataSettings, DrawnSource, Experiment, TableSource
from core.network.parameters import Spot
from core.training.snapshot import Snapshot
from playground.session import Session
from playground.session.editing.undo_history import Edit, ExperimentEdit, ParametersEdit
from playground.session.saving.autosave import Autosave
from playground.session.saving.history_file import _MAX_BYTES, MAX_STORED, encode, read
from playground.session.saving.last_state import LastState
from playground.worker.checkpoint import Checkpoint
from tests.playground.factory import snapshot_of


@pytest.fixture
def snapshot() -> Snapshot:
    return snapshot_of()


def edited(snapshot: Snapshot) -> Session:
    session = Session()
    session.snapshot = snapshot
    session.edit_training("Learning rate", learning_rate=0.5)
    session.set_depth(5)
    session.snapshot = snapshot_of(session.experiment)
    session.edit_parameter(3, 2.5, "Weight")
    session.edit_data("Noise", noise=0.25)
    session.undo()
    return session


def stored(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Return ``edits`` as they are in the file, which outlives the trainings that they left."""
    return tuple(replace(edit, left=None) if isinstance(edit, ExperimentEdit) else edit for edit in edits)


def test_a_history_round_trips(tmp_path: Path, snapshot: Snapshot) -> None:
    session, path = edited(snapshot), tmp_path / "last.history"
    path.write_bytes(encode(session.history.done, session.history.undone))
    history = read(path, session.experiment)
    assert history is not None
    assert (history.done, history.undone) == (stored(session.history.done), stored(session.history.undone))
    other = Session(session.experiment)
    other.adopt_history(history)
    assert (other.undo_label, other.redo_label) == ("Weight", "Noise")
    for _ in range(3):
        other.undo()
    assert other.experiment == Experiment()
    assert other.undo_label is None
    for _ in range(4):
        other.redo()
    assert other.experiment.data.noise == 0.25


def test_the_points_of_a_history_stay_in_the_memory_as_text_only(tmp_path: Path) -> None:
    session = Session()
    for count in range(20):
        points = tuple((float(at), 0.5, at % 2) for at in range(500 + count))
        session.edit_data("Draw", dataset=DrawnSource(points=points))
    gc.collect()
    before = len(gc.get_objects())
    path = tmp_path / "last.history"
    path.write_bytes(encode(session.history.done, session.history.undone))
    gc.collect()
    assert len(gc.get_objects()) - before < 500
    history = read(path, session.experiment)
    assert history is not None
    assert history.done == stored(session.history.done)


def test_a_history_of_another_experiment_is_ignored(tmp_path: Path, snapshot: Snapshot) -> None:
    session, path = edited(snapshot), tmp_path / "last.history"
    path.write_bytes(encode(session.history.done, session.history.undone))
    assert read(path, Experiment()) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"format": 2, "experiments": [], "done": [], "undone": []}',
        b'{"experiments": [], "done": [{"type": "experiment", "label": "x", "old": 0, "new": 1}], "undone": []}',
        b'{"experiments": [{"name": 3}], "done": [], "undone": []}',
        b'{"experiments": [], "done": [{"type": "experiment", "label": "x", "old": -1, "new": 0}], "undone": []}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_history_is_ignored(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "last.history"
    path.write_bytes(content)
    assert read(path, Experiment()) is None
    assert read(tmp_path / "missing", Experiment()) is None
    assert read(tmp_path, Experiment()) is None


def test_only_the_newest_entries_are_written(tmp_path: Path) -> None:
    session, path = Session(), tmp_path / "last.history"
    for number in range(MAX_STORED + 7):
        session.edit_training(f"{number}", learning_rate=0.01 + number / 1000)
    path.write_bytes(encode(session.history.done, session.history.undone))
    history = read(path, session.experiment)
    assert history is not None
    assert [edit.label for edit in history.done] == [str(number) for number in range(7, MAX_STORED + 7)]


def test_a_checkpoint_writes_the_history_once_for_each_change(
    tmp_path: Path, settings: QSettings, qapp: object, snapshot: Snapshot
) -> None:
    session, last = Session(), LastState(settings, tmp_path)
    autosave = Autosave(session, last)
    sent: list[Checkpoint] = []
    session.command.connect(lambda command: sent.append(command) if isinstance(command, Checkpoint) else None)
    session.edit_data("Data", dataset=TableSource(csv=str(tmp_path / "t.csv"), target="y"))
    autosave.write()
    session.edit_data("Noise", noise=0.5)  # after the checkpoint was requested, before it is written
    assert sent[0].write(None) == ""
    history = read(last.history, sent[0].experiment)
    assert history is not None
    assert [edit.label for edit in history.done] == ["Data"]
    autosave.write()
    assert [path for path, _ in sent[1].others] == [last.history]
    autosave.write()
    assert sent[2].others == ()
    assert sent[1].write(None) == ""
    restored = last.restore()
    assert restored is not None
    assert restored[0].data == DataSettings(dataset=session.experiment.data.dataset, noise=0.5)
    newer = read(last.history, restored[0])
    assert newer is not None
    assert [edit.label for edit in newer.done] == ["Data", "Noise"]
    autosave.stop()


def test_replaced_parameters_round_trip(tmp_path: Path, snapshot: Snapshot) -> None:
    session, path = Session(), tmp_path / "last.history"
    session.snapshot = snapshot
    values = snapshot.network.parameters + 0.1
    session.edit_parameters(values, "Load minimum")
    path.write_bytes(encode(session.history.done, session.history.undone))
    history = read(path, session.experiment)
    assert history is not None
    (edit,) = history.done
    assert isinstance(edit, ParametersEdit)
    assert edit.label == "Load minimum"
    np.testing.assert_array_equal(edit.new, values)
    np.testing.assert_array_equal(edit.old, snapshot.network.parameters)
    session.edit_parameters(values[:-1], "Load minimum")
    assert len(session.history.done) == 1, "weights of another network are ignored"


def test_a_history_of_many_drawn_points_fits_into_the_file(tmp_path: Path) -> None:
    session, path = Session(), tmp_path / "last.history"
    points = tuple((index / 997.0, -index / 991.0, 1.0 + index % 2) for index in range(4800))
    for stroke in range(MAX_STORED):
        drawn = DrawnSource(points=(*points, *[(float(stroke), 0.0, 1.0)] * stroke))
        session.edit_data("Draw", dataset=drawn)
    content = encode(session.history.done, session.history.undone)
    assert len(content) < _MAX_BYTES
    path.write_bytes(content)
    history = read(path, session.experiment)
    assert history is not None
    assert 10 < len(history.done) < MAX_STORED
    assert history.done == stored(session.history.done)[-len(history.done) :], "the newest edits are kept"


def test_the_place_of_a_removed_neuron_round_trips(tmp_path: Path) -> None:
    session, path = Session(), tmp_path / "last.history"
    session.remove_neuron(0, 2)
    session.remove_layer(1)
    path.write_bytes(encode(session.history.done, session.history.undone))
    history = read(path, session.experiment)
    assert history is not None
    assert history.done == stored(session.history.done)
    assert [edit.spot for edit in history.done if isinstance(edit, ExperimentEdit)] == [Spot(0, 2), Spot(1)]


def test_rewinding_alone_is_not_stored_because_the_training_before_it_is_not(tmp_path: Path) -> None:
    start = Experiment()
    cured = replace(start, training=replace(start.training, learning_rate=0.1))
    rewind, cure = (
        ExperimentEdit("Rewind", start, start, rewinds=True),
        ExperimentEdit("Cure", start, cured, rewinds=True),
    )
    path = tmp_path / "history.json"
    path.write_bytes(encode([rewind, cure, replace(rewind, old=cured, new=cured)], []))
    history = read(path, cured)
    assert history is not None
    assert [edit.label for edit in history.done] == ["Cure"]
