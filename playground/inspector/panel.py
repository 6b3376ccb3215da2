"""The inspector panel, which shows the page of the current selection."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override

from core.analysis.step_limit import step_limit
from core.data.sample import Sample
from core.training.snapshot import Snapshot
from playground.inspector.pages.concealed_page import ConcealedPage
from playground.inspector.pages.page import Page, SelectionPage
from playground.inspector.pages.page_area import PageArea
from playground.inspector.pages.registry import PAGES, PageEntry
from playground.inspector.pages.summary_page import SummaryPage, summary_of
from playground.inspector.pinned_numbers import pinned_numbers
from playground.inspector.rendered_pages import rendered_keys, rendered_pages
from playground.plotting.drawing.formula_store import FormulaStore
from playground.session.selection import Kind, Names, Selection
from playground.style.theme import CARD_PADDING, Style
from playground.widgets.guard import guarded
from playground.widgets.live_card import LiveCard
from playground.widgets.plain_text import plain_tip
from playground.widgets.still_line import StillLine

if TYPE_CHECKING:
    from playground.session import Session
    from playground.widgets.figure import Figure

AnyPage = TypeVar("AnyPage", bound=Page)

TITLE: Final = "Inspector"
MAX_TIME_SHARE: Final = 0.1
"""Maximum share of the GUI thread's time spent on the inspector during training."""


