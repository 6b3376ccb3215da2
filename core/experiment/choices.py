"""The settings that choose an entry of a registry, and the names of their choices within a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from core.data.datasets import DATASETS
from core.experiment.experiment import AUTO
from core.formulas.activations import ACTIVATIONS, OUTPUT_ACTIVATIONS
from core.formulas.dropout_scalings import DROPOUT_SCALINGS
from core.formulas.initializers import INITIALIZERS
from core.formulas.losses import LOSSES
from core.formulas.optimizers import OPTIMIZERS


class _Labelled(Protocol):
    """An entry of any registry."""

    @property
    def key(self) -> str: ...

    @property
    def label(self) -> str: ...


CHOICES: Final[Mapping[str, Mapping[str, _Labelled]]] = {
    "activation": ACTIVATIONS,
    "output_activation": OUTPUT_ACTIVATIONS,
    "initializer": INITIALIZERS,
    "output_initializer": INITIALIZERS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "dropout_scaling": DROPOUT_SCALINGS,
    "dataset": DATASETS,
}
"""The registry of each setting."""


def choice_label(field: str, key: str) -> str:
    """Return the name of the choice ``key`` of the setting ``field`` within a sentence: ``sigmoid``, ``ReLU``, ``automatic``.

    Common nouns such as activations are in lower case.
    """
    if key == AUTO:
        return "automatic"
    entry = CHOICES[field][key]
    is_noun = key in OUTPUT_ACTIVATIONS or key in DATASETS
    return entry.label.lower() if is_noun and entry.label[1:].islower() else entry.label
