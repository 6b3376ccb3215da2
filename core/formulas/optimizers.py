"""The table of optimizers: one pure update rule each, with PyTorch's formulas and default constants.

Every rule has the signature ``update(parameter, gradient, slot_a, slot_b, step, learning_rate, momentum, decay)`` and
returns the new ``(parameter, slot_a, slot_b)``; nothing is changed in place. Slots are the optimizer's memory, of the
shape of the parameter and 0 at the start; a rule returns the slots it has no use for as they came. All work element by
element, on arrays of any one shape (the flat vector (P,)) and, compiled by Numba, on scalars.

``step`` counts updates from 1. ``momentum`` is μ. ``decay`` is used by AdamW only: λ for weights and 0 for biases, as
an array of the parameter's shape or as one number; the other rules get L2 through the gradient.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from core.arrays import Floats
from core.registry import Row, registry

if TYPE_CHECKING:
    from collections.abc import Mapping

Update: TypeAlias = Callable[[Floats, Floats, Floats, Floats, int, float, float, Floats | float], "State"]
"""One step; the arguments are explained in the module's text."""

State: TypeAlias = tuple[Floats, Floats, Floats]
"""The new parameter, slot a and slot b."""

ADAGRAD_EPSILON: Final = 1e-10
RMSPROP_MEMORY: Final = 0.99
RMSPROP_EPSILON: Final = 1e-8
ADAM_BETA_1: Final = 0.9
ADAM_BETA_2: Final = 0.999
ADAM_EPSILON: Final = 1e-8


@dataclass(frozen=True, kw_only=True)
class Optimizer(Row):
    """One rule that turns gradients into steps.

    Attributes:
        slots: how many of the two slots the rule uses, 0 to 2; slot a is used first.
        uses_momentum: True if the momentum setting has an effect.
        with_momentum: key of the rule that this one becomes when it is given momentum; None if it has none to become.
        plain: True if the step is −α·g and nothing else, so that it is known from the gradient alone.
        decoupled_decay: True if L2 shrinks the weights directly (AdamW) instead of entering the gradient.
        corrects_start: True if the rule corrects for its memory having begun at 0, by ``step``: memory and count of steps
            then have to begin together, for all parameters.
        update: the rule, see the module's text.
    """

    slots: int
    uses_momentum: bool
    decoupled_decay: bool
    corrects_start: bool = False
    with_momentum: str | None = None
    plain: bool = False
    update: Update

    @property
    def offers_momentum(self) -> bool:
        """Whether the momentum setting can be moved: the rule uses it, or becomes one that does."""
        return self.uses_momentum or self.with_momentum is not None


def sgd(
    parameter: Floats,
    gradient: Floats,
    slot_a: Floats,
    slot_b: Floats,
    _step: int,
    learning_rate: float,
    _momentum: float,
    _decay: Floats | float,
) -> State:
    """Return w − α·g."""
    return parameter - learning_rate * gradient, slot_a, slot_b


def momentum_sgd(
    parameter: Floats,
    gradient: Floats,
    slot_a: Floats,
    slot_b: Floats,
    _step: int,
    learning_rate: float,
    momentum: float,
    _decay: Floats | float,
) -> State:
    """Return w − α·v with v ← μ·v + g (slot a): Polyak's heavy ball.

    Keras writes v ← μ·v − α·g, w ← w + v, which differs when α changes on the way; both take 1/(1 − μ) times longer
    steps than plain SGD along a constant slope.
    """
    velocity = momentum * slot_a + gradient
    return parameter - learning_rate * velocity, velocity, slot_b


def nesterov(
    parameter: Floats,
    gradient: Floats,
    slot_a: Floats,
    slot_b: Floats,
    _step: int,
    learning_rate: float,
    momentum: float,
    _decay: Floats | float,
) -> State:
    """Return w − α·(g + μ·v) with v ← μ·v + g (slot a): Nesterov's momentum as in Sutskever et al. 2013.

    As in PyTorch the gradient is taken at the parameter itself, which stands for the point ahead of the ball.
    """
    velocity = momentum * slot_a + gradient
    return parameter - learning_rate * (gradient + momentum * velocity), velocity, slot_b


def adagrad(
    parameter: Floats,
    gradient: Floats,
    slot_a: Floats,
    slot_b: Floats,
    _step: int,
    learning_rate: float,
    _momentum: float,
    _decay: Floats | float,
) -> State:
    """Return w − α·g / (√s + ε) with s ← s + g² (slot a), ε = 1e-10 (Duchi et al. 2011); Keras starts s at 0.1."""
    total = slot_a + gradient * gradient
    return parameter - learning_rate * gradient / (np.sqrt(total) + ADAGRAD_EPSILON), total, slot_b


def rmsprop(
    parameter: Floats,
    gradient: Floats,
    slot_a: Floats,
    slot_b: Floats,
    _step: int,
    learning_rate: float,
    _momentum: float,
    _decay: Floats | float,
) -> State:
    """Return w − α·g / (√s + ε) with s ← 0.99·s + 0.01·g² (slot a), ε = 1e-8 (Hinton's lecture 6, 2012).

    Keras forgets faster (0.9) and has ε = 1e-7.
    """
    mean_square = RMSPROP_MEMORY * slot_a + (1.0 - RMSPROP_MEMORY) * gradient * gradient
    return parameter - learning_rate * gradient / (np.sqrt(mean_square) + RMSPROP_EPSILON), mean_square, slot_b


