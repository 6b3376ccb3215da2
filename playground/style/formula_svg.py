"""LaTeX formulas as SVG that Qt can draw."""

from __future__ import annotations

import warnings


def formula_svg(latex: str, size: float, colour: str) -> bytes:
    """Return ``latex`` (no dollar signs) as SVG in type of ``size`` pixels; takes 10 to 50 ms.

    Qt draws SVG 1.1 only: it leaves out the ``<symbol>`` elements that ziafont writes unless told not to.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # ziamath 0.13 opens its font the old way
        from ziafont.config import config  # a quarter of a second, and not everybody looks at a formula
        from ziamath.zmath import Latex

    config.svg2 = False
    return Latex(latex, size=size, color=colour).svg().encode()
