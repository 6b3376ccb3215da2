"""Predict the gradient magnitude of each layer, from the forecast of the mean squares."""

from __future__ import annotations

import numpy as np

from core.analysis.forecast import forecast_of_pass, mask_mean_square
from core.analysis.gradient_flow import weight_gradient_norms
from core.arrays import Floats
from core.network import Gradients, Network, Trace


def delta_forecast(network: Network, trace: Trace, gradients: Gradients) -> Floats:
    """Return the predicted root mean square of δ of each layer, (layers,), starting from the output's measured δ.

    NaN where the theory does not apply, as in :func:`core.analysis.forecast.forecast`.
    """
    return np.sqrt(forecast_of_pass(network, trace, gradients).delta_mean_square)


def weight_gradient_forecast(network: Network, trace: Trace, gradients: Gradients) -> Floats:
    """Return the predicted ‖∂L/∂W‖ of each layer, (layers,), starting from the output layer's measured norm.

    Where the theory predicts no gradient for the output's weights, as in front of weights that are all 0, it starts from the
    last layer for which it predicts one.

    ∂L/∂W = aᵀδ has the expected square E‖∂L/∂W‖² = fan_in · fan_out · E[a²] · E[δ²] for one sample, with a the layer's
    inputs. Averaging over samples shrinks the norms of all layers, by a factor that the output's norm supplies; where
    gradients of different samples cancel more than there (often in the first layer), the norm is smaller than predicted.
    NaN where the theory does not apply, or where no measured gradient is a positive finite number.
    """
    predicted = forecast_of_pass(network, trace, gradients)
    layers = network.architecture.layers
    kept = np.array([mask_mean_square(mask) for mask in trace.masks])
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        # The first layer's inputs are measured after dropout.
        inputs = np.append(np.mean(np.square(trace.inputs[0])), predicted.activation_mean_square[:-1] * kept[1:])
        logs = 0.5 * np.log([float(layer.fan_in * layer.fan_out) for layer in layers])
        logs = logs + 0.5 * (np.log(inputs) + np.log(predicted.delta_mean_square))
        norms = weight_gradient_norms(network, gradients)
        usable = np.flatnonzero(np.isfinite(logs) & np.isfinite(norms) & (norms > 0.0))
        if not len(usable):
            return np.full(len(layers), np.nan)
        return np.asarray(norms[usable[-1]] * np.exp(logs - logs[usable[-1]]))
