"""The panel beside an exported map contains its legend and the scores of both sets and of each class."""

from __future__ import annotations

import re

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.training.snapshot import Snapshot
from playground.export.hidden_view import Look, hidden_view
from playground.export.sizes import SIZE_PRESETS
from playground.export.vector import prepare_svg
from playground.plots import OutputPlot
from playground.plots.output.output_scores import output_scores
from playground.plotting.canvas.canvas import Canvas
from playground.session import Session
from playground.style.numbers import percent, short
from playground.style.theme import LIGHT, PRINT, Style

pytestmark = pytest.mark.usefixtures("fonts")


def card_of(qtbot: QtBot, snapshot: Snapshot) -> OutputPlot:
    card = OutputPlot(Session(snapshot.experiment), Style(LIGHT))
    qtbot.addWidget(card)
    card.show_snapshot(snapshot)
    return card


def texts(card: OutputPlot, look: Look) -> list[tuple[float, float, str]]:
    svg = prepare_svg(card, look)().decode()
    found = re.findall(r'<text x="([-.\d]+)" y="([-.\d]+)"[^>]*>([^<]*)</text>', svg)
    return [(float(x), float(y), text) for x, y, text in found]


def test_scores_are_those_of_both_sets(snapshots: dict[str, Snapshot]) -> None:
    for name in ("default", "iris", "softmax for two"):
        snapshot = snapshots[name]
        scores, data = output_scores(snapshot), snapshot.data
        assert scores.score == (snapshot.scores.train_accuracy, snapshot.scores.test_accuracy)
        assert [each.samples for each in scores.classes] == np.bincount(data.labels_test.astype(int)).tolist()
        correct = sum(each.correct for each in scores.classes)
        assert correct / len(data.x_test) == pytest.approx(snapshot.scores.test_accuracy)
    surface = snapshots["surface"]
    y, predicted = surface.data.y_test, surface.test_prediction
    r2 = 1.0 - ((y - predicted) ** 2).sum() / ((y - y.mean(axis=0)) ** 2).sum()
    assert output_scores(surface).score[1] == pytest.approx(r2)
    assert output_scores(surface).classes == ()


@pytest.mark.parametrize("theme", [LIGHT, PRINT])
def test_a_slide_has_the_map_at_the_left_and_the_scores_beside_it(
    qtbot: QtBot, snapshots: dict[str, Snapshot], theme: object
) -> None:
    snapshot = snapshots["default"]
    card, look = card_of(qtbot, snapshot), Look((1920, 1080), theme)  # type: ignore[arg-type]
    with hidden_view(card, look) as view:
        assert isinstance(view, Canvas)
        plot = view.area().rect
        assert plot.width() == pytest.approx(plot.height(), abs=2.0)
        assert plot.height() > 0.85 * view.height()
        assert plot.left() < 0.1 * view.width()
    found = texts(card, look)
    words = [text for _, _, text in found]
    scores, by_class = snapshot.scores, output_scores(snapshot).classes
    for text in (percent(scores.test_accuracy), short(scores.train_loss, 3), "accuracy", "prediction", "250"):
        assert text in words
    for each in by_class:
        assert f"{each.correct} of {each.samples}" in words
    beside = [x for x, _, text in found if text in {"accuracy", "loss", "train", "prediction"}]
    assert min(beside) > plot.right()
    assert max(x for x, _, _ in found) > 0.85 * 1920


@pytest.mark.parametrize("size", [preset.size for preset in SIZE_PRESETS.values()])
@pytest.mark.parametrize("name", ["default", "surface"])
@pytest.mark.parametrize(("scale", "titled"), [(1.0, True), (1.25, True), (1.25, False)])
def test_no_text_leaves_the_picture_or_lies_on_another(
    qtbot: QtBot, snapshots: dict[str, Snapshot], size: tuple[int, int], name: str, scale: float, titled: bool
) -> None:
    look = Look(size, LIGHT, text_scale=scale, titled=titled)
    pixels = look.style.px(11)
    found = texts(card_of(qtbot, snapshots[name]), look)
    assert all(0.0 <= x <= size[0] and 0.0 <= y <= size[1] - 0.2 * pixels for x, y, _ in found)
    boxes = [(x, x + 0.4 * pixels * len(text), y) for x, y, text in found]
    for number, (left, right, y) in enumerate(boxes):
        for other_left, other_right, other_y in boxes[number + 1 :]:
            assert not (left < other_right and other_left < right and abs(y - other_y) < 0.5 * pixels)


def test_a_high_picture_has_the_scores_below_the_map(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card, look = card_of(qtbot, snapshots["default"]), Look((640, 1080), LIGHT)
    with hidden_view(card, look) as view:
        assert isinstance(view, Canvas)
        bottom = view.area().rect.bottom()
    accuracy = next(y for _, y, text in texts(card, look) if text == "accuracy")
    assert accuracy > bottom
