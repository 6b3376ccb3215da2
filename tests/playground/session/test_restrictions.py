"""What a lesson locks cannot be edited in any way; what it hides is locked, too."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from core.experiment import Experiment
from core.training.snapshot import Snapshot
from playground.session import Session
from playground.session.restrictions import NONE, Restrictions
from playground.session.selection import Selection, index_of
from tests.playground.factory import snapshot_of

WEIGHT = Selection("weight", 0, 1, 0)
NEURON = Selection("neuron", 1, 0)


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_of(Experiment(), 1)


@pytest.mark.parametrize(
    ("restrictions", "locked", "free"),
    [
        (Restrictions(locked=frozenset({WEIGHT})), [WEIGHT], [Selection("weight", 0, 1, 1), Selection("bias", 0, 1)]),
        (Restrictions(hidden=frozenset({WEIGHT})), [WEIGHT], [Selection("weight", 0, 0, 1), Selection("bias", 0, 1)]),
        (
            Restrictions(locked=frozenset({NEURON})),
            [NEURON, Selection("bias", 1, 0), Selection("weight", 1, 0, 3)],
            [Selection("bias", 1, 1), Selection("weight", 1, 1, 0), Selection("weight", 2, 0, 0)],
        ),
        (
            Restrictions(hidden=frozenset({NEURON})),
            [NEURON, Selection("bias", 1, 0)],
            [Selection("weight", 1, 0, 3), Selection("weight", 2, 0, 0)],
        ),
    ],
)
def test_an_edit_of_what_is_locked_is_refused(
    qtbot: QtBot, snapshot: Snapshot, restrictions: Restrictions, locked: list[Selection], free: list[Selection]
) -> None:
    session = Session()
    session.snapshot = snapshot
    session.restrict(restrictions)
    architecture = snapshot.network.architecture
    for selection in locked:
        index = index_of(architecture, selection)
        assert index is not None
        with qtbot.assertNotEmitted(session.command), qtbot.waitSignal(session.message) as said:
            session.edit_parameter(index, 2.0, "Weight")
        assert said.args == [restrictions.reason(selection), "warning"]
    assert session.undo_label is None
    for selection in free:
        index = index_of(architecture, selection)
        assert index is not None
        with qtbot.assertNotEmitted(session.message), qtbot.waitSignal(session.command):
            session.edit_parameter(index, 2.0, "Weight")


def test_all_weights_are_replaced_only_if_none_is_locked(qtbot: QtBot, snapshot: Snapshot) -> None:
    session = Session()
    session.snapshot = snapshot
    values = snapshot.network.parameters + 1.0
    session.restrict(Restrictions(locked=frozenset({WEIGHT})))
    with qtbot.assertNotEmitted(session.command), qtbot.waitSignal(session.message):
        session.edit_parameters(values, "Load minimum")
    session.restrict(NONE)
    with qtbot.waitSignal(session.command):
        session.edit_parameters(values, "Load minimum")


def test_a_change_is_reported_once(qtbot: QtBot, session: Session) -> None:
    with qtbot.waitSignal(session.restrictions_changed):
        session.restrict(Restrictions(hidden=frozenset({WEIGHT})))
    with qtbot.assertNotEmitted(session.restrictions_changed):
        session.restrict(Restrictions(hidden=frozenset({WEIGHT})))
    assert session.restrictions.hides(WEIGHT)
    assert not session.restrictions.hides(None)
    assert not session.restrictions.locks(None)
