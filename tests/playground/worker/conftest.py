"""The training thread as a fixture."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.playground.worker.support import Worker


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[Worker]:
    running = Worker(qtbot)
    try:
        yield running
    finally:
        running.thread.stop()
    assert not running.thread.isRunning()
