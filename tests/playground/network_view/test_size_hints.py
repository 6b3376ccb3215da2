"""The size hints of the network card follow its content."""

from __future__ import annotations

import numpy as np
from pytestqt.qtbot import QtBot

from playground.network_view import NetworkView
from playground.style.stylesheet import stylesheet
from playground.style.theme import LIGHT, Style
from tests.playground.network_view.support import Show


def is_fresh(view: NetworkView) -> bool:
    """Return whether both hints are what they would be if the card had not been asked before."""
    kept = view.sizeHint(), view.minimumSizeHint()
    view._size_hint = view._minimum_size_hint = None
    return kept == (view.sizeHint(), view.minimumSizeHint())


def test_the_hints_follow_the_style(show: Show, qtbot: QtBot) -> None:
    _, view, _ = show(in_splitter=True)
    before = view.minimumSizeHint().width()
    large = Style(LIGHT, scale=2.0)
    view.setStyleSheet(stylesheet(large))
    view.set_style(large)
    qtbot.waitUntil(lambda: view.minimumSizeHint().width() > before)
    qtbot.waitUntil(lambda: is_fresh(view))


def test_the_hints_follow_a_button_that_appears(show: Show, qtbot: QtBot) -> None:
    _, view, snapshot = show(in_splitter=True, style=Style(LIGHT, scale=2.0))
    before = view.minimumSizeHint().width()
    parameters = snapshot.network.parameters
    view.show_errors(parameters, np.zeros(len(parameters)))
    qtbot.waitUntil(lambda: view.minimumSizeHint().width() > before)
    qtbot.waitUntil(lambda: is_fresh(view))


def test_the_hints_follow_the_explanation(show: Show, qtbot: QtBot) -> None:
    _, view, _ = show(in_splitter=True)
    before = view.sizeHint().height()
    view.set_sentence("A long explanation. " * 40)
    qtbot.waitUntil(lambda: view.sizeHint().height() > before)
    qtbot.waitUntil(lambda: is_fresh(view))
