"""Steady growth is reported, and neither noise, a single jump, nor the warm-up."""

from __future__ import annotations

import ctypes
import gc
import subprocess
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest

from tests.monkey import memory
from tests.monkey.memory import (
    MAX_MEGABYTES,
    MAX_RESIDENT,
    MIN_NEW,
    MIN_RESTS,
    WARM_UP,
    WARM_UP_NEW,
    Memory,
    allocated_megabytes,
    growth,
    kind_of,
    most_grown,
    slope,
    without_kinds,
)


def new_windows(megabytes: list[float], widgets: int = 0, objects: int = 0) -> list[Memory]:
    """Return rests of which every second one is that of a newly opened window."""
    rests = []
    for at, size in enumerate(megabytes):
        rests.append(Memory(size, widgets * at, objects * at, window=at + 1, is_new=True))
        rests.append(Memory(size + 150.0, widgets * at + 400, objects * at, window=at + 1))
    return rests


def test_single_outliers_do_not_change_the_slope() -> None:
    values = [3.0 * at + 1.0 for at in range(20)]
    values[7], values[19] = 900.0, -500.0
    assert slope(values) == pytest.approx(3.0)


def test_steady_growth_of_new_windows_is_reported() -> None:
    sizes = [300.0 + 2.0 * MAX_MEGABYTES * at for at in range(WARM_UP_NEW + MIN_NEW)]
    assert growth(new_windows(sizes)) == ["memory grows"]
    assert growth(new_windows(sizes)[:-2]) == []  # too few to judge
    assert growth(new_windows([300.0] * len(sizes), widgets=21, objects=3001)) == [
        "widgets of closed windows are left over",
        "objects of closed windows are left over",
    ]


def test_noise_a_late_jump_and_the_warm_up_are_not() -> None:
    noise = np.random.default_rng(1).normal(0.0, 30.0, 40)
    assert growth(new_windows([500.0 + each for each in noise])) == []
    assert growth(new_windows([300.0] * 30 + [600.0] * 10)) == []
    assert growth(new_windows([100.0 * at for at in range(WARM_UP_NEW)] + [400.0] * 20)) == []


def test_what_one_window_builds_is_limited_but_no_leak() -> None:
    sizes = [300.0 + 12.0 * at for at in range(WARM_UP + MIN_RESTS)]
    assert growth([Memory(size, 0, 0) for size in sizes]) == []
    assert growth([Memory(size + MAX_RESIDENT, 0, 0) for size in sizes]) == ["too much memory"]


def test_what_grows_is_named() -> None:
    kinds = [{"kept": 50, "grows": 7 * at, "came late": 2 * (at > 12)} for at in range(WARM_UP + MIN_RESTS)]
    rests = [Memory(300.0, 0, 0, each) for each in kinds]
    grown = most_grown(rests, 3)
    assert grown == [("grows", 7.0), ("came late", pytest.approx(2 / (MIN_RESTS - 1))), ("kept", 0.0)]


def test_the_kinds_compared_are_kept_and_those_between_forgotten() -> None:
    rests: list[Memory] = []
    for at in range(WARM_UP + MIN_RESTS):
        rests = without_kinds([*rests, Memory(300.0, 0, 0, {"grows": 7 * at})])
    assert most_grown(rests) == [("grows", 7.0)]
    assert sum(bool(rest.kinds) for rest in rests) == 2
    for at in range(WARM_UP_NEW + MIN_NEW):
        rests = without_kinds([*rests, Memory(300.0, 0, 0, {"grows": 500 + 3 * at}, window=at, is_new=True)])
    assert most_grown(rests) == [("grows", 3.0)]


def test_the_kind_of_any_value_is_named() -> None:
    class Thing:
        pass

    thing = Thing()
    proxy = weakref.proxy(thing)
    del thing
    assert kind_of(proxy) == "weakref.ProxyType"
    assert kind_of(test_noise_a_late_jump_and_the_warm_up_are_not).endswith(
        "test_noise_a_late_jump_and_the_warm_up_are_not"
    )
    assert kind_of([]) == "builtins.list"


def test_widgets_and_objects_are_judged_within_one_window() -> None:
    grown = [Memory(300.0, 30 * at, 4000 * at) for at in range(WARM_UP + MIN_RESTS)]
    assert growth(grown) == ["widgets are left over", "objects are left over"]
    reopened = [Memory(300.0, 30 * at, 4000 * at, window=1 + (at > WARM_UP)) for at in range(WARM_UP + MIN_RESTS)]
    assert growth(reopened) == []


def test_objects_frozen_by_another_thread_are_counted(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    count = Memory.now(1).objects
    monkeypatch.setattr(memory, "return_freed", gc.freeze)
    try:
        assert Memory.now(1).objects > 0.9 * count
    finally:
        gc.unfreeze()


@pytest.mark.skipif(sys.platform != "linux", reason="mallinfo2() is a function of glibc")
def test_allocated_memory_is_counted() -> None:
    before = allocated_megabytes()
    kept = [ctypes.create_string_buffer(2**20) for _ in range(20)]
    assert 19.0 < allocated_megabytes() - before < 25.0
    assert len(kept) == 20


FREED_BY_A_THREAD = """
import ctypes, threading
from playground.startup import prepare_environment
from tests.monkey.memory import resident_megabytes, return_freed

prepare_environment()
process = ctypes.CDLL(None)
process.malloc.restype, process.malloc.argtypes, process.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]

def work():
    blocks = [process.malloc(100_000) for _ in range(400)]
    for block in blocks:
        ctypes.memset(block, 1, 100_000)
    for block in blocks:
        process.free(block)

thread = threading.Thread(target=work)
thread.start()
thread.join()
process.malloc_trim(0)
trimmed = resident_megabytes()
return_freed()
print(trimmed - resident_megabytes())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="malloc_trim() is a function of glibc")
def test_what_threads_have_freed_is_returned_to_the_system() -> None:
    root = Path(__file__).parents[2]
    result = subprocess.run(
        [sys.executable, "-c", FREED_BY_A_THREAD], capture_output=True, text=True, cwd=root, check=False
    )
    assert result.returncode == 0, result.stderr
    assert float(result.stdout) > 20.0
