"""The word for a pending request appears after a noticeable delay and disappears with the answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from core.experiment import Experiment
from core.training.snapshot import Snapshot
from playground.panels import Toolbar
from playground.panels.toolbar.wait_text import WaitText
from playground.session import Session
from tests.playground.factory import snapshot_of
from tests.playground.panels.support import STYLE


@pytest.fixture
def snapshot() -> Snapshot:
    """The newest snapshot, paused after three steps."""
    return snapshot_of(Experiment(), 3)


@pytest.fixture
def wait_text(session: Session, snapshot: Snapshot, qtbot: QtBot) -> WaitText:
    session.snapshot = snapshot
    return WaitText(session, session)


@pytest.mark.parametrize(
    ("ask", "word"),
    [
        (Session.play, "starting …"),
        (Session.pause, "pausing …"),
        (Session.step, "stepping …"),
        (Session.reset, "rewinding …"),
        (lambda session: session.edit_training("Rate", learning_rate=0.5), "updating …"),
    ],
)
def test_each_command_has_its_word(
    wait_text: WaitText, session: Session, qtbot: QtBot, ask: Callable[[Session], object], word: str
) -> None:
    with qtbot.waitSignal(wait_text.changed):
        ask(session)
        assert wait_text.text == "", "an answer may come at once"
    assert wait_text.text == word


def test_the_word_disappears_with_the_snapshot_that_answers(
    wait_text: WaitText, session: Session, snapshot: Snapshot, qtbot: QtBot
) -> None:
    def until_shown(ask: Callable[[], object]) -> None:
        with qtbot.waitSignal(wait_text.changed):
            ask()

    until_shown(lambda: session.edit_training("Rate", learning_rate=0.5))
    wait_text.settle(snapshot)
    assert wait_text.text == "updating …", "it is of the settings before"
    edited = replace(snapshot, generation=session.generation)
    wait_text.settle(edited)
    assert wait_text.text == ""

    until_shown(session.play)
    wait_text.settle(edited)
    wait_text.settle(replace(edited, playing=True))
    assert wait_text.text == "starting …", "no step has been taken yet"
    wait_text.settle(replace(edited, playing=True, step=4))
    assert wait_text.text == ""

    until_shown(session.pause)
    wait_text.settle(replace(edited, playing=True, step=5))
    assert wait_text.text == "pausing …"
    wait_text.settle(replace(edited, step=5))
    assert wait_text.text == ""


def test_a_quick_answer_shows_no_word(wait_text: WaitText, session: Session, snapshot: Snapshot, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(wait_text.changed, wait=400):
        session.step()
        wait_text.settle(replace(snapshot, step=4))


def test_the_toolbar_shows_the_word_until_the_answer(session: Session, snapshot: Snapshot, qtbot: QtBot) -> None:
    toolbar = Toolbar(session, STYLE)
    qtbot.addWidget(toolbar)
    session.snapshot = snapshot
    rate = toolbar.read_outs[-1]
    with qtbot.waitSignal(toolbar.wait_text.changed):
        session.play()
    assert rate.text == "starting …"
    toolbar.show_snapshot(replace(snapshot, playing=True, step=5, steps_per_second=12.0))
    assert rate.text == "12"
    with qtbot.waitSignal(toolbar.wait_text.changed):
        session.pause()
    toolbar.show_snapshot(replace(snapshot, playing=True, step=9, steps_per_second=12.0))
    assert rate.text == "pausing …"
    toolbar.show_snapshot(replace(snapshot, step=9))
    assert rate.text == "paused"
