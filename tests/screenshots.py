"""Take the screenshots for the README: ``make screenshots``.

Without a display it runs itself under Xvfb.
"""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from playground.session.session import Session
    from playground.window.main_window import MainWindow

FOLDER: Final = Path(__file__).resolve().parents[1] / "assets" / "screenshots"
SIZE: Final = (1440, 900)
ENGINE_SECONDS: Final = 120.0
"""Maximum wait for the compiled engine, which cannot be loaded everywhere."""


def main() -> int:
    """Take all screenshots."""
    if not os.environ.get("DISPLAY") and shutil.which("xvfb-run"):
        command = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24", sys.executable, __file__]
        return subprocess.run(command, check=False).returncode
    with tempfile.TemporaryDirectory() as folder:
        # Do not use or change the user's settings.
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            os.environ[name] = folder
        _take_all()
    return 0


def _take_all() -> None:
    from playground.startup import prepare_environment

    prepare_environment()
    from playground.app import make_application
    from playground.session.selection import Selection

    make_application(["nn-playground"])
    FOLDER.mkdir(parents=True, exist_ok=True)
    _take("window-light", "spiral", "light", 3000, lambda window: window.session.select(Selection("weight", 1, 2, 1)))
    _take("window-dark", "iris", "dark", 1500, lambda window: window.session.select(Selection("neuron", 0, 1)))
    _take("vanishing-gradient", "vanishing-gradient", "light", 300, lambda _: None)
    for key, preset, theme, steps in (
        ("gradients", "vanishing-gradient", "dark", 300),
        ("landscape", "default", "light", 1500),
    ):
        _take(key, preset, theme, steps, lambda window, key=key: window.workspace.show_arrangement(key))
    _take("lesson", "default", "light", 0, _walk_through_lesson)


def _walk_through_lesson(window: MainWindow) -> None:
    """Open the lesson on vanishing gradients, and reach the goal of its second step with a prediction."""
    from core.lessons.classroom.answers import Answer

    manager = window.lessons
    manager.open_lesson("07-vanishing-gradient")
    _wait(lambda: manager.run is not None)
    run = manager.run
    if run is None or manager.page is None:
        return
    run.go_to(1)
    run.predict(Answer(step=2, choice=2))
    manager.page.show_step()
    run.apply_solution()
    _wait(lambda: run.is_reached)
    manager.page.scroll_to_goal()


def _take(name: str, preset: str, theme: str, steps: int, arrange: Callable[[MainWindow], object]) -> None:
    """Train ``preset`` for at least ``steps`` steps in the window, pause, and save a screenshot."""
    from core.experiment.presets import preset as load_preset
    from playground.app import load_after_first_frame, make_window
    from playground.style.appearance import THEME_CHOICES
    from playground.worker.background import Background

    window = make_window(load_preset(preset), None)
    window.appearance.choose_theme(next(choice for choice in THEME_CHOICES if choice == theme))
    window.resize(*SIZE)
    load_after_first_frame(window)
    window.show()
    window.start(playing=True)
    _wait(lambda: window.session.snapshot is not None and window.session.snapshot.step >= steps)
    arrange(window)
    window.session.pause()
    _wait(lambda: window.session.snapshot is not None and not window.session.snapshot.playing)
    _rest(2.0)  # the cards submit their computations
    _wait(lambda: all(each.is_idle for each in window.findChildren(Background)))
    _wait(lambda: has_tried_cures(window.session), seconds=ENGINE_SECONDS)
    _rest(3.0)
    path = FOLDER / f"{name}.png"
    window.grab().save(str(path))
    window.close()
    sys.stdout.write(f"{path.relative_to(FOLDER.parents[1])}  {path.stat().st_size / 1024:.0f} kB\n")


def has_tried_cures(session: Session) -> bool:
    """Return whether the last snapshot was examined, and every cure that was found for it was tried.

    Trials of large networks wait for the compiled engine; until then, the findings say so.
    """
    snapshot, findings = session.snapshot, session.findings
    return snapshot is not None and findings.is_current(snapshot, 0.0) and not findings.awaits_trial


def _wait(done: Callable[[], bool], seconds: float = math.inf) -> None:
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        _rest(0.05)


def _rest(seconds: float) -> None:
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


if __name__ == "__main__":
    sys.exit(main())
