"""The mailbox and the gate between worker and window."""

from __future__ import annotations

import threading
import time

from playground.worker.mailbox import Gate, Mailbox


def test_the_latest_item_wins_and_is_taken_once() -> None:
    mailbox: Mailbox[int] = Mailbox()
    assert mailbox.take() is None
    mailbox.put(1)
    mailbox.put(2)
    assert (mailbox.take(), mailbox.take()) == (2, None)


def test_a_concurrent_reader_sees_only_newer_items() -> None:
    mailbox: Mailbox[int] = Mailbox()
    count = 20_000

    def write() -> None:
        for number in range(1, count + 1):
            mailbox.put(number)

    writer = threading.Thread(target=write)
    writer.start()
    seen = [0]
    while seen[-1] < count:
        item = mailbox.take()
        if item is not None:
            seen.append(item)
    writer.join()
    assert seen == sorted(set(seen))


def test_a_closed_gate_holds_the_worker_until_it_opens() -> None:
    gate = Gate()
    gate.close()
    passed = threading.Event()

    def work() -> None:
        gate.wait()
        passed.set()

    worker = threading.Thread(target=work)
    worker.start()
    gate.open()
    worker.join(5.0)
    assert passed.is_set()


def test_a_gate_that_stays_closed_does_not_stop_training_forever() -> None:
    gate = Gate()
    gate.close()
    before = time.perf_counter()
    gate.wait()
    assert time.perf_counter() - before >= 0.02


def test_waiting_ends_with_a_matching_item_and_leaves_it() -> None:
    mailbox: Mailbox[int] = Mailbox()

    def write() -> None:
        for number in (1, 2, 3):
            mailbox.put(number)

    writer = threading.Thread(target=write)
    writer.start()
    mailbox.wait(lambda number: number == 3, 5.0)
    assert mailbox.take() == 3
    writer.join()


def test_waiting_times_out() -> None:
    mailbox: Mailbox[int] = Mailbox()
    mailbox.put(1)
    mailbox.wait(lambda number: number == 2, 0.01)
    assert mailbox.take() == 1


def test_an_urgent_item_calls_its_alarm_each_time() -> None:
    mailbox: Mailbox[int] = Mailbox()
    calls: list[str] = []
    mailbox.call_when_urgent(lambda: calls.append("urgent"))
    mailbox.notify_next(lambda: calls.append("next"))
    mailbox.put(1)
    mailbox.put(2)
    assert calls == ["next"]
    mailbox.put(3, urgent=True)
    mailbox.put(4, urgent=True)
    assert calls == ["next", "urgent", "urgent"]


def test_training_waits_for_a_short_job_but_not_for_a_long_one() -> None:
    gate = Gate()
    with gate.hurry():
        before = time.perf_counter()
        gate.wait_before_burst()
        assert time.perf_counter() - before >= 0.02, "it waits for at most a while"
        assert gate._hurried_until <= time.perf_counter(), "and only once"
    begun, ended = threading.Event(), threading.Event()

    def train() -> None:
        begun.wait()
        gate.wait_before_burst()
        ended.set()

    trainer = threading.Thread(target=train)
    trainer.start()
    with gate.hurry():
        begun.set()
    trainer.join(5.0)
    assert ended.is_set()


def test_a_window_that_draws_nothing_for_a_while_no_longer_counts_as_drawing() -> None:
    now = 0.0
    gate = Gate(lambda: now)
    assert not gate.has_drawn
    gate.close()
    gate.open()
    assert gate.has_drawn
    now = 0.3
    assert gate.has_drawn
    now = 1.0
    assert not gate.has_drawn
