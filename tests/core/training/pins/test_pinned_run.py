"""Pinned runs: immutable, small, saved and loaded, and resumed exactly."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import PlaygroundError
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.training.pins.pin_file import StoredPin, decode, encode, load_pins
from core.training.pins.pinned_run import PinnedRun, StoredRun, data_for, pinned
from core.training.recorders.parameter_path import ParameterPath, thinned
from core.training.run_history import RunHistory
from core.training.trainer import Trainer
from core.training.training_run import new_trainer

EXPERIMENT = Experiment(
    data=DataSettings(samples=60),
    network=NetworkSettings(hidden=(HiddenLayer(units=3, dropout=0.2), HiddenLayer(units=2, activation="relu"))),
    training=TrainingSettings(optimizer="adam", learning_rate=0.01),
)


def run_of(steps: int = 40) -> tuple[PinnedRun, Trainer]:
    trainer, history = new_trainer(EXPERIMENT, engine="numpy"), RunHistory()
    for _ in range(steps // 10):
        history.timed(trainer.run, 10)
        pinned(trainer, history, (0, 1))
    history.recorder.mark(epoch=trainer.epoch, step=trainer.step, text="noise 0 → 0.1")
    return pinned(trainer, history, (0, 1)), trainer


@pytest.fixture(scope="module")
def run() -> PinnedRun:
    return run_of()[0]


def test_further_training_does_not_change_it() -> None:
    run, trainer = run_of()
    before = run.snapshot.network.parameters.copy(), run.snapshot.curve.train.copy(), run.state.parameters.copy()
    trainer.run(50)
    after = run.snapshot.network.parameters, run.snapshot.curve.train, run.state.parameters
    for old, new in zip(before, after, strict=True):
        np.testing.assert_array_equal(old, new)


def test_a_pinned_run_survives_saving_and_loading(run: PinnedRun) -> None:
    content = encode([StoredPin(StoredRun.of(run), "mine", 3, hidden=True)])
    (pin,) = decode(content)
    assert (pin.name, pin.colour, pin.hidden) == ("mine", 3, True)
    back = pin.run.restored(data_for(EXPERIMENT))
    assert back.experiment == EXPERIMENT
    for old, new in (
        (run.snapshot.network.parameters, back.snapshot.network.parameters),
        (run.snapshot.curve.step, back.snapshot.curve.step),
        (run.snapshot.curve.train[:-1], back.snapshot.curve.train[:-1]),
        (run.snapshot.curve.seconds, back.snapshot.curve.seconds),
        (run.snapshot.gradient_history.norms[:-1], back.snapshot.gradient_history.norms[:-1]),
        (run.snapshot.path.steps, back.snapshot.path.steps),
        (np.array(run.snapshot.path.points), np.array(back.snapshot.path.points)),
        (run.snapshot.trace.prediction, back.snapshot.trace.prediction),
    ):
        np.testing.assert_array_equal(old, new)
    assert run.snapshot.curve.marks == back.snapshot.curve.marks
    assert back.snapshot.scores.train_loss == pytest.approx(run.snapshot.scores.train_loss, rel=1e-12)


def test_training_resumes_from_it_bit_for_bit(run: PinnedRun) -> None:
    _, trainer = run_of()
    (pin,) = decode(encode([StoredPin(StoredRun.of(run), "", 0, hidden=False)]))
    again = new_trainer(EXPERIMENT, engine="numpy")
    again.restore(pin.run.state)
    trainer.run(25)
    again.run(25)
    np.testing.assert_array_equal(trainer.parameters, again.parameters)


def test_a_resumed_history_continues(run: PinnedRun) -> None:
    history = RunHistory.resumed(run.snapshot)
    np.testing.assert_array_equal(history.recorder.curve().train, run.snapshot.curve.train)
    assert history.recorder.curve().marks == run.snapshot.curve.marks
    np.testing.assert_array_equal(history.gradients.history().norms, run.snapshot.gradient_history.norms)
    np.testing.assert_array_equal(history.path.path().steps, run.snapshot.path.steps)
    history.recorder.record(epoch=99.0, step=10_000, train=0.5, test=0.5)
    assert history.recorder.curve().step[-1] == 10_000


def test_the_path_is_thinned_evenly_between_its_ends() -> None:
    points = tuple(np.full(100, float(index)) for index in range(50))
    path = thinned(ParameterPath(np.arange(50) * 3, points), 1_000)
    assert len(path.points) == 10
    assert (path.steps[0], path.steps[-1]) == (0, 147)
    assert np.diff(path.steps).max() - np.diff(path.steps).min() <= 3
    assert thinned(path, 10**6) is path


def test_no_file_means_no_pins(tmp_path: Path) -> None:
    assert load_pins(tmp_path / "none.pins") == ()


@given(st.data())
def test_damage_is_reported(run: PinnedRun, data: st.DataObject) -> None:
    content = bytearray(encode([StoredPin(StoredRun.of(run), "mine", 3, hidden=True)]))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    try:
        (pin,) = decode(bytes(content))
        pin.run.restored(data_for(EXPERIMENT))
    except PlaygroundError:
        pass  # an undetected change of a history is harmless: it changes a curve
    except ValueError as error:
        pytest.fail(f"{error!r}")


@pytest.mark.parametrize("content", [b"", b"{}", msgspec.msgpack.encode({"pins": [1]}), b"\xff" * 40])
def test_other_files_are_refused(content: bytes) -> None:
    with pytest.raises(PlaygroundError, match="damaged"):
        decode(content)
