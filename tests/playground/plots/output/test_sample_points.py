"""A click on a point of the output map chooses its sample, and the chosen one has a ring."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from core.data.sample import Sample
from core.experiment.presets import preset
from core.training.snapshot import Snapshot
from playground.plots import OutputPlot
from playground.plots.output.sample_points import places_of
from playground.session import Session
from playground.style.theme import LIGHT
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import make, picture

pytestmark = pytest.mark.usefixtures("fonts")


def card_of(qtbot: QtBot, snapshot: Snapshot) -> OutputPlot:
    card: OutputPlot = make(qtbot, OutputPlot, size=(420, 460))
    card.show_snapshot(snapshot)
    return card


def at_point(card: OutputPlot, sample: Sample) -> QPoint:
    data = card.shown()
    assert data is not None
    x, y = places_of(data, test=sample.is_test)[sample.index]
    area = card.canvas.area()
    return QPoint(round(area.x(x)), round(area.y(y)))


@pytest.mark.parametrize("name", ["iris", "sine", "default"])
def test_a_click_on_a_point_chooses_its_sample(qtbot: QtBot, name: str) -> None:
    card = card_of(qtbot, snapshot_of(preset(name), 3))
    session: Session = card._session
    sample = Sample(11)
    data = card.shown()
    qtbot.mouseClick(card.canvas.viewport(), Qt.MouseButton.LeftButton, pos=at_point(card, sample))
    assert session.sample is not None
    # Another sample may lie at the same place.
    assert places_of(data, test=False)[session.sample.index] == pytest.approx(  # type: ignore[arg-type]
        places_of(data, test=False)[11], abs=0.05  # type: ignore[arg-type]
    )  # fmt: skip
    accent = QColor(LIGHT.accent)
    image, at = picture(card), at_point(card, session.sample)
    ring = [image.pixelColor(at.x() + dx, at.y()) for dx in range(4, 10)]
    assert any(abs(c.red() - accent.red()) + abs(c.green() - accent.green()) < 60 for c in ring)


def test_test_points_can_be_chosen_when_they_are_shown(qtbot: QtBot) -> None:
    card = card_of(qtbot, snapshot_of(preset("student-day"), 3))
    session: Session = card._session
    data = card.shown()
    assert data is not None
    train = {tuple(place) for place in places_of(data, test=False).tolist()}
    index = next(n for n, place in enumerate(places_of(data, test=True).tolist()) if tuple(place) not in train)
    sample = Sample(index, is_test=True)
    qtbot.mouseClick(card.canvas.viewport(), Qt.MouseButton.LeftButton, pos=at_point(card, sample))
    assert session.sample != sample
    qtbot.mouseClick(card._test, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(card.canvas.viewport(), Qt.MouseButton.LeftButton, pos=at_point(card, sample))
    assert session.sample == sample


def test_a_click_beside_all_points_chooses_none(qtbot: QtBot) -> None:
    card = card_of(qtbot, snapshot_of(preset("default"), 3))
    session: Session = card._session
    session.select_sample(Sample(0))
    corner = card.canvas.area().rect.topLeft().toPoint() + QPoint(2, 2)
    qtbot.mouseClick(card.canvas.viewport(), Qt.MouseButton.LeftButton, pos=corner)
    assert session.sample is None
