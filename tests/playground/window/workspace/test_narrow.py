"""Where a window is too narrow for all places of a workspace, it has fewer and larger ones, with the same cards."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QSettings
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QSlider, QWidget
from pytestqt.qtbot import QtBot

from core.experiment.presets import preset
from playground.session.selection import Selection
from playground.style.theme import PRESENTATION_SCALE
from playground.window.cards import CARDS
from playground.window.main_window import MIN_SIZE, MainWindow
from playground.window.workspace.arrangements import ARRANGEMENTS, Arrangement
from playground.window.workspace.card_place import CardPlace
from playground.window.workspace.tiles import tiles_of

Opener = Callable[..., MainWindow]
READABLE = 170
"""Least width at scale 1 of a card that can be read."""


def present(window: MainWindow) -> None:
    window.findChild(QAction, "presentationAction").trigger()


@pytest.fixture
def narrow(open_window: Opener, qtbot: QtBot) -> MainWindow:
    """A presentation in the narrowest window."""
    window = open_window()
    window.resize(MIN_SIZE)
    present(window)
    qtbot.waitUntil(lambda: window.width() == MIN_SIZE.width())
    return window


@pytest.mark.parametrize("arrangement", ARRANGEMENTS, ids=lambda each: each.key)
def test_the_narrow_form_has_the_same_cards_and_shows_no_others_first(arrangement: Arrangement) -> None:
    narrow = replace(arrangement, root=arrangement.narrow)
    assert sorted(narrow.in_order()) == sorted(arrangement.in_order())
    assert narrow.shown_first(CARDS) <= arrangement.shown_first(CARDS)


@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("key", [each.key for each in ARRANGEMENTS])
def test_every_card_of_a_narrow_presentation_can_be_read(
    narrow: MainWindow, qtbot: QtBot, key: str, deep: bool
) -> None:
    if deep:
        narrow.session.replace_all(preset("vanishing-gradient"), None)
    narrow.session.select(Selection("weight", 1, 0, 0))
    narrow.workspace.show_arrangement(key)
    scale = narrow.appearance.style.scale
    qtbot.wait(50)
    for name, card in narrow.cards.items():
        if card.isVisible():
            assert card.width() >= READABLE * scale, name


def test_a_wide_window_has_all_places_again(narrow: MainWindow, qtbot: QtBot) -> None:
    card = narrow.cards["weights"]
    assert not card.isVisible()
    narrow.resize(1440, 900)
    qtbot.waitUntil(card.isVisible)


def test_what_was_visible_stays_visible_where_there_is_room(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    window.resize(MIN_SIZE)
    window.workspace.bring_forward("activation")
    present(window)
    qtbot.waitUntil(lambda: window.cards["gradient"].isVisible())
    window.workspace.bring_forward("activation")
    assert not window.cards["gradient"].isVisible()
    present(window)
    qtbot.waitUntil(lambda: window.cards["gradient"].isVisible() and window.cards["activation"].isVisible())


def test_an_enlarged_card_stays_enlarged_and_returns_to_its_narrow_place(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    window.resize(MIN_SIZE)
    card = window.cards["weights"]
    window.workspace.toggle_enlarged(card)
    present(window)
    qtbot.wait(50)
    assert window.workspace.enlarged is card
    assert card.isVisible()
    window.workspace.restore()
    place = card.parentWidget()
    assert isinstance(place, CardPlace)
    assert card.isVisible()
    assert not window.cards["gradient"].isVisible(), "they share a place"


def test_a_field_keeps_the_focus_and_its_text(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    window.resize(MIN_SIZE)
    window.activateWindow()
    slider = window.findChild(QSlider, "learningRateSlider")
    slider.setFocus()
    present(window)
    qtbot.waitUntil(lambda: not window.cards["weights"].isVisible())
    assert window.focusWidget() is slider
    assert not [each for each in window.findChildren(QLineEdit) if each.hasFocus()]


def test_the_narrow_form_keeps_its_own_sizes(open_window: Opener, settings: QSettings, qtbot: QtBot) -> None:
    def dragged(window: MainWindow) -> list[int]:
        return window.workspace._page.splitters["narrow-plots"].sizes()

    window = open_window()
    window.resize(MIN_SIZE)
    present(window)
    qtbot.waitUntil(lambda: "narrow-plots" in window.workspace._page.splitters)
    splitter = window.workspace._page.splitters["narrow-plots"]
    splitter.setSizes([300, 120])
    qtbot.wait(20)
    before = dragged(window)
    window.close()
    settings.sync()
    again = open_window()
    again.resize(MIN_SIZE)
    qtbot.waitUntil(lambda: dragged(again) == before)


def test_a_presentation_is_scaled_to_the_window_not_to_the_main_screen(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    window.resize(1000, 700)
    present(window)
    assert window.appearance.style.scale == pytest.approx(1.15)
    window.resize(1600, 900)
    qtbot.waitUntil(lambda: window.appearance.style.scale == PRESENTATION_SCALE)
    window.resize(1200, 800)
    qtbot.waitUntil(lambda: window.appearance.style.scale == pytest.approx(1.2))
    present(window)
    assert window.appearance.style.scale == 1.0


def test_all_cards_are_reached_in_the_narrow_form(narrow: MainWindow) -> None:
    for arrangement in ARRANGEMENTS:
        narrow.workspace.show_arrangement(arrangement.key)
        for key in arrangement.in_order():
            card = narrow.workspace.card(key)
            if card is None or key not in narrow.workspace._offered:
                continue
            assert narrow.workspace.bring_forward(key) is card
            assert card.isVisible()
            assert isinstance(card.parentWidget(), QWidget)
        assert narrow.workspace.arrangement == arrangement.key


@pytest.mark.parametrize("width", [MIN_SIZE.width(), 1440])
@pytest.mark.parametrize("key", [each.key for each in ARRANGEMENTS])
def test_an_animation_of_the_window_shows_the_cards_of_either_form(
    open_window: Opener, qtbot: QtBot, key: str, width: int
) -> None:
    window = open_window()
    window.resize(width, MIN_SIZE.height())
    if width == MIN_SIZE.width():
        present(window)
    window.workspace.show_arrangement(key)
    qtbot.waitUntil(lambda: window.width() == width)
    shown = {name for name, card in window.cards.items() if card.isVisible() and card.figure is not None}
    qtbot.waitUntil(lambda: {tile.key for tile in tiles_of(window.workspace)} == shown)
    assert len(shown) >= 2


@pytest.mark.parametrize("key", [each.key for each in ARRANGEMENTS])
def test_every_card_of_the_narrowest_window_says_at_its_left_what_it_is(
    open_window: Opener, qtbot: QtBot, key: str
) -> None:
    window = open_window(preset("vanishing-gradient"))
    window.resize(MIN_SIZE)
    window.session.select(Selection("weight", 1, 0, 0))
    window.workspace.show_arrangement(key)
    qtbot.wait(50)
    for name, card in window.cards.items():
        if card.isVisible():
            first = next(part for part in card.header_widgets() if part.isVisible())
            assert first in (card._title, *card._switches), name
            assert first.x() <= 20, name


@pytest.mark.parametrize("key", ["gradients", "landscape"])
def test_pairs_of_plots_beside_the_inspector_need_more_room(open_window: Opener, qtbot: QtBot, key: str) -> None:
    window = open_window()
    window.resize(1024, 768)
    window.workspace.show_arrangement(key)
    qtbot.waitUntil(lambda: all(card.width() > 300 for card in window.cards.values() if card.isVisible()))
    window.resize(1100, 768)
    qtbot.waitUntil(lambda: any(card.width() < 300 for card in window.cards.values() if card.isVisible()))
