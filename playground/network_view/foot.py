"""The line below the network: what the picture shows now, then what the edges mean, if there is room."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from playground.network_view.finding import finding
from playground.session.selection import capitalized

if TYPE_CHECKING:
    from core.training.phases import Phase
    from core.training.snapshot import Snapshot
    from playground.network_view.builder import PictureBuilder

EDGES: Final = "Colour: sign (orange −, blue +). Width: size. Small dot: bias. Click selects, double-click edits."
SHORT_EDGES: Final = "Colour: sign (orange −, blue +). Width: size."
CHECK: Final = "Relative error of gradients: grey ≤ 10⁻¹², red ≥ 10⁻²; below 10⁻⁵ they agree."
SAMPLE: Final = "{}: each neuron's activation beside it; faded neurons do not fire. Esc ends it."
STEP: Final[dict[Phase | None, str]] = {
    "backward": "Edges: ∂L/∂w of this step. Colour: sign (orange −, blue +). Width: size. Violet: the weight named above.",
    "update": "Edges: change of w in this step. Colour: sign (orange −, blue +). Width: size. Violet: the weight named above.",
}
READING_SECONDS: Final = 1.0
"""Minimum time for which the sentence stays while the network trains, so that it can be read."""
_NO_TIME: Final = float("-inf")


class Foot:
    """Chooses the sentence below the network.

    Args:
        builder: holds what is drawn.
    """

    def __init__(self, builder: PictureBuilder) -> None:
        self._builder = builder
        self._read_at = _NO_TIME

    def is_due(self, snapshot: Snapshot) -> bool:
        """Return whether the sentence should follow ``snapshot``: at once if paused, else when the last could be read."""
        if snapshot.playing and time.monotonic() - self._read_at < READING_SECONDS:
            return False
        self._read_at = time.monotonic()
        return True

    def sentence(self, phase: Phase | None, fits: Callable[[str], bool]) -> str:
        """Return the sentence for ``phase`` of a step, or for no step; ``fits`` tells whether a text fits in one line."""
        builder = self._builder
        if phase in STEP:
            return STEP[phase]
        if builder.sample is not None:
            return SAMPLE.format(capitalized(builder.sample.name))
        if builder.shows == "check":
            return CHECK
        found = finding(builder.snapshot, builder.shape, builder.shows, (), builder.restrictions)
        forms = list(self._forms(found))
        return next((form for form in forms if fits(form)), forms[-1])

    @staticmethod
    def _forms(found: str) -> Iterator[str]:
        """Yield the forms of the sentence, longest first."""
        if not found:
            yield from (EDGES, SHORT_EDGES)
            return
        yield f"{found}. {EDGES}"
        yield f"{found}. {SHORT_EDGES}"
        yield from (found, found.partition(", ")[0])
