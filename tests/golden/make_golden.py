"""Generate registries.npz: activations, losses and optimizers computed by PyTorch in float64.

The tests read the file and never run this script. To regenerate it, in a separate environment:

    python -m venv golden && golden/bin/pip install torch==2.13.0 numpy
    golden/bin/python tests/golden/make_golden.py

Arrays are named ``what/key/quantity``; the inputs are stored with the results, so that nothing depends on the version of a
random generator. ``torch_version`` is the version of PyTorch.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = 50
DECAY = 0.1
DECAYED = 4  # the first four parameters are weights, the other two biases without decay
LEAKY_ALPHA, PRELU_ALPHA, ELU_ALPHA = 0.01, 0.25, 1.0

ACTIVATIONS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "identity": lambda z: 1.0 * z,
    "threshold": lambda z: torch.heaviside(z.detach(), torch.ones((), dtype=z.dtype)) + 0.0 * z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": functional.relu,
    "leaky_relu": lambda z: functional.leaky_relu(z, LEAKY_ALPHA),
    "prelu": lambda z: functional.prelu(z, torch.tensor([PRELU_ALPHA], dtype=z.dtype)),
    "elu": lambda z: functional.elu(z, ELU_ALPHA),
    "selu": functional.selu,
    "gelu": functional.gelu,
    "swish": functional.silu,
    "softplus": functional.softplus,
    "mish": functional.mish,
}

LOSSES: dict[str, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]] = {
    "squared_error": lambda v, y: 0.5 * functional.mse_loss(v, y, reduction="none").sum(1),
    "binary_cross_entropy": lambda v, y: functional.binary_cross_entropy_with_logits(v, y, reduction="none").sum(1),
    "cross_entropy": lambda v, y: functional.cross_entropy(v, y, reduction="none"),
    "huber": lambda v, y: functional.huber_loss(v, y, reduction="none", delta=1.0).sum(1),
}

OPTIMIZERS: dict[str, tuple[Callable[..., torch.optim.Optimizer], float, dict[str, float | bool]]] = {
    "sgd": (torch.optim.SGD, 0.03, {}),
    "momentum": (torch.optim.SGD, 0.03, {"momentum": 0.9}),
    "nesterov": (torch.optim.SGD, 0.03, {"momentum": 0.9, "nesterov": True}),
    "adagrad": (torch.optim.Adagrad, 0.3, {}),
    "rmsprop": (torch.optim.RMSprop, 0.03, {}),
    "adam": (torch.optim.Adam, 0.1, {}),
    "adamw": (torch.optim.AdamW, 0.1, {}),
}

# The same with other hyper-parameters: PyTorch's options, and the values under this project's names.
OTHER_HYPER_PARAMETERS: dict[str, tuple[dict[str, object], dict[str, float]]] = {
    "momentum": ({"momentum": 0.7}, {"momentum": 0.7}),
    "nesterov": ({"momentum": 0.7, "nesterov": True}, {"momentum": 0.7}),
    "adagrad": ({"eps": 0.01}, {"epsilon": 0.01}),
    "rmsprop": ({"alpha": 0.9, "eps": 0.01}, {"rho": 0.9, "epsilon": 0.01}),
    "adam": ({"betas": (0.7, 0.95), "eps": 0.01}, {"beta_1": 0.7, "beta_2": 0.95, "epsilon": 0.01}),
    "adamw": ({"betas": (0.7, 0.95), "eps": 0.01}, {"beta_1": 0.7, "beta_2": 0.95, "epsilon": 0.01}),
}


def surface(w: torch.Tensor) -> torch.Tensor:
    """Return the function to minimise: an anisotropic bowl with ripples."""
    curvature = torch.tensor([0.1, 0.5, 1.0, 2.0, 4.0, 8.0], dtype=w.dtype)
    centre = torch.tensor([1.0, -1.0, 0.5, -0.5, 0.25, 2.0], dtype=w.dtype)
    return torch.sum(0.5 * curvature * (w - centre) ** 2 - 0.1 * torch.cos(3.0 * w))


def descend(key: str, decay: float, **other_options: object) -> np.ndarray:
    """Return the parameters before and after each of the steps, (STEPS + 1, 6)."""
    build, learning_rate, options = OPTIMIZERS[key]
    options = options | other_options
    start = torch.tensor([0.9, -0.7, 0.0, 1.3, -2.0, 0.4], dtype=torch.float64)
    weights = start[:DECAYED].clone().requires_grad_()
    biases = start[DECAYED:].clone().requires_grad_()
    optimizer = build(
        [{"params": [weights], "weight_decay": decay}, {"params": [biases], "weight_decay": 0.0}],
        lr=learning_rate,
        **options,
    )
    path = [start.numpy().copy()]
    for _ in range(STEPS):
        optimizer.zero_grad()
        surface(torch.cat([weights, biases])).backward()
        optimizer.step()
        path.append(torch.cat([weights, biases]).detach().numpy().copy())
    return np.array(path)


def activation_arrays() -> dict[str, np.ndarray]:
    """Return z and, per activation, its value and slope; PReLU's gradient by α; softmax with its backward pass."""
    z = np.unique(np.concatenate([np.linspace(-12.0, 12.0, 97), [-1000.0, -40.0, -1e-12, 1e-12, 19.5, 40.0, 1000.0]]))
    arrays = {"activations/z": z}
    for key, function in ACTIVATIONS.items():
        inputs = torch.tensor(z, requires_grad=True)
        outputs = function(inputs)
        outputs.sum().backward()
        arrays[f"activations/{key}/value"] = outputs.detach().numpy()
        arrays[f"activations/{key}/slope"] = inputs.grad.numpy()
    alpha = torch.tensor([PRELU_ALPHA], dtype=torch.float64, requires_grad=True)
    functional.prelu(torch.tensor(z), alpha).sum().backward()
    arrays["activations/prelu/alpha_gradient"] = alpha.grad.numpy()

    rng = np.random.default_rng(0)
    Z = torch.tensor(rng.normal(0.0, 4.0, (9, 5)), requires_grad=True)
    upstream = rng.normal(size=(9, 5))
    A = torch.softmax(Z, dim=1)
    A.backward(torch.tensor(upstream))
    arrays |= {"softmax/Z": Z.detach().numpy(), "softmax/A": A.detach().numpy()}
    return arrays | {"softmax/dA": upstream, "softmax/dZ": Z.grad.numpy()}


