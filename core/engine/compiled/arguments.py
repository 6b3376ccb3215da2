"""What the compiled loop is given: the update rule, the batches, the vectors it changes, and room to compute in."""

from __future__ import annotations

from typing import Final, NamedTuple

from core.arrays import Floats, Integers

# Places in the vector of settings.
LEARNING_RATE: Final = 0
L1: Final = 1
L2: Final = 2
DECAY: Final = 3
CLIP_NORM: Final = 4
SETTINGS: Final = 5
"""Length of the vector: L2 enters the gradient, the decay goes to the optimizer; no clipping is an infinite norm."""


class Rule(NamedTuple):
    """What turns predictions into steps.

    Attributes:
        loss: address of the loss.
        takes_pre_activation: whether the loss takes Z of the last layer, else it takes A.
        optimizer: address of the optimizer.
        settings: learning rate, penalties and clipping, (SETTINGS,).
        hyper_parameters: the optimizer's own, in its order.
    """

    loss: int
    takes_pre_activation: bool
    optimizer: int
    settings: Floats
    hyper_parameters: Floats


class Batches(NamedTuple):
    """The training set, and which of its samples each step takes.

    Attributes:
        x_train: features of the training set, row by row.
        y_train: its targets, row by row.
        samples: indices of the samples of all steps, one step after the other.
        sizes: how many of them each step takes.
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
    """The flat vectors, each (P,), that a step reads or changes in place.

    Attributes:
        parameters: all weights, biases and learned α.
        first_state: the optimizer's first vector.
        second_state: the optimizer's second vector.
        before: afterwards the parameters before the last step.
        last_gradient: afterwards the last step's gradient, before penalties and clipping.
        gradient: the gradient of the present step.
    """

    parameters: Floats
    first_state: Floats
    second_state: Floats
    before: Floats
    last_gradient: Floats
    gradient: Floats


class Room(NamedTuple):
    """Workspace for one batch.

    Attributes:
        Z: pre-activations of all layers, where the place for each is a multiple of 8 numbers.
        A: the features and all activations, laid out as Z like the next two.
        slopes: φ′(Z) of all layers.
        delta: ∂L/∂Z of all layers.
        T: a strip of 8 columns of a factor in the widest product, and behind it for wide inputs transposed.
        Y: the targets.
        constants: a one, then as many zeros as the widest layer has inputs or neurons.
    """

    Z: Floats
    A: Floats
    slopes: Floats
    delta: Floats
    T: Floats
    Y: Floats
    constants: Floats
