"""The menu bar of the main window, and all shortcuts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import qVersion
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QToolButton

from core.engine.step_choice import TF_PLAYGROUND_NOTE
from core.experiment import TrainingSettings
from playground import __version__
from playground.panels.controls.field_meta import field_meta
from playground.style.appearance import THEME_CHOICES
from playground.window.export.card_export import CardExport
from playground.window.menu_entry import Entry, add_choices, add_entry
from playground.window.menus.file_menu import FileMenu
from playground.window.menus.lesson_menu import fill_lesson_menu
from playground.window.menus.numbering import add_numbering
from playground.window.menus.step_entries import step_entries
from playground.window.pinning import Pinning
from playground.window.workspace.arrangements import ARRANGEMENTS

if TYPE_CHECKING:
    from collections.abc import Collection

    from playground.widgets.live_card import LiveCard
    from playground.window.lessons.lesson_manager import LessonManager
    from playground.window.parts import WindowParts
    from playground.window.side_windows import SideWindows

_THEME_TEXTS: Final = {"system": "Follow the system", "light": "Light", "dark": "Dark"}

DIGITS: Final = 9
"""Number of cards with a shortcut: Alt and a digit."""


class MainMenus:
    """Builds the menus and keeps their dynamic entries up to date.

    Attributes:
        card_export: copies and exports cards.
        pinning: the strip of pinned runs, and the key that shows one.
        code_menus: the menus that save scripts and the network.
        presentation_menu: the menu of the controls that the panel keeps in presentation mode.
        lesson_menu: the menu Lessons, filled by :meth:`fill_lessons`.
    """

    def __init__(self, parts: WindowParts, side_windows: SideWindows) -> None:
        self._parts = parts
        self._window = parts.window
        self._side_windows = side_windows
        self.card_export = CardExport(parts)
        self.pinning = Pinning(parts, self.card_export.export)
        bar = parts.window.menuBar()
        self._file = FileMenu(bar.addMenu("&File"), parts, side_windows, self.card_export)
        self.code_menus = self._file.code_menus
        self._fill_edit(bar.addMenu("&Edit"))
        self._fill_train(bar.addMenu("&Train"))
        self._fill_view(bar.addMenu("&View"))
        self.lesson_menu = bar.addMenu("&Lessons")
        self._fill_help(bar.addMenu("&Help"))
        parts.session.history_changed.connect(self._show_history)
        parts.session.experiment_changed.connect(lambda *_: self._update_tf_playground())
        self._show_history()
        self._update_tf_playground()

    def fill_lessons(self, manager: LessonManager) -> None:
        """Fill the menu Lessons."""
        self._file.add_new_lesson(manager)
        fill_lesson_menu(self._parts, self.lesson_menu, manager, self._side_windows)

    def actions(self) -> list[QAction]:
        """Return every action with a shortcut, in menu order."""
        return [action for action in self._window.actions() if not action.shortcut().isEmpty()]

    # -- filling -----------------------------------------------------------------------------------------------------

    def _add(self, menu: QMenu, *entries: Entry) -> list[QAction]:
        return [add_entry(self._window, menu, entry) for entry in entries]

    def _fill_edit(self, menu: QMenu) -> None:
        session, key = self._parts.session, QKeySequence.StandardKey
        self._undo, self._redo = self._add(
            menu,
            Entry("undoAction", "&Undo", session.undo, key.Undo, "Undo the last change."),
            Entry("redoAction", "&Redo", session.redo, "Ctrl+Shift+Z", "Redo the last undone change."),
        )
        menu.addSeparator()
        self.card_export.add_entries(menu)
        menu.addSeparator()
        self._add(
            menu,
            Entry("drawAction", "&Draw points", self._toggle_drawing, "B", "Draw points onto the output card's plot."),
        )
        menu.addSeparator()
        self._add(
            menu,
            Entry("pinAction", "&Pin this run", session.pin, "Ctrl+D", "Keep the current run for comparison."),
        )
        (flip,) = self._add(
            menu,
            Entry(
                "flipAction",
                "&Show the pinned run (hold)",
                self.pinning.flip,
                "F",
                "Show the pinned run in network and output while the key is held.",
            ),
        )
        flip.setAutoRepeat(False)

    def _toggle_drawing(self) -> None:
        """Show the output card and turn its drawing mode on or off."""
        card = self._parts.cards()["output"]
        self._parts.workspace.reveal("output")
        button = card.findChild(QToolButton, "drawButton")
        if button is not None and button.isEnabled():
            button.toggle()
        elif button is not None:
            self._parts.session.message.emit(button.accessibleDescription(), "info")

    def _fill_train(self, menu: QMenu) -> None:
        session = self._parts.session
        # The space bar means Play wherever the focus is, except in text fields, which handle it themselves.
        (play,) = self._add(
            menu,
            Entry(
                "playMenuAction",
                "&Play or pause",
                session.toggle,
                "P",
                "Start or pause training.",
                also="Space",
            ),
        )
        play.setAutoRepeat(False)
        self._add(menu, *step_entries(session))
        self._add(
            menu,
            Entry(
                "fullSpeedAction",
                "&Maximum speed",
                session.toggle_full_speed,
                "M",
                "Train at maximum speed; again to return to the previous speed.",
            ),
        )
        menu.addSeparator()
        self._add(
            menu,
            Entry("resetMenuAction", "&Rewind", session.reset, "R", "Return to step 0 with the same initial weights."),
            Entry("newSeedAction", "&New seed", session.new_seed, "Shift+R", "Draw other initial weights."),
        )
        menu.addSeparator()
        (self._tf_playground,) = self._add(
            menu,
            Entry(
                "asTFPlaygroundAction",
                "Train like &TF Playground",
                self._toggle_tf_playground,
                None,
                field_meta(TrainingSettings, "as_tf_playground").description,
            ),
        )
        self._tf_playground.setCheckable(True)
        self._add(
            menu,
            Entry(
                "gradientCheckAction",
                "&Gradient check…",
                self._side_windows.open_gradient_check,
                "Ctrl+G",
                "Compare every gradient with a finite difference; training pauses.",
            ),
            Entry(
                "doctorAction",
                "&Why isn't it learning?",
                partial(self._parts.workspace.reveal, "doctor"),
                "D",
                "List what keeps the network from learning, with evidence and cure.",
            ),
        )

    def _fill_view(self, menu: QMenu) -> None:
        window = self._window
        add_choices(
            window,
            menu.addMenu("&Colours"),
            {choice: _THEME_TEXTS[choice] for choice in THEME_CHOICES},
            self._parts.appearance.theme_choice,
            lambda choice: self._parts.appearance.choose_theme(next(c for c in THEME_CHOICES if c == choice)),
        )
        (presentation,) = self._add(
            menu, Entry("presentationAction", "&Presentation", lambda: None, "F5", "Use large type; Esc ends it.")
        )
        presentation.setCheckable(True)
        presentation.setChecked(self._parts.appearance.presentation)
        presentation.toggled.connect(self._parts.appearance.set_presentation)
        self._parts.appearance.changed.connect(lambda _: presentation.setChecked(self._parts.appearance.presentation))
        self.presentation_menu = menu.addMenu("Controls in &presentation")
        add_numbering(window, menu, self._parts.session)
        (full_screen,) = self._add(
            menu, Entry("fullScreenAction", "&Full screen", lambda: None, "F11", "Fill the whole screen.")
        )
        full_screen.setCheckable(True)
        full_screen.toggled.connect(lambda on: window.showFullScreen() if on else window.showNormal())
        menu.addSeparator()
        workspaces = menu.addMenu("&Workspace")
        for number, arrangement in enumerate(ARRANGEMENTS, start=1):
            self._add(
                workspaces,
                Entry(
                    f"workspace-{arrangement.key}",
                    arrangement.title,
                    partial(self._parts.workspace.show_arrangement, arrangement.key),
                    f"Ctrl+{number}",
                    arrangement.explanation,
                ),
            )
        self._enlarge = menu.addMenu("&Enlarge")
        self._add(
            menu,
            Entry(
                "resetLayoutAction",
                "Restore default &layout",
                self._parts.workspace.reset_layout,
                None,
                "Restore the default layout.",
            ),
        )

    def fill_enlarge(self, cards: Collection[LiveCard]) -> None:
        """Add an entry to enlarge each of ``cards``; the first nine get a shortcut."""
        self.code_menus.fill()
        for number, card in enumerate(cards, start=1):
            self._add(
                self._enlarge,
                Entry(
                    f"enlarge-{card.objectName()}",
                    card.title,
                    partial(self._parts.workspace.toggle_enlarged, card),
                    f"Alt+{number}" if number <= DIGITS else None,
                    f"{card.title}: enlarge or restore.",
                ),
            )

    def _fill_help(self, menu: QMenu) -> None:
        self._add(
            menu,
            Entry("shortcutsAction", "&Keyboard shortcuts", self._show_shortcuts, "F1", "All shortcuts."),
            Entry("aboutAction", "&About", self._show_about),
        )

    # -- TensorFlow Playground's training step -----------------------------------------------------------------------

    def _toggle_tf_playground(self) -> None:
        """Toggle TensorFlow Playground's training step, which requires SGD without momentum."""
        session = self._parts.session
        if session.experiment.training.steps_like_tf_playground:
            session.edit_training("Train like TF Playground", as_tf_playground=False)
        elif session.edit_training("Train like TF Playground", as_tf_playground=True, optimizer="sgd", momentum=0.0):
            session.message.emit(TF_PLAYGROUND_NOTE, "info")
        self._update_tf_playground()

    def _update_tf_playground(self) -> None:
        self._tf_playground.setChecked(self._parts.session.experiment.training.steps_like_tf_playground)

    # -- updating ----------------------------------------------------------------------------------------------------

    def _show_history(self) -> None:
        session = self._parts.session
        for action, word, label in (
            (self._undo, "&Undo", session.undo_label),
            (self._redo, "&Redo", session.redo_label),
        ):
            action.setEnabled(label is not None)
            action.setText(word if label is None else f"{word} {label.lower()}")

    def _show_shortcuts(self) -> None:
        from playground.panels.dialogs.shortcuts_dialog import ShortcutsDialog

        dialog = ShortcutsDialog(self.actions(), self._parts.appearance.style, self._window)
        dialog.exec()
        dialog.deleteLater()

    def _show_about(self) -> None:
        from PySide6.QtWidgets import QMessageBox  # imported late: the first frame does not need it

        QMessageBox.about(
            self._window,
            "About NN Playground",
            f"<b>NN Playground {__version__}</b><p>Watch a neural network train while you change its settings."
            f"</p><p>Qt {qVersion()}</p>",
        )
