"""The user's choices in the cards are restored at the next start, even if the entries of a menu depend on the data."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QSettings, Qt
from pytestqt.qtbot import QtBot

from core.data.sample import Sample
from core.experiment import Experiment
from core.experiment.presets import preset
from playground.plotting.cards.word_choice import WordMenu
from playground.samples import SamplesCard
from playground.session.selection import Selection
from playground.style.theme import LIGHT, Style
from playground.window.main_window import MainWindow
from playground.window.workspace.view_memory import chosen_options

Opener = Callable[..., MainWindow]

INPUTS = ("Input along the horizontal axis", "Input along the vertical axis")
LAYER = "Layer whose activation is shown"


def menu(window: MainWindow, card: str, name: str) -> WordMenu:
    return next(each for each in window.cards[card].findChildren(WordMenu) if each.accessibleName() == name)


def choose(window: MainWindow, card: str, name: str, start: str) -> None:
    """Choose the entry of the menu ``name`` that begins with ``start``, as a click does."""
    actions = menu(window, card, name).menu().actions()
    next(action for action in actions if action.text().startswith(start)).trigger()


def opened(open_window: Opener, qtbot: QtBot, experiment: Experiment | None = None) -> MainWindow:
    window = open_window(experiment or preset("iris"), resume=True)
    qtbot.waitUntil(lambda: window.session.snapshot is not None)
    return window


def axes(window: MainWindow) -> tuple[int, int]:
    return window.session.snapshot.plane.axes


@pytest.mark.parametrize("wanted", [(0, 1), (3, 2), (2, 0)])
def test_the_inputs_of_the_map_come_back(open_window: Opener, qtbot: QtBot, wanted: tuple[int, int]) -> None:
    first = opened(open_window, qtbot)
    names = first.session.snapshot.data.input_names
    qtbot.waitUntil(lambda: len(menu(first, "output", INPUTS[0]).menu().actions()) == 4)
    for name, axis in zip(INPUTS, wanted, strict=True):
        choose(first, "output", name, names[axis])
        qtbot.wait(20)
    qtbot.waitUntil(lambda: axes(first) == wanted)
    first.close()
    second = opened(open_window, qtbot)
    qtbot.waitUntil(lambda: axes(second) == wanted)
    qtbot.waitUntil(lambda: menu(second, "output", INPUTS[0]).index == wanted[0])


def test_what_was_chosen_in_a_card_comes_back_after_a_session_that_never_showed_it(
    open_window: Opener, qtbot: QtBot
) -> None:
    first = opened(open_window, qtbot)
    first.workspace.reveal("activation")
    qtbot.waitUntil(lambda: bool(menu(first, "activation", LAYER).menu().actions()))
    choose(first, "activation", LAYER, "Output")
    first.workspace.reveal("weights")
    first.close()
    second = opened(open_window, qtbot)
    assert not menu(second, "activation", LAYER).menu().actions()
    second.close()
    third = opened(open_window, qtbot)
    third.workspace.reveal("activation")
    qtbot.waitUntil(lambda: menu(third, "activation", LAYER).text().startswith("Output"))
    assert third.cards["activation"].layer == len(third.session.snapshot.network.architecture.layers) - 1


def test_a_layer_that_no_longer_exists_is_forgotten(open_window: Opener, qtbot: QtBot) -> None:
    first = opened(open_window, qtbot)
    first.workspace.reveal("activation")
    qtbot.waitUntil(lambda: bool(menu(first, "activation", LAYER).menu().actions()))
    choose(first, "activation", LAYER, "Output")
    first.close()
    second = opened(open_window, qtbot, preset("gauss"))
    second.workspace.reveal("activation")
    qtbot.waitUntil(lambda: bool(menu(second, "activation", LAYER).menu().actions()))
    choose(second, "activation", LAYER, "Hidden 1")
    qtbot.wait(50)
    assert second.cards["activation"].layer == 0
    assert [name for name in chosen_options(second.cards["activation"]) if name.startswith(LAYER)] == [
        f"{LAYER}: {menu(second, 'activation', LAYER).chosen_entry}"
    ]


def test_a_menu_waits_for_the_entry_it_is_to_choose_only_until_others_are_offered(qtbot: QtBot) -> None:
    made, chosen = WordMenu("Layer", Style(LIGHT)), list[int]()
    qtbot.addWidget(made)
    made.chosen.connect(chosen.append)
    made.recall("b")
    assert made.chosen_entry == "b"
    made.offer(["a", "b"], 0)
    qtbot.waitUntil(lambda: chosen == [1])
    assert made.chosen_entry == "b"
    made.recall("c")
    made.offer(["a", "d"], 0)
    made.offer(["a", "c"], 0)
    qtbot.wait(20)
    assert chosen == [1]
    assert made.chosen_entry == "a"


def test_the_order_of_the_data_table_comes_back(open_window: Opener, qtbot: QtBot) -> None:
    for number in range(2):
        window = opened(open_window, qtbot)
        window.workspace.reveal("samples")
        card = window.cards["samples"]
        assert isinstance(card, SamplesCard)
        qtbot.waitUntil(lambda card=card: card.table.samples.rowCount() > 0)
        if number == 0:
            card.worst.click()
        assert card.worst.isChecked()
        column = card.table.samples.column_of("loss")
        assert card.table.samples.sorted_by == (column, Qt.SortOrder.DescendingOrder)
        window.close()


@pytest.mark.parametrize(
    "selection",
    [Selection("weight", 0, 1, 2), Selection("neuron", 0, 3), Selection("bias", 1, 0), Selection("feature", -1, 2)],
)
def test_the_selected_element_and_sample_come_back(open_window: Opener, qtbot: QtBot, selection: Selection) -> None:
    first = opened(open_window, qtbot)
    first.session.select(selection)
    first.session.select_sample(Sample(3, is_test=True))
    first.close()
    second = opened(open_window, qtbot)
    assert second.session.selection == selection
    assert second.session.sample == Sample(3, is_test=True)
    qtbot.waitUntil(lambda: second.cards["inspector"].title != "Inspector")


@pytest.mark.parametrize(
    "text", ["", "{", '{"selection": {"kind": "weight", "layer": 40, "neuron": 0}}', '{"sample": 3}']
)
def test_a_damaged_selection_is_ignored(open_window: Opener, qtbot: QtBot, settings: QSettings, text: str) -> None:
    settings.setValue("chosen/last", text)
    window = opened(open_window, qtbot)
    assert window.session.selection is None
    assert window.session.sample is None
