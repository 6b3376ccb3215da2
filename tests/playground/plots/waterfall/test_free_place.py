"""The numbers of the waterfall stand where no line of a pinned run crosses them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF
from pytestqt.qtbot import QtBot

from core.experiment.presets import preset
from core.training.pins.pinned_run import pinned
from core.training.run_history import RunHistory
from core.training.training_run import new_trainer
from playground.plots import WaterfallPlot
from playground.plots.waterfall import numbers as waterfall_numbers
from playground.plots.waterfall import picture
from playground.plots.waterfall.free_place import crosses, free_place
from playground.plotting.drawing.pencil import text_height, text_width
from playground.session import Session
from playground.style.theme import LIGHT, Style

pytestmark = pytest.mark.usefixtures("fonts")

RECT, BOX = QRectF(0, 0, 100, 100), QRectF(40, 40, 20, 10)
CORNERS = (np.array([0.0, 50.0, 50.0, 100.0]), np.array([45.0, 45.0, 80.0, 80.0]))


def test_a_place_that_is_free_is_kept() -> None:
    assert free_place(BOX, [], RECT, down=True) == BOX
    assert free_place(BOX.translated(25, 0), [CORNERS], RECT, down=True) == BOX.translated(25, 0)


def test_a_number_moves_away_from_its_bar() -> None:
    up = free_place(BOX, [CORNERS], RECT, down=False)
    assert up is not None
    assert up.left() == BOX.left()
    assert BOX.top() - 10 <= up.top() < BOX.top()
    assert not crosses(up, [CORNERS])


def test_without_a_free_place_nearby_there_is_none() -> None:
    assert free_place(BOX, [CORNERS], RECT, down=True) is None, "the line goes down through it"
    assert free_place(QRectF(40, 40, 20, 10), [CORNERS], QRectF(0, 39, 100, 60), down=False) is None


def test_a_line_with_a_gap_is_not_there() -> None:
    xs, ys = np.array([0.0, np.nan, 100.0]), np.array([45.0, np.nan, 45.0])
    assert not crosses(BOX, [(xs, ys)])


def test_no_line_of_a_pinned_run_lies_on_a_number(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = preset("vanishing-gradient")
    hidden = experiment.network.hidden[:5]
    living = replace(experiment, network=replace(experiment.network, hidden=hidden))
    numbers: list[tuple[QPointF, str]] = []
    monkeypatch.setattr(waterfall_numbers, "write", _noting(waterfall_numbers.write, numbers))
    session, style = Session(living), Style(LIGHT)
    card = WaterfallPlot(session, style)
    qtbot.addWidget(card)
    card.resize(560, 420)
    card.show()
    for steps in (1, 40):
        trainer = new_trainer(living, engine="numpy")
        trainer.run(steps)
        run = pinned(trainer, RunHistory(), (0, 1))
        card.show_snapshot(run.snapshot)
        if steps == 1:
            assert session.pins.add(run) is not None
    card.settle()
    qtbot.waitUntil(lambda: len(card.ghosts()) == 1)
    (ghost,) = card.ghosts()
    qtbot.wait(50)
    numbers.clear()
    card.grab()
    area = card.canvas.area()
    line = picture._stairs(area, ghost.data, picture._bar_width(area, style))
    assert len(numbers) >= 8
    for at, text in numbers:
        width, height = text_width(style, text), text_height(style)
        box = QRectF(at.x() - width / 2, at.y() - height / 2, width, height)
        assert not crosses(box.adjusted(1, 1, -1, -1), [line])


def _noting(write: Callable[..., Any], numbers: list[tuple[QPointF, str]]) -> Callable[..., Any]:
    """Return ``write``, which adds each number of a bar to ``numbers``."""

    def noting(p: object, style: Style, at: QPointF, text: str, **rest: Any) -> Any:
        if re.fullmatch(r"[+−]\d+\.\d+", text):
            numbers.append((at, text))
        return write(p, style, at, text, **rest)

    return noting