def loss_arrays() -> dict[str, np.ndarray]:
    """Return per loss the inputs V, targets Y, each sample's value and its gradient by V."""
    rng = np.random.default_rng(1)
    arrays = {}
    for key, function in LOSSES.items():
        V = rng.normal(0.0, 3.0, (12, 4))
        V[0], V[1] = [1000.0, -1000.0, 0.0, 1.0], [-30.0, 30.0, 1e-9, -1e-9]
        Y = {
            "binary_cross_entropy": rng.integers(0, 2, (12, 4)).astype(np.float64),
            "cross_entropy": np.eye(4)[rng.integers(0, 4, 12)],
        }.get(key, rng.normal(0.0, 1.0, (12, 4)))
        inputs = torch.tensor(V, requires_grad=True)
        values = function(inputs, torch.tensor(Y))
        values.sum().backward()
        arrays |= {f"losses/{key}/V": V, f"losses/{key}/Y": Y}
        arrays |= {f"losses/{key}/value": values.detach().numpy(), f"losses/{key}/gradient": inputs.grad.numpy()}
    return arrays


def optimizer_arrays() -> dict[str, np.ndarray]:
    """Return per optimizer its learning rate and momentum and its path with and without weight decay."""
    arrays = {"optimizers/decay": np.array([DECAY] * DECAYED + [0.0] * 2)}
    for key, (_, learning_rate, options) in OPTIMIZERS.items():
        arrays[f"optimizers/{key}/settings"] = np.array([learning_rate, float(options.get("momentum", 0.0))])
        arrays[f"optimizers/{key}/path"] = descend(key, 0.0)
        arrays[f"optimizers/{key}/decayed_path"] = descend(key, DECAY)
    for key, (options, values) in OTHER_HYPER_PARAMETERS.items():
        arrays[f"optimizers/{key}/other_path"] = descend(key, DECAY, **options)
        for name, value in values.items():
            arrays[f"optimizers/{key}/other/{name}"] = np.array(value)
    return arrays


if __name__ == "__main__":
    everything = activation_arrays() | loss_arrays() | optimizer_arrays()
    everything["torch_version"] = np.array(torch.__version__)
    np.savez_compressed(Path(__file__).with_name("registries.npz"), **everything)
