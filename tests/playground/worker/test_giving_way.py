"""Work that gives way to the window: a thread that waits for frames, and rests between the parts of a long job."""

from __future__ import annotations

import pytest
from typing_extensions import override

from playground.worker.giving_way import MAX_WAITING, REST, TIGHT_REST, FrameWaiting, Pace, give_way, giving_way
from playground.worker.mailbox import Gate

FRAME = 0.008


class Hands:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class SlowGate(Gate):
    """A gate at which each wait takes a frame."""

    def __init__(self, clock: Hands) -> None:
        super().__init__(clock)
        self.waits = 0
        self._hands = clock

    @override
    def wait(self) -> None:
        self.waits += 1
        self._hands.now += FRAME


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def processor() -> Hands:
    return Hands()


@pytest.fixture
def gate(clock: Hands) -> SlowGate:
    return SlowGate(clock)


def test_a_thread_waits_while_a_frame_is_drawn_and_at_no_other_time(
    gate: SlowGate, clock: Hands, processor: Hands
) -> None:
    waiting = FrameWaiting(gate, processor, clock)
    processor.now = 1.0
    waiting.wait()
    assert gate.waits == 0
    gate.close()
    waiting.wait()
    assert gate.waits == 1
    gate.open()
    waiting.wait()
    assert gate.waits == 1


def test_a_window_that_draws_without_a_pause_does_not_stop_the_work(
    gate: SlowGate, clock: Hands, processor: Hands
) -> None:
    gate.close()
    waiting, work, part = FrameWaiting(gate, processor, clock), 0.03, 0.0002
    for number in range(round(work / part)):
        processor.now = (number + 1) * part
        waiting.wait()
    assert clock.now == pytest.approx(MAX_WAITING * work, abs=FRAME)


def test_only_the_thread_inside_the_context_waits(gate: SlowGate) -> None:
    gate.close()
    give_way()
    assert gate.waits == 0
    with giving_way(gate):
        give_way()
        with giving_way(None):
            give_way()
        assert gate.waits == 1
    give_way()
    assert gate.waits == 1


def test_the_window_rests_ten_times_as_long_as_a_part_took(gate: SlowGate, clock: Hands, processor: Hands) -> None:
    pace = Pace(gate, processor, clock)
    gate.close()  # a frame begins
    with pace.part():
        processor.now += 0.01
        clock.now += 0.05  # other programs do not lengthen the rest
    assert pace.rest_ms == pytest.approx(1e3 * REST * 0.01, abs=1)
    clock.now += 0.04  # the picture is written meanwhile
    assert pace.rest_ms == pytest.approx(1e3 * (REST * 0.01 - 0.04), abs=1)
    clock.now += 1.0
    assert pace.rest_ms == 0


def test_a_job_rests_longer_while_frames_are_late(gate: SlowGate, clock: Hands, processor: Hands) -> None:
    gate.is_tight = True
    gate.close()
    pace = Pace(gate, processor, clock)
    with pace.part():
        processor.now += 0.01
    assert pace.rest_ms == pytest.approx(1e3 * TIGHT_REST * 0.01, abs=1)


def test_a_job_does_not_rest_while_the_window_draws_nothing(gate: SlowGate, clock: Hands, processor: Hands) -> None:
    for each in (gate, None):
        pace = Pace(each, processor, clock)
        with pace.part():
            processor.now += 0.01
        assert pace.rest_ms == 0


def test_a_part_that_fails_is_measured_too(gate: SlowGate, clock: Hands, processor: Hands) -> None:
    pace = Pace(gate, processor, clock)
    gate.close()

    def fail() -> None:
        with pace.part():
            processor.now += 0.01
            raise ValueError("full")

    with pytest.raises(ValueError, match="full"):
        fail()
    assert pace.rest_ms > 0
