"""A worker process: make and read the inputs of every reader, within bounds of time and memory."""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from random import Random
from typing import Any

from readers import READERS, Reader
from shrinking import shrunk

MAX_SECONDS = 2.0
"""Maximum processor time for one input."""

MAX_MEGABYTES = 400
"""Maximum memory for one input, beyond what the process had after it had read one input of each kind."""

_STUCK_SECONDS = 60
"""Processor time after which the system ends a process that a signal cannot interrupt, such as a loop in C."""

_SHRINK_SECONDS = 10.0


class TooSlowError(BaseException):
    """Reading took longer than :data:`MAX_SECONDS`; not an Exception, which a reader might catch."""


def _too_slow(_number: int, _frame: object) -> None:
    raise TooSlowError


@dataclass(frozen=True)
class Failure:
    """A failed input.

    Attributes:
        reader: key of the reader.
        number: number of the input.
        kind: error and place, for counting.
        content: the smallest input found with this failure, as text.
        trace: the traceback.
    """

    reader: str
    number: int
    kind: str
    content: str
    trace: str


def made(reader: str, seed: int, number: int) -> Any:
    """Return input ``number`` of ``reader``, which does not depend on the inputs before it."""
    return READERS[reader].made(Random(f"{reader}:{seed}:{number}"))


def peak_megabytes() -> float:
    """Return the peak memory of this process."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def prepare() -> None:
    """Read one input of each kind, so that libraries are loaded, then limit the memory of this process."""
    signal.signal(signal.SIGPROF, _too_slow)
    for name, reader in READERS.items():
        for number in range(3):
            reader.read(made(name, 0, number))
    pages = Path("/proc/self/statm")
    if pages.is_file():
        size = int(pages.read_text().split()[0]) * os.sysconf("SC_PAGESIZE")
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (size + MAX_MEGABYTES * 2**20, hard))


def outcome(reader: Reader, content: Any) -> tuple[bool, BaseException | None]:
    """Read ``content``; return whether it was accepted, and what was wrong."""
    signal.setitimer(signal.ITIMER_PROF, MAX_SECONDS)
    try:
        return reader.read(content), None
    except (Exception, TooSlowError) as error:  # noqa: BLE001 - any exception is a failure to report
        return False, error
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)


def kind_of(error: BaseException) -> str:
    """Return type and place of ``error``: the same for all inputs with the same cause."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/core/" in frame.filename or "/playground/" in frame.filename] or frames
    return f"{type(error).__name__} at {Path(own[-1].filename).name}:{own[-1].name}"


def failure(name: str, number: int, content: Any, error: BaseException) -> Failure:
    """Return the failure ``error``, with a smaller input that fails in the same way."""
    kind = kind_of(error)
    ends = time.process_time() + _SHRINK_SECONDS

    def fails(smaller: Any) -> bool:
        again = outcome(READERS[name], smaller)[1]
        return again is not None and kind_of(again) == kind

    smallest = content if isinstance(error, TooSlowError | MemoryError) else shrunk(content, fails, ends)
    text = repr(smallest)
    trace = "".join(traceback.format_exception(error, limit=-8))
    return Failure(
        name, number, kind, text if len(text) <= 3000 else f"{text[:3000]} … ({len(text)} characters)", trace
    )


@dataclass(frozen=True)
class Tally:
    """Shared counters of a worker, by reader: where it is, and what it has found so far.

    Attributes:
        place: index of the reader, number of the input.
        read: inputs read, by reader.
        accepted: inputs accepted, by reader.
        seconds: processor time, by reader.
        slowest: seconds and number of the slowest input, by reader.
        peak: peak memory in megabytes.
    """

    place: Any
    read: Any
    accepted: Any
    seconds: Any
    slowest: Any
    peak: Synchronized[float]


def work(
    plan: Sequence[tuple[str, int]], seed: int, start: tuple[int, int], step: int, tally: Tally, found: Connection
) -> None:
    """Test the inputs of ``plan`` (reader, count) from ``start`` (index of the reader, number), every ``step`` th."""
    prepare()
    known: set[str] = set()
    for index in range(start[0], len(plan)):
        name, count = plan[index]
        reader = READERS[name]
        first = start[1] if index == start[0] else start[1] % step
        for number in range(first, count, step):
            tally.place[0], tally.place[1] = index, number
            if number // step % 256 == 0:
                used = int(time.process_time())
                resource.setrlimit(
                    resource.RLIMIT_CPU, (used + _STUCK_SECONDS, resource.getrlimit(resource.RLIMIT_CPU)[1])
                )
                tally.peak.value = peak_megabytes()
            content = made(name, seed, number)
            began = time.process_time()
            accepted, error = outcome(reader, content)
            seconds = time.process_time() - began
            tally.read[index] += 1
            tally.accepted[index] += accepted
            tally.seconds[index] += seconds
            if seconds > tally.slowest[2 * index]:
                tally.slowest[2 * index], tally.slowest[2 * index + 1] = seconds, number
            if error is not None:
                kind = f"{name}: {kind_of(error)}"
                found.send(kind if kind in known else failure(name, number, content, error))
                known.add(kind)
    tally.peak.value = peak_megabytes()
    found.send(None)
