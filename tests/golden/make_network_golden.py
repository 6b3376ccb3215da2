"""Generate networks.npz: networks, their gradients and 50 training steps computed by PyTorch in float64.

The tests read the file and never run this script. To regenerate it, in a separate environment:

    python -m venv golden && golden/bin/pip install torch==2.13.0 numpy
    golden/bin/python tests/golden/make_network_golden.py

Weights are stored as (fan_in, fan_out). Inputs, targets, dropout masks and initial parameters are stored with the results,
so that nothing depends on the version of a random generator. ``torch_version`` is the version of PyTorch.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = 50
SAMPLES = 9
L2 = 0.05

Parameters = list[tuple[torch.Tensor, torch.Tensor]]

ACTIVATIONS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "elu": functional.elu,
    "swish": functional.silu,
    "gelu": functional.gelu,
    "identity": lambda z: z,
    "softmax": lambda z: torch.softmax(z, dim=1),
}

# name: (activations, widths, loss of a sample from the output's z and a)
CASES: dict[
    str, tuple[tuple[str, ...], tuple[int, ...], Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]]
] = {
    "squared_error": (("tanh", "swish", "tanh"), (2, 4, 3, 1), lambda _z, a, y: 0.5 * ((a - y) ** 2).sum(1)),
    "binary_cross_entropy": (
        ("elu", "gelu", "sigmoid"),
        (2, 4, 3, 1),
        lambda z, _a, y: functional.binary_cross_entropy_with_logits(z, y, reduction="none").sum(1),
    ),
    "cross_entropy": (
        ("sigmoid", "tanh", "softmax"),
        (2, 4, 3, 3),
        lambda z, _a, y: functional.cross_entropy(z, y, reduction="none"),
    ),
    "huber": (
        ("tanh", "elu", "identity"),
        (2, 4, 3, 1),
        lambda _z, a, y: functional.huber_loss(a, y, reduction="none", delta=1.0).sum(1),
    ),
}

OPTIMIZERS: dict[str, tuple[Callable[..., torch.optim.Optimizer], float, dict[str, float | bool]]] = {
    "sgd": (torch.optim.SGD, 0.3, {}),
    "momentum": (torch.optim.SGD, 0.1, {"momentum": 0.9}),
    "nesterov": (torch.optim.SGD, 0.1, {"momentum": 0.9, "nesterov": True}),
    "adagrad": (torch.optim.Adagrad, 0.1, {}),
    "rmsprop": (torch.optim.RMSprop, 0.01, {}),
    "adam": (torch.optim.Adam, 0.05, {}),
    "adamw": (torch.optim.AdamW, 0.05, {}),
}


def start(widths: tuple[int, ...], rng: np.random.Generator) -> Parameters:
    """Return weights (fan_in, fan_out) and biases of each layer."""
    return [
        (
            torch.tensor(rng.normal(0.0, 0.8, (fan_in, fan_out)), requires_grad=True),
            torch.tensor(rng.normal(0.0, 0.3, fan_out), requires_grad=True),
        )
        for fan_in, fan_out in itertools.pairwise(widths)
    ]


def mean_loss(
    case: str, parameters: Parameters, X: torch.Tensor, Y: torch.Tensor, masks: list[torch.Tensor] | None = None
) -> tuple[torch.Tensor, list[torch.Tensor], list[torch.Tensor]]:
    """Return the mean loss and every layer's Z and A; ``masks`` multiply each layer's inputs."""
    activations, _, loss = CASES[case]
    A, Zs, As = X, [], []
    for index, ((W, b), activation) in enumerate(zip(parameters, activations, strict=True)):
        Z = (A if masks is None else A * masks[index]) @ W + b
        A = ACTIVATIONS[activation](Z)
        Zs.append(Z)
        As.append(A)
    return loss(Zs[-1], As[-1], Y).mean(), Zs, As


def targets(case: str, rng: np.random.Generator) -> np.ndarray:
    """Return the targets Y for the loss."""
    if case == "cross_entropy":
        return np.eye(3)[rng.integers(0, 3, SAMPLES)]
    if case == "binary_cross_entropy":
        return rng.integers(0, 2, (SAMPLES, 1)).astype(np.float64)
    return rng.normal(0.0, 2.0 if case == "huber" else 0.7, (SAMPLES, 1))


def one_pass(case: str, prefix: str, rng: np.random.Generator, *, dropout: bool) -> dict[str, np.ndarray]:
    """Return the results of a forward and a backward pass, with fixed dropout masks if ``dropout``."""
    widths = CASES[case][1]
    X, Y = torch.tensor(rng.normal(0.0, 1.5, (SAMPLES, 2))), torch.tensor(targets(case, rng))
    parameters = start(widths, rng)
    arrays = {f"{prefix}/X": X.numpy(), f"{prefix}/Y": Y.numpy()}
    masks = None
    if dropout:
        rates = (0.25, 0.5, 0.2)
        masks = [
            torch.tensor((rng.random((SAMPLES, width)) >= rate) / (1.0 - rate))
            for width, rate in zip(widths, rates, strict=False)
        ]
        arrays |= {f"{prefix}/mask{index}": mask.numpy() for index, mask in enumerate(masks)}
    loss, Zs, As = mean_loss(case, parameters, X, Y, masks)
    loss.backward()
    arrays[f"{prefix}/loss"] = loss.detach().numpy()
    for index, ((W, b), Z, A) in enumerate(zip(parameters, Zs, As, strict=True)):
        values = {"W": W, "b": b, "Z": Z, "A": A}
        arrays |= {f"{prefix}/{name}{index}": value.detach().numpy() for name, value in values.items()}
        arrays |= {f"{prefix}/dW{index}": W.grad.numpy(), f"{prefix}/db{index}": b.grad.numpy()}
    return arrays


def training(case: str, key: str, decay: float) -> dict[str, np.ndarray]:
    """Return parameters and losses of STEPS steps on the whole batch; weights decay, biases do not."""
    rng = np.random.default_rng(7)
    build, learning_rate, options = OPTIMIZERS[key]
    X, Y = torch.tensor(rng.normal(0.0, 1.5, (SAMPLES, 2))), torch.tensor(targets(case, rng))
    parameters = start(CASES[case][1], rng)
    prefix = f"training/{case}/{key}/{decay:g}"
    arrays = {f"{prefix}/X": X.numpy(), f"{prefix}/Y": Y.numpy()}
    arrays[f"{prefix}/settings"] = np.array([learning_rate, float(options.get("momentum", 0.0))])
    arrays |= {f"{prefix}/start_W{i}": W.detach().numpy().copy() for i, (W, _) in enumerate(parameters)}
    arrays |= {f"{prefix}/start_b{i}": b.detach().numpy().copy() for i, (_, b) in enumerate(parameters)}
    groups = [
        {"params": [W for W, _ in parameters], "weight_decay": decay},
        {"params": [b for _, b in parameters], "weight_decay": 0.0},
    ]
    optimizer = build(groups, lr=learning_rate, **options)
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = mean_loss(case, parameters, X, Y)[0]
        losses.append(float(loss.detach()))
        loss.backward()
        optimizer.step()
    arrays[f"{prefix}/losses"] = np.array(losses)
    arrays |= {f"{prefix}/end_W{i}": W.detach().numpy() for i, (W, _) in enumerate(parameters)}
    return arrays | {f"{prefix}/end_b{i}": b.detach().numpy() for i, (_, b) in enumerate(parameters)}


if __name__ == "__main__":
    everything: dict[str, np.ndarray] = {"torch_version": np.array(torch.__version__)}
    for number, name in enumerate(CASES):
        everything |= one_pass(name, f"pass/{name}", np.random.default_rng(number), dropout=False)
        everything |= one_pass(name, f"dropout/{name}", np.random.default_rng(10 + number), dropout=True)
    for rule in OPTIMIZERS:
        everything |= training("squared_error", rule, 0.0)
        everything |= training("cross_entropy", rule, L2)
    np.savez_compressed(Path(__file__).with_name("networks.npz"), **everything)
