"""Start the application: fonts, colours, the window, and reporting of uncaught errors."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final

import pyqtgraph as pg
from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from core.experiment import Experiment
from playground.session.saving.last_state import LastState, state_folder
from playground.startup import settle_down
from playground.style.appearance import Appearance
from playground.style.resources import application_font, application_icon, load_fonts
from playground.style.theme import TEXT_CONTROL
from playground.widgets.later import later
from playground.window.lessons.files import offer, withdraw
from playground.window.main_window import MainWindow
from playground.window.system.exit_signals import ExitSignals
from playground.worker.background import wait_for_jobs

ORGANIZATION: Final = "NN Playground"
APPLICATION: Final = "nn-playground"

SWITCH_INTERVAL: Final = 0.0005
"""Seconds after which a Python thread releases the GIL to a waiting one; a tenth of the default."""


_WITH_CLIPBOARD: Final = ("xcb", "wayland", "windows", "cocoa")


SIGNAL_STATUS: Final = 128
"""Exit status of a program ended by a signal, to which the signal's number is added."""


EXIT_SECONDS: Final = 1.0
"""Maximum time for which the program waits for cancelled jobs when it ends."""


def make_application(arguments: list[str]) -> QApplication:
    """Return the application with its name, fonts and plot settings."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        application = existing
        application.setStyle("Fusion")
    else:
        # Other than setStyle(), the option does not make PySide6 create the class of styles and its enumerations.
        application = QApplication([*arguments, "-style", "Fusion"])
    application.setOrganizationName(ORGANIZATION)
    application.setApplicationName(APPLICATION)
    application.setApplicationDisplayName("NN Playground")
    application.setWindowIcon(application_icon())
    load_fonts()
    application.setFont(application_font(TEXT_CONTROL))
    pg.setConfigOptions(antialias=False, imageAxisOrder="row-major", useOpenGL=False)
    sys.setswitchinterval(SWITCH_INTERVAL)
    return application


def make_window(experiment: Experiment | None, file: Path | None) -> MainWindow:
    """Return the main window with ``experiment``, or with the last session."""
    settings = QSettings()
    last_state = LastState.claim(settings, state_folder())
    crashed = last_state.begin()
    if crashed and experiment is not None:
        last_state.set_aside()
    last_state.adopt_crashed()
    found_problems = len(last_state.problems)
    remembered = last_state.restore() if experiment is None else None
    if len(last_state.problems) > found_problems:
        last_state.keep_unreadable()
    if crashed and remembered is not None:
        last_state.problems.append("Recovered your last session.")
    if remembered is not None:
        experiment, file = remembered
    return MainWindow(experiment or Experiment(), file, Appearance(load_fonts(), settings), settings, last_state)


def load_after_first_frame(window: MainWindow) -> None:
    """Load the compiled engine after the first frame, and keep garbage collections short from then on.

    What lives as long as the program is not scanned: a collection of all cards took 22 ms, one of the engine 50 ms.
    """
    controller = window.controller
    controller.clock.first_painted.connect(settle_down)
    window.workspace.completed.connect(settle_down)
    controller.clock.first_painted.connect(lambda: controller.load_engine(settle_down))


def release_clipboard() -> None:
    """Clear the clipboard if Qt itself stores it, as on the offscreen, frame buffer and VNC platforms.

    Qt would delete the content after Python has ended, which crashes. On other platforms the system stores the clipboard.
    """
    if QGuiApplication.platformName() not in _WITH_CLIPBOARD:
        QGuiApplication.clipboard().clear()


def run(
    experiment: Experiment | None = None,
    file: Path | None = None,
    notes: Sequence[str] = (),
    table: Path | None = None,
    lesson: Path | None = None,
    picture: Path | None = None,
) -> int:
    """Open the window, paused at the first start, otherwise as it was left; return the exit status when it closes.

    Args:
        experiment: the Experiment to open; ``None`` restores the last session.
        file: its file.
        notes: messages to show about it.
        table: a table whose dialog to open.
        lesson: a lesson's file to open.
        picture: an exported picture whose experiment to restore.
    """
    application = make_application(sys.argv[:1])
    signals = ExitSignals()  # before the session is marked as running
    window = make_window(experiment, file)

    def show_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        details = "".join(traceback.format_exception(kind, error, trace))
        sys.stderr.write(details)
        window.show_failure(f"Something went wrong: {str(error) or kind.__name__}", details)

    sys.excepthook = show_uncaught
    load_after_first_frame(window)
    # The thread generates the data while Qt lays out the window.
    window.start_as_left(resume=experiment is None)
    window.show()
    window.greet([*notes, *window.problems_at_start])
    _open_after_first_paint(window, table, lesson, picture)
    status = 0

    def end(number: int) -> None:
        nonlocal status
        status = SIGNAL_STATUS + number
        window.close()
        application.exit(status)

    signals.received.connect(end)
    signals.report()
    status = application.exec() or status
    signals.release()
    release_clipboard()
    sys.excepthook = sys.__excepthook__
    _exit_beside_jobs(status)
    return status


def _open_after_first_paint(window: MainWindow, table: Path | None, lesson: Path | None, picture: Path | None) -> None:
    """Open the given files once ``window`` has been painted; without a lesson, offer to continue one or to take the tour."""

    def after_first_paint(job: Callable[[], object]) -> None:
        window.controller.clock.first_painted.connect(lambda: later(0, window, job))

    if lesson is None:
        offer(QSettings(), window.message_bar, window.lessons.continue_file, window.lessons.open_lesson)
        window.lessons.opened_or_closed.connect(lambda: withdraw(window.message_bar))
    else:
        after_first_paint(lambda: window.lessons.open_file(lesson))
    if table is not None:
        after_first_paint(lambda: window.files.open_table(table))
    if picture is not None:
        after_first_paint(lambda: window.files.open_path(picture))


def _exit_beside_jobs(status: int) -> None:
    """Exit at once with ``status`` if a job does not end, because finalizing Qt while it is used crashes; all is saved."""
    if not wait_for_jobs(EXIT_SECONDS):
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        os._exit(status)
