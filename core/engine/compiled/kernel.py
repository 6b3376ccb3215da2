"""Compile the training loop or load it from the cache."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from msgspec import Struct

from core.engine.compiled import formulas as compiled_formulas
from core.engine.compiled import loop as compiled_loop
from core.engine.compiled.arguments import Batches, Buffers, Rule, Vectors
from core.engine.compiled.formulas import OPTIONS, Addresses
from core.engine.compiled.parts import Numba, whole_compiler
from core.errors import EngineError
from core.experiment import Experiment
from core.experiment.resolution import resolve

CACHE_VARIABLE: Final = "NUMBA_CACHE_DIR"

_FORMULAS: Final = ("normal_distribution", "activation_functions", "activations", "losses", "optimizers", "penalties")
_LOOPS: Final = ("arguments", "maths", "tile", "parts", "products", "rows", "passes", "loop", "formulas")
_COMPILED_MODULES: Final = (
    *("arrays", "registry"),
    *(f"formulas/{name}" for name in _FORMULAS),
    *(f"engine/compiled/{name}" for name in _LOOPS),
)
"""The source files of the compiled code."""


class Kernel(Struct, frozen=True):
    """The compiled loop and the addresses of the compiled formulas."""

    train: Callable[..., int]
    addresses: Addresses


@cache
def load() -> Kernel:
    """Compile the loop, or load it from the cache, once per process (0.6 s from the cache, 4 s without).

    Raises:
        EngineError: Numba is missing or does not work here.
    """
    # Numba itself detects only changes of the loop's own file, so the folder depends on all source files.
    os.environ[CACHE_VARIABLE] = str(cache_folder())
    try:
        import numba

        _configure(numba.config)
        compiled_formulas.declare()
        addresses = compiled_formulas.addresses()
        options: Numba = {"no_cfunc_wrapper": True, "pipeline_class": whole_compiler(for_c=False), **OPTIONS}
        train = numba.njit(_signature(), nogil=True, cache=True, **options)(compiled_loop.train)
    except Exception as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise EngineError(f"the compiled engine could not be loaded ({reason})") from error
    return Kernel(train, addresses)


def compile_default() -> None:
    """Compile what the default experiment needs, or load it from the cache.

    Raises:
        EngineError: as :func:`load`.
    """
    addresses, experiment = load().addresses, Experiment()
    resolution = resolve(experiment, "classification", 2)
    for activation in (*(layer.activation for layer in experiment.network.hidden), resolution.output_activation):
        addresses.activate[activation]
    addresses.loss[resolution.loss]
    addresses.optimizer[experiment.training.optimizer]


def compile_rest() -> None:
    """Compile every formula, or load it from the cache.

    Raises:
        EngineError: as :func:`load`.
    """
    addresses = load().addresses
    for formulas in (addresses.activate, addresses.loss, addresses.optimizer):
        formulas.make()
    addresses.backpropagate.make()
    addresses.alpha_gradient.make()


def is_loaded() -> bool:
    """Return whether this process has loaded the loop, so that it can be used without delay."""
    return load.cache_info().currsize > 0


def _configure(configuration: Numba) -> None:
    """Make Numba reload its environment variables; raise if they disable compilation."""
    configuration.reload_config()
    if configuration.DISABLE_JIT:
        raise RuntimeError("NUMBA_DISABLE_JIT is set")


def cache_folder() -> Path:
    """Return the folder for compiled code of these sources, in the user's cache or $NUMBA_CACHE_DIR.

    Raises:
        EngineError: the user has no home directory.
    """
    here = Path(__file__).parents[2]
    digest = hashlib.sha256(b"".join((here / f"{name}.py").read_bytes() for name in _COMPILED_MODULES))
    name = f"formulas-{digest.hexdigest()[:16]}"
    given = os.environ.get(CACHE_VARIABLE)
    base = Path(given) if given else _user_cache() / "nn-playground" / "numba"
    # A child process inherits the folder chosen by its parent.
    return (base.parent if base.name.startswith("formulas-") else base) / name


def cache_stamp() -> str:
    """Return everything that Numba's cache depends on: the source files, the versions of Python and Numba, the CPU.

    Raises:
        ImportError: Numba is not installed.
    """
    from importlib.metadata import version

    from llvmlite import binding

    host: Numba = binding
    here = Path(__file__).parents[2]
    states = [(here / f"{name}.py").stat() for name in _COMPILED_MODULES]
    files = [f"{here} {[(state.st_mtime_ns, state.st_size) for state in states]}"]
    return "\n".join([*files, sys.version, f"numba {version('numba')}", f"{host.get_host_cpu_name()}\n"])


def _user_cache() -> Path:
    try:
        if sys.platform == "win32":
            return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Caches"
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError as error:  # a user without an account, as in some containers
        raise EngineError(f"the compiled engine could not be loaded ({error})") from error


def _signature() -> Numba:
    from numba import types as numba_types

    types: Numba = numba_types
    floats, counts, table = types.float64[::1], types.uint64[::1], types.uint64[:, ::1]
    count, address = types.int64, types.int64
    rule = types.NamedTuple((address, types.boolean, address, floats, floats), Rule)
    batches = types.NamedTuple((floats, floats, counts, counts, floats, counts), Batches)
    vectors, buffers = (types.NamedUniTuple(floats, len(each._fields), each) for each in (Vectors, Buffers))
    return types.int64(table, count, count, rule, batches, vectors, buffers)
