"""The dialog that opens a user's table: preview, target, inputs and task."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from core.data.settings import DataSettings
from core.data.tables.limits import MANY_TEXT_INPUTS
from core.data.tables.tables import TablePreview
from core.experiment import TableSource, TaskKey
from playground.panels.controls.section import NamedRow
from playground.panels.dialogs.plain_buttons import PlainButtonBox
from playground.panels.table.class_limit import ClassLimit
from playground.panels.table.column_table import ColumnTable
from playground.panels.table.options import TableOptions
from playground.panels.table.reader import TableCheck, TableReader
from playground.style.numbers import thousands
from playground.style.theme import Style
from playground.widgets.guard import guarded
from playground.widgets.plain_text import PlainLabel
from playground.widgets.quiet import QuietCombo

PROGRESS_MS: Final = 300
"""Delay before the progress bar appears."""

_SHOWN_COLUMNS: Final = 100
"""Maximum number of columns in the preview of the first rows."""

_ONE_COLUMN: Final = (
    "Only one column was found, but an input is needed besides the target. If the table has more columns, choose what "
    "separates them under “How the file is read”."
)

_TASKS: Final[tuple[tuple[TaskKey, str], ...]] = (
    ("auto", "Automatic"),
    ("classification", "Classes"),
    ("regression", "A number"),
)


class TableDialog(QDialog):
    """Chooses how the table at ``path`` is read, its target, inputs and task.

    Args:
        path: the file.
        style: the style for sizes.
        source: a previous choice to edit.
        data: provides the seed and the split of the samples.
    """

    def __init__(
        self,
        path: Path,
        style: Style,
        parent: QWidget | None = None,
        *,
        source: TableSource | None = None,
        data: DataSettings | None = None,
    ) -> None:
        super().__init__(parent)
        self._path = path
        self._before = source
        self._preview: TablePreview | None = None
        self.setObjectName("tableDialog")
        self.setWindowTitle(f"Data from {path.name}")
        self._summary = PlainLabel("Reading…")
        self._summary.setProperty("role", "muted")
        self._summary.setWordWrap(True)
        self._progress = QProgressBar()
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName("Reading the table")
        self._progress.hide()
        self._options = TableOptions(style)
        self._target = QuietCombo()
        self._target.setObjectName("targetCombo")
        self._task = QuietCombo()
        self._task.setObjectName("taskCombo")
        for key, text in _TASKS:
            self._task.addItem(text, key)
        self._reason = _sentence("muted", "taskReason")
        self._classes = ClassLimit()
        self._columns = ColumnTable()
        self._use_all = QCheckBox()
        self._use_all.setObjectName("manyInputs")
        self._use_all.hide()
        self._preview_rows = _rows_table()
        self._result = _sentence("muted", "tableResult")
        self._warnings = _sentence("error", "tableCautions")
        self._problem = _sentence("error", "tableProblem")
        self._buttons = PlainButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        accept_button = self._buttons.button(QDialogButtonBox.StandardButton.Ok)
        accept_button.setText("Use this data")
        accept_button.setDefault(True)
        self._arrange(style)
        self._set_ready(False)
        self._progress_timer = QTimer(self)
        self._progress_timer.setSingleShot(True)
        self._progress_timer.timeout.connect(self._progress.show)
        self._reader = TableReader(path, data or DataSettings(split="stratified"), self)
        self._connect()
        if source is not None:
            self._options.show_source(source)
        self._read(source)

    @staticmethod
    def ask(
        path: Path,
        style: Style,
        parent: QWidget | None = None,
        *,
        source: TableSource | None = None,
        data: DataSettings | None = None,
    ) -> TableSource | None:
        """Show the dialog and return the choice, or ``None`` if cancelled."""
        dialog = TableDialog(path, style, parent, source=source, data=data)
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        chosen = dialog.source() if accepted else None
        dialog.deleteLater()
        return chosen

    def source(self) -> TableSource | None:
        """Return the current choice, or ``None`` if the table has not been read."""
        preview = self._preview
        if preview is None:
            return None
        target = self._target.currentText()
        inputs = self._columns.inputs
        # With the default inputs, columns added to the file later are included, too.
        is_default = inputs == preview.inputs_for(target)
        chosen = TableSource(
            csv=str(self._path),
            target=target,
            inputs=None if is_default else inputs,
            task=self._task.currentData(),
            columns=self._columns.columns.choices,
            max_classes=self._classes.value,
        )
        return self._options.apply_to(chosen)

    @override
    @guarded
    def done(self, result: int) -> None:
        """Stop reading and close."""
        self._progress_timer.stop()
        self._reader.stop()
        super().done(result)

    # -- building ----------------------------------------------------------------------------------------------------

    def _arrange(self, style: Style) -> None:
        heading = PlainLabel(self._path.name)
        heading.setProperty("role", "heading")
        choices = QHBoxLayout()
        choices.setSpacing(round(style.px(24)))
        target, task = NamedRow("Predict", self._target), NamedRow("as", self._task)
        for row in (target, task):
            choices.addWidget(row, 1)
        self._target.setAccessibleName("Target: the column to predict")
        self._task.setAccessibleName("Task")
        layout = QVBoxLayout(self)
        space = round(style.px(16))
        layout.setContentsMargins(space, space, space, space)
        layout.setSpacing(round(style.px(8)))
        for part in (heading, self._summary, self._progress, self._options):
            layout.addWidget(part)
        layout.addLayout(choices)
        layout.addWidget(self._reason)
        layout.addWidget(self._classes)
        layout.addWidget(_title("Columns"))
        layout.addWidget(self._columns, 3)
        layout.addWidget(self._use_all)
        layout.addWidget(_title("First rows"))
        layout.addWidget(self._preview_rows, 2)
        for line in (self._result, self._warnings, self._problem):
            layout.addWidget(line)
        layout.addWidget(self._buttons)
        self._warnings.hide()
        self._problem.hide()
        self._target.setFocus()
        self.resize(round(style.px(860)), round(style.px(680)))

    def _connect(self) -> None:
        self._target.currentIndexChanged.connect(self._choose_target)
        self._task.currentIndexChanged.connect(self._choices_changed)
        self._classes.changed.connect(self._choices_changed)
        columns = self._columns.columns
        columns.roles_changed.connect(self._choices_changed)
        columns.target_requested.connect(lambda name: self._target.setCurrentIndex(self._target.findText(name)))
        columns.reading_requested.connect(self._read_again)
        self._use_all.toggled.connect(self._choices_changed)
        self._options.changed.connect(self._read_again)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._reader.previewed.connect(self._show_preview)
        self._reader.progressed.connect(self._show_progress)
        self._reader.failed.connect(self._fail)
        self._reader.checked.connect(self._show_check)

    # -- reading -----------------------------------------------------------------------------------------------------

    def _read(self, choices: TableSource | None) -> None:
        self._set_ready(False)
        self._progress.setRange(0, 0)
        self._progress_timer.start(PROGRESS_MS)
        self._reader.start(choices)

    def _read_again(self) -> None:
        """Read the file with the current choices; target and inputs are kept if their columns still exist."""
        chosen = self.source() or self._before or TableSource(csv=str(self._path), target="?")
        self._before = self._options.apply_to(chosen)
        self._read(self._before)

    def _show_progress(self, done: int, every: int) -> None:
        self._progress.setRange(0, every)
        self._progress.setValue(done)

    # -- from the user ---------------------------------------------------------------------------------------------

    def _choose_target(self) -> None:
        if self._preview is not None:
            target = self._target.currentText()
            self._columns.check(self._preview.inputs_for(target), target)
            self._choices_changed()

    def _choices_changed(self) -> None:
        """Check the current choice; it cannot be accepted until the check has finished."""
        preview = self._preview
        if preview is None:
            return
        column = next(each for each in preview.columns if each.name == self._target.currentText())
        task = self._task.currentData()
        self._classes.show_for(column, task)
        self._reason.setText(column.task_reason if task == "auto" else "")
        self._reason.setVisible(bool(self._reason.text()))
        self._set_ready(False)
        many = self._columns.columns.text_inputs()
        self._use_all.setText(f"Use all {thousands(many)} inputs for the text columns")
        self._use_all.setVisible(many > MANY_TEXT_INPUTS)
        source = self.source()
        if source is None or self._columns.inputs == ():
            alone = len(preview.columns) == 1
            self._show_problem(_ONE_COLUMN if alone else "Choose at least one input.")
        elif many > MANY_TEXT_INPUTS and not self._use_all.isChecked():
            self._show_problem(
                f"The text columns need {thousands(many)} inputs, one per category. Leave some out, or check “Use all”."
            )
        else:
            self._reader.check(source)

    # -- from the reader ---------------------------------------------------------------------------------------------

    def _show_preview(self, preview: TablePreview) -> None:
        # Include choices made while the file was being read.
        self._before = self.source() or self._before
        self._preview = preview
        self._end_progress()
        for part in (self._target, self._task, self._columns, self._preview_rows):
            part.setEnabled(True)
        self._options.show_preview(preview)
        count = f"{thousands(preview.n_rows)} rows, {thousands(len(preview.columns))} columns."
        self._summary.setText(" ".join((count, *preview.notes)))
        names = [column.name for column in preview.columns]
        before = self._before
        kept = () if before is None else tuple(each for each in before.columns if each.name in names)
        self._columns.show_columns(preview.columns, kept)
        _fill(self._preview_rows, names[:_SHOWN_COLUMNS], preview.rows)
        before = before if before is not None and before.target in names else None
        target = before.target if before else preview.suggested_target
        with QSignalBlocker(self._target), QSignalBlocker(self._task):
            self._target.clear()
            self._target.addItems(names)
            self._target.setCurrentIndex(names.index(target))
            self._task.setCurrentIndex(self._task.findData(before.task if before else "auto"))
        self._classes.set_value(before.max_classes if before else None)
        chosen = before.inputs if before and before.inputs is not None else preview.inputs_for(target)
        self._columns.check((name for name in chosen if name in names), target)
        self._choices_changed()

    def _fail(self, problem: str) -> None:
        self._preview = None
        self._end_progress()
        self._summary.setText("")
        for part in (self._target, self._task, self._columns, self._preview_rows):
            part.setEnabled(False)
        self._options.expand()
        self._show_problem(problem)

    def _end_progress(self) -> None:
        self._progress_timer.stop()
        self._progress.hide()

    def _show_check(self, check: TableCheck) -> None:
        if check.source != self.source():
            return
        self._show_problem(check.problem)
        self._result.setText(" ".join(part for part in (check.sentence, check.dropped) if part))
        self._warnings.setText(" ".join(check.cautions))
        self._warnings.setVisible(bool(check.cautions) and not check.problem)
        self._set_ready(not check.problem)

    def _show_problem(self, problem: str) -> None:
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._result.setVisible(not problem)
        self._warnings.setVisible(False)

    def _set_ready(self, ready: bool) -> None:  # noqa: FBT001 - a state, not a mode
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(ready)


def _title(text: str) -> QLabel:
    label = PlainLabel(text)
    label.setProperty("role", "title")
    return label


def _sentence(role: str, name: str) -> QLabel:
    label = PlainLabel()
    label.setObjectName(name)
    label.setProperty("role", role)
    label.setWordWrap(True)
    return label


def _rows_table() -> QTableWidget:
    table = QTableWidget()
    table.setObjectName("previewTable")
    table.setAccessibleName("First rows of the table")
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 9)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    table.setShowGrid(False)
    table.setWordWrap(False)
    return table


def _fill(table: QTableWidget, names: list[str], rows: tuple[tuple[str, ...], ...]) -> None:
    table.setColumnCount(len(names))
    table.setRowCount(len(rows))
    table.setHorizontalHeaderLabels(names)
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells[: len(names)]):
            table.setItem(row, column, QTableWidgetItem(text))
    table.resizeColumnsToContents()
