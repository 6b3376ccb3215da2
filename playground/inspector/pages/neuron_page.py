"""The page of a neuron: its weighted sum term by term, its activation and its gradient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget
from typing_extensions import override

from core.data.sample import Sample
from core.formulas.activations import OUTPUT_ACTIVATIONS
from core.training.snapshot import Snapshot
from playground.inspector.neuron.activation_curve import LOW, ActivationCurve
from playground.inspector.neuron.class_bars import ClassBars, shares_of
from playground.inspector.neuron.neuron_activation import named, on_curve
from playground.inspector.neuron.term_list import Line, TermList
from playground.inspector.pages.page import WIDE_PICTURE, SelectionPage, column_in
from playground.inspector.snapshot_numbers import MAX_TERMS, NeuronNumbers, neuron_numbers
from playground.inspector.widgets.content_area import ContentArea
from playground.inspector.widgets.formulas import FormulaView
from playground.inspector.widgets.painted import NumberLine
from playground.inspector.widgets.read_out import Pinned, ReadOut, share_type_size
from playground.inspector.widgets.sample_choice import SampleChoice
from playground.plotting.drawing.formula_store import FormulaStore
from playground.session.restrictions import UNKNOWN
from playground.session.selection import Names, Selection
from playground.style.consistent_digits import written_product, written_sum
from playground.style.numbers import percent, short, thousands
from playground.style.theme import GRID, Style
from playground.widgets.figure import Table
from playground.widgets.guard import guarded

_T = TypeVar("_T")

NARROW_PICTURE: Final = 230
"""Width at scale 1 below which a picture has two numbers per row."""

FEW: Final = 6
MIN_TERMS: Final = 3
"""Number of terms that stay while a picture has a curve and a formula, and while it has the gradient to leave out."""

LONG: Final = 5
"""Number of terms above which they are higher than what is beside them; with classes they always are."""

SHARES: Final = (76, 84, 72)
"""Widths of the three columns of numbers, in parts."""


class NeuronPage(SelectionPage):
    """Shows the equation of the selected neuron with its current numbers."""

    def __init__(self, style: Style, formulas: FormulaStore, parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        self.z, self.activation, self.slope = (ReadOut(style) for _ in range(3))
        self.bias = ReadOut(style, editable=True)
        self.delta, self.fires = (ReadOut(style) for _ in range(2))
        self.bias.edited.connect(self._edit)
        self.samples = SampleChoice()
        self.samples.changed.connect(self.sample_chosen)
        self.terms = TermList(style)
        self.total = NumberLine(style)
        self.classes = ClassBars(style)
        self.formula = FormulaView(formulas, style)
        self._selection: Selection | None = None
        self._index = 0
        self._curve: ActivationCurve | None = None  # in a picture, where nothing else takes the space
        self._term_count, self._most_terms, self._is_low = 0, MAX_TERMS, False
        self._shown_last: tuple[Snapshot, Selection, Sample | None] | None = None
        self._lay_out()
        self.terms.restacked.connect(self._fit_terms)

    @property
    def has_classes(self) -> bool:
        """Whether the neuron is an output of a softmax, whose probabilities are shown below the sum."""
        return not self.classes.isHidden()

    @override
    def show_selection(self, snapshot: Snapshot, selection: Selection, sample: Sample | None) -> None:
        """Show the neuron ``selection`` in ``snapshot``, for one ``sample`` or the mean over the training set."""
        if selection != self._selection:
            self.bias.close_edit()
            self._selection = selection
            share_type_size(self.z, self.activation, self.slope, self.bias, self.delta, self.fires)
        layer = snapshot.network.architecture.layers[selection.layer]
        self._index = layer.bias_index(selection.neuron)
        numbers = neuron_numbers(snapshot, selection.layer, selection.neuron, sample, self._most_terms)
        self._shown_last = (snapshot, selection, sample)
        pinned = self._pinned_values(selection, sample)
        self.samples.offer(snapshot.data, len(snapshot.trace.inputs[0]))
        self.samples.choose(sample)
        entry = OUTPUT_ACTIVATIONS[layer.activation]
        mean = "mean " if sample is None else ""
        self.z.show_value(
            f"{mean}z", short(numbers.z), numbers.z, sign=numbers.z, tip="Pre-activation z = Σ wᵢ·aᵢ + b",
            pinned=pinned.get("z"),
        )  # fmt: skip
        self.activation.show_value(
            f"{mean}a = φ(z)", short(numbers.activation), numbers.activation, sign=numbers.activation,
            tip=f"Activation: {entry.explanation}", pinned=pinned.get("activation"),
        )  # fmt: skip
        self.slope.show_value(
            f"{mean}φ′(z)", short(numbers.slope, 3), numbers.slope,
            tip="Local derivative: the factor on the gradient", pinned=pinned.get("slope"),
        )  # fmt: skip
        bias = Selection("bias", selection.layer, selection.neuron)
        locked = self.restrictions.reason(bias) if self.restrictions.locks(bias) else ""
        if self._curve is None:
            self.bias.set_locked(on=bool(locked))
        tip = f"Bias: {locked}" if locked else "Bias: click to type another value"
        self.bias.show_value("b", short(numbers.bias), numbers.bias, tip=tip, pinned=pinned.get("bias"))
        self.delta.show_value(
            "δ = ∂L/∂z" if sample is not None else "∂L/∂b", short(numbers.delta, 3), numbers.delta,
            sign=numbers.delta, tip="Gradient of the loss with respect to z; δ·aᵢ is the gradient of weight wᵢ",
            pinned=pinned.get("delta"), short="δ" if sample is not None else "∂L/∂b",
        )  # fmt: skip
        self._show_firing(numbers, entry.fires_above, pinned.get("share"))
        lines = self._lines(snapshot, selection, numbers)
        self.terms.show_lines(lines)
        self._term_count = len(lines) + LONG * entry.row_wise
        self._show_classes(snapshot, selection, sample)
        self._fit_terms()
        self.total.show_number(f"{mean}z", short(numbers.z))
        self._activation_name.setText(named(entry, snapshot.network.alpha(selection.layer)))
        self._activation_name.setToolTip(entry.explanation)
        self.formula.set_latex(entry.formula)
        if self._curve is not None:
            self._curve.show_activation(on_curve(snapshot, selection, sample))
            self.arrange(wide=self.is_wide)

    def _pinned_values(self, selection: Selection, sample: Sample | None) -> dict[str, Pinned]:
        """Return the same numbers of the compared pinned run by the names of their fields; nothing without one."""
        if self.pinned is None:
            return {}
        numbers = neuron_numbers(self.pinned.snapshot, selection.layer, selection.neuron, sample)
        names = ("z", "activation", "slope", "bias", "delta")
        found = {name: Pinned(self.pinned.name, float(getattr(numbers, name))) for name in names}
        return {**found, "share": Pinned(self.pinned.name, numbers.share, is_share=True)}

    def _show_classes(self, snapshot: Snapshot, selection: Selection, sample: Sample | None) -> None:
        """Show the probabilities of all classes on the page of an output of a softmax."""
        last = selection.layer == len(snapshot.network.architecture.layers) - 1
        shown = last and snapshot.network.architecture.layers[-1].activation_entry.row_wise
        if shown:
            self.classes.show_shares(shares_of(snapshot, sample), snapshot.data.classes, self.pinned, sample)
        if shown is not self.has_classes:
            self.classes.setVisible(shown)
            self.arrange(wide=self.is_wide)

    def _show_firing(self, numbers: NeuronNumbers, threshold: float, pinned: Pinned | None) -> None:
        share = percent(numbers.share, 0)
        tip = f"The neuron fires when a > {threshold:g}: for {share} of the training samples"
        if numbers.fires is None:
            self.fires.show_value("fires for", share, numbers.share, tip=tip, pinned=pinned)
        else:
            answer = "yes" if numbers.fires else "no"
            self.fires.show_value(f"fires ({share})", answer, numbers.share, tip=tip, pinned=pinned, short="fires")

    def _lines(self, snapshot: Snapshot, selection: Selection, numbers: NeuronNumbers) -> tuple[Line, ...]:
        names = Names.of(snapshot.network.architecture, snapshot.data)
        rest = [numbers.rest] if numbers.rest_count else []
        values = [*(term.product for term in numbers.terms), *rest, numbers.bias]
        written = written_sum(values, short(numbers.z))
        lines = []
        for term, value in zip(numbers.terms, written, strict=False):
            factors = self._masked(selection, term.source, written_product((term.weight, term.value), value, 3))
            hidden = UNKNOWN in factors
            name = names.of_neuron(selection.layer, term.source)
            if names.numbered:
                weight = names.symbols.weight(selection.layer, term.source, selection.neuron)
                name = f"{weight} · {names.symbols.activation(selection.layer, term.source)}"
            symbol = names.symbols.activation(selection.layer, term.source)
            shown, sign = (UNKNOWN, 0.0) if hidden else (value, term.product)
            lines.append(Line(name, " × ".join(factors), shown, sign, symbol))
        if numbers.rest_count:
            lines.append(Line(f"… and {thousands(numbers.rest_count)} more", "", written[-2], numbers.rest))
        lines.append(Line("bias b", "", written[-1], numbers.bias))
        return tuple(lines)

    def _masked(self, selection: Selection, source: int, factors: Sequence[_T]) -> list[_T | str]:
        """Return weight and input of a term, with a question mark for a hidden one."""
        places = (
            Selection("weight", selection.layer, selection.neuron, source),
            Selection("neuron", selection.layer - 1, source),
        )
        hidden = [self.restrictions.hides(place) for place in places]
        return [UNKNOWN if secret else each for each, secret in zip(factors, hidden, strict=True)]

    @override
    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        super().set_style(style)
        self.formula.set_style(style)

    def _edit(self, value: float) -> None:
        if self._selection is not None:
            self.parameter_edited.emit(self._index, value, "Bias")

    @override
    def prepare_figure(self, paths: int) -> None:
        """Make the page static for a picture."""
        self._curve, self.wide_from = ActivationCurve(self.current_style), WIDE_PICTURE
        self._curve.setMinimumHeight(round(self.current_style.px(LOW)))
        self.samples.make_static()
        self.bias.make_static()
        self._scroll.show_whole()
        self._read_outs.setHorizontalSpacing(round(self.current_style.px(GRID)))
        self.arrange(wide=self.is_wide)

    @override
    def leave_out(self) -> bool:
        """Leave out terms, whose sum stays, then curve and formula, more terms, δ with the firing, and all terms but one."""
        if self._leave_out_a_term(FEW):
            return True
        part = next((each for each in (self._curve, self._meaning) if each is not None and not each.isHidden()), None)
        if part is not None:
            part.hide()
            return True
        if self._leave_out_a_term(MIN_TERMS):
            return True
        # The subtitle of the picture names the sample.
        rest = [each for each in (self.samples, self.delta, self.fires) if not each.isHidden()]
        for each in rest:
            each.hide()
        if rest or self._leave_out_a_term(1):
            return True
        last = [each for each in (self.slope, self.bias) if not each.isHidden()]
        for each in last:
            each.hide()
        return bool(last)

    def _leave_out_a_term(self, least: int) -> bool:
        """List a term less, or two to make a line for the others; return whether ``least`` are still listed."""
        terms = sum(bool(line.product) for line in self.terms.lines)
        has_others = len(self.terms.lines) > terms + 1
        most = terms - 1 if has_others else terms - 2
        if most < least or self._shown_last is None:
            return False
        self._most_terms = most
        self.show_selection(*self._shown_last)
        return True

    @override
    def finding(self, snapshot: Snapshot, selection: Selection) -> str:
        """Return z and a for one sample, or how often the neuron fires."""
        numbers = neuron_numbers(snapshot, selection.layer, selection.neuron, self.samples.sample)
        if numbers.fires is None:
            pinned = self._pinned_values(selection, None)
            said = f"fires for {percent(numbers.share, 0)} of the training samples"
            return self.beside(said, pinned["share"].text) if pinned else said
        pinned = self._pinned_values(selection, self.samples.sample)
        layer = snapshot.network.architecture.layers[selection.layer]
        if layer.activation_entry.row_wise:  # a depends on the other outputs, too
            said = f"z = {short(numbers.z)}: softmax over {layer.fan_out} outputs gives {short(numbers.activation)}"
        else:
            said = f"z = {short(numbers.z)}, so a = φ(z) = {short(numbers.activation)}"
        return self.beside(said, pinned["activation"].text) if pinned else said

    @override
    def table(self, snapshot: Snapshot, selection: Selection) -> Table:
        """Return the terms of the sum, then z, a, φ′(z) and δ."""
        numbers = neuron_numbers(snapshot, selection.layer, selection.neuron, self.samples.sample)
        names = Names.of(snapshot.network.architecture, snapshot.data)
        rows: list[tuple[float | int | str, ...]] = []
        for term in numbers.terms:
            factors = self._masked(selection, term.source, (term.weight, term.value))
            product = UNKNOWN if UNKNOWN in factors else term.product
            rows.append((names.of_neuron(selection.layer, term.source), *factors, product))
        if numbers.rest_count:
            rows.append((f"{numbers.rest_count} more", "", "", numbers.rest))
        for name, value in (
            ("bias b", numbers.bias),
            ("z", numbers.z),
            ("a", numbers.activation),
            ("φ′(z)", numbers.slope),
            ("δ", numbers.delta),
        ):
            rows.append((name, "", "", value))
        return Table(("term", "weight", "input", "value"), rows)

    @override
    def arrange(self, *, wide: bool) -> None:
        """Place the sum beside the numbers if ``wide``, else below them."""
        parts = [self._numbers, self._sum, self._meaning]
        for part in (*parts, *([] if self._curve is None else [self._curve])):
            self._grid.removeWidget(part)
        self._sum_column.removeWidget(self._meaning)
        if self._curve is None:
            self._arrange_on_screen(wide=wide)
        else:
            self._arrange_picture(self._curve, wide=wide)
        self._grid.setHorizontalSpacing(
            round(self.current_style.px(3 * GRID)) if wide or self._curve is not None else 0
        )
        # A narrow page has no room for both the bars and the formula behind them.
        self.formula.setVisible(wide or not self.has_classes)
        self._fit_terms()

    def _arrange_on_screen(self, *, wide: bool) -> None:
        self._grid.addWidget(self._numbers, 0, 0)
        if wide:
            self._grid.addWidget(self._sum, 0, 1, 4 if self.has_classes else 2, 1)  # beside the curve, too
            self._place_meaning(row=1)
        else:
            self._grid.addWidget(self._sum, 1, 0)
            self._place_meaning(row=2)
        self._grid.setRowStretch(1, 1)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, int(wide))

    def _place_meaning(self, row: int) -> None:
        """Place the activation in the grid, or between the sum and the probabilities that a softmax turns it into."""
        if self.has_classes:
            self._sum_column.insertWidget(self._sum_column.indexOf(self.classes), self._meaning)
        else:
            self._grid.addWidget(self._meaning, row, 0, Qt.AlignmentFlag.AlignTop)

    def _arrange_picture(self, curve: ActivationCurve, *, wide: bool) -> None:
        """Place the curve below both columns if ``wide``, below one of them if low, else beside the formula."""
        below: tuple[int, ...]
        if wide:
            is_long, is_low = self._term_count > LONG, self._is_low
            self._grid.addWidget(self._numbers, 0, 0)
            self._grid.addWidget(self._sum, 0, 1, 2 + is_long - is_low, 1)
            self._place_meaning(row=1)
            below = (2, 0, 1, 2 - is_long) if not is_low else (1, 1, 2, 1)
        else:
            self._grid.addWidget(self._numbers, 0, 0, 1, 2)
            self._grid.addWidget(self._sum, 1, 0, 1, 2)
            self._place_meaning(row=2)
            below = (2, 0, 1, 2) if self.has_classes else (2, 1)
        self._grid.addWidget(curve, *below)
        self._grid.setRowStretch(1, 0)
        self._grid.setRowStretch(2, 1)
        for column, share in enumerate((1, 1) if wide else (2, 3)):
            self._grid.setColumnStretch(column, share)

    def _fit_terms(self) -> None:
        """Keep the total directly below the terms in a tall page."""
        height = self.terms.sizeHint().height() + GRID
        self._scroll.setMaximumHeight(max(height, self._scroll.minimumHeight()))

    def _place_read_outs(self, shares: Sequence[int]) -> None:
        """Place the numbers in columns with ``shares`` of the width."""
        for column, share in enumerate((*shares, *[0] * (len(SHARES) - len(shares)))):
            self._read_outs.setColumnStretch(column, share)
        numbers = (self.z, self.activation, self.slope, self.bias, self.delta, self.fires)
        for index, read_out in enumerate(numbers):
            self._read_outs.addWidget(read_out, index // len(shares), index % len(shares))
        self._numbers.updateGeometry()
        layout = self._numbers.layout()
        if layout is not None:
            layout.invalidate()  # else it keeps the height of the columns before

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place two numbers per row in a narrow picture, and the curve of a low one below a short sum."""
        super().resizeEvent(event)
        if self._curve is None:
            return
        is_narrow = self.width() < self.current_style.px(NARROW_PICTURE)
        self._place_read_outs(SHARES[:2] if is_narrow else SHARES)
        if self._term_count > LONG:
            return
        columns = (self._numbers.sizeHint().height() + self._meaning.sizeHint().height(), self._sum.sizeHint().height())
        is_low = self.height() < max(columns) + self.current_style.px(LOW + 2 * GRID)
        if is_low is not self._is_low:
            self._is_low = is_low
            self.arrange(wide=self.is_wide)

    def _lay_out(self) -> None:
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(GRID)
        self.column.addLayout(self._grid, 1)
        self._numbers, self._sum, self._meaning = QWidget(), QWidget(), QWidget()
        self.column = column_in(self._numbers)
        self.column.addWidget(self.samples)
        grid = self._read_outs = QGridLayout()
        grid.setSpacing(GRID)
        self._place_read_outs(SHARES)
        self.column.addLayout(grid)
        self.add_line()
        self.column = self._sum_column = column_in(self._sum)
        self.add_label("z = Σ wᵢ·aᵢ + b", "title")
        inside = QWidget()
        column_in(inside).addWidget(self.terms, 0, Qt.AlignmentFlag.AlignTop)
        self._scroll = ContentArea(inside)
        self.column.addWidget(self._scroll, 1)
        self.add_line()
        self.column.addWidget(self.total)
        self.column.addWidget(self.classes)
        self.classes.hide()
        self.column.addStretch(0)
        self.column = column_in(self._meaning)
        self._activation_name = self.add_label("", "title")
        self.column.addWidget(self.formula)
        self.arrange(wide=False)
