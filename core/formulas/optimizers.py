"""The registry of optimizers: one pure update rule each, with PyTorch's formulas and defaults.

Every rule has the signature ``update(parameter, gradient, first_state, second_state, step, learning_rate, decay,
*hyper_parameters)`` and returns the new ``(parameter, first_state, second_state)``; nothing is modified in place. The two
states have the shape of the parameter and start at 0; each rule names them (velocity; first and second moment) and returns
unused ones unchanged. The hyper-parameters follow in the order declared by the rule's entry. All rules work elementwise, on
arrays of equal shape (such as the flat vector (P,)) and, compiled by Numba, on scalars.

In the formulas, w is ``parameter``, g ``gradient``, α ``learning_rate``, μ ``momentum``, v the velocity, s the sum or running
mean of squared gradients, and m the running mean of gradients; ρ, β₁, β₂ and ε are the hyper-parameters of those names.

``step`` counts updates from 1. ``decay`` is used by AdamW only: λ for weights and 0 for biases, as an array of the
parameter's shape or as one number; for the other rules, L2 is part of the gradient.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from core.arrays import Floats
from core.formulas import training_code as source
from core.formulas.hyper_parameters import BETA_1, BETA_2, MOMENTUM, RHO, HyperParameter, epsilon_with
from core.registry import Entry, registry

if TYPE_CHECKING:
    from collections.abc import Mapping

Update: TypeAlias = Callable[..., "State"]
"""One update; see the module's docstring for the arguments."""

State: TypeAlias = tuple[Floats, Floats, Floats]
"""The new parameter and the new optimizer state."""


class Optimizer(Entry, frozen=True, kw_only=True):
    """One update rule.

    Attributes:
        state: names of the state vectors that the rule uses, at most two.
        hyper_parameters: the rule's hyper-parameters, in the order of its arguments.
        with_momentum: key of the rule to switch to when momentum is set; None if there is none.
        plain: True if the update is exactly −α·g, so that it follows from the gradient alone.
        decoupled_decay: True if L2 shrinks the weights directly (AdamW) instead of entering the gradient.
        corrects_start: True if the rule uses ``step`` to correct the bias of a state that starts at 0; state and step count
            must then be reset together, for all parameters.
        usual_rate: a learning rate that often works; of the adaptive rules PyTorch's default.
        stability: ``stability(momentum)`` → α·λ above which the rule diverges on a quadratic of curvature λ, where the
            characteristic polynomial of the update has the root −1; None if the curvature alone gives no limit.
        stability_formula: the limit on α, as plain text; empty if there is none.
        full_batch_name: what full-batch training by this rule is called in a sentence, with ``{}`` for the momentum.
        code: the rule as source code for exported scripts; None if it cannot be exported.
        update: the rule; see the module's docstring.
    """

    state: tuple[str, ...]
    hyper_parameters: tuple[HyperParameter, ...] = ()
    decoupled_decay: bool
    corrects_start: bool = False
    with_momentum: str | None = None
    plain: bool = False
    usual_rate: float = 0.01
    stability: Callable[[float], float] | None = None
    stability_formula: str = ""
    full_batch_name: str = ""
    code: source.OptimizerCode | None = None
    update: Update

    @property
    def uses_momentum(self) -> bool:
        """Whether the momentum setting has an effect."""
        return MOMENTUM in self.hyper_parameters

    @property
    def offers_momentum(self) -> bool:
        """Whether momentum can be set: the rule uses it, or switches to one that does."""
        return self.uses_momentum or self.with_momentum is not None

    def arguments(self, values: Mapping[str, float]) -> tuple[float, ...]:
        """Return the hyper-parameters in the order of ``update``'s arguments: from ``values`` by key, else their defaults."""
        return tuple(values.get(each.key, each.default) for each in self.hyper_parameters)


def sgd(
    parameter: Floats,
    gradient: Floats,
    first_state: Floats,
    second_state: Floats,
    _step: int,
    learning_rate: float,
    _decay: Floats | float,
) -> State:
    """Return w − α·g."""
    return parameter - learning_rate * gradient, first_state, second_state


def momentum_sgd(
    parameter: Floats,
    gradient: Floats,
    velocity: Floats,
    second_state: Floats,
    _step: int,
    learning_rate: float,
    _decay: Floats | float,
    momentum: float,
) -> State:
    """Return w − α·v with v ← μ·v + g: Polyak's heavy ball.

    Keras writes v ← μ·v − α·g, w ← w + v, which differs when α changes during training; along a constant slope, the
    steps of both are 1/(1 − μ) times as long as those of plain SGD.
    """
    new_velocity = momentum * velocity + gradient
    return parameter - learning_rate * new_velocity, new_velocity, second_state


