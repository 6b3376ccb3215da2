"""The options of cards as text, from which a deck draws the same figures again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta, Struct

from core.data.sample import Sample
from playground.session.selection import Selection, known_counts
from playground.window.cards import CARDS
from playground.window.workspace.view_memory import choose_options, chosen_options

if TYPE_CHECKING:
    from core.training.snapshot import Snapshot
    from playground.session import Session
    from playground.widgets.figure import Figure
    from playground.widgets.live_card import LiveCard

_Word = Annotated[str, Meta(max_length=10_000)]


class CardView(Struct, frozen=True):
    """A card with its options.

    Attributes:
        card: key of the card.
        chosen: names of the options that are on.
        data: its other options.
        selection: the selected element of the network.
        sample: the selected sample.
        axes: names of the two inputs that span maps; ``None`` for the usual ones.
    """

    card: _Word
    chosen: Annotated[tuple[_Word, ...], Meta(max_length=1000)] = ()
    data: _Word = ""
    selection: Selection | None = None
    sample: Sample | None = None
    axes: tuple[_Word, _Word] | None = None


def views_of(cards: Mapping[str, LiveCard], session: Session) -> dict[str, str]:
    """Return the options behind each figure of ``cards``, by the key of the figure."""
    views: dict[str, str] = {}
    axes = _axes_of(session.snapshot)
    for key, card in cards.items():
        keys = card.rendered_keys | {figure.figure_key for figure in card.figures}
        if keys:
            view = CardView(key, tuple(chosen_options(card)), card.view_data(), session.selection, session.sample, axes)
            views.update(dict.fromkeys(sorted(keys), msgspec.json.encode(view).decode()))
    return views


def _axes_of(snapshot: Snapshot | None) -> tuple[str, str] | None:
    if snapshot is None or snapshot.plane is None:
        return None
    first, second = (snapshot.data.input_names[axis] for axis in snapshot.plane.axes)
    return first, second


def read_view(text: str) -> CardView | None:
    """Return the card in the untrusted ``text``; ``None`` if it is damaged or there is no such card."""
    try:
        view = msgspec.json.decode(text, type=CardView)
    except (msgspec.MsgspecError, ValueError):
        return None
    return view if view.card in CARDS else None


def show_view(card: LiveCard, view: CardView, session: Session) -> None:
    """Show ``card`` with the options of ``view``."""
    if view.data:
        card.restore_view_data(view.data)
    choose_options(card, view.chosen)
    if view.selection is None or view.selection.exists_in(known_counts(session.experiment)):
        session.select(view.selection)
    session.select_sample(view.sample)


def figure_called(key: str, figures: Iterable[Figure]) -> Figure | None:
    """Return the figure with ``key``."""
    return next((figure for figure in figures if figure.figure_key == key), None)
