"""Start-up: respect the user's environment, reject a PySide6 that would crash, and detect whether there is a screen."""

from __future__ import annotations

import os
import platform
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.startup import has_screen, is_bad_pair

ROOT = Path(__file__).parents[2]
linux_only = pytest.mark.skipif(sys.platform in {"darwin", "win32"}, reason="there is always a screen here")


def run(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run ``code`` in a fresh interpreter with only ``variables`` and the path set."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **variables}
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)


def test_importing_does_nothing() -> None:
    code = """
import os, sys
before = dict(os.environ)
import playground.startup
assert dict(os.environ) == before
assert not {"PySide6", "numpy", "numba"} & set(sys.modules), "loaded too early"
"""
    result = run(code)
    assert result.returncode == 0, result.stderr


PRINT_ENVIRONMENT = """
import os
from playground.startup import prepare_environment
prepare_environment()
print(os.environ["QT_NO_GUI_THREADPOOL"], os.environ["OPENBLAS_NUM_THREADS"])
"""


def test_environment_is_prepared() -> None:
    assert run(PRINT_ENVIRONMENT).stdout.split() == ["1", "1"]


def test_the_users_environment_takes_precedence() -> None:
    assert run(PRINT_ENVIRONMENT, QT_NO_GUI_THREADPOOL="0", OPENBLAS_NUM_THREADS="4").stdout.split() == ["0", "4"]


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another library keeps memory its own way")
def test_freed_memory_is_kept_for_the_next_array() -> None:
    code = """
import resource, threading
from playground.startup import prepare_environment
prepare_environment()
import numpy as np

def fill() -> None:
    for turn in range(21):
        if turn == 1:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        arrays = [np.ones(100_000) for _ in range(8)]
        del arrays
    print((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) // 20)

fill()
thread = threading.Thread(target=fill)
thread.start()
thread.join()
"""
    faults = [int(number) for number in run(code).stdout.split()]
    assert len(faults) == 2
    assert max(faults) < 8 * 100_000 * 8 // 4096 // 10  # otherwise every page would fault each time


@pytest.mark.parametrize(
    ("python", "pyside", "bad"),
    [
        ((3, 11, 7), (6, 12, 0), True),
        ((3, 11, 7), (6, 11, 3), False),
        ((3, 12, 0), (6, 12, 0), False),
        ((3, 13, 1), (6, 12, 1), False),
    ],
)
def test_only_the_crashing_pair_is_rejected(python: tuple[int, ...], pyside: tuple[int, ...], bad: bool) -> None:
    assert is_bad_pair(python, pyside) is bad


def test_a_bad_pair_ends_the_program_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "PySide6").mkdir()
    (tmp_path / "PySide6" / "__init__.py").write_text("__version_info__ = (6, 12, 0, '', '')\n", encoding="utf-8")
    code = "import sys; sys.version_info = (3, 11, 9); from playground.startup import reject_bad_versions as f; f()"
    result = run(code, PYTHONPATH=os.pathsep.join([str(tmp_path), str(ROOT)]))
    assert result.returncode == 1
    assert result.stderr == "PySide6 6.12 crashes on Python before 3.12: pip install 'PySide6-Essentials<6.12'\n"


def test_the_installed_pair_is_accepted() -> None:
    assert run("from playground.startup import reject_bad_versions as f; f()").returncode == 0


def test_the_start_defers_imports_the_first_frame_does_not_need() -> None:
    code = """
import builtins, gc
from playground.startup import hasten_start, settle_down
hasten_start()
assert not gc.isenabled()
assert builtins.__import__ is not builtins.__feature_import__, "PySide6 reads the source of every module"
from PySide6.QtWidgets import QWidget
import playground.style.theme
settle_down()
assert gc.isenabled() and gc.get_freeze_count() > 1000
"""
    result = run(code)
    assert result.returncode == 0, result.stderr


def test_imports_only_dialogs_need_are_deferred() -> None:
    code = """
import sys
import playground.app
late = {"numba", "pandas", "ziamath", "playground.export.dialog.dialog", "playground.panels.table.dialog",
        "core.engine.compiled.kernel", "core.analysis.gradient_check", "core.experiment.tf_playground_link",
        "playground.lessons", "core.lessons", "markdown_it", "tomlkit"}
print(*sorted(late & set(sys.modules)))
"""
    result = run(code)
    assert (result.returncode, result.stdout) == (0, "\n"), result.stderr


