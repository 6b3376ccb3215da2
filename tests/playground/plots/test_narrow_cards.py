"""In a narrow card, no text is truncated or overlaps another, and no number is elided."""

from __future__ import annotations

import itertools
import re

import pytest
from pytestqt.qtbot import QtBot

from core.experiment.presets import preset
from core.training.snapshot import Snapshot
from playground.plots import ConfusionPlot, GradientPlot, LossPlot, NoisePlot, RangesPlot, WaterfallPlot
from playground.plotting.cards.computed_card import ComputedCard
from playground.style.theme import LIGHT, TEXT_LABEL, Style
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import make
from tests.playground.window.text_items import Text, texts_of

pytestmark = pytest.mark.usefixtures("fonts", "short_runs")

ELIDED_NUMBER = re.compile(r"\d…$")


@pytest.mark.parametrize("scale", [1.0, 1.15, 1.4])
@pytest.mark.parametrize("width", [180, 210, 250])
@pytest.mark.parametrize("kind", [LossPlot, NoisePlot, RangesPlot, WaterfallPlot], ids=lambda each: each.__name__)
def test_texts_are_complete_and_do_not_overlap(
    qtbot: QtBot, snapshots: dict[str, Snapshot], kind: type, width: int, scale: float
) -> None:
    size = round(width * scale), round(230 * scale)
    card = make(qtbot, kind, style=Style(LIGHT, scale), size=size)
    card.show_snapshot(snapshots["default"])
    if isinstance(card, ComputedCard):
        qtbot.waitUntil(lambda: card.shown() is not None)
        card.settle()
    texts = [each for each in texts_of(card) if each.box.left() > card.canvas.x()]
    assert texts
    for text in texts:
        assert not text.is_cut, text.text
        assert not ELIDED_NUMBER.search(text.text), text.text
    require_apart(texts)


def require_apart(texts: list[Text]) -> None:
    for one, other in itertools.combinations(texts, 2):
        common = one.box.intersected(other.box)
        assert common.width() <= 2.0 or common.height() <= 2.0, (one.text, other.text)


@pytest.mark.parametrize("height", [180, 200, 230, 400])
@pytest.mark.parametrize("scale", [1.0, 1.28])
def test_the_counts_of_a_low_confusion_matrix_do_not_overlap(
    qtbot: QtBot, snapshots: dict[str, Snapshot], height: int, scale: float
) -> None:
    card = make(qtbot, ConfusionPlot, style=Style(LIGHT, scale), size=(round(300 * scale), round(height * scale)))
    card.show_snapshot(snapshots["digits"])
    texts = texts_of(card)
    require_apart(texts)
    count = str(int(card.shown().counts.max()))
    assert (count in [each.text for each in texts]) or height < 400


@pytest.mark.parametrize("width", [170, 266, 360])
@pytest.mark.parametrize(
    ("kind", "name"),
    [(ConfusionPlot, "digits"), (GradientPlot, "vanishing-gradient"), (WaterfallPlot, "vanishing-gradient"),
     (GradientPlot, "default"), (WaterfallPlot, "default")],
)  # fmt: skip
def test_numbers_are_left_out_rather_than_smaller_than_labels(qtbot: QtBot, kind: type, name: str, width: int) -> None:
    card = make(qtbot, kind, size=(width, 271))
    card.show_snapshot(snapshot_of(preset(name), steps=3))
    if isinstance(card, ComputedCard):
        qtbot.waitUntil(lambda: card.shown() is not None)
        card.settle()
    texts = texts_of(card)
    assert min(round(each.size) for each in texts) >= TEXT_LABEL
    require_apart(texts)
