"""Stop, save, load elsewhere and resume bit-identically; damaged and foreign files are rejected."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from core.engine.engine_choice import EngineChoice
from core.errors import PlaygroundError
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.formulas.optimizers import OPTIMIZERS
from core.training.state_file import encode, load_state, save_state
from core.training.trainer import Trainer
from core.training.training_run import new_trainer
from core.training.training_state import GeneratorState, StateError, TrainingState
from tests.core.support import with_hidden
from tests.core.training.support import assert_same_state

RESUME = """
import sys
from pathlib import Path
from core.training.state_file import load_state, save_state
from core.training.training_run import new_trainer

for path in sorted(Path(sys.argv[1]).glob("*.state")):
    state = load_state(path)
    trainer = new_trainer(state.experiment)
    trainer.restore(state)
    assert trainer.run(600) is None
    save_state(trainer, path.with_suffix(".after"))
"""


def experiment(optimizer: str = "adam", **training: Any) -> Experiment:
    layer = HiddenLayer(units=4, activation="prelu", dropout=0.3)
    settings: dict[str, Any] = {
        "learning_rate": 0.01,
        "batch_size": 30,
        "momentum": 0.9,
        "l1": 1e-3,
        "l2": 1e-3,
        "clip_norm": 1.0,
    }
    return Experiment(
        network=NetworkSettings(hidden=(layer, layer), input_dropout=0.1),
        training=TrainingSettings(optimizer=optimizer, **settings | training),
    )


def test_400_steps_and_600_resumed_in_another_process_equal_1000_steps(tmp_path: Path) -> None:
    for key in OPTIMIZERS:
        trainer = new_trainer(experiment(key))
        assert trainer.run(400) is None
        assert trainer.steps_to_epoch_end < trainer.steps_per_epoch  # inside an epoch
        save_state(trainer, tmp_path / f"{key}.state")
    subprocess.run([sys.executable, "-c", RESUME, str(tmp_path)], check=True, cwd=Path(__file__).parents[3])
    for key in OPTIMIZERS:
        straight = new_trainer(experiment(key))
        assert straight.run(1000) is None
        assert_same_state(load_state(tmp_path / f"{key}.after"), straight.state())


@pytest.mark.parametrize("steps", [0, 1, 8, 9, 20])
def test_resuming_at_any_point_of_an_epoch(steps: int) -> None:
    straight, stopped = new_trainer(experiment()), new_trainer(experiment())
    straight.run(steps + 25)
    stopped.run(steps)
    other = new_trainer(experiment())
    other.run(3)
    other.restore(stopped.state())
    other.run(25)
    assert_same_state(other.state(), straight.state())


def test_a_state_is_not_modified_by_training() -> None:
    trainer = new_trainer(experiment())
    trainer.run(5)
    state = trainer.state()
    before = encode(state)
    trainer.run(50)
    assert encode(state) == before
    trainer.restore(state)
    trainer.run(50)
    assert encode(state) == before


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
@pytest.mark.parametrize("optimizer", list(OPTIMIZERS))
def test_a_state_shares_its_arrays_and_no_step_edit_or_rewind_modifies_them(
    engine: EngineChoice, optimizer: str
) -> None:
    training = TrainingSettings(optimizer=optimizer, l1=0.01, l2=0.01, clip_norm=1.0)
    trainer = new_trainer(Experiment(training=training), engine=engine)
    trainer.run(3)
    state = trainer.state()
    before = encode(state)
    assert state.parameters is trainer.parameters, "a copy of a large network takes long"
    others = (
        replace(trainer.experiment, training=replace(training, learning_rate=0.5)),
        with_hidden(trainer.experiment, HiddenLayer(units=4, activation="prelu", initializer="he_normal", gain=2.0)),
        replace(trainer.experiment, network=replace(trainer.experiment.network, seed=9)),
    )
    for other in others:
        trainer.restore(state)
        trainer.run(2)
        trainer.apply(other, trainer.data)
        trainer.run(2)
        trainer.set_parameter(0, 7.0)
        trainer.run(2)
        assert encode(state) == before
        trainer.reset()
        trainer.apply(new_trainer(Experiment(training=training)).experiment, trainer.data)
    trainer.restore(state)
    assert trainer.parameters is state.parameters


def test_position_and_last_step_are_restored() -> None:
    trainer = new_trainer(experiment())
    trainer.run(13)
    other = new_trainer(experiment())
    other.restore(trainer.state())
    assert (other.step, other.epoch) == (trainer.step, trainer.epoch)
    np.testing.assert_array_equal(other.last_update, trainer.last_update)
    np.testing.assert_array_equal(other.last_batch, trainer.last_batch)


def test_gain_changes_after_restoring_have_the_same_effect() -> None:
    trainer, other = new_trainer(experiment()), new_trainer(experiment())
    trainer.run(30)
    other.restore(trainer.state())
    hidden = tuple(msgspec.structs.replace(layer, gain=2.0) for layer in trainer.experiment.network.hidden)
    network = msgspec.structs.replace(trainer.experiment.network, hidden=hidden)
    changed = msgspec.structs.replace(trainer.experiment, network=network)
    for each in (trainer, other):
        each.apply(changed, each.data)
    np.testing.assert_array_equal(trainer.parameters, other.parameters)


def test_a_state_can_be_taken_after_live_changes_of_the_data() -> None:
    trainer = new_trainer(experiment())
    trainer.run(9)
    fewer = msgspec.structs.replace(trainer.experiment, data=DataSettings(samples=100))
    trainer.apply(fewer, new_trainer(fewer).data)
    other = new_trainer(fewer)
    other.restore(trainer.state())
    trainer.run(10)
    other.run(10)
    assert_same_state(trainer.state(), other.state())


# -- states that do not fit ---------------------------------------------------------------------------------------------


def fitting() -> tuple[Trainer, TrainingState]:
    trainer = new_trainer(experiment())
    trainer.run(5)
    return trainer, trainer.state()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"experiment": Experiment()}, "belongs to an experiment with other settings"),
        ({"parameters": np.zeros(3)}, "has 3 values in parameters, the network needs"),
        ({"second_state": np.zeros(0)}, "has 0 values in second_state"),
        ({"dropout": ()}, "has 0 layers, the network has 3"),
        ({"position": 250}, "position in the epoch does not fit 250 training samples"),
        ({"step": -1}, "position in the epoch does not fit"),
        ({"order": np.arange(7)}, "order of samples does not fit 250"),
        ({"order": np.zeros(250, dtype=np.int64)}, "order of samples does not fit 250"),
        ({"order": np.zeros(0, dtype=np.int64)}, "order of samples does not fit 250"),
        ({"last_batch": np.array([250])}, "last batch does not fit 250"),
        ({"shuffler": GeneratorState(1, 2, None)}, "the state of a random generator is damaged"),
        ({"shuffler": GeneratorState(2**128, 1, None)}, "the state of a random generator is damaged"),
        ({"dropout": (GeneratorState(1, 1, 2**32),) * 3}, "the state of a random generator is damaged"),
    ],
)
def test_a_state_that_does_not_fit_is_rejected_and_changes_nothing(changes: dict[str, Any], message: str) -> None:
    trainer, state = fitting()
    trainer.run(4)
    before = encode(trainer.state())
    with pytest.raises(StateError, match=message):
        trainer.restore(replace(state, **changes))
    assert encode(trainer.state()) == before


def test_a_non_finite_parameter_is_rejected() -> None:
    trainer, state = fitting()
    state.parameters[3] = np.nan
    with pytest.raises(StateError, match="a non-finite parameter"):
        trainer.restore(state)


@pytest.mark.parametrize("name", ["drawn", "first_state", "second_state"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_non_finite_optimizer_state_is_rejected(name: str, value: float) -> None:
    trainer, state = fitting()
    getattr(state, name)[3] = value
    with pytest.raises(StateError, match=f"a non-finite value in {name}"):
        trainer.restore(state)


def test_only_the_name_of_the_experiment_may_differ() -> None:
    trainer, state = fitting()
    trainer.restore(replace(state, experiment=msgspec.structs.replace(state.experiment, name="Another")))
    assert trainer.step == 5


# -- files --------------------------------------------------------------------------------------------------------------


def test_saving_and_loading_a_state_round_trips(tmp_path: Path) -> None:
    trainer, state = fitting()
    save_state(trainer, tmp_path / "a.state")
    assert_same_state(load_state(tmp_path / "a.state"), state)
    assert [path.name for path in tmp_path.iterdir()] == ["a.state"]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trainer, _ = fitting()
    path = tmp_path / "a.state"
    save_state(trainer, path)
    before = path.read_bytes()
    trainer.run(10)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(PlaygroundError, match="No space left"):
        save_state(trainer, path)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["a.state"]


def written(path: Path, header: dict[str, Any] | bytes, body: bytes) -> Path:
    """Write a file with a valid checksum, as an attacker could."""
    encoded = header if isinstance(header, bytes) else json.dumps(header).encode()
    rest = len(encoded).to_bytes(8, "little") + encoded + body
    path.write_bytes(b"NN-PLAYGROUND-STATE 1\n" + hashlib.sha256(rest).digest() + rest)
    return path


def parts(state: TrainingState) -> tuple[dict[str, Any], bytes]:
    rest = encode(state).split(b"\n", 1)[1][32:]
    length = int.from_bytes(rest[:8], "little")
    return json.loads(rest[8 : 8 + length]), rest[8 + length :]


def refused(path: Path) -> str:
    with pytest.raises(StateError) as caught:
        load_state(path)
    text = str(caught.value)
    assert text.startswith(f"{path}: ")
    assert "\n" not in text
    return text


@given(data=st.data())
def test_a_damaged_file_is_rejected_with_a_message(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = encode(fitting()[1])
    path = tmp_path_factory.mktemp("damaged") / "a.state"
    if data.draw(st.booleans(), label="truncated"):
        path.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
    else:
        at = data.draw(st.integers(0, len(content) - 1))
        flipped = content[at] ^ data.draw(st.integers(1, 255))
        path.write_bytes(content[:at] + bytes([flipped]) + content[at + 1 :])
    refused(path)


@pytest.mark.parametrize("content", [b"", b"\n", b"{}", b"PK\x03\x04", b"\x80\x04\x95", b"NN-PLAYGROUND-STATE x\n"])
def test_another_programs_file_is_rejected(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.state"
    path.write_bytes(content)
    assert "is not a training state" in refused(path)


def test_another_version_is_rejected_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "a.state"
    path.write_bytes(encode(fitting()[1]).replace(b"STATE 1\n", b"STATE 2\n", 1))
    assert refused(path).endswith("reads training states of format 1, this file has format 2")


def test_paths_that_are_not_files(tmp_path: Path) -> None:
    assert "cannot be read" in refused(tmp_path / "none.state")
    assert "cannot be read" in refused(tmp_path)
    assert "pipe or device" in refused(Path("/dev/zero"))


def test_a_header_with_wrong_lengths_reads_no_more_than_the_file(tmp_path: Path) -> None:
    header, body = parts(fitting()[1])
    assert "truncated" in refused(written(tmp_path / "a.state", header | {"parameters": 50_000_000}, body))
    assert "header of this training state is damaged" in refused(
        written(tmp_path / "a.state", header | {"parameters": 2**60}, body)
    )
    assert "unexpected data after its end" in refused(written(tmp_path / "a.state", header, body + b"\0"))
    path = tmp_path / "a.state"
    path.write_bytes(b"NN-PLAYGROUND-STATE 1\n" + bytes(32) + b"\xff" * 8)
    assert "its header is too long" in refused(path)


def test_a_small_file_cannot_allocate_much_memory(tmp_path: Path) -> None:
    header, body = parts(fitting()[1])
    path = written(tmp_path / "a.state", header | {"parameters": 50_000_000}, body)
    tracemalloc.start()
    try:
        assert "truncated" in refused(path)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000  # the header declares 2 GB
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "header", [b"", b"[]", b"\xff", b"[" * 100_000, b'{"experiment": {}}', b'{"experiment": 1e999}']
)
def test_an_invalid_header_is_rejected(tmp_path: Path, header: bytes) -> None:
    assert "header of this training state is damaged" in refused(written(tmp_path / "a.state", header, b""))


def test_the_experiment_in_a_header_is_checked_like_any_other(tmp_path: Path) -> None:
    header, body = parts(fitting()[1])
    header["experiment"]["network"]["hidden"][1]["dropout"] = 1.5
    text = refused(written(tmp_path / "a.state", header, body))
    assert "$.network.hidden[1].dropout: expected a number < 1, got 1.5" in text


def test_only_pcg64_can_be_saved() -> None:
    with pytest.raises(TypeError, match="PCG64"):
        GeneratorState.of(np.random.Generator(np.random.MT19937(1)))
