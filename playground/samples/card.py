"""The data table card: the user selects a sample by its row and sorts by any column, such as worst first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from playground.plotting.cards.plot_card import MIN_HEIGHT, MIN_WIDTH
from playground.plotting.cards.word_choice import WordToggle
from playground.style.numbers import short, thousands
from playground.style.theme import Style
from playground.widgets.guard import guarded_or
from playground.widgets.live_card import LiveCard

if TYPE_CHECKING:
    from core.data.sample import Sample
    from core.training.snapshot import Snapshot
    from playground.samples.pinned_rows import PinnedTable
    from playground.samples.rows import PinnedRows
    from playground.samples.table import SampleTable
    from playground.session import Session
    from playground.widgets.figure import Figure

TITLE: Final = "Data"


WITHOUT: Final = "all without dropout"
"""Said while a step with dropout is shown, whose prediction differs."""


class SamplesCard(LiveCard):
    """Shows every sample with its raw values, target, prediction and loss."""

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(TITLE, parent)
        self.setObjectName("samplesCard")
        self._session, self._style = session, style
        self._snapshot: Snapshot | None = None
        self._table: SampleTable | None = None
        self._pinned: PinnedTable | None = None
        self.worst = WordToggle("worst first", "Sort by loss, worst first", style, short="worst")
        self.worst.setObjectName("worstFirstButton")
        self.worst.setToolTip("Sort by loss, largest first; click again to restore the order of the data.")
        self.worst.clicked.connect(self._sort)
        self.add_header_widget(self.worst)
        session.sample_changed.connect(self._follow_sample)
        session.pins.changed.connect(self._follow_pins)
        session.phases_changed.connect(self._follow_pins)
        self.set_sentence(" ")

    @property
    def table(self) -> SampleTable:
        """The table, built when it is first shown because the window's first frame does not need it."""
        if self._table is None:
            from playground.samples.table import SampleTable

            self._table = table = SampleTable(self._style)
            self.body.addWidget(table, 1)
            table.horizontalHeader().sortIndicatorChanged.connect(self._follow_order)
            table.sample_chosen.connect(self._session.select_sample)
        return self._table

    def _follow_sample(self, sample: Sample | None) -> None:
        if self._table is not None:
            self._table.show_sample(sample)

    def _follow_pins(self) -> None:
        if self._snapshot is not None:
            self.show_snapshot(self._snapshot)

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show the samples of ``snapshot``, beside the compared pinned run; during training, the rows keep their order."""
        self._snapshot = snapshot
        from playground.samples.pinned_rows import PinnedTable
        from playground.samples.rows import SampleRows

        if self._pinned is None:
            self._pinned = PinnedTable(self._session.pins)
        pinned = self._pinned.beside(snapshot)
        was_chosen = self.worst.isChecked() and not self.table.samples.columns
        self.table.show_rows(SampleRows(snapshot, pinned), resort=not snapshot.playing)
        if was_chosen:
            self.table.sort_worst_first()
        self.table.show_sample(self._session.sample)
        sentence, step = sentence_on(snapshot, pinned), self._session.phase_step
        self.set_sentence(f"{sentence}; {WITHOUT}" if step is not None and step.step_pass.drops else sentence)

    def _sort(self, on: bool) -> None:  # noqa: FBT001 - a slot of QToolButton.clicked
        if not self.table.samples.columns:
            return  # the first snapshot is sorted
        if on:
            self.table.sort_worst_first()
        else:
            self.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)

    def _follow_order(self, column: int, order: Qt.SortOrder) -> None:
        """Show on the button whether the table is sorted worst first, even if a heading was clicked."""
        self.worst.setChecked(self.table.is_worst_first(column, order))

    @override
    @guarded_or(QSize())
    def minimumSizeHint(self) -> QSize:
        """Allow a narrow card: the table scrolls, and the title is elided."""
        return QSize(round(self._style.px(MIN_WIDTH)), round(self._style.px(MIN_HEIGHT)))

    @override
    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        self._style = style
        if self._table is not None:
            self._table.set_style(style)
        self.worst.set_style(style)
        self.fit_title()

    @property
    @override
    def figure(self) -> Figure | None:
        """The table in its current order."""
        rows = self._table.samples.rows if self._table is not None else None
        if rows is None:
            return None
        from playground.samples.figure import SamplesFigure

        sentence = sentence_on(self._snapshot, rows.pinned) if self._snapshot is not None else ""
        return SamplesFigure(rows, self.table.samples.columns, self.table.samples.order, self._session.sample, sentence)

    @property
    @override
    def has_figures(self) -> bool:
        """Whether there is something to export."""
        return True


def sentence_on(snapshot: Snapshot, pinned: PinnedRows | None = None) -> str:
    """Return how many samples there are, and their mean losses, with those of a ``pinned`` run."""
    data, scores = snapshot.data, snapshot.scores
    if not len(data.x_train) + len(data.x_test):
        return data.missing
    pinned = pinned if pinned is not None and pinned.same_loss else None
    train = f"{_counted(len(data.x_train), 'training sample')}, mean loss {short(scores.train_loss, 3)}"
    if pinned is not None:
        train += f" ({pinned.name}: {short(pinned.snapshot.scores.train_loss, 3)})"
    if not len(data.x_test):
        return train
    test = f"{_counted(len(data.x_test), 'test sample')}, {short(scores.test_loss, 3)}"
    if pinned is not None:
        test += f" ({short(pinned.snapshot.scores.test_loss, 3)})"
    return f"{train}; {test}"


def _counted(count: int, what: str) -> str:
    return f"{thousands(count)} {what}" if count == 1 else f"{thousands(count)} {what}s"
