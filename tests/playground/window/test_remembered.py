"""The app starts with any stored settings, however damaged, and reports what matters."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings
from pytestqt.qtbot import QtBot

from core.experiment import Experiment
from core.experiment.experiment_file import save
from playground.app import make_application
from playground.session.saving.last_state import LastState
from playground.style.appearance import Appearance
from playground.window.main_window import MainWindow
from tests.playground.starts import Starter

START = """
from playground.app import make_application, make_window
application = make_application([])
window = make_window(None, None)
window.start(playing=False, resume=True)
window.show()
application.processEvents()
print("said:", *window.problems_at_start)
print("recent:", [path.name for path in window.files.recent()])
window.close()
print("closed")
"""


@dataclass(frozen=True)
class Place:
    """The folders of the stored settings and of other files."""

    data: Path
    scratch: Path
    settings: QSettings


Damage = Callable[[Place], object]


def unreadable(scratch: Path) -> Path:
    """Return a file in a folder without read permission (which root can read anyway)."""
    folder = scratch / "locked"
    folder.mkdir()
    save(Experiment(), folder / "locked.json")
    folder.chmod(0)
    return folder / "locked.json"


def remember(data: Path, settings: QSettings, *files: Path) -> None:
    data.mkdir(parents=True)
    save(Experiment(), data / "last.json")
    settings.setValue("files/last", str(files[0]))
    settings.setValue("files/recent", [str(file) for file in files])


def file_in_the_way(data: Path) -> None:
    data.parent.mkdir(parents=True)
    data.write_text("in the way")


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)


LONG = Path("/") / ("n" * 6000)
CASES: dict[str, tuple[Damage, str]] = {
    "nothing": (lambda _at: None, ""),
    "file for a folder": (lambda at: file_in_the_way(at.data), "cannot be remembered"),
    "file for the folder above": (lambda at: file_in_the_way(at.data.parent), "cannot be remembered"),
    "unreadable folder": (lambda at: remember(at.data, at.settings, unreadable(at.scratch), at.scratch), ""),
    "name of 6 000 characters": (lambda at: remember(at.data, at.settings, LONG, LONG, at.scratch), ""),
    "null in a name": (lambda at: remember(at.data, at.settings, Path("a\0b"), Path("a\0b")), ""),
    "version": (lambda at: at.settings.setValue("workspace/version", "abc"), ""),
    "versions": (lambda at: at.settings.setValue("workspace/version", ["1", "2"]), ""),
    "sizes": (
        lambda at: [
            at.settings.setValue("workspace/version", 1),
            at.settings.setValue("workspace/root", QByteArray(b"\0\0\0\xff" * 9)),
            at.settings.setValue("workspace/plots", 7),
            at.settings.setValue("window/geometry", QByteArray(b"\x01\xd9\xd0\xcb" * 9)),
            at.settings.setValue("appearance/theme", ["pink"]),
            at.settings.setValue("files/recent", [["a", "b"], 3, True]),
        ],
        "",
    ),
    "damaged experiment": (
        lambda at: write(at.data / "last.json", b"\xff{"),
        "last session could not be restored",
    ),
    "folder for an experiment": (
        lambda at: (at.data / "last.json").mkdir(parents=True),
        "last session could not be restored",
    ),
    "damaged state": (lambda at: write(at.data / "last.state", b"\0" * 99), ""),
    "folder for a state": (lambda at: (at.data / "last.state").mkdir(parents=True), ""),
}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the folders do not follow the environment")
@pytest.mark.parametrize("case", CASES)
def test_the_app_starts_with_any_stored_settings(programs: Starter, case: str, tmp_path: Path) -> None:
    damage, said = CASES[case]
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    settings = QSettings(str(tmp_path / "config/NN Playground/nn-playground.conf"), QSettings.Format.IniFormat)
    damage(Place(tmp_path / "data/NN Playground/nn-playground", scratch, settings))
    settings.sync()
    folders = {"XDG_DATA_HOME": str(tmp_path / "data"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    start = programs.start(START, tmp_path, folders)
    assert start.wait() == 0, start.errors
    assert "Traceback" not in start.errors
    lines = start.output.splitlines()
    assert lines[-1] == "closed"
    assert said in lines[0]
    assert said or lines[0].strip() == "said:"


def test_damaged_pins_do_not_hide_that_the_session_is_damaged(
    qtbot: QtBot, settings: QSettings, tmp_path: Path
) -> None:
    for name in ("last.json", "last.pins"):
        (tmp_path / name).write_bytes(b"\xff{")
    last = LastState(settings, tmp_path)
    assert last.restore() is None
    make_application([])
    window = MainWindow(Experiment(), None, Appearance("Inter", settings), settings, last)
    qtbot.addWidget(window)
    window.start(playing=False, resume=True)
    window.show()
    window.greet(window.problems_at_start)
    qtbot.waitUntil(lambda: "Pinned runs could not be restored" in window.message_bar.text)
    assert "The last session could not be restored" in window.message_bar.text
