"""The resources of the process at rest, and whether they keep growing."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from types import FunctionType
from typing import Final

from PySide6.QtWidgets import QApplication

from playground.startup import TRIM_THRESHOLD

WARM_UP: Final = 4
"""Number of rests after which every dialog has been opened once and caches are full."""

MIN_RESTS: Final = 10
"""Number of rests after the warm-up before growth is judged."""

WARM_UP_NEW: Final = 3
MIN_NEW: Final = 8
"""The same, if only rests of newly opened windows are compared."""

MAX_MEGABYTES: Final = 6.0
MAX_WIDGETS: Final = 20.0
MAX_OBJECTS: Final = 3000.0
"""Maximum increase from one rest to the next, on the average (Theil–Sen slope)."""

MAX_RESIDENT: Final = 900.0
"""Maximum memory at any rest, in megabytes, of a window that has built all its views and dialogs."""


_M_TRIM_THRESHOLD: Final = -1
"""Constant from <malloc.h>."""

_THREADS: Final = 8
_BLOCK: Final = 200_000
"""Size of a block, beyond that from which free() cuts the end of an arena (64 kB)."""


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
        is_new: whether the window has been opened for this rest.
    """

    megabytes: float
    widgets: int
    objects: int
    kinds: Mapping[str, int] = field(default_factory=dict, repr=False)
    window: int = 1
    allocated: float = 0.0
    is_new: bool = False

    @classmethod
    def now(cls, window: int, *, is_new: bool = False) -> Memory:
        """Return the resources of this process, with its main window number ``window``, after a garbage collection."""
        gc.unfreeze()
        gc.collect()
        return_freed()
        gc.unfreeze()  # the thread that loads the compiled engine freezes all objects when it is done
        objects = gc.get_objects()
        kinds = dict(Counter(map(kind_of, objects)))
        widgets = len(QApplication.allWidgets())
        return cls(resident_megabytes(), widgets, len(objects), kinds, window, allocated_megabytes(), is_new)


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


def return_freed() -> None:
    """Return all memory that was freed to the system, if malloc() is glibc's.

    malloc_trim() leaves the free end of the arenas that threads allocate from as it is. It is cut when a thread frees a block
    there, to the threshold that the program has set to 64 MiB.
    """
    process = ctypes.CDLL(None)
    if sys.platform != "linux" or not hasattr(process, "malloc_trim"):
        return
    process.malloc.restype, process.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    together = threading.Barrier(_THREADS)

    def free_block() -> None:
        together.wait()  # each thread takes another arena, as long as there is one that none uses
        block = process.malloc(ctypes.c_size_t(_BLOCK))
        together.wait()
        process.free(block)

    process.mallopt(_M_TRIM_THRESHOLD, 0)
    threads = [threading.Thread(target=free_block) for _ in range(_THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    process.malloc_trim(0)
    process.mallopt(_M_TRIM_THRESHOLD, TRIM_THRESHOLD)


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
    """Return what keeps growing after the warm-up, or is too large, in words.

    A window builds its views and dialogs as they are used, and keeps them. So its memory may grow for as long as it is open, and
    is judged by comparing newly opened windows, which grow only with what closed ones left behind. Widgets and objects are
    compared within one window too, where it is open long enough to have built everything.
    """
    return _growth_within_windows(rests) + _growth_of_new_windows(rests) + _excess(rests)


def _growth_within_windows(rests: Sequence[Memory]) -> list[str]:
    same = [rest for rest in rests if rest.window == rests[-1].window][WARM_UP:]
    if len(same) < MIN_RESTS:
        return []
    return _too_steep(
        {
            "widgets are left over": ([rest.widgets for rest in same], MAX_WIDGETS),
            "objects are left over": ([rest.objects for rest in same], MAX_OBJECTS),
        }
    )


def _growth_of_new_windows(rests: Sequence[Memory]) -> list[str]:
    new = _new_windows(rests)
    if len(new) < MIN_NEW:
        return []
    return _too_steep(
        {
            "memory grows": ([rest.megabytes for rest in new], MAX_MEGABYTES),
            "widgets of closed windows are left over": ([rest.widgets for rest in new], MAX_WIDGETS),
            "objects of closed windows are left over": ([rest.objects for rest in new], MAX_OBJECTS),
        }
    )


def _new_windows(rests: Sequence[Memory]) -> list[Memory]:
    return [rest for rest in rests if rest.is_new][WARM_UP_NEW:]


def _excess(rests: Sequence[Memory]) -> list[str]:
    return ["too much memory"] if rests and rests[-1].megabytes > MAX_RESIDENT else []


def _too_steep(series: Mapping[str, tuple[Sequence[float], float]]) -> list[str]:
    return [complaint for complaint, (values, limit) in series.items() if slope(values) > limit]


def most_grown(rests: Sequence[Memory], most: int = 15) -> list[tuple[str, float]]:
    """Return the kinds of objects that grew most from one rest to the next after the warm-up, and by how many on the average.

    Newly opened windows are compared if there are enough of them.
    """
    at = _first_compared(rests)
    first, last = rests[at], rests[-1]
    rest_count = max(len(rests) - 1 - at, 1)
    grown = [(kind, (count - first.kinds.get(kind, 0)) / rest_count) for kind, count in last.kinds.items()]
    return sorted(grown, key=lambda each: -each[1])[:most]


def without_kinds(rests: Sequence[Memory]) -> list[Memory]:
    """Return ``rests`` without the kinds of objects that :func:`most_grown` does not need: they take 3 MB a rest."""
    kept = {_first_compared(rests), len(rests) - 1}
    return [rest if at in kept else replace(rest, kinds={}) for at, rest in enumerate(rests)]


def _first_compared(rests: Sequence[Memory]) -> int:
    """Return the index of the first rest after the warm-up, that of a newly opened window if there are any."""
    new = [at for at, rest in enumerate(rests) if rest.is_new]
    places = new[WARM_UP_NEW:] if new else list(range(len(rests)))[WARM_UP:]
    return places[0] if places else len(rests) - 1


def slope(values: Sequence[float]) -> float:
    """Return the Theil–Sen slope of ``values``: the median slope between all pairs, which single outliers do not change."""
    count = len(values)
    return median(
        (values[later] - values[earlier]) / (later - earlier)
        for earlier in range(count)
        for later in range(earlier + 1, count)
    )
