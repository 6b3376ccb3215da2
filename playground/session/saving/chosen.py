"""The selected element and sample as text, which is saved from one start to the next."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from core.data.sample import Sample
from playground.session.selection import Selection, known_counts
from playground.session.session import Session


class _Chosen(Struct, frozen=True, omit_defaults=True):
    """What is selected.

    Attributes:
        selection: the element of the network.
        sample: the sample.
    """

    selection: Selection | None = None
    sample: Sample | None = None


def chosen_text(session: Session) -> str:
    """Return what is selected in ``session`` as text."""
    return msgspec.json.encode(_Chosen(session.selection, session.sample)).decode()


def choose_again(session: Session, text: str) -> None:
    """Select what :func:`chosen_text` returned; ignore damaged text and elements that do not exist."""
    try:
        chosen = msgspec.json.decode(text, type=_Chosen)
    except (msgspec.MsgspecError, ValueError):
        return
    if chosen.selection is not None and chosen.selection.exists_in(known_counts(session.experiment)):
        session.select(chosen.selection)
    session.select_sample(chosen.sample)
