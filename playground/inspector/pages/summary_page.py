"""The page shown when nothing is selected: a hint, and a summary of network, loss and optimizer."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from core.data.sample import Sample
from core.experiment.choices import choice_label
from core.formulas.losses import LOSSES
from core.formulas.optimizers import OPTIMIZERS
from core.training.snapshot import Snapshot
from playground.inspector.pages.page import Page
from playground.inspector.pages.sample_answer import SampleAnswer
from playground.inspector.pinned_numbers import PinnedNumbers
from playground.inspector.widgets.content_area import ContentArea
from playground.inspector.widgets.formulas import FormulaView
from playground.plotting.drawing.formula_store import FormulaStore
from playground.style.numbers import thousands
from playground.style.theme import GRID, Style

HINT = "Click a neuron or a weight in the network to see its numbers; double-click a weight to change it."


def summary_of(snapshot: Snapshot) -> str:
    """Return size, loss and optimizer in a few words."""
    architecture = snapshot.network.architecture
    loss, optimizer = LOSSES[architecture.loss], OPTIMIZERS[snapshot.experiment.training.optimizer]
    count = thousands(architecture.trainable_count)
    return f"{count} parameters, {loss.noun} minimized by {optimizer.label}"


class SummaryPage(Page):
    """Summarizes the network when nothing is selected."""

    def __init__(self, style: Style, formulas: FormulaStore, parent: QWidget | None = None) -> None:
        super().__init__(style, parent)
        self._shown: object = None
        self._scroll()
        self.add_label(HINT, "muted")
        self.sample = SampleAnswer(style)
        self.column.addWidget(self.sample)
        self.add_line()
        self.network = self.add_label("", "title")
        self.parameters = self.add_label("", "muted")
        self.seeds = self.add_label("", "muted")
        self.seeds.setToolTip("The same settings with the same seeds give the same run.")
        self.loss, self.loss_formula, self.loss_explanation = self._section(formulas)
        self.optimizer, self.optimizer_formula, self.optimizer_explanation = self._section(formulas)
        self.column.addStretch(1)

    def show_snapshot(
        self, snapshot: Snapshot, sample: Sample | None = None, pinned: PinnedNumbers | None = None
    ) -> None:
        """Show the network of ``snapshot``, and the answer to ``sample`` if one is chosen, beside that of a ``pinned`` run."""
        self.sample.show_sample(snapshot, sample, pinned)
        experiment, architecture = snapshot.experiment, snapshot.network.architecture
        training, drawn = experiment.training, experiment.data
        data_seed = f"“{drawn.tf_playground_seed}”" if drawn.tf_playground_seed else str(drawn.seed)
        seeds = f"Seeds: data {data_seed}, weights {experiment.network.seed}, training {training.seed}."
        if (architecture, training.optimizer, seeds) == self._shown:
            return
        self._shown = (architecture, training.optimizer, seeds)
        self.seeds.setText(seeds)
        widths = [architecture.inputs, *(layer.fan_out for layer in architecture.layers)]
        shown = widths if len(widths) <= 9 else [*widths[:4], 0, *widths[-4:]]
        self.network.setText("Network " + " – ".join(str(width) if width else "…" for width in shown))
        output = choice_label("output_activation", architecture.layers[-1].activation)
        neurons = f"{thousands(architecture.units)} neuron{'' if architecture.units == 1 else 's'}"
        self.parameters.setText(
            f"{thousands(architecture.trainable_count)} parameters, {neurons}; the output is {output}."
        )
        loss, optimizer = LOSSES[architecture.loss], OPTIMIZERS[training.optimizer]
        self.loss.setText(f"Loss: {loss.noun}")
        self.loss_formula.set_latex(loss.formula)
        self.loss_explanation.setText(loss.explanation)
        self.optimizer.setText(f"Optimizer: {optimizer.label}")
        self.optimizer_formula.set_latex(optimizer.formula)
        self.optimizer_explanation.setText(optimizer.explanation)

    @override
    def set_style(self, style: Style) -> None:
        """Draw in ``style``."""
        super().set_style(style)
        self.loss_formula.set_style(style)
        self.optimizer_formula.set_style(style)

    def _scroll(self) -> None:
        """Put all parts added later into a scroll area."""
        content = QWidget()
        scroll = ContentArea(content)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.column.addWidget(scroll, 1)
        self.column = QVBoxLayout(content)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(GRID)

    def _section(self, formulas: FormulaStore) -> tuple[QLabel, FormulaView, QLabel]:
        self.add_line()
        title = self.add_label("", "title")
        formula = FormulaView(formulas, self.current_style)
        self.column.addWidget(formula)
        return title, formula, self.add_label("", "muted")
