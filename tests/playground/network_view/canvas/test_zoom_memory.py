"""Zoom and position of the network are restored at the next start."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from playground.network_view import NetworkView
from playground.network_view.layout.viewport import MAX_ZOOM, Viewport, chosen_view
from playground.window.workspace.view_memory import recall_views, store_views
from tests.playground.factory import network
from tests.playground.network_view.support import Show

DEEP = network(*(16,) * 20)


def zoom_in(view: NetworkView) -> None:
    """Turn the mouse wheel with Ctrl over a point left of the middle."""
    at = QPointF(view.canvas.width() * 0.3, view.canvas.height() * 0.5)
    turned = QWheelEvent(
        at,
        QPointF(view.canvas.mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, 480),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.canvas, turned)


def middle(view: NetworkView) -> tuple[float, float]:
    """Return the point of the picture in the middle of the view."""
    return view.canvas.viewport.to_picture(view.canvas.width() / 2, view.canvas.height() / 2)


def test_the_zoom_comes_back_in_the_same_place(show: Show, settings: QSettings) -> None:
    _, view, _ = show(DEEP, 1)
    whole = view.canvas.viewport.zoom
    zoom_in(view)
    assert view.canvas.viewport.zoom > 1.2 * whole
    store_views(settings, {"network": view})
    _, other, _ = show(DEEP, 1)
    recall_views(settings, {"network": other})
    assert other.canvas.viewport.zoom == view.canvas.viewport.zoom
    assert middle(other) == pytest.approx(middle(view))
    other.resize(other.width() - 120, other.height())  # as when the window gets its size after the options
    assert other.canvas.viewport.zoom == view.canvas.viewport.zoom
    across = (middle(each)[0] / each.canvas.builder.layout.width for each in (other, view))
    assert next(across) == pytest.approx(next(across))
    other.canvas.fit()
    store_views(settings, {"network": other})
    _, third, _ = show(DEEP, 1)
    recall_views(settings, {"network": third})
    assert third.canvas.viewport.zoom == pytest.approx(whole)


def test_another_network_is_shown_whole(show: Show) -> None:
    _, view, _ = show(DEEP, 1)
    zoom_in(view)
    _, other, _ = show(network(*(16,) * 21), 1)
    before = other.canvas.viewport.zoom
    other.restore_view_data(view.view_data())
    assert other.canvas.viewport.zoom == before
    assert other.view_data() == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"zoom": 1e9, "across": 0.5, "down": 0.5, "layers": [4, 2]}',
        '{"zoom": 2.0, "across": -3, "down": 0.5, "layers": [4, 2]}',
        '{"zoom": "wide", "across": 0.5, "down": 0.5, "layers": [4, 2]}',
        '{"zoom": 2.0, "across": 0.5, "down": 0.5}',
    ],
)
def test_a_damaged_zoom_is_ignored(show: Show, text: str) -> None:
    assert chosen_view(text) is None
    _, view, _ = show()
    before = view.canvas.viewport.zoom
    view.restore_view_data(text)
    assert view.canvas.viewport.zoom == before


def test_moving_the_picture_forgets_the_restored_centre() -> None:
    view = Viewport()
    view.set_sizes((800, 400), (3000, 400))
    view.zoom_at(800, 200, 1e9)
    assert view.zoom == MAX_ZOOM
    chosen = view.chosen((4, 2))
    assert chosen is not None
    assert chosen_view(chosen.text) == chosen
    other = Viewport()
    other.restore(chosen)  # before the sizes are known
    other.set_sizes((800, 400), (3000, 400))
    assert (other.dx, other.dy) == pytest.approx((view.dx, view.dy))
    other.pan(500, 0)
    moved = other.dx
    other.set_sizes((820, 400), (3000, 400))
    assert other.dx == moved
