"""One owner computes each key, and jobs wait for the window while it draws."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject

from playground.session.shared.shared_jobs import SharedJobs
from playground.worker.mailbox import Gate


def test_one_owner_computes_a_key_until_it_releases_it() -> None:
    jobs, first, second = SharedJobs(), QObject(), QObject()
    delivered: list[tuple[object, object]] = []
    released: list[object] = []
    jobs.delivered.connect(lambda key, result: delivered.append((key, result)))
    jobs.released.connect(released.append)
    assert jobs.claim("a", first)
    assert jobs.claim("a", first)
    assert not jobs.claim("a", second)
    jobs.deliver(second, 1)
    assert (delivered, jobs.newest("a")) == ([], None), "it computes nothing for others"
    jobs.deliver(first, 2)
    assert (delivered, jobs.newest("a")) == ([("a", 2)], 2)
    assert jobs.claim("b", first), "one key at a time"
    assert released == ["a"]
    assert jobs.newest("a") is None
    assert jobs.claim("a", second)


class CountingGate(Gate):
    def __init__(self) -> None:
        super().__init__()
        self.waited_in: list[threading.Thread] = []

    def wait(self) -> None:
        self.waited_in.append(threading.current_thread())
        super().wait()


def test_jobs_wait_at_the_gate_but_not_the_main_thread() -> None:
    jobs = SharedJobs()
    jobs.gate = gate = CountingGate()
    gate.close()
    jobs.wait()
    assert gate.waited_in == []
    thread = threading.Thread(target=jobs.wait)
    thread.start()
    gate.open()
    thread.join()
    assert gate.waited_in == [thread]


def test_only_a_figure_for_which_the_user_waits_alone_does_not_wait() -> None:
    jobs = SharedJobs()
    jobs.gate = gate = CountingGate()
    for awaited, waits in ((0, True), (1, False), (2, True)):
        jobs.awaited, gate.waited_in = awaited, []
        thread = threading.Thread(target=jobs.wait_unless_alone)
        thread.start()
        thread.join()
        assert gate.waited_in == [thread] * waits, awaited
