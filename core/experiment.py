"""The Experiment: one immutable value that says everything about a run, with its limits.

Editing makes a new value, undo is the previous one, saving writes it. The metadata beside each field is the only place
where a limit or an explanation stands: validation, the JSON Schema, sliders and tooltips all read it from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta

from core.activations import ACTIVATIONS, OUTPUT_ACTIVATIONS
from core.datasets import DATASETS
from core.initializers import INITIALIZERS
from core.losses import LOSSES
from core.optimizers import OPTIMIZERS

FORMAT: Final = 1
"""Version of the file format; a file with another number is refused by name."""

MAX_HIDDEN: Final = 50
MAX_UNITS: Final = 512
MAX_SEED: Final = 2**32 - 1
MAX_SEED_TEXT: Final = 100

AUTO: Final = "auto"

DropoutScaling: TypeAlias = Literal["inverted", "at_test_time", "none"]
WeightStart: TypeAlias = Literal["initializers", "tf_playground"]
Seed: TypeAlias = Annotated[
    int, Meta(ge=0, le=MAX_SEED, title="Seed", description="The same seed gives the same random draws, always.")
]

# The registries are the only lists of names; a Literal made of their keys lets msgspec check and document them.
# (A type checker cannot follow that, so for it a key is text.)
if TYPE_CHECKING:
    ActivationKey: TypeAlias = str
    OutputActivationKey: TypeAlias = str
    InitializerKey: TypeAlias = str
    LossKey: TypeAlias = str
    OptimizerKey: TypeAlias = str
    DatasetKey: TypeAlias = str
else:
    ActivationKey = Literal[tuple(ACTIVATIONS)]
    OutputActivationKey = Literal[(AUTO, *OUTPUT_ACTIVATIONS)]
    InitializerKey = Literal[tuple(INITIALIZERS)]
    LossKey = Literal[(AUTO, *LOSSES)]
    OptimizerKey = Literal[tuple(OPTIMIZERS)]
    DatasetKey = Literal[tuple(DATASETS)]

TaskKey: TypeAlias = Literal["auto", "classification", "regression"]

Dropout: TypeAlias = Annotated[
    float,
    Meta(
        ge=0.0,
        lt=1.0,
        title="Dropout p",
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


class _Value(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Common options of every part of an Experiment."""


class TableSource(_Value, frozen=True, kw_only=True):
    """A person's own table: a CSV or TSV file, its target column and, where given, its input columns."""

    csv: Annotated[str, Meta(min_length=1, title="File", description="Path of the CSV or TSV file.")]
    target: Annotated[str, Meta(min_length=1, title="Target", description="The column to predict.")]
    inputs: tuple[str, ...] | None = None
    task: TaskKey = "auto"


class DataSettings(_Value, frozen=True, kw_only=True):
    """Which samples the network learns from, and what of them it sees."""

    dataset: DatasetKey | TableSource = "circle"
    samples: Annotated[
        int, Meta(ge=2, le=20_000, title="Samples", description="How many samples a generated data set has.")
    ] = 500
    noise: Annotated[
        float, Meta(ge=0.0, le=1.0, title="Noise", description="How far the samples stray from the clean pattern.")
    ] = 0.0
    test_fraction: Annotated[
        float,
        Meta(
            ge=0.0,
            le=0.9,
            title="Test share",
            description="Share of the samples that training never sees; their loss tells how well it generalizes.",
        ),
    ] = 0.5
    standardize: Annotated[
        bool | None,
        Meta(
            title="Standardize",
            description="Shift and scale each input to mean 0 and deviation 1 (null: only for a person's own table).",
        ),
    ] = None
    features: Annotated[
        Annotated[tuple[str, ...], Meta(min_length=1, max_length=1000)] | None,
        Meta(
            title="Features",
            description="What the network sees of a sample (null: the data set's own inputs).",
        ),
    ] = None
    seed: Seed = 1
    tf_playground_seed: Annotated[
        Annotated[str, Meta(min_length=1, max_length=MAX_SEED_TEXT)] | None,
        Meta(
            title="TensorFlow Playground's seed",
            description=(
                "Draws the data sets that TensorFlow Playground has, and their split, exactly as its share link with this "
                "seed does (seed 0: that very data; another seed: other data in the same manner)."
            ),
        ),
    ] = None


class HiddenLayer(_Value, frozen=True, kw_only=True):
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
    initializer: InitializerKey = "xavier_uniform"
    gain: Gain = 1.0
    dropout: Dropout = 0.0


class NetworkSettings(_Value, frozen=True, kw_only=True):
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


class TrainingSettings(_Value, frozen=True, kw_only=True):
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
    batch_size: Annotated[
        int,
        Meta(
            ge=0,
            le=100_000,
            title="Batch size",
            description="Samples whose mean gradient makes one step; 0 means the whole training set.",
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
            description="A gradient longer than this is shortened to it (null: never).",
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


class Experiment(_Value, frozen=True, kw_only=True):
    """Everything about a run: data, network, training and seeds. Equal values give equal runs."""

    format: Annotated[int, Meta(ge=FORMAT, le=FORMAT, title="Format", description="Version of the format.")] = FORMAT
    name: Annotated[str, Meta(max_length=200, title="Name", description="What the window's title shows.")] = "Untitled"
    data: DataSettings = DataSettings()
    network: NetworkSettings = NetworkSettings()
    training: TrainingSettings = TrainingSettings()
