"""The test suite detects leaks: a test that leaves something running fails and reports where it was started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SUITE = """
import threading, time
from PySide6.QtCore import QObject, QPropertyAnimation, QThread, QTimer
from PySide6.QtWidgets import QWidget

KEPT = []

def test_thread():
    KEPT.append(threading.Event())
    threading.Thread(target=KEPT[-1].wait, args=(8,), daemon=True, name="worker").start()

def test_qt_thread(qtbot):
    thread = QThread()
    KEPT.append(thread)
    thread.start()

def test_timer(qapp):
    timer = QTimer()
    KEPT.append(timer)
    timer.start(1000)

def test_animation(qapp):
    target = QObject()
    animation = QPropertyAnimation(target, b"height")
    animation.setDuration(100_000)
    animation.setStartValue(0)
    animation.setEndValue(1)
    KEPT.extend([target, animation])
    animation.start()

def test_window(qtbot):
    KEPT.append(QWidget())
    KEPT[-1].setWindowTitle("forgotten")

def test_clean(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    timer = QTimer(widget)
    timer.start(10)
    done = threading.Thread(target=time.sleep, args=(0.01,))
    done.start()
    thread = QThread()
    thread.start()
    thread.quit()
    thread.wait()
"""

LEAKS = {
    "test_thread": ("thread 'worker'", ".start()"),
    "test_qt_thread": ("QThread", "thread.start()"),
    "test_timer": ("active QTimer", "timer.start(1000)"),
    "test_animation": ("running QPropertyAnimation", "animation.start()"),
    "test_window": ("window QWidget", "forgotten"),
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Run the leaking suite with this suite's conftest in a separate process, and return pytest's output."""
    folder = tmp_path_factory.mktemp("leaking")
    conftest = (Path(__file__).parents[1] / "conftest.py").read_text(encoding="utf-8")
    patience = "PATIENCE_SECONDS = 3.0\n"
    assert patience in conftest
    (folder / "conftest.py").write_text(conftest.replace(patience, "PATIENCE_SECONDS = 0.3\n"), encoding="utf-8")
    (folder / "test_leaking.py").write_text(SUITE, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nqt_api = pyside6\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", "-rA", str(folder)]
    result = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=dict(os.environ), check=False)
    assert result.returncode == 1, result.stdout + result.stderr
    return result.stdout


@pytest.mark.parametrize("test", sorted(LEAKS))
def test_a_leak_fails_its_own_test_and_names_the_place(report: str, test: str) -> None:
    heading = f"ERROR at teardown of {test} _"
    assert heading in report
    said = report.split(heading)[1].split("___ ERROR at")[0].split("=====")[0]
    for words in LEAKS[test]:
        assert words in said


def test_a_clean_test_passes(report: str) -> None:
    assert "ERROR at teardown of test_clean" not in report
    assert f"{len(LEAKS)} errors" in report
    assert "6 passed" in report
