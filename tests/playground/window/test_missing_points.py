"""With a drawn set that is not sufficient for training yet, the window says what is missing, and waits."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from core.experiment import DataSettings, DrawnSource, Experiment
from playground.export.hidden_view import image_of
from playground.network_view.view import NetworkView
from playground.session.selection import Selection
from playground.widgets.live_card import LiveCard
from playground.window.cards import CARDS
from playground.window.export.export_entry import stored_look
from playground.window.main_window import MainWindow
from playground.window.workspace.arrangements import ARRANGEMENTS

EMPTY = {
    "classes": DrawnSource(points=()),
    "curve": DrawnSource(points=(), task="regression", inputs=1),
    "one class": DrawnSource(points=((1.0, 1.0, 1.0),)),
}

ELEMENTS = (
    Selection("feature", -1, 0),
    Selection("neuron", 0, 0),
    Selection("bias", 0, 0),
    Selection("weight", 1, 0, 0),
)


def redrawn(window: MainWindow, qtbot: QtBot) -> None:
    """Let all visible cards draw the current state again."""
    window.controller.clock.redraw_all()
    drawn(window, qtbot)


def drawn(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until the visible cards have drawn the current state."""
    clock = window.controller.clock
    qtbot.waitUntil(lambda: not clock._ready(math.inf) and not clock._unpainted)


def revealed(window: MainWindow, qtbot: QtBot) -> Iterator[tuple[str, LiveCard]]:
    """Reveal each card in turn, and let it draw the current state."""
    clock = window.controller.clock
    for key, card in window.cards.items():
        window.workspace.reveal(key)
        drawn(window, qtbot)
        (shown,) = [slot.shown for slot in clock._slots if slot.view is card]
        assert card.isVisible() == CARDS[key].applies_to(clock.latest), key
        assert shown is clock.latest or not card.isVisible(), key
        yield key, card


@pytest.mark.parametrize("source", EMPTY.values(), ids=EMPTY.keys())
def test_every_card_waits(qtbot: QtBot, open_window: Callable[..., MainWindow], source: DrawnSource) -> None:
    window = open_window(Experiment(data=DataSettings(dataset=source)), playing=True)
    for selection in (*ELEMENTS, None, ELEMENTS[1]):
        window.session.select(selection)
        redrawn(window, qtbot)
    for key, card in revealed(window, qtbot):
        assert "cannot be drawn" not in card._sentence.text(), key
    for arrangement in ARRANGEMENTS:
        window.workspace.show_arrangement(arrangement.key)
        for selection in (None, ELEMENTS[3]):
            window.session.select(selection)
            redrawn(window, qtbot)
    broken = [key for key, card in window.cards.items() if "cannot be drawn" in card._sentence.text()]
    assert broken == []
    for kind in ("epoch", "sample", "batch"):
        window.session.step(kind)  # type: ignore[arg-type]
    window.session.play()
    qtbot.waitUntil(lambda: window.session.snapshot is not None and window.session.snapshot.playing)
    assert window.session.snapshot is not None
    assert window.session.snapshot.step == 0
    assert window.session.experiment.data.dataset == source, "it was not refused"


def test_training_begins_when_the_points_are_there(qtbot: QtBot, open_window: Callable[..., MainWindow]) -> None:
    window = open_window(Experiment(data=DataSettings(dataset=DrawnSource(points=()))), playing=True)
    window.session.edit_data("Draw", dataset=DrawnSource(points=((1.0, 1.0, 1.0), (-1.0, -1.0, 2.0))))
    qtbot.waitUntil(lambda: window.session.snapshot is not None and window.session.snapshot.step > 10)


def test_every_element_says_under_the_mouse_what_is_known(open_window: Callable[..., MainWindow]) -> None:
    window = open_window(Experiment(data=DataSettings(dataset=DrawnSource(points=()))))
    view = window.cards["network"]
    assert isinstance(view, NetworkView)
    for element in ELEMENTS:
        lines = view.canvas._hover_lines(element)
        assert lines
        assert "nan" not in " ".join(lines).lower()


SOME = DrawnSource(points=tuple((x, y, 1.0 + (x > y)) for x in (-1.0, 0.5, 2.0) for y in (-2.0, 0.0, 1.5)))


def test_every_card_compares_a_set_without_samples(qtbot: QtBot, open_window: Callable[..., MainWindow]) -> None:
    pinned, present = SOME, EMPTY["classes"]
    window = open_window(Experiment(data=DataSettings(dataset=pinned)))
    session = window.session
    session.pin()
    session.edit_data("Draw", dataset=present)
    qtbot.waitUntil(lambda: session.snapshot.experiment.data.dataset == present)
    session.pins.compare(session.pins.all[0].key)
    for arrangement in ARRANGEMENTS:
        window.workspace.show_arrangement(arrangement.key)
        redrawn(window, qtbot)
    session.select(Selection("neuron", 0, 0))
    look = stored_look(window.menus.card_export._parts)
    for key, card in revealed(window, qtbot):
        figure = card.figure
        if figure is not None:
            image_of(figure, look)
            figure.figure_table()
            figure.figure_text()
        assert "cannot be drawn" not in card._sentence.text(), key
    redrawn(window, qtbot)
    assert [key for key, card in window.cards.items() if "cannot be drawn" in card._sentence.text()] == []
