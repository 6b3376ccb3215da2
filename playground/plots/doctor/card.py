"""The doctor card: reasons why the network does not learn, each with evidence and a cure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.analysis.diagnosis import RULES, Finding
from core.engine.engine_choice import EngineChoice
from core.training.snapshot import Snapshot
from playground.plots.doctor.data import DoctorData, doctor_data, doctor_sentences
from playground.plots.doctor.list import FindingList
from playground.plots.doctor.picture import DoctorPicture
from playground.plotting.canvas.canvas import Canvas
from playground.plotting.cards.computed_card import ComputedCard, Work
from playground.session.selection import Selection
from playground.style.theme import Style
from playground.widgets.figure import Table
from playground.widgets.guard import guarded

if TYPE_CHECKING:
    from playground.session import Session
    from playground.session.pins import Pin

COLUMNS = ("rank", "severity", "finding", "evidence", "quantity", "value", "cure")


class DoctorPlot(ComputedCard[DoctorData]):
    """Lists the findings, worst first, each with buttons that show its evidence and apply its cure."""

    figure_key = "doctor"
    draws_pins = True

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Why isn't it learning?", "doctorPlot", session, style, parent, short="Doctor")
        self.canvas.hide()  # the list replaces it on screen
        self.list = FindingList(style)
        self.list.show_requested.connect(self._show_proof)
        self.list.cure_requested.connect(self._apply_cure)
        self.body.addWidget(self.list, 1)
        self._controls.append(self.list)
        session.findings.changed.connect(self._follow_findings)

    @override
    def work(self, snapshot: Snapshot) -> Work[DoctorData]:
        # A command line always uses the compiled engine, so that its pictures do not depend on what was loaded before.
        engine: EngineChoice | None = "auto" if self._session.is_reproducible else None
        return lambda advance: doctor_data(snapshot, advance, engine)

    @override
    def ghost_sentences(self, pin: Pin, data: DoctorData) -> tuple[str, ...]:
        return doctor_sentences(data)

    @override
    def redraw(self) -> None:
        """Show the findings in pinned runs below those of the current one."""
        super().redraw()
        self.list.pinned.show_pins(self.ghosts() if self._data is not None else ())

    @override
    def _show(self, snapshot: Snapshot, data: DoctorData) -> None:
        """Show what persists of the findings in ``data``; so does the button in the toolbar."""
        super()._show(snapshot, DoctorData(self._session.findings.take(snapshot, data.findings)))

    @override
    def accept(self, data: DoctorData) -> None:
        """Update the list."""
        self.list.show_findings(data.findings)
        self.list.show()

    def _follow_findings(self) -> None:
        """Show what was found without this card, unless that belongs to another experiment or the card shows one moment."""
        shared = self._session.findings
        if self._stays or not self.isVisible() or not shared.is_known(self._session.generation):
            return
        if self._data is None or self._data.findings != shared.findings:
            self._data = DoctorData(shared.findings)
            self._empty.end()
            self.accept(self._data)
            self.redraw()
            self.say(*self.sentences(self._data))

    @override
    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Show at once what was found while the card was hidden."""
        super().showEvent(event)
        self._follow_findings()

    @override
    def _show_nothing(self, reason: str) -> None:
        """Remove the findings of earlier data as well."""
        super()._show_nothing(reason)
        self._session.findings.clear()
        self.list.show_findings(())
        self.list.hide()

    @override
    def make_picture(self, canvas: Canvas) -> DoctorPicture:
        return DoctorPicture(canvas)

    @override
    def sentences(self, data: DoctorData) -> tuple[str, ...]:
        return doctor_sentences(data)

    @override
    def table_of(self, data: DoctorData | None) -> Table:
        if data is None:
            return Table(COLUMNS, [])
        if not data.findings:  # like the picture
            return Table(COLUMNS, [("", "not found", "", rule.explanation, "", "", "") for rule in RULES.values()])
        rows = [
            (rank, finding.severity, finding.title, finding.evidence, name, value, _cure_of(finding))
            for rank, finding in enumerate(data.findings, start=1)
            for name, value in finding.numbers
        ]
        return Table(COLUMNS, rows)

    def _show_proof(self, finding: Finding) -> None:
        """Select the layer or parameter of the finding, and request the card that shows it."""
        snapshot = self._session.snapshot
        selection = self._session.selection
        if finding.feature is not None:
            self._session.select(Selection("feature", -1, finding.feature))
        elif (
            finding.layer is not None
            and finding.view == "activation"
            and (snapshot is None or finding.layer < len(snapshot.network.architecture.layers))
            and (selection is None or selection.layer != finding.layer)
        ):
            self._session.select(Selection("neuron", finding.layer, 0))
        self.reveal_requested.emit(finding.view)

    def _apply_cure(self, finding: Finding) -> None:
        """Apply the cure as one undoable edit, which rewinds if the weights cannot recover."""
        cure = finding.cure
        if cure is not None:
            self._session.edit(cure.change(self._session.experiment), cure.label, rewinds=cure.rewinds)


def _cure_of(finding: Finding) -> str:
    return finding.cure.label if finding.cure is not None else ""
