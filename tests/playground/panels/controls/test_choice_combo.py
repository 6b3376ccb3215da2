"""Tooltips of choices show formulas, explanation and purpose."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.formulas.activations import ACTIVATIONS
from core.formulas.initializers import INITIALIZERS
from core.formulas.optimizers import OPTIMIZERS
from core.registry import Entry
from playground.panels.controls.choice_combo import ChoiceCombo
from playground.style.theme import LIGHT, Style


def tip_of(combo: ChoiceCombo, key: str) -> str:
    """Return the tooltip of the item of ``key``."""
    combo.set_key(key)
    return str(combo.itemData(combo.currentIndex(), Qt.ItemDataRole.ToolTipRole))


@pytest.mark.parametrize(("entries", "key", "pictures"), [(ACTIVATIONS, "tanh", 2), (OPTIMIZERS, "sgd", 1)])
def test_a_tooltip_shows_the_formula_and_its_derivative(
    entries: Mapping[str, Entry], key: str, pictures: int, qtbot: QtBot
) -> None:
    combo = ChoiceCombo(entries, Style(LIGHT), "choice", "Choice")
    qtbot.addWidget(combo)
    tip = tip_of(combo, key)
    assert tip.count("<img") == pictures
    assert entries[key].explanation.split(",")[0].split("'")[0] in tip


def test_a_tooltip_says_what_an_initializer_is_suitable_for(qtbot: QtBot) -> None:
    combo = ChoiceCombo(INITIALIZERS, Style(LIGHT), "initializer", "Initializer")
    qtbot.addWidget(combo)
    assert "Suitable for: ReLU family, ELU." in tip_of(combo, "he_normal")
