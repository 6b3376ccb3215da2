"""Viewports made in Python."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractScrollArea, QWidget


def own_viewport(area: QAbstractScrollArea) -> QWidget:
    """Give ``area`` a new plain viewport, and return it.

    When Qt returns a widget that it has made itself, PySide6 looks for the widget's class and, the first time, creates those
    of all kinds of widgets and dialogs for it (11 ms).
    """
    viewport = QWidget()
    area.setViewport(viewport)
    return viewport
