"""Lower the priority of the training thread and of background jobs below that of the GUI thread."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from typing import Final

NICENESS: Final = 3
"""Nice value added for these threads.

Measured with one busy process per core: at 3, an event waits half as long as at 0, with as many redraws; from 5 on,
snapshots arrive so late that there are fewer redraws. With an idle core it makes no difference.
"""


def lower_priority() -> None:
    """Lower the priority of the calling thread, on systems with per-thread priorities (Linux)."""
    if sys.platform.startswith("linux"):
        thread = threading.get_native_id()
        with contextlib.suppress(OSError):  # a sandbox may forbid it
            os.setpriority(os.PRIO_PROCESS, thread, min(os.getpriority(os.PRIO_PROCESS, thread) + NICENESS, 19))
