"""In the window, the layer under the mouse in a plot is highlighted in the other plots and in the network."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from playground.session.selection import Selection
from playground.window.main_window import MainWindow
from tests.playground.factory import network


def test_row07_a_layer_is_followed_through_the_gradients_workspace(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window(network(5, 5, 5))
    window.workspace.show_arrangement("gradients")
    (show_network,) = [
        each
        for each in window.findChildren(QAbstractButton)
        if each.accessibleName() == "Show: network" and each.isVisible()
    ]
    show_network.click()
    gradient, waterfall, view = (window.cards[key] for key in ("gradient", "waterfall", "network"))
    qtbot.waitUntil(lambda: view.isVisible() and len(gradient.shown().values) == 4)
    area = gradient.canvas.area()
    at = QPointF(area.x(1.0), area.rect.center().y())
    viewport, none = gradient.canvas.viewport(), Qt.MouseButton.NoButton
    moved = QMouseEvent(QEvent.Type.MouseMove, at, viewport.mapToGlobal(at), none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(viewport, moved)
    assert waterfall._picture.lit == 1
    assert view.canvas._lit == tuple(Selection("neuron", 1, neuron) for neuron in range(5))
    QApplication.sendEvent(gradient.canvas, QEvent(QEvent.Type.Leave))
    assert waterfall._picture.lit is None
