"""The linear assignment problem: pair rows with columns at the least total cost."""

from __future__ import annotations

import numpy as np

from core.arrays import Floats, Integers


def assignment(costs: Floats) -> Integers:
    """Return the column of each row in the one-to-one assignment of least total cost, (n, n) → (n,).

    The Hungarian method with shortest augmenting paths, O(n³).

    Source:
        Kuhn (1955), "The Hungarian method for the assignment problem"; Jonker and Volgenant (1987).
    """
    size = len(costs)
    # Row and column 0 stand for "none"; the potentials u, v keep costs − u − v ≥ 0, and 0 on assigned pairs.
    u, v, row_of = np.zeros(size + 1), np.zeros(size + 1), np.zeros(size + 1, dtype=np.int64)
    for row in range(1, size + 1):
        row_of[0], column = row, 0
        shortest, before = np.full(size + 1, np.inf), np.zeros(size + 1, dtype=np.int64)
        reached = np.zeros(size + 1, dtype=np.bool_)
        while True:
            reached[column] = True
            free = np.flatnonzero(~reached)
            reduced = costs[row_of[column] - 1, free - 1] - u[row_of[column]] - v[free]
            shorter = reduced < shortest[free]
            shortest[free[shorter]], before[free[shorter]] = reduced[shorter], column
            column = int(free[shortest[free].argmin()])
            step = shortest[column]
            u[row_of[reached]] += step
            v[reached] -= step
            shortest[~reached] -= step
            if row_of[column] == 0:
                break
        while column:
            row_of[column] = row_of[before[column]]
            column = int(before[column])
    columns = np.zeros(size, dtype=np.int64)
    columns[row_of[1:] - 1] = np.arange(size)
    return columns
