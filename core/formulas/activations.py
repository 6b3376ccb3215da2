"""The registry of activation functions, softmax with its backward pass, and the test for saturation.

The formulas themselves are in :mod:`core.formulas.activation_functions`; each entry here adds a name, the LaTeX and the
limits of the zone that the activation card shades.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np

from core.arrays import Booleans, Floats
from core.formulas import activation_code as source
from core.formulas import activation_functions as f
from core.registry import Entry, registry

if TYPE_CHECKING:
    from collections.abc import Mapping

Formula: TypeAlias = Callable[[Floats, float], Floats]
"""A function of the pre-activation z (any shape) and of α; returns an array of the shape of z."""

TargetCoding: TypeAlias = Literal["signed", "binary", "one_hot"]
"""How classes become target numbers: −1/+1, 0/1 (two classes, one output), or a 1 in the column of the class."""


class Activation(Entry, frozen=True, kw_only=True):
    """One activation a = φ(z), element by element unless ``row_wise``.

    Attributes:
        function: ``function(z, alpha)`` → φ(z), of the shape of ``z``.
        derivative: ``derivative(z, alpha)`` → φ′(z). For the row-wise softmax it is the diagonal of the Jacobian, for
            drawing only; backpropagation uses :func:`softmax_backward`.
        second_derivative: ``second_derivative(z, alpha)`` → φ″(z); not for the row-wise softmax.
        alpha_derivative: ``alpha_derivative(z, alpha)`` → ∂φ/∂α; 0 without α.
        derivative_alpha: ``derivative_alpha(z, alpha)`` → ∂φ′/∂α where training changes α, else 0.
        alpha: initial α of a new layer; None if the activation has no α (then pass any number, such as 0.0).
        alpha_label: label of α's slider; empty without α.
        alpha_hint: one sentence on what α does; empty without α.
        learns_alpha: True if training changes α (PReLU).
        has_slope_alpha: True if the largest |φ′(z)| is |α| on one side of 0 and 1 on the other.
        fires_above: the neuron counts as firing when its activation exceeds this value.
        max_slope: the largest |φ′(z)| over all z, at the default α.
        saturates_below: fraction of the largest slope at or below which z counts as saturated; 0 means only where φ′ is
            exactly 0 (the dead zone of the ReLU family).
        initializer: key of the initializer that preserves the size of signals and gradients through many such layers.
        row_wise: True if one output depends on the whole row of pre-activations (softmax).
        bounded: True if every activation lies between −1 and 1, so that pictures use 1 as full scale.
        class_coding: how two-class targets are coded for an output with this activation, within its range; ``"one_hot"``
            also means one output per class, so that it does not fit a regression.
        code: the activation as source code for exported scripts and models; None if it cannot be exported.
    """

    function: Formula
    derivative: Formula
    second_derivative: Formula = f.no_curvature
    alpha_derivative: Formula = f.no_alpha
    derivative_alpha: Formula = f.no_alpha
    alpha: float | None = None
    alpha_label: str = ""
    alpha_hint: str = ""
    learns_alpha: bool = False
    has_slope_alpha: bool = False
    fires_above: float = 0.0
    max_slope: float = 1.0
    saturates_below: float = 0.05
    initializer: str = "he_normal"
    row_wise: bool = False
    bounded: bool = False
    class_coding: TargetCoding = "signed"
    code: source.ActivationCode | None = None

    @property
    def passes_gradient(self) -> bool:
        """Whether φ′ is anything but 0."""
        return self.max_slope > 0.0

    @property
    def zone(self) -> str:
        """Name of the shaded zone: ``"dead"`` where φ′ is exactly 0, ``"saturated"`` where it is nearly 0."""
        return "saturated" if self.saturates_below > 0.0 else "dead"


ACTIVATIONS: Final[Mapping[str, Activation]] = registry(
    Activation(
        key="identity",
        code=source.IDENTITY,
        label="Identity",
        initializer="xavier_normal",
        formula=r"\varphi(z) = z",
        derivative_formula=r"\varphi'(z) = 1",
        explanation="Passes z on unchanged; layers that only use it collapse into a single linear layer.",
        function=f.identity,
        derivative=f.identity_derivative,
    ),
    Activation(
        key="threshold",
        code=source.THRESHOLD,
        label="Threshold",
        initializer="xavier_normal",
        formula=r"\varphi(z) = \begin{cases} 1 &\; z \ge 0 \\ 0 &\; z < 0 \end{cases}",
        derivative_formula=r"\varphi'(z) = 0",
        explanation="Outputs 1 or 0; its slope is 0 almost everywhere, so no earlier layer learns.",
        function=f.threshold,
        derivative=f.threshold_derivative,
        fires_above=0.5,
        max_slope=0.0,
        saturates_below=0.0,
        bounded=True,
        class_coding="binary",
    ),
    Activation(
        key="sigmoid",
        code=source.SIGMOID,
        label="Sigmoid",
        initializer="xavier_normal",
        formula=r"\varphi(z) = \frac{1}{1 + e^{-z}}",
        derivative_formula=r"\varphi'(z) = \varphi(z)\,(1 - \varphi(z))",
        explanation="Squeezes z between 0 and 1; its slope is at most 0.25, so gradients shrink layer by layer.",
        function=f.sigmoid,
        derivative=f.sigmoid_derivative,
        second_derivative=f.sigmoid_second_derivative,
        fires_above=0.5,
        max_slope=0.25,
        bounded=True,
        class_coding="binary",
    ),
    Activation(
        key="tanh",
        code=source.TANH,
        label="tanh",
        initializer="xavier_normal",
        formula=r"\varphi(z) = \frac{1 - e^{-2z}}{1 + e^{-2z}}",
        derivative_formula=r"\varphi'(z) = 1 - \varphi(z)^2",
        explanation="Squeezes z between -1 and 1 around zero; its slope is 1 at z = 0 and fades on both sides.",
        function=f.tanh,
        derivative=f.tanh_derivative,
        second_derivative=f.tanh_second_derivative,
        bounded=True,
    ),
    Activation(
        key="relu",
        code=source.RELU,
        label="ReLU",
        formula=r"\varphi(z) = \max(z, 0)",
        derivative_formula=r"\varphi'(z) = \begin{cases} 1 &\; z > 0 \\ 0 &\; z \le 0 \end{cases}",
        explanation="Cuts off negative z; the slope is 1 or 0, and a neuron that is 0 for every sample is dead.",
        function=f.relu,
        derivative=f.relu_derivative,
        saturates_below=0.0,
    ),
    Activation(
        key="leaky_relu",
        code=source.LEAKY_RELU,
        label="Leaky ReLU",
        formula=r"\varphi(z) = \begin{cases} z &\; z > 0 \\ \alpha z &\; z \le 0 \end{cases}",
        derivative_formula=r"\varphi'(z) = \begin{cases} 1 &\; z > 0 \\ \alpha &\; z \le 0 \end{cases}",
        explanation="Like ReLU, but lets a small share of negative z through, so that no neuron can die.",
        function=f.leaky_relu,
        derivative=f.leaky_relu_derivative,
        alpha_derivative=f.leaky_relu_alpha,
        alpha=0.01,
        alpha_label="α, slope for z < 0",
        alpha_hint="The slope for negative z; 0 gives ReLU, 1 gives the identity.",
        has_slope_alpha=True,
        saturates_below=0.0,
    ),
    Activation(
        key="prelu",
        code=source.PRELU,
        label="PReLU",
        formula=r"\varphi(z) = \begin{cases} z &\; z > 0 \\ \alpha z &\; z \le 0 \end{cases}",
        derivative_formula=r"\varphi'(z) = \begin{cases} 1 &\; z > 0 \\ \alpha &\; z \le 0 \end{cases}",
        explanation="A leaky ReLU whose slope α for negative z is learned like a weight.",
        function=f.leaky_relu,
        derivative=f.leaky_relu_derivative,
        alpha_derivative=f.leaky_relu_alpha,
        derivative_alpha=f.leaky_relu_derivative_alpha,
        alpha=0.25,
        alpha_label="α, learned slope for z < 0",
        alpha_hint="The slope for negative z at the start; training changes it (0 is ReLU, 0.01 is leaky ReLU).",
        has_slope_alpha=True,
        learns_alpha=True,
        saturates_below=0.0,
    ),
    Activation(
        key="elu",
        code=source.ELU,
        label="ELU",
        formula=r"\varphi(z) = \begin{cases} z &\; z > 0 \\ \alpha (e^z - 1) &\; z \le 0 \end{cases}",
        derivative_formula=r"\varphi'(z) = \begin{cases} 1 &\; z > 0 \\ \alpha e^z &\; z \le 0 \end{cases}",
        explanation="Bends smoothly to -α for negative z, which keeps the mean near 0 but costs an exponential.",
        function=f.elu,
        derivative=f.elu_derivative,
        second_derivative=f.elu_second_derivative,
        alpha_derivative=f.elu_alpha,
        alpha=1.0,
        alpha_label="α, depth for z < 0",
        alpha_hint="The activation levels off at -α for very negative z; 1 makes the curve smooth at 0.",
        has_slope_alpha=True,
    ),
    Activation(
        key="selu",
        code=source.SELU,
        label="SELU",
        initializer="lecun_normal",
        formula=r"\varphi(z) = \lambda \begin{cases} z &\; z > 0 \\ \alpha (e^z - 1) &\; z \le 0 \end{cases}",
        derivative_formula=r"\varphi'(z) = \lambda \begin{cases} 1 &\; z > 0 \\ \alpha e^z &\; z \le 0 \end{cases}",
        explanation="An ELU with fixed constants (1.0507 and 1.6733) that pull each layer towards mean 0, variance 1.",
        function=f.selu,
        derivative=f.selu_derivative,
        second_derivative=f.selu_second_derivative,
        max_slope=f.SELU_SCALE * f.SELU_ALPHA,
    ),
    Activation(
        key="gelu",
        code=source.GELU,
        label="GELU",
        formula=r"\varphi(z) = z\,\Phi(z) = \frac{z}{2} \left(1 + \operatorname{erf} \frac{z}{\sqrt{2}}\right)",
        derivative_formula=r"\varphi'(z) = \Phi(z) + \frac{z}{\sqrt{2\pi}}\, e^{-z^2/2}",
        explanation="Multiplies z by the probability that a standard normal value is smaller: a smooth ReLU.",
        function=f.gelu,
        derivative=f.gelu_derivative,
        second_derivative=f.gelu_second_derivative,
        max_slope=1.128904145185155,  # at z = √2, where φ″ = (2 − z²)·Φ′(z) is 0
    ),
    Activation(
        key="swish",
        code=source.SWISH,
        label="Swish",
        formula=r"\varphi(z) = z\,\sigma(\alpha z) = \frac{z}{1 + e^{-\alpha z}}",
        derivative_formula=r"\varphi'(z) = \sigma(\alpha z) + \alpha z\,\sigma(\alpha z)\,(1 - \sigma(\alpha z))",
        explanation="Multiplies z by its own sigmoid: smooth, dips slightly below 0, and is used in very deep networks.",
        function=f.swish,
        derivative=f.swish_derivative,
        second_derivative=f.swish_second_derivative,
        alpha_derivative=f.swish_alpha,
        alpha=1.0,
        alpha_label="α, sharpness of the bend",
        alpha_hint="The factor inside the sigmoid: 1 is SiLU, 0 gives z/2, and large values approach ReLU.",
        max_slope=1.0998393201288668,  # at z ≈ 2.39936
    ),
    Activation(
        key="softplus",
        code=source.SOFTPLUS,
        label="Softplus",
        formula=r"\varphi(z) = \ln(1 + e^z)",
        derivative_formula=r"\varphi'(z) = \sigma(z) = \frac{1}{1 + e^{-z}}",
        explanation="A ReLU with a rounded corner, always positive; its slope is the sigmoid.",
        function=f.softplus,
        derivative=f.softplus_derivative,
        second_derivative=f.softplus_second_derivative,
    ),
    Activation(
        key="mish",
        code=source.MISH,
        label="Mish",
        formula=r"\varphi(z) = z \tanh(\ln(1 + e^z))",
        derivative_formula=r"\varphi'(z) = t + z\,(1 - t^2)\,\sigma(z), \quad t = \tanh(\ln(1 + e^z))",
        explanation="Multiplies z by the tanh of its softplus: smooth like swish, with a slightly deeper dip below 0.",
        function=f.mish,
        derivative=f.mish_derivative,
        second_derivative=f.mish_second_derivative,
        max_slope=1.088498161251728,  # at z ≈ 1.49057
    ),
)
"""Every activation that a hidden layer can have, in menu order."""


def softmax(Z: Floats) -> Floats:
    """Return the probabilities p_j = e^(z_j) / Σ_k e^(z_k) of each row.

    The row maximum is subtracted first, which prevents overflow and does not change the result. The loop over columns
    replaces NumPy's ``max(axis=1)``, which Numba does not support.

    Args:
        Z: pre-activations, (B, K).

    Returns:
        Probabilities, (B, K); each row sums to 1.
    """
    top = Z[:, 0]
    for k in range(1, Z.shape[1]):
        top = np.maximum(top, Z[:, k])
    E = np.exp(Z - top[:, np.newaxis])
    total: Floats = np.sum(E, axis=1)
    return E / total[:, np.newaxis]


def softmax_backward(A: Floats, dA: Floats) -> Floats:
    """Return ∂L/∂Z from ∂L/∂A through a softmax: the Jacobian ∂p_j/∂z_k = p_j·(δ_jk − p_k) times each row of ``dA``.

    Args:
        A: the probabilities that :func:`softmax` returned, (B, K).
        dA: ∂L/∂A, (B, K).

    Returns:
        ∂L/∂Z = A ∘ (dA − Σ_k dA_k·A_k), (B, K).
    """
    mean: Floats = np.sum(A * dA, axis=1)
    return A * (dA - mean[:, np.newaxis])


def _softmax_activation(Z: Floats, _alpha: float) -> Floats:
    """Return :func:`softmax`, with the signature of every other activation."""
    return softmax(Z)


def _softmax_diagonal(Z: Floats, _alpha: float) -> Floats:
    """Return ∂p_j/∂z_j = p_j·(1 − p_j), (B, K): the diagonal of each row's Jacobian, for drawing only."""
    A = softmax(Z)
    return A * (1.0 - A)


