"""The resources of the process at rest, and whether they keep growing."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from types import FunctionType
from typing import Final

from PySide6.QtWidgets import QApplication

WARM_UP: Final = 4
"""Number of rests after which every dialog has been opened once and caches are full."""

MIN_RESTS: Final = 10
"""Number of rests after the warm-up before growth is judged."""

MAX_MEGABYTES: Final = 6.0
MAX_WIDGETS: Final = 20.0
MAX_OBJECTS: Final = 3000.0
"""Maximum increase from one rest to the next, on the average (Theil–Sen slope)."""


@dataclass(frozen=True)
class Memory:
    """The resources of a process.

    Attributes:
        megabytes: resident memory.
        widgets: number of widgets.
        objects: number of objects tracked by the garbage collector.
        kinds: number of those objects by type; functions by name.
        window: number of the main window, from 1; another one is opened when it has been closed.
        allocated: megabytes that the program has allocated in C; the rest of ``megabytes`` is fragmentation and code.
    """

    megabytes: float
    widgets: int
    objects: int
    kinds: Mapping[str, int] = field(default_factory=dict, repr=False)
    window: int = 1
    allocated: float = 0.0

    @classmethod
    def now(cls, window: int) -> Memory:
        """Return the resources of this process, with its main window number ``window``, after a garbage collection."""
        gc.unfreeze()
        gc.collect()
        if sys.platform == "linux":
            ctypes.CDLL(None).malloc_trim(0)  # do not count what was freed, but not returned to the system
        objects = gc.get_objects()
        kinds = dict(Counter(map(kind_of, objects)))
        widgets = len(QApplication.allWidgets())
        return cls(resident_megabytes(), widgets, len(objects), kinds, window, allocated_megabytes())


def kind_of(thing: object) -> str:
    """Return the name of a function, or of the type of anything else."""
    # isinstance() would ask a weak proxy for its object, which may not exist any more.
    named = thing if type(thing) is FunctionType else type(thing)
    return f"{named.__module__}.{named.__qualname__}"


def resident_megabytes() -> float:
    """Return the resident memory of this process in megabytes (0 if unknown)."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


class _MallocInfo(ctypes.Structure):
    """The result of mallinfo2()."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            "arena",
            "free_blocks",
            "fast_blocks",
            "mapped_blocks",
            "mapped",
            "unused",
            "fast",
            "used",
            "free",
            "top",
        )
    ]


def allocated_megabytes() -> float:
    """Return the memory that malloc() has handed out (0 if unknown)."""
    mallinfo = getattr(ctypes.CDLL(None), "mallinfo2", None) if sys.platform == "linux" else None
    if mallinfo is None:
        return 0.0
    mallinfo.restype = _MallocInfo
    info = mallinfo()
    return float(info.used + info.mapped) / 2**20


def growth(rests: Sequence[Memory]) -> list[str]:
    """Return what keeps growing after the warm-up, in words.

    Widgets are counted from the last opening of the main window on, because a new one builds its dialogs again as they are used:
    500 widgets within ten rests.
    """
    settled = rests[WARM_UP:]
    if len(settled) < MIN_RESTS:
        return []
    same = [rest for rest in rests if rest.window == rests[-1].window][WARM_UP:]
    limits = {
        "memory grows": ([rest.megabytes for rest in settled], MAX_MEGABYTES),
        "widgets are left over": ([rest.widgets for rest in same] if len(same) >= MIN_RESTS else [0, 0], MAX_WIDGETS),
        "objects are left over": ([rest.objects for rest in settled], MAX_OBJECTS),
    }
    return [complaint for complaint, (values, limit) in limits.items() if slope(values) > limit]


def most_grown(rests: Sequence[Memory], most: int = 15) -> list[tuple[str, float]]:
    """Return the kinds of objects that grow most from one rest to the next after the warm-up, and by how many."""
    settled = rests[WARM_UP:]
    kinds = {kind for rest in settled[-1:] for kind in rest.kinds}
    slopes = {kind: slope([rest.kinds.get(kind, 0) for rest in settled]) for kind in kinds}
    return sorted(slopes.items(), key=lambda each: -each[1])[:most]


def slope(values: Sequence[float]) -> float:
    """Return the Theil–Sen slope of ``values``: the median slope between all pairs, which single outliers do not change."""
    count = len(values)
    return median(
        (values[later] - values[earlier]) / (later - earlier)
        for earlier in range(count)
        for later in range(earlier + 1, count)
    )
