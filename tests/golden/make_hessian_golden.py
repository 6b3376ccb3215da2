"""Generate hessians.npz: Hessian–vector products and largest eigenvalues of small networks computed by PyTorch.

The tests read the file and never run this script. To regenerate it, in a separate environment:

    python -m venv golden && golden/bin/pip install torch==2.13.0 numpy
    golden/bin/python tests/golden/make_hessian_golden.py
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

ALPHA = 0.25
SHAPES = (3, 5, 4)
ACTIVATIONS = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "elu": functional.elu,
    "selu": functional.selu,
    "gelu": functional.gelu,
    "swish": functional.silu,
    "softplus": functional.softplus,
    "mish": functional.mish,
    "leaky_relu": lambda z: functional.leaky_relu(z, 0.01),
    "identity": lambda z: 1.0 * z,
}
LOSSES = {
    "squared_error": (2, lambda z, y: 0.5 * ((torch.tanh(z) - y) ** 2).sum(1).mean()),
    "binary_cross_entropy": (
        1,
        lambda z, y: functional.binary_cross_entropy_with_logits(z, y, reduction="none").sum(1).mean(),
    ),
    "cross_entropy": (3, lambda z, y: functional.cross_entropy(z, y)),
    "huber": (2, lambda z, y: functional.huber_loss(z, y, reduction="none").sum(1).mean()),
    "softmax_squared_error": (3, lambda z, y: 0.5 * ((torch.softmax(z, 1) - y) ** 2).sum(1).mean()),
}


def targets(loss: str, outputs: int, rng: np.random.Generator) -> np.ndarray:
    """Return targets Y (12, outputs) for ``loss``."""
    if loss == "binary_cross_entropy":
        return rng.integers(0, 2, (12, outputs)).astype(np.float64)
    if loss in ("cross_entropy", "softmax_squared_error"):
        return np.eye(outputs)[rng.integers(0, outputs, 12)]
    return rng.normal(0.0, 1.0, (12, outputs))


def arrays_of(activation: str, loss: str, seed: int) -> dict[str, np.ndarray]:
    """Return X, Y, weights and biases layer by layer, a direction, its product with the Hessian, and the eigenvalues."""
    rng = np.random.default_rng(seed)
    outputs, value = LOSSES[loss]
    widths = (*SHAPES, outputs)
    X, Y = rng.normal(size=(12, widths[0])), targets(loss, outputs, rng)
    pieces = [rng.normal(0.0, 0.7, n) for a, b in pairwise(widths) for n in (a * b, b)]
    flat = np.concatenate(pieces)
    direction = rng.normal(size=len(flat))

    def mean_loss(parameters: torch.Tensor) -> torch.Tensor:
        A, at = torch.tensor(X), 0
        for layer, (a, b) in enumerate(pairwise(widths)):
            W, at = parameters[at : at + a * b].reshape(a, b), at + a * b
            Z, at = A @ W + parameters[at : at + b], at + b
            A = ACTIVATIONS[activation](Z) if layer < len(widths) - 2 else Z
        return value(A, torch.tensor(Y))

    hessian = torch.autograd.functional.hessian(mean_loss, torch.tensor(flat)).numpy()
    return {
        "X": X,
        "Y": Y,
        "parameters": flat,
        "direction": direction,
        "product": hessian @ direction,
        "eigenvalues": np.linalg.eigvalsh(hessian),
    }


def main() -> None:
    """Write hessians.npz beside this file."""
    everything = {"torch_version": np.array(torch.__version__)}
    for number, activation in enumerate(ACTIVATIONS):
        for other, loss in enumerate(LOSSES):
            for name, array in arrays_of(activation, loss, 100 * number + other).items():
                everything[f"{activation}/{loss}/{name}"] = array
    np.savez_compressed(Path(__file__).with_name("hessians.npz"), **everything)


if __name__ == "__main__":
    main()
