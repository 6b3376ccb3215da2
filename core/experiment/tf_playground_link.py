"""Convert a TensorFlow Playground share link (the settings after ``#``) into an equivalent Experiment."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import unquote

from msgspec import Struct

from core.data.settings import MAX_SEED_TEXT, DataSettings
from core.errors import PlaygroundError, in_one_line
from core.experiment.experiment import MAX_HIDDEN, MAX_UNITS, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.experiment.experiment_file import checked
from core.experiment.validation import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")

_ACTIVATIONS: Final = MappingProxyType({"relu": "relu", "tanh": "tanh", "sigmoid": "sigmoid", "linear": "identity"})
_PENALTIES: Final = MappingProxyType({"none": "none", "None": "none", "L1": "l1", "L2": "l2"})
_PROBLEMS: Final = MappingProxyType({"classification": "classification", "regression": "regression"})
_CLASSES: Final = MappingProxyType({"circle": "circle", "xor": "xor", "gauss": "gauss", "spiral": "spiral"})
_NUMBERS: Final = MappingProxyType({"reg-plane": "plane", "reg-gauss": "gauss_bumps"})

_FEATURES: Final = (
    ("x", "x1"),
    ("y", "x2"),
    ("xSquared", "x1_squared"),
    ("ySquared", "x2_squared"),
    ("xTimesY", "x1_x2"),
    ("sinX", "sin_x1"),
    ("sinY", "sin_x2"),
)
"""The link's input switches and the corresponding features, in the order of TensorFlow Playground's inputs."""

_WITHOUT_EFFECT: Final = frozenset({"cosX", "cosY"})
_DISPLAY: Final = frozenset({"showTestData", "discretize", "hideText", "tutorial", "collectStats"})
_KEYS: Final = frozenset(
    {
        *("activation", "regularization", "batchSize", "dataset", "regDataset", "learningRate", "regularizationRate"),
        *("noise", "networkShape", "seed", "percTrainData", "problem", "initZero"),
        *(name for name, _ in _FEATURES),
    }
)
_HIDDEN_CONTROL: Final = "_hide"
_USUAL_SEED: Final = "0.00000"
_SAMPLES: Final = MappingProxyType({"classification": 500, "regression": 1200})


class ImportedLink(Struct, frozen=True):
    """The result of importing a share link.

    Attributes:
        experiment: the same data, split, network, initial weights and training.
        notes: one sentence for each difference and each ignored setting.
    """

    experiment: Experiment
    notes: tuple[str, ...]


def looks_like_link(text: str) -> bool:
    """Return whether ``text`` contains settings of TensorFlow Playground, so that :func:`parse_link` applies."""
    return any(key in _KEYS for key, _ in _pairs(text))


def parse_link(text: str) -> ImportedLink:
    """Return the Experiment for the share link ``text``: a whole link, or only the part after its ``#``.

    Missing keys use TensorFlow Playground's defaults; unknown keys are ignored with a note.

    Raises:
        PlaygroundError: ``text`` has no such settings, or one of them is invalid; the message names it.
    """
    settings = dict(_pairs(text))
    if not any(key in _KEYS for key in settings):
        raise PlaygroundError(
            "this is not a link to TensorFlow Playground: it has no settings such as dataset=circle after #"
        )
    reader = _Reader(settings)
    problem = reader.choice("problem", _PROBLEMS, "classification")
    classes = reader.choice("dataset", _CLASSES, "circle")
    numbers = reader.choice("regDataset", _NUMBERS, "reg-plane")
    dataset = classes if problem == "classification" else numbers
    samples = _SAMPLES[problem]
    seed = settings.get("seed", "")
    if len(seed) > MAX_SEED_TEXT:
        raise PlaygroundError(f"seed: expected at most {MAX_SEED_TEXT} characters, got {len(seed)}")
    data = DataSettings(
        dataset=dataset,
        samples=samples,
        noise=_noise(reader) / 100.0,
        test_fraction=1.0 - math.floor(samples * reader.number("percTrainData", 50.0, 10.0, 100.0) / 100.0) / samples,
        features=_features(reader),
        seed=0,
        tf_playground_seed=seed or _USUAL_SEED,
    )
    experiment = Experiment(
        name=f"TensorFlow Playground: {dataset}", data=data, network=_network(reader), training=_training(reader)
    )
    notes = (*_notes_on_keys(settings), *reader.notes, *_notes(experiment, seed))
    return ImportedLink(checked(experiment), tuple(map(in_one_line, notes)))


def _pairs(text: str) -> Iterable[tuple[str, str]]:
    """Return the keys and values after the first ``#`` (of the whole text if there is none)."""
    joined = "".join(text.split())  # mail programs may break a link into lines
    _, mark, after = joined.partition("#")
    for entry in (after if mark else joined).split("&"):
        key, _, value = entry.partition("=")
        if key and value:
            # The seed is hashed unchanged; in other values, mail programs may have encoded a comma as %2C.
            yield key, value if key == "seed" else unquote(value).strip()
        elif key == "networkShape" and "=" in entry:
            yield key, ""


