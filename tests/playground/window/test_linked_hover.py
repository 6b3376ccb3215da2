"""In the window, the layer under the mouse in a plot is highlighted in the other plots and in the network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from playground.network_view import NetworkView
from playground.session.selection import Selection
from playground.window.main_window import MainWindow
from tests.playground.factory import network
from tests.playground.network_view.support import move, node


def test_row07_a_layer_is_followed_through_the_gradients_workspace(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window(network(5, 5, 5))
    window.workspace.show_arrangement("gradients")
    show(window, "network")
    gradient, history, waterfall, view = (
        window.cards[key] for key in ("gradient", "gradient_history", "waterfall", "network")
    )
    assert isinstance(view, NetworkView)
    qtbot.waitUntil(lambda: view.isVisible() and len(gradient.shown().values) == 4)
    # From the bars to the network.
    area = gradient.canvas.area()
    hover(gradient, QPointF(area.x(1.0), area.rect.center().y()))
    assert waterfall._picture.highlighted == 1
    assert view.canvas._highlighted == neurons(1)
    QApplication.sendEvent(gradient.canvas, QEvent(QEvent.Type.Leave))
    assert waterfall._picture.highlighted is None
    # From the network to the bars.
    move(view, node(view, 3, 2))
    assert gradient._picture.highlighted == waterfall._picture.highlighted == 2
    QApplication.sendEvent(view.canvas, QEvent(QEvent.Type.Leave))
    assert gradient._picture.highlighted is None
    # From the map over time to the network.
    show(window, "history")
    qtbot.waitUntil(lambda: history.isVisible() and history.shown().history.norms.shape[1] == 4)
    area = history.canvas.area()
    hover(history, QPointF(area.rect.center().x(), area.y(area.y_range[1] - 0.5)))
    assert waterfall._picture.highlighted == 0, "the first layer is the top row"
    assert view.canvas._highlighted == neurons(0)


def show(window: MainWindow, word: str) -> None:
    """Switch a shared place to the card labelled ``word``."""
    (button,) = [
        each
        for each in window.findChildren(QAbstractButton)
        if each.accessibleName() == f"Show: {word}" and each.isVisible()
    ]
    button.click()


def hover(card: Any, at: QPointF) -> None:
    viewport, none = card.canvas.viewport(), Qt.MouseButton.NoButton
    moved = QMouseEvent(QEvent.Type.MouseMove, at, viewport.mapToGlobal(at), none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(viewport, moved)


def neurons(layer: int) -> tuple[Selection, ...]:
    return tuple(Selection("neuron", layer, neuron) for neuron in range(5))
