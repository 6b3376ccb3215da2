"""Detect failures: uncaught exceptions, warnings, dead threads, hangs and growing memory."""

from __future__ import annotations

import sys
import threading
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final

from hangs import Hangs
from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from stacks import PROJECT, main_thread, place_in

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

    Attributes:
        slowest: longest processor time without a response in seconds, and the event during which it was.

    Args:
        report: called with each failure, on the thread on which it occurred.
        stacks: file for the stack trace of a hang.
    """

    def __init__(self, report: Callable[[Failure], None], stacks: Path) -> None:
        self._report = report
        self._hangs = Hangs(stacks)
        self.slowest: tuple[float, object] = (0.0, None)
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
        hang, stack = self._hangs.pulse()
        if self._hangs.busy > self.slowest[0]:
            self.slowest = (self._hangs.busy, doing)
        if hang:
            kind = doing[0] if isinstance(doing, list) and doing else doing
            signature = f"hang at {place_in(stack, f'the end of {kind}')}"
            self._report(Failure(signature, f"{hang} during {doing}\n{main_thread(stack)}"))

    def rest(self) -> None:
        """Suspend the detection of hangs until the next pulse."""
        self._hangs.rest()


def _in_one_line(text: str) -> str:
    return " ".join(text.split())[:300]
