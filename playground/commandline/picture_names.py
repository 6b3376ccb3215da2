"""The names of pictures on the command line: of every card, every page of the inspector, and comparisons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from core.errors import PlaygroundError
from playground.commandline.arguments import close_to
from playground.widgets.figure import Comparable
from playground.window.cards import CARDS

if TYPE_CHECKING:
    from playground.widgets.figure import Figure
    from playground.widgets.live_card import LiveCard

PAIR: Final = "-side-by-side"
"""End of the name of a picture of two runs side by side, after the key of its card."""


class Choice(Struct, frozen=True):
    """Which pictures are drawn.

    Attributes:
        figures: keys of the pictures, by the key of their card.
        pairs: keys of the cards with a picture of both runs side by side.
    """

    figures: Mapping[str, frozenset[str]]
    pairs: frozenset[str] = frozenset()

    @property
    def cards(self) -> tuple[str, ...]:
        """Keys of the cards that are needed, in the order of the table."""
        return tuple(key for key in CARDS if key in self.figures or key in self.pairs)

    def of(self, key: str, card: LiveCard) -> list[Figure]:
        """Return the chosen pictures of ``card``, whose key is ``key``."""
        wanted = self.figures.get(key, frozenset())
        found = [figure for figure in card.rendered_figures if figure.figure_key in wanted]
        comparable = comparable_of(card) if key in self.pairs else None
        pair = comparable.pair() if comparable is not None else None
        return found if pair is None else [*found, pair]


def comparable_of(card: LiveCard) -> Comparable | None:
    """Return the picture of ``card`` if it can show two runs side by side."""
    figure: object = card.figure
    return figure if isinstance(figure, Comparable) else None


def everything(*, compares: bool = False) -> Choice:
    """Return the choice of all pictures; if two runs are compared, also side by side."""
    return Choice(
        {key: frozenset(entry.rendered) for key, entry in CARDS.items()}, frozenset(CARDS if compares else ())
    )


def choice_of(names: tuple[str, ...], *, compares: bool = False) -> Choice:
    """Return the pictures called ``names``: a card with all its pictures, one picture, or a card with two runs side by side.

    Args:
        names: as given; empty for everything.
        compares: whether two runs are compared.

    Raises:
        PlaygroundError: there is none of that name, or nothing to compare.
    """
    if not names:
        return everything(compares=compares)
    figures: dict[str, frozenset[str]] = {}
    pairs: set[str] = set()
    owners = {picture: key for key, entry in CARDS.items() for picture in entry.rendered}
    for name in names:
        card = name.removesuffix(PAIR)
        if name.endswith(PAIR) and card in CARDS:
            if not compares:
                raise PlaygroundError(f'--what: "{name}" requires a run to compare with; add --compare FILE')
            pairs.add(card)
        elif name in CARDS:
            figures[name] = frozenset(CARDS[name].rendered)
        elif name in owners:
            figures[owners[name]] = figures.get(owners[name], frozenset()) | {name}
        else:
            raise PlaygroundError(_unknown(name, (*CARDS, *owners)))
    return Choice(figures, frozenset(pairs))


def _unknown(name: str, known: tuple[str, ...]) -> str:
    close = close_to(name, dict.fromkeys(known))
    hint = f"did you mean {close}?" if close else f"the names are {', '.join(dict.fromkeys(known))}"
    return f'--what: there is no picture called "{name}"; {hint} (--list explains them)'
