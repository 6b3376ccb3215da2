"""Formats of the values beside the sliders."""

from __future__ import annotations

from playground.style.numbers import MINUS, THIN_SPACE, thousands


def plain(value: float) -> str:
    """Format ``value`` as short as possible: ``0.03``, ``1e−5``, ``10``."""
    text = f"{value:.6g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = f"{mantissa}e{int(exponent)}"
    return text.replace("-", MINUS)


def fraction(value: float) -> str:
    """Format ``value``, always with a decimal point: ``0.0``, ``0.9``, ``0.95``."""
    text = plain(value)
    return text if "." in text or "e" in text else f"{text}.0"


def share(value: float) -> str:
    """Format ``value`` (0 to 1) as a percentage: ``5 %``, ``12.5 %``."""
    return f"{plain(round(value * 100, 4))}{THIN_SPACE}%"


def factor(value: float) -> str:
    """Format ``value`` as a factor: ``1.0 ×``."""
    return f"{fraction(value)}{THIN_SPACE}×"


def batch(value: float) -> str:
    """Format a batch size: ``10``, or ``whole set`` for 0."""
    return thousands(round(value)) if value else "whole set"


def depth(value: float) -> str:
    """Format a number of hidden layers."""
    count = round(value)
    if not count:
        return "no hidden layer"
    return "1 hidden layer" if count == 1 else f"{count} hidden layers"


def neurons(value: float) -> str:
    """Format a number of neurons."""
    return "1 neuron" if round(value) == 1 else f"{round(value)} neurons"


def off_or(value: float) -> str:
    """Format ``value``, or return ``off`` for 0."""
    return plain(value) if value else "off"


def span(low: float, high: float) -> str:
    """Format a range of values: ``2 – 4``."""
    return f"{plain(low)} – {plain(high)}"
