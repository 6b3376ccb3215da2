"""LaTeX formulas as SVG that Qt can draw."""

from __future__ import annotations

import warnings
from functools import lru_cache


@lru_cache(maxsize=512)
def formula_svg(latex: str, size: float, colour: str) -> bytes:
    """Return ``latex`` (no dollar signs) as SVG in type of ``size`` pixels; takes 10 to 50 ms the first time.

    Qt supports only SVG 1.1, without the ``<symbol>`` elements that ziafont writes by default.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # ziamath 0.13 calls a deprecated function
        from ziafont.config import config  # imported late: takes a quarter of a second
        from ziamath.zmath import Latex

    config.svg2 = False
    return Latex(latex, size=size, color=colour).svg().encode()
