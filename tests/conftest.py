"""The environment of all tests: an offscreen display, isolated user folders, and detection of leaked threads and objects."""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
import threading
import time
import traceback
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, TypeAlias

import hypothesis
import pytest

# The environment must be set before Qt, NumPy or Numba is imported, so this runs when pytest imports this module.
_SANDBOX = tempfile.TemporaryDirectory(prefix="nn-playground-tests-", ignore_cleanup_errors=True)
_USER_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nn-playground"
_SCREEN = {
    "name": "main",
    "x": 0,
    "y": 0,
    "width": 1920,
    "height": 1080,
    "logicalDpi": 96,
    "logicalBaseDpi": 96,
    "dpr": 1,
}


def _prepare_environment(sandbox: Path) -> None:
    screen = sandbox / "screen.json"
    screen.write_text(json.dumps({"screens": [_SCREEN]}), encoding="utf-8")
    os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={screen}")
    os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("PYTEST_QT_API", "pyside6")
    # Compilation takes seconds, so the cache is shared between runs.
    os.environ.setdefault("NUMBA_CACHE_DIR", str(_USER_CACHE / "numba"))
    # So is the bytecode, which takes 10 seconds in every process that imports all tests, and half a second in a program.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(sandbox / "hypothesis"))
    for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
        folder = sandbox / kind.lower()
        folder.mkdir()
        os.environ[f"XDG_{kind}_HOME"] = str(folder)


_prepare_environment(Path(_SANDBOX.name))

hypothesis.settings.register_profile(
    "playground",
    deadline=None,
    database=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("playground")


def pytest_sessionstart() -> None:
    """Collect no garbage while the tests are imported: nearly everything made then stays in use."""
    gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Exempt the imported modules and tests from the garbage collections during the tests."""
    gc.freeze()
    # A window makes so many objects that collections took twice the time with the default of 700 young objects.
    gc.set_threshold(20_000, 10, 10)
    gc.enable()


def pytest_unconfigure() -> None:
    """Remove the sandbox."""
    _SANDBOX.cleanup()


_Line: TypeAlias = tuple[str, int, str]
"""File, number and function of a line."""


PATIENCE_SECONDS = 3.0
"""Time in which a thread that a test has left behind may end."""

_DELAYED = "freed memory"
"""Name of the thread that waits some seconds after large work, by design, and ends with the process."""


class Starts:
    """Tracks, by weak references, each thread, timer and animation that a test starts, and where it was started."""

    def __init__(self) -> None:
        self._places: weakref.WeakKeyDictionary[Any, list[_Line]] = weakref.WeakKeyDictionary()

    def watch(self, kind: type) -> None:
        """Make ``kind.start`` record its caller."""
        start: Callable[..., Any] = kind.start  # type: ignore[attr-defined]

        def noting_start(started: Any, *args: Any, **kwargs: Any) -> Any:
            self._places[started] = _callers(sys._getframe(1))
            return start(started, *args, **kwargs)

        kind.start = noting_start  # type: ignore[attr-defined]

    def forget(self) -> None:
        """Forget everything before a new test."""
        self._places.clear()

    def started(self, kind: type) -> list[Any]:
        """Return the objects of ``kind`` that were started and still exist."""
        return [one for one in list(self._places) if isinstance(one, kind)]

    def place(self, started: Any) -> str:
        """Return the lines from which ``started`` was started."""
        lines = self._places.get(started)
        if lines is None:
            return "at an unknown location\n"
        return "".join(traceback.StackSummary.from_list([(*line, None) for line in reversed(lines)]).format())


def _callers(frame: FrameType | None) -> list[_Line]:
    """Return the last few calls up to ``frame``, without their text: timers start often."""
    lines: list[_Line] = []
    while frame is not None and len(lines) < 4:  # the others belong to the test runner
        lines.append((frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))
        frame = frame.f_back
    return lines


@pytest.fixture(scope="session")
def _thread_starts() -> Starts:
    starts = Starts()
    starts.watch(threading.Thread)
    return starts


@pytest.fixture(scope="session")
def _qt_starts() -> Starts:
    from PySide6.QtCore import QAbstractAnimation, QThread, QTimer  # tests of the core need no Qt

    starts = Starts()
    for kind in (QThread, QTimer, QAbstractAnimation):
        starts.watch(kind)
    return starts


@pytest.fixture(autouse=True)
def _no_leaked_threads(_thread_starts: Starts) -> Iterator[None]:
    """Fail the test that leaves a Python thread running."""
    _thread_starts.forget()
    before = set(threading.enumerate())
    yield
    # A QThread that accessed its Python thread leaves a dummy thread object behind.
    new = [t for t in threading.enumerate() if t not in before and t.name != _DELAYED]
    left = [t for t in new if not isinstance(t, threading._DummyThread)]
    _wait_until(lambda: not any(thread.is_alive() for thread in left))
    _fail_for([f"thread {t.name!r}, started\n{_thread_starts.place(t)}" for t in left if t.is_alive()])


@pytest.fixture(autouse=True)
def _no_leaked_qt_objects(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test with an application that leaves a thread, timer, animation or window behind."""
    if not {"qapp", "qtbot"} & set(request.fixturenames):
        yield
        return
    starts: Starts = request.getfixturevalue("_qt_starts")
    request.getfixturevalue("qapp")
    starts.forget()
    before = set(_windows())
    yield
    _delete_what_is_due()
    if set(_windows()) - before:
        # Windows in a reference cycle live until the next garbage collection; they are not leaks.
        gc.collect()
        _delete_what_is_due()
    _fail_for(_running(starts) + [_put_away(window) for at, window in _windows().items() if at not in before])


def _running(starts: Starts) -> list[str]:
    """Stop everything in ``starts`` that is still running, so that the next test is not affected; return a line for each."""
    from PySide6.QtCore import QAbstractAnimation, QThread, QTimer
    from shiboken6 import isValid

    leaks = []
    for thread in filter(isValid, starts.started(QThread)):
        if thread.isRunning() and not thread.wait(round(1000 * PATIENCE_SECONDS)):
            leaks.append(f"{type(thread).__name__} {thread.objectName()!r}, started\n{starts.place(thread)}")
            thread.requestInterruption()
            thread.quit()
            thread.wait(5000)
    for timer in filter(isValid, starts.started(QTimer)):
        if timer.isActive():
            leaks.append(f"active QTimer {timer.objectName()!r}, started\n{starts.place(timer)}")
            timer.stop()
    for animation in filter(isValid, starts.started(QAbstractAnimation)):
        if animation.state() == QAbstractAnimation.State.Running:
            leaks.append(f"running {type(animation).__name__}, started\n{starts.place(animation)}")
            animation.stop()
    return leaks


def _windows() -> dict[int, Any]:
    """Return the application's parentless windows by their address in C++."""
    from PySide6.QtWidgets import QApplication
    from shiboken6 import getCppPointer

    # Qt keeps one tooltip window.
    own = [
        w for w in QApplication.topLevelWidgets() if w.parent() is None and w.metaObject().className() != "QTipLabel"
    ]
    return {getCppPointer(window)[0]: window for window in own}


def _put_away(window: Any) -> str:
    name = f"{type(window).__name__} {window.objectName()!r} {window.windowTitle()!r}"
    leak = f"window {name}: hand it to qtbot.addWidget\n"
    window.close()
    window.deleteLater()
    return leak


def _delete_what_is_due() -> None:
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _wait_until(condition: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)


def _fail_for(leaks: list[str]) -> None:
    if leaks:
        pytest.fail("this test left behind: " + "and ".join(leaks), pytrace=False)
