"""The data settings of an Experiment, with their limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta

from core.data.code_pages import ENCODINGS
from core.data.datasets import DATASETS

MAX_SEED: Final = 2**32 - 1
MAX_SEED_TEXT: Final = 100

Seed: TypeAlias = Annotated[
    int, Meta(ge=0, le=MAX_SEED, title="Seed", description="The same seed always gives the same random draws.")
]

# The registry is the only list of names; type checkers cannot evaluate a Literal of its keys.
if TYPE_CHECKING:
    DatasetKey: TypeAlias = str
else:
    DatasetKey = Literal[tuple(DATASETS)]

TaskKey: TypeAlias = Literal["auto", "classification", "regression"]
SplitKey: TypeAlias = Literal["random", "stratified"]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Common options of every part of an Experiment."""


ColumnKindKey: TypeAlias = Literal["auto", "number", "categories", "date", "date_day_first", "date_month_first"]
DatePart: TypeAlias = Literal["year", "month", "day", "weekday", "hour"]
DelimiterKey: TypeAlias = Literal[",", ";", "\t", "|", "blank", "fixed"]

# The table of encodings is the only list of them; type checkers cannot evaluate a Literal of its keys.
if TYPE_CHECKING:
    EncodingKey: TypeAlias = str
else:
    EncodingKey = Literal[tuple(ENCODINGS)]


class ColumnSettings(Settings, frozen=True, kw_only=True):
    """The user's choices for a column of their table; omitted ones are inferred from its cells."""

    name: Annotated[str, Meta(min_length=1, title="Column", description="Its name.")]
    kind: Annotated[
        ColumnKindKey, Meta(title="Kind", description="What its cells are; dates become days since 1970-01-01.")
    ] = "auto"
    missing: Annotated[
        tuple[str, ...], Meta(title="Missing", description="Cells that stand for a missing value, such as -999.")
    ] = ()
    parts: Annotated[
        tuple[DatePart, ...], Meta(title="Parts", description="Parts of a date that become inputs instead of the day.")
    ] = ()


class TableSource(Settings, frozen=True, kw_only=True):
    """A user's table: its file, its target column and how to read it.

    Everything omitted is inferred from the content.
    """

    csv: Annotated[str, Meta(min_length=1, title="File", description="Path of the table, in any supported format.")]
    target: Annotated[str, Meta(min_length=1, title="Target", description="The column to predict.")]
    inputs: tuple[str, ...] | None = None
    task: TaskKey = "auto"
    columns: Annotated[
        tuple[ColumnSettings, ...], Meta(title="Columns", description="Columns whose kind the user decided.")
    ] = ()
    header: Annotated[
        bool | None,
        Meta(title="Header", description="Whether a line contains the names (otherwise they are x1, x2, …)."),
    ] = None
    delimiter: Annotated[DelimiterKey | None, Meta(title="Separator", description="What separates the cells.")] = None
    decimal: Annotated[Literal[".", ","] | None, Meta(title="Decimals", description="The decimal separator.")] = None
    encoding: Annotated[EncodingKey | None, Meta(title="Encoding", description="The code page of the text.")] = None
    sheet: Annotated[str | None, Meta(title="Sheet", description="The sheet of a workbook (null: the first).")] = None
    rows: Annotated[
        Annotated[int, Meta(ge=2, le=100_000)] | None,
        Meta(title="Rows", description="Use a random sample of this many rows (null: all)."),
    ] = None
    max_classes: Annotated[
        Annotated[int, Meta(ge=2, le=50)] | None,
        Meta(
            title="Classes",
            description="Merge the rarest classes into “other”, so that this many are left (null: none).",
        ),
    ] = None


MAX_POINTS: Final = 5000
"""Maximum number of drawn points."""

MAX_CLASSES: Final = 9
"""Maximum number of classes of drawn points: one for each digit key."""

Coordinate: TypeAlias = Annotated[float, Meta(ge=-1e6, le=1e6)]
ClassLabel: TypeAlias = Annotated[int, Meta(ge=-99, le=99)]
ShortName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=100)]


