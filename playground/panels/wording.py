"""How the values beside the sliders read."""

from __future__ import annotations

from playground.style.numbers import MINUS, THIN_SPACE, thousands


def plain(value: float) -> str:
    """Return ``value`` as short as it can be exactly: ``0.03``, ``1e−5``, ``10``."""
    text = f"{value:.6g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = f"{mantissa}e{int(exponent)}"
    return text.replace("-", MINUS)


def fraction(value: float) -> str:
    """Return ``value`` with a decimal point always: ``0.0``, ``0.9``, ``0.95``."""
    text = plain(value)
    return text if "." in text or "e" in text else f"{text}.0"


def share(value: float) -> str:
    """Return ``value`` (0 to 1) as percentage: ``5 %``, ``12.5 %``."""
    return f"{plain(round(value * 100, 4))}{THIN_SPACE}%"


def factor(value: float) -> str:
    """Return ``value`` as a factor: ``1.0 ×``."""
    return f"{fraction(value)}{THIN_SPACE}×"


def batch(value: float) -> str:
    """Return a batch size: ``10``, or ``whole set`` for 0."""
    return thousands(round(value)) if value else "whole set"


def depth(value: float) -> str:
    """Return a number of hidden layers."""
    count = round(value)
    if not count:
        return "no hidden layer"
    return "1 hidden layer" if count == 1 else f"{count} hidden layers"


def neurons(value: float) -> str:
    """Return a number of neurons."""
    return "1 neuron" if round(value) == 1 else f"{round(value)} neurons"


def off_or(value: float) -> str:
    """Return ``value``, or ``off`` for 0."""
    return plain(value) if value else "off"


def span(low: float, high: float) -> str:
    """Return what stands for values that differ: ``2 – 4``."""
    return f"{plain(low)} – {plain(high)}"
