"""Exit cleanly on signals: Ctrl+C in the terminal, log-out, shutdown."""

from __future__ import annotations

import signal
import socket
from types import FrameType
from typing import Final

from PySide6.QtCore import QObject, QSocketNotifier, Signal

SIGNALS: Final = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class ExitSignals(QObject):
    """Collects operating system signals from its creation to :meth:`release`, and from :meth:`report` on emits them.

    Python runs signal handlers between bytecode instructions, possibly inside a Qt virtual, where an exception such as
    KeyboardInterrupt crashes the program. The handlers here do nothing; the byte that Python writes to the wakeup file
    descriptor wakes the event loop. A signal that the program was started to ignore, as ``nohup`` does, stays ignored.

    Signals:
        received: the number of the signal.
    """

    received = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.setEnabled(False)
        self._notifier.activated.connect(self._read)
        heeded = [number for number in SIGNALS if signal.getsignal(number) != signal.SIG_IGN]
        self._before = {number: signal.signal(number, _ignore) for number in heeded}
        self._before_fd = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)

    def report(self) -> None:
        """Emit the signals that have arrived, and those to come."""
        self._notifier.setEnabled(True)

    def release(self) -> None:
        """Restore the previous signal handlers."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before_fd)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._reader.close()
        self._writer.close()

    def _read(self) -> None:
        for number in self._reader.recv(64):
            if number in self._before:
                self.received.emit(number)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Do nothing; the wakeup file descriptor reports the signal."""
