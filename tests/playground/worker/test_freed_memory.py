"""Freed memory is returned to the system after work that needed much of it, and not at every small job."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from playground.worker import freed_memory
from playground.worker.freed_memory import GROWTH, FreedMemory

ROOT = Path(__file__).parents[3]


class Process:
    def __init__(self) -> None:
        self.used, self.trims, self.trimmed = 0, 0, threading.Event()

    def trim(self) -> None:
        self.trims += 1
        self.used = 0
        self.trimmed.set()


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Process:
    monkeypatch.setattr(freed_memory, "WAIT_SECONDS", 0.01)
    monkeypatch.setattr(freed_memory, "INTERVAL_SECONDS", 0.0)
    return Process()


def test_small_growth_is_left_alone(process: Process) -> None:
    memory = FreedMemory(process.trim, lambda: process.used)
    process.used = GROWTH - 1
    memory.return_now()
    assert process.trims == 0


def test_it_is_returned_on_another_thread(process: Process) -> None:
    memory = FreedMemory(process.trim, lambda: process.used)
    for _ in range(2):
        process.trimmed.clear()
        process.used = GROWTH
        memory.return_later()
        assert process.trimmed.wait(20.0)
    assert process.trims == 2


def test_several_requests_are_one(process: Process) -> None:
    memory = FreedMemory(process.trim, lambda: process.used)
    process.used = GROWTH
    for _ in range(20):
        memory.return_later()
    assert process.trimmed.wait(20.0)
    assert process.trims == 1


def test_memory_in_use_is_not_asked_for_again(process: Process) -> None:
    def trim() -> None:
        process.trims += 1

    memory = FreedMemory(trim, lambda: process.used)
    process.used = GROWTH
    memory.return_now()
    memory.return_now()
    assert process.trims == 1


AFTER_A_JOB = """
import time
import numpy as np
from playground.startup import prepare_environment

prepare_environment()
from PySide6.QtCore import QCoreApplication
from playground.worker import freed_memory
from playground.worker.background import Background

freed_memory.WAIT_SECONDS = freed_memory.INTERVAL_SECONDS = 0.01
app = QCoreApplication([])
used = freed_memory._private_bytes

def job(advance):
    arrays = [np.ones(200_000) for _ in range(100)]
    kept.append(np.ones(20_000))  # lies above them, so that the arena cannot shrink
    return used()

kept, peaks = [], []
before = used()
background = Background("work")
background.succeeded.connect(peaks.append)
background.submit(job)
background.wait()
background.deliver()
ends = time.monotonic() + 20.0
while used() - before > 40 * 2**20 and time.monotonic() < ends:
    time.sleep(0.01)
print((peaks[0] - before) / 2**20, (used() - before) / 2**20)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="malloc_trim() is a function of glibc")
def test_what_a_job_has_freed_is_returned_to_the_system() -> None:
    result = subprocess.run([sys.executable, "-c", AFTER_A_JOB], capture_output=True, text=True, cwd=ROOT, check=False)
    assert result.returncode == 0, result.stderr
    peak, left = map(float, result.stdout.split())
    assert peak > 140.0
    assert left < 40.0
