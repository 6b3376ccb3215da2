"""Cards that are never shown draw stored runs as they were shown, along the inputs that were chosen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from core.experiment.presets import preset
from core.training.origins.shown_runs import decode, encode
from playground.export.origin import deck_origin
from playground.session import Session
from playground.style.theme import LIGHT, Style
from playground.window.cards import CARDS
from playground.window.export.deck_views import CardView, views_of
from playground.window.export.hidden_cards import HiddenCards
from tests.playground.factory import pinned_run

pytestmark = pytest.mark.usefixtures("qapp", "fonts")

CHOSEN = (0, 3)
STEPS = 30


@pytest.fixture
def hidden() -> Iterator[HiddenCards]:
    cards = HiddenCards()
    yield cards
    cards.close()


@pytest.fixture
def shown(qtbot: QtBot) -> tuple[Session, dict[str, Any]]:
    """Return a session with the output and the network card, along other inputs than the usual ones."""
    run = pinned_run(preset("iris"), STEPS, CHOSEN)
    session = Session(run.experiment)
    session.is_reproducible = True
    session.snapshot = replace(run.snapshot, generation=session.generation, state=run.state)
    cards = {key: CARDS[key].make(session, Style(LIGHT), None) for key in ("output", "network")}
    for card in cards.values():
        qtbot.addWidget(card)
        card.show_snapshot(session.snapshot)
    return session, cards


def names(figure: Any) -> tuple[str, ...]:
    return tuple(figure.figure_table().columns[:2])


def test_maps_are_drawn_along_the_chosen_inputs(hidden: HiddenCards, shown: tuple[Session, dict[str, Any]]) -> None:
    session, cards = shown
    views = views_of(cards, session)
    origin = deck_origin(session, views)
    assert origin is not None
    assert origin.runs is not None
    hidden.show(decode(encode(origin.runs)))
    figure = hidden.figure("output", views["output"])
    assert names(figure) == names(cards["output"]) == ("sepal length", "petal width")
    assert hidden.figure("network", views["network"]) is not None
    assert hidden._snapshot is not None
    assert hidden._snapshot.plane is not None
    assert hidden._snapshot.plane.axes == CHOSEN


def test_inputs_that_the_data_lack_give_way_to_the_usual_ones(
    hidden: HiddenCards, shown: tuple[Session, dict[str, Any]]
) -> None:
    hidden.show_run(pinned_run(preset("iris"), STEPS))
    for axes, expected in (
        (("sepal width", "sepal length"), ("sepal width", "sepal length")),
        (("sepal width", "mass"), ("petal length", "petal width")),
        (None, ("petal length", "petal width")),
    ):
        view = msgspec.json.encode(CardView("output", axes=axes)).decode()
        assert names(hidden.figure("output", view)) == expected
