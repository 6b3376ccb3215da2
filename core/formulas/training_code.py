"""Every loss and optimizer as source code for NumPy, PyTorch and Keras, for exported scripts.

The registries :mod:`core.formulas.losses` and :mod:`core.formulas.optimizers` refer to these constants; the tests compare
each with its function.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct


class LossCode(Struct, frozen=True, kw_only=True):
    """One loss as source code: the loss of each sample, from the targets ``y`` and what the loss takes.

    Attributes:
        numpy: expression in ``y`` and the prediction ``a``, or the pre-activation ``z`` if the loss takes that.
        numpy_slope: its derivative with respect to ``a``, or to ``z``; the latter may use the output's activation ``a``.
        torch: expression in ``y`` and ``out``, the result of the network.
        keras: the same for Keras.
    """

    numpy: str
    numpy_slope: str
    torch: str
    keras: str


class OptimizerCode(Struct, frozen=True, kw_only=True):
    """One update rule as source code.

    Attributes:
        numpy: statements that update parameter ``p`` in place, given its gradient ``g``; each state vector of the rule
            is a list of arrays with index ``i``, and ``t`` counts updates from 1.
        numpy_decay: expression of the factor on weights if weight decay is decoupled; empty otherwise.
        torch: class.
        torch_arguments: its arguments besides the learning rate.
        keras: class.
        keras_arguments: its arguments besides the learning rate.
        keras_note: how Keras' rule differs; empty if it is the same.
    """

    numpy: tuple[str, ...]
    numpy_decay: str = ""
    torch: str
    torch_arguments: tuple[str, ...] = ()
    keras: str
    keras_arguments: tuple[str, ...] = ()
    keras_note: str = ""


SQUARED_ERROR: Final = LossCode(
    numpy="0.5 * ((a - y) ** 2).sum(axis=1)",
    numpy_slope="a - y",
    torch="0.5 * ((out - y) ** 2).sum(dim=1)",
    keras="0.5 * keras.ops.sum((out - y) ** 2, axis=1)",
)
BINARY_CROSS_ENTROPY: Final = LossCode(
    numpy="(np.logaddexp(0, z) - y * z).sum(axis=1)",
    numpy_slope="a - y",
    torch='F.binary_cross_entropy_with_logits(out, y, reduction="none").sum(dim=1)',
    keras="keras.ops.sum(keras.ops.binary_crossentropy(y, out, from_logits=True), axis=1)",
)
CROSS_ENTROPY: Final = LossCode(
    numpy="np.logaddexp.reduce(z, axis=1) - (y * z).sum(axis=1)",
    numpy_slope="a - y",
    torch='F.cross_entropy(out, y, reduction="none")',
    keras="keras.ops.categorical_crossentropy(y, out, from_logits=True)",
)
HUBER: Final = LossCode(
    numpy="np.where(np.abs(a - y) <= 1, 0.5 * (a - y) ** 2, np.abs(a - y) - 0.5).sum(axis=1)",
    numpy_slope="np.clip(a - y, -1, 1)",
    torch='F.huber_loss(out, y, reduction="none").sum(dim=1)',
    keras=("keras.ops.sum(keras.ops.where(abs(out - y) <= 1, 0.5 * (out - y) ** 2, abs(out - y) - 0.5), axis=1)"),
)

SGD: Final = OptimizerCode(numpy=("p -= LEARNING_RATE * g",), torch="torch.optim.SGD", keras="keras.optimizers.SGD")
MOMENTUM: Final = OptimizerCode(
    numpy=("velocity[i] = MOMENTUM * velocity[i] + g", "p -= LEARNING_RATE * velocity[i]"),
    torch="torch.optim.SGD",
    torch_arguments=("momentum=MOMENTUM",),
    keras="keras.optimizers.SGD",
    keras_arguments=("momentum=MOMENTUM",),
)
NESTEROV: Final = OptimizerCode(
    numpy=("velocity[i] = MOMENTUM * velocity[i] + g", "p -= LEARNING_RATE * (g + MOMENTUM * velocity[i])"),
    torch="torch.optim.SGD",
    torch_arguments=("momentum=MOMENTUM", "nesterov=MOMENTUM > 0"),
    keras="keras.optimizers.SGD",
    keras_arguments=("momentum=MOMENTUM", "nesterov=True"),
)
ADAGRAD: Final = OptimizerCode(
    numpy=("squared_sum[i] += g * g", "p -= LEARNING_RATE * g / (np.sqrt(squared_sum[i]) + EPSILON)"),
    torch="torch.optim.Adagrad",
    torch_arguments=("eps=EPSILON",),
    keras="keras.optimizers.Adagrad",
    keras_arguments=("initial_accumulator_value=0.0", "epsilon=EPSILON**2"),
    keras_note="Keras adds epsilon inside the root, so it is squared here, and the losses drift apart over time",
)
RMSPROP: Final = OptimizerCode(
    numpy=(
        "mean_square[i] = RHO * mean_square[i] + (1 - RHO) * g * g",
        "p -= LEARNING_RATE * g / (np.sqrt(mean_square[i]) + EPSILON)",
    ),
    torch="torch.optim.RMSprop",
    torch_arguments=("alpha=RHO", "eps=EPSILON"),
    keras="keras.optimizers.RMSprop",
    keras_arguments=("rho=RHO", "epsilon=EPSILON**2"),
    keras_note="Keras adds epsilon inside the root, so it is squared here, and the losses drift apart over time",
)
_ADAM: Final = (
    "first_moment[i] = BETA_1 * first_moment[i] + (1 - BETA_1) * g",
    "second_moment[i] = BETA_2 * second_moment[i] + (1 - BETA_2) * g * g",
    "size = np.sqrt(second_moment[i] / (1 - BETA_2**t)) + EPSILON",
    "p -= LEARNING_RATE / (1 - BETA_1**t) * first_moment[i] / size",
)
_KERAS_ADAM_NOTE: Final = "Keras adds epsilon before it corrects the second moment, so steps differ for small gradients"
ADAM: Final = OptimizerCode(
    numpy=_ADAM,
    torch="torch.optim.Adam",
    torch_arguments=("betas=(BETA_1, BETA_2)", "eps=EPSILON"),
    keras="keras.optimizers.Adam",
    keras_arguments=("beta_1=BETA_1", "beta_2=BETA_2", "epsilon=EPSILON"),
    keras_note=_KERAS_ADAM_NOTE,
)
ADAMW: Final = OptimizerCode(
    numpy=_ADAM,
    numpy_decay="1 - LEARNING_RATE * L2",
    torch="torch.optim.AdamW",
    torch_arguments=("betas=(BETA_1, BETA_2)", "eps=EPSILON"),
    keras="keras.optimizers.AdamW",
    keras_arguments=("beta_1=BETA_1", "beta_2=BETA_2", "epsilon=EPSILON"),
    keras_note=_KERAS_ADAM_NOTE,
)
