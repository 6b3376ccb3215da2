"""Compile each formula of the registries to a loop over whole arrays, which the training loop calls by its address.

No formula is defined here. Each is compiled separately, for pointers, and cached on disk; calling it by its address costs
two nanoseconds per layer. (One function with all of them in a switch took 100 s to compile.) Needs Numba, which is imported
only when something here runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import numpy as np
from msgspec import Struct

import core.formulas.activation_functions
import core.formulas.optimizers
from core.arrays import select
from core.engine.compiled import loop as compiled_loop
from core.engine.compiled import maths as compiled_maths
from core.engine.compiled import passes as compiled_passes
from core.engine.compiled import products as compiled_products
from core.engine.compiled import rows as compiled_rows
from core.engine.compiled import tile as compiled_tile
from core.engine.compiled.parts import Numba, implement, whole_compiler
from core.engine.compiled.rows import cross_entropy_of_rows, softmax_of_rows
from core.engine.compiled.tile import Pointer
from core.formulas.activations import OUTPUT_ACTIVATIONS, Activation, softmax_backward
from core.formulas.losses import LOSSES, Loss
from core.formulas.optimizers import OPTIMIZERS, Optimizer
from core.registry import Entry

OPTIONS: Final[Mapping[str, Any]] = {
    # Without "nnan" and "ninf": a compiler that may assume finite numbers would remove the check for divergence.
    "fastmath": {"contract", "arcp", "nsz", "reassoc"},
    "error_model": "numpy",
}
"""Compiler options: sums may be reordered, and a division by zero gives infinity."""

CALLED_FROM_COMPILED_CODE: Final[Mapping[str, Any]] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""Options of functions that Python does not call; the code that would unpack their arguments is slow to compile."""

_THREE: Final[Any] = np.uint64(3)
_SEVEN: Final[Any] = np.uint64(7)


class Formulas:
    """Addresses of compiled formulas by their keys in a registry; each is compiled, or loaded from the cache, when first used."""

    def __init__(self, compiled: Callable[[Entry], Numba], entries: Mapping[str, Entry]) -> None:
        self._compiled, self._entries = compiled, entries
        self._made: dict[str, Numba] = {}  # keeps the code in memory

    def __getitem__(self, key: str) -> int:
        """Return the address of the formula of ``key``."""
        if key not in self._made:
            self._made[key] = self._compiled(self._entries[key])
        return int(self._made[key].address)

    def __contains__(self, key: str) -> bool:
        """Return whether ``key`` has such a formula."""
        return key in self._entries

    def make(self) -> None:
        """Compile all, or load them from the cache."""
        for key in self._entries:
            self[key]


class Addresses(Struct, frozen=True):
    """Addresses of the compiled formulas, by their keys in the registries."""

    activate: Formulas
    backpropagate: Formulas
    alpha_gradient: Formulas
    loss: Formulas
    optimizer: Formulas


def declare() -> None:
    """Register every function that the loop or a formula calls with Numba, once per process."""
    from llvmlite import binding
    from numba.extending import overload, register_jitable

    # The loops are so short that computing the remainder of an unrolled loop would take longer than the loops.
    binding.set_option("", "-unroll-runtime=false")

    def implemented(function: Callable[..., Any], by: Callable[..., Any]) -> None:
        options: Numba = {"forceinline": True, **CALLED_FROM_COMPILED_CODE, **OPTIONS}
        overload(function, jit_options=options, strict=False)(lambda *_types: by)

    _declare_calls()
    for own in compiled_maths.FUNCTIONS:
        register_jitable(fastmath={"contract"}, error_model="numpy", **CALLED_FROM_COMPILED_CODE)(own)
    inlined: Numba = register_jitable(forceinline=True, **CALLED_FROM_COMPILED_CODE, **OPTIONS)
    for function in {*compiled_loop.PARTS, *compiled_rows.PARTS}:
        inlined(function)
    compiled_tile.declare()
    options: Numba = {"forceinline": True, **CALLED_FROM_COMPILED_CODE, **OPTIONS}
    constant_width: Numba = {"prefer_literal": True, "strict": False, "jit_options": options}
    for function in compiled_products.PARTS_FOR_POINTERS:
        register_jitable(**CALLED_FROM_COMPILED_CODE, **OPTIONS)(function)
    overload(compiled_products.strip, **constant_width)(lambda *_types: compiled_products.strip)
    for formula in set(_elementwise()):
        implemented(formula, compiled_maths.for_numbers(formula))
    implemented(softmax_backward, compiled_maths.for_rows(softmax_backward))


