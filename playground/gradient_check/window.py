"""The gradient check window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from core.analysis.gradient_check import EpsilonSweep
from playground.gradient_check.check_run import Checked, Subject, run_check, run_sweep, subject_of
from playground.gradient_check.error_plot import ErrorPlot
from playground.gradient_check.error_table import ErrorTable
from playground.gradient_check.sweep_plot import SweepPlot
from playground.gradient_check.words import scope, subject_name, verdict
from playground.session.selection import Selection, index_of, selection_of
from playground.style.theme import GRID, Style
from playground.widgets.guard import guarded
from playground.widgets.plain_text import PlainLabel
from playground.worker.background import Background

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot
    from playground.session import Session

PROGRESS_MS: Final = 300
"""Delay in milliseconds before the progress bar is shown."""

_WAITING: Final = "Checking …"
_OUTDATED: Final = "The network has changed since this check."
_STOPPED: Final = "The check was stopped."


class GradientCheckWindow(QDialog):
    """Checks the current network on the current batch without blocking the main window.

    Signals:
        checked: (parameters (P,), relative errors (P,), NaN where there is none) of a finished check.
        outdated: the result no longer applies to the network, or the window was closed.
        export_requested: the user wants to export the plots.
    """

    checked = Signal(object, object)
    outdated = Signal()
    export_requested = Signal()

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gradientCheckWindow")
        self.setWindowTitle("Gradient check")
        self._session = session
        self._subject: Subject | None = None
        self._result: Checked | None = None
        self._valid = False
        self._requested = False
        self._parameter: int | None = None
        self._swept: tuple[Subject, int] | None = None
        self._check = Background("gradient check", self)
        self._check.progressed.connect(self._show_progress)
        self._check.succeeded.connect(self._show_result)
        self._check.failed.connect(self._show_failure)
        self._sweep = Background("gradient check sweep", self)
        self._sweep.succeeded.connect(self._show_sweep)
        self._sweep.failed.connect(self._show_sweep_failure)
        self._build(style)
        self._progress_timer = QTimer(self)
        self._progress_timer.setSingleShot(True)
        self._progress_timer.setInterval(PROGRESS_MS)
        self._progress_timer.timeout.connect(lambda: self._show_progress_row(True))
        session.selection_changed.connect(self._follow_selection)
        session.experiment_changed.connect(lambda _old, _new: self._mark_outdated())
        self.set_style(style)

    # -- building ----------------------------------------------------------------------------------------------------

    def _build(self, style: Style) -> None:
        self._verdict = _label("title", "gradientVerdict")
        self._scope = _label("muted", "gradientScope")
        self._again = _button("Check again", "checkAgainButton", self.check)
        self._again.setProperty("role", "primary")
        self._export = _button("Export…", "exportCheckButton", self.export_requested.emit)
        self._stop = _button("Stop", "stopCheckButton", self._stop_check)
        self._progress = QProgressBar()
        self._progress.setAccessibleName("Parameters checked")
        self._progress_row = QWidget()
        row = QHBoxLayout(self._progress_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._progress, 1)
        row.addWidget(self._stop)
        self._progress_row.hide()
        self.error_plot = ErrorPlot(self._session, style)
        self.sweep_plot = SweepPlot(self._session, style)
        self.table = ErrorTable(style)
        self.table.parameter_chosen.connect(self._choose)
        every = QSplitter(Qt.Orientation.Vertical)
        every.addWidget(self.error_plot)
        every.addWidget(self.table)
        every.setChildrenCollapsible(False)
        every.setSizes([230, 250])
        self._tabs = QTabWidget()
        self._tabs.setObjectName("gradientCheckTabs")
        self._tabs.addTab(_padded(every), "All parameters")
        self._tabs.addTab(_padded(self.sweep_plot), "Step size ε")
        head = QHBoxLayout()
        head.addWidget(self._verdict, 1)
        head.addWidget(self._export, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._again, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.addLayout(head)
        layout.addWidget(self._scope)
        layout.addWidget(self._progress_row)
        layout.addWidget(self._tabs, 1)
        self.resize(round(style.px(900)), round(style.px(640)))
        self.setMinimumSize(440, 380)
        self.table.setFocus()

    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        edge = round(style.px(2 * GRID))
        layout = cast("QVBoxLayout", self.layout())
        layout.setContentsMargins(edge, edge, edge, edge)
        layout.setSpacing(round(style.px(GRID)))
        self.table.set_style(style)
        self.error_plot.set_style(style)
        self.sweep_plot.set_style(style)

    @property
    def figures(self) -> tuple[ErrorPlot, SweepPlot]:
        """The plots that can be exported."""
        return self.error_plot, self.sweep_plot

    @property
    def valid_result(self) -> Checked | None:
        """The last result, if it applies to the current network."""
        return self._result if self._valid else None

    # -- checking ----------------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Pause training, so that the result stays valid, and check the network."""
        self._stop_check()
        self._mark_outdated()
        self._requested = True
        self._again.setEnabled(False)
        self._verdict.setText(_WAITING)
        if self._session.playing:
            self._session.pause()
        if self._session.snapshot is not None:
            self.show_snapshot(self._session.snapshot)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Start a requested check, or mark the result as outdated if the network has changed."""
        if self._requested and not snapshot.playing and snapshot.generation == self._session.generation:
            self._begin(subject_of(snapshot))
        elif self._valid and self._result is not None:
            old = self._result.subject.network
            if snapshot.network.parameters is not old.parameters and not _same(snapshot, self._result.subject):
                self._mark_outdated()

    def _begin(self, subject: Subject) -> None:
        self._requested = False
        self._subject = subject
        self._progress.setRange(0, 0)
        self._progress_timer.start()
        self._check.submit(lambda advance: run_check(subject, advance))

    def _show_progress_row(self, on: bool) -> None:  # noqa: FBT001 - follows Qt's setter form
        self._scope.setVisible(not on)
        self._progress_row.setVisible(on)

    def _show_progress(self, done: int, every: int) -> None:
        self._progress.setRange(0, every)
        self._progress.setValue(done)

    def _show_result(self, result: object) -> None:
        if not isinstance(result, Checked) or result.subject is not self._subject:
            return
        self._end_check()
        subject, network = result.subject, result.subject.network
        self._result, self._valid = result, True
        self._verdict.setText(verdict(result.check))
        self._scope.setText(subject.sentence + scope(len(result.check.indices), network))
        self.setAccessibleDescription(self._verdict.text())
        self.error_plot.show_check(result.check, network.architecture, self._verdict.text())
        self.table.show_check(result)
        self.checked.emit(network.parameters, result.errors)
        self._follow_selection(self._session.selection)

    def _show_failure(self, error: Exception) -> None:
        self._end_check()
        self._verdict.setText(_failure(error))

    def _end_check(self) -> None:
        self._progress_timer.stop()
        self._show_progress_row(False)
        self._again.setEnabled(True)

    def _stop_check(self) -> None:
        """Cancel the running check and sweep."""
        self._requested = False
        if self._subject is not None and not self._again.isEnabled():
            self._verdict.setText(_STOPPED)
        for jobs in (self._check, self._sweep):
            jobs.cancel()
        self._subject = self._swept = None
        self._end_check()

    def _mark_outdated(self) -> None:
        """Mark the result as outdated."""
        if self._valid:
            self._valid = False
            self._scope.setText(_OUTDATED)
            self.outdated.emit()

    # -- one parameter -----------------------------------------------------------------------------------------------

    def _choose(self, parameter: int) -> None:
        if self._result is not None:
            selection = selection_of(self._result.subject.network.architecture, parameter)
            if self._valid and selection is not None:
                self._session.select(selection)
            self._sweep_parameter(parameter)

    def _follow_selection(self, selection: Selection | None) -> None:
        """Sweep the selected parameter, or the one with the largest error."""
        if self._result is None or not self._valid:
            return
        check = self._result.check
        parameter = index_of(self._result.subject.network.architecture, selection)
        self.table.show_parameter(parameter)
        if parameter is None and len(check.indices):
            parameter = int(check.indices[max(check.worst, 0)])
        if parameter is not None:
            self._sweep_parameter(parameter)

    def _sweep_parameter(self, parameter: int) -> None:
        if self._result is None or self._swept == (self._result.subject, parameter):
            return
        self._sweep.cancel()
        subject = self._result.subject
        self._swept = (subject, parameter)
        self._sweep.submit(lambda _advance: (subject, parameter, run_sweep(subject, parameter)))

    def _show_sweep(self, swept: tuple[Subject, int, EpsilonSweep]) -> None:
        subject, parameter, sweep = swept
        if self._swept == (subject, parameter):
            self.sweep_plot.show_sweep(sweep, subject_name(subject.network.architecture, parameter))

    def _show_sweep_failure(self, error: Exception) -> None:
        self.sweep_plot.clear()
        self.sweep_plot.say(_failure(error))

    # -- end ---------------------------------------------------------------------------------------------------------

    @override
    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        """Cancel all work and remove the errors from the network view."""
        super().hideEvent(event)
        if not event.spontaneous():
            self._stop_check()
            self._mark_outdated()


def _failure(error: Exception) -> str:
    return f"The check failed ({type(error).__name__}: {error})."


def _same(snapshot: Snapshot, subject: Subject) -> bool:
    """Return whether ``snapshot`` shows the network of ``subject``."""
    now, then = snapshot.network.parameters, subject.network.parameters
    return now.shape == then.shape and bool((now == then).all())


def _label(role: str, name: str) -> QLabel:
    label = PlainLabel()
    label.setProperty("role", role)
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _button(text: str, name: str, run: object) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setAutoDefault(False)
    button.clicked.connect(run)
    return button


def _padded(content: QWidget) -> QWidget:
    page = QWidget()
    page.setProperty("role", "page")
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, GRID, 0, 0)
    layout.addWidget(content)
    return page
