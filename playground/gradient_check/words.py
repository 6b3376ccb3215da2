"""Texts of the gradient check: verdict, parameter names, and explanation of the sweep."""

from __future__ import annotations

import math

import numpy as np

from core.analysis.gradient_check import TOLERANCE, EpsilonSweep, GradientCheck, parameter_name, place_of
from core.network import Network
from core.network.architecture import Architecture
from playground.gradient_check.error_statistics import truncation
from playground.session.selection import capitalized
from playground.style.numbers import power_of_ten, thousands


def times_ten(value: float) -> str:
    """Format ``value`` ≥ 0 with one digit and a power of ten, such as ``3·10⁻⁹``."""
    if value == 0:
        return "0"
    if not math.isfinite(value):
        return "∞"
    mantissa, exponent = f"{value:.0e}".split("e")
    power = power_of_ten(int(exponent))
    return power if mantissa == "1" else f"{mantissa}·{power}"


def verdict(check: GradientCheck) -> str:
    """Return the result in one sentence."""
    kinks = int(check.kinked.sum())
    count = len(check.indices) - kinks
    beside = ""
    if kinks:
        are, they = ("is", "it is") if kinks == 1 else ("are", "they are")
        beside = f" {thousands(kinks)} {are} at a kink, where a difference is not meaningful; {they} left out."
    small = int(check.unresolved.sum())
    if small:
        are, them = ("is", "it") if small == 1 else ("are", "them")
        beside += f" {thousands(small)} {are} too small for a difference to distinguish {them} from 0."
    if check.worst < 0:
        return f"There is no gradient to compare.{beside}"
    worst, name = check.worst_error, check.worst_name
    if not check.agrees:
        wrong = int(((check.relative > TOLERANCE) & ~check.kinked).sum())
        verb = "does" if wrong == 1 else "do"
        return (
            f"{thousands(wrong)} of {thousands(count)} gradients {verb} not agree. Largest relative error: "
            f"{times_ten(worst)}, {name}.{beside}"
        )
    every = "The one gradient agrees" if count == 1 else f"All {thousands(count)} gradients agree"
    if worst == 0:
        return f"{every} exactly.{beside}"
    tail = "" if count == 1 else f"; largest error: {name}"
    return f"{every} to {times_ten(worst)}{tail}.{beside}"


def scope(checked: int, network: Network) -> str:
    """Return a sentence if only some of the parameters were checked, otherwise an empty string."""
    every = network.architecture.trainable_count
    return "" if checked >= every else f" {thousands(checked)} of {thousands(every)} parameters, spread evenly."


def ends_of(architecture: Architecture, index: int, feature_names: tuple[str, ...]) -> tuple[str, str, str]:
    """Return the names (layer, from, to) of the parameter at flat ``index`` for the table."""
    number, source, target = place_of(architecture, index)
    name = architecture.layers[number].name
    if source == -2:
        return name, "α", "all"
    start = "bias" if source == -1 else str(source + 1)
    if source >= 0 and number == 0 and source < len(feature_names):
        start = feature_names[source]
    return name, start, str(target + 1)


def subject_name(architecture: Architecture, index: int) -> str:
    """Return the parameter's name, capitalized."""
    return capitalized(parameter_name(architecture, index))


def sweep_sentences(sweep: EpsilonSweep) -> tuple[str, ...]:
    """Return an explanation of the curve in several lengths, the longest first."""
    errors = sweep.relative[:, 0]
    if not np.isfinite(errors).any():
        return ("No step ε gives a finite difference here.",)
    if sweep.analytic[0] == 0.0 and not np.any(sweep.numeric[:, 0]):
        return ("The loss does not depend on this parameter: gradient and difference are both exactly 0.",)
    best = f"best near ε = {times_ten(sweep.best)}, with an error of {times_ten(float(np.nanmin(errors)))}"
    if sweep.kinked[:, 0].any():
        return (
            f"Above some ε there is a kink between θ − h and θ + h, and the difference equals neither slope; {best}.",
        )
    if truncation(sweep) is None:
        return (
            f"The loss is nearly quadratic in this parameter, so there is only rounding error (∝ 1/ε): {best}.",
            f"Only rounding error (∝ 1/ε): {best}.",
        )
    return (
        f"For a large ε truncation error (∝ ε²) dominates, for a small ε rounding error (∝ 1/ε): {best}.",
        f"Truncation error ∝ ε², rounding error ∝ 1/ε: {best}.",
        f"{best[:1].upper()}{best[1:]}.",
    )