def _declare_calls() -> None:
    """Register the call of a formula by its address, and ``select``."""
    from numba import types
    from numba.core import cgutils

    numba_utilities: Numba = cgutils

    def called(_context: Numba, address: Numba, arguments: Numba) -> Numba:
        def code(context: Numba, builder: Numba, _signature: Numba, values: Numba) -> Numba:
            unpacked = numba_utilities.unpack_tuple(builder, values[1], len(arguments))
            members = iter(zip(arguments, unpacked, strict=True))
            passed = []
            for kind, member in members:
                if isinstance(kind, types.CPointer):
                    passed.append(builder.gep(member, [next(members)[1]]))
                else:
                    passed.append(member)
            returned = context.get_value_type(types.float64)
            function = numba_utilities.ir.FunctionType(returned, [value.type for value in passed])
            return builder.call(builder.inttoptr(values[0], function.as_pointer()), passed)

        return types.float64(address, arguments), code

    def selected(_context: Numba, _condition: Numba, _if_true: Numba, _if_false: Numba) -> Numba:
        def code(_context: Numba, builder: Numba, _signature: Numba, values: Numba) -> Numba:
            return builder.select(*values)

        return types.float64(types.boolean, types.float64, types.float64), code

    implement(compiled_passes.call, called)
    implement(select, selected)


def addresses() -> Addresses:
    """Return the addresses of all formulas."""
    from numba import cfunc, types

    numba_types: Numba = types
    pointer, count, number = numba_types.CPointer(types.float64), types.uint64, types.float64

    def compiled(loop: Callable[[Any], Callable[..., float]], entries: Iterable[Entry], *arguments: Numba) -> Formulas:
        compiled: Numba = cfunc(number(*arguments), cache=True, pipeline_class=whole_compiler(for_c=True), **OPTIONS)
        return Formulas(lambda entry: compiled(loop(entry)), {entry.key: entry for entry in entries})

    activations = OUTPUT_ACTIVATIONS.values()
    row_wise, learning = ([e for e in activations if e.row_wise], [e for e in activations if e.learns_alpha])
    size = (count, count, number)
    return Addresses(
        activate=compiled(_activation_loop, activations, *(pointer,) * 3, *size),
        backpropagate=compiled(_softmax_backward_loop, row_wise, *(pointer,) * 2, count, count),
        alpha_gradient=compiled(_alpha_gradient_loop, learning, *(pointer,) * 2, *size),
        loss=compiled(_loss_loop, LOSSES.values(), *(pointer,) * 3, count, count),
        optimizer=compiled(
            _update_loop, OPTIMIZERS.values(), *(pointer,) * 4, count, types.int64, number, number, pointer
        ),
    )


def _elementwise() -> list[Callable[..., Any]]:
    """Return the formulas that the loop applies to one number at a time, possibly with duplicates."""
    formulas: list[Callable[..., Any]] = [
        *core.formulas.activation_functions.HELPERS,
        *core.formulas.optimizers.HELPERS,
    ]
    for activation in OUTPUT_ACTIVATIONS.values():
        if not activation.row_wise:
            formulas += [activation.function, activation.derivative, activation.alpha_derivative]
    for loss in LOSSES.values():
        if loss.element_value is not None and loss.element_derivative is not None:
            formulas += [loss.element_value, loss.element_derivative]
    return [*formulas, *(optimizer.update for optimizer in OPTIMIZERS.values())]


# -- loops ----------------------------------------------------------------------------------------------------------


def _carray() -> Numba:
    """Return the function that makes an array from a pointer in compiled code."""
    from numba.np.numpy_support import carray

    return carray