class DrawnSource(Settings, frozen=True, kw_only=True):
    """Points that the user has drawn: the data set is in the settings themselves.

    A point is ``(x1, x2, label)``, or ``(x1, label)`` with one input. The label is the class as a whole number, or the
    target of a regression.
    """

    points: Annotated[
        tuple[Annotated[tuple[Coordinate, ...], Meta(min_length=2, max_length=3)], ...],
        Meta(
            max_length=MAX_POINTS,
            title="Points",
            description="The samples: [x1, x2, label], or [x1, label] with one input; a regression's label is its target.",
        ),
    ]
    task: Annotated[
        Literal["classification", "regression"],
        Meta(title="Task", description="Whether labels are classes (whole numbers) or targets."),
    ] = "classification"
    inputs: Annotated[int, Meta(ge=1, le=2, title="Inputs", description="Number of inputs of a point.")] = 2
    classes: Annotated[
        tuple[ClassLabel, ...],
        Meta(
            max_length=MAX_CLASSES,
            title="Classes",
            description="Class labels in the order of their colours; labels that only the points have follow in ascending order.",
        ),
    ] = ()
    class_names: Annotated[
        tuple[ShortName, ...],
        Meta(max_length=MAX_CLASSES, title="Class names", description="Names of the classes, in the same order."),
    ] = ()
    input_names: Annotated[
        tuple[ShortName, ...], Meta(max_length=2, title="Input names", description="Names of the inputs.")
    ] = ()
    area: Annotated[
        Annotated[tuple[tuple[Coordinate, Coordinate], ...], Meta(max_length=2)] | None,
        Meta(title="Area", description="Minimum and maximum of each input to show (null: −6 to 6)."),
    ] = None


# msgspec cannot distinguish two structs without tags, so ``experiment_file`` converts this union itself.
if TYPE_CHECKING:
    DataSource: TypeAlias = str | TableSource | DrawnSource
else:
    DataSource = Annotated[
        Any,
        Meta(
            extra={"one_of": (DatasetKey, TableSource, DrawnSource)},
            extra_json_schema={
                "anyOf": [
                    {"enum": list(DATASETS)},
                    {"$ref": "#/$defs/TableSource"},
                    {"$ref": "#/$defs/DrawnSource"},
                ]
            },
        ),
    ]


class DataSettings(Settings, frozen=True, kw_only=True):
    """Which samples the network learns from, and which features it sees."""

    dataset: DataSource = "circle"
    samples: Annotated[
        int, Meta(ge=2, le=20_000, title="Samples", description="Number of samples of a generated data set.")
    ] = 500
    noise: Annotated[
        float, Meta(ge=0.0, le=1.0, title="Noise", description="How far the samples deviate from the clean pattern.")
    ] = 0.0
    test_fraction: Annotated[
        float,
        Meta(
            ge=0.0,
            le=0.9,
            title="Test share",
            description=(
                "Share of the samples not used in training; their loss shows how well the network generalizes. "
                "The split is random, not stratified, unless that is chosen."
            ),
        ),
    ] = 0.5
    split: Annotated[
        SplitKey,
        Meta(
            title="Split",
            description=(
                "random: any sample can be a test sample, so small classes may be missing from a set; "
                "stratified: each class has the same share in both sets."
            ),
        ),
    ] = "random"
    standardize: Annotated[
        bool | None,
        Meta(
            title="Standardize",
            description="Shift and scale each input to mean 0 and standard deviation 1 (null: only for a user's table).",
        ),
    ] = None
    features: Annotated[
        Annotated[tuple[str, ...], Meta(min_length=1, max_length=1000)] | None,
        Meta(
            title="Features",
            description="The network's inputs, computed from a sample (null: the data set's own inputs).",
        ),
    ] = None
    seed: Seed = 1
    tf_playground_seed: Annotated[
        Annotated[str, Meta(min_length=1, max_length=MAX_SEED_TEXT)] | None,
        Meta(
            title="TensorFlow Playground's seed",
            description=(
                "Draws TensorFlow Playground's data sets and their split exactly like its share link with this seed (seed 0: "
                "the same data; any other seed: different data of the same kind)."
            ),
        ),
    ] = None
