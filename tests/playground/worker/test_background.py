"""Background jobs: results arrive on the owner's thread, the newest wins, cancelled jobs report nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from playground.worker.background import Advance, Background
from playground.worker.giving_way import JobCancelledError, cancellable, give_way


@pytest.fixture
def owner(qapp: object) -> Iterator[QObject]:
    owner = QObject()
    yield owner
    owner.deleteLater()


def test_a_result_arrives_on_the_owners_thread(qtbot: QtBot, owner: QObject) -> None:
    background = Background("job", owner)
    threads: list[threading.Thread] = []
    background.succeeded.connect(lambda _: threads.append(threading.current_thread()))
    ran: list[threading.Thread] = []

    def job(_advance: Advance) -> int:
        ran.append(threading.current_thread())
        return 7

    with qtbot.waitSignal(background.succeeded) as signal:
        background.submit(job)
    assert signal.args == [7]
    assert threads == [threading.main_thread()]
    assert ran != threads
    background.wait()
    assert not background.is_busy


def test_progress_is_reported(qtbot: QtBot, owner: QObject) -> None:
    background = Background("job", owner)
    calls: list[tuple[int, int]] = []
    background.progressed.connect(lambda done, total: calls.append((done, total)))
    with qtbot.waitSignal(background.succeeded):
        background.submit(lambda advance: all(advance(done, 3) for done in (1, 2, 3)))
    assert calls == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(("keep", "results"), [("newest", [0, 3]), ("all", [0, 1, 2, 3])])
def test_which_queued_jobs_run(qtbot: QtBot, owner: QObject, keep: str, results: list[int]) -> None:
    background = Background("job", owner, keep=keep)  # type: ignore[arg-type]
    go, got = threading.Event(), []
    background.succeeded.connect(got.append)
    begun = threading.Event()

    def first(_advance: Advance) -> int:
        begun.set()
        go.wait()
        return 0

    background.submit(first)
    assert begun.wait(5)
    for number in (1, 2, 3):
        background.submit(lambda _advance, number=number: number)
    go.set()
    qtbot.waitUntil(lambda: got == results)


def test_a_cancelled_job_stops_and_reports_nothing(qtbot: QtBot, owner: QObject) -> None:
    background = Background("job", owner)
    begun, ended, heard = threading.Event(), threading.Event(), []
    for signal in (background.succeeded, background.failed):
        signal.connect(heard.append)

    def job(advance: Advance) -> str:
        begun.set()
        while advance(0, 1):
            pass
        ended.set()
        return "late"

    background.submit(job)
    assert begun.wait(5)
    background.cancel()
    assert ended.wait(5)
    background.wait()
    qtbot.wait(1)
    assert heard == []
    with qtbot.waitSignal(background.succeeded) as signal:
        background.submit(lambda _advance: "next")
    assert signal.args == ["next"]


def test_an_error_is_reported_and_the_next_job_runs(qtbot: QtBot, owner: QObject) -> None:
    background = Background("job", owner, keep="all")

    def broken(_advance: Advance) -> None:
        raise ValueError("seven")

    with qtbot.waitSignals([background.failed, background.succeeded]):
        background.submit(broken)
        background.submit(lambda _advance: 1)


def test_shutdown_does_not_wait_for_a_long_job(qtbot: QtBot, owner: QObject) -> None:
    background = Background("job", owner)
    begun, go, heard = threading.Event(), threading.Event(), []
    background.succeeded.connect(heard.append)

    def deaf(_advance: Advance) -> str:
        begun.set()
        go.wait()
        return "late"

    background.submit(deaf)
    assert begun.wait(5)
    background.stop()
    assert background.is_busy, "the caller that stopped it has continued"
    go.set()
    background.wait()
    qtbot.wait(50)
    assert heard == []


def test_nothing_runs_after_shutdown(owner: QObject) -> None:
    background = Background("job", owner)
    ran: list[int] = []
    background.stop()
    background.submit(lambda _advance: ran.append(1))
    background.wait()
    assert ran == []
    assert not background.is_busy


def test_work_that_gives_way_ends_when_it_is_cancelled(qtbot: QtBot, owner: QObject) -> None:
    background = Background("job", owner, keep="all")
    begun, ended = threading.Event(), threading.Event()

    def endless(_advance: Advance) -> object:
        try:
            while True:
                begun.set()
                give_way()
        finally:
            ended.set()

    with qtbot.assertNotEmitted(background.failed), qtbot.waitSignal(background.succeeded) as signal:
        background.submit(endless)
        begun.wait()
        background.cancel()
        background.submit(lambda _advance: 7)
        ended.wait()
    assert signal.args == [7]


def test_other_threads_are_not_cancelled() -> None:
    with cancellable(lambda: False):
        thread = threading.Thread(target=give_way)
        thread.start()
        thread.join()
        with pytest.raises(JobCancelledError):
            give_way()
        with cancellable(lambda: True):
            give_way()
    give_way()
