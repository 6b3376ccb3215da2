"""The page of a weight or bias: value, gradient, next step, the loss along it, and every path to the loss."""

from __future__ import annotations

import itertools
import math
import time
from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from core.analysis.chain_rule import Ledger, Weight, path_ledger
from core.data.sample import Sample
from core.training.snapshot import Snapshot
from playground.inspector.ledger.ledger_table import ledger_table
from playground.inspector.ledger.path_row import PathRow
from playground.inspector.ledger.path_texts import count_text, explanation, shown_paths
from playground.inspector.loss_slice.pinned_slice import PinnedSlices
from playground.inspector.loss_slice.plot import LossSlice
from playground.inspector.loss_slice.slice_numbers import is_costly, slice_of
from playground.inspector.pages.page import WIDE_PICTURE, SelectionPage, hairline
from playground.inspector.snapshot_numbers import next_step, shown_slope, shown_step, step_tip, traced
from playground.inspector.widgets.content_area import ContentArea
from playground.inspector.widgets.painted import FactorSplit, NumberLine, share_of_slopes
from playground.inspector.widgets.read_out import Pinned, ReadOut, share_type_size
from playground.inspector.widgets.sample_choice import SampleChoice
from playground.session.selection import Names, Selection, index_of, selections_of
from playground.style.consistent_digits import confirmed_digits, written_product, written_sum
from playground.style.numbers import short, signed
from playground.style.theme import GRID, Style
from playground.widgets.figure import Table
from playground.widgets.guard import guarded
from playground.widgets.plain_text import PlainLabel

MAX_PATHS: Final = 6
"""Maximum number of paths listed in a one-column page."""

MAX_PATHS_WIDE: Final = 12
"""Maximum number of paths listed in a two-column page."""
SUM_DIGITS: Final = 3
"""Minimum digits of the sum; the paths get as many digits as needed to add up to it."""
SLICE_SECONDS: Final = 0.25
"""Minimum time between updates of the slice and its page during training."""
FIRST_PATH: Final = 100
"""Height at scale 1 that is kept for the first path; a longer one is scrolled."""

LOW: Final = 400
"""Height at scale 1 below which a page is low: above it, slice, hint and a path in two lines fit."""
NARROW: Final = 230
"""Width at scale 1 below which the heading of the paths is short, so that the sample beside it can be read."""

_TITLES: Final = ("All paths to the loss", "Paths")


