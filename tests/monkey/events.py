"""Execute one event, a JSON list of its kind and arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import shiboken6
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QWidget
from targets import LISTING, RESPONSES, foremost, spot, windows

Event = list[Any]


def execute(event: Event, folder: Path) -> None:
    """Execute ``event``, or do nothing if its widget does not exist."""
    kind, *arguments = event
    _KINDS[kind](*arguments) if kind in _KINDS else _KINDS_WITH_FILES[kind](folder, *arguments)


def _button(name: str) -> Qt.MouseButton:
    return {"left": Qt.MouseButton.LeftButton, "right": Qt.MouseButton.RightButton}[name]


def _modifiers(names: str) -> Qt.KeyboardModifier:
    both = Qt.KeyboardModifier.NoModifier
    for name in names.split("+"):
        if name:
            both |= getattr(Qt.KeyboardModifier, f"{name}Modifier")
    return both


def _click(window: str, widget: str, x: float, y: float, button: str, modifiers: str, double: bool) -> None:
    target = LISTING.find(window, widget)
    place = spot(target, x, y) if target is not None else None
    if place is None:
        return
    _strike(*place, button, modifiers, double=double)


def _strike(handle: QWindow, point: QPoint, button: str = "left", modifiers: str = "", *, double: bool = False) -> None:
    """Press and release a mouse button; unlike ``QTest.mouseClick``, only while the window exists, which a press may close."""
    for strike in (QTest.mousePress, QTest.mouseRelease) + ((QTest.mouseDClick,) if double else ()):
        if _alive(handle):
            strike(handle, _button(button), _modifiers(modifiers), _inside(handle, point))
            RESPONSES.heard()


def _hold(
    window: str, widget: str, start: list[float], end: list[float], key: str, modifiers: str, milliseconds: int
) -> None:
    """Press a key, and wait, during a drag."""
    _drag(window, widget, start, end, "left", lambda: (_key(key, modifiers, 1), QTest.qWait(milliseconds)))


def _drag(
    window: str,
    widget: str,
    start: list[float],
    end: list[float],
    button: str,
    meanwhile: Callable[[], object] = lambda: None,
) -> None:
    target = LISTING.find(window, widget)
    first = spot(target, *start) if target is not None else None
    last = spot(target, *end) if target is not None else None
    if first is None or last is None:
        return
    handle = first[0]
    QTest.mousePress(handle, _button(button), Qt.KeyboardModifier.NoModifier, first[1])
    for part in range(1, 7):
        if not _alive(handle):
            return
        QTest.mouseMove(handle, _inside(handle, first[1] + (last[1] - first[1]) * (part / 6)))
        RESPONSES.heard()
        if part == 3:
            meanwhile()
    if _alive(handle):
        QTest.mouseRelease(handle, _button(button), Qt.KeyboardModifier.NoModifier, _inside(handle, last[1]))


def _inside(handle: QWindow, point: QPoint) -> QPoint:
    """Return the point of the window nearest to ``point``, because the window may have been resized meanwhile."""
    return QPoint(min(max(point.x(), 0), handle.width() - 1), min(max(point.y(), 0), handle.height() - 1))


def _alive(handle: object) -> bool:
    return shiboken6.isValid(handle) and any(w.windowHandle() is handle for w in windows().values())


def _hover(window: str, widget: str, x: float, y: float) -> None:
    target = LISTING.find(window, widget)
    place = spot(target, x, y) if target is not None else None
    if place is not None:
        QTest.mouseMove(place[0], _inside(*place))


def _wheel(window: str, widget: str, x: float, y: float, turn: int, modifiers: str) -> None:
    target = LISTING.find(window, widget)
    place = spot(target, x, y) if target is not None else None
    if place is not None:
        QTest.wheelEvent(place[0], QPointF(place[1]), QPoint(0, turn), QPoint(), _modifiers(modifiers))


def _receiver() -> QWidget | None:
    return foremost() or QApplication.activeWindow() or next(iter(windows().values()), None)


def _key(name: str, modifiers: str, times: int) -> None:
    for _ in range(times):
        receiver = _receiver()
        handle = receiver.window().windowHandle() if receiver is not None else None
        if receiver is None or handle is None:
            return
        if QApplication.activeWindow() is None:  # without a window manager, the focus is not restored
            receiver.activateWindow()
        for press, code, held in _strokes(name, modifiers):
            if not _alive(handle):  # Alt closes a popup window, for example, which QTest.keyClick does not notice
                return
            text = QTest.keyToAscii(code).strip("\0")
            QTest.simulateEvent(handle, press, code.value, held, text, False)
        RESPONSES.heard()


def _strokes(name: str, modifiers: str) -> Iterator[tuple[bool, Qt.Key, Qt.KeyboardModifier]]:
    """Yield whether a key is pressed, the key, and the modifiers held then, for a key with its modifiers."""
    held = [(getattr(Qt.Key, f"Key_{each}"), _modifiers(each)) for each in modifiers.split("+") if each]
    before = Qt.KeyboardModifier.NoModifier
    for key, modifier in held:
        yield True, key, before
        before |= modifier
    key = getattr(Qt.Key, f"Key_{name}")
    yield True, key, before
    yield False, key, before
    for key, modifier in reversed(held):
        before &= ~modifier
        yield False, key, before


def _type(text: str) -> None:
    focus = QApplication.focusWidget()
    for letter in text:
        if focus is None or not shiboken6.isValid(focus):
            return
        if letter.isascii():
            QTest.keyPress(focus, letter)
            if shiboken6.isValid(focus):
                QTest.keyRelease(focus, letter)
        else:  # QTest supports only ASCII keys
            QApplication.sendEvent(focus, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter))
        RESPONSES.heard()


def _pick(text: str) -> None:
    """Choose the entry ``text`` of the open menu."""
    menu = QApplication.activePopupWidget()
    if isinstance(menu, QMenu):
        for action in menu.actions():
            handle = menu.windowHandle()
            if action.text() == text and handle is not None:
                _strike(handle, menu.actionGeometry(action).center())
                return


def _menu(title: str) -> None:
    """Open the menu ``title`` of the main window."""
    window = _main_window()
    if window is not None and window.windowHandle() is not None:
        bar = window.menuBar()
        for action in bar.actions():
            if action.text() == title:
                point = bar.mapTo(window, bar.actionGeometry(action).center())
                _strike(window.windowHandle(), point)


def _main_window() -> QMainWindow | None:
    return next((w for w in QApplication.topLevelWidgets() if isinstance(w, QMainWindow) and w.isVisible()), None)


def _mime(files: list[Path], text: str) -> QMimeData:
    mime = QMimeData()
    if files:
        mime.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    if text:
        mime.setText(text)
    return mime


def _drop(folder: Path, names: list[str], text: str) -> None:
    """Drop files, or ``text``, on the main window, even behind a dialog, which Qt allows."""
    window = _main_window()
    if window is None or QApplication.activePopupWidget() is not None:
        return
    mime = _mime([folder / name for name in names], text)
    actions, buttons, modifiers = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(QPoint(300, 300), actions, mime, buttons, modifiers)
    QApplication.sendEvent(window, entered)
    if entered.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(300, 300), actions, mime, buttons, modifiers))


def _spoil(folder: Path, name: str, other: str) -> None:
    """Replace the file ``name`` by ``other``, or delete it if ``other`` is empty, as another program may do."""
    target, source = folder / name, folder / other
    if other and source.is_file():
        target.write_bytes(source.read_bytes())
    elif not other:
        target.unlink(missing_ok=True)


def _paste(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    _key("V", "Control", 1)


def _resize(window: str, width: int, height: int) -> None:
    target = windows().get(window)
    if target is not None:
        target.resize(width, height)


def _move(window: str, x: int, y: int) -> None:
    """Move a window, possibly to another screen."""
    target = windows().get(window)
    if target is not None:
        target.move(x, y)


def _scheme(scheme: str) -> None:
    """Change the colour scheme of the system."""
    QGuiApplication.styleHints().setColorScheme(getattr(Qt.ColorScheme, scheme))


def _state(window: str, state: str) -> None:
    target = windows().get(window)
    if target is not None:
        {"minimized": target.showMinimized, "maximized": target.showMaximized, "normal": target.showNormal}[state]()
        if state == "minimized":
            target.showNormal()


def _close(window: str) -> None:
    target = windows().get(window)
    if target is not None:
        target.close()


def _wait(_milliseconds: int) -> None:
    """Do nothing, because the caller waits before the next event."""


_KINDS = {
    "click": _click,
    "drag": _drag,
    "hold": _hold,
    "hover": _hover,
    "wheel": _wheel,
    "key": _key,
    "type": _type,
    "pick": _pick,
    "menu": _menu,
    "paste": _paste,
    "resize": _resize,
    "move": _move,
    "scheme": _scheme,
    "state": _state,
    "close": _close,
    "wait": _wait,
}

_KINDS_WITH_FILES = {"drop": _drop, "spoil": _spoil}
