"""A hang is recognized by the processor time of the thread, and its stack is written while it lasts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.monkey.hangs import PAUSED_SUFFIX, Hangs

MAX_BUSY = 0.5


@pytest.fixture(autouse=True)
def _short_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.monkey.hangs.MAX_BUSY", MAX_BUSY)


def in_thread(run: Callable[[], object]) -> None:
    """Run in a thread, whose processor time is zero at first."""
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def busy_for(seconds: float) -> None:
    ends = time.thread_time() + seconds
    while time.thread_time() < ends:
        pass


def test_a_busy_thread_hangs_and_its_stack_says_where(tmp_path: Path) -> None:
    said: list[tuple[str, str]] = []
    busy: list[float] = []

    def run() -> None:
        hangs = Hangs(tmp_path / "stacks")
        said.append(hangs.pulse())
        busy_for(MAX_BUSY * 1.5)
        said.append(hangs.pulse())
        busy.append(hangs.busy)
        said.append(hangs.pulse())
        hangs.close()

    in_thread(run)
    assert said[0] == said[2] == ("", "")
    assert busy[0] >= MAX_BUSY * 1.5
    assert "s of processor time" in said[1][0]
    assert "busy_for" in said[1][1]


def test_waiting_and_resting_are_no_hangs(tmp_path: Path) -> None:
    said: list[tuple[str, str]] = []

    def run() -> None:
        hangs = Hangs(tmp_path / "stacks")
        hangs.pulse()
        time.sleep(MAX_BUSY * 1.2)  # such as waiting for the processor
        said.append(hangs.pulse())
        hangs.rest()
        busy_for(MAX_BUSY * 1.2)
        said.append(hangs.pulse())
        hangs.close()

    in_thread(run)
    assert said == [("", ""), ("", "")]


def test_a_pause_of_the_machine_is_no_hang(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.monkey.hangs.MAX_CLOCK", 0.3)
    said: list[tuple[str, str]] = []

    def run() -> None:
        hangs = Hangs(tmp_path / "journal.stacks")
        hangs.pulse()
        time.sleep(0.6)
        said.append(hangs.pulse())
        threading.Timer(0.7, (tmp_path / f"journal{PAUSED_SUFFIX}").write_text, ["0.6"]).start()
        time.sleep(0.6)
        said.append(hangs.pulse())  # the other process notices the pause a little later
        hangs.close()

    in_thread(run)
    assert "s of clock" in said[0][0]
    assert said[1] == ("", "")