class InspectorPanel(LiveCard):
    """Shows the session's selection with the numbers of the newest snapshot."""

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(TITLE, parent)
        self.setObjectName("inspectorPanel")
        self._session = session
        self._style = style
        self._selection_pages: dict[PageEntry, SelectionPage] = {}
        self._samples: dict[PageEntry, Sample | None] = {}
        self._snapshot: Snapshot | None = session.snapshot
        self._not_before = 0.0
        self._alone = ""
        self.formulas = FormulaStore(self)
        self._pages = QStackedWidget()
        self._built: list[Page] = []
        self._areas: list[PageArea] = []
        self._sentence.setWordWrap(False)  # a line more or less would move the page while numbers change
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._sentence.setMinimumWidth(1)
        self._foot.insertWidget(0, StillLine(self._sentence), 1)
        self.summary = self._added(SummaryPage(style, self.formulas))
        self._concealed: ConcealedPage | None = None
        self.body.addWidget(self._pages, 1)
        session.selection_changed.connect(self._refresh)
        session.sample_changed.connect(self._follow_sample)
        session.restrictions_changed.connect(self._refresh)
        session.pins.changed.connect(self._refresh)
        session.stability.changed.connect(self._refresh)
        self._refresh()

    def page_of(self, kind: Kind) -> SelectionPage:
        """Return the page for a kind of selection, and build it if necessary."""
        entry = PAGES[kind]
        if entry not in self._selection_pages:
            self._selection_pages[entry] = self._added(entry.make(self._style, self.formulas))
        return self._selection_pages[entry]

    def _added(self, page: AnyPage) -> AnyPage:
        area = PageArea(page)
        self._areas.append(area)
        self._pages.addWidget(area)
        self._built.append(page)
        page.sample_chosen.connect(self._choose_sample)
        page.parameter_edited.connect(self._session.edit_parameter)
        page.parameter_dragged.connect(self._session.edit_parameter)
        page.hovered.connect(self._session.hovered)
        return page

    @property
    def sample(self) -> Sample | None:
        """The sample shown; ``None`` for the mean over the training set."""
        selection = self._session.selection
        if selection is None:
            return None
        entry = PAGES[selection.kind]
        return self._samples.get(entry, entry.sample)

    @property
    def page(self) -> QWidget | None:
        """The current page."""
        area = self._pages.currentWidget()
        return area.page if isinstance(area, PageArea) else None

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the selection in ``snapshot``; expensive pages are updated less often during training."""
        self._snapshot = snapshot
        if not snapshot.playing or time.perf_counter() >= self._not_before:
            self._refresh()

    @override
    def hold(self, *, on: bool) -> None:
        """Postpone typesetting formulas, or resume it."""
        if on:
            self.formulas.hold()
        else:
            self.formulas.release()

    @override
    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        for page in self._built:
            page.set_style(style)
        self.fit_title()
        self._refresh()

    @property
    @override
    def figure(self) -> Figure | None:
        """The page of the selection, or ``None``."""
        return next(iter(self.figures), None)

    @property
    @override
    def figures(self) -> tuple[Figure, ...]:
        """The page of the selection and, for a weight or bias, the loss along it."""
        from playground.inspector.figure import PageFigure, SliceFigure  # not needed for the first frame
        from playground.inspector.pages.weight_page import WeightPage

        snapshot, selection = self._snapshot, self._session.selection
        page, restrictions = self.page, self._session.restrictions
        if snapshot is None or selection is None or not isinstance(page, SelectionPage):
            return ()
        sample = self._shown_sample(snapshot)
        whole = PageFigure(
            figure_title=self.title,
            entry=PAGES[selection.kind],
            formulas=self.formulas,
            snapshot=snapshot,
            selection=selection,
            sample=sample,
            restrictions=restrictions,
            pinned=pinned_numbers(self._session.pins, snapshot, selection, sample),
        )
        shown = page.slice.shown if isinstance(page, WeightPage) else None
        if shown is None:
            return (whole,)
        return whole, SliceFigure(figure_title=f"Loss · {self.title}", shown=shown)

    @property
    @override
    def rendered_figures(self) -> tuple[Figure, ...]:
        """The path ledger of the first weight, the equation of the first neuron, and the loss along that weight."""
        return () if self._snapshot is None else rendered_pages(self._snapshot, self.formulas, self._session.pins)

    @property
    @override
    def rendered_keys(self) -> frozenset[str]:
        return frozenset() if self._snapshot is None else rendered_keys(self._snapshot)

    @property
    @override
    def has_figures(self) -> bool:
        """Return ``True``: there is a figure whenever something is selected."""
        return True

    def _shown_sample(self, snapshot: Snapshot) -> Sample | None:
        sample = self.sample
        return sample if sample is not None and sample.exists_in(snapshot.data) else None

    @property
    def concealed(self) -> ConcealedPage:
        """The page of what a lesson hides; built when first used."""
        if self._concealed is None:
            self._concealed = self._added(ConcealedPage(self._style))
        return self._concealed

    def _refresh(self, _selection: Selection | None = None) -> None:
        snapshot, selection, restrictions = self._snapshot, self._session.selection, self._session.restrictions
        if snapshot is None:
            return
        began = time.perf_counter()
        sample = self._shown_sample(snapshot)
        names = Names.of(snapshot.network.architecture, snapshot.data)
        if selection is None or not selection.exists_in(names.counts) or not len(snapshot.data.x_train):
            self._show(TITLE, self.summary)
            chosen = self._session.sample
            pinned = None if chosen is None else pinned_numbers(self._session.pins, snapshot, None, chosen)
            self.summary.show_snapshot(snapshot, chosen, pinned)
            self._say(summary_of(snapshot))
        elif restrictions.hides(selection):
            self.concealed.show_reason(restrictions.concealment(selection))
            self._show(names.title(selection), self.concealed, *names.short_titles(selection))
            self._say("")
        else:
            page = self.page_of(selection.kind)
            page.restrictions = restrictions
            page.pinned = pinned_numbers(self._session.pins, snapshot, selection, sample)
            page.stable = self._stable_rate(snapshot)
            page.show_selection(snapshot, selection, sample)
            self._show(names.title(selection), page, *names.short_titles(selection))
            self._say(*page.findings(snapshot, selection))
        now = time.perf_counter()
        self._not_before = now + (now - began) * (1.0 / MAX_TIME_SHARE - 1.0)

    def _stable_rate(self, snapshot: Snapshot) -> float | None:
        """Return the largest learning rate at which descent is stable, if a view computes the curvature and there is one."""
        curvature = self._session.stability.curvature
        limit = None if curvature is None else step_limit(curvature.eigenvalue, snapshot.experiment.training)
        return limit if limit is not None and math.isfinite(limit) else None

    def _show(self, heading: str, page: QWidget, *short: str) -> None:
        if self.page is not page:
            area = next(each for each in self._areas if each.page is page)
            self._pages.setCurrentWidget(area)
        if heading != self.title:
            self.setAccessibleName(f"{TITLE}: {heading}")
            self.set_title(heading, *short)

    def _say(self, finding: str, alone: str = "") -> None:
        """Show ``finding`` below the page; where it does not fit, ``alone``, or the part of it before its comma, elided."""
        self._alone = alone = alone or finding
        room, metrics = self.contentsRect().width() - 2 * CARD_PADDING, self._sentence.fontMetrics()
        fitting = (each for each in (finding, alone) if metrics.horizontalAdvance(each) <= room)
        start = metrics.elidedText(alone.partition(", ")[0], Qt.TextElideMode.ElideRight, room)
        self.set_sentence(next(fitting, start))
        self._sentence.setToolTip(plain_tip(finding))
        self.setAccessibleDescription(finding)

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say as much as fits the new width."""
        super().resizeEvent(event)
        self._say(self.accessibleDescription(), self._alone)

    def _follow_sample(self, sample: Sample | None) -> None:
        """Show ``sample`` on every page; ``None`` returns to what each page shows initially."""
        self._samples = {} if sample is None else dict.fromkeys(PAGES.values(), sample)
        self._refresh()

    def _choose_sample(self, sample: Sample | None) -> None:
        self._session.select_sample(sample)
        selection = self._session.selection
        if selection is not None:
            self._samples[PAGES[selection.kind]] = sample
        self._refresh()
