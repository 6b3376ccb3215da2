"""The shape of a network and each layer's offsets into the flat parameter vector."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from msgspec import Struct

from core.arrays import Booleans, Floats
from core.data.loading import tf_playground_source
from core.data.prepared_data import PreparedData
from core.experiment import DropoutScaling, Experiment, HiddenLayer
from core.experiment.resolution import Resolution, resolve
from core.formulas.activations import OUTPUT_ACTIVATIONS, Activation
from core.formulas.tf_playground import INITIAL_BIAS, Source
from core.network.dropout import Masks, evaluation_masks


class Layer(Struct, frozen=True, dict=True):
    """One layer of neurons with its incoming weights.

    From ``start`` the flat vector holds ``fan_in · fan_out`` weights (rows are inputs), ``fan_out`` biases, and one α, the
    activation's parameter. An activation without α has an unused entry, so that changing the activation moves nothing.

    Attributes:
        name: ``Hidden 1``, ``Hidden 2``, … or ``Output``.
        fan_in: inputs of each neuron.
        fan_out: neurons.
        activation: key in ``OUTPUT_ACTIVATIONS``.
        alpha: initial α (0 if the activation has none).
        initializer: key in ``INITIALIZERS``.
        gain: factor on the initializer's scale.
        dropout: probability of dropping each of the layer's neurons.
        start: index of the first weight in the flat vector.
    """

    name: str
    fan_in: int
    fan_out: int
    activation: str
    alpha: float
    initializer: str
    gain: float
    dropout: float
    start: int

    # Cached because a training step reads them several times per layer (measured: a quarter of its time).

    @cached_property
    def weights(self) -> slice[int, int, None]:
        """Slice of the weights ``W (fan_in, fan_out)`` in the flat vector, in row-major order."""
        return slice(self.start, self.start + self.fan_in * self.fan_out)

    @cached_property
    def bias(self) -> slice[int, int, None]:
        """Slice of the biases ``b (fan_out,)`` in the flat vector."""
        return slice(self.weights.stop, self.weights.stop + self.fan_out)

    @cached_property
    def alpha_index(self) -> int:
        """Index of α in the flat vector."""
        return self.bias.stop

    @cached_property
    def stop(self) -> int:
        """One past the layer's last parameter."""
        return self.alpha_index + 1

    @cached_property
    def activation_entry(self) -> Activation:
        """The activation's registry entry."""
        return OUTPUT_ACTIVATIONS[self.activation]

    @cached_property
    def learns_alpha(self) -> bool:
        """Whether α is trained (PReLU)."""
        return self.activation_entry.learns_alpha

    @cached_property
    def shape(self) -> tuple[int, int]:
        """Shape of W, (fan_in, fan_out)."""
        return self.fan_in, self.fan_out

    def weight_index(self, source: int, target: int) -> int:
        """Return the flat index of the weight from input ``source`` to neuron ``target``."""
        return self.start + source * self.fan_out + target

    def bias_index(self, neuron: int) -> int:
        """Return the flat index of the bias of ``neuron``."""
        return self.bias.start + neuron


