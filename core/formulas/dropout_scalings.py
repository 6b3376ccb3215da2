"""The registry of dropout scalings: whether and how a layer preserves its mean when neurons drop with probability p."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.registry import Entry, registry

if TYPE_CHECKING:
    from collections.abc import Mapping


class DropoutScaling(Entry, frozen=True, kw_only=True):
    """One way to compensate for the signal that dropout removes.

    In the formulas, a is an activation, m its keep mask (1 or 0) and p the drop probability.

    Attributes:
        in_training: True if a training pass multiplies the kept neurons by 1/(1 − p).
        at_test_time: True if evaluation multiplies all neurons by 1 − p.
    """

    in_training: bool = False
    at_test_time: bool = False


DROPOUT_SCALINGS: Final[Mapping[str, DropoutScaling]] = registry(
    DropoutScaling(
        key="inverted",
        label="Inverted",
        formula=r"a \leftarrow \frac{m \, a}{1 - p}",
        explanation="Inverted dropout: kept activations are divided by 1 − p in training.",
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
        explanation="Wrong on purpose: without any scaling, signals are too large at test time.",
    ),
)
"""Every scaling, in menu order."""
