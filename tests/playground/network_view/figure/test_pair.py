"""Networks of different depth in one picture both show their neurons."""

from __future__ import annotations

import re

import pytest
from pytestqt.qtbot import QtBot

from playground.export.hidden_view import Look, hidden_view
from playground.export.sizes import SIZE_PRESETS
from playground.export.vector import prepare_svg
from playground.network_view import NetworkView
from playground.network_view.figure.items import NetworkItem
from playground.style.theme import LIGHT, TEXT_LABEL
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


@pytest.mark.parametrize("size", [SIZE_PRESETS[preset].size for preset in ("16:9", "4:3", "half", "a4-column")])
def test_a_long_name_of_a_narrow_network_has_two_lines_above_level_networks(
    qtbot: QtBot, size: tuple[int, int]
) -> None:
    deep, shallow = run_pinned_often(network(*(8,) * 10), 5, 20), run_pinned_often(network(4, 2), 5, 20)
    card = card_with(qtbot, NetworkView, {"sigmoid": shallow, "relu": deep})
    card._session.pins.rename(card._session.pins.all[0].key, "sigmoid with half the rate")
    svg = prepare_svg(card.pair(), Look(size, LIGHT))().decode()
    assert not [text for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg) if "…" in text]
    with hidden_view(card.pair(), Look(size, LIGHT)) as view:
        networks = [item for item in view.scene().items() if isinstance(item, NetworkItem)]
        beside = len({item.y() for item in networks}) == 1
        assert len({item._title_height for item in networks}) == 1 or not beside


@pytest.mark.parametrize("preset", SIZE_PRESETS)
def test_the_activations_of_a_deep_network_are_as_large_as_other_text(qtbot: QtBot, preset: str) -> None:
    snapshot = run_pinned_often(network(*(8,) * 10, activation="leaky_relu"), 5, 20)
    card = card_with(qtbot, NetworkView, {"sigmoid": snapshot, "relu": snapshot})
    look = Look(SIZE_PRESETS[preset].size, LIGHT)
    svg = prepare_svg(card, look)().decode()
    sizes = [float(size) for size in re.findall(r'font-size="([.\d]+)"[^>]*>Leaky ReLU<', svg)]
    assert sizes
    assert min(sizes) >= int(look.style.px(TEXT_LABEL))
