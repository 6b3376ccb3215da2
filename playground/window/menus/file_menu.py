"""The menu File: what can be opened, saved and exported."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from core.experiment.presets import DEMONSTRATIONS, explanation, preset, preset_names
from playground.widgets.plain_text import plain_tip
from playground.window.export.card_export import CardExport
from playground.window.export.code_entries import CodeMenus
from playground.window.export.deck_entries import DeckEntries
from playground.window.menu_entry import Entry, add_entry
from playground.window.menus.lesson_menu import add_new_lesson

if TYPE_CHECKING:
    from playground.window.lessons.lesson_manager import LessonManager
    from playground.window.parts import WindowParts
    from playground.window.side_windows import SideWindows


class FileMenu:
    """Fills the menu and keeps its recent files and the way back up to date.

    Attributes:
        code_menus: the menus that save scripts and the network.

    Args:
        menu: the menu to fill.
        parts: the parts of the window.
        side_windows: opens links.
        card_export: exports figures and animations.
    """

    def __init__(self, menu: QMenu, parts: WindowParts, side_windows: SideWindows, card_export: CardExport) -> None:
        self._menu, self._parts = menu, parts
        files, key = parts.files, QKeySequence.StandardKey
        self._add(Entry("newAction", "&New", files.new, key.New, "Start over with the default network and data."))
        presets = menu.addMenu("New from &preset")
        self._fill_presets(presets)
        self._add(
            Entry("openAction", "&Open…", files.open, key.Open, "Open an experiment file."),
            Entry(
                "openLinkAction",
                "Open &link…",
                side_windows.open_link,
                "Ctrl+L",
                "Open a TensorFlow Playground link.",
            ),
            Entry("openDataAction", "Open &data…", files.open_data, "Ctrl+Shift+O", "Train on your own table."),
        )
        self._recent = menu.addMenu("Open &recent")
        self._back, self._recover = self._add(
            Entry("goBackAction", "Go &back", parts.session.go_back, None, "Return to the previous experiment."),
            Entry(
                "recoverAction",
                "Re&cover the session before the crash",
                files.recover,
                None,
                "Recover the session that ended unexpectedly.",
            ),
        )
        menu.aboutToShow.connect(self._update_go_back)
        parts.session.file_changed.connect(self._update_go_back)
        menu.addSeparator()
        self._add(
            Entry("saveAction", "&Save", files.save, key.Save, "Save the experiment to its file."),
            Entry("saveAsAction", "Save &as…", files.save_as, "Ctrl+Shift+S", "Save the experiment to another file."),
        )
        menu.addSeparator()
        self.code_menus = self._add_exports(card_export)
        menu.addSeparator()
        self._add(Entry("quitAction", "&Quit", parts.window.close, "Ctrl+Q", "Close; the next start continues here."))
        files.recent_changed.connect(self._show_recent)
        self._show_recent()
        self._update_go_back()

    def add_new_lesson(self, manager: LessonManager) -> None:
        """Add the entry for writing a lesson, which ``manager`` opens."""
        add_new_lesson(self._parts, self._menu, self._recent.menuAction(), manager)

    def _add(self, *entries: Entry) -> list[QAction]:
        return [add_entry(self._parts.window, self._menu, entry) for entry in entries]

    def _add_exports(self, card_export: CardExport) -> CodeMenus:
        self._add(
            Entry(
                "exportAction",
                "&Export…",
                card_export.export,
                "Ctrl+E",
                "Plots and the network as pictures, PowerPoint slides, LaTeX or CSV.",
            ),
        )
        DeckEntries(self._parts).add_entries(self._menu)
        animate, hint = card_export.animate, "The run from its start as GIF, WebP or MP4."
        self._add(Entry("exportAnimationAction", "Export &animation…", animate, "Ctrl+Shift+E", hint))
        return CodeMenus(self._parts, self._menu)

    def _fill_presets(self, menu: QMenu) -> None:
        """Add the demonstrations and, separately, the data sets."""
        menu.setToolTipsVisible(True)
        data = [name for name in preset_names() if name not in DEMONSTRATIONS]
        for heading, names in (("Demonstrations", list(DEMONSTRATIONS)), ("Data sets", data)):
            menu.addAction(heading).setEnabled(False)
            for name in names:
                action = menu.addAction(name.replace("-", " ").capitalize())
                action.setObjectName(f"preset-{name}")
                action.triggered.connect(lambda _=False, chosen=name: self._parts.files.new(preset(chosen)))
        menu.aboutToShow.connect(partial(_explain, menu))

    def _update_go_back(self) -> None:
        previous = self._parts.session.previous_name
        self._back.setEnabled(previous is not None)
        self._back.setText("Go &back" if previous is None else f"Go &back to {previous.replace('&', '&&')}")
        self._recover.setVisible(self._parts.files.can_recover)

    def _show_recent(self) -> None:
        self._recent.clear()
        recent = self._parts.files.recent()
        for path in recent:
            action = self._recent.addAction(path.name)
            action.setToolTip(plain_tip(str(path)))
            action.triggered.connect(lambda _=False, chosen=path: self._parts.files.open_path(chosen))
        self._recent.setEnabled(bool(recent))
        if recent:
            self._recent.addSeparator()
            self._recent.addAction("Clear list").triggered.connect(lambda _=False: self._parts.files.forget_recent())


def _explain(menu: QMenu) -> None:
    """Add a sentence to every preset in ``menu``; called when it opens, because it reads the presets' files."""
    for action in menu.actions():
        key = action.objectName().removeprefix("preset-")
        if key != action.objectName():
            sentence = explanation(key)
            action.setText(f"{preset(key).name}\t{sentence}")
            action.setToolTip(sentence)
