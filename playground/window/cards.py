"""The table of cards: one entry per card, used by window, menus, export and render.

A card is part of a workspace if ``arrangements`` lists its key there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from playground import plots
from playground.inspector import InspectorPanel
from playground.network_view import NetworkView

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QWidget

    from core.training.snapshot import Snapshot
    from playground.session import Session
    from playground.style.theme import Style
    from playground.widgets.live_card import LiveCard

Make: TypeAlias = "Callable[[Session, Style, QWidget | None], LiveCard]"

# Maximum redraw rates in hertz: for curves and maps, and for slow or textual content.
STEADY: Final = 40.0
CALM: Final = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CardEntry:
    """One card.

    Attributes:
        key: name in arrangements and on the command line, such as ``"loss"``.
        make: creates it, given session, style and parent.
        rate: maximum redraw rate in hertz.
        word: label in the switch of a shared place.
        tooltip: one sentence on what it shows.
        applies: returns whether it has something to show; ``None`` for always.
        help: a few sentences on how to read it, or empty.
        formula: its formula in LaTeX, or empty.
    """

    key: str
    make: Make
    rate: float
    word: str
    tooltip: str
    applies: Callable[[Snapshot], bool] | None = None
    help: str = ""
    formula: str = ""

    def applies_to(self, snapshot: Snapshot | None) -> bool:
        """Return whether the card applies to ``snapshot``."""
        return self.applies is None or (snapshot is not None and self.applies(snapshot))


def _plot(name: str) -> Make:
    """Return what builds the card class ``name`` of ``plots``; its module is imported when the first one is built."""

    def make(session: Session, style: Style, parent: QWidget | None) -> LiveCard:
        kind: Make = getattr(plots, name)
        return kind(session, style, parent)

    return make


def table_of(*entries: CardEntry) -> Mapping[str, CardEntry]:
    """Return ``entries`` by key, in order."""
    return MappingProxyType({entry.key: entry for entry in entries})


CARDS: Final = table_of(
    CardEntry(
        key="network",
        make=NetworkView,
        rate=STEADY,
        word="network",
        tooltip="The network with what each neuron computes; edges show weights, gradients or updates.",
    ),
    CardEntry(
        key="loss",
        make=_plot("LossPlot"),
        rate=STEADY,
        word="loss",
        tooltip="The loss of the training and the test set.",
    ),
    CardEntry(
        key="gradient",
        make=_plot("GradientPlot"),
        rate=STEADY,
        word="gradients",
        tooltip="How large each layer's gradient is, on a logarithmic axis.",
    ),
    CardEntry(
        key="weights",
        make=_plot("WeightHistogramPlot"),
        rate=CALM,
        word="weights",
        tooltip="How each layer's weights are spread, before the curve its initializer draws from.",
    ),
    CardEntry(
        key="activation",
        make=_plot("ActivationPlot"),
        rate=CALM,
        word="activations",
        tooltip="φ and its slope φ′, with the pre-activations z of a layer under the curve.",
        help=(
            "Solid: the activation φ; dashed: its slope φ′, the factor by which the gradient shrinks here. The histogram below "
            "shows where this layer's pre-activations z lie, and shaded zones are those in which φ′ is nearly 0 (saturated) or "
            "exactly 0 (dead), with the share of z in each. Where an activation has a parameter α, drag the dot on its curve. "
            "The time is that of φ and φ′ measured on this machine, as a multiple of ReLU's."
        ),
        formula=r"a = \varphi(z), \quad \partial L / \partial z = \varphi'(z) \, \partial L / \partial a",
    ),
    CardEntry(
        key="output",
        make=_plot("OutputPlot"),
        rate=STEADY,
        word="map",
        tooltip="What the network answers, with the data on top.",
    ),
    CardEntry(
        key="confusion",
        make=_plot("ConfusionPlot"),
        rate=CALM,
        word="confusion",
        tooltip="How many test samples of each class were predicted as which.",
        applies=lambda snapshot: snapshot.data.classes > 2,
    ),
    CardEntry(
        key="inspector",
        make=InspectorPanel,
        rate=CALM,
        word="inspector",
        tooltip="The selected neuron or weight: its equation, gradient, and every path to the loss.",
    ),
    CardEntry(
        key="waterfall",
        make=_plot("WaterfallPlot"),
        rate=CALM,
        word="waterfall",
        tooltip="How many decades the gradient lost or gained in each layer, through the weights and through φ′.",
        help=(
            "Read it from right to left, as the gradient flows: it begins at the output and passes each hidden layer in two "
            "steps. Multiplying by the weights (outlined) and by the slope φ′ of the activation (filled) each makes it larger "
            "or smaller; orange bars lose decades, blue ones gain some. All bars together are exactly the way from the "
            "output's ‖δ‖ to the first layer's."
        ),
        formula=r"\log \frac{\|\delta_l\|}{\|\delta_{l+1}\|} = \log \frac{\|\delta_{l+1} W_{l+1}^T\|}{\|\delta_{l+1}\|} "
        r"+ \log \frac{\|\delta_{l+1} W_{l+1}^T \cdot \varphi'(z_l)\|}{\|\delta_{l+1} W_{l+1}^T\|}",
    ),
    CardEntry(
        key="forecast",
        make=_plot("ForecastPlot"),
        rate=CALM,
        word="forecast",
        tooltip="Mean square of activations and gradients in each layer: what theory predicts and what they are.",
        help=(
            "The line is what theory predicts for wide layers from initializer, weight scale and activation alone; dots are the "
            "network's own numbers, and the band holds those of 20 networks with other initial weights. Where both lines lie "
            "flat, signals and gradients pass through any depth: Xavier with tanh, He with ReLU. As training moves the weights "
            "away from their random start, the dots leave the forecast."
        ),
        formula=r"E[z_{l+1}^2] = n_{in} E[w^2] E[\varphi(z_l)^2], \quad "
        r"E[\delta_l^2] = n_{out} E[w^2] E[\varphi'(z_l)^2] E[\delta_{l+1}^2]",
    ),
    CardEntry(
        key="gradient_history",
        make=_plot("GradientHistoryPlot"),
        rate=CALM,
        word="history",
        tooltip="The gradient of each layer over the whole run, as a heat map.",
        help=(
            "Each row is a layer, each column a moment of the run: the darker, the larger the norm of the gradient of that "
            "layer's weights, on a logarithmic scale. A map that is dark below and pale above shows a gradient that vanishes "
            "on its way back to the first layer, which stands on top; one that grows pale from left to right shows a network "
            "that has come to rest. The whole run stays in sight, as older moments are thinned out evenly."
        ),
        formula=r"\|\partial L / \partial W_l\|_2",
    ),
    CardEntry(
        key="dropout_truth",
        make=_plot("DropoutTruthPlot"),
        rate=CALM,
        word="dropout",
        tooltip="What arrives behind dropped neurons in training and at test time, under the three ways of scaling.",
        applies=lambda snapshot: snapshot.network.architecture.drops,
        help=(
            "Each row is one way to scale. Filled: the next layer's inputs z in training, one mask at a time; solid: their mean "
            "over the masks; dashed: the test pass, in which nothing is dropped. Solid and dashed coincide only where the "
            "scaling is right: divide by 1 − p in training (inverted), or multiply by 1 − p at test time. On the right the "
            "scaled pass of each sample stands against the exact mean over every possible mask: the two are equal where no "
            "activation follows, and close elsewhere."
        ),
        formula=r"E_m[(m \circ a) W] = (1 - p) \, a W",
    ),
    CardEntry(
        key="noise",
        make=_plot("NoisePlot"),
        rate=CALM,
        word="noise",
        tooltip="How far the gradient of a batch lies from that of all samples, and how that falls with the batch size.",
        help=(
            "Dots: the mean squared distance between the gradient of randomly drawn batches and the full gradient, as a share "
            "of the full one's square; the line is what theory says, σ²/K. Left of where it crosses 1 the noise is larger than "
            "the gradient, and steps zigzag; far right of it, more samples add cost and little else. The arrows show the last "
            "batch's gradient beside the full one, at their true angle and relative length; nothing is dropped in either."
        ),
        formula=r"E \| g_K - g \|^2 = \frac{\sigma^2}{K}, \quad \sigma^2 = \frac{1}{n} \sum_i \| g_i - g \|^2",
    ),
    CardEntry(
        key="landscape",
        make=_plot("LandscapePlot"),
        rate=CALM,
        word="map",
        tooltip="The loss of this network over a plane of its parameters, from above, with the path of training.",
        help=(
            "All parameters together are one point in a space of many dimensions; this is the loss on a plane through the "
            "present point. Lines join equal losses, paler is lower. The path of training does not lie in the plane: each of "
            "its points is drawn where it is nearest, the paler the farther off, and keeps its true loss, which the mouse "
            "reads out beside the loss of the surface below."
        ),
        formula=r"L(\theta + s \, d_1 + t \, d_2)",
    ),
    CardEntry(
        key="landscape_3d",
        make=_plot("Landscape3DPlot"),
        rate=CALM,
        word="3-D",
        tooltip="The same surface as a height field that can be turned, the path at its true loss on stems.",
        help=(
            "The height is the loss, on a logarithmic scale. Stems lead from the surface to the true loss of each point of the "
            "path: where they are long, training has left this plane. Drag to turn, use the wheel to zoom."
        ),
        formula=r"L(\theta + s \, d_1 + t \, d_2)",
    ),
    CardEntry(
        key="sharpness",
        make=_plot("SharpnessPlot"),
        rate=CALM,
        word="sharpness",
        tooltip="The largest curvature of the loss over the run, and the learning rate that it allows.",
        help=(
            "λ is the largest eigenvalue of the loss's second derivatives: the curvature in the sharpest direction. Along it "
            "plain descent overshoots by more than it came as soon as α exceeds 2/λ, the speed limit; the dashed line is the "
            "same limit as a curvature, 2/α. Full-batch descent often sharpens the loss until λ hovers at that line, the edge "
            "of stability."
        ),
        formula=r"\alpha < \frac{2}{\lambda_{max}}",
    ),
    CardEntry(
        key="race",
        make=_plot("RacePlot"),
        rate=CALM,
        word="race",
        tooltip="Six optimizers from one start on a surface with known minima; click where they shall begin.",
        help=(
            "All begin at the ring; crosses mark the minima. Plain descent follows the slope, noise as from mini-batches makes "
            "it zig-zag, momentum evens the noise out and overshoots, adaptive rules take similar steps on steep and flat "
            "ground. The way is the length of a path divided by the distance it covers. Surfaces with several minima show that "
            "the start decides which one is found."
        ),
        formula=r"w \leftarrow w - \alpha \nabla f(w)",
    ),
    CardEntry(
        key="minima",
        make=_plot("MinimaPlot"),
        rate=CALM,
        word="minima",
        tooltip="Which minimum an optimizer ends in from each start on a surface.",
        help=(
            "Each point of the map is a start, in the colour of the minimum that its run ends in; dots are the minima. "
            "The list gives the depth of each and the share of all starts that lead to it. Momentum and noise carry runs across "
            "the borders, so that the basins fray."
        ),
        formula=r"w_0 \mapsto \lim_{t \to \infty} w_t",
    ),
)
"""Every card by key, in menu order."""
