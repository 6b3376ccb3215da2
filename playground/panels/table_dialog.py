"""The dialog for a user's own table: what is in it, which column to predict, and from which."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
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

from core.data.tables.tables import TablePreview
from core.experiment import TableSource, TaskKey
from playground.panels.column_table import ColumnTable
from playground.panels.quiet_widgets import PlainButtonBox, QuietCombo
from playground.panels.section import NamedRow
from playground.panels.table_reader import TableCheck, TableReader
from playground.style.numbers import thousands
from playground.style.theme import Style
from playground.widgets.guard import guarded
from playground.widgets.plain_text import PlainLabel

PROGRESS_MS: Final = 300
"""Reading that takes longer shows that it is going on."""

_TASKS: Final[tuple[tuple[TaskKey, str], ...]] = (
    ("auto", "Automatic"),
    ("classification", "Classes"),
    ("regression", "A number"),
)


class TableDialog(QDialog):
    """Chooses target, inputs and task of the table at ``path``.

    Args:
        path: the CSV or TSV file.
        style: for sizes.
        source: what was chosen before, to change it.
    """

    def __init__(
        self, path: Path, style: Style, parent: QWidget | None = None, *, source: TableSource | None = None
    ) -> None:
        super().__init__(parent)
        self._path = path
        self._before = source
        self._preview: TablePreview | None = None
        self._check: TableCheck | None = None
        self.setObjectName("tableDialog")
        self.setWindowTitle(f"Data from {path.name}")
        self._summary = PlainLabel("Reading…")
        self._summary.setProperty("role", "muted")
        self._progress = QProgressBar()
        self._progress.setRange(0, 0)
        self._progress.setAccessibleName("Reading the table")
        self._progress.hide()
        self._target = QuietCombo()
        self._target.setObjectName("targetCombo")
        self._task = QuietCombo()
        self._task.setObjectName("taskCombo")
        for key, text in _TASKS:
            self._task.addItem(text, key)
        self._reason = _sentence("muted", "taskReason")
        self._columns = ColumnTable()
        self._rows = _rows_table()
        self._result = _sentence("muted", "tableResult")
        self._problem = _sentence("error", "tableProblem")
        self._buttons = PlainButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Use this data")
        self._arrange(style)
        self._connect()
        self._set_ready(False)
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.timeout.connect(self._progress.show)
        self._late.start(PROGRESS_MS)
        self._reader = TableReader(path, self)
        self._reader.previewed.connect(self._show_preview)
        self._reader.failed.connect(self._fail)
        self._reader.checked.connect(self._show_check)
        self._reader.start()

    @staticmethod
    def ask(
        path: Path, style: Style, parent: QWidget | None = None, *, source: TableSource | None = None
    ) -> TableSource | None:
        """Show the dialog and return what was chosen, or ``None``."""
        dialog = TableDialog(path, style, parent, source=source)
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        chosen = dialog.source() if accepted else None
        dialog.deleteLater()
        return chosen

    def source(self) -> TableSource | None:
        """Return what is chosen now; ``None`` while the table is not read."""
        preview = self._preview
        if preview is None:
            return None
        target = self._target.currentText()
        inputs = self._columns.inputs
        # The proposal stays open for columns that the file may get later.
        usual = inputs == preview.inputs_for(target)
        return TableSource(
            csv=str(self._path), target=target, inputs=None if usual else inputs, task=self._task.currentData()
        )

    @override
    @guarded
    def done(self, result: int) -> None:
        """Stop reading and close."""
        self._late.stop()
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
        layout.addWidget(heading)
        layout.addWidget(self._summary)
        layout.addWidget(self._progress)
        layout.addLayout(choices)
        layout.addWidget(self._reason)
        layout.addWidget(_title("Inputs"))
        layout.addWidget(self._columns, 3)
        layout.addWidget(_title("First rows"))
        layout.addWidget(self._rows, 2)
        layout.addWidget(self._result)
        layout.addWidget(self._problem)
        layout.addWidget(self._buttons)
        self._problem.hide()
        self.resize(round(style.px(680)), round(style.px(640)))

    def _connect(self) -> None:
        self._target.currentIndexChanged.connect(self._choose_target)
        self._task.currentIndexChanged.connect(self._choices_changed)
        self._columns.inputs_changed.connect(self._choices_changed)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    # -- from the user ---------------------------------------------------------------------------------------------

    def _choose_target(self) -> None:
        if self._preview is not None:
            target = self._target.currentText()
            self._columns.check(self._preview.inputs_for(target), target)
            self._choices_changed()

    def _choices_changed(self) -> None:
        """Ask what the choice gives; until the answer comes it cannot be taken."""
        source = self.source()
        if self._preview is None or source is None:
            return
        column = next(each for each in self._preview.columns if each.name == source.target)
        self._reason.setText(column.task_reason if source.task == "auto" else "")
        self._reason.setVisible(bool(self._reason.text()))
        self._set_ready(False)
        if source.inputs == ():
            self._show_problem("Choose at least one input.")
            return
        self._reader.check(source)

    # -- from the reader ---------------------------------------------------------------------------------------------

    def _show_preview(self, preview: TablePreview) -> None:
        self._preview = preview
        self._late.stop()
        self._progress.hide()
        self._summary.setText(f"{thousands(preview.n_rows)} rows, {thousands(len(preview.columns))} columns")
        names = [column.name for column in preview.columns]
        self._columns.show_columns(preview.columns)
        _fill(self._rows, names, preview.rows)
        before = self._before if self._before is not None and self._before.target in names else None
        target = before.target if before else preview.suggested_target
        with QSignalBlocker(self._target), QSignalBlocker(self._task):
            self._target.addItems(names)
            self._target.setCurrentIndex(names.index(target))
            self._task.setCurrentIndex(self._task.findData(before.task if before else "auto"))
        chosen = before.inputs if before and before.inputs is not None else preview.inputs_for(target)
        self._columns.check(chosen, target)
        self._choices_changed()

    def _fail(self, problem: str) -> None:
        self._late.stop()
        self._progress.hide()
        self._summary.hide()
        for part in (self._target, self._task, self._columns, self._rows):
            part.setEnabled(False)
        self._show_problem(problem)

    def _show_check(self, check: TableCheck) -> None:
        if check.source != self.source():
            return
        self._check = check
        self._show_problem(check.problem)
        self._result.setText(" ".join(part for part in (check.sentence, check.dropped) if part))
        self._set_ready(not check.problem)

    def _show_problem(self, problem: str) -> None:
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._result.setVisible(not problem)

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
    return table


def _fill(table: QTableWidget, names: list[str], rows: tuple[tuple[str, ...], ...]) -> None:
    table.setColumnCount(len(names))
    table.setRowCount(len(rows))
    table.setHorizontalHeaderLabels(names)
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            table.setItem(row, column, QTableWidgetItem(text))
    table.resizeColumnsToContents()
