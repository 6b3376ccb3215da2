"""The legend of the landscape is complete and above the plot, beside or above the name of the axis."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from core.training.snapshot import Snapshot
from playground.plots import LandscapePlot
from playground.style.theme import LIGHT, Style
from tests.playground.plots.support import make
from tests.playground.window.text_items import Text, texts_of

pytestmark = pytest.mark.usefixtures("fonts")

ENTRIES = ("start", "now", "pale: off the plane")


@pytest.mark.parametrize("scale", [1.0, 1.15, 1.4])
@pytest.mark.parametrize(
    ("width", "named"), [(180, ENTRIES[:2]), (275, ENTRIES), (330, ENTRIES), (460, ENTRIES), (900, ENTRIES)]
)
def test_the_legend_does_not_cover_the_plot(
    qtbot: QtBot, snapshots: dict[str, Snapshot], width: int, named: tuple[str, ...], scale: float
) -> None:
    card = make(qtbot, LandscapePlot, style=Style(LIGHT, scale), size=(round(width * scale), round(300 * scale)))
    card.show_snapshot(snapshots["default"])
    qtbot.waitUntil(lambda: card.shown() is not None and len(card.shown().path) > 1)
    card.settle()
    texts = texts_of(card)
    legend = [each for each in texts if each.text in ENTRIES]
    assert sorted(each.text for each in legend) == sorted(named)
    top = card.canvas.y() + card.canvas.area().rect.top()
    for one in legend:
        assert not one.is_cut
        assert one.box.bottom() <= top
        assert not [each.text for each in texts if each is not one and lie_over(one, each)]


def lie_over(one: Text, other: Text) -> bool:
    common = one.box.intersected(other.box)
    return common.width() > 1.0 and common.height() > 1.0
