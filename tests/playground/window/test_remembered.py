"""The app starts with any stored settings, however damaged, and reports what matters."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings

from core.experiment import Experiment
from core.experiment.experiment_file import save

pytestmark = pytest.mark.timeout(600)  # the first test waits for all starts

# Each start has a process of its own, copied from one that has imported the app, because the imports take longest.
START = """
import json, os, sys, traceback
from pathlib import Path
from playground.app import make_application, make_window

def start():
    application = make_application([])
    window = make_window(None, None)
    window.start(playing=False, resume=True)
    window.show()
    application.processEvents()
    print("said:", *window.problems_at_start)
    print("recent:", [path.name for path in window.files.recent()])
    window.close()
    print("closed")

def start_in(folder):
    os.environ |= {"XDG_DATA_HOME": folder + "/data", "XDG_CONFIG_HOME": folder + "/config"}
    for stream, name in ((1, "output"), (2, "errors")):
        os.dup2(os.open(folder + "/" + name, os.O_WRONLY | os.O_CREAT), stream)
    status = 1
    try:
        start()
        status = 0
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)

for folder in json.loads(sys.argv[1]):
    process = os.fork()
    if process == 0:
        start_in(folder)
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    Path(folder, "status").write_text(str(status))
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


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """For each case the folder with the output, the errors and the exit status of a start with these settings."""
    folders: dict[str, Path] = {}
    for number, (case, (damage, _)) in enumerate(CASES.items()):
        folder = folders[case] = tmp_path_factory.mktemp(f"start{number}")
        scratch = folder / "scratch"
        scratch.mkdir()
        settings = QSettings(str(folder / "config/NN Playground/nn-playground.conf"), QSettings.Format.IniFormat)
        damage(Place(folder / "data/NN Playground/nn-playground", scratch, settings))
        settings.sync()
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONIOENCODING": "utf-8"}
    every = json.dumps([str(folder) for folder in folders.values()])
    subprocess.run([sys.executable, "-c", START, every], env=environment, check=True)
    return folders


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the folders do not follow the environment")
@pytest.mark.parametrize("case", CASES)
def test_the_app_starts_with_any_stored_settings(case: str, started: dict[str, Path]) -> None:
    said = CASES[case][1]
    output, errors, status = ((started[case] / name).read_text() for name in ("output", "errors", "status"))
    assert "Traceback" not in errors
    lines = output.splitlines()
    assert lines[-1] == "closed"
    assert status == "0"
    assert said in lines[0]
    assert said or lines[0].strip() == "said:"
