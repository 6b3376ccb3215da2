"""The last two weights or biases that the user selected, which span the plane of two weights."""

from __future__ import annotations

import numpy as np

from core.training.snapshot import Snapshot
from playground.session.selection import Names, Selection, index_of


class WeightPair:
    """Remembers the last two selected weights or biases."""

    def __init__(self) -> None:
        self._selected: list[Selection] = []

    @property
    def missing(self) -> int:
        """Number of weights still to be selected."""
        return 2 - len(self._selected)

    def remember(self, selection: Selection | None) -> bool:
        """Remember ``selection`` if it is a weight or a bias other than the last one; return whether it is."""
        if selection is None or selection.kind not in ("weight", "bias") or selection in self._selected[-1:]:
            return False
        self._selected = [*self._selected[-1:], selection]
        return True

    def indices(self, snapshot: Snapshot) -> tuple[int, int]:
        """Return the flat indices of both; those with the largest gradients where fewer were selected."""
        architecture = snapshot.network.architecture
        counts = Names.of(architecture, snapshot.data).counts
        known = (index_of(architecture, each) for each in reversed(self._selected) if each.exists_in(counts))
        chosen = [index for index in known if index is not None]
        sizes = np.abs(np.nan_to_num(snapshot.gradients.flat))
        sizes[[layer.alpha_index for layer in architecture.layers]] = -1.0
        for _ in range(2 - len(chosen)):
            sizes[chosen] = -1.0
            chosen.append(int(sizes.argmax()))
        return chosen[1], chosen[0]
