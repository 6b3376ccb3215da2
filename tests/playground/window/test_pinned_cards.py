"""Every card in the table shows a pinned run: a plot draws it and names it, another card compares it in its own way."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any, Final

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings
from core.training.pins.pinned_run import PinnedRun, pinned
from core.training.run_history import RunHistory
from core.training.training_run import new_trainer
from playground.export.hidden_view import Look, image_of
from playground.plotting.cards.plot_card import PlotCard
from playground.session import Session
from playground.style.theme import LIGHT, Style
from playground.window.cards import CARDS
from tests.playground.pixels import count_near

OTHERWISE: Final = MappingProxyType(
    {
        "network": "flips between both runs while a key is held",
        "samples": "has columns of the pinned run",
        "inspector": "has differences below its numbers",
        "code": "is text; the pin's menu lists what differs",
    }
)
"""The cards that are no plots, and how they compare runs."""

IRIS = Experiment(
    data=DataSettings(dataset="iris"),
    network=NetworkSettings(hidden=(HiddenLayer(units=4, dropout=0.2), HiddenLayer(units=3))),
)
OTHER = replace(IRIS, network=replace(IRIS.network, seed=5))

pytestmark = pytest.mark.usefixtures("fonts", "short_runs")


def run_of(experiment: Experiment, parts: int, steps: int) -> PinnedRun:
    trainer, history = new_trainer(experiment, engine="numpy"), RunHistory()
    for _ in range(parts):
        run = pinned(trainer, history, (0, 1))
        history.timed(trainer.run, steps, None)
        history.record_if_due(trainer)
    return run


@pytest.fixture(scope="module")
def runs() -> tuple[PinnedRun, PinnedRun]:
    return run_of(IRIS, 6, 20), run_of(OTHER, 5, 30)


def shows(image: QImage, colour: str) -> bool:
    """Return whether more than a few pixels have about ``colour``; lines are smoothed."""
    return count_near(image, colour, 24) > 20


PLOTS: Final = [entry.key for entry in CARDS.values() if entry.key not in OTHERWISE]


def test_every_card_that_is_no_plot_is_known(qtbot: QtBot) -> None:
    kinds = {}
    for entry in CARDS.values():
        card = entry.make(Session(IRIS), Style(LIGHT), None)
        qtbot.addWidget(card)
        kinds[entry.key] = isinstance(card, PlotCard)
    assert {key for key, is_plot in kinds.items() if not is_plot} == set(OTHERWISE)


def named(card: Any) -> tuple[tuple[str, int], ...]:
    """Return names and colours of the pinned runs above the plot, or where each has a line with its name, of those."""
    if card._picture.names_pins:
        return tuple(card.canvas.legend)
    assert card.canvas.legend == ()
    return tuple((ghost.name, ghost.colour) for ghost in card.ghosts())


@pytest.mark.parametrize("key", PLOTS)
def test_every_plot_draws_and_names_a_pinned_run(
    qtbot: QtBot, key: str, runs: tuple[PinnedRun, PinnedRun], open_card: Callable[[str], Any]
) -> None:
    card = open_card(key)
    card.show_snapshot(runs[0].snapshot)
    session: Session = card._session
    pin = session.pins.add(runs[1], name="before")
    assert pin is not None
    qtbot.waitUntil(lambda: not hasattr(card, "is_settled") or (card.is_settled and card.shown() is not None))
    if hasattr(card, "has_more"):
        qtbot.waitUntil(lambda: not card.has_more(card.shown()))
    qtbot.waitUntil(lambda: len(card.ghosts()) == 1)
    if hasattr(card, "settle"):
        card.settle()
    look = Look((1600, 1000), LIGHT, titled=False)
    assert named(card) == (("before", 0),)
    assert shows(image_of(card, look), LIGHT.pin_palette[0])
    session.pins.recolour(pin.key, 3)
    qtbot.waitUntil(lambda: named(card) == (("before", 3),))
    assert shows(image_of(card, look), LIGHT.pin_palette[3])
    session.pins.set_hidden(pin.key, hidden=True)
    qtbot.waitUntil(lambda: named(card) == ())
    assert not shows(image_of(card, look), LIGHT.pin_palette[3])
    session.pins.set_hidden(pin.key, hidden=False)
    qtbot.waitUntil(lambda: named(card) == (("before", 3),))
    session.pins.remove(pin.key)
    qtbot.waitUntil(lambda: named(card) == ())


@pytest.fixture
def open_card(qtbot: QtBot) -> Callable[[str], Any]:
    def opened(key: str) -> Any:
        card: Any = CARDS[key].make(Session(IRIS), Style(LIGHT), None)
        qtbot.addWidget(card)
        card.resize(480, 420)
        with qtbot.waitExposed(card):
            card.show()
        return card

    return opened
