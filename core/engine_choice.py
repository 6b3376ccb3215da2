"""Which engine computes the steps: a fixed function of the shape, so that a seed gives one result on one machine."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from core.architecture import Architecture

EngineChoice: TypeAlias = Literal["auto", "numpy", "compiled"]
"""What a person asks for; ``auto`` leaves it to :func:`suits_compiled`."""

WIDE: Final = 10**9


def suits_compiled(architecture: Architecture, batch_size: int) -> bool:
    """Return whether the compiled loop is the faster one."""
    return architecture.size * batch_size < WIDE
