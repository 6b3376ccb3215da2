"""The export queue gives way to a window that draws: between two files, and while a file is built."""

from __future__ import annotations

import itertools
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from typing_extensions import override

from playground.export.export import ClipboardContent
from playground.export.export_queue import ExportQueue
from playground.export.hidden_view import Look
from playground.style.theme import LIGHT
from playground.worker.giving_way import Pace
from playground.worker.mailbox import Gate
from tests.playground.export.figures import CurveFigure

LOOK = Look((320, 180), LIGHT)
LONG_MS = 10**9
"""A rest that never ends."""


class CountingGate(Gate):
    """Counts which threads wait at it."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[str] = []

    @override
    def wait(self) -> None:
        self.waiting.append(threading.current_thread().name)


class HoldingGate(CountingGate):
    """Holds the thread that waits at it."""

    def __init__(self) -> None:
        super().__init__()
        self.held, self.go = threading.Event(), threading.Event()

    @override
    def wait(self) -> None:
        super().wait()
        self.held.set()
        self.go.wait()


def files(folder: Path, kind: str, count: int) -> list[tuple[CurveFigure, Path]]:
    return [(CurveFigure(), folder / f"{number}.{kind}") for number in range(count)]


def test_the_window_rests_between_two_files_and_cancelling_ends_the_rest(
    qtbot: QtBot, fonts: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = ExportQueue(gate=Gate())
    monkeypatch.setattr(Pace, "rest_ms", LONG_MS)
    with qtbot.waitSignal(queue.progressed):
        queue.start(files(tmp_path, "png", 3), LOOK)
    with qtbot.assertNotEmitted(queue.progressed, wait=200):
        assert queue.is_busy
    queue.cancel()
    assert not queue.is_busy
    with qtbot.assertNotEmitted(queue.progressed, wait=200):
        assert [path.name for path in tmp_path.iterdir()] == ["0.png"]
    monkeypatch.setattr(Pace, "rest_ms", 0)
    with qtbot.waitSignal(queue.finished) as done:
        queue.start(files(tmp_path, "png", 3), LOOK)
    assert [path.name for path in done.args[0]] == ["0.png", "1.png", "2.png"]


def test_the_export_does_not_wait_after_the_last_file(
    qtbot: QtBot, fonts: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = ExportQueue(gate=Gate())
    monkeypatch.setattr(Pace, "rest_ms", LONG_MS)
    with qtbot.waitSignal(queue.finished):
        queue.start(files(tmp_path, "svg", 1), LOOK)


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_the_thread_that_builds_a_file_waits_while_a_frame_is_drawn(
    qtbot: QtBot, fonts: None, tmp_path: Path, kind: str
) -> None:
    gate = CountingGate()
    gate.close()
    queue = ExportQueue(gate=gate)
    with qtbot.waitSignal(queue.finished):
        queue.start(files(tmp_path, kind, 1), LOOK)
    assert set(gate.waiting) == {"export"}, "the GUI thread never waits for itself"
    (path,) = tmp_path.iterdir()
    alone = ExportQueue()
    with qtbot.waitSignal(alone.finished):
        alone.start([(CurveFigure(), tmp_path / f"alone.{kind}")], LOOK)
    if kind != "pdf":
        assert path.read_bytes() == (tmp_path / f"alone.{kind}").read_bytes()


def test_what_is_copied_is_built_while_the_window_waits_for_nothing(qtbot: QtBot, fonts: None) -> None:
    gate = CountingGate()
    gate.close()
    queue = ExportQueue(gate=gate)
    with qtbot.waitSignal(queue.copied) as done:
        queue.copy(CurveFigure(), "png", LOOK)
    assert isinstance(done.args[0], ClipboardContent)
    assert set(gate.waiting) == {"export"}


@pytest.mark.parametrize("kind", ["png", "svg", "pdf", "pptx"])
def test_a_cancelled_file_is_built_no_further(qtbot: QtBot, fonts: None, tmp_path: Path, kind: str) -> None:
    gate = HoldingGate()
    gate.close()
    queue = ExportQueue(gate=gate)
    with qtbot.assertNotEmitted(queue.finished), qtbot.assertNotEmitted(queue.failed):
        queue.start(files(tmp_path, kind, 2), LOOK)
        gate.held.wait()
        queue.cancel()
        gate.go.set()
        queue._jobs.wait()
    assert len(gate.waiting) == 1
    assert list(tmp_path.iterdir()) == []


def test_each_picture_has_the_caption_of_its_own_moment(qtbot: QtBot, fonts: None, tmp_path: Path) -> None:
    epochs = itertools.count(1)
    queue = ExportQueue()
    with qtbot.waitSignal(queue.finished):
        queue.start(files(tmp_path, "svg", 3), lambda: replace(LOOK, caption=f"epoch {next(epochs)}"))
    for number in range(3):
        assert f"epoch {number + 1}" in (tmp_path / f"{number}.svg").read_text("utf-8")