def nesterov(
    parameter: Floats,
    gradient: Floats,
    velocity: Floats,
    second_state: Floats,
    _step: int,
    learning_rate: float,
    _decay: Floats | float,
    momentum: float,
) -> State:
    """Return w − α·(g + μ·v) with v ← μ·v + g: Nesterov's momentum as in Sutskever et al. 2013.

    As in PyTorch, the gradient is taken at the parameter itself, which represents the look-ahead point.
    """
    new_velocity = momentum * velocity + gradient
    return parameter - learning_rate * (gradient + momentum * new_velocity), new_velocity, second_state


def adagrad(
    parameter: Floats,
    gradient: Floats,
    squared_sum: Floats,
    second_state: Floats,
    _step: int,
    learning_rate: float,
    _decay: Floats | float,
    epsilon: float,
) -> State:
    """Return w − α·g / (√s + ε) with s ← s + g² (Duchi et al. 2011); Keras starts s at 0.1."""
    new_sum = squared_sum + gradient * gradient
    return parameter - learning_rate * gradient / (np.sqrt(new_sum) + epsilon), new_sum, second_state


def rmsprop(
    parameter: Floats,
    gradient: Floats,
    mean_square: Floats,
    second_state: Floats,
    _step: int,
    learning_rate: float,
    _decay: Floats | float,
    rho: float,
    epsilon: float,
) -> State:
    """Return w − α·g / (√s + ε) with s ← ρ·s + (1 − ρ)·g² (Hinton's lecture 6, 2012).

    The defaults are PyTorch's; Keras has ρ = 0.9 and ε = 1e-7.
    """
    new_mean = rho * mean_square + (1.0 - rho) * gradient * gradient
    return parameter - learning_rate * gradient / (np.sqrt(new_mean) + epsilon), new_mean, second_state


def adam(
    parameter: Floats,
    gradient: Floats,
    first_moment: Floats,
    second_moment: Floats,
    step: int,
    learning_rate: float,
    _decay: Floats | float,
    beta_1: float,
    beta_2: float,
    epsilon: float,
) -> State:
    """Return w − α·m̂ / (√ŝ + ε) with m̂ = m/(1 − β₁ᵗ), ŝ = s/(1 − β₂ᵗ), t = ``step`` (Kingma and Ba 2015).

    m ← β₁·m + (1 − β₁)·g, s ← β₂·s + (1 − β₂)·g². Keras adds its ε (1e-7) before the correction of s.
    """
    first = beta_1 * first_moment + (1.0 - beta_1) * gradient
    second = beta_2 * second_moment + (1.0 - beta_2) * gradient * gradient
    # With an integer exponent, compiled code would use repeated multiplication and round differently.
    t = 1.0 * step
    size = np.sqrt(second / (1.0 - beta_2**t)) + epsilon
    return parameter - learning_rate / (1.0 - beta_1**t) * first / size, first, second


def adamw(
    parameter: Floats,
    gradient: Floats,
    first_moment: Floats,
    second_moment: Floats,
    step: int,
    learning_rate: float,
    decay: Floats | float,
    beta_1: float,
    beta_2: float,
    epsilon: float,
) -> State:
    """Return :func:`adam`'s step from w·(1 − α·λ): weight decay decoupled from the gradient (Loshchilov, Hutter 2019).

    λ is ``decay``. As in PyTorch the decay is multiplied by the learning rate; in the paper it is not.
    """
    return adam(
        parameter * (1.0 - learning_rate * decay),
        gradient,
        first_moment,
        second_moment,
        step,
        learning_rate,
        decay,
        beta_1,
        beta_2,
        epsilon,
    )


