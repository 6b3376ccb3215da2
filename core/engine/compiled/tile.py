"""The innermost block of a matrix product as SIMD code, registered with Numba as LLVM IR.

A loop over 4 or 8 neurons is too short for the compiler to vectorize: it would check at run time whether the arrays overlap
and whether there are 32 columns, and then run the scalar loop.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias, TypeVar

from core.arrays import Floats

Numba: TypeAlias = Any
"""An untyped Numba object."""

Pointer: TypeAlias = Any
"""A C array of doubles in compiled code: it has no length, and indices start at 0."""

Operands: TypeAlias = tuple[Pointer, int, int, Pointer, int, Pointer, int, int, int, Pointer, int, int, int]
"""(C, c, c_row, start, s, P, p, p_row, p_inner, Q, q, q_inner, inner), as :func:`tile` explains."""

DotOperands: TypeAlias = tuple[Pointer, int, float, Pointer, int, Pointer, int]
"""(C, c, start, P, p, Q, inner), as :func:`dots` explains."""

Arrays = TypeVar("Arrays", bound=tuple[Any, ...])

ALIGNMENT: Final = 8
"""Alignment in bytes; a row of a matrix may start at any double."""

CONTRACT: Final = ("contract",)
"""Allows fused multiply-add."""


def tile(operands: Operands, rows: int, columns: int) -> None:
    """Set C[r, j] = start[j] + Σ_k P[r, k]·Q[k, j] for ``rows`` rows and ``columns`` columns, both compile-time constants.

    Compiled code keeps C in registers until the sums are complete. C[r, j] is at ``c + r·c_row + j``, start[j] at
    ``s + j``, P[r, k] at ``p + r·p_row + k·p_inner`` and Q[k, j] at ``q + k·q_inner + j``, with ``inner`` terms k.
    """
    C, c, c_row, start, s, P, p, p_row, p_inner, Q, q, q_inner, inner = operands
    for r in range(rows):
        for j in range(columns):
            terms = (P[p + r * p_row + k * p_inner] * Q[q + k * q_inner + j] for k in range(inner))
            C[c + r * c_row + j] = start[s + j] + sum(terms)


def dots(operands: DotOperands, rows: int) -> None:
    """Set C[r] = start + Σ_k P[r, k]·Q[k] for ``rows`` rows, a compile-time constant.

    Compiled code adds four terms at a time. C[r] is at ``c + r``, P[r, k] at ``p + r·inner + k`` and Q[k] at ``k``, with
    ``inner`` terms k.
    """
    C, c, start, P, p, Q, inner = operands
    for r in range(rows):
        C[c + r] = start + sum(P[p + r * inner + k] * Q[k] for k in range(inner))


def transpose_block(T: Pointer, t: int, t_row: int, W: Pointer, w: int, w_row: int) -> None:
    """Set T[j, i] = W[i, j] for 4 rows and columns; T[j, i] is at ``t + j·t_row + i``, W[i, j] at ``w + i·w_row + j``."""
    for i in range(4):
        for j in range(4):
            T[t + j * t_row + i] = W[w + i * w_row + j]


def pointer_to(V: Floats | Pointer, offset: int) -> Pointer:
    """Return a pointer to V[offset]."""
    return V[offset:]


def without_counting(arrays: Arrays) -> Arrays:
    """Return the tuple with its arrays, in compiled code without reference counting.

    The caller must keep the arrays alive; reference counting at each inner call would cost a quarter of a small step.
    """
    return arrays


def declare() -> None:
    """Register the functions above with Numba."""
    _declare_tile()
    _declare_dots()
    _declare_transpose_block()
    _declare_pointer_to()
    _declare_without_counting()


def _declare_tile() -> None:
    from llvmlite import ir
    from numba import types
    from numba.core import cgutils
    from numba.extending import intrinsic, overload

    numba_utilities: Numba = cgutils
    llvm: Numba = ir

    def typed(_context: Numba, operands: Numba, rows: Numba, columns: Numba) -> Numba:
        if not (isinstance(rows, types.IntegerLiteral) and isinstance(columns, types.IntegerLiteral)):
            return None
        vector = llvm.VectorType(llvm.DoubleType(), columns.literal_value)
        broadcast = llvm.Constant(llvm.VectorType(llvm.IntType(32), columns.literal_value), None)
        first = llvm.IntType(32)(0)

        def code(context: Numba, builder: Numba, _signature: Numba, values: Numba) -> Numba:
            unpacked = numba_utilities.unpack_tuple(builder, values[0], len(operands))
            C, c, c_row, start, s, P, p, p_row, p_inner, Q, q, q_inner, inner = unpacked

            def block(base: Numba, offset: Numba) -> Numba:
                return builder.bitcast(builder.gep(base, [offset]), vector.as_pointer())

            def numbers(base: Numba, offset: Numba) -> Numba:
                return builder.load(block(base, offset), align=ALIGNMENT)

            begun = numbers(start, s)
            sums = [numba_utilities.alloca_once_value(builder, begun) for _ in range(rows.literal_value)]
            with numba_utilities.for_range(builder, inner, intp=inner.type) as loop:
                of_q = numbers(Q, builder.add(q, builder.mul(loop.index, q_inner)))
                at = builder.add(p, builder.mul(loop.index, p_inner))
                for total in sums:
                    number = builder.load(builder.gep(P, [at]))
                    one = builder.insert_element(llvm.Constant(vector, llvm.Undefined), number, first)
                    product = builder.fmul(builder.shuffle_vector(one, one, broadcast), of_q, flags=CONTRACT)
                    builder.store(builder.fadd(builder.load(total), product, flags=CONTRACT), total)
                    at = builder.add(at, p_row)
            for total in sums:
                builder.store(builder.load(total), block(C, c), align=ALIGNMENT)
                c = builder.add(c, c_row)
            return llvm.Constant(context.get_value_type(types.none), None)

        return types.none(operands, rows, columns), code

    vectorized: Numba = intrinsic(prefer_literal=True)(typed)
    overload(tile, prefer_literal=True, strict=False)(
        lambda *_types: lambda operands, rows, columns: vectorized(operands, rows, columns)
    )


def _declare_dots() -> None:
    from llvmlite import ir
    from numba import types
    from numba.core import cgutils
    from numba.extending import intrinsic, overload

    numba_utilities: Numba = cgutils
    llvm: Numba = ir
    double, vector = llvm.DoubleType(), llvm.VectorType(llvm.DoubleType(), 4)
    summed = llvm.FunctionType(double, [double, vector])

    def typed(_context: Numba, operands: Numba, rows: Numba) -> Numba:
        if not isinstance(rows, types.IntegerLiteral):
            return None

        def code(context: Numba, builder: Numba, _signature: Numba, values: Numba) -> Numba:
            C, c, start, P, p, Q, inner = numba_utilities.unpack_tuple(builder, values[0], len(operands))
            add_up = numba_utilities.get_or_insert_function(builder.module, summed, "llvm.vector.reduce.fadd.v4f64")

            def four(base: Numba, offset: Numba) -> Numba:
                at = builder.bitcast(builder.gep(base, [offset]), vector.as_pointer())
                return builder.load(at, align=ALIGNMENT)

            def number(base: Numba, offset: Numba) -> Numba:
                return builder.load(builder.gep(base, [offset]))

            def add_products(of: Callable[[Numba, Numba], Numba], k: Numba, sums: list[Numba]) -> None:
                of_q, at = of(Q, k), builder.add(p, k)
                for total in sums:
                    product = builder.fmul(of(P, at), of_q, flags=CONTRACT)
                    builder.store(builder.fadd(builder.load(total), product, flags=CONTRACT), total)
                    at = builder.add(at, inner)

            zeros = llvm.Constant(vector, [0.0] * 4)
            fours = [numba_utilities.alloca_once_value(builder, zeros) for _ in range(rows.literal_value)]
            whole = builder.and_(inner, inner.type(-4))
            with numba_utilities.for_range_slice(builder, inner.type(0), whole, inner.type(4), inner.type) as (k, _):
                add_products(four, k, fours)
            ones = []
            for total in fours:
                value = builder.call(add_up, [start, builder.load(total)], fastmath=("reassoc",))
                ones.append(numba_utilities.alloca_once_value(builder, value))
            with numba_utilities.for_range_slice(builder, whole, inner, inner.type(1), inner.type) as (k, _):
                add_products(number, k, ones)
            for total in ones:
                builder.store(builder.load(total), builder.gep(C, [c]))
                c = builder.add(c, c.type(1))
            return llvm.Constant(context.get_value_type(types.none), None)

        return types.none(operands, rows), code

    vectorized: Numba = intrinsic(prefer_literal=True)(typed)
    overload(dots, prefer_literal=True, strict=False)(lambda *_types: lambda operands, rows: vectorized(operands, rows))


def _declare_transpose_block() -> None:
    from llvmlite import ir
    from numba import types
    from numba.extending import intrinsic, overload

    llvm: Numba = ir
    vector = llvm.VectorType(llvm.DoubleType(), 4)

    def typed(_context: Numba, operands: Numba) -> Numba:
        def code(context: Numba, builder: Numba, _signature: Numba, values: Numba) -> Numba:
            T, t, t_row, W, w, w_row = (builder.extract_value(values[0], place) for place in range(6))

            def row(base: Numba, first: Numba, stride: Numba, index: int) -> Numba:
                offset = builder.add(first, builder.mul(stride, stride.type(index)))
                return builder.bitcast(builder.gep(base, [offset]), vector.as_pointer())

            lines = [builder.load(row(W, w, w_row, index), align=ALIGNMENT) for index in range(4)]
            for half in (2, 1):
                # Rows that are ``half`` apart swap the numbers above and below the diagonal of their 2·half square.
                for upper in [index for index in range(4) if not index & half]:
                    lines[upper], lines[upper + half] = swapped(builder, lines[upper], lines[upper + half], half)
            for index, line in enumerate(lines):
                builder.store(line, row(T, t, t_row, index), align=ALIGNMENT)
            return llvm.Constant(context.get_value_type(types.none), None)

        return types.none(operands), code

    vectorized: Numba = intrinsic(typed)
    overload(transpose_block, strict=False)(
        lambda *_types: lambda T, t, t_row, W, w, w_row: vectorized((T, t, t_row, W, w, w_row))
    )


def swapped(builder: Numba, upper: Numba, lower: Numba, half: int) -> tuple[Numba, Numba]:
    """Return both vectors after swapping every second block of ``half`` numbers of ``upper`` with the one before in ``lower``."""
    from llvmlite import ir

    llvm: Numba = ir
    count = upper.type.count
    kept = [place if not place & half else count + place - half for place in range(count)]
    others = [place + half if not place & half else count + place for place in range(count)]
    kind = llvm.VectorType(llvm.IntType(32), count)
    first, second = (builder.shuffle_vector(upper, lower, llvm.Constant(kind, mask)) for mask in (kept, others))
    return first, second


def _declare_pointer_to() -> None:
    from numba import types
    from numba.extending import intrinsic, overload

    numba_types: Numba = types

    def typed(_context: Numba, V: Numba, offset: Numba) -> Numba:
        def code(context: Numba, builder: Numba, signature: Numba, values: Numba) -> Numba:
            kind = signature.args[0]
            is_array = isinstance(kind, types.Array)
            data = context.make_array(kind)(context, builder, values[0]).data if is_array else values[0]
            return builder.gep(data, [values[1]])

        return numba_types.CPointer(V.dtype)(V, offset), code

    placed: Numba = intrinsic(typed)
    overload(pointer_to, strict=False)(lambda *_types: lambda V, offset: placed(V, offset))


def _declare_without_counting() -> None:
    from numba import types
    from numba.extending import intrinsic, overload

    def typed(_context: Numba, arrays: Numba) -> Numba:
        def code(context: Numba, builder: Numba, _signature: Numba, values: Numba) -> Numba:
            uncounted = []
            for index, kind in enumerate(arrays):
                value = builder.extract_value(values[0], index)
                if not isinstance(kind, types.Array):
                    uncounted.append(value)
                    continue
                array = context.make_array(kind)(context, builder, value)
                array.meminfo = array.meminfo.type(None)
                array.parent = array.parent.type(None)
                uncounted.append(array._getvalue())
            return context.make_tuple(builder, arrays, uncounted)

        return arrays(arrays), code

    uncounted: Numba = intrinsic(typed)
    overload(without_counting, strict=False)(lambda *_types: lambda arrays: uncounted(arrays))
