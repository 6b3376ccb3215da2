"""Map visible widgets to names and back, so that a recorded event finds its widget again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPoint
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QApplication, QWidget


def windows() -> dict[str, QWidget]:
    """Return every visible window by name; popups come last."""
    found: dict[str, QWidget] = {}
    for widget in sorted(QApplication.topLevelWidgets(), key=_name):
        if widget.isVisible() and widget.windowHandle() is not None and not widget.inherits("QTipLabel"):
            name = _name(widget)
            number = sum(other.split("#")[0] == name for other in found)
            found[f"{name}#{number}"] = widget
    return found


def foremost() -> QWidget | None:
    """Return the popup or modal dialog that receives all input, if there is one."""
    return QApplication.activePopupWidget() or QApplication.activeModalWidget()


def widgets_of(window: QWidget) -> dict[str, QWidget]:
    """Return every visible widget of ``window`` by name."""
    found: dict[str, QWidget] = {}
    seen: dict[str, int] = {}
    for widget in (window, *window.findChildren(QWidget)):
        if widget.isVisible() and widget.window() is window and widget.width() > 1 and widget.height() > 1:
            name = _name(widget)
            number = seen[name] = seen.get(name, -1) + 1
            found[f"{name}#{number}"] = widget
    return found


class Listing:
    """The widgets of the window that was listed last, for one search without listing them again."""

    def __init__(self) -> None:
        self._window: QWidget | None = None
        self._found: dict[str, QWidget] = {}

    def of(self, window: QWidget) -> dict[str, QWidget]:
        """List every visible widget of ``window`` by name."""
        self._window, self._found = window, widgets_of(window)
        return self._found

    def find(self, window: str, widget: str) -> QWidget | None:
        """Return the widget ``widget`` in the window ``window``, or ``None``."""
        top = windows().get(window)
        if top is None:
            return None
        found = self._found if top is self._window else widgets_of(top)
        self._window, self._found = None, {}  # the event that follows may change the window
        return found.get(widget)


LISTING: Final = Listing()


class Responses:
    """Called when the window has responded to a part of an event, such as one of several keys."""

    def __init__(self) -> None:
        self.heard: Callable[[], object] = lambda: None


RESPONSES: Final = Responses()


def spot(widget: QWidget, x: float, y: float) -> tuple[QWindow, QPoint] | None:
    """Return the native window of ``widget``, and the point in it at the relative position (x, y) within the widget."""
    handle = widget.window().windowHandle()
    point = QPoint(int(x * (widget.width() - 1)), int(y * (widget.height() - 1)))
    inside = widget.mapTo(widget.window(), point)
    if handle is None or not 0 <= inside.x() < handle.width() or not 0 <= inside.y() < handle.height():
        return None
    return handle, inside


def _name(widget: QWidget) -> str:
    own = widget.objectName() or widget.accessibleName()
    kind = type(widget).__name__
    return f"{kind}:{own}".replace("/", "∕").replace("#", "＃")
