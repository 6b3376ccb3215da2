"""Simulate a user's mouse and keyboard: events go to the native window, and only to visible, uncovered widgets."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRect, Qt, QTimer
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QAbstractSlider, QApplication, QComboBox, QMenu, QSlider, QWidget

LEFT: Final = Qt.MouseButton.LeftButton
NO_KEYS: Final = Qt.KeyboardModifier.NoModifier
TURN: Final = 60
"""Angle of one wheel event in eighths of a degree; a notch is 120."""

MAX_TURNS: Final = 400
POPUP_SECONDS: Final = 5.0


class UnreachableError(Exception):
    """A user cannot do what the lesson asks for; the message says why."""


class UserInput:
    """Sends mouse and keyboard events to the widgets of ``window``.

    Args:
        window: the main window.
    """

    def __init__(self, window: QWidget) -> None:
        self._window = window

    # -- waiting -----------------------------------------------------------------------------------------------------

    def find(self, name: str) -> QWidget:
        """Return the visible widget with the object name ``name``.

        Raises:
            UnreachableError: there is none, or it is hidden.
        """
        found = self._window.findChildren(QWidget, name)
        visible = [each for each in found if each.isVisible()]
        if not visible:
            raise UnreachableError(f"{name} is {'hidden' if found else 'not in the window'}")
        return visible[0]

    def rest(self, seconds: float) -> None:
        """Let the window work for ``seconds``."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            QTest.qWait(max(1, round(1000 * min(left, 0.02))))

    def wait(self, done: Callable[[], bool], seconds: float, what: str) -> None:
        """Let the window work until ``done``.

        Raises:
            UnreachableError: it takes longer than ``seconds``.
        """
        end = time.monotonic() + seconds
        while not done():
            if time.monotonic() > end:
                raise UnreachableError(f"waited {seconds:.0f} s in vain: {what}")
            self.rest(0.02)

    def reach(self, widget: QWidget, spot: QPoint | None = None) -> tuple[QWindow, QPoint]:
        """Scroll ``widget`` into view, and return its native window and the position there of ``spot``, by default its middle.

        Raises:
            UnreachableError: it is hidden, disabled, outside the window, or covered.
        """
        name = widget.objectName() or widget.accessibleName() or type(widget).__name__
        if not widget.isVisible():
            raise UnreachableError(f"{name} is hidden")
        if not widget.isEnabled():
            raise UnreachableError(f"{name} is locked: {widget.toolTip()}")
        at = widget.rect().center() if spot is None else spot
        self._scroll_to(widget, at)
        top = widget.window()
        place = widget.mapTo(top, at)
        if not top.rect().contains(place):
            raise UnreachableError(f"{name} is outside the window, at {place.x()}, {place.y()}")
        above = top.childAt(place)
        if above is not None and above is not widget and not widget.isAncestorOf(above):
            raise UnreachableError(f"{name} is covered by {above.objectName() or type(above).__name__}")
        handle = top.windowHandle()
        if handle is None:
            raise UnreachableError(f"{name} has no window")
        return handle, place

    def _scroll_to(self, widget: QWidget, at: QPoint) -> None:
        parent = widget.parentWidget()
        while parent is not None:
            if isinstance(parent, QAbstractScrollArea) and parent.viewport().isAncestorOf(widget):
                self._turn_wheel(parent, widget, at)
            parent = parent.parentWidget()

    def _turn_wheel(self, area: QAbstractScrollArea, widget: QWidget, at: QPoint) -> None:
        """Turn the wheel over the left edge of ``area``, where no control takes it, until ``widget`` can be seen."""
        port = area.viewport()
        for _ in range(MAX_TURNS):
            y = widget.mapTo(port, at).y()
            margin = min(12, port.height() // 4)
            missing = y - margin if y < margin else max(0, y - (port.height() - margin))
            bar = area.verticalScrollBar()
            before = bar.value()
            if missing == 0:
                return
            place = port.mapTo(port.window(), QPoint(2, port.height() // 2))
            handle = port.window().windowHandle()
            if handle is None:
                return
            QTest.wheelEvent(handle, QPointF(place), QPoint(0, -TURN if missing > 0 else TURN))
            self.rest(0.01)
            if bar.value() == before:
                return

    # -- mouse -------------------------------------------------------------------------------------------------------

    def click(self, target: str | QWidget, spot: QPoint | None = None) -> None:
        """Click ``target``, a widget or its object name."""
        widget = self.find(target) if isinstance(target, str) else target
        handle, place = self.reach(widget, spot)
        QTest.mouseMove(handle, place)
        QTest.mouseClick(handle, LEFT, NO_KEYS, place)
        self.rest(0.05)

    def drag(self, widget: QWidget, points: list[QPoint]) -> None:
        """Press at the first of ``points`` in ``widget``, move along the others, and release at the last one."""
        handle, first = self.reach(widget, points[0])
        origin = first - points[0]
        QTest.mouseMove(handle, first)
        QTest.mousePress(handle, LEFT, NO_KEYS, first)
        for point in points[1:]:
            QTest.mouseMove(handle, origin + point)
            self.rest(0.02)
        QTest.mouseRelease(handle, LEFT, NO_KEYS, origin + points[-1])
        self.rest(0.05)

    def drag_slider(self, slider: QSlider, position: int) -> None:
        """Drag the handle of ``slider`` to ``position``; the arrow keys correct what is finer than a pixel."""
        span = max(slider.maximum() - slider.minimum(), 1)
        width, margin = slider.width(), slider.height() // 2

        def x_of(value: int) -> int:
            return round(margin + (width - 2 * margin) * (value - slider.minimum()) / span)

        y = slider.height() // 2
        start, end = x_of(slider.value()), x_of(position)
        self.drag(slider, [QPoint(round(start + (end - start) * part / 6), y) for part in range(7)])
        for _ in range(span):
            if slider.value() == position:
                return
            self.key(Qt.Key.Key_Right if slider.value() < position else Qt.Key.Key_Left)

    def choose(self, combo: QComboBox, text: str) -> None:
        """Open ``combo`` with a click and click the row that says ``text``.

        Raises:
            UnreachableError: there is no such row.
        """
        row = combo.findText(text)
        if row < 0:
            raise UnreachableError(f"{combo.objectName()} does not offer “{text}”")
        self.click(combo)
        view = combo.view()
        self.wait(view.isVisible, POPUP_SECONDS, f"the list of {combo.objectName()} to open")
        # Qt ignores a release this soon after the list was opened.
        self.rest(QApplication.doubleClickInterval() / 1000 + 0.1)
        index = combo.model().index(row, combo.modelColumn(), combo.rootModelIndex())
        for _ in range(MAX_TURNS):
            middle = view.visualRect(index).center()
            if view.viewport().rect().contains(middle):
                break
            view.verticalScrollBar().triggerAction(
                QAbstractSlider.SliderAction.SliderSingleStepAdd
                if middle.y() > 0
                else QAbstractSlider.SliderAction.SliderSingleStepSub
            )
        # Not by way of the native window, which Qt makes anew for each popup.
        middle = view.visualRect(index).center()
        QTest.mouseMove(view.viewport(), middle)
        QTest.mouseClick(view.viewport(), LEFT, NO_KEYS, middle)
        self.wait(lambda: not view.isVisible(), POPUP_SECONDS, f"the list of {combo.objectName()} to close")
        self.rest(0.3)  # rows may appear or disappear with the choice

    def pick(self, button: QWidget, text: str, spot: QPoint | None = None) -> None:
        """Open the menu of ``button`` with a click (at ``spot``) and click its entry ``text``.

        Raises:
            UnreachableError: no menu with this entry opens.
        """
        problem = [f"{button.objectName() or button.accessibleName()} opens no menu"]
        end = time.monotonic() + POPUP_SECONDS

        def pick() -> None:
            menu = QApplication.activePopupWidget()
            if not isinstance(menu, QMenu):
                if time.monotonic() < end:
                    QTimer.singleShot(50, pick)
                return
            entries = {action.text().replace("&", ""): action for action in menu.actions()}
            if text not in entries:
                problem[0] = f"the menu does not offer “{text}”"
                menu.close()
                return
            problem.clear()
            handle = menu.windowHandle()
            assert handle is not None
            QTest.mouseClick(handle, LEFT, NO_KEYS, menu.actionGeometry(entries[text]).center())

        QTimer.singleShot(200, pick)  # an open menu runs an event loop of its own
        self.click(button, spot)
        self.wait(lambda: not problem or time.monotonic() > end, POPUP_SECONDS + 1, "a menu")
        if problem:
            raise UnreachableError(problem[0])
        self.rest(0.1)

    # -- keyboard ----------------------------------------------------------------------------------------------------

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO_KEYS) -> None:
        """Press ``key`` in the main window."""
        handle = self._window.windowHandle()
        assert handle is not None
        QTest.keyClick(handle, key, modifiers)
        self.rest(0.02)

    def type(self, text: str) -> None:
        """Type ``text`` and Enter into what has the focus."""
        focus = QApplication.focusWidget()
        if focus is None:
            raise UnreachableError(f"nothing has the focus to type “{text}” into")
        QTest.keyClicks(focus, text)
        self.key(Qt.Key.Key_Return)


def settle() -> None:
    """Deliver posted events and delete what waits to be deleted."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()


def shown_part(widget: QWidget) -> QRect:
    """Return the part of ``widget`` that is not clipped by its parents, in coordinates of its window."""
    top = widget.window()
    return widget.visibleRegion().boundingRect().translated(widget.mapTo(top, QPoint(0, 0)))
