"""The edges of a figure are drawn by the thread that builds its picture, because a deep network has thousands of them."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from playground.export.hidden_view import Look, export_mode, hidden_view, play_picture, record_picture, render
from playground.network_view.edges import layer as edge_layer
from playground.network_view.edges import painter as edge_painter
from playground.network_view.edges.curves import EdgePaths
from playground.network_view.picture import Picture
from playground.style.theme import LIGHT
from playground.widgets.figure import Figure
from tests.playground.network_view.support import Show

LOOK = Look((640, 360), LIGHT, titled=False)


def test_recording_a_figure_draws_no_edge_and_the_thread_draws_them(
    show: Show, fonts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn_on: list[str] = []
    paint_edges = edge_painter.paint_edges

    def noted(painter: QPainter, picture: Picture, paths: EdgePaths, *, opacity: float = 1.0) -> None:
        drawn_on.append(threading.current_thread().name)
        paint_edges(painter, picture, paths, opacity=opacity)

    monkeypatch.setattr(edge_layer, "paint_edges", noted)
    _, view, _ = show()
    picture = record_picture(view, LOOK)
    assert drawn_on == []
    images: list[QImage] = []
    thread = threading.Thread(target=lambda: images.append(play_picture(picture, LOOK)), name="builder")
    thread.start()
    thread.join()
    assert drawn_on == ["builder"]
    assert images == [directly_painted(view)]


def directly_painted(view: Figure) -> QImage:
    """Return the same picture, painted on an image without a recorder."""
    image = QImage(*LOOK.size, QImage.Format.Format_RGB32)
    image.fill(LOOK.background)
    with hidden_view(view, LOOK) as hidden, export_mode(hidden, LOOK.background):
        painter = QPainter(image)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
            frame = LOOK.frame(view)
            frame.paint(painter)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            render(hidden, painter, frame.inner.topLeft())
        finally:
            painter.end()
    return image
