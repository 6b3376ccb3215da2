"""Presentation mode shows the whole network and the controls that the user chose."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, QSettings
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLabel, QScrollArea, QSlider, QSplitter, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from core.experiment.presets import preset
from playground.inspector import InspectorPanel
from playground.network_view import NetworkView
from playground.plotting.cards.word_choice import WordChoice
from playground.style.appearance import presentation_scale
from playground.style.theme import TEXT_CONTROL, TEXT_LABEL, TEXT_TITLE, TITLE_ICON
from playground.widgets.card import Card
from playground.window.main_window import MainWindow
from playground.window.presentation.controls import DEFAULT
from playground.window.workspace.arrangements import ARRANGEMENTS

Opener = Callable[..., MainWindow]


def toggle(window: MainWindow) -> None:
    window.findChild(QAction, "presentationAction").trigger()


def in_sight(window: MainWindow, widget: QWidget) -> bool:
    area = window.controls.findChild(QScrollArea).viewport()
    corner = widget.mapTo(area, widget.rect().bottomRight())
    return widget.isVisible() and area.rect().contains(corner)


def test_at_1440_by_900_all_layers_and_the_chosen_controls_are_visible(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(preset("vanishing-gradient"))
    toggle(window)
    names = ("depthSlider", "widthSlider", "gainSlider", "learningRateSlider")
    qtbot.waitUntil(lambda: all(in_sight(window, window.findChild(QSlider, name)) for name in names))
    assert in_sight(window, window.findChild(QComboBox, "activationCombo"))
    assert not window.findChild(QSlider, "noiseSlider").isVisible()
    network = window.cards["network"]
    assert isinstance(network, NetworkView)
    canvas = network.canvas
    first, last = canvas.builder.layout.columns[0], canvas.builder.layout.columns[-1]
    assert canvas.viewport.to_view(first.left, 0)[0] >= 0
    assert canvas.viewport.to_view(last.right, 0)[0] <= canvas.width()
    toggle(window)
    assert window.findChild(QSlider, "noiseSlider").isVisible()


def test_the_chosen_controls_are_remembered(open_window: Opener, settings: QSettings) -> None:
    window = open_window()
    toggle(window)
    for key in DEFAULT:
        action = window.findChild(QAction, f"present-{key}")
        assert action.isChecked(), key
        action.trigger()
    assert not window.controls.data.isVisible()
    assert not window.controls.layers.isVisible()
    window.findChild(QAction, "present-Training/Optimizer").trigger()
    window.findChild(QAction, "present-Data/Noise").trigger()
    assert window.findChild(QComboBox, "optimizerCombo").isVisible()
    assert window.findChild(QSlider, "noiseSlider").isVisible()
    assert not window.findChild(QSlider, "depthSlider").isVisible()
    window.close()
    second = open_window()
    assert second.findChild(QComboBox, "optimizerCombo").isVisible()
    assert not second.findChild(QSlider, "depthSlider").isVisible()
    toggle(second)
    assert second.findChild(QSlider, "depthSlider").isVisible()
    settings.setValue("presentation/controls", 3)


def test_each_mode_keeps_its_own_sizes(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    splitter = window.workspace.findChild(QSplitter, "root")
    splitter.setSizes([260, 480, 228])
    qtbot.wait(300)
    before = splitter.sizes()
    toggle(window)
    qtbot.waitUntil(lambda: splitter.sizes()[0] > before[0])
    splitter.setSizes([before[0] + 150, before[1] - 250, before[2] + 100])
    presented = splitter.sizes()
    toggle(window)
    qtbot.waitUntil(lambda: splitter.sizes() == before)
    toggle(window)
    qtbot.waitUntil(lambda: splitter.sizes() == presented)


def test_every_control_of_the_panel_can_be_chosen(open_window: Opener) -> None:
    window = open_window()
    offered = {a.objectName().removeprefix("present-") for a in window.menus.presentation_menu.actions()} - {""}
    assert set(DEFAULT) <= offered
    assert {f"{s.title}/{name}" for s in window.controls.sections for name in s.named_rows} == offered
    assert len(offered) >= 16


@pytest.mark.parametrize(("width", "scale"), [(800, 1.15), (1024, 1.15), (1280, 1.28), (1440, 1.4), (2560, 1.4)])
def test_a_small_screen_is_not_drawn_too_large(width: int, scale: float) -> None:
    assert presentation_scale(width) == pytest.approx(scale)


def test_an_enlarged_inspector_uses_a_large_window(open_window: Opener, qtbot: QtBot) -> None:
    window = open_window()
    card = window.workspace.card("inspector")
    assert isinstance(card, InspectorPanel)
    window.resize(2560, 1440)
    window.workspace.toggle_enlarged(card)
    assert card._title.fontInfo().pixelSize() >= round(1.5 * TEXT_TITLE)
    window.workspace.restore()
    qtbot.waitUntil(lambda: card._title.fontInfo().pixelSize() == TEXT_TITLE)


def title_lines(window: MainWindow) -> dict[tuple[str, str], set[int]]:
    """Return the sizes of titles, words and icons in the title lines of the visible cards, by the card's window."""
    sizes: dict[tuple[str, str], set[int]] = {}
    for card in window.cards.values():
        for part in card.header_widgets() if card.isVisible() else ():
            for each in (part, *part.findChildren(QWidget)):
                is_read = isinstance(each, QToolButton) or (isinstance(each, QLabel) and bool(each.text()))
                if not each.isVisible() or not is_read:
                    continue
                kind = "title" if each is card._title else "word" if each.text() else "icon"
                size = each.iconSize().width() if isinstance(each, QToolButton) and kind == "icon" else None
                size = each.fontInfo().pixelSize() if size is None else size
                sizes.setdefault((card.window().windowTitle(), kind), set()).add(size)
    return sizes