def _activation_loop(entry: Activation) -> Callable[..., float]:
    """Return the loop that writes φ(Z) to A and, unless φ is row-wise as softmax, φ′(Z) to S.

    Computing both in one loop shares their exponentials. Up to 7 numbers beyond the end are read and written, to fill the
    last vector.
    """
    function, derivative = entry.function, entry.derivative

    def elementwise_activation(Z: Pointer, A: Pointer, S: Pointer, rows: int, columns: int, alpha: float) -> float:
        for k in range((rows * columns + _SEVEN) >> _THREE << _THREE):
            z = Z[k]
            A[k] = function(z, alpha)
            S[k] = derivative(z, alpha)
        return 0.0

    def row_activation(Z: Pointer, A: Pointer, _S: Pointer, rows: int, columns: int, _alpha: float) -> float:
        softmax_of_rows(Z, A, rows, columns)
        return 0.0

    return row_activation if entry.row_wise else elementwise_activation


def _softmax_backward_loop(_entry: Activation) -> Callable[..., float]:
    """Return the loop that converts the softmax's ∂L/∂A in delta to ∂L/∂Z, in place."""
    carray = _carray()

    def softmax_backward_loop(A: Pointer, delta: Pointer, rows: int, columns: int) -> float:
        result = softmax_backward(carray(A, (rows, columns)), carray(delta, (rows, columns))).ravel()
        for k in range(rows * columns):
            delta[k] = result[k]
        return 0.0

    return softmax_backward_loop


def _alpha_gradient_loop(entry: Activation) -> Callable[..., float]:
    """Return the loop that sums ∂L/∂α = Σ ∂L/∂A · ∂φ/∂α."""
    derivative = entry.alpha_derivative

    def alpha_gradient(Z: Pointer, dA: Pointer, rows: int, columns: int, alpha: float) -> float:
        total: float = 0.0
        for k in range(rows * columns):
            total += dA[k] * derivative(Z[k], alpha)
        return total

    return alpha_gradient


def _loss_loop(entry: Loss) -> Callable[..., float]:
    """Return the loop that writes ∂(mean loss)/∂V to dV and returns the mean loss; only cross-entropy is row-wise."""
    of_element: Numba = entry.element_value
    slope_of_element: Numba = entry.element_derivative

    def elementwise_loss(V: Pointer, Y: Pointer, dV: Pointer, rows: int, columns: int) -> float:
        total, share = 0.0, 1.0 / rows
        for k in range(rows * columns):
            total += of_element(V[k], Y[k])
            dV[k] = slope_of_element(V[k], Y[k]) * share
        return total * share

    def row_loss(V: Pointer, Y: Pointer, dV: Pointer, rows: int, columns: int) -> float:
        return cross_entropy_of_rows(V, Y, dV, rows, columns)

    return elementwise_loss if entry.elementwise else row_loss


def _update_loop(entry: Optimizer) -> Callable[..., float]:
    """Return the loop that updates parameters and optimizer state in place and sums |x| over every number x written."""
    from numba.np.unsafe import ndarray

    # The module is pickled by its name. The intrinsic itself would be pickled with an identifier of this process, and as
    # Numba's cache is keyed by the pickled closure, no other process would find the code.
    arrays: Numba = ndarray
    rule, has_first, has_second = entry.update, len(entry.state) > 0, len(entry.state) > 1
    carray, own = _carray(), len(entry.hyper_parameters)

    def update_loop(
        w: Pointer,
        g: Pointer,
        a: Pointer,
        b: Pointer,
        count: int,
        step: int,
        learning_rate: float,
        decay: float,
        hyper_parameters: Pointer,
    ) -> float:
        arguments = arrays.to_fixed_tuple(carray(hyper_parameters, own), own)
        size = 0.0
        for k in range(count):
            new_w, new_a, new_b = rule(w[k], g[k], a[k], b[k], step, learning_rate, decay, *arguments)
            w[k] = new_w
            size += abs(float(new_w))
            if has_first:
                a[k] = new_a
                size += abs(float(new_a))
            if has_second:
                b[k] = new_b
                size += abs(float(new_b))
        return size

    return update_loop
