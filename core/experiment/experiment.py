"""The Experiment: one immutable value that specifies a run, with its limits.

Editing creates a new value, undo returns to the previous one, saving writes it. Each field's metadata is the only
definition of its limits and explanation: validation, the JSON Schema, sliders and tooltips all use it.

A new setting is a field here and a control in ``playground/panels``. One that acts on the training step is used in
``core/engine/step`` and, for the compiled engine, in ``compiled/arguments``, ``burst`` and ``loop``; an optimizer's own
number is an entry in ``core/formulas/hyper_parameters`` and needs none of that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeAlias

from msgspec import Meta

from core.data.settings import DataSettings, Seed, Settings
from core.experiment.optimizer_settings import HyperParameters, given
from core.formulas.activations import ACTIVATIONS, OUTPUT_ACTIVATIONS
from core.formulas.dropout_scalings import DROPOUT_SCALINGS
from core.formulas.hyper_parameters import MOMENTUM
from core.formulas.initializers import INITIALIZERS
from core.formulas.losses import LOSSES
from core.formulas.optimizers import OPTIMIZERS

FORMAT: Final = 1
"""Version of the file format; files with another version are rejected."""

MAX_HIDDEN: Final = 50
MAX_UNITS: Final = 512

AUTO: Final = "auto"

WeightStart: TypeAlias = Literal["initializers", "tf_playground"]
Notation: TypeAlias = Literal["layers", "numbered"]
# The registries are the only lists of names; a Literal of their keys lets msgspec validate and document them.
# (Type checkers cannot evaluate that, so to them a key is a str.)
if TYPE_CHECKING:
    ActivationKey: TypeAlias = str
    OutputActivationKey: TypeAlias = str
    InitializerKey: TypeAlias = str
    LossKey: TypeAlias = str
    OptimizerKey: TypeAlias = str
    DropoutScaling: TypeAlias = str
else:
    ActivationKey = Literal[tuple(ACTIVATIONS)]
    OutputActivationKey = Literal[(AUTO, *OUTPUT_ACTIVATIONS)]
    InitializerKey = Literal[tuple(INITIALIZERS)]
    LossKey = Literal[(AUTO, *LOSSES)]
    OptimizerKey = Literal[tuple(OPTIMIZERS)]
    DropoutScaling = Literal[tuple(DROPOUT_SCALINGS)]

Dropout: TypeAlias = Annotated[
    float,
    Meta(
        ge=0.0,
        lt=1.0,
        title="Drop probability p",
        description="Probability of dropping each neuron in a training step; it is kept with probability 1 − p.",
    ),
]
Gain: TypeAlias = Annotated[
    float,
    Meta(
        ge=0.0,
        le=1000.0,
        title="Weight scale",
        description="Factor on the initializer's standard deviation: the same draws, larger or smaller.",
    ),
]


class HiddenLayer(Settings, frozen=True, kw_only=True):
    """One hidden layer: its width, activation, initializer and dropout."""

    units: Annotated[int, Meta(ge=1, le=MAX_UNITS, title="Neurons", description="Number of neurons in the layer.")] = 4
    activation: ActivationKey = "tanh"
    activation_alpha: Annotated[
        Annotated[float, Meta(ge=-10.0, le=10.0)] | None,
        Meta(
            title="α",
            description="The activation's parameter (null: its default); PReLU learns it, starting from this value.",
        ),
    ] = None
    initializer: Annotated[
        InitializerKey,
        Meta(
            title="Initializer",
            description="How the weights are initialized. Biases start at 0 (at 0.1 in TensorFlow Playground links).",
        ),
    ] = "xavier_uniform"
    gain: Gain = 1.0
    dropout: Dropout = 0.0


class NetworkSettings(Settings, frozen=True, kw_only=True):
    """The layers between the features and the prediction."""

    hidden: Annotated[
        tuple[HiddenLayer, ...],
        Meta(max_length=MAX_HIDDEN, title="Hidden layers", description="From the features towards the output."),
    ] = (HiddenLayer(units=4), HiddenLayer(units=2))
    input_dropout: Dropout = 0.0
    output_activation: OutputActivationKey = AUTO
    output_initializer: InitializerKey = "xavier_uniform"
    output_gain: Gain = 1.0
    start: Annotated[
        WeightStart,
        Meta(
            title="Start",
            description=(
                "tf_playground: biases start at 0.1, and uniform initializers use TensorFlow Playground's random draws "
                "(seed 0: those that follow the data's, as in its share link)."
            ),
        ),
    ] = "initializers"
    notation: Annotated[
        Notation,
        Meta(
            title="Names",
            description=(
                "layers: hidden 2 · 1 and W₂[3,1]. numbered: neurons z₁, z₂, … through all layers and weights such as w₈₀, whose "
                "first digits count the source (of D features the first is 2, z₁ is D + 2) and whose last is the target's "
                "place in its layer, from 0."
            ),
        ),
    ] = "layers"
    seed: Seed = 1


class TrainingSettings(Settings, frozen=True, kw_only=True):
    """Loss, optimizer and everything else that determines the updates."""

    loss: LossKey = AUTO
    optimizer: OptimizerKey = "sgd"
    learning_rate: Annotated[
        float,
        Meta(
            gt=0.0,
            le=1000.0,
            title="Learning rate α",
            description="Step size of gradient descent: w ← w − α ∂L/∂w; if it is too large, the loss rises.",
        ),
    ] = 0.03
    momentum: Annotated[
        float,
        Meta(
            ge=MOMENTUM.low,
            lt=MOMENTUM.high,
            title=MOMENTUM.label,
            description="Heavy ball: v ← μv + gradient, w ← w − αv; on a constant slope, steps grow by a factor of 1 / (1 − μ).",
        ),
    ] = 0.0
    hyper_parameters: HyperParameters = HyperParameters()
    batch_size: Annotated[
        int,
        Meta(
            ge=0,
            le=100_000,
            title="Batch size",
            description="Number of samples averaged for one update; “Whole set” (0) uses all samples.",
        ),
    ] = 10
    l1: Annotated[
        float,
        Meta(ge=0.0, le=100.0, title="L1 λ", description="Adds λ‖W‖₁ to the loss; drives weights to exactly zero."),
    ] = 0.0
    l2: Annotated[
        float, Meta(ge=0.0, le=100.0, title="L2 λ", description="Adds ½λ‖W‖² to the loss; pulls weights towards zero.")
    ] = 0.0
    clip_norm: Annotated[
        Annotated[float, Meta(gt=0.0, le=1e6)] | None,
        Meta(
            title="Clip norm",
            description=(
                "A gradient g (including L2's λw, except in AdamW) with a norm over all layers above this value c is scaled "
                "to g · c / ‖g‖ (null: never). PyTorch divides by ‖g‖ + 10⁻⁶, and applies weight_decay after clipping."
            ),
        ),
    ] = None
    dropout_scaling: Annotated[
        DropoutScaling,
        Meta(
            title="Dropout scaling",
            description="How layers with dropout keep their mean: ÷ (1 − p) in training, × (1 − p) at test time, or not.",
        ),
    ] = "inverted"
    as_tf_playground: Annotated[
        bool,
        Meta(
            title="Train like TF Playground",
            description=(
                "With SGD, take exactly TensorFlow Playground's steps: an incomplete batch at the end of an epoch enters the "
                "first update of the next one, L1 uses the sign of a weight before the gradient step, and a weight that it "
                "sets to 0 stays 0. Clipping is ignored, and NumPy computes the steps."
            ),
        ),
    ] = False
    shuffle: Annotated[bool, Meta(title="Shuffle", description="Shuffle the samples before each epoch.")] = True
    seed: Seed = 1

    @property
    def steps_like_tf_playground(self) -> bool:
        """Whether steps are TensorFlow Playground's: it has no other optimizer than plain SGD."""
        return self.as_tf_playground and OPTIMIZERS[self.optimizer].plain

    def optimizer_arguments(self) -> tuple[float, ...]:
        """Return the hyper-parameters of the chosen optimizer, in the order of its rule's arguments."""
        return OPTIMIZERS[self.optimizer].arguments({MOMENTUM.key: self.momentum, **given(self.hyper_parameters)})


class Experiment(Settings, frozen=True, kw_only=True):
    """The full specification of a run: data, network, training and seeds; equal values give equal runs."""

    format: Annotated[int, Meta(ge=FORMAT, le=FORMAT, title="Format", description="Version of the file format.")] = (
        FORMAT
    )
    name: Annotated[str, Meta(max_length=200, title="Name", description="Shown in the window's title.")] = "Untitled"
    data: DataSettings = DataSettings()
    network: NetworkSettings = NetworkSettings()
    training: TrainingSettings = TrainingSettings()
