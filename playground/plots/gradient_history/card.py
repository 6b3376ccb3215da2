"""The card of each layer's gradient over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.analysis.gradient_flow import first_to_last
from core.experiment.epoch_text import epoch_text
from core.training.recorders.gradient_history import NO_HISTORY
from core.training.snapshot import Snapshot
from playground.plots.gradient.sentence import times_text
from playground.plots.gradient_history.picture import HistoryData, HistoryPicture
from playground.plots.steady_ratio import SteadyRatio
from playground.plotting.canvas.canvas import Canvas
from playground.plotting.cards.plot_card import PlotCard
from playground.plotting.cards.word_choice import WordChoice
from playground.plotting.drawing.layer_names import weight_name
from playground.plotting.pins.run_tables import CURRENT
from playground.style.numbers import thousands
from playground.style.theme import Style
from playground.widgets.figure import Table
from playground.widgets.plot import Plot

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from core.training.recorders.loss_curve import Mark
    from playground.session import Session
    from playground.session.pins import Pin

EPOCHS, STEPS = "epochs", "steps"


class GradientHistoryPlot(PlotCard[HistoryData]):
    """Heat map of ‖∂L/∂W‖ by layer and time over the whole run."""

    figure_key = "gradient_history"

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Gradient over time", "gradientHistoryPlot", session, style, parent, short="History")
        self._history = NO_HISTORY
        self._mark: Mark | None = None
        self._by_steps = False
        self._steady, self._steady_in = SteadyRatio(), -1
        words = WordChoice((EPOCHS, STEPS), "Horizontal axis", style)
        words.chosen.connect(self._choose_axis)
        self.add_control(words, words)
        self.redraw()

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw the gradients up to ``snapshot``."""
        history = snapshot.gradient_history
        if not snapshot.playing or snapshot.generation != self._steady_in:
            self._steady.clear()
        self._steady_in = snapshot.generation
        empty = not len(snapshot.data.x_train)
        mark = last_mark(snapshot)
        data = HistoryData(history, self._by_steps, mark)
        sentences = (snapshot.data.missing, "") if empty else history_sentences(data, self._steady)
        if self.must_wait(snapshot, sentences, counting=True):
            return
        self._mark = mark
        if history is self._history:
            self.say(*sentences)  # paused, the number is that of the last column to the last digit
            return
        self._history = history
        self.redraw()
        self.say(*sentences)

    @override
    def figure_plot(self, style: Style) -> Plot | None:
        pinned = [(ghost.name, ghost.data) for ghost in self.ghosts() if ghost.is_drawn]
        return self.plot_of_runs((("" if not pinned else CURRENT, self.shown()), *pinned), style)

    @override
    def plot_of_runs(self, runs: Sequence[tuple[str, HistoryData]], style: Style) -> Plot | None:
        from playground.plots.gradient_history.typeset import history_plot  # imported late: only needed for LaTeX

        return history_plot(tuple(runs), style)

    @override
    def make_picture(self, canvas: Canvas) -> HistoryPicture:
        return HistoryPicture(canvas)

    @override
    def shown(self) -> HistoryData:
        return HistoryData(self._history, self._by_steps, self._mark)

    @override
    def ghost_of(self, pin: Pin, snapshot: Snapshot) -> HistoryData:
        return HistoryData(snapshot.gradient_history, self._by_steps, last_mark(snapshot))

    @override
    def ghost_choices(self) -> Hashable:
        return self._by_steps

    @override
    def ghost_sentences(self, pin: Pin, data: HistoryData) -> tuple[str, ...]:
        return history_sentences(data)

    @override
    def figure_note(self) -> str:
        return "norm of ∂L/∂W"

    @override
    def table_of(self, data: HistoryData | None) -> Table:
        if data is None:
            return Table(("epoch", "step"), [])
        history = data.history
        names = (f"∂L/∂{weight_name(index)}" for index in range(history.norms.shape[1]))
        rows = np.column_stack([history.epoch, history.step, history.norms]).tolist()
        return Table(("epoch", "step", *names), [tuple(row) for row in rows])

    def _choose_axis(self, word: str) -> None:
        self._by_steps = word == STEPS
        self.redraw()
        if len(self._history.step):
            self.say(*history_sentences(self.shown(), self._steady))


def last_mark(snapshot: Snapshot) -> Mark | None:
    """Return the last change of settings during the run."""
    return snapshot.curve.marks[-1] if snapshot.curve.marks else None


def history_sentences(data: HistoryData, steady: SteadyRatio | None = None) -> tuple[str, ...]:
    """Return sentences that compare the first layer's gradient with the last one's, then and now, longest first.

    Then is the start of the run, or just after the last change of settings: no sentence compares two experiments.

    Args:
        data: the norms so far.
        steady: keeps the number of now from changing with every frame.
    """
    history = data.history
    moments, layers = history.norms.shape
    if not moments:
        return ("",)
    if not np.isfinite(history.norms[-1]).all():
        return ("the gradient overflowed",)
    if layers < 2:
        return ("only one layer", "")
    first, last = weight_name(0), weight_name(layers - 1)
    ratio = first_to_last(history.norms[-1])
    now = _comparison(ratio if steady is None else steady.stated(ratio))
    begin, changed = data.begin, data.changed
    then = _comparison(first_to_last(history.norms[begin])) if begin < moments - 1 else now
    if then == now:
        return (f"∂L/∂{first} compared with ∂L/∂{last}: {now}", now)
    number = changed if changed is not None else float(data.times[begin])
    moment = f"step {thousands(round(number))}" if data.by_steps else f"epoch {epoch_text(number)}"
    is_start = changed is None and not history.step[begin]
    when = "at first" if is_start else f"at {moment}" if changed is None else f"after the change at {moment}"
    return (
        f"∂L/∂{first} compared with ∂L/∂{last}: {then} {when}, {now} now",
        f"{first} vs. {last}: {then} at first, {now} now"
        if is_start
        else f"{first} vs. {last} since {moment}: {then}, now {now}",
        f"{first} vs. {last}: {now}",
        now,
    )


def _comparison(ratio: float) -> str:
    """Describe a magnitude that is ``ratio`` times another."""
    if np.isnan(ratio):
        return "not comparable"
    if ratio == 0.0:
        return "zero"
    if ratio == np.inf:
        return "the latter is zero"
    if 0.5 <= ratio <= 2.0:
        return "about equal"
    return f"{times_text(1.0 / ratio)} × smaller" if ratio < 1.0 else f"{times_text(ratio)} × larger"