class Architecture(Struct, frozen=True, dict=True):
    """All layers of a network, from the features to the output, and its loss.

    Attributes:
        inputs: number of features.
        layers: from the features to the output.
        input_dropout: probability of dropping each feature.
        dropout_scaling: how layers with dropout keep their mean.
        loss: key in ``LOSSES``.
        initial_bias: initial value of every bias.
        draws_after: the TensorFlow Playground data whose stream continues with the weights; ``None`` for this app's own
            streams.
        numbered: whether neurons and weights have consecutive numbers instead of names by layer.
    """

    inputs: int
    layers: tuple[Layer, ...]
    input_dropout: float
    dropout_scaling: DropoutScaling
    loss: str
    initial_bias: float = 0.0
    draws_after: Source | None = None
    numbered: bool = False

    @cached_property
    def size(self) -> int:
        """Length P of the flat parameter vector (with one α per layer)."""
        return self.layers[-1].stop

    @property
    def outputs(self) -> int:
        """Number of output neurons."""
        return self.layers[-1].fan_out

    @property
    def units(self) -> int:
        """Number of neurons, including the output."""
        return sum(layer.fan_out for layer in self.layers)

    @property
    def trainable_count(self) -> int:
        """Number of trained parameters: weights, biases, and α where it is learned."""
        return sum(layer.fan_in * layer.fan_out + layer.fan_out + layer.learns_alpha for layer in self.layers)

    @cached_property
    def dropout_rates(self) -> tuple[float, ...]:
        """Drop probability of each layer's inputs: of the features, then of each hidden layer."""
        return (self.input_dropout, *(layer.dropout for layer in self.layers[:-1]))

    @cached_property
    def drops(self) -> bool:
        """Whether a training pass drops anything."""
        return any(self.dropout_rates)

    @cached_property
    def fan_ins(self) -> tuple[int, ...]:
        """Number of inputs of each layer: the widths of the dropout groups."""
        return tuple(layer.fan_in for layer in self.layers)

    @cached_property
    def evaluation_masks(self) -> Masks:
        """What evaluation, which drops nothing, multiplies each layer's inputs by."""
        return evaluation_masks(self.dropout_rates, self.dropout_scaling)

    @cached_property
    def is_weight(self) -> Booleans:
        """Mask (P,) of the weights in the flat vector: penalties apply to them, not to biases and α."""
        mask = np.zeros(self.size, dtype=np.bool_)
        for layer in self.layers:
            mask[layer.weights] = True
        mask.flags.writeable = False
        return mask

    def same_shape(self, other: Architecture) -> bool:
        """Return whether both have the same layer widths, so that parameters of one fit the other."""
        return [(a.fan_in, a.fan_out) for a in self.layers] == [(b.fan_in, b.fan_out) for b in other.layers]

    def weights(self, flat: Floats, index: int) -> Floats:
        """Return layer ``index``'s weights in ``flat (P,)`` as a view ``(fan_in, fan_out)``."""
        layer = self.layers[index]
        return flat[layer.weights].reshape(layer.shape)

    def bias(self, flat: Floats, index: int) -> Floats:
        """Return layer ``index``'s biases in ``flat (P,)`` as a view ``(fan_out,)``."""
        return flat[self.layers[index].bias]


def architecture_for(experiment: Experiment, data: PreparedData) -> Architecture:
    """Return the architecture of ``experiment`` on ``data``.

    Raises:
        ExperimentError: the chosen loss, output activation and task contradict each other.
    """
    return build_architecture(experiment, data.x_train.shape[1], resolve(experiment, data.task, data.classes))


def build_architecture(experiment: Experiment, inputs: int, resolution: Resolution) -> Architecture:
    """Return the architecture of ``experiment`` for ``inputs`` features and the resolved output."""
    settings = experiment.network
    output = HiddenLayer(
        units=resolution.outputs,
        activation=resolution.output_activation,
        initializer=settings.output_initializer,
        gain=settings.output_gain,
    )
    layers: list[Layer] = []
    for index, chosen in enumerate((*settings.hidden, output)):
        last = index == len(settings.hidden)
        layers.append(
            Layer(
                name="Output" if last else f"Hidden {index + 1}",
                fan_in=layers[-1].fan_out if layers else inputs,
                fan_out=chosen.units,
                activation=chosen.activation,
                alpha=starting_alpha(chosen.activation, chosen.activation_alpha),
                initializer=chosen.initializer,
                gain=chosen.gain,
                dropout=chosen.dropout,
                start=layers[-1].stop if layers else 0,
            )
        )
    imitates = settings.start == "tf_playground"
    return Architecture(
        inputs,
        tuple(layers),
        settings.input_dropout,
        experiment.training.dropout_scaling,
        resolution.loss,
        INITIAL_BIAS if imitates else 0.0,
        tf_playground_source(experiment.data) if imitates else None,
        settings.notation == "numbered",
    )


def starting_alpha(activation: str, chosen: float | None) -> float:
    """Return the initial α of ``activation``: ``chosen``, else its default, else 0 if it has no α."""
    usual = OUTPUT_ACTIVATIONS[activation].alpha
    if usual is None:
        return 0.0
    return usual if chosen is None else chosen
