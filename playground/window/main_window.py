"""The main window: arranges and connects toolbar, cards and menus."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from msgspec.structs import replace
from PySide6.QtCore import QByteArray, QEvent, QSettings, QSize, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget
from typing_extensions import override

from core.data.tables.files.file_kinds import located
from core.errors import PlaygroundError
from core.experiment import Experiment, TableSource
from core.training.snapshot import Snapshot
from playground.panels import ControlPanel, MessageBar, Toolbar
from playground.session import Session
from playground.session.controller import Controller
from playground.session.playback import speed
from playground.session.saving.autosave import Autosave
from playground.session.saving.chosen import choose_again, chosen_text
from playground.session.saving.files import Files
from playground.session.saving.history_file import read as read_history
from playground.session.saving.last_state import LastState
from playground.session.saving.own_work import OwnWork
from playground.style.appearance import Appearance
from playground.style.stylesheet import palette, stylesheet
from playground.style.theme import Style
from playground.widgets.figure import Figure
from playground.widgets.guard import guarded
from playground.widgets.live_card import LiveCard
from playground.window.card_set import CardSet, Styled
from playground.window.cards import CARDS
from playground.window.divergence_message import DivergenceMessage
from playground.window.doctor_watch import DoctorWatch
from playground.window.lessons.lesson_manager import LessonManager
from playground.window.menus.main_menus import MainMenus
from playground.window.menus.return_and_escape import escape, press
from playground.window.parts import WindowParts
from playground.window.presentation.controls import PresentationControls
from playground.window.presentation.large_type import LargeType
from playground.window.presentation.window_scale import WindowScale
from playground.window.side_windows import SideWindows
from playground.window.system.incoming import can_open, open_dropped, open_pasted
from playground.window.system.placement import Placement, first_size
from playground.window.workspace.arrangements import ARRANGEMENTS, CONTROLS
from playground.window.workspace.left_column import LeftColumn
from playground.window.workspace.view_memory import recall_views
from playground.window.workspace.view_saver import GEOMETRY, PLAYING, ViewSaver
from playground.window.workspace.workspace import Workspace, remembered_arrangement

PREFERRED_SIZE: Final = QSize(1440, 900)
MIN_SIZE: Final = QSize(1000, 640)

READABLE: Final = 5.0
"""Maximum redraw rate of text bars in hertz."""

_SPEED: Final = "training/speed"


class MainWindow(QMainWindow):
    """The window of one session.

    Args:
        experiment: the Experiment to open.
        file: its file, or ``None``.
        appearance: theme and scale.
        settings: saved sizes and choices.
        last_state: recent files and the saved last session.
    """

    def __init__(
        self,
        experiment: Experiment,
        file: Path | None,
        appearance: Appearance,
        settings: QSettings,
        last_state: LastState,
    ) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setMinimumSize(MIN_SIZE)
        self.setAcceptDrops(True)
        self._settings = settings
        self._last_state = last_state
        self.appearance = appearance
        appearance.setParent(self)
        self.session = Session(experiment, file, parent=self)
        self.controller = Controller(self.session, self)
        self._autosave = Autosave(self.session, last_state, self)
        self.files = Files(self.session, last_state, self._ask_table, self)
        self.files.recovered.connect(lambda crashed: self._autosave.restore_pins(crashed.pins))
        self._colour(appearance.style)
        self._build(appearance.style)
        parts = self._parts()
        self.side_windows = SideWindows(parts)
        self.menus = MainMenus(parts, self.side_windows)
        own_work = OwnWork(self.session, last_state, self._autosave, self)
        self.lessons = LessonManager(parts, self._column, self.controls, own_work, settings, last_state.folder)
        self.menus.fill_lessons(self.lessons)
        self._presented = PresentationControls(self.controls, appearance, settings, self.menus.presentation_menu)
        WindowScale(self, appearance)
        Placement(self, MIN_SIZE, lambda: self._show_style(appearance.style))
        built, is_playing = lambda: self._cards.built, lambda: self.lessons.own_playing
        self._views = ViewSaver(self, self.session, settings, self.workspace, built, is_playing)
        self._connect()
        self._cards.settle_in(self.workspace, self.menus.card_export, self._recall_options, self._fill_enlarge)
        self._show_title()
        self._recall_size()

    # -- building ----------------------------------------------------------------------------------------------------

    def _build(self, style: Style) -> None:
        session = self.session
        self.toolbar = Toolbar(session, style)
        self.controls = ControlPanel(session, style)
        # The first frame needs the cards that it shows only; the others are built once it is on the screen.
        remembered = remembered_arrangement(self._settings)
        arrangements = tuple(sorted(ARRANGEMENTS, key=lambda each: each.key != remembered))
        self._cards = CardSet(CARDS, arrangements, session, self.appearance, self.controller.clock)
        self._applying = frozenset(key for key, entry in CARDS.items() if entry.applies_to(None))
        self._column = LeftColumn(self.controls)
        widgets = {CONTROLS: self._column, **self._cards.built}
        self.workspace = Workspace(arrangements[:1], widgets, CARDS, style, complete=self._complete)
        self._column.place = lambda: self.workspace.controls_place
        self.workspace.offer(self._applying)
        self._large_type = LargeType(self.workspace, style)
        central = QWidget()
        self.message_bar = MessageBar(session, style, central)
        layout = QVBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.toolbar)
        layout.addWidget(self.workspace, 1)
        self.setCentralWidget(central)

    @property
    def cards(self) -> Mapping[str, LiveCard]:
        """Every card by key, in the order of the table."""
        return self._cards.all()

    def _complete(self) -> None:
        self.controls.complete()
        self._cards.complete()

    def _fill_enlarge(self, cards: Mapping[str, LiveCard]) -> None:
        self.menus.fill_enlarge(cards.values())

    def _recall_options(self, cards: Mapping[str, LiveCard]) -> None:
        recall_views(self._settings, cards)
        self._views.follow(cards)
        for card in cards.values():
            card.script_requested.connect(self.menus.code_menus.save_script)

    def _parts(self) -> WindowParts:
        return WindowParts(
            window=self,
            session=self.session,
            controller=self.controller,
            files=self.files,
            appearance=self.appearance,
            workspace=self.workspace,
            cards=self._cards.all,
            exportable=self.exportable,
        )

    def exportable(self) -> list[Figure]:
        """Return the figures that apply, each with the newest snapshot."""
        snapshot = self.controller.clock.latest
        figures: list[Figure] = []
        for key, card in self.cards.items():
            if card.has_figures and key in self._applying:
                if snapshot is not None and not card.isVisible():
                    card.show_snapshot(snapshot)
                figures += card.figures
        return figures

    @property
    def _styled(self) -> tuple[Styled, ...]:
        """All widgets with a style."""
        bars = (self.toolbar, self.message_bar, self.controls, self.workspace)
        return (*bars, *self._cards.styled)

    def _connect(self) -> None:
        clock = self.controller.clock
        clock.add(self.toolbar, READABLE)
        clock.add(self.controls, READABLE)
        clock.arrived.connect(self._on_snapshot)
        clock.view_failed.connect(self._show_view_failure)
        # Work that the first frame does not need.
        self._hold(on=True)
        clock.first_painted.connect(lambda: self._hold(on=False))
        clock.first_painted.connect(self._cards.complete_between_frames)
        clock.first_painted.connect(self._views.begin)
        self.toolbar.export_requested.connect(lambda: self.menus.card_export.export())
        self.toolbar.lessons_requested.connect(self.lessons.show_list)
        self._watch = DoctorWatch(clock, self.session.findings, self)
        self._watch.changed.connect(self.toolbar.show_findings)
        self.toolbar.doctor_requested.connect(lambda: self.workspace.reveal("doctor"))
        self.controls.open_data_requested.connect(self.files.open_data)
        self.controls.edit_columns_requested.connect(self._edit_columns)
        self.appearance.changed.connect(self._show_style)
        self.session.file_changed.connect(self._show_title)
        self.session.experiment_changed.connect(lambda *_: self._show_title())
        self.workspace.rearranged.connect(clock.redraw_all)
        DivergenceMessage(self.controller, self.message_bar, self.session.reset)
        self.session.replaced.connect(self._show_replaced)
        self.session.speed_changed.connect(lambda steps: self._settings.setValue(_SPEED, speed.written(steps)))
        self.controller.failed.connect(self.show_failure)
        self.controller.failed.connect(lambda *_: self.toolbar.wait_text.forget())
        self.controller.loading.connect(self.controls.data.show_loading)
        self.controller.engine_note.connect(self.toolbar.show_engine_note)

    def _hold(self, *, on: bool) -> None:
        """Postpone work that the first frame does not need, or resume it."""
        self.controls.hold(on=on)
        self._cards.hold(on=on)

    # -- showing -----------------------------------------------------------------------------------------------------

    def start(self, *, playing: bool, resume: bool = False) -> None:
        """Start, training or paused; with ``resume``, from the weights of the last session."""
        self.controller.start(playing=playing, state=self._last_state.training if resume else None)
        history = read_history(self._last_state.history, self.session.experiment) if resume else None
        if history is not None:
            self.session.adopt_history(history)
        if resume:
            choose_again(self.session, self._last_state.chosen)
            self.controller.clock.first_painted.connect(lambda: self._autosave.restore_pins())
        else:
            self._autosave.discard_pins()
        if self.isVisible():
            self.controller.clock.start()

    def start_as_left(self, *, resume: bool) -> None:
        """Start at the last session's speed; play only if ``resume`` restores a session that was playing."""
        self.session.set_speed(speed.read(self._settings.value(_SPEED)))
        playing = str(self._settings.value(PLAYING, "")).lower() == "true"
        self.start(playing=resume and playing, resume=resume)

    def greet(self, sentences: Sequence[str]) -> None:
        """Show messages about the start, and offer to recover a crashed session."""
        if self._last_state.newest_aside() is not None:
            offer = "A session that ended unexpectedly can be recovered."
            said = " ".join((*sentences, offer))
            self.message_bar.show_message(said, "warning", action=("Recover", self.files.recover))
        elif sentences:
            self.message_bar.show_message(" ".join(sentences), "warning")

    def show_failure(self, sentence: str, details: str) -> None:
        """Show an unexpected error with its details."""
        self.message_bar.show_message(sentence, "error", details=details)

    @property
    def problems_at_start(self) -> tuple[str, ...]:
        """Messages about parts of the last session that could not be restored."""
        return tuple(self._last_state.problems)

    def _show_view_failure(self, view: object, error: Exception) -> None:
        """Show a view's failure on its card, and offer the details."""
        details = "".join(traceback.format_exception(error))
        name = view.title if isinstance(view, LiveCard) else type(view).__name__
        if isinstance(view, LiveCard):
            view.show_problem(error)
        self.show_failure(f"{name} cannot be drawn; the other cards are not affected.", details)

    def _show_replaced(self, sentence: str) -> None:
        self.message_bar.show_message(sentence, action=("Go back", self.session.go_back))

    def _on_snapshot(self, snapshot: Snapshot) -> None:
        applying = frozenset(key for key, entry in CARDS.items() if entry.applies_to(snapshot))
        if applying != self._applying:
            self._applying = applying
            self.workspace.offer(applying)

    def _colour(self, style: Style) -> None:
        self.setPalette(palette(style))
        self.setStyleSheet(stylesheet(style))

    def _show_style(self, style: Style) -> None:
        self._colour(style)
        for view in self._styled:
            view.set_style(style)
        self._large_type.set_style(style)
        self.controller.clock.redraw_all()

    def _show_title(self) -> None:
        file = self.session.file
        name = self.session.experiment.name
        self.setWindowTitle(f"{name}[*]" if file is None else f"{name} ({file.name})[*]")
        self.setWindowModified(self.session.unsaved)

    def _ask_table(self, path: Path) -> TableSource | None:
        return self._table_dialog(path)

    def _table_dialog(self, path: Path, source: TableSource | None = None) -> TableSource | None:
        from playground.panels.table.dialog import TableDialog  # imported late: not needed for the first frame

        data = self.session.experiment.data
        if source is None:
            data = replace(data, split="stratified")
        return TableDialog.ask(path, self.appearance.style, self, source=source, data=data)

    def _edit_columns(self) -> None:
        """Let the user change the columns of the current table."""
        source = self.session.experiment.data.dataset
        if not isinstance(source, TableSource):
            return
        path = located(source.csv, self.session.folder)
        chosen = self._table_dialog(path, source)
        if chosen is not None:
            self.files.use_table(chosen)

    # -- size and end ------------------------------------------------------------------------------------------------

    def _recall_size(self) -> None:
        geometry = self._settings.value(GEOMETRY)
        if not (isinstance(geometry, QByteArray) and self.restoreGeometry(geometry)):
            self.resize(first_size(PREFERRED_SIZE, self.screen().availableSize()))
        self.workspace.recall(self._settings)
        self._recall_options(self._cards.built)

    @override
    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Draw everything when the window is first shown."""
        super().showEvent(event)
        self.controller.clock.redraw_all()
        if self.controller.is_running:
            self.controller.clock.start()

    @override
    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the background, and end the frame after the cards have been painted."""
        super().paintEvent(event)
        self.controller.clock.end_frame()

    @override
    @guarded
    def closeEvent(self, event: QCloseEvent) -> None:
        """Save sizes and session, stop the thread, and close."""
        self._cards.stop()
        self._last_state.store_chosen(chosen_text(self.session))
        self.lessons.stop()
        self.menus.card_export.stop()
        self._views.stop()
        self.side_windows.close()
        self.hide()  # saving a large network takes seconds
        self._autosave.stop()
        self._watch.stop()
        self.controller.stop()
        with contextlib.suppress(PlaygroundError):
            # If the weights cannot be saved, the next start uses initial weights.
            self.controller.save_state(self._last_state.training)
        self.files.store_last_state()
        self._last_state.end()
        super().closeEvent(event)

    # -- keys, files and links dropped -------------------------------------------------------------------------------

    @override
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle Return on a focused button, Esc, and pasted links and tables."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            press(self.focusWidget())
        elif event.key() == Qt.Key.Key_Escape:
            escape(self.workspace, self.session, self.appearance)
        elif not (event.matches(QKeySequence.StandardKey.Paste) and open_pasted(self.files)):
            super().keyPressEvent(event)

    @override
    @guarded
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept one file, a share link, or answers to a lesson."""
        if event.source() is None and can_open(event.mimeData()):  # not a card of this window
            event.acceptProposedAction()

    @override
    @guarded
    def dropEvent(self, event: QDropEvent) -> None:
        """Open the file, link or answers that were dropped."""
        event.acceptProposedAction()
        open_dropped(self.files, event.mimeData(), self.side_windows.open_answers)

    @override
    @guarded
    def changeEvent(self, event: QEvent) -> None:
        """Redraw when the window is restored."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.controller.clock.redraw_all()
