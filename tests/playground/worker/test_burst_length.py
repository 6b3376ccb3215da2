"""The number of steps of a burst: it follows the quickest bursts, the user's commands and scarce processors."""

import pytest

from playground.worker.burst_length import BurstLength, next_due
from playground.worker.mailbox import BURST_SECONDS, QUICK_BURST_SECONDS, TIGHT_BURST_SECONDS, Gate

STEP = 1e-5
LONG = 1.0


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def burst(gate: Gate) -> BurstLength:
    burst = BurstLength(gate)
    for _ in range(10):
        take(burst)
    return burst


def take(burst: BurstLength, *, waited: float = 0.0) -> int:
    steps = burst.steps(LONG)
    burst.took(steps, steps * STEP + waited)
    return steps


def test_starts_with_one_step_and_grows_to_the_whole_duration(burst: BurstLength) -> None:
    assert take(burst) == pytest.approx(BURST_SECONDS / STEP, rel=0.1)
    burst.restart()
    assert [take(burst) for _ in range(4)] == [1, 4, 16, 64]


def test_time_spent_waiting_does_not_shorten_the_next_burst(burst: BurstLength) -> None:
    before = burst.steps(LONG)
    take(burst, waited=BURST_SECONDS)
    assert burst.steps(LONG) > 0.9 * before


def test_steps_that_become_slower_shorten_it_in_the_end(burst: BurstLength) -> None:
    before = burst.steps(LONG)
    for _ in range(20):
        steps = burst.steps(LONG)
        burst.took(steps, 2.0 * steps * STEP)
    assert burst.steps(LONG) == pytest.approx(before / 2.0, rel=0.1)


def test_a_burst_ends_when_a_snapshot_is_due_but_is_never_very_short(burst: BurstLength) -> None:
    soon = burst.steps(0.5 * (BURST_SECONDS + QUICK_BURST_SECONDS))
    assert QUICK_BURST_SECONDS / STEP < soon < BURST_SECONDS / STEP
    assert burst.steps(0.0) == pytest.approx(QUICK_BURST_SECONDS / STEP, rel=0.1)


def test_bursts_are_short_after_a_command(burst: BurstLength) -> None:
    burst.expect_commands()
    assert burst.steps(LONG) == pytest.approx(QUICK_BURST_SECONDS / STEP, rel=0.1)


def test_bursts_are_short_and_follow_the_clock_while_processors_are_scarce(gate: Gate, burst: BurstLength) -> None:
    gate.is_tight = True
    assert burst.steps(LONG) == pytest.approx(TIGHT_BURST_SECONDS / STEP, rel=0.1)
    take(burst, waited=TIGHT_BURST_SECONDS)
    assert burst.steps(LONG) == pytest.approx(0.5 * TIGHT_BURST_SECONDS / STEP, rel=0.1)


def test_a_burst_without_steps_says_nothing(burst: BurstLength) -> None:
    before = burst.steps(LONG)
    burst.took(0, 0.0)
    assert burst.steps(LONG) == before


def test_snapshots_that_are_each_a_little_late_keep_their_rate() -> None:
    due, period, late = 1.0, 0.035, 0.01
    for _ in range(20):
        due = next_due(due, due + late, period)
    assert due == pytest.approx(1.0 + 20 * period)


def test_a_snapshot_that_is_very_late_brings_the_next_one_forward_by_half_a_period_only() -> None:
    assert next_due(1.0, 1.5, 0.035) == pytest.approx(1.5 + 0.0175)


def test_an_early_snapshot_as_after_a_command_delays_the_next_one_by_a_whole_period() -> None:
    assert next_due(1.0, 0.98, 0.035) == pytest.approx(1.015)