SOFTMAX: Final = Activation(
    key="softmax",
    code=source.SOFTMAX,
    label="Softmax",
    initializer="xavier_normal",
    formula=r"\varphi(z)_j = \frac{e^{z_j}}{\sum_k e^{z_k}}",
    derivative_formula=r"\frac{\partial \varphi_j}{\partial z_k} = \varphi_j\,(\delta_{jk} - \varphi_k)",
    explanation="Turns the outputs into probabilities that sum to 1; the highest one wins.",
    function=_softmax_activation,
    derivative=_softmax_diagonal,
    fires_above=0.5,
    max_slope=0.25,
    row_wise=True,
    bounded=True,
    class_coding="one_hot",
)

OUTPUT_ACTIVATIONS: Final[Mapping[str, Activation]] = registry(*ACTIVATIONS.values(), SOFTMAX)
"""Every activation that the output layer can have: those of the hidden layers in the same order, then softmax."""


def saturated(z: Floats, alpha: float, activation: Activation) -> Booleans:
    """Return where |φ′(z)| is at most ``saturates_below`` times its largest value, so that the neuron hardly learns.

    For the ReLU family and the threshold this is the dead zone, where φ′ is exactly 0.

    Args:
        z: pre-activations, any shape (softmax: (B, K)).
        alpha: the layer's current α; ignored if there is none.
        activation: an entry of :data:`OUTPUT_ACTIVATIONS`.

    Returns:
        A boolean array of the shape of ``z``.
    """
    largest = max(activation.max_slope, abs(alpha)) if activation.has_slope_alpha else activation.max_slope
    slope = np.abs(activation.derivative(z, alpha))
    return np.asarray(slope <= activation.saturates_below * largest)
