"""Arguments of the compiled loop: the update rule, the batches, the vectors it changes, and its buffers."""

from __future__ import annotations

from typing import Final, NamedTuple

from core.arrays import Floats, Integers

# Indices into the vector of settings.
LEARNING_RATE: Final = 0
L1: Final = 1
L2: Final = 2
DECAY: Final = 3
CLIP_NORM: Final = 4
SETTINGS: Final = 5
"""Length of the vector. L2 is added to the gradient, DECAY is passed to the optimizer; infinity disables clipping."""


class Rule(NamedTuple):
    """The update rule: loss, optimizer and their settings.

    Attributes:
        loss: address of the compiled loss.
        takes_pre_activation: whether the loss takes Z of the last layer rather than A.
        optimizer: address of the compiled optimizer.
        settings: learning rate, penalties and clipping, (SETTINGS,).
        hyper_parameters: the optimizer's hyper-parameters, in the order of its arguments.
    """

    loss: int
    takes_pre_activation: bool
    optimizer: int
    settings: Floats
    hyper_parameters: Floats


class Batches(NamedTuple):
    """The training set, and the samples of each step.

    Attributes:
        x_train: features of the training set, row-major.
        y_train: its targets, row-major.
        samples: indices of the samples of all steps in sequence.
        sizes: number of samples of each step.
        masks: the scaled dropout masks, layer by layer and within each layer step by step.
        dropped: (L,) offset of each layer's next mask; each step advances it.
    """

    x_train: Floats
    y_train: Floats
    samples: Integers
    sizes: Integers
    masks: Floats
    dropped: Integers


class Vectors(NamedTuple):
    """The flat vectors, each (P,), that a step reads or modifies in place.

    Attributes:
        parameters: all weights, biases and learned α.
        first_state: the optimizer's first state vector.
        second_state: the optimizer's second state vector.
        before: output: the parameters before the last step.
        last_gradient: output: the last step's gradient, before penalties and clipping.
        gradient: the gradient of the current step.
        trail: output: the parameters after each step, (S · P,), empty if not needed. If only losses are computed, input: the
            parameters at which to compute them.
        losses: output: the loss at each of these parameters (S,), if only losses are computed.
    """

    parameters: Floats
    first_state: Floats
    second_state: Floats
    before: Floats
    last_gradient: Floats
    gradient: Floats
    trail: Floats
    losses: Floats


class Buffers(NamedTuple):
    """Buffers for one batch.

    Attributes:
        Z: pre-activations of all layers, each padded to a multiple of 8 numbers.
        A: the features and all activations, with the layout of Z, like the next two.
        slopes: φ′(Z) of all layers.
        delta: ∂L/∂Z of all layers.
        T: a strip of 8 columns of an operand of the widest product.
        transposed: the transpose of the widest inputs, empty if they are not wide.
        Y: the targets.
        constants: a one, followed by as many zeros as the widest layer has inputs or neurons.
    """

    Z: Floats
    A: Floats
    slopes: Floats
    delta: Floats
    T: Floats
    transposed: Floats
    Y: Floats
    constants: Floats
