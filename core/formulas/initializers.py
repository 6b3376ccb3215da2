"""The registry of weight initializers: each scales standard draws, so that a gain rescales weights without redrawing.

W = gain · scale(fan_in, fan_out) · draws, with draws of unit size taken once from the layer's stream.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np

from core.registry import Entry, registry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.arrays import Floats

Distribution: TypeAlias = Literal["none", "uniform", "normal", "orthogonal"]
"""The kind of standard draws: fixed values, U(−1, 1), N(0, 1), or a random orthogonal matrix."""


class Initializer(Entry, frozen=True, kw_only=True):
    """One way to choose the weights W (fan_in, fan_out) of a layer before training.

    Attributes:
        distribution: the kind of standard draws.
        scale: ``scale(fan_in, fan_out)`` → the factor on the standard draws at gain 1: the half-width of a uniform
            distribution, the standard deviation of a normal one.
        scale_code: the same as an expression in ``n_in`` and ``n_out`` for exported scripts; empty if it cannot be exported.
    """

    distribution: Distribution
    scale: Callable[[int, int], float]
    scale_code: str = ""

    def variance(self, fan_in: int, fan_out: int, gain: float = 1.0) -> float:
        """Return the theoretical variance of one weight.

        s²/3 for U(−s, s), s² for N(0, s²), s²/max(fan_in, fan_out) for an orthogonal matrix times s, and 0 where all
        weights are equal; s = gain · scale(fan_in, fan_out).
        """
        size = gain * self.scale(fan_in, fan_out)
        if self.distribution == "none":
            return 0.0
        divisor = {"uniform": 3.0, "normal": 1.0, "orthogonal": float(max(fan_in, fan_out))}[self.distribution]
        return size * size / divisor


def _one(_fan_in: int, _fan_out: int) -> float:
    return 1.0


def _half(_fan_in: int, _fan_out: int) -> float:
    return 0.5


def _zero(_fan_in: int, _fan_out: int) -> float:
    return 0.0


def _fan_in_bound(fan_in: int, _fan_out: int) -> float:
    return 1.0 / math.sqrt(fan_in)


def _xavier_bound(fan_in: int, fan_out: int) -> float:
    return math.sqrt(6.0 / (fan_in + fan_out))


def _xavier_deviation(fan_in: int, fan_out: int) -> float:
    return math.sqrt(2.0 / (fan_in + fan_out))


def _he_bound(fan_in: int, _fan_out: int) -> float:
    return math.sqrt(6.0 / fan_in)


def _he_deviation(fan_in: int, _fan_out: int) -> float:
    return math.sqrt(2.0 / fan_in)


INITIALIZERS: Final[Mapping[str, Initializer]] = registry(
    Initializer(
        key="zeros",
        label="Zeros",
        formula=r"w = 0",
        explanation="Every weight is 0: all neurons of a layer are clones, and no gradient reaches earlier layers.",
        distribution="none",
        scale=_zero,
        scale_code="0.0",
        good_for="showing what goes wrong",
    ),
    Initializer(
        key="constant",
        label="Constant",
        formula=r"w = \frac{1}{2}",
        explanation="Every weight is 0.5: all neurons of a layer compute the same value and stay identical.",
        distribution="none",
        scale=_half,
        scale_code="0.5",
        good_for="showing what goes wrong",
    ),
    Initializer(
        key="uniform",
        label="Uniform ±0.5",
        formula=r"w \sim U\left({-\frac{1}{2}}, \frac{1}{2}\right)",
        explanation="Uniform between -0.5 and 0.5 whatever the layer's width, as in TensorFlow Playground.",
        distribution="uniform",
        scale=_half,
        scale_code="0.5",
        good_for="small networks",
    ),
    Initializer(
        key="normal",
        label="Normal, σ = 1",
        formula=r"w \sim N(0, 1)",
        explanation="Standard normal whatever the layer's width: too large on purpose for all but narrow layers.",
        distribution="normal",
        scale=_one,
        scale_code="1.0",
        good_for="showing weights that are too large",
    ),
    Initializer(
        key="fan_in_uniform",
        label="Uniform ±1/√fan-in",
        formula=r"w \sim U\left({-\frac{1}{\sqrt{n_\mathrm{in}}}}, \frac{1}{\sqrt{n_\mathrm{in}}}\right)",
        explanation="The more inputs a neuron has, the smaller its weights, so that the weighted sum keeps its size.",
        distribution="uniform",
        scale=_fan_in_bound,
        scale_code="1 / math.sqrt(n_in)",
        good_for="sigmoid, tanh",
    ),
    Initializer(
        key="xavier_uniform",
        label="Xavier uniform",
        formula=r"w \sim U({-s}, s), \quad s = \sqrt{\frac{6}{n_\mathrm{in} + n_\mathrm{out}}}",
        explanation="Balances forward signals and backward gradients; drawn from a uniform distribution.",
        distribution="uniform",
        scale=_xavier_bound,
        scale_code="math.sqrt(6 / (n_in + n_out))",
        good_for="sigmoid, tanh",
    ),
    Initializer(
        key="xavier_normal",
        label="Xavier normal",
        formula=r"w \sim N(0, \sigma^2), \quad \sigma = \sqrt{\frac{2}{n_\mathrm{in} + n_\mathrm{out}}}",
        explanation="Balances forward signals and backward gradients; drawn from a normal distribution.",
        distribution="normal",
        scale=_xavier_deviation,
        scale_code="math.sqrt(2 / (n_in + n_out))",
        good_for="sigmoid, tanh",
    ),
    Initializer(
        key="he_uniform",
        label="He uniform",
        formula=r"w \sim U({-s}, s), \quad s = \sqrt{\frac{6}{n_\mathrm{in}}}",
        explanation="Twice the variance of 1/fan-in, because ReLU removes half the signal; drawn from a uniform distribution.",
        distribution="uniform",
        scale=_he_bound,
        scale_code="math.sqrt(6 / n_in)",
        good_for="ReLU family, ELU",
    ),
    Initializer(
        key="he_normal",
        label="He normal",
        formula=r"w \sim N(0, \sigma^2), \quad \sigma = \sqrt{\frac{2}{n_\mathrm{in}}}",
        explanation="Twice the variance of 1/fan-in, because ReLU removes half the signal; drawn from a normal distribution.",
        distribution="normal",
        scale=_he_deviation,
        scale_code="math.sqrt(2 / n_in)",
        good_for="ReLU family, ELU",
    ),
    Initializer(
        key="lecun_normal",
        label="LeCun normal",
        formula=r"w \sim N(0, \sigma^2), \quad \sigma = \sqrt{\frac{1}{n_\mathrm{in}}}",
        explanation="Variance 1/fan-in keeps the size of the signal for activations that are linear around 0.",
        distribution="normal",
        scale=_fan_in_bound,
        scale_code="1 / math.sqrt(n_in)",
        good_for="SELU, tanh",
    ),
    Initializer(
        key="orthogonal",
        label="Orthogonal",
        formula=(
            r"W^{\top} W = I \;\; (n_\mathrm{in} \ge n_\mathrm{out}), \quad"
            r" W W^{\top} = I \;\; (n_\mathrm{in} < n_\mathrm{out})"
        ),
        explanation="A random rotation: it preserves lengths and angles of the signals from layer to layer.",
        distribution="orthogonal",
        scale=_one,
        scale_code="1.0",
        good_for="deep networks",
    ),
)
"""Every initializer, in menu order.

