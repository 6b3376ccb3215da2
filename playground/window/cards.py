"""The table of cards: one entry per card, used by window, menus, export and render.

A card is part of a workspace if ``workspace.arrangements`` lists its key there.
"""

from __future__ import annotations

from typing import Final

from playground.inspector import RENDERED_PAGES, InspectorPanel
from playground.network_view import NetworkView
from playground.window.card_entry import BRISK, CALM, LIVELY, READABLE, STEADY, CardEntry, Make, late, table_of

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
            "Each neuron adds up its weighted inputs and its bias and applies its activation φ; the picture in it "
            "shows the result for all inputs. An edge shows the sign of its weight by its colour and the size by its "
            "width. Click a neuron or an edge to see its numbers, or let the edges show gradients to see where "
            "learning stops."
        ),
        keys=(
            "Small dot: bias · crossed out: dead · hatched: saturated · joined, in one colour: clones · grey: dropped "
            "in this step"
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
            "Solid is the mean loss over the training set, which training minimizes; dashed is that over the test set, "
            "which training never sees. A test loss that rises while the training loss falls shows overfitting; a loss "
            "that jumps up and down indicates too large a learning rate. Change a setting during training and watch how "
            "the curves respond."
        ),
        keys="Vertical line: a setting was changed, weights were set, or a step used other samples",
        formula=r"L = \frac{1}{n} \sum_{i=1}^{n} \ell(\hat{y}_i, y_i)",
    ),
    CardEntry(
        key="gradient",
        make=_plot("GradientPlot"),
        rate=STEADY,
        word="gradients",
        tooltip="How large each layer's gradient is, on a logarithmic axis.",
        help=(
            "Each bar is the size of one layer's gradient at the current weights. Bars that fall towards the first "
            "layer show a vanishing gradient, and bars that rise towards it an exploding one. A layer with hardly any "
            "gradient hardly learns, so try another activation or initializer and watch the bars."
        ),
        keys=(
            "Short lines: a moment ago · forecast: theory for random weights and single samples, scaled to the "
            "output's bar (bars are lower where samples cancel) · pale band: range in networks that learned, once "
            "Normal ranges has been shown"
        ),
        formula=r"\|\partial L / \partial W_l\|, \quad \partial L / \partial W_l = a_{l-1}^T \delta_l",
    ),
    CardEntry(
        key="weights",
        make=_plot("WeightHistogramPlot"),
        rate=LIVELY,
        word="weights",
        tooltip="The distribution of each layer's weights, and the one its initializer draws from.",
        help=(
            "Each ridge is the distribution of one layer's weights, and the dashed curve is the one that its "
            "initializer draws from. A ridge that stays on its dashed curve belongs to a layer that hardly learns. A "
            "single peak means equal weights, whose neurons stay clones; L1 gathers the weights at exactly 0."
        ),
        formula=r"\mathrm{Xavier}: \sigma^2 = \frac{2}{n_{in} + n_{out}}, \quad \mathrm{He}: \sigma^2 = \frac{2}{n_{in}}",
    ),
    CardEntry(
        key="activation",
        make=_plot("ActivationPlot"),
        rate=LIVELY,
        word="activations",
        tooltip="φ and its slope φ′, with the pre-activations z of a layer under the curve.",
        help=(
            "Solid is the activation φ, dashed its slope φ′, and the histogram shows where the pre-activations z of "
            "this layer lie. In the shaded zones φ′ is almost 0 (saturated) or exactly 0 (dead), and the number is the "
            "share of z in them. The gradient is multiplied by φ′ here, so hardly any of it passes where most z are in "
            "a zone."
        ),
        keys=(
            "Dot on the curve: drag it to change the parameter α · time: of φ and φ′, measured on this machine, "
            "relative to ReLU"
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
            "The background is the prediction ŷ for every point of the input plane, and each dot is a sample in the "
            "colour of its target. Where a dot differs in colour from the background, or lies off the curve of a fit, "
            "the prediction is wrong there. Draw your own points with the pencil (B), even during training, and watch "
            "the network adapt."
        ),
        keys=(
            "Pale line: decision boundary, where two classes are equally likely · several classes: colour of the "
            "largest output · one input: the curve is the fit · dashed: the same border or curve of pinned runs, or "
            "what they get wrong"
        ),
        formula=r"\hat{y}(x) = \varphi_n(W_n^T \cdots \varphi_1(W_1^T x + b_1) \cdots + b_n)",
    ),
    CardEntry(
        key="confusion",
        make=_plot("ConfusionPlot"),
        rate=CALM,
        word="confusion",
        short_word="matrix",
        tooltip="How many test samples of each class were predicted as each class.",
        applies=lambda snapshot: snapshot.data.classes > 2,
        help=(
            "Each row is the true class of the test samples, and each column the class of their largest output. "
            "Correct predictions are on the diagonal; every number beside it counts samples of one class that were "
            "taken for another. The largest of these shows which two classes the network confuses most."
        ),
        keys=(
            "Accuracy: share of the samples on the diagonal · above dashed lines: counts of pinned runs; in small cells, "
            "a dashed frame where they differ"
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
            "Each row is one sample with its raw values, its target y, the prediction ŷ and its loss. Click a heading "
            "to sort, for example by loss to see the worst predictions. Click a row to choose its sample: the network "
            "then shows its activations, and the inspector its equations."
        ),
        keys=(
            "Muted: test samples, which training never sees · loss: of this sample alone; the loss of a set is the "
            "mean over its samples · dashed line in a heading: of the pinned run; ΔL: how much larger the loss is now"
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
            "Click a neuron to see its equation with the current numbers, or a weight to see its gradient. The "
            "gradient of a weight is a sum over all paths to the loss, each the product of the local derivatives along "
            "it. The tick confirms that this sum equals the result of backpropagation."
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
            "This script trains the same network without this program: it draws the same initial weights, batches and "
            "dropout masks, so it reaches the same losses. Choose a framework, change a setting and see which lines "
            "light up. Save the script and run it to continue in your own project."
        ),
        keys=(
            "Number of epochs: as reached when training was last paused · where a rule of the framework differs, the "
            "script says so or contains ours"
        ),
        formula=r"w \leftarrow w - \alpha \, \partial L / \partial w",
    ),
    CardEntry(
        key="waterfall",
        make=_plot("WaterfallPlot"),
        rate=BRISK,
        word="waterfall",
        tooltip="How many decades the gradient δ lost or gained in each layer, through the weights and through φ′.",
        help=(
            "The bars show how the gradient changes from the output back to the first layer, so read them from right "
            "to left. In each layer, multiplying by the weights (outlined) and by the slope φ′ (filled) makes it "
            "larger (blue) or smaller (orange). They add up exactly to the whole change, so the longest bars show what "
            "to change: initializer or activation."
        ),
        keys="Height: decades, powers of ten, of ‖δ‖, the size of δ",
        formula=r"\log \frac{\|\delta_l\|}{\|\delta_{l+1}\|} = \log \frac{\|\delta_{l+1} W_{l+1}^T\|}{\|\delta_{l+1}\|} "
        r"+ \log \frac{\|\delta_{l+1} W_{l+1}^T \cdot \varphi'(z_l)\|}{\|\delta_{l+1} W_{l+1}^T\|}",
    ),
    CardEntry(
        key="forecast",
        make=_plot("ForecastPlot"),
        rate=BRISK,
        word="forecast",
        tooltip="Mean square of activations and gradients in each layer: predicted by theory, and measured.",
        help=(
            "The lines are what theory predicts from initializer, weight scale and activation alone, and the dots are "
            "the values of this network. Where both lines are flat, signals and gradients pass through any depth; "
            "where a line tilts, they shrink or grow with each layer. Compare Xavier with tanh or He with ReLU with "
            "other pairs, then train and watch the dots leave the forecast."
        ),
        keys=(
            "a = φ(z): activation · band: 20 networks with other initial weights; for gradients with the same gradient at the "
            "output · the theory holds for wide layers with random weights"
        ),
        formula=r"E[z_{l+1}^2] = n_{in} E[w^2] E[\varphi(z_l)^2], \quad "
        r"E[\delta_l^2] = n_{out} E[w^2] E[\varphi'(z_l)^2] E[\delta_{l+1}^2]",
    ),
    CardEntry(
        key="gradient_history",
        make=_plot("GradientHistoryPlot"),
        rate=LIVELY,
        word="history",
        tooltip="The gradient of each layer over the whole run, as a heat map.",
        help=(
            "Each row is a layer, the first at the top, and each column a moment; the stronger the shade, the larger "
            "the gradient. If the map is strong at the bottom and faint at the top, the gradient vanishes on its way "
            "to the first layer. If it grows faint from left to right, training converges."
        ),
        keys="Logarithmic scale · the map covers the whole run, with older moments thinned out evenly",
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
            "Each row is one way to scale activations for dropout, with the inputs z that the next layer then gets. "
            "Solid is their mean in training, over the masks, and dashed the test pass without dropout: they coincide "
            "only if the scaling is right. Only dividing by 1 − p in training (inverted) or multiplying by 1 − p at "
            "test time does that."
        ),
        keys=(
            "Filled: z in training, one mask at a time · right: scaled pass of each sample against the exact mean over "
            "all masks, equal if no activation follows, else close · test ÷ training: of the input without its bias"
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
            "Thirteen rules look for reasons why the network does not learn, and each finding names the layers and "
            "numbers, the worst first. “Show” opens the card with the evidence; the other button applies a cure, which "
            "Edit › Undo reverts. Most rules are silent while the loss falls, or is below half that of the best "
            "constant prediction."
        ),
        keys=(
            "Rules: diverged · clones · saturated · dead · threshold · steps too large or too small · gradient "
            "vanishes or explodes · features unscaled · penalty dominates · overfitting · learned already"
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
            "The bands show where networks of this shape and data lay when they learned; the dots are this network, "
            "one for each layer. As with the normal ranges of a blood test, a value outside is a hint and no proof. "
            "Look it up in the doctor, or in the card that shows it."
        ),
        keys=(
            "Band: 95 % of the values · line: median · ring: outside · measured in 200 short runs with other settings "
            "and seeds, three times each; “learned”: loss below half that of the best constant prediction · hollow "
            "dots: pinned runs"
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
            "Each dot shows how far the gradients of random batches are from the full gradient, for one batch size. "
            "Left of where the line crosses 1, noise exceeds the gradient and steps zigzag; far right of it, larger "
            "batches gain little. Try a batch size near the crossing; where the line stays above 1, as near a minimum, "
            "a smaller learning rate calms the steps."
        ),
        keys=(
            "Dots: mean squared distance, relative to ‖g‖² · line: theory, σ²/K · band: 10 to 90 % of the batches · "
            "arrows: last batch and full gradient, at their true angle and relative length, without dropout · cosine: 1 if "
            "they point the same way, 0 if at right angles"
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
            "All parameters together are one point, and this is the loss on a plane through it: contour lines join "
            "equal losses, and fainter is lower. The path of training does not lie in the plane, so each of its points "
            "is projected onto it. Hover over a point of the path to compare its true loss with the loss of the "
            "surface there."
        ),
        keys=(
            "Faint parts of the path: far from the plane · principal: along which the path varies most, with the share of its "
            "variance · filter-normalized: random, for each neuron as long as its weights"
        ),
        formula=r"L(\theta + s \, d_1 + t \, d_2)",
    ),
    CardEntry(
        key="landscape_3d",
        make=_plot("Landscape3DPlot"),
        rate=LIVELY,
        word="3-D",
        tooltip="The same surface in 3-D, with the path of training at its true loss on stems.",
        help=(
            "The height is the loss over the plane of the map, on a logarithmic scale. Stems lead from the surface to "
            "the true loss of each point of the path: where they are long, training has left this plane. Drag to turn "
            "the surface, or use the arrow keys; zoom with the wheel, + or −."
        ),
        keys="Line: path of training · dot: now",
        formula=r"L(\theta + s \, d_1 + t \, d_2)",
    ),
    CardEntry(
        key="sharpness",
        make=_plot("SharpnessPlot"),
        rate=LIVELY,
        word="sharpness",
        tooltip="The largest curvature of the loss over the run, and the largest stable learning rate.",
        help=(
            "λ is the largest eigenvalue of the Hessian: the curvature of the loss in its sharpest direction. Along "
            "it, gradient descent diverges if α exceeds 2/λ, with momentum μ 2(1 + μ)/λ; the dashed line shows this "
            "limit. Train with the whole set as one batch: λ often grows until it "
            "hovers around that line, the edge of stability."
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
            "All racers begin at the ring, and the curves show the loss of each one after every step. Compare when "
            "each arrived, and how straight its path was: full-batch descent is smooth, mini-batches zigzag, momentum "
            "averages the zigzag out. Click a number in the table to change a racer; on a surface, click where to "
            "start."
        ),
        keys=(
            "GD: SGD, batch all · arrived: after how many steps, or the loss so far (“at …”) · target: half of the loss at the "
            "start, or a minimum of the surface · path ÷: length of the path divided by the distance covered · crosses: minima · "
            "dashed: training of pinned runs with the same loss; as curves, the same racers on their networks"
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
            "Each square is a restart from other initial weights, at its final loss; on a surface, the map shows where "
            "each start ends. One colour means one minimum, up to the order and the signs of hidden neurons. Click a "
            "square to load its weights, which Edit › Undo reverts, and look at what that minimum has learned."
        ),
        keys=(
            "Grey: minima beyond the lowest six · up to 40 restarts with full-batch Adam, 16 in a picture of a card not shown "
            "before · still falls: in a valley without a bottom, or too few steps · dashed: the same search for a pinned run, as "
            "shares of its restarts · diamond: where a pinned run on these minima is"
        ),
        formula=r"w_0 \mapsto \lim_{t \to \infty} w_t",
    ),
)
"""Every card by key, in menu order."""
