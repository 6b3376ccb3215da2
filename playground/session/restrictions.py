"""Neurons and weights that cannot be edited, or whose numbers are hidden, while a lesson is open."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from playground.session.selection import Selection

UNKNOWN: Final = "?"
"""What is shown in place of a hidden number."""


class Restrictions(Struct, frozen=True):
    """What a learner may not edit or see.

    A locked neuron locks its bias and the weights into it. What is hidden is locked, too: an editor would show its value.

    Attributes:
        locked: weights and neurons that cannot be edited.
        hidden: weights and neurons whose numbers are hidden.
    """

    locked: frozenset[Selection] = frozenset()
    hidden: frozenset[Selection] = frozenset()

    def hides(self, selection: Selection | None) -> bool:
        """Return whether the numbers of ``selection`` are hidden; the bias belongs to its neuron."""
        return bool(self.hidden) and selection is not None and _element(selection) in self.hidden

    def locks(self, selection: Selection | None) -> bool:
        """Return whether the weight, or the bias of the neuron, ``selection`` cannot be edited."""
        if selection is None or not (self.locked or self.hidden):
            return False
        target = Selection("neuron", selection.layer, selection.neuron)
        return self.hides(selection) or _element(selection) in self.locked or target in self.locked

    @property
    def locks_any(self) -> bool:
        """Whether something cannot be edited."""
        return bool(self.locked or self.hidden)

    @staticmethod
    def reason(selection: Selection) -> str:
        """Return why ``selection``, which is locked, cannot be edited."""
        return f"The lesson has locked this {'weight' if selection.kind == 'weight' else 'bias'}."

    @staticmethod
    def concealment(selection: Selection) -> str:
        """Return why the numbers of ``selection``, which is hidden, are not shown."""
        noun = "weight" if selection.kind == "weight" else "neuron"
        return f"The lesson hides the numbers of this {noun}."


NONE: Final = Restrictions()
"""Nothing is locked or hidden."""


def _element(selection: Selection) -> Selection:
    """Return ``selection``, or the neuron of a bias."""
    return Selection("neuron", selection.layer, selection.neuron) if selection.kind == "bias" else selection
