"""Let a worker's thread give way to the window's when processors are scarce."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from typing import Final

NICENESS: Final = 3
"""By how much the training thread is nicer than the rest.

Measured beside one busy process per processor: at 3 an event waits half as long as at 0, with no fewer redraws; from 5 on
snapshots arrive so late that there are fewer. With a processor to spare it makes no difference.
"""


def lower_priority() -> None:
    """Lower the priority of the calling thread, where the system counts it by thread (Linux)."""
    if sys.platform.startswith("linux"):
        thread = threading.get_native_id()
        with contextlib.suppress(OSError):  # a sandbox may forbid it; training works all the same
            os.setpriority(os.PRIO_PROCESS, thread, min(os.getpriority(os.PRIO_PROCESS, thread) + NICENESS, 19))
