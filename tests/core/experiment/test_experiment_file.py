"""Experiment files: round trips, atomic writes, and one sentence for each error."""

from __future__ import annotations

import codecs
import json
import os
from pathlib import Path

import pytest

from core.errors import PlaygroundError
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TableSource, TrainingSettings
from core.experiment.experiment_file import MAX_BYTES, dump, load, parse, save, write_atomically

RICH = Experiment(
    name="Übung „7“ – ∂L/∂W",
    data=DataSettings(dataset=TableSource(csv="daten.csv", target="Ziel", inputs=("a", "b")), features=("x1",), seed=9),
    network=NetworkSettings(hidden=(HiddenLayer(units=3, activation="prelu", activation_alpha=0.1, dropout=0.25),)),
    training=TrainingSettings(clip_norm=0.1, learning_rate=0.1 + 0.2, dropout_scaling="at_test_time"),
)


@pytest.mark.parametrize("experiment", [Experiment(), RICH], ids=["default", "rich"])
def test_saving_and_loading_round_trips(experiment: Experiment, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    save(experiment, path)
    assert load(path) == experiment
    assert json.loads(path.read_text(encoding="utf-8"))["format"] == 1
    assert parse(dump(experiment)) == experiment


def test_saving_again_replaces_the_file_and_leaves_no_others(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    save(Experiment(), path)
    path.chmod(0o600)
    save(RICH, path)
    assert load(path) == RICH
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_symbolic_links_are_followed_when_saving(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    real, link = tmp_path / "elsewhere" / "real.json", tmp_path / "link.json"
    save(Experiment(), real)
    link.symlink_to(real)
    save(RICH, link)
    assert link.is_symlink()
    assert load(real) == RICH
    assert [entry.name for entry in tmp_path.rglob("*.json")].count("real.json") == 1


def test_devices_are_written_directly(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_atomically(pipe, b"report")
        assert os.read(reader, 100) == b"report"
    finally:
        os.close(reader)
    assert pipe.is_fifo()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_files_of_editors_that_do_not_write_utf_8_are_read(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(dump(RICH).encode(encoding))
    assert load(path) == RICH


def test_half_a_character_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(codecs.BOM_UTF16_LE + "{}".encode("utf-16-le") + b"\x00")
    assert "$: not readable as JSON" in sentence_of(path)


def sentence_of(path: Path) -> str:
    with pytest.raises(PlaygroundError) as caught:
        load(path)
    text = str(caught.value)
    assert text.startswith(f"{path}: ")
    assert "\n" not in text
    return text.removeprefix(f"{path}: ")


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    assert sentence_of(tmp_path / "gone.json") == "cannot be read (No such file or directory)"


def test_a_folder_is_not_an_experiment(tmp_path: Path) -> None:
    assert sentence_of(tmp_path) == "cannot be read (Is a directory)"


def test_a_huge_file_is_rejected_before_parsing(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(50 * MAX_BYTES)
    assert sentence_of(path) == "this file is too large for an experiment (at most 4 MB)"


def test_an_endless_device_is_rejected() -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("this system has no such device")
    assert "pipe or device" in sentence_of(Path("/dev/zero"))


@pytest.mark.parametrize("length", [0, 1, 40, -3])
def test_a_truncated_file_is_not_well_formed(length: int, tmp_path: Path) -> None:
    path = tmp_path / "half.json"
    path.write_text(dump(RICH)[:length], encoding="utf-8")
    assert sentence_of(path).startswith("$: not well-formed JSON (")


def test_a_binary_file_is_not_well_formed(tmp_path: Path) -> None:
    path = tmp_path / "picture.json"
    path.write_bytes(bytes(range(256)) * 10)
    assert sentence_of(path).startswith("$: not ")


def test_an_exceeded_limit_names_file_and_path(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text('{"network":{"hidden":[{},{"dropout":1.5}]}}', encoding="utf-8")
    assert sentence_of(path) == "$.network.hidden[1].dropout: expected a number < 1, got 1.5"


@pytest.mark.parametrize("name", ["no/such/folder/run.json", "file/run.json"])
def test_a_failed_write_names_the_path_and_leaves_no_file(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    path = tmp_path / name
    with pytest.raises(PlaygroundError) as caught:
        save(Experiment(), path)
    assert str(caught.value).startswith(f"{path}: cannot be written (")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_interrupted_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "run.json"
    save(RICH, path)

    def full_disk(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(PlaygroundError, match="No space left on device"):
        save(Experiment(), path)
    assert load(path) == RICH
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]
