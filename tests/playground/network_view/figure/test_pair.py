"""Networks of different depth in one picture both show their neurons."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from playground.export.hidden_view import Look, hidden_view
from playground.export.sizes import SIZE_PRESETS
from playground.network_view import NetworkView
from playground.network_view.figure.items import NetworkItem
from playground.style.theme import LIGHT
from tests.playground.export.test_comparison import card_with
from tests.playground.factory import network, run_pinned_often

pytestmark = pytest.mark.usefixtures("fonts")


@pytest.mark.parametrize("widths", [(6,) * 10, (8,) * 10], ids=["6 neurons", "8 neurons"])
@pytest.mark.parametrize("deep_first", [True, False])
def test_no_layer_of_either_network_is_folded(qtbot: QtBot, widths: tuple[int, ...], *, deep_first: bool) -> None:
    deep, shallow = run_pinned_often(network(*widths), 5, 20), run_pinned_often(network(4, 2), 5, 20)
    pinned, living = (deep, shallow) if deep_first else (shallow, deep)
    card = card_with(qtbot, NetworkView, {"sigmoid": pinned, "relu": living})
    for preset in SIZE_PRESETS:
        with hidden_view(card.pair(), Look(SIZE_PRESETS[preset].size, LIGHT)) as view:
            networks = [item for item in view.scene().items() if isinstance(item, NetworkItem)]
            assert sorted(len(each._builder.layout.columns) for each in networks) == [4, 12]
            for each in networks:
                folded = [column.index for column in each._builder.layout.columns if column.shown < column.count]
                assert folded == [], preset
                bottom = max(column.bottom for column in each._builder.layout.columns)
                assert each._title_height + bottom <= each.height
