"""The engines to measure; each returns, for the same work, a function that takes a number of steps."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from networks import LEARNING_RATE, Work

from core.training.trainer import Trainer

Run = Callable[[int], object]
"""Takes a number of steps, which must be a multiple of STEPS_AT_ONCE, and returns when they are computed."""

STEPS_AT_ONCE = 64


class AbsentError(Exception):
    """The engine is not available here; the message gives the reason."""


def numpy_engine(work: Work) -> Run:
    return Trainer(work.case.experiment, work.data, "numpy").run


def compiled_engine(work: Work) -> Run:
    return Trainer(work.case.experiment, work.data, "compiled").run


class CLoop:
    """The hand-written C loop, which is compiled at the start of the benchmark."""

    def __init__(self) -> None:
        compiler = shutil.which("gcc")
        if compiler is None:
            raise AbsentError("no gcc")
        self._folder = tempfile.TemporaryDirectory(prefix="nn-playground-bench-")
        source, library = Path(__file__).with_name("c_loop.c"), Path(self._folder.name) / "c_loop.so"
        options = ["-O3", "-march=native", "-ffast-math", "-shared", "-fPIC"]
        subprocess.run([compiler, *options, "-o", library, source, "-lm"], check=True)
        self._train = ctypes.CDLL(str(library)).train

    def __call__(self, work: Work) -> Run:
        widths = np.array(work.widths, dtype=np.int64)
        parameters = np.concatenate([part.ravel() for pair in work.matrices for part in pair])
        x, y, order = work.x, work.y, work.order

        def pointer(array: Any) -> Any:
            return array.ctypes.data_as(ctypes.c_void_p)

        def run(steps: int) -> Any:
            self._train(
                *(ctypes.c_long(len(widths) - 1), pointer(widths), ctypes.c_long(work.case.batch)),
                *(ctypes.c_long(work.samples), pointer(x), pointer(y), pointer(order)),
                *(ctypes.c_double(LEARNING_RATE), ctypes.c_long(steps), pointer(parameters)),
            )
            return parameters

        return run


def _torch() -> Any:
    try:
        import torch
    except ImportError:
        raise AbsentError("not installed") from None
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    return torch


def torch_eager(work: Work, *, compiled: bool = False) -> Run:
    torch = _torch()
    layers: list[Any] = []
    for W, b in work.matrices:
        linear = torch.nn.Linear(*W.shape)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(W.T.copy()))
            linear.bias.copy_(torch.from_numpy(b))
        layers += [linear, torch.nn.Tanh()]
    model = torch.nn.Sequential(*layers)
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE)
    x, y, batch = torch.from_numpy(work.x), torch.from_numpy(work.y), work.case.batch

    def loss_of(x: Any, y: Any) -> Any:
        return 0.5 * ((model(x) - y) ** 2).sum() / batch

    loss = torch.compile(loss_of) if compiled else loss_of

    def run(steps: int) -> None:
        at = 0
        for _ in range(steps):
            optimizer.zero_grad()
            loss(x[at : at + batch], y[at : at + batch]).backward()
            optimizer.step()
            at = (at + batch) % work.samples

    return run


def torch_compiled(work: Work) -> Run:
    run = torch_eager(work, compiled=True)
    try:
        run(2)
    except Exception as error:
        raise AbsentError(f"does not work here: {type(error).__name__}") from error
    return run


def scikit_learn(work: Work) -> Run:
    try:
        from sklearn.neural_network import MLPRegressor
    except ImportError:
        raise AbsentError("not installed") from None
    model = MLPRegressor(
        hidden_layer_sizes=work.case.hidden,
        activation="tanh",
        solver="sgd",
        alpha=0.0,
        batch_size=work.case.batch,
        learning_rate_init=LEARNING_RATE,
        momentum=0.0,
        nesterovs_momentum=False,
    )
    x, batch = work.x, work.case.batch
    y = work.y if work.y.shape[1] > 1 else work.y.ravel()

    def run(steps: int) -> None:
        at = 0
        for _ in range(steps):
            model.partial_fit(x[at : at + batch], y[at : at + batch])
            at = (at + batch) % work.samples

    return run


def jax_scan(work: Work) -> Run:
    try:
        import jax
        import jax.numpy as jnp
    except ImportError:
        raise AbsentError("not installed") from None
    jax.config.update("jax_enable_x64", True)
    batch = work.case.batch
    x = jnp.asarray(work.x.reshape(-1, batch, work.x.shape[1]))
    y = jnp.asarray(work.y.reshape(-1, batch, work.y.shape[1]))

    def loss(parameters: Any, x: Any, y: Any) -> Any:
        for W, b in parameters:
            x = jnp.tanh(x @ W + b)
        return 0.5 * jnp.sum((x - y) ** 2) / batch

    def step(parameters: Any, k: Any) -> Any:
        gradient = jax.grad(loss)(parameters, x[k % len(x)], y[k % len(x)])
        return jax.tree.map(lambda w, g: w - LEARNING_RATE * g, parameters, gradient), None

    many = jax.jit(lambda parameters, ks: jax.lax.scan(step, parameters, ks)[0])
    state = jax.tree.map(jnp.asarray, work.matrices)
    chunks = [jnp.arange(size) for size in (4096, STEPS_AT_ONCE)]
    for chunk in chunks:
        many(state, chunk)  # compiled once for each length

    def run(steps: int) -> None:
        nonlocal state
        for chunk in chunks:
            for _ in range(steps // len(chunk)):
                state = many(state, chunk)
            steps %= len(chunk)
        jax.block_until_ready(state)

    return run
