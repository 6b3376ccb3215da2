"""The dialog *Storyboard*: pinned moments in order, side by side as a deck or on one page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from core.errors import PlaygroundError
from core.experiment.experiment_file import write_atomically
from core.training.pins.pinned_run import PinnedRun
from playground.export.deck.template_choice import TemplateChoice
from playground.export.deck.template_theme import suiting_theme
from playground.export.names import free_path, slug
from playground.export.origin import origin_of_run
from playground.export.storyboard.pictures import RunDrawing, Shot, StoryboardPictures
from playground.export.storyboard.storyboard import Moment, Row, Sheet, prepare_storyboard_deck, with_changes
from playground.export.widgets.controls import combo
from playground.export.widgets.message_line import MessageLine
from playground.export.widgets.progress_row import ProgressRow
from playground.export.widgets.questions import ask_path
from playground.style.theme import CARD_PADDING, GRID, THEMES, Style
from playground.style.theme_names import THEME_TITLES
from playground.widgets.guard import guarded
from playground.widgets.later import later
from playground.widgets.plain_text import PlainLabel
from playground.worker.background import Advance, Background
from playground.worker.giving_way import giving_way

if TYPE_CHECKING:
    from playground.session import Session

NOW: Final = 0
"""Key of the present moment; pins have keys from 1."""

USUAL: Final = ("network", "output", "loss")
"""Keys of the figures that are ticked at first."""

BY_MOMENT: Final = "pptx by moment"
FORMATS: Final = (
    ("PowerPoint · a slide for each card", "pptx"),
    ("PowerPoint · a slide for each moment", BY_MOMENT),
    ("PNG · one page", "png"),
    ("PDF · one page", "pdf"),
)
_KEY_ROLE: Final = Qt.ItemDataRole.UserRole
_GROUP: Final = "storyboard"
EMPTY: Final = "Pin moments during a run (Ctrl+D), from before to after; here they are shown side by side."


class StoryboardDialog(QDialog):
    """Arranges pinned moments, and writes them as a deck or as one page.

    Args:
        session: its pins are the moments; renaming, order and removal are kept with the session.
        shots: the figures to choose from.
        drawing: draws the figures of one moment.
        style: style of the window.
        parent: the window.
        settings: stores the user's choices; by default the application's settings.

    Attributes:
        written: files written so far.
    """

    def __init__(
        self,
        session: Session,
        shots: Sequence[Shot],
        drawing: RunDrawing,
        style: Style,
        parent: QWidget | None = None,
        settings: QSettings | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Storyboard")
        self.setObjectName("storyboardDialog")
        self.written: list[Path] = []
        self._session, self._shots, self._style = session, tuple(shots), style
        self._settings = QSettings() if settings is None else settings
        self._present = _present(session)
        self._pictures = StoryboardPictures(drawing, style.theme, self)
        self._jobs, self._previews = Background("storyboard", self), Background("storyboard preview", self)
        self._filling = self._is_writing = False
        self._build()
        self._fill()
        self._connect()
        self._draw()

    # -- choices -----------------------------------------------------------------------------------------------------

    def moments(self) -> tuple[Moment, ...]:
        """Return the ticked moments in order, each with what changed since the one before it."""
        found = []
        for key, name in self._ticked(self._moments):
            run = self._run(int(key))
            if run is not None:
                found.append(Moment(name, run, origin_of_run(run, self._session.folder, {})))
        return with_changes(found)

    def chosen(self) -> tuple[Shot, ...]:
        """Return the ticked figures."""
        keys = [key for key, _ in self._ticked(self._cards)]
        return tuple(shot for shot in self._shots if shot.key in keys)

    def rows(self) -> tuple[Row, ...]:
        """Return the recorded pictures of the ticked figures and moments."""
        return self._pictures.rows([int(key) for key, _ in self._ticked(self._moments)], self.chosen())

    def _run(self, key: int) -> PinnedRun | None:
        pin = self._session.pins.find(key)
        return self._present if key == NOW else None if pin is None else pin.run

    def _ticked(self, items: QListWidget) -> list[tuple[str, str]]:
        rows = (items.item(row) for row in range(items.count()))
        return [(str(i.data(_KEY_ROLE)), i.text()) for i in rows if i.checkState() == Qt.CheckState.Checked]

    # -- writing -----------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Ask for a path and write the storyboard."""
        suffix = str(self._format.currentData()).split()[0]
        folder = Path(str(self._settings.value("export/folder", str(Path.home()))))
        stem = free_path(folder / f"{slug(self._session.subject) or 'run'}-storyboard.{suffix}").stem
        path = ask_path(self, folder, stem, suffix)
        if path is not None:
            self.save_to(path)

    def save_to(self, path: Path) -> None:
        """Write the storyboard to ``path`` in the background; show errors."""
        moments, rows, theme = self.moments(), self.rows(), THEMES[self._theme.currentData()]
        self._settings.setValue("export/folder", str(path.parent))
        self._settings.setValue(f"{_GROUP}/format", self._format.currentData())
        self._settings.setValue(f"{_GROUP}/cards", [shot.key for shot in self.chosen()])
        self._template.store(self._settings)
        title = f"{self._session.subject or 'Storyboard'}: {moments[0].name} → {moments[-1].name}"
        sheet = Sheet(moments, rows, theme)
        try:
            make: Callable[[], bytes] = {
                "png": lambda: sheet.png(title),
                "pdf": lambda: sheet.pdf(title),
            }.get(path.suffix[1:].lower()) or prepare_storyboard_deck(
                moments, rows, theme, self._template.path, by_moment=self._format.currentData() == BY_MOMENT
            )
        except PlaygroundError as error:
            self._message.say(str(error), failed=True)
            return

        def job(advance: Advance) -> Path | None:
            with giving_way(self._session.jobs.gate):
                content = make()
            if not advance(0, 1):  # cancelled in the meantime
                return None
            write_atomically(path, content)
            return path

        self._message.say(f"Writing {path.name} …")
        self._is_writing = True
        self._progress.begin(1, lambda: self._is_writing)
        self._jobs.submit(job)
        self._enable()

    def _cancel(self) -> None:
        self._jobs.cancel()
        self._end("Cancelled; no file was written.")

    def _end(self, sentence: str, *, failed: bool = False) -> None:
        self._is_writing = False
        self._progress.end()
        self._message.say(sentence, failed=failed)
        self._enable()

    def _show_written(self, path: Path) -> None:
        self.written.append(path)
        self._end(f"Saved {path}")

    # -- arranging ---------------------------------------------------------------------------------------------------

    def move_by(self, by: int) -> None:
        """Move the current moment ``by`` places down, or up."""
        row = self._moments.currentRow()
        if 0 <= row < self._moments.count() and 0 <= row + by < self._moments.count():
            item = self._moments.takeItem(row)
            self._moments.insertItem(row + by, item)
            self._moments.setCurrentRow(row + by)
            self._keep_order()

    def remove(self) -> None:
        """Remove the pin of the current moment."""
        key = NOW if self._moments.currentRow() < 0 else int(self._moments.currentItem().data(_KEY_ROLE))
        if key != NOW:
            self._session.pins.remove(key)
            self._fill()
            self._draw()

    def _keep_order(self) -> None:
        self._session.pins.arrange(
            [int(self._moments.item(row).data(_KEY_ROLE)) for row in range(self._moments.count())]
        )
        self._draw()

    def _take_tick(self, _item: QListWidgetItem) -> None:
        if not self._filling:
            self._draw()

    def _take_change(self, item: QListWidgetItem) -> None:
        """Rename the pin if its name was edited, and draw what is ticked now."""
        if self._filling:
            return
        pin = self._session.pins.find(int(item.data(_KEY_ROLE)))
        if pin is not None and item.text() != self._session.pins.name(pin):
            self._session.pins.rename(pin.key, item.text())
            self._filling = True
            item.setText(self._session.pins.name(self._session.pins.find(pin.key) or pin))
            self._filling = False
        self._draw()

    # -- building ----------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._moments, self._cards = QListWidget(), QListWidget()
        self._moments.setAccessibleName("Moments")
        self._moments.setToolTip("Double-click (or F2) to rename, drag to reorder.")
        self._moments.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self._moments.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self._cards.setAccessibleName("Cards")
        self._up, self._down, self._remove = (QPushButton(text) for text in ("Move up", "Move down", "Remove"))
        self._remove.setToolTip("Remove the pinned run.")
        self._format = combo("Format", list(FORMATS))
        self._theme = combo("Colours", [(title, name) for name, title in THEME_TITLES.items()])
        self._theme.setCurrentIndex(max(self._theme.findData(self._style.theme.name), 0))
        self._template = TemplateChoice()
        self._preview = PlainLabel()
        self._preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._preview.setMinimumSize(360, 300)
        self._preview.setAccessibleName("Preview")
        self._message = MessageLine("storyboardMessage", self._style)
        self._progress = ProgressRow("Storyboard")
        self._save = QPushButton("Save…")
        self._save.setObjectName("storyboardSaveButton")
        self._save.setDefault(True)
        for button in (self._up, self._down, self._remove):
            button.setAutoDefault(False)
        self._lay_out()
        self.resize(940, 620)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for button in (self._up, self._down, self._remove):
            buttons.addWidget(button)
        left = QVBoxLayout()
        left.setSpacing(GRID)
        for widget, stretch in ((PlainLabel("Moments"), 0), (self._moments, 2)):
            left.addWidget(widget, stretch)
        left.addLayout(buttons)
        for other, stretch in (
            (PlainLabel("Cards"), 0),
            (self._cards, 3),
            (self._format, 0),
            (self._theme, 0),
            (self._template, 0),
        ):
            left.addWidget(other, stretch)
        top = QHBoxLayout()
        top.setSpacing(CARD_PADDING)
        top.addLayout(left, 2)
        top.addWidget(self._preview, 3)
        bottom = QHBoxLayout()
        bottom.addWidget(self._message, 1)
        bottom.addWidget(self._save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(CARD_PADDING, CARD_PADDING, CARD_PADDING, CARD_PADDING)
        layout.setSpacing(CARD_PADDING)
        layout.addLayout(top, 1)
        layout.addWidget(self._progress)
        layout.addLayout(bottom)

    def _fill(self) -> None:
        """List the pins in order and the present moment, and the figures."""
        self._filling = True
        pins = self._session.pins
        self._moments.clear()
        for pin in pins.all:
            _add(self._moments, pins.name(pin), pin.key, on=True, edits=True)
        if self._present is not None:
            _add(self._moments, "Now", NOW, on=True)
        if not self._cards.count():
            stored = self._settings.value(f"{_GROUP}/cards")
            ticked = set(stored) if isinstance(stored, list) else {stored} if stored else set(USUAL)
            for shot in self._shots:
                _add(self._cards, shot.title, shot.key, on=shot.key in ticked)
            self._template.recall(self._settings)
            self._format.setCurrentIndex(max(self._format.findData(self._settings.value(f"{_GROUP}/format")), 0))
            self._follow_template()
        self._moments.setCurrentRow(0)
        self._filling = False
        if not pins.all:
            self._message.say(EMPTY)

    def _connect(self) -> None:
        self._moments.itemChanged.connect(self._take_change)
        self._moments.model().rowsMoved.connect(lambda *_: later(0, self, self._keep_order))
        self._cards.itemChanged.connect(self._take_tick)
        self._up.clicked.connect(lambda: self.move_by(-1))
        self._down.clicked.connect(lambda: self.move_by(1))
        self._remove.clicked.connect(self.remove)
        self._theme.currentIndexChanged.connect(self._recolour)
        self._template.changed.connect(self._follow_template)
        self._format.currentIndexChanged.connect(self._enable)
        self._pictures.completed.connect(self._show_preview)
        self._previews.succeeded.connect(self._show_page)
        self._previews.failed.connect(lambda error: self._preview.setText(str(error)))
        self._jobs.succeeded.connect(self._show_written)
        self._jobs.failed.connect(self._show_failure)
        self._save.clicked.connect(self.save)
        self._progress.cancelled.connect(self._cancel)

    def _follow_template(self) -> None:
        """Choose the theme that suits the template of a deck; the user may choose another one."""
        if self._template.path is not None and str(self._format.currentData()).startswith("pptx"):
            theme = suiting_theme(self._template.path, self._theme.currentData())
            self._theme.setCurrentIndex(self._theme.findData(theme))

    def _recolour(self) -> None:
        self._pictures.set_theme(THEMES[self._theme.currentData()])
        self._draw()

    def _draw(self) -> None:
        """Record what is not recorded yet, and then show the page."""
        runs = {int(key): run for key, _ in self._ticked(self._moments) if (run := self._run(int(key))) is not None}
        self._previews.cancel()
        self._pictures.want(runs, self.chosen() if runs else ())
        if not self._pictures.is_complete:
            self._preview.setText("Drawing …")
        self._enable()

    def _show_preview(self) -> None:
        moments, rows, ratio = self.moments(), self.rows(), self.devicePixelRatioF()
        if moments and rows:
            sheet, room = Sheet(moments, rows, THEMES[self._theme.currentData()]), self._preview.size() * ratio
            keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            self._previews.submit(lambda _advance: sheet.image().scaled(room, keep, smooth))
        else:
            self._preview.setText("Tick a moment and a card.")
        self._enable()

    def _show_page(self, page: QImage) -> None:
        page.setDevicePixelRatio(self.devicePixelRatioF())
        self._preview.setPixmap(QPixmap.fromImage(page))

    def _enable(self) -> None:
        ready = self._pictures.is_complete and not self._is_writing
        self._save.setEnabled(ready and bool(self.rows()))
        self._template.setVisible(str(self._format.currentData()).startswith("pptx"))

    def _show_failure(self, error: Exception) -> None:
        self._end(str(error), failed=True)
        if not isinstance(error, PlaygroundError):
            raise error

    @override
    @guarded
    def done(self, result: int) -> None:
        """Stop drawing and writing when the dialog is closed."""
        self._pictures.stop()
        for jobs in (self._jobs, self._previews):
            jobs.cancel()
        super().done(result)


def _present(session: Session) -> PinnedRun | None:
    """Return the present moment; ``None`` without a snapshot or for a network that is too large."""
    snapshot = session.snapshot
    state = None if snapshot is None else snapshot.portable_state
    return None if snapshot is None or state is None else PinnedRun(snapshot, state)


def _add(items: QListWidget, text: str, key: object, *, on: bool, edits: bool = False) -> None:
    item = QListWidgetItem(text, items)
    item.setData(_KEY_ROLE, key)
    flags = item.flags() | Qt.ItemFlag.ItemIsUserCheckable
    item.setFlags(flags | Qt.ItemFlag.ItemIsEditable if edits else flags)
    item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