@pytest.mark.parametrize("presented", [False, True])
def test_the_title_lines_of_all_cards_in_a_window_are_alike(open_window: Opener, qtbot: QtBot, presented: bool) -> None:
    window = open_window()
    window.resize(2560, 1440)
    if presented:
        toggle(window)
    qtbot.waitUntil(lambda: window.width() == 2560)
    scale = window.appearance.style.scale
    for key in ("playground", "gradients", "landscape"):
        window.workspace.show_arrangement(key)
        sizes = {kind: found for (_, kind), found in title_lines(window).items()}
        assert sizes["title"] == {round(scale * TEXT_TITLE)}, key
        assert sizes["word"] <= {round(scale * TEXT_LABEL), round(scale * TEXT_CONTROL)}, key
        assert sizes["icon"] == {round(scale * TITLE_ICON)}, key


def test_no_part_of_a_title_line_lies_over_another_after_the_type_has_changed(open_window: Opener) -> None:
    window = open_window()
    window.workspace.complete()
    for _ in range(2):
        for theme, presented in (("light", False), ("dark", True)):
            window.appearance.choose_theme(theme)
            window.findChild(QAction, "presentationAction").setChecked(presented)
            for arrangement in ARRANGEMENTS:
                window.workspace.show_arrangement(arrangement.key)
                window.grab()  # paints without a turn of the event loop
                for key, card in window.cards.items():
                    parts = [each for each in card.header_widgets() if each.isVisible()]
                    words = [each for each in card.findChildren(WordChoice) if each.isVisible()]
                    rows = [parts, *([part for part in row.children() if shows(part)] for row in words)]
                    for row in rows:
                        for one, other in itertools.combinations(row, 2):
                            assert not one.geometry().intersects(other.geometry()), (arrangement.key, key, theme)


def shows(part: QObject) -> bool:
    return isinstance(part, QWidget) and part.isVisible()


@pytest.mark.parametrize("way", ["enlarged", "popped out"])
def test_title_words_and_icons_of_a_card_with_a_window_to_itself_grow_with_it(
    open_window: Opener, qtbot: QtBot, way: str
) -> None:
    window = open_window()
    window.workspace.complete()
    for key in ("landscape", "inspector", "network"):
        require_that_it_grows(window, qtbot, key, way)


def require_that_it_grows(window: MainWindow, qtbot: QtBot, key: str, way: str) -> None:
    card = window.workspace.card(key)
    assert isinstance(card, Card)
    for size, least in (((2560, 1440), 1.5), ((1280, 800), 1.0)):
        if way == "enlarged":
            window.resize(*size)
            if window.workspace.enlarged is not card:
                window.workspace.toggle_enlarged(card)
        else:
            window.workspace.pop_out(card).resize(*size)
        qtbot.waitUntil(lambda: card.window().width() == size[0])  # noqa: B023 - waits at once
        found = [each for (_, kind), each in title_lines(window).items() if kind == "title"]
        largest = max(max(each) for each in found)
        assert largest >= round(least * TEXT_TITLE)
        icons = {
            each.iconSize().width()
            for each in card.header_widgets()
            if isinstance(each, QToolButton) and not each.text()
        }
        (icon,) = icons
        assert icon / TITLE_ICON == pytest.approx(card._title.fontInfo().pixelSize() / TEXT_TITLE, abs=0.05)
    if way == "enlarged":
        window.workspace.restore()
    else:
        window.workspace.close_windows()
    qtbot.waitUntil(lambda: card._title.fontInfo().pixelSize() == TEXT_TITLE)