OPTIMIZERS: Final[Mapping[str, Optimizer]] = registry(
    Optimizer(
        key="sgd",
        code=source.SGD,
        label="SGD",
        formula=r"w \leftarrow w - \alpha g",
        explanation="Step downhill; its length is slope × learning rate.",
        state=(),
        decoupled_decay=False,
        with_momentum="momentum",
        plain=True,
        usual_rate=0.1,
        stability=lambda _momentum: 2.0,
        stability_formula="2/λ",
        full_batch_name="gradient descent",
        update=sgd,
    ),
    Optimizer(
        key="momentum",
        code=source.MOMENTUM,
        label="Momentum",
        formula=r"v \leftarrow \mu v + g, \quad w \leftarrow w - \alpha v",
        explanation=(
            "A heavy ball that keeps a fraction μ of its velocity (PyTorch's rule; Keras includes the learning rate in v)."
        ),
        state=("velocity",),
        hyper_parameters=(MOMENTUM,),
        decoupled_decay=False,
        stability=lambda momentum: 2.0 * (1.0 + momentum),
        stability_formula="2(1 + μ)/λ",
        full_batch_name="descent with momentum {}",
        update=momentum_sgd,
    ),
    Optimizer(
        key="nesterov",
        code=source.NESTEROV,
        label="Nesterov",
        formula=r"v \leftarrow \mu v + g, \quad w \leftarrow w - \alpha (g + \mu v)",
        explanation=(
            "Momentum with a look-ahead, which brakes earlier (PyTorch's form, which takes the gradient at w)."
        ),
        state=("velocity",),
        hyper_parameters=(MOMENTUM,),
        decoupled_decay=False,
        stability=lambda momentum: 2.0 * (1.0 + momentum) / (1.0 + 2.0 * momentum),
        stability_formula="2(1 + μ)/((1 + 2μ)λ)",
        full_batch_name="descent with Nesterov momentum {}",
        update=nesterov,
    ),
    Optimizer(
        key="adagrad",
        code=source.ADAGRAD,
        label="AdaGrad",
        formula=r"s \leftarrow s + g^2, \quad w \leftarrow w - \alpha \frac{g}{\sqrt{s} + \varepsilon}",
        explanation=(
            "Divides each step by the root of the sum of all squared gradients (starting at 0 as in PyTorch; Keras: 0.1)."
        ),
        state=("squared_sum",),
        hyper_parameters=(epsilon_with(1e-10),),
        decoupled_decay=False,
        update=adagrad,
    ),
    Optimizer(
        key="rmsprop",
        code=source.RMSPROP,
        label="RMSProp",
        formula=(
            r"s \leftarrow \rho s + (1 - \rho) g^2, \quad w \leftarrow w - \alpha \frac{g}{\sqrt{s} + \varepsilon}"
        ),
        explanation=("Divides each step by the recent size of the gradient (ρ is 0.99 as in PyTorch; Keras has 0.9)."),
        state=("mean_square",),
        hyper_parameters=(RHO, epsilon_with(1e-8)),
        decoupled_decay=False,
        update=rmsprop,
    ),
    Optimizer(
        key="adam",
        code=source.ADAM,
        label="Adam",
        formula=(
            r"m \leftarrow \beta_1 m + (1 - \beta_1) g, \quad s \leftarrow \beta_2 s + (1 - \beta_2) g^2, \quad"
            r" w \leftarrow w - \alpha \frac{\hat{m}}{\sqrt{\hat{s}} + \varepsilon}"
        ),
        explanation="Momentum and RMSProp combined, both corrected for starting at 0 (ε = 10⁻⁸; Keras has 10⁻⁷).",
        state=("first_moment", "second_moment"),
        hyper_parameters=(BETA_1, BETA_2, epsilon_with(1e-8)),
        decoupled_decay=False,
        corrects_start=True,
        usual_rate=0.001,
        update=adam,
    ),
    Optimizer(
        key="adamw",
        code=source.ADAMW,
        label="AdamW",
        formula=(
            r"w \leftarrow (1 - \alpha \lambda) w, \quad"
            r" w \leftarrow w - \alpha \frac{\hat{m}}{\sqrt{\hat{s}} + \varepsilon}"
        ),
        explanation=(
            "Adam whose L2 shrinks the weights directly, by learning rate × λ (as in PyTorch; in the paper, by λ)."
        ),
        state=("first_moment", "second_moment"),
        hyper_parameters=(BETA_1, BETA_2, epsilon_with(1e-8)),
        decoupled_decay=True,
        corrects_start=True,
        usual_rate=0.001,
        update=adamw,
    ),
)
"""Every optimizer, in menu order."""

HYPER_PARAMETERS: Final[Mapping[str, HyperParameter]] = MappingProxyType(
    {each.key: each for rule in OPTIMIZERS.values() for each in rule.hyper_parameters}
)
"""One hyper-parameter for each key, in menu order; rules that share a key may have different defaults."""

HELPERS: Final[tuple[Update, ...]] = (adam,)
"""Functions that the rules call, which must be registered before compiling."""
