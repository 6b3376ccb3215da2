"""The export dialog: choose pictures, format, size and colours, with a preview."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, cast

from PySide6.QtCore import QSettings, QSignalBlocker, Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from core.errors import PlaygroundError
from core.training.origin import Origin
from playground.export.controls import combo, origin_box, side
from playground.export.export import ClipboardContent, Size, ThemeName, named
from playground.export.export_queue import ExportQueue
from playground.export.formats import FORMATS, Format
from playground.export.hidden_view import Look
from playground.export.names import free_path, slug
from playground.export.preview import Preview
from playground.export.questions import ask_path
from playground.style.theme import CARD_PADDING, GRID, THEMES, Style
from playground.widgets.figure import Comparable, Figure
from playground.widgets.guard import guarded
from playground.widgets.plain_text import PlainLabel

SIZES: Final[tuple[tuple[str, Size], ...]] = (
    ("Slide 16:9 · 1920 × 1080", (1920, 1080)),
    ("Slide 4:3 · 1600 × 1200", (1600, 1200)),
    ("Document · 1200 × 800", (1200, 800)),
)
CUSTOM: Final = "Custom"
TOGETHER: Final = "together"
SIDE_BY_SIDE: Final = "side by side"
_GROUP: Final = "export"
PROGRESS_MS: Final = 300
"""Delay in milliseconds before the progress bar is shown."""


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
        """
        super().__init__(parent)
        self.setWindowTitle("Export")
        self.setObjectName("exportDialog")
        self.written: list[Path] = []
        self._figures = list(figures)
        self._compares, self._origin = compares, origin
        self._settings = QSettings() if settings is None else settings
        self._style = style
        self._subject = slug(subject)
        self._queue = ExportQueue(self)
        self._build()
        self._recall(chosen)
        self._connect()
        self._refresh()

    # -- choices -----------------------------------------------------------------------------------------------------

    @property
    def chosen(self) -> list[Figure]:
        """The checked figures."""
        checked = Qt.CheckState.Checked
        return [self._formed(f) for row, f in enumerate(self._figures) if self._list.item(row).checkState() == checked]

    @property
    def format(self) -> Format:
        """The selected format."""
        return str(self._format.currentData())

    @property
    def size_in_pixels(self) -> Size:
        """The selected width and height."""
        return self._width.value(), self._height.value()

    @property
    def theme(self) -> ThemeName:
        """The selected theme."""
        return cast("ThemeName", self._theme.currentData())

    @property
    def transparent(self) -> bool:
        """Whether the background is transparent."""
        return self._transparent.isChecked()

    # -- exporting ---------------------------------------------------------------------------------------------------

    @property
    def previewed(self) -> Figure | None:
        """The figure in the preview."""
        row = self._list.currentRow()
        return self._formed(self._figures[row]) if 0 <= row < len(self._figures) else None

    def _formed(self, figure: Figure) -> Figure:
        """Return ``figure``, or with the compared pinned run beside it if that is chosen."""
        if self._form.currentData() == SIDE_BY_SIDE and isinstance(figure, Comparable):
            return figure.pair() or figure
        return figure

    def copy(self) -> None:
        """Copy the previewed figure to the clipboard."""
        figure = self.previewed
        if figure is not None:
            self._begin(1, f"Copying {figure.figure_title} …")
            self._queue.copy(figure, self.format, self._look)
            self._enable()
            self._store()

    def save(self) -> None:
        """Ask for a path and export the checked figures."""
        start = Path(str(self._settings.value(f"{_GROUP}/folder", str(Path.home()))))
        stem = None
        if len(self.chosen) == 1:
            stem = free_path(start / f"{self._stems()[0]}.{self.format}").stem
        path = ask_path(self, start, stem, self.format)
        if path is not None:
            self.save_to(path)

    def save_to(self, path: Path) -> None:
        """Export the single checked figure to the file ``path``, or several into the folder ``path``; show errors.

        Files are written in the background. Existing files in a folder are not overwritten.
        """
        figures = self.chosen
        try:
            files = [(figures[0], path)] if len(figures) == 1 else self._target_paths(figures, path)
        except PlaygroundError as error:
            self._say(str(error), failed=True)
            return
        self._settings.setValue(f"{_GROUP}/folder", str(path.parent if len(figures) == 1 else path))
        self._store()
        self._begin(len(files), f"Writing {path.name} …" if len(files) == 1 else f"Writing {len(files)} files …")
        self._queue.start(files, self._look)
        self._enable()

    @property
    def _look(self) -> Look:
        origin = self._origin() if self._origin is not None and self._keeps.isChecked() else None
        return Look(self.size_in_pixels, THEMES[self.theme], self.transparent, origin=origin)

    def _begin(self, count: int, sentence: str) -> None:
        self._progress.setRange(0, count if count > 1 else 0)
        QTimer.singleShot(PROGRESS_MS, self, lambda: self._progress.setVisible(self._queue.is_busy))
        self._say(sentence)

    def _stems(self) -> list[str]:
        stems = (stem for _, stem in named(self.chosen))
        return [f"{self._subject}-{stem}" if self._subject else stem for stem in stems]

    def _target_paths(self, figures: Sequence[Figure], folder: Path) -> list[tuple[Figure, Path]]:
        """Return each figure with an unused path in ``folder``, which is created if necessary."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PlaygroundError(f"{folder}: cannot be created ({error.strerror or error})") from None
        paths: list[Path] = []
        for stem in self._stems():
            paths.append(free_path(folder / f"{stem}.{self.format}", paths))
        return list(zip(figures, paths, strict=True))

    def _show_progress(self, written: int, every: int) -> None:
        if every > 1:
            self._progress.setRange(0, every)
            self._progress.setValue(written)

    def _show_written(self, files: list[Path]) -> None:
        self._progress.hide()
        self.written += files
        self._say(f"Saved {files[0]}" if len(files) == 1 else f"Saved {len(files)} files to {files[0].parent}")
        self._enable()

    def _show_copied(self, copied: ClipboardContent) -> None:
        copied.put()
        self._progress.hide()
        self._say(f"Copied {self.previewed.figure_title if self.previewed else 'the picture'} to the clipboard.")
        self._enable()

    def _show_failure(self, sentence: str) -> None:
        self._progress.hide()
        self._say(sentence, failed=True)
        self._enable()

    @override
    @guarded
    def done(self, result: int) -> None:
        """Cancel the export when the dialog is closed."""
        self._queue.cancel()
        super().done(result)

    # -- building ----------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self._list = QListWidget()
        self._list.setAccessibleName("Pictures")
        self._list.setMaximumHeight(190)
        for figure in self._figures:
            item = QListWidgetItem(figure.figure_title, self._list)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
        self._format = combo("Format", [(entry.label, key) for key, entry in FORMATS.items()])
        self._size = combo("Size", [(label, size) for label, size in SIZES] + [(CUSTOM, None)])
        self._width, self._height = side("Width in pixels"), side("Height in pixels")
        self._theme = combo("Colours", [("Light", "light"), ("Dark", "dark")])
        self._form = combo("Comparison", [("One figure", TOGETHER), ("Side by side", SIDE_BY_SIDE)])
        self._form.setToolTip("Pinned runs in one figure, or the compared one beside the current run on the same axes")
        self._transparent = QCheckBox("Transparent background")
        self._keeps = origin_box()
        self._preview = Preview()
        self._message = PlainLabel(" ")
        self._message.setObjectName("exportMessage")
        self._message.setWordWrap(True)
        self._message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._progress = QProgressBar()
        self._progress.setAccessibleName("Files written")
        self._progress.hide()
        self._copy, self._save = QPushButton("Copy"), QPushButton("Save…")
        self._copy.setObjectName("exportCopyButton")
        self._save.setObjectName("exportSaveButton")
        self._copy.setToolTip("Copy the previewed picture (or its data) to the clipboard")
        self._copy.setAutoDefault(False)
        self._save.setDefault(True)
        self._lay_out()

    def _lay_out(self) -> None:
        sides = QHBoxLayout()
        sides.addWidget(self._width)
        sides.addWidget(PlainLabel("×"))
        sides.addWidget(self._height)
        sides.addStretch(1)
        form = QFormLayout()
        form.setVerticalSpacing(GRID)
        form.addRow("Format", self._format)
        form.addRow("Size", self._size)
        form.addRow("Pixels", sides)
        form.addRow("Colours", self._theme)
        form.addRow("", self._transparent)
        form.addRow("", self._keeps)
        form.setRowVisible(self._keeps, self._origin is not None)
        form.addRow("Comparison", self._form)
        form.setRowVisible(self._form, self._compares)
        left = QVBoxLayout()
        left.addWidget(self._list)
        left.addLayout(form)
        left.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(CARD_PADDING)
        top.addLayout(left, 2)
        top.addWidget(self._preview, 3)
        buttons = QHBoxLayout()
        buttons.addWidget(self._message, 1)
        buttons.addWidget(self._copy)
        buttons.addWidget(self._save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(CARD_PADDING, CARD_PADDING, CARD_PADDING, CARD_PADDING)
        layout.setSpacing(CARD_PADDING)
        layout.addLayout(top, 1)
        layout.addWidget(self._progress)
        layout.addLayout(buttons)
        self.resize(860, 460)

    def _connect(self) -> None:
        self._size.currentIndexChanged.connect(self._apply_size)
        for box in (self._width, self._height):
            box.valueChanged.connect(self._show_size)
        for choice in (self._format, self._theme, self._form):
            choice.currentIndexChanged.connect(self._refresh)
        self._transparent.toggled.connect(self._refresh)
        self._list.itemChanged.connect(self._show_checked)
        self._list.currentRowChanged.connect(self._refresh)
        self._copy.clicked.connect(self.copy)
        self._save.clicked.connect(self.save)
        self._queue.progressed.connect(self._show_progress)
        self._queue.finished.connect(self._show_written)
        self._queue.copied.connect(self._show_copied)
        self._queue.failed.connect(self._show_failure)

    # -- updating ----------------------------------------------------------------------------------------------------

    def _apply_size(self) -> None:
        size = self._size.currentData()
        if size is not None:
            with QSignalBlocker(self._width), QSignalBlocker(self._height):
                self._width.setValue(size[0])
                self._height.setValue(size[1])
        self._refresh()

    def _show_size(self) -> None:
        with QSignalBlocker(self._size):
            known = [size for _, size in SIZES]
            size = self.size_in_pixels
            self._size.setCurrentIndex(known.index(size) if size in known else len(known))
        self._refresh()

    def _show_checked(self, item: QListWidgetItem) -> None:
        if item.checkState() == Qt.CheckState.Checked:
            self._list.setCurrentItem(item)
        self._refresh()

    def _refresh(self) -> None:
        self._enable()
        figure = self.previewed
        if figure is None:
            self._preview.clear()
        elif FORMATS[self.format].is_table:
            self._preview.show_table(figure)
        else:
            self._preview.show_picture(figure, self.size_in_pixels, self.theme, transparent=self.transparent)

    def _enable(self) -> None:
        picture = not FORMATS[self.format].is_table
        for control in (self._size, self._width, self._height, self._theme, self._transparent, self._keeps):
            control.setEnabled(picture)
        ready = bool(self.chosen) and not self._queue.is_busy
        self._copy.setEnabled(ready and self._list.currentRow() >= 0)
        self._save.setEnabled(ready)

    def _say(self, text: str, *, failed: bool = False) -> None:
        theme = self._style.theme
        self._message.setStyleSheet(f"color: {theme.error if failed else theme.muted}")
        self._message.setText(text)

    # -- storing choices ---------------------------------------------------------------------------------------------

    def _store(self) -> None:
        width, height = self.size_in_pixels
        choices = {"format": self.format, "width": width, "height": height, "theme": self.theme}
        for key, value in {
            **choices,
            "transparent": int(self.transparent),
            "keeps": int(self._keeps.isChecked()),
        }.items():
            self._settings.setValue(f"{_GROUP}/{key}", value)

    def _recall(self, chosen: Figure | None) -> None:
        """Restore the last choices; fall back to the defaults for invalid ones."""

        def stored(key: str, default: object) -> str:
            return str(self._settings.value(f"{_GROUP}/{key}", default))

        self._format.setCurrentIndex(max(self._format.findData(stored("format", "png")), 0))
        self._theme.setCurrentIndex(max(self._theme.findData(stored("theme", self._style.theme.name)), 0))
        self._transparent.setChecked(stored("transparent", 0) == "1")
        self._keeps.setChecked(stored("keeps", 1) != "0")
        for box, key, default in ((self._width, "width", SIZES[0][1][0]), (self._height, "height", SIZES[0][1][1])):
            text = stored(key, default)
            box.setValue(int(text) if text.isdecimal() and len(text) < 6 else default)
        known = [size for _, size in SIZES]
        self._size.setCurrentIndex(known.index(self.size_in_pixels) if self.size_in_pixels in known else len(known))
        if self._figures:
            row = self._figures.index(chosen) if chosen in self._figures else 0
            self._list.item(row).setCheckState(Qt.CheckState.Checked)
            self._list.setCurrentRow(row)