def adam(
    parameter: Floats,
    gradient: Floats,
    slot_a: Floats,
    slot_b: Floats,
    step: int,
    learning_rate: float,
    _momentum: float,
    _decay: Floats | float,
) -> State:
    """Return w − α·m̂ / (√ŝ + ε) with m̂ = m/(1 − β₁ᵗ), ŝ = s/(1 − β₂ᵗ), t = ``step`` (Kingma and Ba 2015).

    m ← β₁·m + (1 − β₁)·g (slot a), s ← β₂·s + (1 − β₂)·g² (slot b), β₁ = 0.9, β₂ = 0.999, ε = 1e-8. Keras adds its
    ε (1e-7) before the correction of s.
    """
    mean = ADAM_BETA_1 * slot_a + (1.0 - ADAM_BETA_1) * gradient
    mean_square = ADAM_BETA_2 * slot_b + (1.0 - ADAM_BETA_2) * gradient * gradient
    # With an integer exponent compiled code would multiply step by step and round differently.
    t = 1.0 * step
    size = np.sqrt(mean_square / (1.0 - ADAM_BETA_2**t)) + ADAM_EPSILON
    return parameter - learning_rate / (1.0 - ADAM_BETA_1**t) * mean / size, mean, mean_square


def adamw(
    parameter: Floats,
    gradient: Floats,
    slot_a: Floats,
    slot_b: Floats,
    step: int,
    learning_rate: float,
    momentum: float,
    decay: Floats | float,
) -> State:
    """Return :func:`adam`'s step from w·(1 − α·λ): weight decay decoupled from the gradient (Loshchilov, Hutter 2019).

    λ is ``decay``. As in PyTorch the decay is multiplied by the learning rate; in the paper it is not.
    """
    return adam(
        parameter * (1.0 - learning_rate * decay), gradient, slot_a, slot_b, step, learning_rate, momentum, decay
    )


OPTIMIZERS: Final[Mapping[str, Optimizer]] = registry(
    Optimizer(
        key="sgd",
        label="SGD",
        formula=r"w \leftarrow w - \alpha g",
        explanation="Step downhill; its length is slope × learning rate.",
        slots=0,
        uses_momentum=False,
        decoupled_decay=False,
        with_momentum="momentum",
        plain=True,
        update=sgd,
    ),
    Optimizer(
        key="momentum",
        label="Momentum",
        formula=r"v \leftarrow \mu v + g, \quad w \leftarrow w - \alpha v",
        explanation=(
            "A heavy ball that keeps a share μ of its speed (PyTorch's rule; Keras puts the learning rate into v)."
        ),
        slots=1,
        uses_momentum=True,
        decoupled_decay=False,
        update=momentum_sgd,
    ),
    Optimizer(
        key="nesterov",
        label="Nesterov",
        formula=r"v \leftarrow \mu v + g, \quad w \leftarrow w - \alpha (g + \mu v)",
        explanation=(
            "Momentum that looks one step ahead, which brakes earlier (PyTorch's form, which takes the gradient at w)."
        ),
        slots=1,
        uses_momentum=True,
        decoupled_decay=False,
        update=nesterov,
    ),
    Optimizer(
        key="adagrad",
        label="AdaGrad",
        formula=r"s \leftarrow s + g^2, \quad w \leftarrow w - \alpha \frac{g}{\sqrt{s} + \varepsilon}",
        explanation=(
            "Each weight's steps shrink with all the gradients it has had (summed from 0 as in PyTorch; Keras: 0.1)."
        ),
        slots=1,
        uses_momentum=False,
        decoupled_decay=False,
        update=adagrad,
    ),
    Optimizer(
        key="rmsprop",
        label="RMSProp",
        formula=(
            r"s \leftarrow \rho s + (1 - \rho) g^2, \quad w \leftarrow w - \alpha \frac{g}{\sqrt{s} + \varepsilon},"
            r" \quad \rho = 0.99"
        ),
        explanation=(
            "Divides each step by the recent size of the gradient (memory 0.99 as in PyTorch; Keras has 0.9)."
        ),
        slots=1,
        uses_momentum=False,
        decoupled_decay=False,
        update=rmsprop,
    ),
    Optimizer(
        key="adam",
        label="Adam",
        formula=(
            r"m \leftarrow \beta_1 m + (1 - \beta_1) g, \quad s \leftarrow \beta_2 s + (1 - \beta_2) g^2, \quad"
            r" w \leftarrow w - \alpha \frac{\hat{m}}{\sqrt{\hat{s}} + \varepsilon}"
        ),
        explanation="Momentum and RMSProp together, both corrected for having started at 0 (ε = 10⁻⁸; Keras has 10⁻⁷).",
        slots=2,
        uses_momentum=False,
        decoupled_decay=False,
        corrects_start=True,
        update=adam,
    ),
    Optimizer(
        key="adamw",
        label="AdamW",
        formula=(
            r"w \leftarrow (1 - \alpha \lambda) w, \quad"
            r" w \leftarrow w - \alpha \frac{\hat{m}}{\sqrt{\hat{s}} + \varepsilon}"
        ),
        explanation=(
            "Adam whose L2 shrinks the weights directly, by learning rate times λ (as in PyTorch; not so in the paper)."
        ),
        slots=2,
        uses_momentum=False,
        decoupled_decay=True,
        corrects_start=True,
        update=adamw,
    ),
)
"""Every optimizer, in menu order."""

HELPERS: Final[tuple[Update, ...]] = (adam,)
"""Functions that the rules call: a compiler has to be told of these by name."""
