"""The training thread and the frame clock as fixtures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.playground.worker.clock_window import Window
from tests.playground.worker.support import Worker


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[Worker]:
    running = Worker(qtbot)
    try:
        yield running
    finally:
        running.thread.stop()
    assert not running.thread.isRunning()


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    made = Window()
    try:
        yield made
    finally:
        made.clock.stop()
