"""The Experiment: one immutable value that says everything about a run, with its limits.

Editing makes a new value, undo is the previous one, saving writes it. The metadata beside each field is the only place
where a limit or an explanation stands: validation, the JSON Schema, sliders and tooltips all read it from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeAlias

from msgspec import Meta

from core.data.settings import DataSettings, Seed, Settings
from core.experiment.hyper_parameters import HyperParameters, given
from core.formulas.activations import ACTIVATIONS, OUTPUT_ACTIVATIONS
from core.formulas.dropout_scalings import DROPOUT_SCALINGS
from core.formulas.hyper_parameters import MOMENTUM
from core.formulas.initializers import INITIALIZERS
from core.formulas.losses import LOSSES
from core.formulas.optimizers import OPTIMIZERS

FORMAT: Final = 1
"""Version of the file format; a file with another number is refused by name."""

MAX_HIDDEN: Final = 50
MAX_UNITS: Final = 512

AUTO: Final = "auto"

WeightStart: TypeAlias = Literal["initializers", "tf_playground"]
# The registries are the only lists of names; a Literal made of their keys lets msgspec check and document them.
# (A type checker cannot follow that, so for it a key is text.)
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
        description="Probability with which each neuron is left out of a training step; it is kept with 1 − p.",
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
    """One hidden layer: its width and how its neurons compute, start and drop out."""

    units: Annotated[int, Meta(ge=1, le=MAX_UNITS, title="Neurons", description="How many neurons the layer has.")] = 4
    activation: ActivationKey = "tanh"
    activation_alpha: Annotated[
        Annotated[float, Meta(ge=-10.0, le=10.0)] | None,
        Meta(
            title="α",
            description="The activation's own parameter (null: its usual value); PReLU learns it from there.",
        ),
    ] = None
    initializer: Annotated[
        InitializerKey,
        Meta(
            title="Initializer",
            description="How the weights start. Biases start at 0 (TensorFlow Playground's, from a link, at 0.1).",
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
                "tf_playground: biases start at 0.1, and uniform initializers take their draws in the order in which "
                "TensorFlow Playground does (seed 0: after the data's, as in its share link)."
            ),
        ),
    ] = "initializers"
    seed: Seed = 1


class TrainingSettings(Settings, frozen=True, kw_only=True):
    """How the weights move."""

    loss: LossKey = AUTO
    optimizer: OptimizerKey = "sgd"
    learning_rate: Annotated[
        float,
        Meta(
            gt=0.0,
            le=1000.0,
            title="Learning rate α",
            description="Size of a step against the gradient: w ← w − α ∂L/∂w; too large and the loss rises.",
        ),
    ] = 0.03
    momentum: Annotated[
        float,
        Meta(
            ge=0.0,
            lt=1.0,
            title="Momentum μ",
            description="Heavy ball: v ← μv + gradient, w ← w − αv, so a steady slope moves 1 / (1 − μ) times as far.",
        ),
    ] = 0.0
    hyper_parameters: HyperParameters = HyperParameters()
    batch_size: Annotated[
        int,
        Meta(
            ge=0,
            le=100_000,
            title="Batch size",
            description="Samples whose mean gradient makes one step; “Whole set” (0) uses all samples.",
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
                "A gradient g, L2's share λw included (AdamW has none), that is longer than this is shortened to it: "
                "g · c / ‖g‖ with the norm over all layers (null: never). PyTorch divides by ‖g‖ + 10⁻⁶, and its "
                "weight_decay comes after clipping."
            ),
        ),
    ] = None
    dropout_scaling: Annotated[
        DropoutScaling,
        Meta(
            title="Dropout scaling",
            description="How dropped layers keep their mean: ÷ (1 − p) in training, × (1 − p) at test time, or not.",
        ),
    ] = "inverted"
    shuffle: Annotated[bool, Meta(title="Shuffle", description="Draw a new order of the samples for each epoch.")] = (
        True
    )
    seed: Seed = 1

    def optimizer_arguments(self) -> tuple[float, ...]:
        """Return the hyper-parameters of the optimizer in force, in the order in which its rule takes them."""
        return OPTIMIZERS[self.optimizer].arguments({MOMENTUM.key: self.momentum, **given(self.hyper_parameters)})


class Experiment(Settings, frozen=True, kw_only=True):
    """Everything about a run: data, network, training and seeds. Equal values give equal runs."""

    format: Annotated[int, Meta(ge=FORMAT, le=FORMAT, title="Format", description="Version of the format.")] = FORMAT
    name: Annotated[str, Meta(max_length=200, title="Name", description="What the window's title shows.")] = "Untitled"
    data: DataSettings = DataSettings()
    network: NetworkSettings = NetworkSettings()
    training: TrainingSettings = TrainingSettings()
