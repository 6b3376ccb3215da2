"""The card of the gradient noise: the last batch against the full gradient, and the variance by batch size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from core.training.snapshot import Snapshot
from playground.plots.noise.data import BATCHES, NoiseData, noise_data, noise_sentences
from playground.plots.noise.picture import NoisePicture
from playground.plotting.canvas.canvas import Canvas
from playground.plotting.cards.computed_card import ComputedCard, Work
from playground.plotting.cards.plot_card import columns
from playground.style.theme import Style
from playground.widgets.figure import Table
from playground.widgets.plot import Plot

if TYPE_CHECKING:
    from playground.session import Session


class NoisePlot(ComputedCard[NoiseData]):
    """Variance of the batch gradient by batch size with the 1/K line, and the direction of the last batch's gradient."""

    figure_key = "noise"
    computing = "Comparing the gradients of batches …"
    draws_pins = True

    def __init__(self, session: Session, style: Style, parent: QWidget | None = None) -> None:
        super().__init__("Gradient noise", "noisePlot", session, style, parent, short="Noise")

    @override
    def work(self, snapshot: Snapshot) -> Work[NoiseData]:
        return lambda advance: noise_data(snapshot, advance)

    @override
    def plot_of(self, data: NoiseData, style: Style) -> Plot | None:
        from playground.plots.noise.typeset import noise_plot  # imported late: only needed for LaTeX

        return noise_plot(data, style)

    @override
    def make_picture(self, canvas: Canvas) -> NoisePicture:
        return NoisePicture(canvas)

    @override
    def figure_note(self) -> str:
        return f"grey: 10 to 90 % of {BATCHES} batches"

    @override
    def sentences(self, data: NoiseData) -> tuple[str, ...]:
        return noise_sentences(data)

    @override
    def table_of(self, data: NoiseData | None) -> Table:
        if data is None:
            return Table(("batch size", "drawn variance / |g|^2", "expected variance / |g|^2"), [])
        return columns(
            **{
                "batch size": data.sizes.tolist(),
                "drawn variance / |g|^2": data.measured.tolist(),
                "10 % quantile": data.low.tolist(),
                "90 % quantile": data.high.tolist(),
                "expected variance / |g|^2": (data.noise_scale / data.sizes).tolist(),
            }
        )
