"""The app starts with any stored state, and reports what it could not restore."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QStandardPaths

from core.experiment import Experiment
from core.training.state_file import save_state
from core.training.training_run import new_trainer
from playground.session.saving import last_state
from playground.session.saving.last_state import LastState, state_folder


@pytest.mark.parametrize("damage", ["", "{", '{"format": 99}', "\0"], ids=["empty", "cut", "newer", "null byte"])
def test_a_damaged_session_is_reported_and_kept(settings: QSettings, tmp_path: Path, damage: str) -> None:
    (tmp_path / "last.json").write_text(damage, encoding="utf-8")
    remembered = LastState(settings, tmp_path)
    assert remembered.restore() is None
    assert remembered.problems[0].startswith("The last session could not be restored: ")


def test_a_missing_session_is_not_reported(settings: QSettings, tmp_path: Path) -> None:
    remembered = LastState(settings, tmp_path)
    assert remembered.restore() is None
    assert remembered.problems == []


def test_a_file_in_place_of_the_folder_is_reported(settings: QSettings, tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.write_text("", encoding="utf-8")
    remembered = LastState(settings, place)
    assert remembered.restore() is None
    assert "cannot be remembered" in str(remembered.store(Experiment(), None))


def test_a_folder_that_cannot_be_created_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "place"
    place.write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_DATA_HOME", str(place))
    if Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)).is_relative_to(place):
        assert state_folder().is_relative_to(place)


@pytest.mark.parametrize("name", ["x" * 6000, "a\0b", "/no/such/folder/file.json"])
def test_an_inaccessible_recent_file_is_omitted(settings: QSettings, tmp_path: Path, name: str) -> None:
    settings.setValue("files/recent", [name])
    settings.setValue("files/last", name)
    remembered = LastState(settings, tmp_path)
    assert remembered.recent() == []
    remembered.store(Experiment(name="kept"), None)
    settings.setValue("files/last", name)
    restored = remembered.restore()
    assert restored is not None
    assert restored[1] is None


def test_a_folder_without_permission_is_no_error(
    settings: QSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    checks: dict[str, Callable[[Path], bool]] = {"is_file": refuse, "exists": refuse}
    for name, check in checks.items():
        monkeypatch.setattr(Path, name, check)
    settings.setValue("files/recent", ["/somewhere/one.json"])
    remembered = LastState(settings, tmp_path)
    assert remembered.recent() == []
    assert remembered.restore() is None
    assert "Permission denied" in remembered.problems[0]
    assert not last_state.is_readable_file(tmp_path)


@pytest.mark.parametrize(("newer", "name"), [("state", "in the state"), ("experiment", "in the file")])
def test_the_newer_of_state_and_experiment_is_restored(
    settings: QSettings, tmp_path: Path, newer: str, name: str
) -> None:
    """A kill between the two writes leaves a state that is newer than its experiment's file."""
    remembered = LastState(settings, tmp_path)
    save_state(new_trainer(Experiment(name="in the state")), remembered.training)
    remembered.store(Experiment(name="in the file"), None)
    older, later = (
        (remembered.experiment, remembered.training)
        if newer == "state"
        else (remembered.training, remembered.experiment)
    )
    os.utime(older, (1000, 1000))
    os.utime(later, (2000, 2000))
    restored = remembered.restore()
    assert restored is not None
    assert restored[0].name == name
