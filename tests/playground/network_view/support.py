"""Shared helpers of the network card's tests."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.training.snapshot import Snapshot
from playground.network_view import NetworkView
from playground.network_view.controls.positions import Action, Control
from playground.session import Session

Shown = tuple[Session, NetworkView, Snapshot]
Show = Callable[..., Shown]


def in_view(view: NetworkView, x: float, y: float) -> QPoint:
    at = view.canvas.viewport.to_view(x, y)
    return QPoint(round(at[0]), round(at[1]))


def control(view: NetworkView, action: Action, index: int | None = None, key: str = "") -> Control:
    found = [
        c
        for c in view.canvas.builder.controls
        if c.action == action and index in (None, c.index) and key in ("", c.key)
    ]
    return found[0]


def click(qtbot: QtBot, view: NetworkView, at: QPoint) -> None:
    qtbot.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=at)


def click_control(qtbot: QtBot, view: NetworkView, action: Action, index: int | None = None, key: str = "") -> None:
    centre = control(view, action, index, key).box.center()
    click(qtbot, view, in_view(view, centre.x(), centre.y()))


def node(view: NetworkView, column: int, neuron: int) -> QPoint:
    place = view.canvas.builder.layout.columns[column]
    y = place.y_of(neuron)
    assert y is not None
    return in_view(view, place.x, y)


def edge(view: NetworkView, layer: int, source: int, target: int) -> QPoint:
    """Return a point on an edge near its start, where edges of one source almost coincide but sources are far apart."""
    x0, ys0, x1, ys1 = view.canvas.builder.layout.gap_ends(layer)
    t = 0.62
    x = x0 + (x1 - x0) * (1.5 * t * (1 - t) + t**3)
    return in_view(view, x, ys0[source] + (ys1[target] - ys0[source]) * (3 * t**2 - 2 * t**3))


def move(view: NetworkView, at: QPoint) -> None:
    place = QPointF(at)
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(
        QEvent.Type.MouseMove, place, view.canvas.mapToGlobal(place), none, none, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(view.canvas, event)


def wheel(view: NetworkView, at: QPoint, steps: int, modifiers: Qt.KeyboardModifier) -> None:
    event = QWheelEvent(
        QPointF(at),
        view.canvas.mapToGlobal(QPointF(at)),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.canvas, event)
