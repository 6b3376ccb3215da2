"""Cards that are never shown, of several moments at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.window.export.hidden_cards import HiddenCards

if TYPE_CHECKING:
    from core.training.pins.pinned_run import PinnedRun
    from playground.widgets.figure import Figure


class MomentCards:
    """Draws figures of several moments, each on cards that keep what they have computed; call :meth:`close` in the end."""

    def __init__(self) -> None:
        self._moments: list[tuple[PinnedRun, HiddenCards, dict[tuple[str, str], Figure | None]]] = []
        self._current = 0

    def show_run(self, run: PinnedRun) -> None:
        """Show ``run`` from now on."""
        known = [number for number, (each, _, _) in enumerate(self._moments) if each is run]
        if not known:
            cards = HiddenCards()
            cards.show_run(run)
            self._moments.append((run, cards, {}))
        self._current = known[0] if known else len(self._moments) - 1

    def figure(self, key: str, view: str) -> Figure | None:
        """Return the figure ``key`` with the options of its card in ``view``; ``None`` if it does not exist or apply."""
        if not self._moments:
            return None
        _, cards, figures = self._moments[self._current]
        if (key, view) not in figures:  # setting the options again would compute some figures again
            figures[key, view] = cards.figure(key, view)
        return figures[key, view]

    def close(self) -> None:
        """Delete the cards."""
        for _, cards, _ in self._moments:
            cards.close()
        self._moments.clear()
