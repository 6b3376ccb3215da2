"""The noise of mini-batch gradients: their deviation from the full gradient, as a function of the batch size.

It follows from the inner products ⟨g_i, g_j⟩ of the samples' gradients, which can be computed without the per-sample
gradients: for a layer with inputs d and δ = ∂L/∂z they are (d_i·d_j + 1)(δ_i·δ_j), where the 1 stems from the bias.

Source:
    Goodfellow (2015), "Efficient per-example gradient computations"; McCandlish, Kaplan, Amodei et al. (2018), "An empirical
    model of large-batch training", for the noise scale.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from msgspec import Struct

from core.arrays import Floats, Integers, norm
from core.network import Gradients, Network, Trace

ROUNDING: Final = 1e-12
"""Share of ‖ḡ‖² below which a variance, the difference of such squares, is a rounding error."""


class GradientNoise(Struct, frozen=True, eq=False):
    """The spread of the samples' gradients of weights and biases around their mean.

    Attributes:
        centred: (N, N), ⟨g_i − ḡ, g_j − ḡ⟩.
        squared_norm: ‖ḡ‖² of the full gradient.
    """

    centred: Floats
    squared_norm: float

    @property
    def variance(self) -> float:
        """σ² = mean of ‖g_i − ḡ‖²: the expected squared error of a batch of one sample; 0 if it is a rounding error."""
        mean = float(np.mean(np.diag(self.centred)))
        is_rounding = math.isfinite(self.squared_norm) and mean <= ROUNDING * self.squared_norm
        return 0.0 if is_rounding else mean

    @property
    def noise_scale(self) -> float:
        """σ²/‖ḡ‖²: the batch size at which noise and gradient are equally large; inf if the gradient is 0."""
        if self.squared_norm <= 0.0:
            return math.inf if self.variance > 0.0 else math.nan
        return self.variance / self.squared_norm

    def expected_error(self, size: float) -> float:
        """Return E‖ĝ − ḡ‖² = σ²/K of a batch of K = ``size`` samples drawn with replacement."""
        return self.variance / size

    def drawn_errors(self, size: int, batches: int, *, rng: np.random.Generator) -> Floats:
        """Return ‖ĝ − ḡ‖² of ``batches`` batches of ``size`` samples drawn with replacement, (batches,)."""
        samples = len(self.centred)
        shares = rng.multinomial(size, np.full(samples, 1.0 / samples), size=batches) / size
        return np.asarray(np.maximum(np.einsum("ri,ri->r", shares @ self.centred, shares), 0.0))


def gradient_noise(trace: Trace, gradients: Gradients) -> GradientNoise:
    """Return the gradient noise of the samples of ``trace``, excluding learned α."""
    batch = len(gradients.deltas[0])
    products = np.zeros((batch, batch))
    with np.errstate(over="ignore", invalid="ignore"):
        for inputs, delta in zip(trace.inputs, gradients.deltas, strict=True):
            own = delta * batch
            products += (inputs @ inputs.T + 1.0) * (own @ own.T)
        rows = products.mean(axis=0)
        overall = float(rows.mean())
        return GradientNoise(products - rows - rows[:, np.newaxis] + overall, overall)


class BatchComparison(Struct, frozen=True):
    """The gradient of one batch against the full one.

    Attributes:
        size: samples in the batch.
        cosine: cosine of the angle between the two; NaN if one of them is 0.
        ratio: norm of the batch's over that of the full one; inf or NaN if the full gradient is 0.
    """

    size: int
    cosine: float
    ratio: float


def compare_batch(network: Network, X: Floats, Y: Floats, batch: Integers, full: Gradients) -> BatchComparison:
    """Compare the gradient of the samples ``batch`` of (X, Y), without dropout, with ``full``."""
    with np.errstate(over="ignore", invalid="ignore"):
        gradient = network.backward(network.forward(X[batch]), Y[batch]).flat
    length, full_length = norm(gradient), norm(full.flat)
    if not (math.isfinite(length) and math.isfinite(full_length)):
        return BatchComparison(len(batch), math.nan, math.nan)
    if full_length == 0.0:
        return BatchComparison(len(batch), math.nan, math.inf if length > 0.0 else math.nan)
    if length == 0.0:
        return BatchComparison(len(batch), math.nan, 0.0)
    cosine = float(np.dot(gradient / length, full.flat / full_length))
    return BatchComparison(len(batch), min(max(cosine, -1.0), 1.0), length / full_length)
