"""The model of the pinned runs: names, choice, limits, storage."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from core.data.settings import DrawnSource
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.training.pins import pinned_run
from core.training.pins.pinned_run import MAX_PINS, PinnedRun
from playground.session import Session, pins
from playground.session.pins import MAX_HEADING, Pins
from playground.session.saving.autosave import Autosave
from playground.session.saving.last_state import LastState
from playground.session.saving.pin_store import PinStore
from playground.worker.checkpoint import Checkpoint
from playground.worker.commands import ApplyExperiment, PinRun
from tests.playground.factory import network
from tests.playground.factory import pinned_run as pinned_after

TANH, SIGMOID, RELU = (network(4, 2, activation=key) for key in ("tanh", "sigmoid", "relu"))


@pytest.fixture(scope="module")
def runs() -> dict[str, PinnedRun]:
    return {
        "tanh": pinned_after(TANH, 20),
        "sigmoid": pinned_after(SIGMOID, 20),
        "relu": pinned_after(RELU, 20),
        "later": pinned_after(TANH, 60),
    }


def test_pins_are_named_after_their_differences(qtbot: QtBot, runs: dict[str, PinnedRun]) -> None:
    model = Pins(RELU)
    pin = model.add(runs["sigmoid"])
    assert pin is not None
    assert model.name(pin) == "sigmoid"
    assert model.differences(pin) == (("sigmoid",), ("ReLU",))
    with qtbot.waitSignal(model.changed):
        model.follow(replace(RELU, training=replace(RELU.training, learning_rate=0.1)))
    assert model.name(pin) == "sigmoid · learning rate 0.03"
    with qtbot.assertNotEmitted(model.changed):
        model.follow(replace(RELU, name="x", training=replace(RELU.training, learning_rate=0.1)))


def test_equal_names_are_distinguished_by_their_epoch(runs: dict[str, PinnedRun]) -> None:
    model = Pins(RELU)
    first, second = model.add(runs["tanh"]), model.add(runs["later"])
    assert first is not None
    assert second is not None
    assert [model.name(first), model.name(second)] == ["tanh · epoch 0.80", "tanh · epoch 2.40"]
    model.follow(TANH)
    assert [model.name(first), model.name(second)] == ["epoch 0.80", "epoch 2.40"]


def test_pins_of_the_same_settings_and_epoch_are_numbered(runs: dict[str, PinnedRun]) -> None:
    model = Pins(RELU)
    pins = [pin for pin in (model.add(runs["tanh"]) for _ in range(3)) if pin is not None]
    assert [model.name(pin) for pin in pins] == [f"tanh · epoch 0.80{number}" for number in ("", " (2)", " (3)")]
    words = [model.differences_in_words(pin) for pin in pins]
    assert words[1] == "tanh · epoch 0.80 (2): tanh instead of ReLU"
    assert len(set(words)) == 3
    model.arrange([pins[2].key, pins[0].key, pins[1].key])
    assert model.name(pins[2]) == "tanh · epoch 0.80 (3)", "its place does not matter"
    for pin in pins:
        model.rename(pin.key, "mine")
    assert [model.name(pin) for pin in model.all] == ["mine (3)", "mine", "mine (2)"]
    model.rename(pins[0].key, "mine (2)")
    assert len({model.name(pin) for pin in model.all}) == 3
    model.remove(pins[1].key)
    assert model.name(model.all[0]) == "mine"


def test_the_newest_visible_pin_is_compared_unless_another_is_chosen(runs: dict[str, PinnedRun]) -> None:
    model = Pins(RELU)
    first, second = model.add(runs["tanh"]), model.add(runs["sigmoid"])
    assert first is not None
    assert second is not None
    assert model.compared is second
    model.compare(first.key)
    assert model.compared is not None
    assert model.compared.key == first.key
    model.set_hidden(first.key, hidden=True)
    assert [pin.key for pin in model.visible] == [second.key]
    assert model.compared.key == second.key
    model.remove(second.key)
    assert model.compared is None


def test_pins_are_renamed_and_recoloured(qtbot: QtBot, runs: dict[str, PinnedRun]) -> None:
    model = Pins(RELU)
    pin = model.add(runs["tanh"])
    assert pin is not None
    with qtbot.waitSignals([model.changed, model.stored_changed]):
        model.rename(pin.key, "  before\n class ")
    model.recolour(pin.key, 4)
    (changed,) = model.all
    assert (model.name(changed), changed.colour) == ("before class", 4)
    model.rename(pin.key, "")
    assert model.name(model.all[0]) == "tanh"


def test_number_and_size_are_limited(qtbot: QtBot, runs: dict[str, PinnedRun], monkeypatch: pytest.MonkeyPatch) -> None:
    model = Pins(RELU)
    for _ in range(MAX_PINS):
        assert model.add(runs["tanh"]) is not None
    assert [pin.colour for pin in model.all] == list(range(MAX_PINS))
    with qtbot.waitSignal(model.refused) as blocker:
        assert model.add(runs["tanh"]) is None
    assert "6 runs are pinned already" in blocker.args[0]
    model.remove(model.all[2].key)
    again = model.add(runs["relu"])
    assert again is not None
    assert again.colour == 2
    monkeypatch.setattr(pins, "MAX_BYTES", 2 * runs["tanh"].size)
    model.clear()
    assert model.add(runs["tanh"]) is not None
    assert model.add(runs["tanh"]) is not None
    with qtbot.waitSignal(model.refused, check_params_cb=lambda text: "too large to pin in addition" in text):
        assert model.add(runs["tanh"]) is None
    monkeypatch.setattr(pins, "MAX_BYTES", 1)
    model.clear()
    with qtbot.waitSignal(model.refused, check_params_cb=lambda text: text == "This network is too large to pin."):
        assert model.add(runs["tanh"]) is None


def test_a_run_is_asked_for_and_reopened_through_the_session(qtbot: QtBot, runs: dict[str, PinnedRun]) -> None:
    session = Session(RELU)
    sent: list[object] = []
    session.command.connect(sent.append)
    session.pin()
    assert isinstance(sent[0], PinRun)
    pin = session.pins.add(runs["sigmoid"])
    assert pin is not None
    session.reopen(pin.key)
    assert session.experiment == SIGMOID
    command = sent[1]
    assert isinstance(command, ApplyExperiment)
    assert command.resume is runs["sigmoid"]
    assert session.undo_label == "Reopen pinned run"
    session.undo()
    assert session.experiment == RELU
    session.reopen(999)
    assert session.experiment == RELU


def test_pins_survive_in_a_file(qtbot: QtBot, runs: dict[str, PinnedRun], settings: QSettings, tmp_path: Path) -> None:
    session, last = Session(RELU), LastState(settings, tmp_path)
    autosave = Autosave(session, last)
    sent: list[Checkpoint] = []
    session.command.connect(lambda command: sent.append(command) if isinstance(command, Checkpoint) else None)
    autosave.write()
    assert sent[-1].others[1:] == ()
    pin, other = session.pins.add(runs["sigmoid"]), session.pins.add(runs["tanh"], name="before", colour=5, hidden=True)
    assert pin is not None
    assert other is not None
    autosave.write()
    assert [path for path, _ in sent[-1].others] == [last.pins]
    assert sent[-1].write(None) == ""
    autosave.write()
    assert sent[-1].others == ()
    autosave.stop()

    model = Pins(RELU)
    store = PinStore(model)
    with qtbot.waitSignal(store.restored, timeout=20_000):
        store.restore(last.pins)
    assert [(model.name(each), each.colour, each.hidden) for each in model.all] == [
        ("sigmoid", pin.colour, False),
        ("before", 5, True),
    ]
    assert model.all[0].run.state.step == 20
    assert store.changed_content(None) is None
    model.remove(model.all[0].key)
    assert store.changed_content(None) is not None


def test_damaged_pins_are_reported_and_do_no_harm(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "last.pins").write_bytes(b"nonsense")
    model = Pins(RELU)
    store = PinStore(model)
    with qtbot.waitSignal(store.failed, timeout=20_000) as blocker:
        store.restore(tmp_path / "last.pins")
    assert "Pinned runs could not be restored" in blocker.args[0]
    assert model.all == ()


def test_pins_of_a_session_that_is_not_resumed_are_overwritten_by_the_next(
    qtbot: QtBot, settings: QSettings, tmp_path: Path
) -> None:
    session, last = Session(RELU), LastState(settings, tmp_path)
    last.pins.write_bytes(b"older")
    autosave = Autosave(session, last)
    autosave.discard_pins()
    autosave.stop()
    model = Pins(RELU)
    store = PinStore(model)
    with qtbot.waitSignal(store.restored, timeout=20_000):
        store.restore(last.pins)
    assert model.all == ()


@pytest.mark.parametrize(
    "source",
    [
        DrawnSource(points=(), task="regression"),
        DrawnSource(points=()),
        DrawnSource(points=((0, 0, 0), (1, 0, 0)), classes=(0, 1)),
    ],
)
def test_a_run_without_the_points_to_train_on_is_not_pinned(qtbot: QtBot, source: DrawnSource) -> None:
    model = Pins(RELU)
    run = pinned_after(replace(RELU, data=replace(RELU.data, dataset=source)), steps=0)
    with qtbot.waitSignal(model.refused) as blocker:
        assert model.add(run) is None
    assert blocker.args[0].startswith("This run cannot be pinned yet. Draw")
    assert model.all == ()


def test_the_size_of_a_pin_is_that_of_its_arrays(runs: dict[str, PinnedRun]) -> None:
    run = runs["tanh"]
    assert run.size > sum(array.nbytes for array in run.state.arrays)
    assert pinned_run.MAX_PATH_NUMBERS * 8 <= pins.MAX_BYTES / MAX_PINS


def test_many_differences_are_no_title(qtbot: QtBot) -> None:
    few = Experiment(name="Circle", network=NetworkSettings(output_activation="tanh"))
    other = Experiment(
        name="Wide",
        data=DataSettings(dataset="moons", noise=0.3, standardize=True, samples=90),
        network=NetworkSettings(hidden=(HiddenLayer(units=9, activation="relu"),) * 3),
        training=TrainingSettings(optimizer="adam", learning_rate=0.2, batch_size=3, l2=0.1),
    )
    model = Pins(few)
    pin = model.add(pinned_after(other, 1))
    assert pin is not None
    finding, below = model.heading(pin)
    assert finding == f"{model.name(pin)} compared with Circle"
    assert len(finding) < MAX_HEADING < len(below)
    assert below == model.differences_in_words(pin)
    model.follow(replace(other, training=replace(other.training, optimizer="sgd"), name="Wide"))
    assert model.heading(pin) == (model.differences_in_words(pin), "")
    assert model.current_name(pin) == "SGD"
    model.follow(replace(few, name="Untitled"))
    assert model.current_name(pin).endswith(" more")
