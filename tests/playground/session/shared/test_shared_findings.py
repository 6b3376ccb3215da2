"""Findings are shared by the views: the last examination counts, unless it is of an earlier experiment."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from core.analysis.diagnosis import examine
from core.experiment import Experiment, HiddenLayer, NetworkSettings
from core.training.diagnosis_case import case_of
from core.training.snapshot import Snapshot
from playground.session.shared.shared_findings import SharedFindings
from tests.playground.factory import snapshot_of


@pytest.fixture(scope="module")
def ill() -> Snapshot:
    hidden = (HiddenLayer(initializer="constant"),) * 2
    network = NetworkSettings(hidden=hidden, output_initializer="constant")
    return snapshot_of(Experiment(network=network), steps=5)


def test_during_training_findings_come_and_go_only_if_that_persists(ill: Snapshot) -> None:
    found = examine(case_of(ill)) or ()
    assert found
    shared, playing = SharedFindings(), replace(ill, playing=True)
    shared.take(playing, ())
    assert shared.take(replace(playing), found) == (), "seen once"
    assert shared.take(replace(playing), found) == found
    assert shared.take(replace(playing), ()) == found, "missed once"
    assert shared.take(replace(playing, playing=False), ()) == ()


def test_another_experiment_is_shown_at_once_and_an_earlier_one_is_not_kept(ill: Snapshot) -> None:
    found = examine(case_of(ill)) or ()
    shared, changes = SharedFindings(), []
    shared.changed.connect(lambda: changes.append(shared.findings))
    now = replace(ill, playing=True, generation=4)
    shared.take(replace(now, generation=3), ())
    assert shared.take(now, found) == found
    assert shared.is_known(4)
    assert shared.take(replace(now, generation=3), found[:0]) == ()
    assert shared.findings == found
    assert changes == [(), found]


def test_what_is_current_need_not_be_examined_again(ill: Snapshot) -> None:
    shared, playing = SharedFindings(), replace(ill, playing=True, generation=2)
    assert not shared.is_current(playing, 1e9)
    shared.take(playing, ())
    assert shared.is_current(playing, 0.0)
    assert shared.is_current(replace(playing, step=9), 1e9)
    assert not shared.is_current(replace(playing, step=9), 0.0), "too long ago"
    assert not shared.is_current(replace(playing, playing=False), 1e9), "the last one is examined itself"
    assert not shared.is_current(replace(playing, generation=3), 1e9)
    shared.clear()
    assert not shared.is_current(playing, 1e9)
