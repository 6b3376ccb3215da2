"""The table of cards: one entry per card, used by window, menus, export and render.

A card is part of a workspace if ``arrangements`` lists its key there.
"""

from __future__ import annotations

from typing import Final

from playground.inspector import RENDERED_PAGES, InspectorPanel
from playground.network_view import NetworkView
from playground.window.card_entry import CALM, LIVELY, READABLE, STEADY, CardEntry, Make, late, table_of

MAX_REFERENCE: Final = 100_000
"""Maximum number of parameters of a network for which reference runs take seconds and not minutes."""


def _plot(name: str) -> Make:
    """Return what builds the card class ``name`` of ``plots``."""
    return late("plots", name)


CARDS: Final = table_of(
    CardEntry(
        key="network",
        make=NetworkView,
        rate=STEADY,
        word="network",
        tooltip="The network with what each neuron computes; edges show weights, gradients or updates.",
        help=(
            "Each neuron multiplies its inputs by its weights, adds its bias (the small dot) and applies the activation; the "
            "picture inside shows its output for every point of the input plane, or its distribution over the samples. Edges "
            "are coloured by the sign and as wide as the size of their weight, gradient or last update. Marks cross out dead "
            "neurons, hatch saturated ones, join and colour clones, and grey out those dropped in this step."
        ),
        formula=r"z_j = \sum_i w_{ij} a_i + b_j, \quad a_j = \varphi(z_j)",
    ),
    CardEntry(
        key="loss",
        make=_plot("LossPlot"),
        rate=STEADY,
        word="loss",
        tooltip="The loss of the training and the test set.",
        help=(
            "Solid: the mean loss over the training set, which is minimized; dashed: that over the test set, which training "
            "never sees. A test loss that rises while the training loss falls is overfitting; a loss that rises or jumps up and "
            "down is a sign of too large a learning rate. Vertical marks show where settings were changed."
        ),
        formula=r"L = \frac{1}{n} \sum_{i=1}^{n} \ell(\hat{y}_i, y_i)",
    ),
    CardEntry(
        key="gradient",
        make=_plot("GradientPlot"),
        rate=STEADY,
        word="gradients",
        tooltip="How large each layer's gradient is, on a logarithmic axis.",
        help=(
            "Each bar is the size of one layer's gradient at the present weights; short lines show where it was a moment ago. "
            "Bars that fall towards the first layer show a vanishing gradient, bars that rise an exploding one. The line is what "
            "theory predicts for single samples of wide networks with random initial weights, scaled to the output's bar; bars "
            "lie below it where the gradients of different samples cancel. Once the card Normal ranges has been shown, a pale "
            "band is the range in networks that learned: of the first layer's gradient relative to the last, or of ‖ΔW‖/‖W‖."
        ),
        formula=r"\|\partial L / \partial W_l\|, \quad \partial L / \partial W_l = a_{l-1}^T \delta_l",
    ),
    CardEntry(
        key="weights",
        make=_plot("WeightHistogramPlot"),
        rate=CALM,
        word="weights",
        tooltip="The distribution of each layer's weights, and the one its initializer draws from.",
        help=(
            "Each ridge is the distribution of one layer's weights; the dashed curve is the one that its initializer draws from. "
            "Training moves and widens it: a ridge that stays on the dashed curve belongs to a layer that hardly learns. A "
            "single peak at one value means equal weights, whose neurons stay clones; L1 gathers weights at exactly 0."
        ),
        formula=r"\mathrm{Xavier}: \sigma^2 = \frac{2}{n_{in} + n_{out}}, \quad \mathrm{He}: \sigma^2 = \frac{2}{n_{in}}",
    ),
    CardEntry(
        key="activation",
        make=_plot("ActivationPlot"),
        rate=CALM,
        word="activations",
        tooltip="φ and its slope φ′, with the pre-activations z of a layer under the curve.",
        help=(
            "Solid: the activation φ; dashed: its slope φ′, the factor by which the gradient shrinks here. The histogram below "
            "shows where this layer's pre-activations z lie. In the shaded zones φ′ is nearly 0 (saturated) or exactly 0 "
            "(dead); the share of z in each is given. If the activation has a parameter α, drag the dot on its curve. The "
            "time is that of φ and φ′ measured on this machine, as a multiple of ReLU's."
        ),
        formula=r"a = \varphi(z), \quad \partial L / \partial z = \varphi'(z) \, \partial L / \partial a",
    ),
    CardEntry(
        key="output",
        make=_plot("OutputPlot"),
        rate=STEADY,
        word="map",
        tooltip="The network's output, with the data on top.",
        help=(
            "The background is the prediction ŷ for every point of the input plane, with the samples in the colour of their "
            "target. For two classes the pale line is the decision boundary, where neither is more likely; for several classes "
            "the colour is that of the largest output. For regression with one input the curve is the fit. With the pencil (B) "
            "you draw your own points onto data with one or two inputs, also while the network trains."
        ),
        formula=r"\hat{y}(x) = \varphi_n(W_n^T \cdots \varphi_1(W_1^T x + b_1) \cdots + b_n)",
    ),
    CardEntry(
        key="confusion",
        make=_plot("ConfusionPlot"),
        rate=CALM,
        word="confusion",
        tooltip="How many test samples of each class were predicted as each class.",
        applies=lambda snapshot: snapshot.data.classes > 2,
        help=(
            "Row: the true class of a test sample; column: the class of its largest output. Correct predictions are on the "
            "diagonal, and everything beside it is a confusion of two classes. The accuracy is the share of samples on the "
            "diagonal."
        ),
        formula=r"C_{jk} = \left| \{ i : y_i = j, \; \arg\max_m \hat{y}_{im} = k \} \right|",
    ),
    CardEntry(
        key="samples",
        make=late("samples", "SamplesCard"),
        rate=READABLE,
        word="table",
        tooltip="Every sample: raw values, target, prediction and loss; a click chooses it in all views.",
        help=(
            "One line for each sample, the training set first; test samples, which training never sees, are muted. Click a "
            "heading to sort, a line to choose its sample: the network then shows its activations, and the inspector its "
            "equations. The loss is that of the single sample; the mean over a set is the loss that is shown of it."
        ),
        formula=r"L = \frac{1}{n} \sum_i L_i",
    ),
    CardEntry(
        key="inspector",
        make=InspectorPanel,
        rate=CALM,
        word="inspector",
        tooltip="The selected neuron or weight: its equation, gradient, and every path to the loss.",
        help=(
            "Click a neuron to see its equation with the current numbers, or a weight to see its gradient. The gradient of a "
            "weight is a sum over all paths from it to the loss; each path is a product of the local derivatives along it. A "
            "tick confirms that the sum equals the result of backpropagation."
        ),
        formula=r"\frac{\partial L}{\partial w} = \sum_{\mathrm{paths}} \; \prod_{\mathrm{steps}} \mathrm{local\ derivative}",
        pictures=RENDERED_PAGES,
    ),
    CardEntry(
        key="code",
        make=late("code_view", "CodeCard"),
        rate=READABLE,
        word="code",
        tooltip="The experiment as a PyTorch, Keras or NumPy script, which follows every change.",
        help=(
            "A complete script that needs none of this program: it draws the same first weights, batches and dropout masks, so "
            "it trains to the same losses. Lines that a change of settings affects light up. The number of epochs is the one "
            "reached when training was last paused. Where a framework’s rule differs, the script says so or contains ours."
        ),
        formula=r"w \leftarrow w - \alpha \, \partial L / \partial w",
    ),
    CardEntry(
        key="waterfall",
        make=_plot("WaterfallPlot"),
        rate=CALM,
        word="waterfall",
        tooltip="How many decades the gradient lost or gained in each layer, through the weights and through φ′.",
        help=(
            "Read it from right to left, as the gradient flows: it starts at the output and passes each hidden layer in two "
            "steps. Multiplying by the weights (outlined) and by the slope φ′ of the activation (filled) makes it larger or "
            "smaller; orange bars lose decades, blue bars gain them. The bars add up exactly to the change from the output's "
            "‖δ‖ to the first layer's."
        ),
        formula=r"\log \frac{\|\delta_l\|}{\|\delta_{l+1}\|} = \log \frac{\|\delta_{l+1} W_{l+1}^T\|}{\|\delta_{l+1}\|} "
        r"+ \log \frac{\|\delta_{l+1} W_{l+1}^T \cdot \varphi'(z_l)\|}{\|\delta_{l+1} W_{l+1}^T\|}",
    ),
    CardEntry(
        key="forecast",
        make=_plot("ForecastPlot"),
        rate=CALM,
        word="forecast",
        tooltip="Mean square of activations and gradients in each layer: predicted by theory, and measured.",
        help=(
            "The line is what theory predicts for wide layers from initializer, weight scale and activation alone. Dots are the "
            "values of this network; the band contains those of 20 networks with other initial weights. Where both lines are "
            "flat, signals and gradients pass through any depth: Xavier with tanh, He with ReLU. As training moves the weights "
            "away from their random initial values, the dots depart from the forecast."
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
            "layer's weights, on a logarithmic scale. The first layer is at the top. If the map is dark at the bottom and pale "
            "at the top, the gradient vanishes on its way back to the first layer; if it turns pale from left to right, "
            "training converges. The map always shows the whole run, because older moments are thinned out evenly."
        ),
        formula=r"\|\partial L / \partial W_l\|_2",
    ),
    CardEntry(
        key="dropout_truth",
        make=_plot("DropoutTruthPlot"),
        rate=CALM,
        word="dropout",
        tooltip="The inputs of the layer after dropout, in training and at test time, for the three ways of scaling.",
        applies=lambda snapshot: snapshot.network.architecture.drops,
        help=(
            "Each row is one way to scale. Filled: the next layer's inputs z in training, one mask at a time; solid: their mean "
            "over the masks; dashed: the test pass, in which nothing is dropped. Solid and dashed coincide only if the scaling "
            "is right: divide by 1 − p in training (inverted), or multiply by 1 − p at test time. The plot on the right compares "
            "the scaled pass of each sample with the exact mean over all possible masks: they are equal if no activation "
            "follows, and close otherwise."
        ),
        formula=r"E_m[(m \circ a) W] = (1 - p) \, a W",
    ),
    CardEntry(
        key="doctor",
        make=_plot("DoctorPlot"),
        rate=CALM,
        word="doctor",
        tooltip="Why the network does not learn: findings with evidence and cure, the worst first.",
        help=(
            "Thirteen rules examine the network: has training diverged, are neurons clones, saturated or dead, does an "
            "activation block the gradient, are steps too large or too small, does the gradient vanish or explode, are features "
            "unscaled, does a penalty dominate, does the network overfit, has it learned already. Each finding names layers "
            "and numbers; “Show” opens the card with the evidence, and the other button applies a cure, which Edit › Undo "
            "reverts. Most rules are silent while the loss is below half of what the best constant prediction has, or falls."
        ),
        formula=r"\Delta W_l = -\alpha \, a_{l-1}^T \delta_l, \quad \delta_l = \delta_{l+1} W_{l+1}^T \cdot \varphi'(z_l)",
    ),
    CardEntry(
        key="ranges",
        make=_plot("RangesPlot"),
        rate=CALM,
        word="ranges",
        tooltip="Diagnostics of this network beside the range in which they lie in networks that learn.",
        applies=lambda snapshot: snapshot.network.architecture.size <= MAX_REFERENCE,
        help=(
            "Like the normal ranges of a blood test: 200 short runs of networks of this shape on this data, with other "
            "activations, initializers, optimizers, learning rates and seeds, are measured at three moments each. Those whose "
            "training loss ends below half of what the best constant prediction has count as having learned; the band holds "
            "95 % of their values, the line is the median. Dots are this network, one for each layer; a ring marks a value "
            "outside. A value outside is a hint and no proof: look it up in the doctor or in the card that shows it."
        ),
        formula=r"P_{2.5\%} \le \frac{\|\Delta W_l\|}{\|W_l\|} \le P_{97.5\%}",
    ),
    CardEntry(
        key="noise",
        make=_plot("NoisePlot"),
        rate=CALM,
        word="noise",
        tooltip="How far a batch's gradient is from the full gradient, and how this decreases with the batch size.",
        help=(
            "Dots: the mean squared distance between the gradients of random batches and the full gradient, relative to the "
            "squared norm of the full gradient; the line is the theoretical value σ²/K. Left of where it crosses 1 the noise is "
            "larger than the gradient, and steps zigzag; far right of it, larger batches add little but cost. The arrows show "
            "the gradient of the last batch and the full one, at their true angle and relative length, both without dropout."
        ),
        formula=r"E \| g_K - g \|^2 = \frac{\sigma^2}{K}, \quad \sigma^2 = \frac{1}{n} \sum_i \| g_i - g \|^2",
    ),
    CardEntry(
        key="landscape",
        make=_plot("LandscapePlot"),
        rate=LIVELY,
        word="map",
        tooltip="The loss of this network over a plane of its parameters, from above, with the path of training.",
        help=(
            "All parameters together are one point in a space of many dimensions; this is the loss on a plane through the "
            "current point. Contour lines join equal losses; paler is lower. The path of training does not lie in the plane: "
            "each of its points is projected onto it, and drawn paler the farther away it is. Hover over a point to compare its "
            "true loss with the loss of the surface below."
        ),
        formula=r"L(\theta + s \, d_1 + t \, d_2)",
    ),
    CardEntry(
        key="landscape_3d",
        make=_plot("Landscape3DPlot"),
        rate=LIVELY,
        word="3-D",
        tooltip="The same surface in 3D, with the path of training at its true loss on stems.",
        help=(
            "The height is the loss, on a logarithmic scale. Stems lead from the surface to the true loss of each point of the "
            "path; where they are long, training has left this plane. Drag to rotate, use the wheel to zoom."
        ),
        formula=r"L(\theta + s \, d_1 + t \, d_2)",
    ),
    CardEntry(
        key="sharpness",
        make=_plot("SharpnessPlot"),
        rate=LIVELY,
        word="sharpness",
        tooltip="The largest curvature of the loss over the run, and the largest stable learning rate.",
        help=(
            "λ is the largest eigenvalue of the Hessian, the matrix of second derivatives of the loss: the curvature in the "
            "sharpest direction. Along it, plain gradient descent diverges if α exceeds the stability limit 2/λ; the dashed "
            "line is the same limit as a curvature, 2/α. Full-batch descent often increases λ until it hovers around that line, "
            "the edge of stability."
        ),
        formula=r"\alpha < \frac{2}{\lambda_{max}}",
    ),
    CardEntry(
        key="race",
        make=_plot("RacePlot"),
        rate=CALM,
        word="race",
        tooltip="Up to six optimizers from one start, on this network or on a surface with known minima.",
        help=(
            "All start at the ring, with the same samples in the same order. Each row is a racer: click a number to change it. "
            "On this network, the plane is the one in which all moved most; every point has its true loss, and a racer has "
            "arrived at half of the loss at the start. On a surface, crosses mark the minima and a click moves the start. "
            "“Path ÷” is the length of the path divided by the distance that it covers: full-batch descent is smooth, "
            "mini-batches zigzag, momentum averages the zigzag out. The curves show the same racers on "
            "the networks of pinned runs dashed; their paths would lie on other surfaces."
        ),
        formula=r"w \leftarrow w - \alpha \nabla f(w)",
    ),
    CardEntry(
        key="minima",
        make=_plot("MinimaPlot"),
        rate=CALM,
        word="minima",
        tooltip="The minima that restarts of this network find, or which minimum of a surface each start leads to.",
        help=(
            "On this network, full-batch Adam descends from up to 40 other initial weights; each square is one of them, at its "
            "final loss. Runs that end in the same weights, up to the order and the signs of hidden neurons, have found the "
            "same minimum and share a colour. A click on a square or a row loads these weights; Edit › Undo takes them back. On "
            "a surface, each point of the map is a start, in the colour of the minimum in which its run ends. The dashed "
            "outline is the same search for a pinned run with another network, loss or data, as shares of the restarts."
        ),
        formula=r"w_0 \mapsto \lim_{t \to \infty} w_t",
    ),
)
"""Every card by key, in menu order."""
