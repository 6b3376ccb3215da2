"""The optimizers' hyper-parameters other than the learning rate: names, limits and defaults."""

from __future__ import annotations

from typing import Final

from msgspec import Struct


class HyperParameter(Struct, frozen=True, kw_only=True):
    """One hyper-parameter of an update rule.

    Attributes:
        key: name in files; rules that share a key share the setting, each with its own default.
        label: label of its control, such as ``"First decay rate β₁"``.
        explanation: one plain sentence.
        default: default value.
        low: lower limit.
        low_allowed: whether ``low`` itself is allowed.
        high: upper limit, exclusive.
        stops: values that the slider offers, ascending.
    """

    key: str
    label: str
    explanation: str
    default: float
    low: float = 0.0
    low_allowed: bool = True
    high: float = 1.0
    stops: tuple[float, ...]


_DECAYS: Final = (0.0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999)
"""Decay rates of running means, each of which spans about 1 / (1 − rate) steps."""

MOMENTUM: Final = HyperParameter(
    key="momentum",
    label="Momentum μ",
    explanation="The fraction of the velocity that remains after a step.",
    default=0.0,
    stops=_DECAYS,
)


def epsilon_with(default: float) -> HyperParameter:
    """Return ε with ``default``."""
    return HyperParameter(
        key="epsilon",
        label="Denominator ε",
        explanation="Added to the root in the denominator: keeps the step finite, and shortens steps for small gradients.",
        default=default,
        low_allowed=False,
        stops=tuple(float(f"1e{exponent}") for exponent in range(-12, 0)),
    )


RHO: Final = HyperParameter(
    key="rho",
    label="Decay rate ρ",
    explanation="Decay rate of the running mean of squared gradients, which spans about 1 / (1 − ρ) steps.",
    default=0.99,
    stops=_DECAYS,
)
BETA_1: Final = HyperParameter(
    key="beta_1",
    label="First decay rate β₁",
    explanation="Decay rate of the running mean of gradients, which spans about 1 / (1 − β₁) steps.",
    default=0.9,
    stops=_DECAYS,
)
BETA_2: Final = HyperParameter(
    key="beta_2",
    label="Second decay rate β₂",
    explanation="Decay rate of the running mean of squared gradients, which spans about 1 / (1 − β₂) steps.",
    default=0.999,
    stops=_DECAYS,
)
