"""Fixtures of the inspector's tests; each module defines its own ``snapshot`` fixture."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from core.training.snapshot import Snapshot
from playground.inspector import InspectorPanel
from playground.session import Session
from playground.style.resources import load_fonts
from playground.style.theme import LIGHT, Style


@pytest.fixture
def session(snapshot: Snapshot) -> Session:
    session = Session(snapshot.experiment)
    session.snapshot = snapshot
    return session


@pytest.fixture
def panel_size() -> tuple[int, int]:
    return 280, 450


@pytest.fixture
def panel(qtbot: QtBot, session: Session, snapshot: Snapshot, panel_size: tuple[int, int]) -> Iterator[InspectorPanel]:
    load_fonts()
    panel = InspectorPanel(session, Style(LIGHT))
    panel.resize(*panel_size)
    qtbot.addWidget(panel)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.show_snapshot(snapshot)
    yield panel
    panel.formulas.wait()
