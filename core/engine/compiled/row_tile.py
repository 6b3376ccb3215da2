"""Vector instructions for products with a single row, as LLVM code like that of :mod:`core.engine.compiled.tile`.

With one sample there are no other rows to work on while a sum waits for its last term or a number for its way through
memory. So sums run side by side here, what is multiplied by φ′ is so before it is stored, and what is read as a vector
has been stored as one: a vector that lies across two stores has to wait until both have left the processor.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from core.engine.compiled.tile import ALIGNMENT, CONTRACT, Numba, Pointer, swapped

LANES: Final = 8
"""Numbers in a vector."""

RowOperands: TypeAlias = tuple[Pointer, Pointer, Pointer, Pointer, int, int, int]
"""(C, start, p, Q, j, q_inner, inner), as :func:`row_tile` explains."""

DotOperands: TypeAlias = tuple[Pointer, Pointer, Pointer, Pointer, int, int, Pointer, int]
"""(C, start, F, M, m, m_row, x, inner), as :func:`dots` explains."""


def row_tile(operands: RowOperands, columns: int, stored: int) -> None:
    """Set C[j + i] = start[j + i] + Σ_k p[k]·Q[k, j + i] for so many i, and zeros after them: ``stored`` numbers in all.

    Both counts are constants where it is called. Q[k, j] is at ``k·q_inner + j``, with ``inner`` terms k. The even and the
    odd terms are summed apart.
    """
    C, start, p, Q, j, q_inner, inner = operands
    for i in range(columns):
        C[j + i] = start[j + i] + sum(p[k] * Q[k * q_inner + j + i] for k in range(inner))
    for i in range(columns, stored):
        C[j + i] = 0.0


def dots(operands: DotOperands) -> None:
    """Set C[i] = (start[i] + Σ_k M[i, k]·x[k])·F[i] for 8 rows i; M[i, k] is at ``m + i·m_row + k``.

    There are ``inner`` terms k, a multiple of 8. Those of a row are added in vectors, and the vector's numbers at the end.
    """
    C, start, F, M, m, m_row, x, inner = operands
    for i in range(LANES):
        C[i] = (start[i] + sum(M[m + i * m_row + k] * x[k] for k in range(inner))) * F[i]


def scaled_tile(operands: tuple[Pointer, Pointer, Pointer, Pointer, int], columns: int) -> None:
    """Set C[j + i] = x[0]·Q[j + i]·F[j + i] for a compile-time constant number of i; (C, x, Q, F, j) are the operands."""
    C, x, Q, F, j = operands
    for i in range(columns):
        C[j + i] = x[0] * Q[j + i] * F[j + i]


class _Code:
    """Writes vector instructions of ``lanes`` numbers into a function that LLVM compiles."""

    def __init__(self, builder: Numba, lanes: int) -> None:
        from llvmlite import ir

        self.llvm: Numba = ir
        self.builder, self.lanes = builder, lanes
        self.vector = self.llvm.VectorType(self.llvm.DoubleType(), lanes)
        self.zeros = self.llvm.Constant(self.vector, [0.0] * lanes)

    def numbers(self, base: Numba, offset: Numba) -> Numba:
        """Return the vector at ``base[offset]``."""
        return self.builder.load(self._place(base, offset, self.vector), align=ALIGNMENT)

    def store(self, value: Numba, base: Numba, offset: Numba) -> None:
        """Store a vector of any length at ``base[offset]``."""
        self.builder.store(value, self._place(base, offset, value.type), align=ALIGNMENT)

    def everywhere(self, number: Numba) -> Numba:
        """Return the vector that has ``number`` in every place."""
        first = self.llvm.IntType(32)(0)
        one = self.builder.insert_element(self.llvm.Constant(self.vector, self.llvm.Undefined), number, first)
        mask = self.llvm.Constant(self.llvm.VectorType(self.llvm.IntType(32), self.lanes), None)
        return self.builder.shuffle_vector(one, one, mask)

    def followed_by_zeros(self, value: Numba, lanes: int) -> Numba:
        """Return ``value`` with zeros after it, so many numbers in all."""
        places = [min(place, self.lanes) for place in range(lanes)]
        mask = self.llvm.Constant(self.llvm.VectorType(self.llvm.IntType(32), lanes), places)
        return self.builder.shuffle_vector(value, self.zeros, mask) if lanes > self.lanes else value

    def add_product(self, total: Numba, a: Numba, b: Numba) -> None:
        """Add a·b to what is stored at ``total``."""
        product = self.builder.fmul(a, b, flags=CONTRACT)
        self.builder.store(self.builder.fadd(self.builder.load(total), product, flags=CONTRACT), total)

    def _place(self, base: Numba, offset: Numba, kind: Numba) -> Numba:
        return self.builder.bitcast(self.builder.gep(base, [offset]), kind.as_pointer())


def declare() -> None:
    """Register the functions above with Numba."""
    _declare_row_tile()
    _declare_dots()
    _declare_scaled_tile()


def _declare_row_tile() -> None:
    from numba import types
    from numba.core import cgutils
    from numba.extending import intrinsic, overload

    numba_utilities: Numba = cgutils

    def typed(_context: Numba, operands: Numba, columns: Numba, stored: Numba) -> Numba:
        if not (isinstance(columns, types.IntegerLiteral) and isinstance(stored, types.IntegerLiteral)):
            return None

        def generate(context: Numba, builder: Numba, _signature: Numba, values: Numba) -> Numba:
            C, start, p, Q, j, q_inner, inner = numba_utilities.unpack_tuple(builder, values[0], len(operands))
            code, one = _Code(builder, columns.literal_value), inner.type(1)
            even = numba_utilities.alloca_once_value(builder, code.numbers(start, j))
            odd = numba_utilities.alloca_once_value(builder, code.zeros)

            def add_term(total: Numba, k: Numba) -> None:
                of_q = code.numbers(Q, builder.add(j, builder.mul(k, q_inner)))
                code.add_product(total, code.everywhere(builder.load(builder.gep(p, [k]))), of_q)

            with numba_utilities.for_range(builder, builder.lshr(inner, one), intp=inner.type) as loop:
                k = builder.shl(loop.index, one)
                add_term(even, k)
                add_term(odd, builder.add(k, one))
            with builder.if_then(builder.trunc(inner, code.llvm.IntType(1))):
                add_term(even, builder.sub(inner, one))
            total = builder.fadd(builder.load(even), builder.load(odd))
            code.store(code.followed_by_zeros(total, stored.literal_value), C, j)
            return code.llvm.Constant(context.get_value_type(types.none), None)

        return types.none(operands, columns, stored), generate

    vectorized: Numba = intrinsic(prefer_literal=True)(typed)
    overload(row_tile, prefer_literal=True, strict=False)(
        lambda *_types: lambda operands, columns, stored: vectorized(operands, columns, stored)
    )


def _declare_dots() -> None:
    from numba import types
    from numba.core import cgutils
    from numba.extending import intrinsic, overload

    numba_utilities: Numba = cgutils

    def typed(_context: Numba, operands: Numba) -> Numba:
        def generate(context: Numba, builder: Numba, _signature: Numba, values: Numba) -> Numba:
            C, start, F, M, m, m_row, x, inner = numba_utilities.unpack_tuple(builder, values[0], len(operands))
            code, three = _Code(builder, LANES), inner.type(3)
            totals = [numba_utilities.alloca_once_value(builder, code.zeros) for _ in range(LANES)]
            with numba_utilities.for_range(builder, builder.lshr(inner, three), intp=inner.type) as loop:
                k = builder.shl(loop.index, three)
                of_x, at = code.numbers(x, k), builder.add(m, k)
                for total in totals:
                    code.add_product(total, code.numbers(M, at), of_x)
                    at = builder.add(at, m_row)
            sums = [builder.load(total) for total in totals]
            for half in (1, 2, 4):
                pairs = zip(sums[::2], sums[1::2], strict=True)
                sums = [builder.fadd(*swapped(builder, upper, lower, half)) for upper, lower in pairs]
            first = inner.type(0)
            total = builder.fadd(sums[0], code.numbers(start, first))
            code.store(builder.fmul(total, code.numbers(F, first)), C, first)
            return code.llvm.Constant(context.get_value_type(types.none), None)

        return types.none(operands), generate

    vectorized: Numba = intrinsic(typed)
    overload(dots, strict=False)(lambda *_types: lambda operands: vectorized(operands))


def _declare_scaled_tile() -> None:
    from numba import types
    from numba.core import cgutils
    from numba.extending import intrinsic, overload

    numba_utilities: Numba = cgutils

    def typed(_context: Numba, operands: Numba, columns: Numba) -> Numba:
        if not isinstance(columns, types.IntegerLiteral):
            return None

        def generate(context: Numba, builder: Numba, _signature: Numba, values: Numba) -> Numba:
            C, x, Q, F, j = numba_utilities.unpack_tuple(builder, values[0], len(operands))
            code = _Code(builder, columns.literal_value)
            product = builder.fmul(code.numbers(Q, j), code.numbers(F, j))
            code.store(builder.fmul(code.everywhere(builder.load(x)), product), C, j)
            return code.llvm.Constant(context.get_value_type(types.none), None)

        return types.none(operands, columns), generate

    vectorized: Numba = intrinsic(prefer_literal=True)(typed)
    overload(scaled_tile, prefer_literal=True, strict=False)(
        lambda *_types: lambda operands, columns: vectorized(operands, columns)
    )
