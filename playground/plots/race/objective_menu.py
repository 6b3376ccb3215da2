"""The menu of what optimizers descend: the loss of the current network, or an analytic surface."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.analysis.surfaces import SURFACES
from playground.plotting.cards.word_choice import WordMenu
from playground.style.theme import Style
from playground.widgets.card import FULL

NETWORK: Final = "network"
"""Key of the current network's loss as objective; other objectives are keys in ``SURFACES``."""

OBJECTIVES: Final = (NETWORK, *SURFACES)


class ObjectiveMenu(WordMenu):
    """A word that opens the menu of objectives.

    Signals:
        objective_chosen: key of the chosen objective.
    """

    objective_chosen = Signal(str)

    def __init__(self, explanation: str, style: Style, parent: QWidget | None = None) -> None:
        """Create the menu; ``explanation`` says what the card shows for the network."""
        super().__init__("Objective", style, parent)
        self._is_compact = False
        tips = [f"This network: {explanation}"]
        tips += [f"{surface.label}: {surface.explanation}" for surface in SURFACES.values()]
        self.setToolTip("\n".join(tips))
        self.chosen.connect(lambda index: self.objective_chosen.emit(OBJECTIVES[index]))
        self.show_objective(NETWORK)

    def show_objective(self, key: str) -> None:
        """Select the objective ``key`` without emitting a signal."""
        labels = ["This network", *(surface.label for surface in SURFACES.values())]
        self.offer(
            labels, OBJECTIVES.index(key), lambda index: "network" if self._is_compact and not index else labels[index]
        )

    def set_compact(self, form: int) -> None:
        """Switch to a short label for narrow cards, or back to the ``FULL`` one."""
        self._is_compact = form != FULL
        self.relabel()
