"""The inspector panel, which shows the page of the current selection."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Final, TypeVar

from msgspec.structs import replace
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
from playground.inspector.pinned_numbers import PinnedNumbers, pinned_numbers
from playground.inspector.rendered_pages import rendered_keys, rendered_pages
from playground.inspector.snapshot_numbers import pass_in_words
from playground.plotting.drawing.formula_store import FormulaStore
from playground.session.selection import Kind, Names, Selection
from playground.style.theme import CARD_PADDING, Style
from playground.widgets.guard import guarded
from playground.widgets.live_card import LiveCard
from playground.widgets.plain_text import plain_tip
from playground.widgets.still_line import StillLine

if TYPE_CHECKING:
    from core.training.phases import PhaseStep
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
        self._finding = self._alone = self._pass = ""
        self._walked: tuple[Snapshot, PhaseStep, Snapshot] | None = None
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
        session.phases_changed.connect(self._refresh)
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

        snapshot, selection = self._in_step(), self._session.selection
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
            pinned=self._pinned(snapshot, selection, sample),
        )
        shown = page.slice.shown if isinstance(page, WeightPage) else None
        if shown is None:
            return (whole,)
        return whole, SliceFigure(
            figure_title=f"Loss · {self.title}", shown=shown, pinned=whole.pinned, selection=selection
        )

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
        snapshot, selection, restrictions = self._in_step(), self._session.selection, self._session.restrictions
        if snapshot is None:
            return
        began = time.perf_counter()
        sample = self._shown_sample(snapshot)
        names = Names.of(snapshot.network.architecture, snapshot.data)
        if selection is None or not selection.exists_in(names.counts) or not len(snapshot.data.x_train):
            self._show(TITLE, self.summary)
            chosen = self._session.sample
            pinned = None if chosen is None else self._pinned(snapshot, None, chosen)
            self.summary.show_snapshot(snapshot, chosen, pinned)
            self._say(summary_of(snapshot), note="" if chosen is None else pass_in_words(snapshot, chosen, None))
        elif restrictions.hides(selection):
            self.concealed.show_reason(restrictions.concealment(selection))
            self._show(names.title(selection), self.concealed, *names.short_titles(selection))
            self._say("")
        else:
            page = self.page_of(selection.kind)
            page.restrictions = restrictions
            page.pinned = self._pinned(snapshot, selection, sample)
            page.stable = self._stable_rate(snapshot)
            page.show_selection(snapshot, selection, sample)
            self._show(names.title(selection), page, *names.short_titles(selection))
            self._say(*page.findings(snapshot, selection), note=pass_in_words(snapshot, sample, selection))
        now = time.perf_counter()
        self._not_before = now + (now - began) * (1.0 / MAX_TIME_SHARE - 1.0)

    def _in_step(self) -> Snapshot | None:
        """Return the newest snapshot, with the pass of the step whose phases are shown if that is one of its network."""
        snapshot, step = self._snapshot, self._session.phase_step
        if snapshot is None or step is None or step.network.architecture != snapshot.network.architecture:
            return snapshot
        if self._walked is None or self._walked[0] is not snapshot or self._walked[1] is not step:
            self._walked = (snapshot, step, replace(snapshot, step_pass=step.step_pass))
        return self._walked[2]

    def _pinned(self, snapshot: Snapshot, selection: Selection | None, sample: Sample | None) -> PinnedNumbers | None:
        """Return the compared pinned run; ``None`` beside a step, which that run has not taken."""
        if snapshot.step_pass is not None:
            return None
        return pinned_numbers(self._session.pins, snapshot, selection, sample)

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
            self.title_is_name = heading == TITLE
            self.setAccessibleName(f"{TITLE}: {heading}")
            self.set_title(heading, *short)

    def _say(self, finding: str, alone: str = "", note: str = "") -> None:
        """Show ``finding`` and a ``note`` below the page; where they do not fit, ``alone`` with it, or only the note.

        Without a note, what does not fit is elided to the part of ``alone`` before its comma.
        """
        self._finding, self._alone, self._pass = finding, alone or finding, note
        room, metrics = self.contentsRect().width() - 2 * CARD_PADDING, self._sentence.fontMetrics()
        brief = self._alone.partition(", ")[0]
        forms = (
            [f"{each}; {note}" for each in (finding, self._alone, brief)] + [note] if note else [finding, self._alone]
        )
        fitting = (each for each in forms if metrics.horizontalAdvance(each) <= room)
        start = metrics.elidedText(note or brief, Qt.TextElideMode.ElideRight, room)
        self.set_sentence(next(fitting, start))
        self._sentence.setToolTip(plain_tip(forms[0]))
        self.setAccessibleDescription(forms[0])

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say as much as fits the new width."""
        super().resizeEvent(event)
        self._say(self._finding, self._alone, self._pass)

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
