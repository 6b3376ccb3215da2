"""The path ledger as a table, for export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.inspector.ledger.path_texts import hides_factor
from playground.session.restrictions import UNKNOWN, Restrictions
from playground.widgets.figure import Table

if TYPE_CHECKING:
    from core.analysis.chain_rule import Ledger
    from playground.session.selection import Names


def ledger_table(ledger: Ledger | None, names: Names, layer: int, restrictions: Restrictions) -> Table:
    """Return each path of a parameter of ``layer`` with its factors, then the sums."""
    rows: list[tuple[float | int | str, ...]] = []
    for path in ledger.paths if ledger is not None else ():
        hidden = [hides_factor(restrictions, factor) for factor in path.factors]
        factors = " · ".join(
            f"{names.symbols.factor(factor)} = {UNKNOWN if secret else repr(factor.value)}"
            for factor, secret in zip(path.factors, hidden, strict=True)
        )
        value = UNKNOWN if any(hidden) else path.value
        rows.append((names.of_route(layer, path.neurons), factors, value))
    if ledger is not None:
        rows += [("all other paths", "", ledger.others), ("sum of all paths", "", ledger.sum)]
        rows.append(("backpropagation", "", ledger.backprop))
    return Table(("path", "factors", "gradient"), rows)