class WeightPage(SelectionPage):
    """Shows the selected weight or bias and its path ledger."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        self.value = ReadOut(style, editable=True)
        self.gradient = ReadOut(style)
        self.step = ReadOut(style)
        self.slice = LossSlice(style)
        self.slice.moved.connect(self._drag)
        self.samples = SampleChoice(labelled=False)
        self.samples.changed.connect(self.sample_chosen)
        self.value.edited.connect(self._edit)
        self.rows = [PathRow(style) for _ in range(MAX_PATHS_WIDE)]
        self._listed = MAX_PATHS
        self._is_picture = False
        self._omitted: set[QWidget] = set()
        self._shown_last: tuple[Snapshot, Selection, Sample | None] | None = None
        self._max_paths = MAX_PATHS_WIDE
        for index, row in enumerate(self.rows):
            row.entered.connect(lambda index=index: self._highlight(index))
            row.left.connect(lambda: self.hovered.emit(None))
        self.others = NumberLine(style)
        self.sum = NumberLine(style)
        self.backprop = NumberLine(style)
        self.split = FactorSplit(style)
        self._selection: Selection | None = None
        self._index = 0
        self._sample: Sample | None = None
        self._sliced: Snapshot | None = None
        self._sliced_beside: object = None
        self._pinned_slices = PinnedSlices()
        self._slice_not_before = 0.0
        self.ledger: Ledger | None = None
        self._heading = PlainLabel(_TITLES[0])
        self._hint = PlainLabel()
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        self._hint.setMinimumWidth(1)
        self._lay_out()

    @override
    def show_selection(self, snapshot: Snapshot, selection: Selection, sample: Sample | None) -> None:
        """Show the weight or bias ``selection`` in ``snapshot``, for one ``sample`` or the mean over the training set."""
        if selection != self._selection:
            self.value.close_edit()
            self._selection = selection
            self._sliced = None
            self.slice.show_slice(None)
            share_type_size(self.value, self.gradient, self.step)
        elif sample == self._sample and self._must_wait(snapshot, selection.layer):
            return
        self._sample, self._shown_last = sample, (snapshot, selection, sample)
        layer = snapshot.network.architecture.layers[selection.layer]
        source = selection.source if selection.kind == "weight" else -1
        self._index = layer.bias_index(selection.neuron) if source < 0 else layer.weight_index(source, selection.neuron)
        gradient = float(snapshot.gradients.flat[self._index])
        names = Names.of(snapshot.network.architecture, snapshot.data)
        self._show_numbers(snapshot, names.symbol_of(selection), mean="" if sample is None else "mean ")
        self._show_slice(snapshot, selection)
        self.samples.offer(snapshot.data, len(snapshot.trace.inputs[0]))
        self.samples.choose(sample)
        weight = Weight(selection.layer, source, selection.neuron)
        trace, _ = traced(snapshot, sample)
        targets = snapshot.data.y_train[: len(trace.inputs[0])] if sample is None else sample.rows(snapshot.data)[1]
        self.ledger = path_ledger(
            snapshot.network,
            trace,
            targets,
            weight,
            sample=None if sample is None else 0,
            max_paths=self._listed,
            backprop=gradient if sample is None else None,
        )
        self._show_ledger(snapshot, self.ledger)

    def _show_numbers(self, snapshot: Snapshot, name: str, *, mean: str) -> None:
        value = float(snapshot.network.parameters[self._index])
        locked = self._lock()
        kind = "b" if self._selection is not None and self._selection.kind == "bias" else "w"
        label, step = shown_step(snapshot, self._index)
        pinned = self._pinned_values(label)
        tip = locked or "Click to type another value"
        self.value.show_value(name, short(value), value, tip=tip, pinned=pinned.get("value"), short=kind)
        moved = signed(step, 3)
        of_step, gradient, tip = shown_slope(snapshot, self._index, name)
        mean = of_step or mean
        text = short(gradient, 3)
        rate = snapshot.experiment.training.learning_rate
        if step and math.isclose(step, -rate * gradient):
            # Plain descent: α times the displayed gradient must give the displayed step.
            _, text = written_product((-rate, gradient), moved.removeprefix("+"), 3)
        self.gradient.show_value(
            f"{mean}∂L/∂{name}", text, gradient, sign=gradient, tip=tip, pinned=pinned.get("gradient"),
            short=f"{'' if of_step else mean}∂L/∂{kind}",
        )  # fmt: skip
        tip = step_tip(label, name)
        self.step.show_value(label, moved, step, sign=step, tip=tip, pinned=pinned.get("step"), short="step")

    def _pinned_values(self, step_label: str) -> dict[str, Pinned]:
        """Return value, gradient and, if it has the same label, step in the compared pinned run; nothing without one."""
        if self.pinned is None:
            return {}
        name, other = self.pinned.name, self.pinned.snapshot
        index = index_of(other.network.architecture, self._selection)
        if index is None:
            return {}
        label, step = next_step(other, index)
        step = step if label == step_label else math.nan
        numbers = {"value": other.network.parameters[index], "gradient": other.gradients.flat[index], "step": step}
        return {key: Pinned(name, float(number)) for key, number in numbers.items()}

    def _pinned_gradient(self) -> str:
        """Return the gradient of the shown sample, or the mean, in the compared pinned run."""
        other = None if self.pinned is None else self.pinned.snapshot
        index = None if other is None else index_of(other.network.architecture, self._selection)
        return "" if other is None or index is None else short(float(traced(other, self._sample)[1].flat[index]), 3)

    def _lock(self) -> str:
        """Disable editing if the lesson has locked the parameter, and return the reason; empty if it has not."""
        selection = self._selection
        locked = self.restrictions.reason(selection) if selection and self.restrictions.locks(selection) else ""
        if not self._is_picture:
            self.value.set_locked(on=bool(locked))
        self.slice.set_locked(locked)
        return locked

    def _show_slice(self, snapshot: Snapshot, selection: Selection) -> None:
        """Recompute the loss along the parameter; for a large network, wait until training pauses."""
        self.slice.set_stable(self.stable)
        pinned = self.pinned and (self.pinned.snapshot, self.pinned.name, self.pinned.colour)
        if snapshot is self._sliced and pinned == self._sliced_beside:
            return
        if snapshot.playing and is_costly(snapshot, selection.layer):
            self.slice.show_slice(None)
            return
        shown = self.slice.shown
        name = "b" if selection.kind == "bias" else "w"
        ranged = shown.range if shown is not None else None
        taken = slice_of(snapshot, selection.layer, self._index, name, ranged, hold=self.slice.dragging)
        self.slice.show_slice(self._pinned_slices.beside(taken, self.pinned, selection))
        self._sliced, self._slice_not_before = snapshot, time.perf_counter() + SLICE_SECONDS
        self._sliced_beside = pinned

    def _must_wait(self, snapshot: Snapshot, layer: int) -> bool:
        """Return whether to skip ``snapshot``: during training the whole page is updated at the rate of the slice.

        This keeps slice, numbers and paths consistent. A snapshot of another experiment is never skipped.
        """
        before = self._sliced
        if before is None or snapshot is before or not snapshot.playing or before.generation != snapshot.generation:
            return False
        return time.perf_counter() < self._slice_not_before and not is_costly(snapshot, layer)

    def _show_ledger(self, snapshot: Snapshot, ledger: Ledger) -> None:
        names = Names.of(snapshot.network.architecture, snapshot.data)
        left_out = ledger.count - len(ledger.paths)
        values = [*(path.value for path in ledger.paths), *([ledger.others] if left_out else [])]
        written = written_sum(values, short(ledger.sum, SUM_DIGITS), SUM_DIGITS)
        for row, shown in itertools.zip_longest(self.rows, shown_paths(ledger, names, written, self.restrictions)):
            row.setVisible(shown is not None)
            if shown is not None:
                row.show_path(shown)
        self.others.setVisible(left_out > 0)
        others = written[-1] if written else ""
        name = "1 other path" if left_out == 1 else f"{count_text(left_out)} other paths"
        self.others.show_number(name, others, ledger.others, short="others")
        digits = confirmed_digits(written, ledger.sum)
        name = f"Sum of {count_text(ledger.count)} paths" if ledger.count > 1 else "Sum"
        self.sum.show_number(name, short(ledger.sum, digits), short="Sum")
        mark = "check" if ledger.agrees else "warning"
        self.backprop.show_number("Backpropagation", short(ledger.backprop, digits), mark=mark, short="Backprop.")
        self._show_split(ledger)
        self._hint.setText(explanation(ledger))
        self._heading.setToolTip(self._hint.text())

    def _show_split(self, ledger: Ledger) -> None:
        slopes, weights = ledger.split()
        # A picture has room for it, or for a second path.
        self.split.setVisible((not self._is_picture or len(ledger.paths) == 1) and self.split not in self._omitted)
        share = share_of_slopes(slopes, weights)
        self.split.show_split(f"× {short(slopes, 3)}", f"× {short(weights, 3)}", share)

    def _edit(self, value: float) -> None:
        if self._selection is not None:
            self.parameter_edited.emit(self._index, value, "Bias" if self._selection.kind == "bias" else "Weight")

    def _drag(self, value: float) -> None:
        if self._selection is not None:
            label = "Bias" if self._selection.kind == "bias" else "Weight"
            self.parameter_dragged.emit(self._index, value, label, f"parameter {self._index}")

    def _highlight(self, index: int) -> None:
        if self._selection is not None and self.ledger is not None and index < len(self.ledger.paths):
            self.hovered.emit(selections_of(self.ledger.paths[index], self._selection))

    @override
    def prepare_figure(self, paths: int) -> None:
        """Make the page static for a picture and list at most ``paths`` paths; the others are summed."""
        self._max_paths = paths
        self._is_picture, self.wide_from = True, WIDE_PICTURE
        self.samples.make_static()
        self._heading_row.setSpacing(round(self.current_style.px(3 * GRID)))
        self._scroll.show_whole()
        self.value.make_static()
        for row in self.rows:
            row.make_static()

    @override
    def leave_out(self) -> bool:
        """Leave out the hint, the split and the plot below the numbers, then all paths but the first, then the heading."""
        parts = (self._hint, self.split, *([] if self.is_wide else [self.slice]))
        for part in parts:
            if not part.isHidden():
                self._omitted.add(part)
                part.hide()
                return True
        listed = sum(not row.isHidden() for row in self.rows)
        if listed < 2 or self._shown_last is None:
            # The picture names the sample in its subtitle, and the gradient in its title.
            self.samples.hide()
            rest = [each for each in (self._heading, self.backprop, self.others) if not each.isHidden()]
            for each in rest[:1]:
                each.hide()
            return bool(rest)
        self._max_paths = listed - 1
        self.arrange(wide=self.is_wide)
        self.show_selection(*self._shown_last)
        return True

    @override
    def finding(self, snapshot: Snapshot, selection: Selection) -> str:
        """Return the gradient and the number of paths that it is the sum of."""
        ledger = self.ledger
        if ledger is None:
            return ""
        symbol = Names.of(snapshot.network.architecture, snapshot.data).symbol_of(selection)
        paths = "a product along one path" if ledger.count == 1 else f"a sum over {count_text(ledger.count)} paths"
        gradient = f"∂L/∂{symbol} = {short(ledger.backprop, 3)}"
        return f"{self.beside(gradient, self._pinned_gradient())}, {paths}"

    @override
    def table(self, snapshot: Snapshot, selection: Selection) -> Table:
        """Return the ledger: each path with its factors, then the sums."""
        names = Names.of(snapshot.network.architecture, snapshot.data)
        return ledger_table(self.ledger, names, selection.layer, self.restrictions)

    @override
    def min_page_height(self) -> float:
        """Return the height at which the first path is visible below the slice and the heading."""
        px, width = self.current_style.px, max(self._scroll.viewport().width(), 1)
        hint = 0 if self._hint.isHidden() else self._hint.heightForWidth(width)
        rows = [row.heightForWidth(width) for row in self.rows[:1] if not row.isHidden()]
        path = min([*rows, px(FIRST_PATH)])
        return float(self._heading_height() + hint + path + (0 if self.is_wide else self.slice.sizeHint().height()))

    def _heading_height(self) -> int:
        return max(self._heading.sizeHint().height(), self.samples.sizeHint().height()) + GRID

    @override
    def set_visible_height(self, height: int) -> None:
        """In a low page draw the slice lower and leave the hint to the tooltip, so that the first path begins below it."""
        is_low, plot = height < self.current_style.px(LOW), self.slice
        above = self._numbers.sizeHint().height() + self._heading_height() + 3 * GRID
        room = (height - above - self.rows[0].row_ends()[0]) / self.current_style.scale
        plot.set_height(min(max(room, plot.BARE_HEIGHT), plot.LOW_HEIGHT) if is_low else plot.HEIGHT)
        self._hint.setHidden((is_low and not self._is_picture) or self._hint in self._omitted)

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use a short heading in a narrow page."""
        super().resizeEvent(event)
        if self.parentWidget() is None:
            self.set_visible_height(self.height())
        self._heading.setText(_TITLES[not self.is_wide and self.width() < self.current_style.px(NARROW)])

    @override
    def arrange(self, *, wide: bool) -> None:
        """Place the slice beside the paths if ``wide``, else above them."""
        self._listed = min(MAX_PATHS_WIDE if wide else MAX_PATHS, self._max_paths)
        self.slice.set_tall(on=wide)
        for part in (self._numbers, self._scroll, self._sums):
            self._grid.removeWidget(part)
        self._grid.addWidget(self._numbers, 0, 0)
        if wide:
            self._grid.addWidget(self.slice, 1, 0, 2, 1)
            self._grid.addWidget(self._scroll, 0, 1, 2, 1)
            self._grid.addWidget(self._sums, 2, 1)
        else:
            self._paths.insertWidget(0, self.slice)
            self._grid.addWidget(self._scroll, 1, 0)
            self._grid.addWidget(self._sums, 2, 0)
        self.slice.setHidden(self.slice in self._omitted)
        self._grid.setHorizontalSpacing(round(self.current_style.px(3 * GRID)) if wide else 0)
        self._grid.setRowStretch(1, 1)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, int(wide))

    def _lay_out(self) -> None:
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(GRID)
        self.column.addLayout(self._grid, 1)
        self._numbers, self._sums = QWidget(), QWidget()
        numbers = QHBoxLayout(self._numbers)
        numbers.setContentsMargins(0, 0, 0, 0)
        numbers.setSpacing(GRID)
        # The gradient is the longest number: digits, a sign and an exponent.
        for read_out, share in ((self.value, 68), (self.gradient, 88), (self.step, 72)):
            numbers.addWidget(read_out, share)
        self._scroll = ContentArea(self._inside())
        sums = QVBoxLayout(self._sums)
        sums.setContentsMargins(0, 0, 0, 0)
        sums.setSpacing(2)
        sums.addWidget(hairline())
        sums.addSpacing(GRID - 2)
        for line in (self.others, self.sum, self.backprop):
            sums.addWidget(line)
        self.arrange(wide=False)

    def _inside(self) -> QWidget:
        """Return the content of the scroll area: the paths and the split of the factors, below the slice."""
        inside = QWidget()
        inside.setObjectName("inspectorPaths")
        column = self._paths = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        heading = self._heading_row = QHBoxLayout()
        heading.setContentsMargins(0, GRID // 2, 0, 0)
        heading.setSpacing(GRID)
        self._heading.setProperty("role", "title")
        heading.addWidget(self._heading)
        heading.addWidget(self.samples, 1)
        column.addLayout(heading)
        column.addSpacing(GRID // 4)
        column.addWidget(self._hint)
        column.addSpacing(GRID // 4)
        for row in self.rows:
            column.addWidget(row)
        column.addSpacing(GRID // 2)
        column.addWidget(self.split)
        column.addStretch(1)
        return inside
