"""The list of findings: title, evidence, and buttons that show the evidence and apply the cure."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from core.analysis.diagnosis import Finding
from playground.plots.doctor.data import NOTHING
from playground.plots.doctor.picture import severity_colour
from playground.plots.doctor.pins import PinnedFindings
from playground.style.resources import icon_pixmap
from playground.style.theme import GRID, TEXT_CONTROL, TEXT_LABEL, TEXT_TITLE, Style
from playground.widgets.guard import guarded
from playground.widgets.plain_text import PlainLabel, plain_tip
from playground.widgets.scroll_stop import ScrollStop

ICON: Final = 14
SPOKEN: Final = {"error": "Serious", "warning": "Warning", "note": "Note"}


class FindingRow(QWidget):
    """One finding.

    Signals:
        show_requested: the Show button was pressed.
        cure_requested: the button of the cure was pressed.

    Attributes:
        finding: the finding that is shown.
    """

    show_requested = Signal()
    cure_requested = Signal()

    def __init__(self, finding: Finding, style: Style) -> None:
        super().__init__()
        self.finding, self._style = finding, style
        self.setObjectName(f"finding-{finding.key}")
        self._mark = PlainLabel()
        self.title = PlainLabel()
        self.title.setWordWrap(True)
        self.evidence = PlainLabel()
        self.evidence.setWordWrap(True)
        self.evidence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.show_button = QPushButton("Show")
        self.show_button.clicked.connect(self.show_requested)
        self.cure_button = QPushButton()
        self.cure_button.clicked.connect(self.cure_requested)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons.setSpacing(GRID // 2)
        for button in (self.cure_button, self.show_button):
            self._buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self._buttons.addStretch(1)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, GRID)
        layout.setHorizontalSpacing(GRID)
        layout.setVerticalSpacing(GRID // 2)
        layout.addWidget(self._mark, 0, 0)
        layout.addWidget(self.title, 0, 1)
        layout.addWidget(self.evidence, 1, 1)
        layout.addLayout(self._buttons, 2, 1)
        layout.setColumnStretch(1, 1)
        self.show_finding(finding)
        self.set_style(style)

    def show_finding(self, finding: Finding) -> None:
        """Show ``finding``, of the same rule as before; unchanged texts are not set again."""
        if finding.severity != self.finding.severity:
            self.finding = finding
            self._draw_mark()
        self.finding = finding
        cure = finding.cure
        for part, text in ((self.title, finding.title), (self.evidence, finding.evidence)):
            if part.text() != text:
                part.setText(text)
        self.cure_button.setVisible(cure is not None)
        if cure is not None:
            what = "restarts training from new initial weights" if cure.rewinds else "training continues"
            tip = f"{cure.label}: {what}. Edit › Undo reverts it."
            if cure.outcome:
                tip += f" {cure.outcome[:1].upper()}{cure.outcome[1:]}."
            self.cure_button.setToolTip(plain_tip(tip))
            self.cure_button.setAccessibleName(f"{cure.label} (cure for: {finding.title})")
        self.show_button.setToolTip("Show the card with the evidence.")
        self.show_button.setAccessibleName(f"Show the evidence: {finding.title}")
        self.setAccessibleName(f"{SPOKEN[finding.severity]}: {finding.title}")
        self.setAccessibleDescription(finding.evidence)

    def fit(self, width: int) -> None:
        """Stack the buttons if they do not fit side by side in ``width`` pixels, and elide the cure if it is wider."""
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        button, room = self.cure_button, width - round(self._style.px(ICON)) - 2 * GRID
        button.ensurePolished()  # with the font of its style sheet
        metrics, label = button.fontMetrics(), "" if self.finding.cure is None else self.finding.cure.label
        if not button.text():
            button.setText(label)  # without a text, Qt's size hint has room for another one
        frame = button.sizeHint().width() - metrics.horizontalAdvance(button.text())
        text = metrics.elidedText(label, Qt.TextElideMode.ElideRight, max(room - frame, 0))
        if text != button.text():
            button.setText(text)
        both = self.show_button.sizeHint().width() + button.sizeHint().width()
        self._buttons.setDirection(across if both <= room or button.isHidden() else down)

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        self.title.setStyleSheet(f"font-size: {round(style.px(TEXT_TITLE))}px; font-weight: 600;")
        self.evidence.setStyleSheet(f"font-size: {round(style.px(TEXT_LABEL))}px;")
        for button in (self.show_button, self.cure_button):
            button.setStyleSheet(
                f"font-size: {round(style.px(TEXT_LABEL))}px; padding: {round(style.px(2))}px {round(style.px(8))}px;"
            )
        self._draw_mark()

    def _draw_mark(self) -> None:
        name = "info" if self.finding.severity == "note" else "warning"
        colour = QColor(severity_colour(self.finding, self._style.theme))
        self._mark.setPixmap(icon_pixmap(name, colour, self._style.px(ICON), self.devicePixelRatioF()))


class FindingList(QScrollArea):
    """The rows of all findings, worst first, or a message if there are none.

    Signals:
        show_requested: the finding whose evidence to show.
        cure_requested: the finding whose cure to apply.

    Attributes:
        pinned: the findings in pinned runs, at the end.
    """

    show_requested = Signal(object)
    cure_requested = Signal(object)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._rows: dict[str, FindingRow] = {}
        self.setObjectName("findingList")
        self.setAccessibleName("Findings")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        content = QWidget()
        content.setProperty("role", "clear")
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, GRID // 2, 0)
        self._column.setSpacing(GRID // 2)
        self._empty = PlainLabel("Examining the network …")
        self._empty.setObjectName("nothingFound")
        self._empty.setProperty("role", "label")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._column.addWidget(self._empty, 1)
        self._column.addStretch(0)
        self.pinned = PinnedFindings(style)
        self._column.addWidget(self.pinned)
        self.setWidget(content)
        ScrollStop(self)

    @property
    def rows(self) -> tuple[FindingRow, ...]:
        """The rows from top to bottom."""
        return tuple(self._rows.values())

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """Show ``findings``; rows of rules that stay are kept, so that they keep the keyboard focus."""
        keys = [finding.key for finding in findings]
        for key in [key for key in self._rows if key not in keys]:
            row = self._rows.pop(key)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for finding in findings:
            if finding.key in self._rows:
                self._rows[finding.key].show_finding(finding)
            else:
                self._rows[finding.key] = self._new_row(finding)
        if list(self._rows) != keys or self._column.indexOf(self._empty) != len(keys):
            self._rows = {key: self._rows[key] for key in keys}
            for index, row in enumerate(self._rows.values()):
                self._column.insertWidget(index, row)
        self._empty.setText(NOTHING)
        self._empty.setVisible(not findings)
        self._fit()

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        self.pinned.set_style(style)
        self._empty.setStyleSheet(f"font-size: {round(style.px(TEXT_CONTROL))}px;")
        for row in self._rows.values():
            row.set_style(style)
        self._fit()

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the buttons for the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        for row in self._rows.values():
            row.fit(self.viewport().width())

    def _new_row(self, finding: Finding) -> FindingRow:
        row = FindingRow(finding, self._style)
        row.show_requested.connect(lambda: self.show_requested.emit(row.finding))
        row.cure_requested.connect(lambda: self.cure_requested.emit(row.finding))
        return row
