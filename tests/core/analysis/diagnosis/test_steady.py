"""Findings appear and disappear only if that persists, but immediately while paused."""

from __future__ import annotations

from core.analysis.diagnosis import Finding, Steady
from core.analysis.diagnosis.steady import MISSES, SIGHTINGS

DEAD = Finding("dead", "Dead neurons", "warning", "3 of 4 neurons are dead.", "activation")
WORSE = Finding("clones", "Neurons are clones", "error", "1 of 4 neurons is distinct.", "activation")


def test_a_finding_appears_after_repeated_detections_only() -> None:
    steady = Steady()
    for _ in range(SIGHTINGS - 1):
        assert steady.take((DEAD,), at_once=False) == ()
    assert steady.take((DEAD,), at_once=False) == (DEAD,)


def test_an_intermittent_finding_is_never_shown() -> None:
    steady = Steady()
    for number in range(20):
        assert steady.take((DEAD,) if number % 2 else (), at_once=False) == ()


def test_a_shown_finding_stays_until_it_has_been_missed_repeatedly() -> None:
    steady = Steady()
    steady.take((DEAD,), at_once=True)
    for _ in range(MISSES - 1):
        assert steady.take((), at_once=False) == (DEAD,)
    assert steady.take((DEAD,), at_once=False) == (DEAD,)
    for _ in range(MISSES - 1):
        assert steady.take((), at_once=False) == (DEAD,)
    assert steady.take((), at_once=False) == ()


def test_evidence_is_that_of_the_newest_examination_and_the_worst_comes_first() -> None:
    steady = Steady()
    steady.take((DEAD,), at_once=True)
    newer = Finding("dead", "Dead neurons", "warning", "4 of 4 neurons are dead.", "activation")
    steady.take((WORSE, newer), at_once=False)
    assert steady.take((WORSE, newer), at_once=False) == (WORSE, newer)


def test_while_paused_everything_is_shown_exactly() -> None:
    steady = Steady()
    assert steady.take((WORSE, DEAD), at_once=True) == (WORSE, DEAD)
    assert steady.take((), at_once=True) == ()
