"""Texts of the path ledger's rows: symbols of the factors, and running sums of the paths."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from playground.inspector.ledger.path_row import ShownPath
from playground.session.restrictions import NONE, UNKNOWN, Restrictions
from playground.session.selection import Selection
from playground.style.consistent_digits import confirmed_digits, sum_of, value_of
from playground.style.numbers import short, thousands

if TYPE_CHECKING:
    from core.analysis.chain_rule import Factor, Ledger
    from playground.session.selection import Names


def shown_paths(
    ledger: Ledger, names: Names, written: Sequence[str], restrictions: Restrictions = NONE
) -> list[ShownPath]:
    """Return the rows of ``ledger``; ``written`` contains the products as displayed, except of hidden factors."""
    symbols, sums = names.symbols, running_sums([path.value for path in ledger.paths])
    ends = [*sums, ledger.sum]
    reach = max((abs(each) for each in ends if math.isfinite(each)), default=0.0)
    digits = confirmed_digits(written, ledger.sum)
    rows = []
    for place, path in enumerate(ledger.paths):
        # Sum the displayed products, so that the sum can be verified.
        so_far = sum_of([value_of(text) for text in written[: place + 1]])
        hidden = tuple(hides_factor(restrictions, factor) for factor in path.factors)
        rows.append(
            ShownPath(
                title=names.of_route(ledger.weight.layer, path.neurons),
                labels=tuple(symbols.factor(factor) for factor in path.factors),
                factors=tuple(factor.value for factor in path.factors),
                value=path.value,
                text=UNKNOWN if any(hidden) else written[place],
                before=sums[place - 1] if place else 0.0,
                after=sums[place],
                sum_text=short(so_far, digits),
                reach=reach,
                hidden=hidden,
            )
        )
    return rows


def hides_factor(restrictions: Restrictions, factor: Factor) -> bool:
    """Return whether ``factor`` is a number of a hidden weight or neuron."""
    match factor.kind:
        case "weight":
            return restrictions.hides(Selection("weight", factor.layer, factor.neuron, factor.source))
        case "input":
            return factor.source >= 0 and restrictions.hides(Selection("neuron", factor.layer - 1, factor.source))
        case "slope" | "loss":
            return restrictions.hides(Selection("neuron", factor.layer, factor.neuron))
        case _:
            return False


def running_sums(values: Sequence[float]) -> list[float]:
    """Return the sums of the first one, two, … of ``values``."""
    return [sum_of(values[: count + 1]) for count in range(len(values))]


def explanation(ledger: Ledger) -> str:
    """Return a sentence on how the factors and paths of ``ledger`` are combined."""
    if ledger.count == 1 and len(ledger.paths[0].neurons) == 1:
        return "One direct path; its factors are multiplied."
    if not ledger.complete:
        return "Factors multiply, paths add up. Listed: the largest for the sample with the largest gradient."
    return "Factors multiply along a path; paths add up."


def count_text(number: int) -> str:
    """Format a number of paths, rounded where it is huge."""
    return thousands(number) if number < 10**7 else short(float(number), 3)
