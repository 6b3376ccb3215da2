"""A kill, a log-out or Ctrl+C loses no work: the real program in a separate process."""

from __future__ import annotations

import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from core.experiment import Experiment
from core.experiment.experiment_file import load
from core.training.state_file import load_state
from core.training.training_run import new_trainer
from playground.session.saving.last_state import LastState
from tests.playground.starts import Started, Starter

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies of a process, and signals of POSIX systems")

# In the background of a shell, programs ignore Ctrl+C; under nohup, they ignore hang-ups.
HEEDING = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
"""

# Trains and drags the learning rate, like a user who is interrupted.
PROGRAM = """
import sys
from PySide6.QtCore import QTimer
from playground import app
from playground.session.saving import autosave
from playground.startup import prepare_environment
from playground.window.main_window import MainWindow

autosave.TRAINING_MS = 300
prepare_environment()
started = MainWindow.start_as_left

def start(window, *, resume):
    started(window, resume=resume)
    window.session.set_speed(None)
    window.session.play()
    rate = [0.01]
    def drag():
        rate[0] *= 1.01
        window.session.edit_training("Learning rate", "learning_rate", learning_rate=rate[0])
    timer = QTimer(window)
    timer.timeout.connect(drag)
    timer.start(150)
    QTimer.singleShot(300, window, lambda: print("running", flush=True))

MainWindow.start_as_left = start
sys.exit(app.run())
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {name: str(tmp_path / name) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME")}


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    return tmp_path / "XDG_DATA_HOME" / "NN Playground" / "nn-playground"


@pytest.fixture
def run(programs: Starter, environment: dict[str, str], tmp_path: Path) -> Callable[[], Started]:
    """Start the program, and wait until it runs."""

    def run() -> Started:
        folder = tmp_path / f"program-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        process = programs.start(HEEDING + PROGRAM, folder, environment)
        while process.output != "running\n":
            assert "Traceback" not in process.errors, process.errors
            time.sleep(0.02)
        return process

    return run


def has_work(memory: Path, name: str = "last") -> bool:
    """Return whether training after a drag was saved."""
    experiment, state = memory / f"{name}.json", memory / f"{name}.state"
    if not (experiment.is_file() and state.is_file()):
        return False
    return load(experiment).training.learning_rate > 0.01 and load_state(state).step > 0


def recovered(memory: Path, tmp_path: Path) -> tuple[Experiment, int]:
    """Return what the next start would restore, and its step."""
    last = LastState(QSettings(str(tmp_path / "none.ini"), QSettings.Format.IniFormat), memory)
    restored = last.restore()
    assert restored is not None, last.problems
    state = load_state(last.training)
    trainer = new_trainer(restored[0], engine="numpy")
    trainer.restore(state)
    return restored[0], trainer.step


@pytest.mark.parametrize("seed", range(3))
def test_a_kill_at_any_moment_leaves_the_work(
    run: Callable[[], Started], memory: Path, tmp_path: Path, seed: int
) -> None:
    moment = random.Random(seed).uniform(0.0, 1.2)  # noqa: S311 - a moment, not a secret
    process = run()
    while not has_work(memory):
        time.sleep(0.02)
    time.sleep(moment)
    process.send(signal.SIGKILL)
    process.wait()
    experiment, step = recovered(memory, tmp_path)
    assert step > 0
    assert experiment.training.learning_rate > 0.01
    assert (memory / "last.running").is_file()


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_the_program_cleanly(run: Callable[[], Started], memory: Path, tmp_path: Path, name: str) -> None:
    number = getattr(signal, name)
    process = run()
    time.sleep(0.5)
    process.send(number)
    assert process.wait() == 128 + number, process.errors
    assert "Traceback" not in process.errors
    assert recovered(memory, tmp_path)[1] > 0
    assert not (memory / "last.running").exists()


# Gets a signal while the window is made, from the moment on at which the session is marked as running.
STARTING = """
import os, signal, sys
from playground import app
from playground.startup import prepare_environment

prepare_environment()
made = app.make_window

def make(*given):
    window = made(*given)
    os.kill(os.getpid(), signal.SIGTERM)
    return window

app.make_window = make
sys.exit(app.run())
"""


def test_a_signal_during_the_start_is_no_crash(
    programs: Starter, environment: dict[str, str], memory: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "program"
    folder.mkdir()
    process = programs.start(STARTING, folder, environment)
    assert process.wait() == 128 + signal.SIGTERM, process.errors
    assert (memory / "last.json").is_file()
    assert not (memory / "last.running").exists()


def test_a_program_that_ignores_hang_ups_continues(
    programs: Starter, environment: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "program"
    folder.mkdir()
    process = programs.start(
        "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n" + PROGRAM, folder, environment
    )
    while process.output != "running\n":
        assert "Traceback" not in process.errors, process.errors
        time.sleep(0.02)
    process.send(signal.SIGHUP)
    time.sleep(0.5)
    process.send(signal.SIGTERM)
    assert process.wait() == 128 + signal.SIGTERM, "it ended by the first signal"


def test_two_windows_do_not_overwrite_each_other(run: Callable[[], Started], memory: Path) -> None:
    first, second = run(), run()
    while not (has_work(memory) and has_work(memory, "last-2")):
        time.sleep(0.02)
    for process in (second, first):
        process.send(signal.SIGKILL)
        process.wait()
    assert (memory / "last.state").is_file()
    assert (memory / "last-2.state").is_file()
