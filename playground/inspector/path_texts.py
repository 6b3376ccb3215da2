"""Texts of the path ledger's rows: symbols of the factors, and running sums of the paths."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from playground.inspector.consistent_digits import sum_of, value_of
from playground.inspector.path_row import ShownPath
from playground.style.numbers import short

if TYPE_CHECKING:
    from core.analysis.chain_rule import Ledger
    from playground.session.selection import Names

SUM_DIGITS: Final = 3


def shown_paths(ledger: Ledger, names: Names, written: Sequence[str]) -> list[ShownPath]:
    """Return the rows of ``ledger``; ``written`` contains the products as displayed."""
    symbols, sums = names.symbols, running_sums([path.value for path in ledger.paths])
    ends = [*sums, ledger.sum]
    reach = max((abs(each) for each in ends if math.isfinite(each)), default=0.0)
    rows = []
    for place, path in enumerate(ledger.paths):
        # Sum the displayed products, so that the sum can be verified.
        so_far = sum_of([value_of(text) for text in written[: place + 1]])
        rows.append(
            ShownPath(
                title=names.of_route(ledger.weight.layer, path.neurons),
                labels=tuple(symbols.factor(factor) for factor in path.factors),
                factors=tuple(factor.value for factor in path.factors),
                value=path.value,
                text=written[place],
                before=sums[place - 1] if place else 0.0,
                after=sums[place],
                sum_text=short(so_far, SUM_DIGITS + 1),
                reach=reach,
            )
        )
    return rows


def running_sums(values: Sequence[float]) -> list[float]:
    """Return the sums of the first one, two, … of ``values``."""
    return [sum_of(values[: count + 1]) for count in range(len(values))]
