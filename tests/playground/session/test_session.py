"""The session: edits, undo, selection, files, and commands to the training thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from core.experiment import MAX_SEED, DataSettings, Experiment, HiddenLayer, NetworkSettings, TableSource
from playground.session import Session, default_features
from playground.session.selection import Selection
from playground.worker.commands import (
    ApplyExperiment,
    Pause,
    Play,
    SetParameter,
    SetPlane,
    SetSpeed,
    Step,
)
from tests.playground.recorder import Recorder

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def heard(session: Session) -> Recorder:
    return Recorder(session)


# -- edits --------------------------------------------------------------------------------------------------------------


def test_an_edit_applies_the_new_value_and_emits_it(session: Session, heard: Recorder) -> None:
    old = session.experiment
    assert session.edit_training("Learning rate", learning_rate=0.5)
    assert session.experiment.training.learning_rate == 0.5
    assert heard.changes == [(old, session.experiment)]
    assert heard.commands == [ApplyExperiment(session.experiment, 1, None)]
    assert session.generation == 1
    assert session.undo_label == "Learning rate"
    assert session.unsaved


def test_an_edit_beyond_a_limit_is_rejected_with_a_sentence(session: Session, heard: Recorder) -> None:
    before = session.experiment
    assert not session.edit_layer(0, "Dropout", dropout=1.5)
    assert heard.messages == [("$.network.hidden[0].dropout: expected a number < 1, got 1.5", "error")]
    assert session.experiment is before
    assert (heard.commands, heard.changes, session.undo_label) == ([], [], None)


def test_an_edit_to_the_same_value_is_no_change(session: Session, heard: Recorder) -> None:
    assert session.edit_training("Learning rate", learning_rate=0.03)
    assert (heard.commands, heard.changes, session.undo_label) == ([], [], None)


def test_undo_restores_the_identical_experiment(session: Session, heard: Recorder) -> None:
    start = session.experiment
    session.edit_data("Noise", noise=0.2)
    session.edit_layer(1, "Neurons", units=7)
    end = session.experiment
    session.undo()
    session.undo()
    assert session.experiment is start
    assert not session.unsaved
    session.undo()
    session.redo()
    session.redo()
    assert session.experiment is end
    assert [type(command) for command in heard.commands] == [ApplyExperiment] * 6
    assert session.generation == 6


def test_a_drag_is_undone_in_one_step(session: Session) -> None:
    for noise in (0.1, 0.2, 0.3):
        session.edit_data("Noise", "noise", noise=noise)
    session.undo()
    assert session.experiment.data.noise == 0.0
    assert session.undo_label is None


@pytest.mark.parametrize("depth", [0, 1, 2, 5, 50])
def test_depth_adds_copies_of_the_last_layer_or_removes_it(depth: int, session: Session) -> None:
    assert session.set_depth(depth)
    hidden = session.experiment.network.hidden
    assert len(hidden) == depth
    assert hidden[:2] == Experiment().network.hidden[:depth]
    assert all(layer == HiddenLayer(units=2) for layer in hidden[2:])


def test_too_much_depth_is_rejected(session: Session, heard: Recorder) -> None:
    assert not session.set_depth(51)
    assert "at most 50" in heard.messages[0][0]


def test_layers_are_inserted_and_removed_at_any_position(session: Session) -> None:
    session.insert_layer(0)
    assert [layer.units for layer in session.experiment.network.hidden] == [4, 4, 2]
    session.insert_layer(3)
    assert [layer.units for layer in session.experiment.network.hidden] == [4, 4, 2, 2]
    session.remove_layer(1)
    session.remove_layer(0)
    assert [layer.units for layer in session.experiment.network.hidden] == [2, 2]
    session.remove_layer(0)
    session.remove_layer(0)
    session.insert_layer(0)
    assert session.experiment.network.hidden == (HiddenLayer(),)


def test_all_layers_change_at_once_and_the_output_shares_initializer_and_gain(session: Session) -> None:
    session.edit_all_layers("All", activation="relu", initializer="he_normal", gain=2.0)
    network = session.experiment.network
    assert {(layer.activation, layer.initializer, layer.gain) for layer in network.hidden} == {
        ("relu", "he_normal", 2.0)
    }
    assert (network.output_activation, network.output_initializer, network.output_gain) == ("auto", "he_normal", 2.0)
    session.undo()
    assert session.experiment == Experiment()


def test_a_new_seed_differs_even_after_the_largest(session: Session) -> None:
    session.new_seed()
    assert session.experiment.network.seed == 2
    session.edit_network("Seed", seed=MAX_SEED)
    session.new_seed()
    assert session.experiment.network.seed == 0


# -- training -----------------------------------------------------------------------------------------------------------


def test_play_pause_and_steps_are_sent_to_the_thread(session: Session, heard: Recorder) -> None:
    session.start()
    session.toggle()
    session.toggle()
    session.step("epoch")
    session.reset()
    session.set_speed(5.0)
    session.set_plane((1, 0))
    assert heard.commands == [
        ApplyExperiment(Experiment(), 0, None, restart=True),
        Play(),
        Pause(),
        Play(),
        Step("epoch"),
        ApplyExperiment(Experiment(), 1, rewinds=True),
        SetSpeed(5.0),
        SetPlane((1, 0)),
    ]
    assert heard.playing == [True, False, True, False]
    assert not session.playing


def test_undo_restores_a_weight_set_by_hand(session: Session, heard: Recorder, factory: Any) -> None:
    session.edit_parameter(3, 9.0, "Weight")
    assert heard.commands == []  # the weights are not known yet
    session.snapshot = factory()
    old = float(session.snapshot.network.parameters[3])
    session.edit_parameter(3, 9.0, "Weight")
    session.undo()
    session.redo()
    assert heard.commands == [SetParameter(3, 9.0), SetParameter(3, old), SetParameter(3, 9.0)]
    assert session.generation == 0


@pytest.fixture
def factory() -> Any:
    from core.training.observer import observe
    from core.training.recorders.loss_curve import LossRecorder
    from core.training.training_run import new_trainer

    return lambda: observe(new_trainer(Experiment(), engine="numpy"), LossRecorder(), axes=(0, 1))


# -- selection ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("selection", "survives"),
    [
        (Selection("neuron", 0, 3), False),
        (Selection("neuron", 0, 1), True),
        (Selection("weight", 1, 1, 3), False),
        (Selection("weight", 1, 1, 1), True),
        (Selection("bias", 2, 0), True),
        (Selection("feature", -1, 1), True),
    ],
)
def test_a_selection_is_kept_while_it_exists(
    selection: Selection, survives: bool, session: Session, heard: Recorder
) -> None:
    session.select(selection)
    session.select(selection)
    session.edit_layer(0, "Neurons", units=2)
    assert session.selection == (selection if survives else None)
    assert heard.selections == ([selection] if survives else [selection, None])


def test_removing_a_layer_clears_its_selection(session: Session) -> None:
    session.select(Selection("neuron", 2, 0))
    session.set_depth(1)
    assert session.selection is None


# -- files --------------------------------------------------------------------------------------------------------------


def test_an_opened_file_starts_over_without_history(session: Session, heard: Recorder, tmp_path: Path) -> None:
    session.edit_data("Noise", noise=0.3)
    session.select(Selection("neuron", 0, 0))
    opened = Experiment(name="Opened", network=NetworkSettings(hidden=()))
    session.replace_all(opened, tmp_path / "run.json")
    assert session.experiment is opened
    assert (session.file, session.folder) == (tmp_path / "run.json", tmp_path)
    assert (session.undo_label, session.selection, session.unsaved) == (None, None, False)
    assert heard.commands[-1] == ApplyExperiment(opened, 2, tmp_path, restart=True)


def test_saving_is_remembered(session: Session, tmp_path: Path, qtbot: QtBot) -> None:
    session.edit_data("Noise", noise=0.3)
    with qtbot.waitSignal(session.file_changed):
        session.mark_saved(tmp_path / "run.json")
    assert not session.unsaved
    session.undo()
    assert session.unsaved


def test_a_table_is_still_found_after_saving_elsewhere(session: Session, heard: Recorder, tmp_path: Path) -> None:
    table = TableSource(csv="table.csv", target="y")
    session.replace_all(Experiment(data=DataSettings(dataset=table)), tmp_path / "here" / "run.json")
    session.mark_saved(tmp_path / "there" / "run.json")
    session.edit_data("Noise", noise=0.3)
    sent = heard.commands[-1]
    assert isinstance(sent, ApplyExperiment)
    assert (sent.experiment.data.dataset, sent.folder) == (table, tmp_path / "here")
    assert session.file == tmp_path / "there" / "run.json"


def test_unavailable_data_is_undone_with_a_message(session: Session, heard: Recorder) -> None:
    session.edit_data("Data", dataset="iris")
    session.refuse(session.generation, "iris: gone")
    assert heard.messages == [("iris: gone", "error")]
    assert session.experiment == Experiment()
    assert session.redo_label is None


def test_a_rejection_of_an_older_experiment_undoes_nothing(session: Session) -> None:
    session.edit_data("Data", dataset="iris")
    session.edit_data("Data", dataset="xor")
    session.refuse(1, "iris: gone")
    assert session.experiment.data.dataset == "xor"


def test_an_undo_to_missing_data_is_redone(session: Session, heard: Recorder) -> None:
    for dataset in ("iris", "moons", "xor"):
        session.edit_data("Data", dataset=dataset)
    session.undo()
    session.undo()
    session.refuse(session.generation, "iris: gone")
    assert session.experiment.data.dataset == "moons"
    session.refuse(session.generation, "moons: gone")
    assert session.experiment.data.dataset == "xor"
    assert session.undo_label == "Data"
    assert len(heard.messages) == 2
    session.refuse(session.generation, "xor: gone too")  # redo is empty
    assert session.experiment.data.dataset == "moons"


def test_a_weight_edited_before_the_rejection_does_not_keep_the_rejected_data(
    session: Session, heard: Recorder, factory: Any
) -> None:
    session.snapshot = factory()
    session.edit_data("Data", noise=0.2)
    session.edit_parameter(3, 2.0, "Weight")
    session.refuse(session.generation, "gone")
    assert session.experiment == Experiment()
    assert [type(command) for command in heard.commands[-2:]] == [SetParameter, ApplyExperiment]
    assert (session.undo_label, session.redo_label) == (None, None)


@pytest.mark.parametrize("change", ["neuron", "data"])
def test_no_weight_is_set_while_another_shape_is_being_applied(
    session: Session, heard: Recorder, factory: Any, change: str
) -> None:
    session.snapshot = factory()
    if change == "neuron":
        session.remove_neuron(0, 1)
    else:
        session.edit_data("Data", dataset="iris")
    label, sent = session.undo_label, list(heard.commands)
    session.edit_parameter(10, 2.0, "Weight")
    session.edit_parameters(session.snapshot.network.parameters, "Minimum")
    assert (heard.commands, session.undo_label) == (sent, label)
    assert heard.messages[-1] == ("The network is still being changed, so no weight was set.", "warning")


def test_two_files_with_unavailable_data_leave_the_open_experiment(session: Session, tmp_path: Path) -> None:
    session.edit_data("Noise", noise=0.3)
    before = session.experiment
    for name in ("moons", "xor"):
        session.replace_all(Experiment(data=DataSettings(dataset=name)), tmp_path / f"{name}.json")
    session.refuse(session.generation - 1, "moons: gone")
    session.refuse(session.generation, "xor: gone")
    session.refuse(session.generation, "moons: gone")
    assert session.experiment is before
    assert (session.file, session.undo_label) == (None, "Noise")


def test_a_file_with_unavailable_data_leaves_the_open_experiment(session: Session, tmp_path: Path) -> None:
    session.edit_data("Noise", noise=0.3)
    before = session.experiment
    session.replace_all(Experiment(data=DataSettings(dataset="moons")), tmp_path / "run.json")
    session.refuse(session.generation, "gone")
    assert session.experiment is before
    assert session.file is None
    assert session.undo_label == "Noise"


def test_active_features_are_the_chosen_ones_or_the_defaults() -> None:
    assert default_features(Experiment()) == ("x1", "x2")
    assert default_features(Experiment(data=DataSettings(features=("x2",)))) == ("x2",)
    assert len(default_features(Experiment(data=DataSettings(dataset="digits")))) == 64


@pytest.mark.parametrize("rewind", [Session.reset, Session.new_seed])
def test_rewinding_is_an_edit(session: Session, heard: Recorder, rewind: Callable[[Session], object]) -> None:
    start = session.experiment
    rewind(session)
    changed = session.experiment
    assert session.undo_label in {"Rewind", "New seed"}
    session.undo()
    session.redo()
    rewinds = rewind is Session.reset
    assert heard.commands == [
        ApplyExperiment(changed, 1, rewinds=rewinds),
        ApplyExperiment(start, 2, returning=True, returns_to=0, rewinds=rewinds),
        ApplyExperiment(changed, 3, returning=True, returns_to=1, rewinds=rewinds),
    ]
