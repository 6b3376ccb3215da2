"""The input of a script: settings, samples and architecture, with the names that the script uses."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from core.arrays import Floats
from core.code_export.archive import npz_bytes
from core.data.prepared_data import PreparedData
from core.errors import PlaygroundError
from core.experiment import Experiment
from core.experiment.recipe import recipe
from core.experiment.resolution import resolve
from core.formulas.activation_code import ActivationCode
from core.formulas.activations import Activation
from core.formulas.losses import LOSSES, Loss
from core.formulas.optimizers import OPTIMIZERS, Optimizer
from core.formulas.training_code import LossCode, OptimizerCode
from core.network.architecture import Architecture, Layer

DEFAULT_EPOCHS: Final = 100
"""Default number of epochs of a script."""


class Script(Struct, frozen=True):
    """A script and its data file.

    Attributes:
        text: the source code.
        data_file: name of the file with the samples; empty if they are part of the text.
        samples: features, then targets of each sample, for that file; empty without one.
    """

    text: str
    data_file: str
    samples: Floats

    @property
    def data(self) -> bytes:
        """Content of the data file; empty without one."""
        return npz_bytes({"samples": self.samples}) if self.data_file else b""


class Plan(Struct, frozen=True, kw_only=True):
    """Everything that a script contains.

    Attributes:
        experiment: the settings.
        data: the samples as the network sees them.
        architecture: the network.
        epochs: passes through the training set.
        stem: stem of the script's file name, and of the data file that belongs to it.
    """

    experiment: Experiment
    data: PreparedData
    architecture: Architecture
    epochs: int = DEFAULT_EPOCHS
    stem: str = "experiment"

    @property
    def layers(self) -> tuple[Layer, ...]:
        """All layers, the output last."""
        return self.architecture.layers

    @property
    def loss(self) -> Loss:
        """The loss."""
        return LOSSES[self.architecture.loss]

    @property
    def optimizer(self) -> Optimizer:
        """The update rule."""
        return OPTIMIZERS[self.experiment.training.optimizer]

    @property
    def loss_takes_z(self) -> bool:
        """Whether the loss takes the output's pre-activation, so that its activation is part of the loss."""
        return self.loss.takes == "pre_activation"

    @property
    def learns_alpha(self) -> bool:
        """Whether any activation's parameter is trained."""
        return any(layer.learns_alpha for layer in self.layers)

    @property
    def has_test(self) -> bool:
        """Whether there are test samples."""
        return len(self.data.x_test) > 0

    @property
    def batch_size(self) -> int:
        """Number of samples in a batch."""
        total = len(self.data.x_train)
        return min(self.experiment.training.batch_size, total) or total

    @property
    def widths(self) -> list[int]:
        """Number of features, then of neurons in each layer."""
        return [self.architecture.inputs, *(layer.fan_out for layer in self.layers)]

    @property
    def recipe(self) -> str:
        """The experiment in one line."""
        resolution = resolve(self.experiment, self.data.task, self.data.classes)
        return recipe(self.experiment, self.architecture.inputs, resolution)

    def check(self) -> None:
        """Raise if no script can be written.

        Raises:
            PlaygroundError: samples are missing, or an entry of a registry has no source code; the message names it.
        """
        if self.data.missing:
            raise PlaygroundError(self.data.missing)
        for layer in self.layers:
            activation_code(layer.activation_entry)
        loss_code(self.loss)
        optimizer_code(self.optimizer)


def activation_code(activation: Activation) -> ActivationCode:
    """Return the source code of ``activation``.

    Raises:
        PlaygroundError: it has none.
    """
    if activation.code is None:
        raise PlaygroundError(f"{activation.label} cannot be written as source code.")
    return activation.code


def loss_code(loss: Loss) -> LossCode:
    """Return the source code of ``loss``.

    Raises:
        PlaygroundError: it has none.
    """
    if loss.code is None:
        raise PlaygroundError(f"{loss.label} cannot be written as source code.")
    return loss.code


def optimizer_code(optimizer: Optimizer) -> OptimizerCode:
    """Return the source code of ``optimizer``.

    Raises:
        PlaygroundError: it has none.
    """
    if optimizer.code is None:
        raise PlaygroundError(f"{optimizer.label} cannot be written as source code.")
    return optimizer.code


def number(value: float) -> str:
    """Return ``value`` as a literal from which it can be read back exactly."""
    return repr(float(value))


def plain(text: str) -> str:
    """Return ``text`` for a comment or docstring: one line, without characters that could end either."""
    kept = "".join(c if c.isprintable() else " " for c in text)
    return kept.replace("\\", "/").replace('"', "'").strip()
