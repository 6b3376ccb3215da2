"""Choose the next event at random from the actions possible on the current screen."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from pathlib import Path

from events import Event
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QMenu, QWidget
from sandbox import LINKS, names
from targets import LISTING, foremost, windows

TEXTS = (
    "0",
    "1",
    "10",
    "-3",
    "0.5",
    "1e308",
    "1e-320",
    "nan",
    "inf",
    "abc",
    "99999999999",
    "7,5",
    "½ π",
    "",
    " ",
    "<b>x</b>",
)
KEYS = (
    *(
        [
            "Space",
            "Return",
            "Escape",
            "Tab",
            "Backtab",
            "Left",
            "Right",
            "Up",
            "Down",
            "Home",
            "End",
            "PageUp",
            "PageDown",
            "Delete",
            "Backspace",
            "Plus",
            "Minus",
        ]
    ),
    *"ABCDEFGHIJKLMNOPRSTUVXYZ0123456789",
)
CELLS = ("a\tb\n1\t2\n3\t4\n5\t6\n", "x\ty\tclass\n" + "0.5\t-1\tred\n1\t2\tblue\n" * 20, "a\tb\n\t\n")
HELD_KEYS = (
    *(("Escape", ""), ("Z", "Control"), ("Space", ""), ("R", ""), ("Delete", ""), ("1", "Control"), ("2", "Control")),
    *(("Tab", ""), ("S", ""), ("N", "Control")),
)
EXPORT_KEY = ["key", "E", "Control", 1]


class Chooser:
    """Draws events from ``rng``; ``mix`` is ``"all"`` or ``"export"`` (mostly the export dialog).

    Files are those in ``folder``, including what the window has exported meanwhile.
    """

    def __init__(self, rng: random.Random, folder: Path, mix: str) -> None:
        self._rng = rng
        self._folder = folder
        self._mix = mix
        self._played: Counter[str] = Counter()

    def next(self) -> Event:
        """Return an event that fits the current screen."""
        front = foremost()
        rng = self._rng
        if isinstance(front, QMenu):
            return self._in_menu(front)
        if front is None and self._mix == "export" and rng.random() < 0.5:
            return list(EXPORT_KEY)
        if rng.random() < 0.04:
            return ["wait", rng.choice((1, 5, 20, 60, 150))]
        if front is None and rng.random() < 0.3:
            return self._global_event()
        if front is None and rng.random() < 0.08:
            return self._towards_the_seldom(rng.random())
        if front is not None and rng.random() < 0.02:
            return self._behind_a_dialog()
        leaves = 0.2 if isinstance(front, QFileDialog) or QApplication.activePopupWidget() is not None else 0.03
        if front is not None and rng.random() < leaves:
            return ["key", "Escape", "", 1]
        if rng.random() < 0.12:
            return self._keys()
        return self._on_a_widget(front)

    # -- menus, keys and global events -------------------------------------------------------------------------------

    def _in_menu(self, menu: QMenu) -> Event:
        lines = [a.text() for a in menu.actions() if a.isEnabled() and not a.isSeparator() and a.text() != "&Quit"]
        if lines and self._rng.random() < 0.85:
            return ["pick", self._rng.choice(lines)]
        return ["key", self._rng.choice(("Escape", "Down", "Up", "Return", "Right", "Left")), "", 1]

    def _keys(self) -> Event:
        rng = self._rng
        if rng.random() < 0.3:
            return ["type", rng.choice(TEXTS)]
        modifiers = rng.choice(("", "", "", "", "Shift", "Control", "Alt", "Control+Shift"))
        name = rng.choice(KEYS)
        if name == "Q" or (name == "F4" and "Alt" in modifiers):
            name = "Space"
        return ["key", name, modifiers, rng.choice((1, 1, 1, 2, 5))]

    def _towards_the_seldom(self, roll: float) -> Event:
        """Return what leads to widgets that are seldom visible: a selection, another workspace, a pin."""
        rng = self._rng
        main = next((n for n, w in windows().items() if isinstance(w, QMainWindow)), None)
        if roll < 0.75 and main is not None:
            return ["click", main, "NetworkCanvas:networkCanvas#0", rng.random(), rng.random(), "left", "", False]
        if roll < 0.92:
            return ["key", rng.choice("1233"), "Control", 1]
        return ["key", "D", "Control", 1]

    def _keys_while_held(self) -> list[str]:
        return list(self._rng.choice(HELD_KEYS))

    def _global_event(self) -> Event:
        rng = self._rng
        main = next(((n, w) for n, w in windows().items() if isinstance(w, QMainWindow)), None)
        if main is None:
            return ["wait", 20]
        name, window = main
        roll = rng.random()
        if roll < 0.25:
            return self._shortcut(window)
        if roll < 0.45:
            return ["menu", rng.choice([action.text() for action in window.menuBar().actions()])]
        if roll < 0.65:
            return ["key", "Z", rng.choice(("Control", "Control", "Control+Shift")), rng.choice((1, 2, 5, 15))]
        if roll < 0.76:
            return self._drop()
        if roll < 0.78:
            return self._spoil()
        if roll < 0.81:
            return ["paste", rng.choice((*LINKS, *TEXTS, *CELLS))]
        if roll < 0.91:
            return self._resize()
        if roll < 0.93:
            return ["scheme", rng.choice(("Light", "Dark", "Unknown"))]
        if roll < 0.96:
            return ["state", name, rng.choice(("minimized", "maximized", "normal"))]
        others = [other for other in windows() if other != name]
        # Occasionally the program is closed; the next window restores its session.
        chosen = rng.choice(others) if others else name
        return ["close", chosen] if others or rng.random() < 0.05 else ["wait", 5]

    def _behind_a_dialog(self) -> Event:
        """Return what can happen to the main window while a dialog is open: drops, other programs, and a log-out."""
        rng = self._rng
        main = next((n for n, w in windows().items() if isinstance(w, QMainWindow)), None)
        roll = rng.random()
        if roll < 0.4:
            return self._drop()
        if roll < 0.6:
            return self._spoil()
        if roll < 0.9:
            return self._resize()
        return ["close", main] if main is not None and rng.random() < 0.3 else ["scheme", "Dark"]

    def _resize(self) -> Event:
        rng = self._rng
        chosen = rng.choice(list(windows()))
        if rng.random() < 0.25:
            return ["move", chosen, rng.randrange(0, 3600), rng.randrange(0, 1200)]
        return ["resize", chosen, rng.randrange(300, 2600), rng.randrange(200, 1500)]

    def _spoil(self) -> Event:
        rng = self._rng
        files = [name for name in names(self._folder) if (self._folder / name).is_file()]
        return ["spoil", rng.choice(files), rng.choice((*files, "", ""))]

    def _drop(self) -> Event:
        rng = self._rng
        if rng.random() < 0.15:
            return ["drop", [], rng.choice(LINKS)]
        files = names(self._folder)
        return ["drop", [rng.choice(files) for _ in range(rng.choice((1, 1, 1, 1, 2)))], ""]

    def _shortcut(self, window: QWidget) -> Event:
        actions = [a for a in window.actions() if not a.shortcut().isEmpty() and a.objectName() != "quitAction"]
        keys: QKeySequence = self._rng.choice(actions).shortcut()
        *modifiers, name = keys.toString(QKeySequence.SequenceFormat.PortableText).split("+")
        renamed = {"Ctrl": "Control"}
        key = {"?": "Question", "": "Plus"}.get(name, name)
        return ["key", key, "+".join(renamed.get(modifier, modifier) for modifier in modifiers if modifier), 1]

    # -- widgets -----------------------------------------------------------------------------------------------------

    def _on_a_widget(self, front: QWidget | None) -> Event:
        rng = self._rng
        visible = windows()
        if not visible:
            return ["wait", 20]
        name = next((n for n, w in visible.items() if w is front), None) or rng.choice(list(visible))
        kinds: dict[str, list[str]] = defaultdict(list)
        for widget in LISTING.of(visible[name]):
            kinds[widget.split(":")[0]].append(widget)
        plain = {"QWidget", "QLabel", "PlainLabel", "QFrame"}
        chosen = [kind for kind in kinds if kind not in plain or rng.random() < 0.2] or list(kinds)
        if not chosen:
            return ["wait", 5]
        kind = self._rarest(chosen)
        return self._gesture(name, rng.choice(kinds[kind]), kind)

    def _rarest(self, kinds: list[str]) -> str:
        """Return the one of three random ``kinds`` that has been used least, so that all that is seldom visible is used."""
        kind = min((self._rng.choice(kinds) for _ in range(3)), key=lambda each: self._played[each])
        self._played[kind] += 1
        return kind

    def _gesture(self, window: str, widget: str, kind: str) -> Event:
        rng = self._rng
        x, y = rng.random(), rng.random()
        slides = "Slider" in kind or "ScrollBar" in kind or "Handle" in kind
        gesture = rng.choices(("click", "drag", "wheel", "hover"), (3, 12, 3, 1) if slides else (12, 3, 3, 2))[0]
        if gesture == "drag" and rng.random() < 0.15:
            keys = self._keys_while_held()
            return ["hold", window, widget, [x, y], [rng.random(), rng.random()], *keys, rng.choice((0, 0, 20, 120))]
        if gesture == "drag":
            return ["drag", window, widget, [x, y], [rng.random(), rng.random()], rng.choice(("left", "left", "right"))]
        if gesture == "wheel":
            turn = rng.choice((-1200, -120, -40, 40, 120, 1200))
            return ["wheel", window, widget, x, y, turn, rng.choice(("", "", "Control", "Shift"))]
        if gesture == "hover":
            return ["hover", window, widget, x, y]
        button = rng.choice(("left", "left", "left", "left", "right"))
        modifiers = rng.choice(("", "", "", "", "Shift", "Control"))
        return ["click", window, widget, x, y, button, modifiers, rng.random() < 0.1]
