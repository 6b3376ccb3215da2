"""The innermost block of a matrix product as SIMD code, registered with Numba as LLVM IR.

A loop over 4 or 8 neurons is too short for the compiler to vectorize: it would check at run time whether the arrays overlap
and whether there are 32 columns, and then run the scalar loop.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias, TypeVar

from core.arrays import Floats
from core.engine.compiled.parts import Numba, implement

Pointer: TypeAlias = Any
"""A C array of doubles in compiled code: it has no length, and indices start at 0."""

Operands: TypeAlias = tuple[Pointer, int, int, Pointer, int, Pointer, int, int, int, Pointer, int, int, int]
"""(C, c, c_row, start, s, P, p, p_row, p_inner, Q, q, q_inner, inner), as :func:`tile` explains."""

DotOperands: TypeAlias = tuple[Pointer, int, float, Pointer, int, Pointer, int]
"""(C, c, start, P, p, Q, inner), as :func:`dots` explains."""

OuterOperands: TypeAlias = tuple[Pointer, int, int, Pointer, Pointer, int]
"""(C, first, c_row, P, Q, rows), as :func:`outer_strip` explains."""

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


def outer_strip(operands: OuterOperands, columns: int) -> None:
    """Set C[r, j] = P[r]·Q[j] for ``rows`` rows and ``columns`` columns from ``first``, the latter a compile-time constant.

    C[r, j] is at ``r·c_row + j``.
    """
    C, first, c_row, P, Q, rows = operands
    for r in range(rows):
        for j in range(first, first + columns):
            C[r * c_row + j] = P[r] * Q[j]


def multiply_eight(V: Pointer, M: Pointer, start: int) -> None:
    """Multiply 8 numbers of V from ``start`` by those of M, in place."""
    for k in range(start, start + 8):
        V[k] *= M[k]


def transpose_block(T: Pointer, t: int, t_row: int, W: Pointer, w: int, w_row: int) -> None:
    """Set T[j, i] = W[i, j] for 4 rows and columns; T[j, i] is at ``t + j·t_row + i``, W[i, j] at ``w + i·w_row + j``."""
    for i in range(4):
        for j in range(4):
            T[t + j * t_row + i] = W[w + i * w_row + j]


def pointer_to(V: Floats | Pointer, offset: int) -> Pointer:
    """Return a pointer to V[offset]."""
    return V[offset:]


def pointers_to(arrays: Arrays) -> Arrays:
    """Return the tuple with its arrays, in compiled code without reference counting and vectors as pointers.

    The caller must keep the arrays alive; counting references at each inner call would cost a quarter of a small step, and
    the seven parts of an array double the time to compile the loop.
    """
    return arrays


def declare() -> None:
    """Register the functions above with Numba."""
    _declare_tile()
    _declare_dots()
    _declare_outer_strip()
    _declare_multiply_eight()
    _declare_transpose_block()
    _declare_pointer_to()
    _declare_pointers_to()


def _declare_tile() -> None:
    from llvmlite import ir
    from numba import types
    from numba.core import cgutils

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

    implement(tile, typed, prefer_literal=True)


def _declare_dots() -> None:
    from llvmlite import ir
    from numba import types
    from numba.core import cgutils

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

    implement(dots, typed, prefer_literal=True)


def _declare_outer_strip() -> None:
    from llvmlite import ir
    from numba import types
    from numba.core import cgutils

    numba_utilities: Numba = cgutils
    llvm: Numba = ir

    def typed(_context: Numba, operands: Numba, columns: Numba) -> Numba:
        if not isinstance(columns, types.IntegerLiteral):
            return None
        vector = llvm.VectorType(llvm.DoubleType(), columns.literal_value)
        broadcast = llvm.Constant(llvm.VectorType(llvm.IntType(32), columns.literal_value), None)

        def code(context: Numba, builder: Numba, _signature: Numba, values: Numba) -> Numba:
            C, first, c_row, P, Q, rows = numba_utilities.unpack_tuple(builder, values[0], len(operands))

            def block(base: Numba, offset: Numba) -> Numba:
                return builder.bitcast(builder.gep(base, [offset]), vector.as_pointer())

            of_q = builder.load(block(Q, first), align=ALIGNMENT)
            with numba_utilities.for_range(builder, rows, intp=rows.type) as loop:
                number = builder.load(builder.gep(P, [loop.index]))
                one = builder.insert_element(llvm.Constant(vector, llvm.Undefined), number, llvm.IntType(32)(0))
                product = builder.fmul(builder.shuffle_vector(one, one, broadcast), of_q)
                to = builder.add(first, builder.mul(loop.index, c_row))
                builder.store(product, block(C, to), align=ALIGNMENT)
            return llvm.Constant(context.get_value_type(types.none), None)

        return types.none(operands, columns), code

    implement(outer_strip, typed, prefer_literal=True)


def _declare_multiply_eight() -> None:
    from llvmlite import ir
    from numba import types

    llvm: Numba = ir
    vector = llvm.VectorType(llvm.DoubleType(), 8)

    def typed(_context: Numba, V: Numba, M: Numba, start: Numba) -> Numba:
        def code(context: Numba, builder: Numba, _signature: Numba, values: Numba) -> Numba:
            to, by = (builder.bitcast(builder.gep(base, [values[2]]), vector.as_pointer()) for base in values[:2])
            product = builder.fmul(builder.load(to, align=ALIGNMENT), builder.load(by, align=ALIGNMENT))
            builder.store(product, to, align=ALIGNMENT)
            return llvm.Constant(context.get_value_type(types.none), None)

        return types.none(V, M, start), code

    implement(multiply_eight, typed)


def _declare_transpose_block() -> None:
    from llvmlite import ir
    from numba import types

    llvm: Numba = ir
    vector = llvm.VectorType(llvm.DoubleType(), 4)

    def typed(_context: Numba, T: Numba, t: Numba, t_row: Numba, W: Numba, w: Numba, w_row: Numba) -> Numba:
        def code(context: Numba, builder: Numba, _signature: Numba, values: Numba) -> Numba:
            T, t, t_row, W, w, w_row = values

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

        return types.none(T, t, t_row, W, w, w_row), code

    implement(transpose_block, typed)


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

    numba_types: Numba = types

    def typed(_context: Numba, V: Numba, offset: Numba) -> Numba:
        def code(context: Numba, builder: Numba, signature: Numba, values: Numba) -> Numba:
            kind = signature.args[0]
            is_array = isinstance(kind, types.Array)
            data = context.make_array(kind)(context, builder, values[0]).data if is_array else values[0]
            return builder.gep(data, [values[1]])

        return numba_types.CPointer(V.dtype)(V, offset), code

    implement(pointer_to, typed)


def _declare_pointers_to() -> None:
    from numba import types

    numba_types: Numba = types

    def is_vector(kind: Numba) -> bool:
        return isinstance(kind, types.Array) and kind.ndim == 1

    def typed(_context: Numba, arrays: Numba) -> Numba:
        kinds = [numba_types.CPointer(kind.dtype) if is_vector(kind) else kind for kind in arrays]
        pointers = numba_types.BaseTuple.from_types(kinds, getattr(arrays, "instance_class", None))

        def code(context: Numba, builder: Numba, _signature: Numba, values: Numba) -> Numba:
            members = []
            for index, kind in enumerate(arrays):
                member = builder.extract_value(values[0], index)
                if isinstance(kind, types.Array):
                    array = context.make_array(kind)(context, builder, member)
                    array.meminfo = array.meminfo.type(None)
                    array.parent = array.parent.type(None)
                    member = array.data if is_vector(kind) else array._getvalue()
                members.append(member)
            return context.make_tuple(builder, pointers, members)

        return pointers(arrays), code

    implement(pointers_to, typed)
