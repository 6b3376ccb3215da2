"""The ⓘ button of a card opens an explanation in the colours of the window, and closes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from playground.panels.controls.formula_tip import formula_paragraphs
from playground.style.formula_svg import formula_svg
from playground.style.theme import THEMES, Style
from playground.widgets.live_card import LiveCard
from playground.window.cards import CARDS
from playground.window.main_window import MainWindow
from playground.window.workspace.arrangements import ARRANGEMENTS
from playground.window.workspace.card_help import WIDTH, Explanation
from tests.playground.factory import every_card_applies
from tests.playground.plots.support import colours, rgb

MAX_WORDS = 25


@pytest.mark.parametrize("key", CARDS)
def test_each_card_is_explained_in_three_short_sentences_and_a_formula(key: str) -> None:
    entry = CARDS[key]
    sentences = re.split(r"(?<=[.!?]) ", entry.help)
    assert len(sentences) == 3
    for sentence in sentences:
        assert sentence.endswith(".")
        assert len(sentence.split()) <= MAX_WORDS, sentence
    assert entry.formula


@pytest.mark.parametrize("key", CARDS)
def test_the_legend_of_an_explanation_has_entries_and_no_sentences(key: str) -> None:
    keys = CARDS[key].keys
    assert not re.search(r"[.!?](\s|$)", keys)
    assert all(entry == entry.strip() for entry in keys.split(" · "))


@pytest.mark.parametrize("key", CARDS)
def test_the_formula_of_each_card_can_be_typeset(key: str) -> None:
    svg = formula_svg(CARDS[key].formula, 14.0, "#000000")
    assert svg.startswith(b"<svg")


@pytest.mark.parametrize("key", CARDS)
def test_the_formula_of_each_card_fits_its_explanation(fonts: object, key: str) -> None:
    for scale in (1.0, 1.4):
        text = formula_paragraphs(CARDS[key].formula, Style(THEMES["light"], scale), WIDTH * scale)
        widths = [int(width) for width in re.findall(r'<img width="(\d+)"', text)]
        assert widths
        assert max(widths) <= WIDTH * scale


def test_every_card_has_the_button(open_window: Callable[..., MainWindow]) -> None:
    window = open_window()
    window.workspace.show_arrangement("landscape")  # builds the others
    for key, card in window.cards.items():
        button = card.findChild(QToolButton, f"help-{key}")
        assert button is not None, key
        assert button.accessibleDescription() == f"{CARDS[key].help} {CARDS[key].keys}".strip()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_explanation_has_text_and_formula_in_the_colours_of_the_window(
    open_window: Callable[..., MainWindow], qtbot: QtBot, theme: str
) -> None:
    window = open_window()
    window.appearance.choose_theme(theme)  # type: ignore[arg-type]
    window.workspace.show_arrangement("gradients")
    button = window.findChild(QToolButton, "help-waterfall")
    assert CARDS["waterfall"].help in button.accessibleDescription()
    button.click()
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, Explanation)
    label = popup.findChild(QLabel)
    assert "the gradient changes" in label.text()
    assert "powers of ten" in label.text()
    assert "<img" in label.text()
    assert "δ = ∂L/∂z: gradient with respect to the pre-activation" in label.text()
    shown = colours(popup.grab().toImage().convertToFormat(popup.grab().toImage().Format.Format_RGB32))
    assert {rgb(getattr(THEMES[theme], name)) for name in ("panel", "ink", "muted")} <= shown
    assert popup.screen().availableGeometry().contains(popup.geometry())
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)


SIZES = [(1280, 800), (1440, 900), (2560, 1440)]


def shown_cards(window: MainWindow) -> Iterator[tuple[str, LiveCard]]:
    """Show every card at each of its places, in all workspaces."""
    for arrangement in ARRANGEMENTS:
        window.workspace.show_arrangement(arrangement.key)
        for key in sorted(arrangement.contents() & window.cards.keys()):
            window.workspace.bring_forward(key)
            if window.cards[key].isVisible():
                QApplication.processEvents()
                yield f"{arrangement.key}: {key}", window.cards[key]


@pytest.mark.parametrize("pinned", [False, True], ids=["alone", "pinned"])
def test_every_card_shows_the_button_and_all_controls_that_are_visible_in_full(
    open_window: Callable[..., MainWindow], qtbot: QtBot, *, pinned: bool
) -> None:
    window = open_window(every_card_applies())
    window.workspace.show_arrangement("landscape")  # builds all cards
    if pinned:
        window.session.pin()
        qtbot.waitUntil(lambda: len(window.session.pins.visible) == 1)
    for size in SIZES:
        window.resize(*size)
        qtbot.waitUntil(lambda size=size: window.size().toTuple() == size)
        require_all_in_full(window)


def require_all_in_full(window: MainWindow) -> None:
    seen = set()
    for name, card in shown_cards(window):
        key = name.partition(": ")[2]
        name = f"{name} at {window.width()} x {window.height()}"
        seen.add(key)
        button = card.findChild(QToolButton, f"help-{key}")
        assert button.isVisible(), name
        parts = [part for part in card.header_widgets() if part.isVisible()]
        assert [part for part in parts if part.width() < part.sizeHint().width()] == [], name
        assert max(part.geometry().right() for part in parts) < card.width(), name
        if key == "network":
            assert card.findChild(QPushButton, "marksButton").isVisible(), name
    assert seen == set(CARDS)


def test_a_narrow_card_hides_the_button_last_and_keeps_it_in_the_menu(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    card = window.cards["gradient"]
    button = card.findChild(QToolButton, "help-gradient")
    popped = window.workspace.pop_out(card)
    popped.resize(700, 400)
    qtbot.waitUntil(lambda: button.isVisible() and card._title.text() == "Gradient by layer")
    popped.resize(236, 400)
    qtbot.waitUntil(lambda: card._title.text() == "Gradient")
    assert button.isVisible()
    popped.setMinimumSize(1, 1)
    card.setMinimumSize(1, 1)
    popped.resize(100, 400)
    qtbot.waitUntil(lambda: not button.isVisible())
    assert card._title.text() == ""
    (more,) = [each for each in card.findChildren(QToolButton) if each.accessibleName().startswith("More for")]
    entry = next(action for action in more.menu().actions() if action.text() == "How to read this")
    entry.trigger()
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, Explanation)
    assert "one layer's gradient" in popup.findChild(QLabel).text().replace("&#x27;", "'")
    popup.close()
