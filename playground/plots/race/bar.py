"""The controls of the race card: objective, start and view above the plot, the table of racers below."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.analysis.loss_surface import PLANES
from core.analysis.race import Racer
from playground.plots.race.data import MAX_RACERS
from playground.plots.race.objective_menu import NETWORK, ObjectiveMenu
from playground.plots.race.picture import VIEWS, View
from playground.plots.race.racer_table import RacerTable
from playground.plotting.cards.word_choice import WordButton, WordChoice, WordMenu, WordToggle
from playground.style.theme import GRID, Style

STARTS: Final = ("initial weights", "current weights")

_SHORT_VIEWS: Final = ("map", "3-D", "loss")
_BUTTON_WORDS: Final = (("+ add a racer", "+ add"), ("default racers", "defaults"), ("race again", "again"))
"""The words of the buttons, and their short forms."""

_VIEW_TIPS: Final = (
    "The surface from above, with contour lines.",
    "The surface in 3-D, with the paths at their true loss.",
    "The loss against the steps.",
)


class RaceBar(QObject):
    """Creates the controls and emits the user's choices.

    Signals:
        objective_chosen: key of the chosen objective.
        view_chosen: the chosen view.
        plane_chosen: key of the chosen plane.
        start_chosen: whether to start at the current weights.
        again: the user wants to repeat the race.
        restored: the user wants the default racers.
        edited: the changed racers.
        alone: whether the table is shown in place of the plot.
        whole_chosen: whether the map covers paths that would leave it.

    Attributes:
        plane: the menu of planes of a race on the network, to be put on the plot.
        whole: the word that widens the map to whole paths; hidden while no path leaves it.
        top: the row above the plot.
        table: the table of racers.
        bottom: the table with the row of buttons below it.
    """

    objective_chosen = Signal(str)
    view_chosen = Signal(str)
    plane_chosen = Signal(str)
    start_chosen = Signal(bool)
    again = Signal()
    restored = Signal()
    edited = Signal(object)
    alone = Signal(bool)
    whole_chosen = Signal(bool)

    def __init__(self, style: Style, check: Callable[[Racer], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._objective = ObjectiveMenu("the loss of the current network on its data", style)
        self._objective.objective_chosen.connect(self.objective_chosen)
        self._is_compact = False
        self._start = WordMenu("Start", style)
        self._start.setToolTip("The common start of all racers, which use the same samples in the same order.")
        self._start.chosen.connect(lambda index: self.start_chosen.emit(index == 1))
        self.plane = WordMenu("Plane", style)
        self.plane.setToolTip("\n".join(f"{plane.label}: {plane.explanation}" for plane in PLANES.values()))
        self.plane.chosen.connect(lambda index: self.plane_chosen.emit(tuple(PLANES)[index]))
        self._view = WordChoice(VIEWS, "View", style, tips=_VIEW_TIPS, short=_SHORT_VIEWS)
        self._view.chosen.connect(self.view_chosen)
        self.table = RacerTable(style, check)
        self.table.edited.connect(self.edited)
        self._add = WordButton(_BUTTON_WORDS[0][0], "Add a racer", style)
        self._add.setToolTip(f"Add a copy of the last racer, whose settings you can change (at most {MAX_RACERS}).")
        self._add.clicked.connect(self._add_racer)
        self._restore = WordButton(_BUTTON_WORDS[1][0], "Restore the default racers", style)
        self._restore.setToolTip("Gradient descent, mini-batches, and mini-batches with momentum.")
        self._restore.clicked.connect(self.restored)
        self._again = WordButton(_BUTTON_WORDS[2][0], "Race again", style)
        self._again.setToolTip("Repeat the race, from the current weights if that is the chosen start.")
        self._again.clicked.connect(self.again)
        self.whole = WordToggle("whole paths", "Show whole paths", style, short="whole")
        self.whole.setToolTip("Widen the map so that it covers the paths that leave it.")
        self.whole.clicked.connect(self.whole_chosen)
        self.whole.hide()
        self._is_low = False
        self._racers = WordToggle("racers", "Show the table of racers instead of the plot", style)
        self._racers.setToolTip("The table of racers instead of the plot; a higher card shows both.")
        self._racers.toggled.connect(self._show_parts)
        self.top = _row(self._objective, self._start, None, self._view)
        self.bottom = QWidget()
        below = QVBoxLayout(self.bottom)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(2)
        below.addWidget(self.table)
        below.addWidget(_row(self._racers, self._add, self._restore, None, self.whole, self._again))
        below.addStretch(1)
        self._show_parts()

    def show_choices(self, objective: str, view: View, plane: str, racers: tuple[Racer, ...], *, present: bool) -> None:
        """Show the current choices."""
        self._objective.show_objective(objective)
        self._start.offer(STARTS, int(present), self._start_word)
        self._start.setVisible(objective == NETWORK)
        self.plane.offer([each.label for each in PLANES.values()], tuple(PLANES).index(plane), _plane_word)
        self.show_view(view)
        self.table.show_racers(racers)
        self._add.setEnabled(len(racers) < MAX_RACERS)

    def set_compact(self, *, on: bool) -> None:
        """Switch to the short words for narrow cards, or back."""
        if on == self._is_compact:
            return
        self._is_compact = on
        self._view.set_compact(on)
        self._objective.set_compact(on)
        self._start.relabel()
        self.whole.set_compact(on)
        for button, words in zip((self._add, self._restore, self._again), _BUTTON_WORDS, strict=True):
            button.setText(words[on])

    def set_low(self, *, on: bool) -> None:
        """In a low card, show either the plot or the table."""
        if on != self._is_low:
            self._is_low = on
            self._show_parts()

    def _show_parts(self) -> None:
        alone = self._is_low and self._racers.isChecked()
        self._racers.setVisible(self._is_low)
        for each in (self.table, self._add, self._restore):
            each.setVisible(alone or not self._is_low)
        self.alone.emit(alone)

    def _start_word(self, index: int) -> str:
        return STARTS[index].split()[0] if self._is_compact else STARTS[index]

    def show_view(self, view: View) -> None:
        """Show ``view`` as the chosen one."""
        self._view.choose(view)

    def set_style(self, style: Style) -> None:
        """Use colours and sizes of ``style``."""
        for each in (
            self._objective,
            self._start,
            self.plane,
            self._view,
            self._add,
            self._restore,
            self._again,
            self._racers,
            self.whole,
            self.table,
        ):
            cast("WordMenu", each).set_style(style)

    def _add_racer(self) -> None:
        racers = self.table.racers
        if len(racers) < MAX_RACERS:
            self.edited.emit((*racers, racers[-1]))


def _plane_word(index: int) -> str:
    return f"plane: {tuple(PLANES.values())[index].word}"


def _row(*widgets: QWidget | None) -> QWidget:
    """Return a row of ``widgets``; ``None`` is a stretch."""
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GRID)
    for widget in widgets:
        if widget is None:
            layout.addStretch(1)
        else:
            layout.addWidget(widget)
    return row
