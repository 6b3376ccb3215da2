"""Fixtures of the data table's tests."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from core.experiment.presets import preset
from core.training.snapshot import Snapshot
from playground.samples import SamplesCard
from playground.session import Session
from playground.style.theme import LIGHT, Style
from tests.playground.factory import snapshot_of


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    return snapshot_of(preset("student-day"), 30)


@pytest.fixture
def session(snapshot: Snapshot) -> Session:
    session = Session(snapshot.experiment)
    session.snapshot = snapshot
    return session


@pytest.fixture
def card(qtbot: QtBot, fonts: None, session: Session, snapshot: Snapshot) -> SamplesCard:
    card = SamplesCard(session, Style(LIGHT))
    qtbot.addWidget(card)
    card.resize(620, 460)
    with qtbot.waitExposed(card):
        card.show()
    card.show_snapshot(snapshot)
    return card
