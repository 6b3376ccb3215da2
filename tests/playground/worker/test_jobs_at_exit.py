"""Python and Qt are not finalized while a job uses Qt, because its thread would crash the program."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from playground.worker.background import JobThread, wait_for_jobs

ROOT = Path(__file__).parents[3]

CLOSE_DURING_A_JOB = """
import atexit, sys, threading, time
from playground.startup import prepare_environment
prepare_environment()
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage, QPainter
from playground.app import make_application, run
from playground.window.main_window import MainWindow
from playground.worker.background import Background

application = make_application(["nn-playground"])
background, begun = Background("drawing"), threading.Event()
atexit.register(lambda: print("finalized", flush=True))

def draw(_advance) -> None:
    print("began", flush=True)
    begun.set()
    ends = time.monotonic() + float(sys.argv[1])
    image = QImage(400, 400, QImage.Format.Format_ARGB32)
    while time.monotonic() < ends:
        painter = QPainter(image)
        painter.drawText(10, 20, "a long text")
        painter.end()
    print("ended", flush=True)

def close() -> None:
    windows = [w for w in application.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible()]
    if not windows:
        QTimer.singleShot(50, close)
        return
    background.submit(draw)
    begun.wait()
    background.stop()
    windows[0].close()

QTimer.singleShot(50, close)
raise SystemExit(run())
"""


@pytest.mark.parametrize(("seconds", "said"), [("0.5", ["began", "ended", "finalized"]), ("600", ["began"])])
def test_the_program_ends_after_its_jobs_or_without_finalizing(tmp_path: Path, seconds: str, said: list[str]) -> None:
    folders = {f"XDG_{kind}_HOME": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "CACHE", "STATE")}
    environment = {**os.environ, **folders, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    result = subprocess.run(
        [sys.executable, "-c", CLOSE_DURING_A_JOB, seconds],
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
        check=False,
    )
    assert result.stdout.split() == said, result.stderr
    assert result.returncode == 0, result.stderr


def test_waiting_for_jobs_is_limited() -> None:
    goes_on = threading.Event()
    thread = JobThread(goes_on.wait, "waiting")
    thread.start()
    assert not wait_for_jobs(0.01)
    goes_on.set()
    assert wait_for_jobs(60.0)
    assert not thread.is_alive()
