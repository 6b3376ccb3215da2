"""The table of ways to keep the mean of a layer right (or not) whose neurons are dropped with probability p."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.registry import Row, registry

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class DropoutScaling(Row):
    """One place where dropout's loss of signal is made up for.

    Attributes:
        in_training: True if a training pass multiplies what is kept by 1/(1 − p).
        at_test_time: True if a pass without dropping multiplies everything by 1 − p.
    """

    in_training: bool = False
    at_test_time: bool = False


DROPOUT_SCALINGS: Final[Mapping[str, DropoutScaling]] = registry(
    DropoutScaling(
        key="inverted",
        label="Inverted",
        formula=r"a \leftarrow \frac{m \, a}{1 - p}",
        explanation="Inverted dropout: what is kept is divided by 1 − p in training.",
        in_training=True,
    ),
    DropoutScaling(
        key="at_test_time",
        label="At test time",
        formula=r"a \leftarrow (1 - p) \, a",
        explanation="Classic dropout: at test time activations are multiplied by 1 − p.",
        at_test_time=True,
    ),
    DropoutScaling(
        key="none",
        label="None (wrong)",
        formula=r"a \leftarrow m \, a",
        explanation="Wrong on purpose: nothing makes up for what is dropped: at test time signals are too large.",
    ),
)
"""Every way, in menu order."""