Sources: LeCun, Bottou, Orr and Müller, Efficient BackProp (1998), section 4.6 (``lecun_normal``); Glorot and Bengio
(2010), eq. 1 (``fan_in_uniform``), 12 and 16 (``xavier``); He, Zhang, Ren and Sun (2015), eq. 10 (``he``); Saxe,
McClelland and Ganguli (2014) (``orthogonal``). PyTorch's default for a linear layer is ``fan_in_uniform``; Keras
truncates normal draws at two standard deviations; this module does not.
"""


def standard_draws(initializer: Initializer, fan_in: int, fan_out: int, *, rng: np.random.Generator) -> Floats:
    """Return the draws of unit size that :func:`initial_weights` scales, (fan_in, fan_out).

    U(−1, 1), N(0, 1), or Q with orthonormal columns (rows where fan_in < fan_out); 1 for ``constant`` and 0 for
    ``zeros``, which do not use ``rng``. Q comes from a QR decomposition of normal draws; the signs are fixed by the
    diagonal of R, without which Q would not be uniformly distributed (Mezzadri 2007).
    """
    shape = (fan_in, fan_out)
    if initializer.distribution == "uniform":
        return rng.uniform(-1.0, 1.0, shape)
    if initializer.distribution == "normal":
        return rng.standard_normal(shape)
    if initializer.distribution == "orthogonal":
        Q, R = np.linalg.qr(rng.standard_normal((max(shape), min(shape))))
        Q = Q * np.where(np.diagonal(R) < 0.0, -1.0, 1.0)
        return np.ascontiguousarray(Q if fan_in >= fan_out else Q.T)
    return np.full(shape, 0.0 if initializer.scale(fan_in, fan_out) == 0.0 else 1.0)


def initial_weights(initializer: Initializer, draws: Floats, gain: float) -> Floats:
    """Return W = gain · scale(fan_in, fan_out) · draws, (fan_in, fan_out).

    Args:
        initializer: an entry of :data:`INITIALIZERS`.
        draws: what :func:`standard_draws` returned, (fan_in, fan_out).
        gain: the weight scale, 1 for the initializer as published.
    """
    fan_in, fan_out = draws.shape
    return gain * initializer.scale(fan_in, fan_out) * draws


def density(initializer: Initializer, fan_in: int, fan_out: int, gain: float, x: Floats) -> Floats | None:
    """Return the theoretical probability density of one weight at each ``x``, or None if it has none.

    Weights that take discrete values have no density: ``zeros``, ``constant``, gain 0, and the orthogonal
    1 × 1 matrix (±1). An orthogonal matrix's entry is a coordinate of a uniformly random unit vector in n =
    max(fan_in, fan_out) dimensions; its exact density is Γ(n/2) / (√π Γ((n−1)/2)) · (1 − x²)^((n−3)/2) for |x| < 1.

    Args:
        initializer: an entry of :data:`INITIALIZERS`.
        fan_in: inputs of the layer.
        fan_out: outputs of the layer.
        gain: the weight scale.
        x: where to evaluate, any shape.

    Returns:
        The density, of the shape of ``x``, integrating to 1.
    """
    size = abs(gain * initializer.scale(fan_in, fan_out))
    dimension = max(fan_in, fan_out)
    if size == 0.0 or initializer.distribution == "none":
        return None
    u = np.abs(x) / size
    if initializer.distribution == "uniform":
        return np.where(u <= 1.0, 0.5 / size, 0.0)
    if initializer.distribution == "normal":
        return np.exp(-0.5 * np.minimum(u, 40.0) ** 2) / (size * math.sqrt(2.0 * math.pi))
    if dimension == 1:
        return None
    log_constant = math.lgamma(dimension / 2) - math.lgamma((dimension - 1) / 2) - 0.5 * math.log(math.pi)
    inside = np.where(u < 1.0, 1.0 - u * u, 1.0)
    return np.where(u < 1.0, math.exp(log_constant) * inside ** ((dimension - 3) / 2) / size, 0.0)
