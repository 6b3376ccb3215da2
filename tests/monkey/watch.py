"""Detect failures: uncaught exceptions, warnings, dead threads, hangs and growing memory."""

from __future__ import annotations

import faulthandler
import gc
import os
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final

from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication
from stacks import PROJECT, main_thread, place_in

MAX_HANG: Final = 1.0
"""Maximum time in seconds without a response of the window."""

_NOISE: Final = (
    "This plugin does not support",  # from the offscreen platform
    "QWindowsWindow",
    "Populating font family aliases",
    "edit: editing failed",  # from the list of files in Qt's own file dialog
    "could not be reached",  # font sizes that the platform does not support
)


@dataclass(frozen=True)
class Failure:
    """A failure.

    Attributes:
        signature: kind and location; failures with the same signature have the same cause.
        details: all details.
    """

    signature: str
    details: str


class Watch:
    """Reports every :class:`Failure` from now on.

    Args:
        report: called with each failure, on the thread on which it occurred.
        stacks: file to which the stack trace of a hang is written.
    """

    def __init__(self, report: Callable[[Failure], None], stacks: Path) -> None:
        self._report = report
        self._stacks_path = stacks
        self._stacks = stacks.open("w", encoding="utf-8")
        self._alive_at: tuple[float, float] | None = None
        sys.excepthook = self._on_exception
        threading.excepthook = lambda args: self._on_exception(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback, f"in thread {args.thread}"
        )
        sys.unraisablehook = lambda args: self._on_exception(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback, f"ignored in {args.object!r}"
        )
        warnings.showwarning = self._on_python_warning
        warnings.simplefilter("always", RuntimeWarning)
        qInstallMessageHandler(self._on_qt_message)

    def failed(self, sentence: str, details: str) -> None:
        """Report an unexpected error shown by the window itself."""
        self._report(Failure(_in_one_line(f"reported: {sentence}"), details))

    # -- exceptions and warnings -------------------------------------------------------------------------------------

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None, where: str = ""
    ) -> None:
        details = "".join(traceback.format_exception(kind, error, trace)) + where
        frames = traceback.extract_tb(trace)
        inner = next((f for f in reversed(frames) if any(part in f.filename for part in PROJECT)), None)
        place = f"{Path(inner.filename).name}:{inner.name}" if inner else "outside"
        self._report(Failure(_in_one_line(f"{kind.__name__}: {error} at {place}"), details))

    def _on_python_warning(
        self, message: Warning | str, category: type[Warning], filename: str, line: int, *_: object
    ) -> None:
        stack = "".join(traceback.format_stack(limit=14))
        self._report(Failure(_in_one_line(f"{category.__name__}: {message} at {Path(filename).name}:{line}"), stack))

    def _on_qt_message(self, kind: QtMsgType, _context: object, message: str) -> None:
        if kind in {QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg} or any(noise in message for noise in _NOISE):
            return
        self._report(Failure(_in_one_line(f"Qt: {message}"), "".join(traceback.format_stack(limit=14))))

    # -- hangs -------------------------------------------------------------------------------------------------------

    def pulse(self, doing: object) -> None:
        """Record that the GUI thread responds; report a hang if it did not for too long."""
        now, starved = time.monotonic(), _seconds_in_queue()
        faulthandler.cancel_dump_traceback_later()
        if self._alive_at is not None:
            before, starved_before = self._alive_at
            # Subtract the time for which other processes occupied the processor.
            hung = now - before - (starved - starved_before)
            if hung > MAX_HANG:
                self._stacks.flush()
                stack = self._stacks_path.read_text(encoding="utf-8")
                kind = doing[0] if isinstance(doing, list) and doing else doing
                self._report(
                    Failure(
                        f"hang at {place_in(stack, f'the end of {kind}')}",
                        f"{hung:.1f} s during {doing}\n{main_thread(stack)}",
                    )
                )
                self._stacks.seek(0)
                self._stacks.truncate()
        self._alive_at = (now, starved)
        faulthandler.dump_traceback_later(MAX_HANG * 0.95, file=self._stacks)

    def rest(self) -> None:
        """Suspend the detection of hangs until the next pulse."""
        faulthandler.cancel_dump_traceback_later()
        self._alive_at = None


@dataclass(frozen=True)
class Memory:
    """The resources of a process: resident memory, widgets, and objects tracked by the garbage collector."""

    megabytes: float
    widgets: int
    objects: int

    @classmethod
    def now(cls) -> Memory:
        """Return the resources of this process after a garbage collection."""
        gc.unfreeze()
        gc.collect()
        return cls(resident_megabytes(), len(QApplication.allWidgets()), len(gc.get_objects()))


def resident_megabytes() -> float:
    """Return the resident memory of this process in megabytes (0 if unknown)."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _seconds_in_queue() -> float:
    """Return the total time that this thread has waited for a processor (0 if unknown)."""
    try:
        waited = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat").read_text(encoding="ascii").split()[1]
    except OSError:
        return 0.0
    return int(waited) / 1e9


def _in_one_line(text: str) -> str:
    return " ".join(text.split())[:300]
