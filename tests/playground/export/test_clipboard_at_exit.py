"""A picture on the clipboard does not crash the program at exit."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

COPY_AND_CLOSE = """
from playground.startup import prepare_environment
prepare_environment()
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from playground.app import make_application, run
from playground.export.export import copy_figure
from playground.window.main_window import MainWindow

application = make_application(["nn-playground"])

def copy() -> None:
    window = next(w for w in application.topLevelWidgets() if isinstance(w, MainWindow))
    if window.session.snapshot is None:
        QTimer.singleShot(50, copy)
        return
    copy_figure(window.cards["loss"].figure, size=(320, 180))
    print(QGuiApplication.clipboard().image().width(), flush=True)
    window.close()

QTimer.singleShot(50, copy)
raise SystemExit(run())
"""


def test_a_copied_picture_does_not_crash_the_program_at_exit(tmp_path: Path) -> None:
    folders = {f"XDG_{kind}_HOME": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "CACHE", "STATE")}
    environment = {**os.environ, **folders, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    result = subprocess.run(
        [sys.executable, "-c", COPY_AND_CLOSE],
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
        check=False,
    )
    assert result.stdout.split() == ["320"], result.stderr
    assert result.returncode == 0, result.stderr
