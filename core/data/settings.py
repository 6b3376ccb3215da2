"""Which data an experiment learns from: the data part of the Experiment, with its limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta

from core.data.datasets import DATASETS

MAX_SEED: Final = 2**32 - 1
MAX_SEED_TEXT: Final = 100

Seed: TypeAlias = Annotated[
    int, Meta(ge=0, le=MAX_SEED, title="Seed", description="The same seed gives the same random draws, always.")
]

# The registry is the only list of names; a type checker cannot follow a Literal made of its keys.
if TYPE_CHECKING:
    DatasetKey: TypeAlias = str
else:
    DatasetKey = Literal[tuple(DATASETS)]

TaskKey: TypeAlias = Literal["auto", "classification", "regression"]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Common options of every part of an Experiment."""


class TableSource(Settings, frozen=True, kw_only=True):
    """A user's own table: a CSV or TSV file, its target column and, where given, its input columns."""

    csv: Annotated[str, Meta(min_length=1, title="File", description="Path of the CSV or TSV file.")]
    target: Annotated[str, Meta(min_length=1, title="Target", description="The column to predict.")]
    inputs: tuple[str, ...] | None = None
    task: TaskKey = "auto"


class DataSettings(Settings, frozen=True, kw_only=True):
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
            description="Shift and scale each input to mean 0 and deviation 1 (null: only for a user's own table).",
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
