"""A helper that waits for snapshots of the training thread."""

from __future__ import annotations

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from core.training.snapshot import Snapshot
from playground.worker.mailbox import Mailbox


def snapshot_where(
    qtbot: QtBot, mailbox: Mailbox[Snapshot], condition: Callable[[Snapshot], bool], timeout: int = 20_000
) -> Snapshot:
    """Return the next snapshot that satisfies ``condition``."""
    found: list[Snapshot] = []

    def look() -> bool:
        snapshot = mailbox.take()
        if snapshot is not None and condition(snapshot):
            found.append(snapshot)
        return bool(found)

    qtbot.waitUntil(look, timeout=timeout)
    return found[0]
