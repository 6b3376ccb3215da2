"""The registry of built-in data sets."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import Struct

from core.data import generators, real_data
from core.data.raw_data import RawData, Task

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from core.arrays import Floats

PLANE_NAMES = ("x₁", "x₂")
SIGNED_NAMES = ("−1", "+1")


class Dataset(Struct, frozen=True, kw_only=True):
    """One built-in data set.

    Attributes:
        key: the name in files and on the command line, such as ``"circle"``.
        label: the short text in menus.
        explanation: one plain sentence.
        task: ``"classification"`` or ``"regression"``.
        input_names: one name for each of the D inputs.
        class_names: the K classes in the order of their indices; class 0 is drawn orange (−1), class 1 blue (+1).
        source: returns the inputs (N, D) and the target (N,); a shipped table ignores samples, noise and generator.
        generated: True if it is generated from a seed, with any number of samples and any noise.
        domain: lowest and highest value of every input, if known in advance.
        units: unit of the inputs; empty if they have none.
        short_label: one-word caption of the thumbnail; empty if the key serves as one.
        common: True if its thumbnail is always visible; the others are in an expandable section.
        standardize: True if choosing it turns on standardization, because its units are badly scaled for a network.
        shown_inputs: indices of the inputs that the thumbnail shows; a single one is plotted against the target.
        images: True if the inputs of a sample are the pixels of a square image.
    """

    key: str
    label: str
    explanation: str
    task: Task
    input_names: tuple[str, ...]
    class_names: tuple[str, ...] = ()
    source: generators.Generator
    generated: bool = True
    domain: tuple[float, float] | None = None
    units: str = ""
    short_label: str = ""
    common: bool = False
    standardize: bool = False
    shown_inputs: tuple[int, ...] = (0, 1)
    images: bool = False

    @property
    def caption(self) -> str:
        """The caption of the thumbnail."""
        return self.short_label or self.key

    @property
    def inputs(self) -> int:
        """D, the number of inputs."""
        return len(self.input_names)

    @property
    def default_features(self) -> tuple[str, ...]:
        """Keys of the default features: the unchanged inputs."""
        return tuple(f"x{number}" for number in range(1, self.inputs + 1))

    def generate(self, samples: int, noise: float, *, rng: np.random.Generator) -> RawData:
        """Return ``samples`` samples with ``noise`` (0 to 1) drawn from ``rng``; a shipped table returns all its rows.

        The same generator state gives the same clean points and the same noise draws for any ``noise``.
        """
        inputs, target = self.source(samples, noise, rng=rng)
        return RawData(
            inputs=inputs,
            target=target,
            task=self.task,
            input_names=self.input_names,
            class_names=self.class_names,
            domain=self.domain,
        )


def _iris(samples: int, noise: float, *, rng: np.random.Generator) -> tuple[Floats, Floats]:  # noqa: ARG001
    return real_data.iris()


def _digits(samples: int, noise: float, *, rng: np.random.Generator) -> tuple[Floats, Floats]:  # noqa: ARG001
    return real_data.digits()


def _student_day(samples: int, noise: float, *, rng: np.random.Generator) -> tuple[Floats, Floats]:  # noqa: ARG001
    return real_data.student_day()


def _plane_classes(
    key: str, label: str, explanation: str, source: generators.Generator, *, common: bool = True
) -> Dataset:
    """Return a two-dimensional data set with two classes."""
    return Dataset(
        key=key,
        label=label,
        explanation=explanation,
        task="classification",
        input_names=PLANE_NAMES,
        class_names=SIGNED_NAMES,
        source=source,
        domain=generators.DOMAIN,
        common=common,
    )


def _regression(
    key: str,
    label: str,
    explanation: str,
    source: generators.Generator,
    names: tuple[str, ...] = PLANE_NAMES,
    *,
    short_label: str = "",
) -> Dataset:
    """Return a generated regression data set."""
    return Dataset(
        key=key,
        label=label,
        explanation=explanation,
        task="regression",
        input_names=names,
        source=source,
        domain=generators.DOMAIN,
        short_label=short_label,
        shown_inputs=tuple(range(len(names))),
    )


_DATASETS = (
    _plane_classes(
        "circle",
        "Circle",
        "A disc inside a ring: no straight line separates them, a few neurons do.",
        generators.circle,
    ),
    _plane_classes(
        "xor",
        "Exclusive or",
        "Blue where x₁ and x₂ have the same sign: the classic task that no network without a hidden layer can learn.",
        generators.xor,
    ),
    _plane_classes(
        "gauss", "Two Gaussians", "Two round clouds: a single neuron separates them with one line.", generators.gauss
    ),
    _plane_classes("spiral", "Spiral", "Two interleaved arms: hard, and a test of depth and width.", generators.spiral),
    _plane_classes(
        "moons",
        "Two moons",
        "Two interleaving half circles, like scikit-learn's make_moons.",
        generators.moons,
        common=False,
    ),
    _regression(
        "plane", "Plane", "The target is (x₁ + x₂) / 10: a tilted plane, linear in its inputs.", generators.plane
    ),
    _regression(
        "gauss_bumps",
        "Six bumps",
        "Six hills and hollows in two rows: a surface that needs many neurons.",
        generators.gauss_bumps,
        short_label="bumps",
    ),
    _regression("sine", "Sine", "The target is sin x₁: one input, one curve to fit.", generators.sine, ("x₁",)),
    Dataset(
        key="student_day",
        label="Student day",
        explanation="Hours of play, study and sleep, and whether the exam was passed: 24 invented days.",
        task="classification",
        input_names=("play", "study", "sleep"),
        class_names=real_data.STUDENT_DAY_CLASSES,
        source=_student_day,
        generated=False,
        units="h",
        short_label="student",
        standardize=True,
        shown_inputs=(1, 2),
    ),
    Dataset(
        key="iris",
        label="Iris",
        explanation="Four measurements of 150 flowers of three species; one species is separate, two overlap.",
        task="classification",
        input_names=("sepal length", "sepal width", "petal length", "petal width"),
        class_names=real_data.IRIS_CLASSES,
        source=_iris,
        generated=False,
        units="cm",
        common=True,
        standardize=True,
        shown_inputs=(2, 3),
    ),
    Dataset(
        key="digits",
        label="Handwritten digits",
        explanation="1797 images of 8 × 8 pixels, ten classes: the digits 0 to 9.",
        task="classification",
        input_names=tuple(
            f"pixel {row},{column}" for row in range(real_data.DIGITS_SIDE) for column in range(real_data.DIGITS_SIDE)
        ),
        class_names=tuple(str(digit) for digit in range(10)),
        source=_digits,
        generated=False,
        domain=(0.0, 1.0),
        common=True,
        images=True,
    ),
)

DATASETS: Mapping[str, Dataset] = MappingProxyType({dataset.key: dataset for dataset in _DATASETS})
"""Every built-in data set by key, in menu order."""
