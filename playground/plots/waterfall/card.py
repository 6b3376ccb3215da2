"""The card that splits each layer's change of the gradient into the parts due to φ′ and to the weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.analysis.delta_split import split_deltas
from core.training.snapshot import Snapshot
from playground.plots.waterfall.bars import WaterfallData
from playground.plots.waterfall.picture import WaterfallPicture
from playground.plots.waterfall.sentence import waterfall_sentences
from playground.plotting.canvas.canvas import Canvas
from playground.plotting.cards.computed_card import Work
from playground.plotting.cards.plot_card import columns
from playground.plotting.cards.quick_card import QuickCard
from playground.style.theme import Style
from playground.widgets.figure import Table
from playground.widgets.plot import Plot

if TYPE_CHECKING:
    from playground.session import Session


class WaterfallPlot(QuickCard[WaterfallData]):
    """Decades of ‖δ‖ lost or gained through W and through φ′ in each hidden layer, from the output back to the first."""

    figure_key = "waterfall"
    draws_pins = True

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Gradient waterfall", "waterfallPlot", session, style, parent, short="Waterfall")
        self.note("‖δ‖, output to first layer")

    @override
    def work(self, snapshot: Snapshot) -> Work[WaterfallData]:
        names = tuple(layer.name for layer in snapshot.network.architecture.layers)
        return lambda _: WaterfallData(split_deltas(snapshot.network, snapshot.trace, snapshot.gradients), names)

    @override
    def plot_of(self, data: WaterfallData, style: Style) -> Plot | None:
        from playground.plots.waterfall.typeset import waterfall_plot  # imported late: only needed for LaTeX

        return waterfall_plot(data, style)

    @override
    def pinned_plot_of(self, data: WaterfallData, style: Style) -> Plot | None:
        from playground.plots.waterfall.typeset import staircase_plot  # imported late: only needed for LaTeX

        return staircase_plot(data, style)

    @override
    def make_picture(self, canvas: Canvas) -> WaterfallPicture:
        return WaterfallPicture(canvas)

    @override
    def sentences(self, data: WaterfallData) -> tuple[str, ...]:
        return waterfall_sentences(data.split)

    @override
    def table_of(self, data: WaterfallData | None) -> Table:
        if data is None:
            return Table(("layer", "log10 norm of delta", "decades through W", "decades through slope"), [])
        split = data.split
        return columns(
            **{
                "layer": data.names,
                "log10 norm of delta": split.log_norms.tolist(),
                "decades through W": [*split.by_weights.tolist(), 0.0],
                "decades through slope": [*split.by_slope.tolist(), 0.0],
            }
        )
