"""exp, expm1, tanh, log1p and rint in plain arithmetic, so that the compiler can vectorize the formulas.

The C library's functions take one number per call (measured: 44 ns for tanh and its slope, against 1.2 ns with these). The
registries' formulas are compiled unchanged, with ``np.exp`` replaced by the function here. All are within 3 units in the
last place of NumPy's for every argument, including signs of zeros, except that e^x below 1e-307 becomes 0.

e^x = 2^k · e^r with k = round(x / ln 2) and |r| ≤ ½ ln 2, where a polynomial suffices (W. J. Cody and W. Waite,
Software Manual for the Elementary Functions, 1980, chapter 6).
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any, Final

import numpy as np

from core.arrays import Floats

_LOG2_E: Final = 1.4426950408889634
# ln 2 in two parts: the first ends in 21 zero bits, so that its product with k is exact.
_LN2_HIGH: Final = 6.93147180369123816490e-01
_LN2_LOW: Final = 1.90821492927058770002e-10

_ROUNDER: Final = 6755399441055744.0
"""1.5 · 2⁵²: adding it leaves no fraction bits, so that the sum is rounded and its last bits are the integer."""
_ROUNDER_BITS: Final = np.int64(0x4338000000000000)

_LOWEST: Final = -708.0
"""Smallest x for which e^x is a normal number."""
_HIGHEST: Final = 710.0
"""Above this, e^x is infinite."""

_TINY: Final = 1e-20
"""Below this, e^x − 1 and ln(1 + x) are x itself, including the sign of 0."""

_WITHOUT_SIGN: Final = np.int64(0x7FFFFFFFFFFFFFFF)
"""All bits except the sign bit."""

_MANTISSA: Final = np.int64(52)
_BIAS: Final = np.int64(1022)
_ROOT_HALF_BITS: Final = np.int64(0x3FE6A09E00000000)
"""Bits of about √½; multiplying by a power of two changes only the exponent bits."""


def parts(x: float) -> tuple[float, float]:
    """Return (2^(k−1), e^r − 1) with x = k·ln 2 + r, for −708 ≤ x ≤ 710; undefined otherwise."""
    rounded = x * _LOG2_E + _ROUNDER
    k = rounded - _ROUNDER
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    # Taylor series: the first omitted term is less than 2e-17 of the sum. Unlike in Horner's scheme, the halves of a sum
    # are independent and run in parallel (G. Estrin, Organization of Computer Systems, 1960).
    r2 = r * r
    r4 = r2 * r2
    low = (1.0 / 2.0 + r * (1.0 / 6.0)) + (1.0 / 24.0 + r * (1.0 / 120.0)) * r2
    middle = (1.0 / 720.0 + r * (1.0 / 5040.0)) + (1.0 / 40320.0 + r * (1.0 / 362880.0)) * r2
    high = (1.0 / 3628800.0 + r * (1.0 / 39916800.0)) + (1.0 / 479001600.0 + r * (1.0 / 6227020800.0)) * r2
    upper = middle + high * r4
    exponent = np.float64(rounded).view(np.int64) - _ROUNDER_BITS + _BIAS
    power = np.int64(exponent << _MANTISSA).view(np.float64)
    return power, (low * r2 + r) + upper * (r4 * r2)


def exp(x: float) -> float:
    """Return e^x."""
    power, rest = parts(x)
    return bounded(x, 0.0, 2.0 * (power + power * rest))


def expm1(x: float) -> float:
    """Return e^x − 1, with full relative accuracy near 0."""
    power, rest = parts(x)
    result = bounded(x, -1.0, 2.0 * (power * rest + (power - 0.5)))
    return x if abs(x) < _TINY else result


def bounded(x: float, lowest: float, result: float) -> float:
    """Return ``result`` if e^x is a normal number, else ``lowest`` or infinity; NaN is passed through."""
    if x < _LOWEST:
        return lowest
    return np.inf if x > _HIGHEST else result


def tanh(x: float) -> float:
    """Return −½m / (1 + ½m) · sign(x) with m = e^(−2|x|) − 1, which is the hyperbolic tangent of x.

    The exponent has the form used in the slope's formula, so that code with both computes the exponential once.
    """
    twice = -abs(x + x)
    power, rest = parts(twice)
    half = power * rest + (power - 0.5)  # ½m; computed independently of 1 + ½m, so that both run in parallel
    size = -half / (power * rest + (power + 0.5))
    size = 1.0 if twice < _LOWEST else size
    # Copied as bits, because a comparison ignores the sign of zero; the sign of NaN does not matter.
    bits = (np.float64(size).view(np.int64) & _WITHOUT_SIGN) | (np.float64(x).view(np.int64) & ~_WITHOUT_SIGN)
    return float(np.int64(bits).view(np.float64))


def log1p(x: float) -> float:
    """Return ln(1 + x), with full relative accuracy near 0.

    ln u = k·ln 2 + ln(1 + f) with u = 1 + x = 2^k · (1 + f) and 1 + f between √½ and √2, where with s = f / (2 + f)
    ln(1 + f) = f − ½f² + s·(½f² + R(s²)); R and the scheme are those of the program ``s_log1p.c`` of FDLIBM (Sun
    Microsystems, 1993). The rounding error of 1 + x is added back, relative to u.
    """
    u = 1.0 + x
    lost = (1.0 - (u - x) if x > 1.0 else x - (u - 1.0)) / u
    bits = np.float64(u).view(np.int64) - _ROOT_HALF_BITS
    whole = bits >> _MANTISSA
    k = np.int64(whole + _ROUNDER_BITS).view(np.float64) - _ROUNDER
    f = np.int64(bits - (whole << _MANTISSA) + _ROOT_HALF_BITS).view(np.float64) - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    odd = 2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)
    r = even + z * (6.666666666666735130e-01 + w * odd)
    half = 0.5 * f * f
    result = k * _LN2_HIGH - ((half - (s * (half + r) + (k * _LN2_LOW + lost))) - f)
    if x < np.inf and x > -1.0:
        return x if abs(x) < _TINY else result
    return -np.inf if x == -1.0 else x + np.sqrt(1.0 + x)


def rint(x: float) -> float:
    """Return x rounded to the nearest integer, half to even, for |x| < 2⁵¹."""
    return (x + _ROUNDER) - _ROUNDER


def row_sums(V: Floats, axis: int) -> Floats:  # noqa: ARG001 - called as np.sum is
    """Return the sum of each row of V (B, K), like ``axis=1``; NumPy's takes ten times as long to compile."""
    totals = np.zeros(V.shape[0])
    for row in range(V.shape[0]):
        for column in range(V.shape[1]):
            totals[row] += V[row, column]
    return totals


FUNCTIONS: Final[tuple[Callable[..., Any], ...]] = (parts, bounded, exp, expm1, tanh, log1p, rint, row_sums)
"""Functions that must be registered before compiling; without "reassoc", which would undo the rounding."""


def for_numbers(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function``, which takes numbers, with ``np.exp`` and the like replaced by the functions here."""
    own = {"exp": exp, "expm1": expm1, "tanh": tanh, "log1p": log1p, "rint": rint}
    return _with(function, ("abs", "minimum", "maximum", "sqrt", "sign"), **own)


def for_rows(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function``, which takes rows, with ``np.sum`` replaced by :func:`row_sums`."""
    return _with(function, ("maximum", "exp", "log", "newaxis"), sum=row_sums)


def _with(function: Callable[..., Any], names: tuple[str, ...], **replaced: Callable[..., Any]) -> Callable[..., Any]:
    plain: Any = function
    library = ModuleType("numpy_in_part")
    library.__dict__.update({name: getattr(np, name) for name in names}, **replaced)
    scope = {**plain.__globals__, "np": library}
    return FunctionType(plain.__code__, scope, plain.__name__, plain.__defaults__, plain.__closure__)
