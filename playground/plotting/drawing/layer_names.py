"""Names of layers on axes."""

from __future__ import annotations

from typing import Final

_SUBSCRIPTS: Final = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def weight_name(index: int) -> str:
    """Return the name of the weights of layer ``index`` (from 0): ``W₁``."""
    return f"W{str(index + 1).translate(_SUBSCRIPTS)}"


def delta_name(index: int) -> str:
    """Return the name of ∂L/∂z of layer ``index`` (from 0): ``δ₁``."""
    return f"δ{str(index + 1).translate(_SUBSCRIPTS)}"
