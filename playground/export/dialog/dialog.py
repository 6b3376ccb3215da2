"""The export dialog: choose pictures, format, size and colours, with a preview."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QListWidgetItem, QVBoxLayout, QWidget
from typing_extensions import override

from core.errors import PlaygroundError
from core.training.origins.origin import Origin
from playground.export.dialog.figure_list import FigureList
from playground.export.dialog.full_size import show_full_size
from playground.export.dialog.options import LookOptions
from playground.export.dialog.preview import Preview
from playground.export.dialog.title_fields import TitleFields
from playground.export.export import ClipboardContent, make_folder, named
from playground.export.export_queue import ExportQueue
from playground.export.formats import FORMATS, Format
from playground.export.names import free_path, free_paths, slug, usual_folder
from playground.export.readiness import Readiness
from playground.export.widgets.controls import combo, plain_button
from playground.export.widgets.message_line import MessageLine
from playground.export.widgets.progress_row import ProgressRow
from playground.export.widgets.questions import ask_path
from playground.style.theme import CARD_PADDING, GRID, Style
from playground.widgets.figure import Comparable, Figure
from playground.widgets.guard import guarded
from playground.widgets.plain_text import plain_tip
from playground.worker.mailbox import Gate

TOGETHER: Final = "together"
SIDE_BY_SIDE: Final = "side by side"
_GROUP: Final = "export"


class ExportDialog(QDialog):
    """Exports or copies the figures of a window.

    Attributes:
        written: files written so far.
    """

    def __init__(
        self,
        figures: Sequence[Figure],
        style: Style,
        parent: QWidget | None = None,
        *,
        settings: QSettings | None = None,
        chosen: Figure | None = None,
        subject: str = "",
        compares: bool = False,
        origin: Callable[[], Origin | None] | None = None,
        gate: Gate | None = None,
    ) -> None:
        """Build the dialog.

        Args:
            figures: the figures to choose from.
            style: style of the window; its theme is the default theme.
            parent: the parent window.
            settings: stores the user's choices; by default the application's settings.
            chosen: the figure that is initially checked; by default the first one.
            subject: name of the experiment, such as ``"Vanishing gradient"``, used in file names.
            compares: whether a pinned run is compared, so that both can be exported side by side.
            origin: returns what pictures keep in their metadata; ``None`` if they cannot keep anything.
            gate: closed while the window draws a frame, for which exports wait; ``None`` without a window.
        """
        super().__init__(parent)
        self.setWindowTitle("Export")
        self.setObjectName("exportDialog")
        self.written: list[Path] = []
        self._list = FigureList(figures)
        self._shown: Figure | None = None  # in the preview
        self._copied = ""
        self._compares, self._origin = compares, origin
        self._settings = QSettings() if settings is None else settings
        self._style = style
        self._subject = slug(subject)
        self._queue, self._readiness, self._before_export = ExportQueue(self, gate), Readiness(self), Readiness(self)
        self._build()
        self._recall(chosen)
        self._connect()
        self._refresh()

    # -- choices -----------------------------------------------------------------------------------------------------

    @property
    def chosen(self) -> list[Figure]:
        """The checked figures as they are written; their data are computed now if they are not known yet."""
        return [self._formed(figure) for figure in self._list.checked]

    @property
    def format(self) -> Format:
        """The selected format."""
        return str(self._format.currentData())

    @property
    def options(self) -> LookOptions:
        """The options of the picture."""
        return self._options

    # -- exporting ---------------------------------------------------------------------------------------------------

    @property
    def previewed(self) -> Figure | None:
        """The figure in the preview."""
        figure = self._list.current
        return None if figure is None else self._formed(figure)

    @property
    def _is_side_by_side(self) -> bool:
        """Whether figures are exported with the compared pinned run beside the current one."""
        return bool(self._form.currentData() == SIDE_BY_SIDE)

    def _formed(self, figure: Figure) -> Figure:
        """Return ``figure`` with the edited title, and with the compared pinned run beside it if that is chosen."""
        if self._is_side_by_side and isinstance(figure, Comparable):
            figure = figure.pair() or figure
        return self._titles.renamed(figure)

    def copy(self) -> None:
        """Copy the previewed figure to the clipboard."""
        if self._list.current is not None:
            self._once_computed([self._list.current], self._copy_previewed)

    def _copy_previewed(self) -> None:
        figure = self.previewed
        if figure is not None:
            self._copied = figure.figure_title
            self._begin(1, f"Copying {self._copied} …")
            self._queue.copy(figure, self.format, self._options.look())
            self._enable()
            self._store()

    def save(self) -> None:
        """Export the checked figures into the folder last used, under names that are free."""
        self._once_computed(self._list.checked, lambda: self.save_to(self._free if self._is_one_file else self._folder))

    def save_as(self) -> None:
        """Ask for a path and export the checked figures."""
        self._once_computed(self._list.checked, self._ask_and_save)

    def _ask_and_save(self) -> None:
        path = ask_path(self, self._folder, self._free.stem if self._is_one_file else None, self.format)
        if path is not None:
            self.save_to(path)

    def _once_computed(self, figures: Sequence[Figure], then: Callable[[], None]) -> None:
        """Call ``then`` once the data of ``figures`` are known; the window stays responsive in the meantime."""

        def go() -> None:
            self._progress.end()
            then()
            self._before_export.release()
            self._enable()

        self._before_export.when_ready(figures, go, paired=self._is_side_by_side)
        if self._before_export.is_waiting:
            self._progress.begin(len(figures), lambda: self._before_export.is_waiting)
            self._message.say("Computing …")
            self._enable()

    @property
    def _folder(self) -> Path:
        return Path(str(self._settings.value(f"{_GROUP}/folder", str(usual_folder()))))

    @property
    def _free(self) -> Path:
        """A path that is not used yet, for one file."""
        stem = self._subject or "slides" if self._combines else self._stems()[0]
        return free_path(self._folder / f"{stem}.{self.format}")

    def save_to(self, path: Path) -> None:
        """Export the single checked figure to the file ``path``, or several into the folder ``path``; show errors.

        Files are written in the background. Existing files in a folder are not overwritten.
        """
        figures = self.chosen
        if self._combines:
            self._settings.setValue(f"{_GROUP}/folder", str(path.parent))
            self._store()
            self._begin(1, f"Writing {path.name} …")
            self._queue.start_combined(figures, path, self._options.look())
            self._enable()
            return
        try:
            files = [(figures[0], path)] if len(figures) == 1 else self._target_paths(figures, path)
        except PlaygroundError as error:
            self._message.say(str(error), failed=True)
            return
        self._settings.setValue(f"{_GROUP}/folder", str(path.parent if len(figures) == 1 else path))
        self._store()
        self._begin(len(files), f"Writing {path.name} …" if len(files) == 1 else f"Writing {len(files)} files …")
        self._queue.start(files, self._options.look)
        self._enable()

    def _begin(self, count: int, sentence: str) -> None:
        self._progress.begin(count, lambda: self._queue.is_busy)
        self._message.say(sentence)

    @property
    def _combines(self) -> bool:
        """Whether the chosen figures are written into one file."""
        return len(self._list.checked) > 1 and FORMATS[self.format].combine is not None

    @property
    def _is_one_file(self) -> bool:
        return self._combines or len(self._list.checked) == 1

    def _stems(self) -> list[str]:
        stems = (stem for _, stem in named(self.chosen))
        return [f"{self._subject}-{stem}" if self._subject else stem for stem in stems]

    def _target_paths(self, figures: Sequence[Figure], folder: Path) -> list[tuple[Figure, Path]]:
        """Return each figure with an unused path in ``folder``, which is created if necessary."""
        make_folder(folder)
        return list(zip(figures, free_paths(folder, self._stems(), self.format), strict=True))

    def _cancel(self) -> None:
        self._queue.cancel()
        self._before_export.release()
        self._progress.end()
        self._message.say("Cancelled; files that were complete are kept.")
        self._enable()

    def _show_written(self, files: list[Path]) -> None:
        self._progress.end()
        self.written += files
        self._message.say(f"Saved {files[0]}" if len(files) == 1 else f"Saved {len(files)} files to {files[0].parent}")
        self._enable()

    def _show_copied(self, copied: ClipboardContent) -> None:
        copied.put()
        self._progress.end()
        self._message.say(f"Copied {self._copied} to the clipboard.")
        self._enable()

    def _show_failure(self, sentence: str) -> None:
        self._progress.end()
        self._message.say(sentence, failed=True)
        self._enable()

    @override
    @guarded
    def done(self, result: int) -> None:
        """Cancel the export when the dialog is closed."""
        self._queue.cancel()
        for readiness in (self._readiness, self._before_export):
            readiness.release()
        super().done(result)

    # -- building ----------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._format = combo("Format", [(entry.label, key) for key, entry in FORMATS.items()])
        self._form = combo("Comparison", [("One figure", TOGETHER), ("Side by side", SIDE_BY_SIDE)])
        self._form.setToolTip("Pinned runs in one figure, or the compared one beside the current run on the same axes.")
        self._options = LookOptions(self._origin, self._style.theme.name)
        self._preview = Preview()
        self._titles = TitleFields()
        full_tip = "Show the picture with every pixel that will be written"
        self._full = plain_button("100 %", "exportFullSizeButton", full_tip)
        self._message = MessageLine("exportMessage", self._style)
        self._progress = ProgressRow("Files written")
        copy_tip = "Copy the previewed picture (or its data) to the clipboard"
        self._copy = plain_button("Copy", "exportCopyButton", copy_tip)
        self._save_as = plain_button("Save as…", "exportSaveAsButton", "Choose the name and the folder")
        self._save = plain_button("Save", "exportSaveButton")
        self._save.setDefault(True)
        self._lay_out()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(GRID)
        form.addRow("Format", self._format)
        form.addRow("Comparison", self._form)
        form.setRowVisible(self._form, self._compares)
        left = QVBoxLayout()
        left.addWidget(self._list)
        left.addLayout(form)
        left.addWidget(self._options)
        left.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(CARD_PADDING)
        top.addLayout(left, 2)
        right = QVBoxLayout()
        right.addWidget(self._preview, 1)
        words = QHBoxLayout()
        words.addWidget(self._titles, 1)
        words.addWidget(self._full)
        right.addLayout(words)
        top.addLayout(right, 3)
        buttons = QHBoxLayout()
        buttons.addWidget(self._message, 1)
        buttons.addWidget(self._copy)
        buttons.addWidget(self._save_as)
        buttons.addWidget(self._save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(CARD_PADDING, CARD_PADDING, CARD_PADDING, CARD_PADDING)
        layout.setSpacing(CARD_PADDING)
        layout.addLayout(top, 1)
        layout.addWidget(self._progress)
        layout.addLayout(buttons)
        self.resize(940, 640)

    def _connect(self) -> None:
        for choice in (self._format, self._form):
            choice.currentIndexChanged.connect(self._refresh)
        self._options.changed.connect(self._refresh)
        self._titles.edited.connect(self._rename)
        self._full.clicked.connect(self._show_full_size)
        self._list.itemChanged.connect(self._show_checked)
        self._list.currentRowChanged.connect(self._refresh)
        self._copy.clicked.connect(self.copy)
        self._save_as.clicked.connect(self.save_as)
        self._save.clicked.connect(self.save)
        self._queue.progressed.connect(self._progress.advance)
        self._progress.cancelled.connect(self._cancel)
        self._queue.finished.connect(self._show_written)
        self._queue.copied.connect(self._show_copied)
        self._queue.failed.connect(self._show_failure)

    # -- updating ----------------------------------------------------------------------------------------------------

    def _show_checked(self, item: QListWidgetItem) -> None:
        if item.checkState() == Qt.CheckState.Checked:
            self._list.setCurrentItem(item)
        self._refresh()

    def _refresh(self) -> None:
        if self._list.current is None:
            self._preview.clear()
            self._enable()
            return
        self._readiness.when_ready([self._list.current], self._show_preview, paired=self._is_side_by_side)
        if self._readiness.is_waiting:
            self._preview.setText("Computing …")
            self._enable()

    def _show_preview(self) -> None:
        self._enable()
        figure = self._shown = self.previewed
        if figure is None:
            return
        self._titles.show_words(figure)
        if FORMATS[self.format].is_table:
            self._preview.show_table(figure)
        else:
            self._preview.show_picture(figure, self._options.look(with_origin=False))
        self._readiness.release()

    def _rename(self) -> None:
        if self._shown is not None:
            self._titles.keep(self._shown)
            self._refresh()

    def _show_full_size(self) -> None:
        if self._list.current is not None:
            self._once_computed([self._list.current], self._open_full_size)

    def _open_full_size(self) -> None:
        figure = self.previewed
        if figure is not None:
            show_full_size(figure, self._options.look(with_origin=False), self)

    def _enable(self) -> None:
        picture = not FORMATS[self.format].is_table
        self._options.follow(FORMATS[self.format])
        for control in (self._titles, self._full):
            control.setEnabled(picture)
        computing = self._before_export.is_waiting
        for choice in (self._list, self._format, self._form):
            choice.setEnabled(not computing)
        ready = bool(self._list.checked) and not self._queue.is_busy and not computing
        self._copy.setEnabled(ready and self._list.current is not None)
        for button in (self._save_as, self._save):
            button.setEnabled(ready)
        self._save.setToolTip(plain_tip(f"Save to {self._folder}, under a new name (Return)"))

    # -- storing choices ---------------------------------------------------------------------------------------------

    def _store(self) -> None:
        self._settings.setValue(f"{_GROUP}/format", self.format)
        self._options.store(self._settings)

    def _recall(self, chosen: Figure | None) -> None:
        """Restore the last choices; fall back to the defaults for invalid ones."""
        stored = str(self._settings.value(f"{_GROUP}/format", "png"))
        self._format.setCurrentIndex(max(self._format.findData(stored), 0))
        self._options.recall(self._settings)
        self._list.check_first(chosen)
