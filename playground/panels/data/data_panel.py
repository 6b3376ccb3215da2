"""The section Data: data set, noise, split and batch size."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from core.data.datasets import DATASETS
from core.experiment import DataSettings, DataSource, DrawnSource, Experiment, TableSource, TrainingSettings
from playground.panels.controls import wording
from playground.panels.controls.bindings import Bindings
from playground.panels.controls.field_meta import field_meta
from playground.panels.controls.labelled_slider import LabelledSlider
from playground.panels.controls.section import Disclosure, NamedRow, Section
from playground.panels.controls.slider_scale import Even, Stops
from playground.panels.data import drawn_thumbnail
from playground.panels.data.data_choice import choose_data
from playground.panels.data.dataset_thumbnail import DatasetThumbnail, Thumbnail
from playground.panels.data.drawn_thumbnail import DrawnThumbnail
from playground.style.theme import Style
from playground.widgets.plain_text import PlainLabel, plain_tip
from playground.widgets.quiet import QuietCombo

if TYPE_CHECKING:
    from core.data.raw_data import TableReport
    from core.training.snapshot import Snapshot
    from playground.session import Session

_COLUMNS: Final = 3
_BATCHES: Final = (
    1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 40, 50, 64, 80, 100, 128, 160, 200, 256, 320, 400, 512,
)  # fmt: skip
_SPLITS: Final = {
    "random": ("Random", "The split is random, not stratified: a small class may be missing from one of the sets."),
    "stratified": ("Stratified", "Each class has the same share of the training and the test set, up to rounding."),
}
_NO_NOISE: Final = "Noise applies to generated data only."


class DataPanel(Section):
    """Chooses the data.

    Signals:
        open_data_requested: the user wants to open their own table.
        edit_columns_requested: the user wants to choose other columns of the table.
    """

    open_data_requested = Signal()
    edit_columns_requested = Signal()

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Data", parent)
        self._session = session
        self._table: TableSource | None = None
        self._report: TableReport | None = None
        self._warnings: tuple[str, ...] = ()
        self._bindings = Bindings()
        self._thumbnails: dict[str, Thumbnail] = {}
        self._last_drawn = DrawnSource(points=())
        self._combo = self._data_combo()
        self.add_header_widget(self._combo)
        self._grids: list[QGridLayout] = []
        self._add_thumbnails(style)
        self._add_own_table()
        self._noise = LabelledSlider(
            field_meta(DataSettings, "noise"), Even(0, 1, 0.01), "noiseSlider", write=wording.share, percent=True
        )
        self._split = LabelledSlider(
            field_meta(DataSettings, "test_fraction"),
            Even(0, 0.9, 0.01),
            "testShareSlider",
            write=wording.share,
            percent=True,
        )
        self._batch = LabelledSlider(
            field_meta(TrainingSettings, "batch_size"),
            Stops(_BATCHES, zero_last=True),
            "batchSizeSlider",
            write=wording.batch,
        )
        self._kind = _split_combo()
        self._kind_row = NamedRow("Split", self._kind)
        for part in (self._noise, self._split, self._kind_row, self._batch):
            self.add(part, part.title)
        self._connect()
        self.set_style(style)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show which rows of the user's table were left out, once it has been read."""
        if (snapshot.data.table, snapshot.data.cautions) != (self._report, self._warnings):
            self._report, self._warnings = snapshot.data.table, snapshot.data.cautions
            self._show_table()
        self._kind_row.setEnabled(snapshot.data.task == "classification")

    def show_loading(self, share: float) -> None:
        """Show the progress of reading a large table (0 to 1); until then the other views show the previous data."""
        self._loading.setVisible(share < 1)
        self._loading.setValue(round(100 * share))
        if share < 1:
            self._dropped.setText(f"Reading: {wording.share(round(share, 2))}. The cards still show the previous data.")
            self._dropped.show()
        else:
            self._show_table()

    def hold_pictures(self, on: bool) -> None:  # noqa: FBT001 - follows Qt's setter form
        """Omit the samples from the thumbnails, or draw them."""
        for thumbnail in self._thumbnails.values():
            thumbnail.hold(on)

    @override
    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        super().set_style(style)
        self._combo.setFixedWidth(round(style.px(150)))
        for thumbnail in self._thumbnails.values():
            thumbnail.set_style(style)
        for grid in self._grids:
            grid.setHorizontalSpacing(round(style.px(7)))
            grid.setVerticalSpacing(round(style.px(2)))
        for part in (self.disclosure, self._noise, self._split, self._kind_row, self._batch):
            part.set_style(style)

    # -- building ----------------------------------------------------------------------------------------------------

    def _data_combo(self) -> QuietCombo:
        combo = QuietCombo()
        combo.setObjectName("datasetCombo")
        combo.setAccessibleName("Data set")
        combo.setToolTip("The data set the network learns from.")
        for key, dataset in DATASETS.items():
            combo.addItem(dataset.label, key)
            combo.setItemData(combo.count() - 1, dataset.explanation, Qt.ItemDataRole.ToolTipRole)
        combo.addItem(drawn_thumbnail.LABEL, drawn_thumbnail.KEY)
        combo.setItemData(combo.count() - 1, drawn_thumbnail.EXPLANATION, Qt.ItemDataRole.ToolTipRole)
        return combo

    def _add_thumbnails(self, style: Style) -> None:
        self._group = QButtonGroup(self)
        common = tuple(key for key, dataset in DATASETS.items() if dataset.common)
        rest = (*(key for key, dataset in DATASETS.items() if not dataset.common), drawn_thumbnail.KEY)
        self.disclosure = Disclosure("More data", "moreDataLink", tip="More data sets, and your own tables.")
        self._open = _link(
            "Open data…", "openDataLink", "Use your own table: text, Excel, OpenDocument, JSON, Parquet or Weka."
        )
        self.disclosure.link_row.addWidget(self._open)
        self._drawn = DrawnThumbnail(style)
        first = QWidget()
        for holder, keys in ((first, common), (QWidget(), rest)):
            grid = QGridLayout(holder)
            grid.setContentsMargins(0, 0, 0, 0)
            self._grids.append(grid)
            for index, key in enumerate(keys):
                thumbnail = self._drawn if key == drawn_thumbnail.KEY else DatasetThumbnail(key, style)
                self._thumbnails[key] = thumbnail
                self._group.addButton(thumbnail)
                grid.addWidget(thumbnail, index // _COLUMNS, index % _COLUMNS)
            for column in range(_COLUMNS):
                grid.setColumnStretch(column, 1)
            if holder is not first:
                self.disclosure.body.addWidget(holder)
        first.setObjectName("dataSets")
        self.disclosure.setObjectName("moreData")
        self.add(first, "Data sets")
        self.add(self.disclosure, "More data")

    def _add_own_table(self) -> None:
        self._own = QWidget()
        layout = QVBoxLayout(self._own)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        self._file = PlainLabel()
        self._file.setWordWrap(True)
        self._file.setAccessibleName("Your table")
        self._dropped = PlainLabel()
        self._dropped.setProperty("role", "muted")
        self._dropped.setWordWrap(True)
        self._dropped.setObjectName("tableNotes")
        self._dropped.setAccessibleName("Rows left out, and warnings")
        self._columns = _link("Edit columns…", "editColumnsLink", "Choose other inputs or another target.")
        self._loading = QProgressBar()
        self._loading.setObjectName("tableProgress")
        self._loading.setAccessibleName("Reading the table")
        self._loading.setRange(0, 100)
        self._loading.hide()
        layout.addWidget(self._file)
        layout.addWidget(self._loading)
        layout.addWidget(self._dropped)
        layout.addWidget(self._columns, 0, Qt.AlignmentFlag.AlignLeft)
        self.add(self._own)

    def _connect(self) -> None:
        session = self._session
        for slider in (self._noise, self._split, self._batch):
            slider.held.connect(session.hold_edits)
        self._group.buttonClicked.connect(lambda thumbnail: self._choose(thumbnail.key))
        self._combo.currentIndexChanged.connect(lambda: self._choose(self._combo.currentData()))
        self._open.clicked.connect(self.open_data_requested)
        self._columns.clicked.connect(self.edit_columns_requested)
        self._noise.moved.connect(lambda value: self._try(session.edit_data("Noise", "noise", noise=value)))
        self._split.moved.connect(
            lambda value: self._try(session.edit_data("Test share", "test_fraction", test_fraction=value))
        )
        self._kind.currentIndexChanged.connect(
            lambda: self._try(session.edit_data("Split", split=self._kind.currentData()))
        )
        self._batch.moved.connect(
            lambda value: self._try(session.edit_training("Batch size", "batch_size", batch_size=round(value)))
        )
        self._bindings.add(_dataset_of, self._show_dataset)
        self._bindings.add(lambda e: e.data.noise, self._noise.set_value)
        self._bindings.add(lambda e: e.data.test_fraction, self._split.set_value)
        self._bindings.add(lambda e: e.data.split, self._show_split)
        self._bindings.add(lambda e: e.training.batch_size, self._batch.set_value)
        self._bindings.show_all(session.experiment)
        session.experiment_changed.connect(self._changed)

    # -- from the user ---------------------------------------------------------------------------------------------

    def _choose(self, dataset: DataSource | None) -> None:
        if dataset == drawn_thumbnail.KEY:
            dataset = self._last_drawn
        if dataset is not None:
            self._try(choose_data(self._session, dataset))

    def _try(self, accepted: bool) -> None:  # noqa: FBT001 - the result of the edit
        if not accepted:
            self._bindings.show_all(self._session.experiment)

    # -- from the model ----------------------------------------------------------------------------------------------

    def _changed(self, old: Experiment, new: Experiment) -> None:
        self._bindings.changed(old, new)

    def _show_dataset(self, dataset: DataSource) -> None:
        generated = isinstance(dataset, str) and DATASETS[dataset].generated
        self._show_split_row(self._session.experiment.data)
        self._noise.setEnabled(generated)
        self._noise.explain("" if generated else _NO_NOISE)
        if isinstance(dataset, DrawnSource):
            self._last_drawn = dataset
            self._drawn.set_source(dataset)
            self._drawn.setChecked(True)
            self.disclosure.set_open(True)
        elif isinstance(dataset, str):
            self._thumbnails[dataset].setChecked(True)
            if not DATASETS[dataset].common:
                self.disclosure.set_open(True)
        else:
            self._uncheck()
            self._table = dataset
            self._offer_table(dataset)
        with QSignalBlocker(self._combo):
            self._combo.setCurrentIndex(self._row_of(dataset))
        self._show_table()

    def _show_split(self, key: str) -> None:
        with QSignalBlocker(self._kind):
            self._kind.setCurrentIndex(self._kind.findData(key))
        self._show_split_row(self._session.experiment.data)
        self._kind.setToolTip(plain_tip(_SPLITS[key][1]))

    def _show_split_row(self, data: DataSettings) -> None:
        """Show the split for real data, and whenever it is not the default."""
        generated = isinstance(data.dataset, str) and DATASETS[data.dataset].generated
        self._kind_row.setVisible(not generated or data.split != "random")

    def _row_of(self, dataset: DataSource) -> int:
        rows = range(self._combo.count())
        if isinstance(dataset, DrawnSource):
            return self._combo.findData(drawn_thumbnail.KEY)
        return next((row for row in rows if self._combo.itemData(row) == dataset), -1)

    def _uncheck(self) -> None:
        self._group.setExclusive(False)
        for thumbnail in self._thumbnails.values():
            thumbnail.setChecked(False)
        self._group.setExclusive(True)

    def _offer_table(self, source: TableSource) -> None:
        """Add the user's table to the menu, so that they can return to it."""
        with QSignalBlocker(self._combo):
            if self._combo.count() == len(DATASETS) + 1:
                self._combo.addItem("", source)
            last = self._combo.count() - 1
            self._combo.setItemText(last, Path(source.csv).name)
            self._combo.setItemData(last, source)
            self._combo.setItemData(last, "Your own table.", Qt.ItemDataRole.ToolTipRole)

    def _show_table(self) -> None:
        source = self._session.experiment.data.dataset
        self._own.setVisible(isinstance(source, TableSource))
        if not isinstance(source, TableSource):
            return
        self._file.setText(f"{Path(source.csv).name}: {source.target}")
        self._file.setToolTip(plain_tip(source.csv))
        report = self._report
        is_current = (
            report is not None and report.target == source.target and Path(report.path).name == Path(source.csv).name
        )
        notes = (
            (report.dropped_sentence(), *report.cautions, *self._warnings) if report is not None and is_current else ()
        )
        sentence = " ".join(part for part in notes if part)
        self._dropped.setText(sentence)
        self._dropped.setVisible(bool(sentence))


def _dataset_of(experiment: Experiment) -> DataSource:
    return experiment.data.dataset


def _split_combo() -> QuietCombo:
    combo = QuietCombo()
    combo.setObjectName("splitCombo")
    combo.setAccessibleName("Split")
    for key, (text, tip) in _SPLITS.items():
        combo.addItem(text, key)
        combo.setItemData(combo.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
    return combo


def _link(text: str, name: str, tip: str) -> QPushButton:
    button = QPushButton()
    button.setObjectName(name)
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(text.rstrip("…"))
    button.setProperty("role", "link")
    return button
