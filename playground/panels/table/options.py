"""The options for reading a user's table: sheet, header, separator, decimals, encoding and row sample."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from core.data.code_pages import ENCODINGS
from core.data.settings import TableSource
from core.data.tables.layout.grid import Form
from core.data.tables.limits import MAX_ROWS
from core.data.tables.tables import TablePreview
from playground.panels.controls.section import Disclosure, NamedRow
from playground.style.numbers import thousands
from playground.style.theme import Style
from playground.widgets.plain_text import PlainLabel
from playground.widgets.quiet import QuietCombo, QuietSpin

AUTOMATIC: Final = "automatic"
_DELIMITERS: Final = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "vertical bar",
    "blank": "blanks",
    "fixed": "fixed width",
}
_DECIMALS: Final = {".": "point: 1.5", ",": "comma: 1,5"}


class TableOptions(QWidget):
    """Chooses the reading options of a file.

    Signals:
        changed: the user changed an option.
    """

    changed = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = TableSource(csv="?", target="?")
        self._sheet = _menu("sheetCombo", {})
        self._header = QCheckBox("The file has a header line")
        self._header.setObjectName("headerBox")
        self._header.setToolTip(
            "The header line contains the names of the columns; without it they are named x1, x2, …"
        )
        self._delimiter = _menu("delimiterCombo", _DELIMITERS)
        self._decimal = _menu("decimalCombo", _DECIMALS)
        self._encoding = _menu("encodingCombo", ENCODINGS)
        self._rows = QuietSpin()
        self._rows.setObjectName("sampleRows")
        self._rows.setAccessibleName("Number of rows in the sample")
        self._rows.setRange(2, MAX_ROWS)
        self._rows.setGroupSeparatorShown(True)
        self._of = PlainLabel()
        self._arrange(style)
        for menu in (self._sheet, self._delimiter, self._decimal, self._encoding):
            menu.currentIndexChanged.connect(self._choose)
        self._header.toggled.connect(self._choose)
        self._rows.valueChanged.connect(self._choose)

    def show_source(self, source: TableSource) -> None:
        """Set the options of ``source`` before the file is read."""
        self._source = source

    def show_preview(self, preview: TablePreview) -> None:
        """Show how the file was read."""
        form = preview.form
        source = self._source
        blockers = [QSignalBlocker(each) for each in (self._header, self._rows, self._sheet, *self._menus)]
        self._sheet_row.setVisible(len(form.sheets) > 1)
        self._sheet.clear()
        for name in form.sheets:
            self._sheet.addItem(name, name)
        self._sheet.setCurrentIndex(self._sheet.findData(form.sheet))
        self._header.setChecked(form.header)
        self._show_detected(form)
        for menu, value in zip(self._menus, (source.delimiter, source.decimal, source.encoding), strict=True):
            menu.setCurrentIndex(max(menu.findData(value), 0))
        sampled = preview.n_rows_in_file > MAX_ROWS or source.rows is not None
        self._sample.setVisible(sampled)
        if sampled:
            self._rows.setMaximum(min(MAX_ROWS, preview.n_rows_in_file))
            self._rows.setValue(preview.n_rows)
            self._of.setText(f"of {thousands(preview.n_rows_in_file)} rows, chosen at random")
        del blockers
        # Store the detected sample and missing header, so that later detection cannot differ.
        rows = preview.n_rows if sampled else None
        self._source = replace(source, header=source.header if form.header else False, rows=rows)

    def apply_to(self, source: TableSource) -> TableSource:
        """Return ``source`` with these options."""
        options = self._source
        return replace(
            source,
            header=options.header,
            delimiter=options.delimiter,
            decimal=options.decimal,
            encoding=options.encoding,
            sheet=options.sheet,
            rows=options.rows,
        )

    @property
    def _menus(self) -> tuple[QuietCombo, QuietCombo, QuietCombo]:
        return self._delimiter, self._decimal, self._encoding

    def _arrange(self, style: Style) -> None:
        self._sheet_row = NamedRow("Sheet", self._sheet)
        self._sheet_row.hide()
        self._sample = QWidget()
        sample = QHBoxLayout(self._sample)
        sample.setContentsMargins(0, 0, 0, 0)
        sample.addWidget(PlainLabel("Use a sample of"))
        sample.addWidget(self._rows)
        sample.addWidget(self._of)
        sample.addStretch(1)
        self._sample.hide()
        self._disclosure = Disclosure(
            "How the file is read", "readingLink", tip="Header, separator, decimals, encoding."
        )
        self._disclosure.link.setAutoDefault(False)  # Enter accepts the dialog
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(round(style.px(24)))
        self._text_rows = (
            NamedRow("Separator", self._delimiter),
            NamedRow("Decimals", self._decimal),
            NamedRow("Encoding", self._encoding),
        )
        grid.addWidget(self._header, 0, 0)
        for index, row in enumerate(self._text_rows, 1):
            grid.addWidget(row, index // 2, index % 2)
        self._disclosure.body.addWidget(holder)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(round(style.px(6)))
        for part in (self._sheet_row, self._sample, self._disclosure):
            layout.addWidget(part)
        for part in (self._sheet_row, *self._text_rows, self._disclosure):
            part.set_style(style)

    def expand(self) -> None:
        """Expand the options, for a file that could not be read with the detected ones."""
        self._disclosure.set_open(True)

    def _show_detected(self, form: Form) -> None:
        """Show the detected value in each menu."""
        detected = (
            _DELIMITERS.get(form.delimiter, "one column"),
            _DECIMALS[form.decimal],
            ENCODINGS.get(form.encoding, ""),
        )
        for menu, row, text in zip(self._menus, self._text_rows, detected, strict=True):
            menu.setItemText(0, f"{AUTOMATIC}: {text}" if menu.currentIndex() <= 0 and text else AUTOMATIC)
            row.setVisible(form.kind == "text")

    def _choose(self) -> None:
        sheets = self._sheet.count() > 1
        self._source = replace(
            self._source,
            header=self._header.isChecked() if self.sender() is self._header else self._source.header,
            delimiter=self._delimiter.currentData(),
            decimal=self._decimal.currentData(),
            encoding=self._encoding.currentData(),
            sheet=self._sheet.currentData() if sheets else None,
            rows=self._rows.value() if self._source.rows is not None else None,
        )
        self.changed.emit()


def _menu(name: str, entries: dict[str, str]) -> QuietCombo:
    menu = QuietCombo()
    menu.setObjectName(name)
    if entries:
        menu.addItem(AUTOMATIC, None)
    for key, text in entries.items():
        menu.addItem(text, key)
    return menu
