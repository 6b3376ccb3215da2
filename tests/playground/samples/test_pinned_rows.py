"""The data table shows prediction and change of the loss beside the compared pinned run."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from pytestqt.qtbot import QtBot

from core.experiment.presets import preset
from core.training.pins.pinned_run import PinnedRun
from core.training.sample_results import SampleResults
from core.training.snapshot import Snapshot
from playground.plotting.canvas.pin_legend import line_sample
from playground.samples import SamplesCard
from playground.session import Session
from playground.style.consistent_digits import confirms, value_of
from playground.style.theme import LIGHT, Style
from tests.playground.factory import pinned_run, snapshot_of

TITLES = ["Sample", "play", "study", "sleep", "y", "ŷ", "L"]


@pytest.fixture(scope="module")
def earlier() -> PinnedRun:
    return pinned_run(preset("student-day"), 2)


def headings(card: SamplesCard) -> list[str]:
    model = card.table.model()
    return [str(model.headerData(n, Qt.Orientation.Horizontal)).strip() for n in range(model.columnCount())]


def texts(card: SamplesCard, heading: str) -> list[str]:
    model, column = card.table.model(), headings(card).index(heading)
    return [str(model.index(line, column).data()) for line in range(model.rowCount())]


def test_columns_of_the_pinned_run(card: SamplesCard, session: Session, snapshot: Snapshot, earlier: PinnedRun) -> None:
    assert headings(card) == TITLES
    pin = session.pins.add(earlier, name="before")
    assert pin is not None
    assert headings(card) == [*TITLES, "ŷ before", "ΔL"]
    other = earlier.snapshot
    then, now = (
        np.concatenate([SampleResults(each.network, each.data, test=test).losses() for test in (False, True)])
        for each in (other, snapshot)
    )
    predicted = np.concatenate([other.trace.prediction, other.test_prediction])[:, 0]
    for line, (text, change) in enumerate(zip(texts(card, "ŷ before"), texts(card, "ΔL"), strict=True)):
        assert confirms(float(predicted[line]), text.removesuffix(" ✗"))
        assert confirms(float(now[line] - then[line]), change.removeprefix("+"))
    assert f"(before: {other.scores.train_loss:.3g})" in card._sentence.text()
    table = card.figure.figure_table()  # type: ignore[union-attr]
    assert table.columns[-2:] == ("ŷ, before", "ΔL, before")
    assert [row[-1] for row in table.rows] == pytest.approx((now - then).tolist())
    session.pins.set_hidden(pin.key, hidden=True)
    assert headings(card) == TITLES
    session.pins.set_hidden(pin.key, hidden=False)
    assert len(headings(card)) == 9
    session.pins.remove(pin.key)
    assert headings(card) == TITLES
    assert "before" not in card._sentence.text()


def test_the_heading_has_the_line_of_the_pin(card: SamplesCard, session: Session, earlier: PinnedRun) -> None:
    pin = session.pins.add(earlier)
    assert pin is not None
    for colour in (0, 4):
        session.pins.recolour(pin.key, colour)
        shown = card.table.model().headerData(7, Qt.Orientation.Horizontal, Qt.ItemDataRole.DecorationRole)
        assert isinstance(shown, QPixmap)
        assert shown.toImage() == line_sample(Style(LIGHT), colour).toImage()
    assert card.table.model().headerData(5, Qt.Orientation.Horizontal, Qt.ItemDataRole.DecorationRole) is None


def test_a_pin_changes_neither_the_order_nor_what_it_is_sorted_by(
    qtbot: QtBot, fonts: None, earlier: PinnedRun
) -> None:
    iris = preset("iris")
    session = Session(iris)
    card = SamplesCard(session, Style(LIGHT))
    qtbot.addWidget(card)
    card.show()
    card.show_snapshot(snapshot_of(iris, 20))
    titles = headings(card)
    header = card.table.horizontalHeader()
    first_input = titles.index("L") + 1
    card.table.sortByColumn(first_input, Qt.SortOrder.DescendingOrder)
    order = card.table.samples.order.tolist()
    session.pins.add(pinned_run(iris, 3), name="before")
    assert headings(card)[header.sortIndicatorSection()] == titles[first_input]
    assert header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
    assert card.table.samples.order.tolist() == order
    card.table.sortByColumn(headings(card).index("ΔL"), Qt.SortOrder.DescendingOrder)
    changes = [value_of(text.removeprefix("+")) for text in texts(card, "ΔL")]
    assert changes == sorted(changes, reverse=True)
    session.pins.clear()
    assert headings(card) == titles
    assert header.sortIndicatorSection() == 0
    assert card.table.samples.order.tolist() == list(range(150))


def test_other_samples_are_not_compared_and_losses_of_another_kind_not_subtracted(
    card: SamplesCard, session: Session, snapshot: Snapshot
) -> None:
    other = preset("student-day")
    session.pins.add(pinned_run(replace(other, data=replace(other.data, seed=7)), 2))
    assert headings(card) == TITLES
    session.pins.add(
        pinned_run(replace(other, training=replace(other.training, loss="binary_cross_entropy")), 2), name="ce"
    )
    assert headings(card) == [*TITLES, "ŷ ce"]
    assert "ce" not in card._sentence.text()


def test_long_names_are_shortened(card: SamplesCard, session: Session, earlier: PinnedRun) -> None:
    session.pins.add(earlier, name="learning rate 0.1 · batch size 100")
    assert headings(card)[7] == "ŷ learnin…ze 100"