class _Reader:
    """Converts the strings of a link into validated values, and collects notes about them."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._settings = settings
        self.notes: list[str] = []

    def choice(self, key: str, meanings: Mapping[str, T], usual: str) -> T:
        """Return the meaning of the name under ``key``."""
        value = self._settings.get(key, usual)
        if value not in meanings:
            names = ", ".join(name for name in meanings if name != "None")
            raise PlaygroundError(f"{key}: expected one of {names}; got {shown(value)}")
        return meanings[value]

    def flag(self, key: str, *, usual: bool = False) -> bool:
        """Return whether ``key`` is on; like TensorFlow Playground, treat anything but ``false`` as on."""
        value = self._settings.get(key)
        return usual if value is None else value != "false"

    def number(self, key: str, usual: float, low: float, high: float) -> float:
        """Return the number under ``key``, from ``low`` to ``high``."""
        return self._within(key, self._settings.get(key), float, usual, low, high)

    def whole(self, key: str, usual: int, low: int, high: int) -> int:
        """Return the whole number under ``key``, from ``low`` to ``high``."""
        return int(self._within(key, self._settings.get(key), _whole, usual, low, high))

    def widths(self, key: str, usual: tuple[int, ...]) -> tuple[int, ...]:
        """Return the widths under ``key``, such as ``4,2``; an empty string means no hidden layer."""
        text = self._settings.get(key)
        if text is None:
            return usual
        parts = text.split(",") if text else []
        if len(parts) > MAX_HIDDEN:
            raise PlaygroundError(f"{key}: expected at most {MAX_HIDDEN} layers, got {len(parts)}")
        return tuple(int(self._within(key, part, _whole, 0, 1, MAX_UNITS)) for part in parts)

    @staticmethod
    def _within(
        key: str, text: str | None, read: Callable[[str], float], usual: float, low: float, high: float
    ) -> float:
        if text is None:
            return usual
        try:
            value = read(text)
        except (ValueError, OverflowError):
            value = math.nan
        if not low <= value <= high:
            noun = "a whole number" if read is _whole else "a number"
            raise PlaygroundError(f"{key}: expected {noun} from {low:.6g} to {high:.6g}, got {shown(text)}")
        return value


def _whole(text: str) -> float:
    value = float(text)
    return value if value == int(value) else math.nan


def _noise(reader: _Reader) -> float:
    """Return the noise from 0 to 80, clipped like TensorFlow Playground clips it."""
    noise = reader.number("noise", 0.0, -1e9, 1e9)
    if noise > 80.0:
        reader.notes.append(f"noise: {noise:g} is more than 80, which TensorFlow Playground reads as 50.")
        return 50.0
    return max(noise, 0.0)


def _features(reader: _Reader) -> tuple[str, ...]:
    chosen = tuple(feature for key, feature in _FEATURES if reader.flag(key, usual=key in ("x", "y")))
    if not chosen:
        raise PlaygroundError("x, y: every input is switched off in this link, so the network would see nothing")
    return chosen


def _network(reader: _Reader) -> NetworkSettings:
    activation = reader.choice("activation", _ACTIVATIONS, "tanh")
    zero = reader.flag("initZero")
    initializer = "zeros" if zero else "uniform"
    return NetworkSettings(
        hidden=tuple(
            HiddenLayer(units=units, activation=activation, initializer=initializer)
            for units in reader.widths("networkShape", (4, 2))
        ),
        output_initializer=initializer,
        start="initializers" if zero else "tf_playground",
        seed=0,
    )


def _training(reader: _Reader) -> TrainingSettings:
    penalty = reader.choice("regularization", _PENALTIES, "none")
    strength = reader.number("regularizationRate", 0.0, 0.0, 100.0)
    return TrainingSettings(
        learning_rate=reader.number("learningRate", 0.03, 1e-12, 1000.0),
        batch_size=reader.whole("batchSize", 10, 1, 100_000),
        l1=strength if penalty == "l1" else 0.0,
        l2=strength if penalty == "l2" else 0.0,
        shuffle=False,
    )


def _notes_on_keys(settings: Mapping[str, str]) -> Iterable[str]:
    unknown = [
        key for key in settings if key not in _KEYS | _WITHOUT_EFFECT | _DISPLAY and not key.endswith(_HIDDEN_CONTROL)
    ]
    if unknown:
        yield f"Ignored, because unknown: {_listed(unknown)}."
    idle = [key for key in sorted(_WITHOUT_EFFECT) if settings.get(key, "false") != "false"]
    if idle:
        yield f"{_listed(idle)}: TensorFlow Playground has no such input, so there is none here either."
    shown_only = [key for key in ("showTestData", "discretize") if settings.get(key, "false") != "false"]
    if shown_only:
        yield f"{_listed(shown_only)}: a display option, not part of an experiment."


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return ", ".join(shown(name).strip('"') for name in names[:8]) + more


def _notes(experiment: Experiment, seed: str) -> Iterable[str]:
    """Return notes on differences in training."""
    data, training = experiment.data, experiment.training
    if not seed:
        yield f"seed: the link has none, so TensorFlow Playground draws a new one each time; here it is {_USUAL_SEED}."
    train = data.samples - round(data.samples * data.test_fraction)
    differs = True
    if training.batch_size > train:
        yield (
            f"batchSize: {training.batch_size} is more than the {train} training samples; then TensorFlow Playground never "
            "trains; here the whole training set is one batch."
        )
    elif train % training.batch_size:
        yield (
            "batchSize: TensorFlow Playground carries leftover gradients into the next epoch; here the last partial "
            "batch is used, so the losses already differ at epoch 1."
        )
    else:
        differs = bool(training.l1)
    if training.l1:
        yield (
            "regularization: TensorFlow Playground takes the sign of a weight before the data's step (here after it: a "
            "difference of up to 2αλ for each weight that changes its sign), and one that L1 sets to zero stays zero (here "
            "it can become nonzero again)."
        )
    if differs:
        yield "To train exactly as the original does, choose Train → Train like TF Playground."
