"""Shared fixtures of the network card's tests."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QSplitter
from pytestqt.qtbot import QtBot

from core.experiment import Experiment
from playground.network_view import NetworkView
from playground.session import Session
from playground.style.stylesheet import stylesheet
from playground.style.theme import LIGHT, Style
from tests.playground.factory import snapshot_of
from tests.playground.network_view.support import Show, Shown


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    """Return a function that shows the network card of an experiment after some steps.

    With ``in_splitter`` the card wears the style sheet and may become narrower than its title line, as in the window; a
    window of its own could not.
    """
    splitters: list[QSplitter] = []

    def shown(
        experiment: Experiment | None = None,
        steps: int = 5,
        size: tuple[int, int] = (848, 496),
        style: Style | None = None,
        *,
        in_splitter: bool = False,
    ) -> Shown:
        experiment, style = experiment or Experiment(), style or Style(LIGHT)
        session = Session(experiment)
        snapshot = session.snapshot = snapshot_of(experiment, steps)
        view = NetworkView(session, style)
        host: QSplitter | NetworkView = view
        if in_splitter:
            view.setStyleSheet(stylesheet(style))
            host = QSplitter()
            host.addWidget(view)
            splitters.append(host)
        qtbot.addWidget(host)
        host.resize(*size)
        with qtbot.waitExposed(host):
            host.show()
        view.show_snapshot(snapshot)
        view.canvas.repaint()
        qtbot.waitUntil(lambda: not view.canvas.edges_behind)
        return session, view, snapshot

    return shown