def test_the_first_frame_imports_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    code = """
import sys
from playground.startup import hasten_start, prepare_environment
prepare_environment()
hasten_start()
from PySide6 import QtWidgets
from core.experiment import Experiment
from playground.app import make_application, make_window
application = make_application(["test"])
window = make_window(Experiment(), None)

def report():
    late = {"contourpy", "core.analysis.normal_ranges", "csv", "difflib", "gzip", "html",
            "numpy.polynomial", "playground.lessons", "playground.network_view.figure.items",
            "playground.network_view.canvas.layer_menu", "playground.panels.layers.layer_list",
            "playground.panels.training.rare_training", "playground.plots.output.drawing.strip", "PySide6.QtTest",
            "pyqtgraph.parametertree", "numba"}
    made = {"QAbstractItemView", "QFileDialog", "QStyle"} & set(vars(QtWidgets))  # with dozens of enumerations
    print(*sorted(late & set(sys.modules)), *sorted(made))
    window.close()
    application.quit()

window.controller.clock.first_painted.connect(report)
window.start(playing=False)
window.show()
application.exec()
"""
    folder = str(tmp_path)
    result = run(code, QT_QPA_PLATFORM="offscreen", XDG_CONFIG_HOME=folder, XDG_DATA_HOME=folder)
    assert (result.returncode, result.stdout) == (0, "\n"), result.stderr


@linux_only
@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"DISPLAY": ""},
        {"DISPLAY": "nonsense"},
        {"DISPLAY": ":64321"},
        {"DISPLAY": "localhost:1"},
        {"DISPLAY": "/nowhere/x:0"},
        {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": "/nowhere"},
        {"QT_QPA_PLATFORM": "xcb"},
        {"QT_QPA_PLATFORM": "wayland;xcb", "DISPLAY": ":64321"},
    ],
)
def test_no_screen(environment: dict[str, str]) -> None:
    assert has_screen(environment) is False


@linux_only
@pytest.mark.parametrize("platform", ["offscreen", "offscreen:configfile=/a.json", "minimal", "vnc", "xcb;offscreen"])
def test_a_platform_without_a_screen_was_chosen(platform: str) -> None:
    assert has_screen({"QT_QPA_PLATFORM": platform}) is True


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A folder whose path is short enough for a socket's name."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@linux_only
def test_a_display_that_answers_is_a_screen(short_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(short_path / "x:0"))
        assert has_screen({"DISPLAY": f"{short_path}/x:0"}) is False
        server.listen()
        assert has_screen({"DISPLAY": f"{short_path}/x:0"}) is True
        wayland = {"WAYLAND_DISPLAY": "x:0", "XDG_RUNTIME_DIR": str(short_path)}
        assert has_screen(wayland) is True
        assert has_screen({**wayland, "QT_QPA_PLATFORM": "xcb"}) is False


@linux_only
def test_a_local_x_server_is_found_by_its_abstract_name() -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("\0/tmp/.X11-unix/X64320")
        server.listen()
        assert has_screen({"DISPLAY": ":64320"}) is True
        assert has_screen({"DISPLAY": "unix:64320.0"}) is True


@linux_only
def test_a_forwarded_display_is_a_screen() -> None:
    with socket.create_server(("localhost", 0)) as server:
        number = server.getsockname()[1] - 6000
        assert has_screen({"DISPLAY": f"localhost:{number}.0"}) is True


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal of POSIX systems")
def test_ctrl_c_ends_the_start_without_an_exception() -> None:
    code = """
import os, signal, sys, time
from playground.__main__ import main

signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background of a shell it is ignored

def run():
    try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1.0)
    except KeyboardInterrupt:
        return 7  # in the initialization of Qt it would abort

sys.modules["playground.app"] = type(sys)("playground.app")
sys.modules["playground.app"].run = run
sys.exit(main([]))
"""
    result = run(code, QT_QPA_PLATFORM="offscreen")
    assert (result.returncode, result.stderr) == (130, "nn-playground: interrupted\n")
