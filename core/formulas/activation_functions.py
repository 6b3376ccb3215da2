"""The formulas φ(z), φ′(z) and ∂φ/∂α of every activation; :mod:`core.formulas.activations` is their registry.

All take the pre-activation ``z`` (any shape, or a scalar in compiled code) and the parameter ``alpha``, which most of
them ignore, and return an array of the shape of ``z``. They are NumPy expressions that Numba compiles unchanged, and
none overflows for any finite ``z``: exponentials only take arguments that are not positive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from core.arrays import select
from core.formulas.normal_distribution import bell, erf_near, erfcx_far, erfcx_middle, normal_cdf, normal_density

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.arrays import Floats

SELU_ALPHA: Final = 1.6732632423543772
"""α of SELU; with λ below, mean 0 and variance 1 are a fixed point (Klambauer et al. 2017, appendix A)."""

SELU_SCALE: Final = 1.0507009873554805
"""λ of SELU."""


def zero_like(z: Floats) -> Floats:
    """Return 0 in the shape of ``z``; unlike ``numpy.zeros_like`` it also compiles for a scalar."""
    return np.minimum(np.abs(z), 0.0)


def no_alpha(z: Floats, _alpha: float) -> Floats:
    """Return ∂φ/∂α = 0, for activations without a parameter."""
    return zero_like(z)


def no_curvature(z: Floats, _alpha: float) -> Floats:
    """Return φ″(z) = 0, for activations made of straight pieces; their kinks do not count."""
    return zero_like(z)


def identity(z: Floats, _alpha: float) -> Floats:
    """Return φ(z) = z as a new array, so that scaling an activation in place does not change the pre-activation."""
    return 1.0 * z


def identity_derivative(z: Floats, _alpha: float) -> Floats:
    """Return φ′(z) = 1."""
    return zero_like(z) + 1.0


def threshold(z: Floats, _alpha: float) -> Floats:
    """Return φ(z) = 1 for z ≥ 0, else 0 (Rosenblatt's perceptron; at z = 0 the neuron fires)."""
    return select(z >= 0.0, 1.0, 0.0)


def threshold_derivative(z: Floats, _alpha: float) -> Floats:
    """Return φ′(z) = 0, also at the jump, where the derivative does not exist."""
    return zero_like(z)


def logistic(z: Floats) -> Floats:
    """Return σ(z) = 1 / (1 + e^(−z)), with full relative accuracy in both tails."""
    e = np.exp(-np.abs(z))
    return select(z >= 0.0, 1.0, e) / (1.0 + e)


def logistic_slope(z: Floats) -> Floats:
    """Return σ′(z) = σ(z) · (1 − σ(z)) = e / (1 + e)² with e = e^(−|z|), without cancellation in the tails."""
    e = np.exp(-np.abs(z))
    return e / ((1.0 + e) * (1.0 + e))


def logistic_curvature(z: Floats) -> Floats:
    """Return σ″(z) = σ′(z) · (1 − 2σ(z)) = −σ′(z) · tanh(z/2)."""
    return -logistic_slope(z) * np.tanh(0.5 * z)


def sigmoid(z: Floats, _alpha: float) -> Floats:
    """Return φ(z) = 1 / (1 + e^(−z)), between 0 and 1."""
    return logistic(z)


def sigmoid_derivative(z: Floats, _alpha: float) -> Floats:
    """Return φ′(z) = φ(z) · (1 − φ(z)), at most 1/4 (at z = 0)."""
    return logistic_slope(z)


def sigmoid_second_derivative(z: Floats, _alpha: float) -> Floats:
    """Return φ″(z) = φ′(z) · (1 − 2φ(z))."""
    return logistic_curvature(z)


def tanh(z: Floats, _alpha: float) -> Floats:
    """Return φ(z) = (1 − e^(−2z)) / (1 + e^(−2z)), between −1 and 1."""
    return np.tanh(z)


def tanh_derivative(z: Floats, _alpha: float) -> Floats:
    """Return φ′(z) = 1 − tanh²(z) = 4 σ′(2z), at most 1 (at z = 0), without the cancellation of 1 − tanh²."""
    return 4.0 * logistic_slope(z + z)


def tanh_second_derivative(z: Floats, _alpha: float) -> Floats:
    """Return φ″(z) = −2 tanh(z) · (1 − tanh²(z)) = 8 σ″(2z)."""
    return 8.0 * logistic_curvature(z + z)


def relu(z: Floats, _alpha: float) -> Floats:
    """Return φ(z) = max(z, 0) (Nair and Hinton 2010)."""
    return np.maximum(z, 0.0)


def relu_derivative(z: Floats, _alpha: float) -> Floats:
    """Return φ′(z) = 1 for z > 0, else 0; 0 at the kink, as in PyTorch, TensorFlow and JAX."""
    return select(z > 0.0, 1.0, 0.0)


def leaky_relu(z: Floats, alpha: float) -> Floats:
    """Return φ(z) = z for z > 0, else α·z (Maas et al. 2013); PReLU (He et al. 2015) is the same with α learned."""
    return select(z > 0.0, z, alpha * z)


def leaky_relu_derivative(z: Floats, alpha: float) -> Floats:
    """Return φ′(z) = 1 for z > 0, else α; α at the kink, as in PyTorch."""
    return select(z > 0.0, 1.0, alpha)


def leaky_relu_alpha(z: Floats, _alpha: float) -> Floats:
    """Return ∂φ/∂α = min(z, 0)."""
    return np.minimum(z, 0.0)


def leaky_relu_derivative_alpha(z: Floats, _alpha: float) -> Floats:
    """Return ∂φ′/∂α = 0 for z > 0, else 1."""
    return select(z > 0.0, 0.0, 1.0)


def elu(z: Floats, alpha: float) -> Floats:
    """Return φ(z) = z for z > 0, else α·(e^z − 1) (Clevert et al. 2016)."""
    return select(z > 0.0, z, alpha * np.expm1(np.minimum(z, 0.0)))


def elu_derivative(z: Floats, alpha: float) -> Floats:
    """Return φ′(z) = 1 for z > 0, else α·e^z; α at the kink, as in PyTorch."""
    return select(z > 0.0, 1.0, alpha * np.exp(np.minimum(z, 0.0)))


def elu_second_derivative(z: Floats, alpha: float) -> Floats:
    """Return φ″(z) = 0 for z > 0, else α·e^z."""
    return select(z > 0.0, 0.0, alpha * np.exp(np.minimum(z, 0.0)))


def elu_alpha(z: Floats, _alpha: float) -> Floats:
    """Return ∂φ/∂α = e^min(z, 0) − 1."""
    return np.expm1(np.minimum(z, 0.0))


def selu(z: Floats, _alpha: float) -> Floats:
    """Return φ(z) = λ·z for z > 0, else λ·α·(e^z − 1), with the fixed λ, α of Klambauer et al. 2017."""
    return SELU_SCALE * select(z > 0.0, z, SELU_ALPHA * np.expm1(np.minimum(z, 0.0)))


def selu_derivative(z: Floats, _alpha: float) -> Floats:
    """Return φ′(z) = λ for z > 0, else λ·α·e^z; λ·α at the kink, as in PyTorch."""
    return SELU_SCALE * select(z > 0.0, 1.0, SELU_ALPHA * np.exp(np.minimum(z, 0.0)))


def selu_second_derivative(z: Floats, _alpha: float) -> Floats:
    """Return φ″(z) = 0 for z > 0, else λ·α·e^z."""
    return SELU_SCALE * select(z > 0.0, 0.0, SELU_ALPHA * np.exp(np.minimum(z, 0.0)))


def gelu(z: Floats, _alpha: float) -> Floats:
    """Return φ(z) = z·Φ(z), Φ the standard normal distribution function (Hendrycks and Gimpel 2016).

    This is the exact form, PyTorch's default; JAX's default is the tanh approximation, which is off by up to 5e-4.
    """
    return z * normal_cdf(z)


def gelu_derivative(z: Floats, _alpha: float) -> Floats:
    """Return φ′(z) = Φ(z) + z·Φ′(z)."""
    return normal_cdf(z) + z * normal_density(z)


def gelu_second_derivative(z: Floats, _alpha: float) -> Floats:
    """Return φ″(z) = (2 − z²)·Φ′(z)."""
    density = normal_density(z)
    return 2.0 * density - z * (z * density)


def swish(z: Floats, alpha: float) -> Floats:
    """Return φ(z) = z·σ(α·z) (Ramachandran et al. 2017, whose β is α here; with α = 1 PyTorch calls it SiLU)."""
    return z * logistic(alpha * z)


def swish_derivative(z: Floats, alpha: float) -> Floats:
    """Return φ′(z) = σ(α·z) + α·z·σ′(α·z)."""
    return logistic(alpha * z) + z * (alpha * logistic_slope(alpha * z))  # α·z may overflow, where the slope is 0


def swish_second_derivative(z: Floats, alpha: float) -> Floats:
    """Return φ″(z) = 2α·σ′(α·z) + α²·z·σ″(α·z)."""
    return 2.0 * alpha * logistic_slope(alpha * z) + z * (alpha * alpha * logistic_curvature(alpha * z))


def swish_alpha(z: Floats, alpha: float) -> Floats:
    """Return ∂φ/∂α = z²·σ′(α·z)."""
    return z * (z * logistic_slope(alpha * z))


def softplus(z: Floats, _alpha: float) -> Floats:
    """Return φ(z) = ln(1 + e^z); PyTorch returns z itself above 20, which is off by at most 2.1e-9."""
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


def softplus_derivative(z: Floats, _alpha: float) -> Floats:
    """Return φ′(z) = σ(z)."""
    return logistic(z)


def softplus_second_derivative(z: Floats, _alpha: float) -> Floats:
    """Return φ″(z) = σ′(z)."""
    return logistic_slope(z)


def tanh_of_softplus(z: Floats) -> tuple[Floats, Floats]:
    """Return n and m with tanh(ln(1 + e^z)) = n / (n + m): n = e^z·(e^z + 2) and m = 2, for z ≥ 0 both divided by e^2z."""
    e = np.exp(-np.abs(z))
    return select(z >= 0.0, 1.0 + 2.0 * e, e * (e + 2.0)), select(z >= 0.0, 2.0 * e * e, 2.0)


def mish(z: Floats, _alpha: float) -> Floats:
    """Return φ(z) = z·tanh(ln(1 + e^z)) (Misra 2019)."""
    n, m = tanh_of_softplus(z)
    return z * n / (n + m)


def mish_derivative(z: Floats, _alpha: float) -> Floats:
    """Return φ′(z) = t + z·(1 − t²)·σ(z) with t = tanh(ln(1 + e^z)) = n / (n + m), so that 1 − t² = m·(2n + m) / (n + m)²."""
    n, m = tanh_of_softplus(z)
    return n / (n + m) + z * (m / (n + m)) * ((n + n + m) / (n + m)) * logistic(z)


def mish_second_derivative(z: Floats, _alpha: float) -> Floats:
    """Return φ″(z) = (1 − t²)·(2σ(z) + z·(σ′(z) − 2t·σ²(z))) with t as in :func:`mish_derivative`."""
    n, m = tanh_of_softplus(z)
    t, s = n / (n + m), logistic(z)
    return (m / (n + m)) * ((n + n + m) / (n + m)) * (2.0 * s + z * (logistic_slope(z) - 2.0 * t * s * s))


HELPERS: Final[tuple[Callable[..., Floats | tuple[Floats, Floats]], ...]] = (
    *(zero_like, logistic, logistic_slope, tanh_of_softplus),
    *(bell, erf_near, erfcx_middle, erfcx_far, normal_cdf, normal_density),
)
"""Functions that the formulas call; like ``select``, they must be registered before compiling."""
