"""The confusion matrix shows the counts of pinned runs with the same classes in its cells."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from core.experiment import DataSettings, Experiment, NetworkSettings
from core.training.pins.pinned_run import PinnedRun, pinned
from core.training.run_history import RunHistory
from core.training.training_run import new_trainer
from playground.export.hidden_view import Look
from playground.export.latex.tikz import prepare_tikz
from playground.plots import ConfusionPlot
from playground.plots.confusion.card import _count_size
from playground.plots.confusion.pins import cell_of, strip_height, type_size
from playground.plotting.drawing.pencil import text_height
from playground.session import Session
from playground.style.theme import LIGHT, Style
from tests.playground.plots.support import colours, picture, rgb


def run_of(dataset: str, steps: int) -> PinnedRun:
    experiment = Experiment(data=DataSettings(dataset=dataset), network=NetworkSettings())
    trainer = new_trainer(experiment, engine="numpy")
    trainer.run(steps)
    return pinned(trainer, RunHistory(), (0, 1))


@pytest.fixture(scope="module")
def runs() -> dict[str, PinnedRun]:
    return {
        "early": run_of("iris", 1),
        "late": run_of("iris", 300),
        "digits": run_of("digits", 2),
        "digits later": run_of("digits", 30),
    }


def shown(qtbot: QtBot, living: PinnedRun, *pins: PinnedRun, size: tuple[int, int] = (300, 300)) -> Any:
    session = Session(living.experiment)
    card = ConfusionPlot(session, Style(LIGHT))
    qtbot.addWidget(card)
    card.resize(*size)
    card.show()
    card.show_snapshot(living.snapshot)
    for pin in pins:
        assert session.pins.add(pin) is not None
    return card


def test_the_counts_of_a_pinned_run_are_drawn_in_its_colour(qtbot: QtBot, runs: dict[str, PinnedRun]) -> None:
    card = shown(qtbot, runs["late"], runs["early"])
    (pin,) = card.pins.all
    (ghost,) = card.ghosts()
    assert card.canvas.legend == ((card.pins.name(pin), 0),)
    assert type_size(card.canvas.area(), [ghost.data.counts], card._style) > 0, "there is room for numbers"
    assert rgb(ghost.tint(card._style)) in colours(picture(card))
    card.pins.recolour(pin.key, 3)
    (recoloured,) = card.ghosts()
    assert rgb(recoloured.tint(card._style)) in colours(picture(card))
    assert rgb(ghost.tint(card._style)) not in colours(picture(card))
    card.pins.set_hidden(pin.key, hidden=True)
    assert card.canvas.legend == ()
    assert rgb(recoloured.tint(card._style)) not in colours(picture(card))
    card.pins.set_hidden(pin.key, hidden=False)
    assert card.canvas.legend != ()
    card.pins.remove(pin.key)
    assert card.canvas.legend == ()


def test_without_room_for_numbers_the_cells_that_differ_are_framed(qtbot: QtBot, runs: dict[str, PinnedRun]) -> None:
    card = shown(qtbot, runs["digits later"], runs["digits"], size=(220, 220))
    (ghost,) = card.ghosts()
    assert type_size(card.canvas.area(), [ghost.data.counts], card._style) == 0
    assert rgb(ghost.tint(card._style)) in colours(picture(card))
    equal = shown(qtbot, runs["digits"], runs["digits"], size=(220, 220))
    image = equal.canvas.grab(equal.canvas.area().rect.toRect()).toImage()
    assert rgb(ghost.tint(card._style)) not in colours(image), "no cell differs"


def test_the_values_under_the_mouse_name_the_pinned_run(
    qtbot: QtBot, runs: dict[str, PinnedRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    card = shown(qtbot, runs["late"], runs["early"])
    card.pins.rename(card.pins.all[0].key, "before")
    (ghost,) = card.ghosts()
    read: list[list[tuple[str, str]]] = []
    monkeypatch.setattr(
        "playground.plots.confusion.card.read_out", lambda _p, _s, _at, _bounds, lines: read.append(lines)
    )
    area = card.canvas.area()
    for row, column in np.ndindex(3, 3):
        card.canvas.hovered.emit(QPointF(area.x(column + 0.5), area.y(2.5 - row)))
        card.canvas.grab()
        lines = dict(read[-1])
        assert lines["samples"] == str(card.shown().counts[row, column])
        assert lines["samples, before"] == str(ghost.data.counts[row, column])
    assert ghost.data.counts.sum() == card.shown().counts.sum()


def test_a_run_with_other_classes_is_not_drawn(qtbot: QtBot, runs: dict[str, PinnedRun]) -> None:
    card = shown(qtbot, runs["late"], runs["digits"])
    assert card.ghosts() == ()
    card.show_snapshot(runs["digits later"].snapshot)
    assert len(card.ghosts()) == 1


def test_table_and_typeset_picture_have_both_runs(qtbot: QtBot, runs: dict[str, PinnedRun]) -> None:
    card = shown(qtbot, runs["late"], runs["early"])
    card.pins.rename(card.pins.all[0].key, "before")
    rows = card.figure_table().rows
    assert [row[0] for row in rows] == ["current run"] * 3 + ["before"] * 3
    assert [list(row[2:]) for row in rows[3:]] == card.ghosts()[0].data.counts.tolist()
    text = prepare_tikz(card, Look((960, 540), LIGHT, titled=False))().decode()
    assert text.count(r"\begin{axis}") == 2
    assert "before" in text
    card.pins.remove(card.pins.all[0].key)
    assert prepare_tikz(card, Look((960, 540), LIGHT, titled=False))().decode().count(r"\begin{axis}") == 1


def test_counts_are_larger_in_large_cells_and_leave_room_for_those_of_a_pinned_run(
    qtbot: QtBot, runs: dict[str, PinnedRun]
) -> None:
    style, sizes = Style(LIGHT), []
    for side in (200, 400, 900):
        card = shown(qtbot, runs["late"], runs["early"], size=(side, side))
        area, data = card.canvas.area(), card.shown()
        (ghost,) = card.ghosts()
        pinned = type_size(area, [ghost.data.counts], style)
        strip = strip_height(pinned, style)
        size = _count_size(area, data, strip, style)
        assert size is not None
        cell = cell_of(area, 3, 0, 0)
        assert text_height(style, size=size) + strip <= cell.height()
        sizes.append((pinned, size))
    assert sizes == sorted(set(sizes)), "both grow with the cells"
    assert sizes[-1][1] >= 24
    assert sizes[-1][0] < sizes[-1][1]
