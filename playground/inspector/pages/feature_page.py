"""The page of a feature: its formula and the distribution of its values over the training samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QGridLayout, QWidget
from typing_extensions import override

from core.data.sample import Sample
from core.formulas.features import FEATURES
from core.training.snapshot import Snapshot
from playground.inspector.pages.page import SelectionPage
from playground.inspector.widgets.formulas import FormulaView
from playground.inspector.widgets.read_out import Pinned, ReadOut, share_type_size
from playground.plotting.drawing.formula_store import FormulaStore
from playground.session.selection import Selection
from playground.style.numbers import short, thousands
from playground.style.theme import GRID, Style
from playground.widgets.figure import Table

if TYPE_CHECKING:
    from core.arrays import Floats


class FeaturePage(SelectionPage):
    """Shows the selected feature."""

    def __init__(self, style: Style, formulas: FormulaStore, parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        self.mean, self.deviation, self.lowest, self.highest = (ReadOut(style) for _ in range(4))
        self.formula = FormulaView(formulas, style)
        self.column.addWidget(self.formula)
        self._explanation = self.add_label("", "muted")
        grid = QGridLayout()
        grid.setSpacing(GRID)
        for index, read_out in enumerate((self.mean, self.deviation, self.lowest, self.highest)):
            grid.addWidget(read_out, index // 2, index % 2)
            grid.setColumnStretch(index % 2, 1)
        self.column.addLayout(grid)
        share_type_size(self.mean, self.deviation, self.lowest, self.highest)
        self._note = self.add_label("", "muted")
        self.column.addStretch(1)

    @override
    def show_selection(self, snapshot: Snapshot, selection: Selection, sample: Sample | None) -> None:
        """Show the feature ``selection`` over all training samples, whatever ``sample`` is."""
        data, column = snapshot.data, selection.neuron
        values = data.x_train[:, column]
        numbers = _statistics(values)
        labels = ("mean", "standard deviation", "lowest", "highest")
        read_outs = (self.mean, self.deviation, self.lowest, self.highest)
        pinned = self._pinned_values(column)
        for read_out, label, value, other in zip(read_outs, labels, numbers, pinned, strict=True):
            read_out.show_value(label, short(value), value, pinned=other)
        entry = FEATURES.get(data.feature_keys[column])
        self.formula.setVisible(entry is not None)
        if entry is not None:
            self.formula.set_latex(entry.formula)
        self._explanation.setText(entry.explanation if entry is not None else "A column of the data.")
        shift, scale = float(data.input_mean[column]), float(data.input_scale[column])
        note = f"Values after preprocessing, over {thousands(len(values))} training samples"
        if shift != 0.0 or scale != 1.0:
            centred = f"x − {short(shift)}" if shift >= 0 else f"x + {short(-shift)}"
            note += f"; standardized: ({centred}) / {short(scale)}"
        if not np.isfinite(values).all():
            note += "; some values are not finite"
        self._note.setText(f"{note}.")

    def _pinned_values(self, column: int) -> list[Pinned | None]:
        """Return the same statistics of the compared pinned run."""
        values = None if self.pinned is None else self.pinned.snapshot.data.x_train[:, column]
        if self.pinned is None or values is None or not len(values):
            return [None] * 4
        return [Pinned(self.pinned.name, value) for value in _statistics(values)]

    @override
    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        super().set_style(style)
        self.formula.set_style(style)

    @override
    def finding(self, snapshot: Snapshot, selection: Selection) -> str:
        """Return where the feature's values lie over the training set."""
        values = snapshot.data.x_train[:, selection.neuron]
        low, high = short(float(values.min()), 3), short(float(values.max()), 3)
        said = f"values from {low} to {high}, mean {self.mean.text}"
        pinned = self._pinned_values(selection.neuron)[0]
        return said if pinned is None else self.beside(said, pinned.text)

    @override
    def table(self, snapshot: Snapshot, selection: Selection) -> Table:
        """Return the feature's value for each training sample."""
        values = snapshot.data.x_train[:, selection.neuron].tolist()
        return Table(("sample", "value"), list(enumerate(values, start=1)))


def _statistics(values: Floats) -> tuple[float, float, float, float]:
    """Return mean, standard deviation, minimum and maximum."""
    mean, deviation = float(values.mean()), float(values.std())
    # The mean of standardized values is 0 up to rounding.
    mean = 0.0 if abs(mean) < 1e-12 * deviation else mean
    return mean, deviation, float(values.min()), float(values.max())
