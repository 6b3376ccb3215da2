"""Long class names remain distinct in an exported confusion matrix and beside the network's outputs."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from core.training.snapshot import Snapshot
from playground.export.hidden_view import Look
from playground.export.sizes import SIZE_PRESETS
from playground.network_view import NetworkView
from playground.plots import ConfusionPlot
from playground.session import Session
from playground.style.theme import LIGHT, Style
from tests.playground.export.text_places import texts_of

pytestmark = pytest.mark.usefixtures("fonts")

LONG = ("malignant tumour, well differentiated", "malignant tumour, undifferentiated", "benign tumour of grade one")


@pytest.mark.parametrize("size", ["third", "half", "16:9"])
@pytest.mark.parametrize("kind", [ConfusionPlot, NetworkView])
def test_shortened_names_are_distinct(qtbot: QtBot, snapshots: dict[str, Snapshot], kind: Any, size: str) -> None:
    named = replace(snapshots["iris"], data=replace(snapshots["iris"].data, class_names=LONG))
    card = kind(Session(named.experiment), Style(LIGHT))
    qtbot.addWidget(card)
    card.show_snapshot(named)
    texts = texts_of(card, Look(SIZE_PRESETS[size].size, LIGHT, titled=False))
    shown = [unescape(text.words) for text in texts if "mali" in text.words or "beni" in text.words]
    copies = 2 if kind is ConfusionPlot and size != "third" else 1  # in a third, columns are numbered
    assert len(shown) == 3 * copies
    for first in range(0, len(shown), 3):
        assert len(set(shown[first : first + 3])) == 3, shown
    if kind is ConfusionPlot and size == "third":
        assert {text.words for text in texts} >= {"1", "2", "3"}


def test_names_too_wide_for_columns_are_whole_in_the_rows(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = ConfusionPlot(Session(snapshots["iris"].experiment), Style(LIGHT))
    qtbot.addWidget(card)
    card.show_snapshot(snapshots["iris"])
    words = {text.words for text in texts_of(card, Look(SIZE_PRESETS["third"].size, LIGHT, titled=False))}
    assert words >= {"1", "2", "3", "1 setosa", "2 versicolor", "3 virginica"}
