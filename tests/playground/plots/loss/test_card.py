"""The loss card: axes, legend, marks and the penalty."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from core.experiment import Experiment, TrainingSettings
from core.training.divergence import Divergence
from core.training.recorders.loss_curve import LossCurve, Mark
from core.training.snapshot import Snapshot
from playground.plots import LossPlot
from playground.plots.curve_legend import mark_near
from playground.plotting.cards.word_choice import WordChoice, WordMenu
from playground.style.theme import LIGHT, Style
from tests.playground.factory import snapshot_of
from tests.playground.plots.support import colours, make, picture, rgb
from tests.playground.window.text_items import texts_of

pytestmark = pytest.mark.usefixtures("fonts")


def with_curve(snapshot: Snapshot, train: Any, test: Any) -> Snapshot:
    steps = np.arange(float(len(train)))
    return replace(snapshot, curve=LossCurve(steps / 25, steps, np.asarray(train), np.asarray(test)))


def test_loss_axis_is_in_decades_and_linear_on_a_click(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, LossPlot)
    card.show_snapshot(with_curve(snapshots["default"], np.geomspace(0.8, 0.004, 300), np.full(300, 0.3)))
    assert card.canvas.area().y_range == (-3.0, 0.0)
    words = next(c for c in card.findChildren(WordChoice) if c.accessibleName() == "Loss axis")
    words._buttons["linear"].click()
    low, high = card.canvas.area().y_range
    assert low == 0.0
    assert 0.8 <= high <= 1.0
    words._buttons["log"].click()
    assert card.canvas.area().y_range == (-3.0, 0.0)


def choose_axis(card: LossPlot, word: str) -> None:
    """Select an entry of the horizontal axis menu."""
    menu = next(c for c in card.findChildren(WordMenu) if c.accessibleName() == "Horizontal axis")
    next(action for action in menu.menu().actions() if action.text().startswith(word)).trigger()
    assert menu.text() == f"{word} ▾"


def test_loss_can_be_plotted_against_updates(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, LossPlot)
    card.show_snapshot(with_curve(snapshots["default"], np.full(251, 0.5), np.full(251, 0.5)))
    assert card.canvas.area().x_range == (0.0, 10.0)
    choose_axis(card, "updates")
    assert card.canvas.area().x_range == (0.0, 250.0)


def test_the_loss_axis_is_reset_on_rewind(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, LossPlot)
    card.show_snapshot(with_curve(snapshots["default"], np.geomspace(900.0, 1e-6, 300), np.full(300, 0.3)))
    assert card.canvas.area().y_range == (-6.0, 3.0)
    card.show_snapshot(with_curve(snapshots["default"], [0.5, 0.4], [0.5, 0.4]))
    assert card.canvas.area().y_range == (-1.0, 0.0)


def test_loss_table_contains_every_point(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, LossPlot)
    train, test = np.linspace(1, 0.1, 1500), np.linspace(2, 0.2, 1500)
    card.show_snapshot(with_curve(snapshots["default"], train, test))
    table = card.figure_table()
    assert table.columns[:4] == ("epoch", "step", "train loss", "test loss")
    assert [row[2] for row in table.rows] == train.tolist()


def test_loss_is_a_dot_before_the_first_step(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, LossPlot)
    card.show_snapshot(snapshots["default"])
    area, (epoch,) = card.canvas.area(), snapshots["default"].curve.epoch
    loss = snapshots["default"].scores.train_loss
    assert area.y_range[0] < math.log10(loss) < area.y_range[1]
    position = QPointF(area.x(float(epoch)), area.y(math.log10(loss))).toPoint()
    assert rgb(picture(card).pixelColor(position)) == rgb(LIGHT.ink)


@pytest.mark.parametrize("size", [(200, 200), (260, 300), (900, 600)])
@pytest.mark.parametrize("marked", [False, True])
def test_no_curve_crosses_the_legend(
    qtbot: QtBot, size: tuple[int, int], marked: bool, snapshots: dict[str, Snapshot]
) -> None:
    card = make(qtbot, LossPlot, size=size)
    steps = np.arange(200.0)
    marks = (Mark(4.0, 100.0, "learning rate α 0.03 → 0.1"),) if marked else ()
    # A curve at the top of the plot everywhere.
    top = np.full(200, 1.0)
    shown = LossCurve(steps / 25, steps, top, 0.5 * top, 0.5 * top, marks)
    card.show_snapshot(replace(snapshots["default"], curve=shown))
    area, image = card.canvas.area(), picture(card)
    legend = (int(area.rect.left()), 0, int(area.rect.width()), int(area.rect.top()) - 2)
    above = image.copy(*legend)
    without = make(qtbot, LossPlot, size=size)
    low = LossCurve(steps / 25, steps, 0.2 * top, 0.1 * top, 0.5 * top, marks)
    without.show_snapshot(replace(snapshots["default"], curve=low))
    assert above == picture(without).copy(*legend)
    assert len(colours(above)) > 10


def test_a_setting_change_is_a_vertical_line_with_text(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, LossPlot, size=(400, 300))
    steps = np.arange(200.0)
    curve = LossCurve(steps / 25, steps, np.full(200, 0.5), np.full(200, 0.4))
    card.show_snapshot(replace(snapshots["default"], curve=curve))
    plain, height = picture(card), card.canvas.area().rect.height()
    marked = replace(curve, marks=(Mark(2.0, 50.0, "noise 0 → 0.1"), Mark(4.0, 100.0, "learning rate α 0.03 → 0.1")))
    card.show_snapshot(replace(snapshots["default"], curve=marked))
    area = card.canvas.area()
    assert area.rect.height() < height
    for epoch in (2.0, 4.0):
        column = round(area.x(epoch))
        rows = range(int(area.rect.top()), int(area.rect.bottom()))
        columns = range(column - 1, column + 2)
        drawn = sum(
            any(picture_at != plain_at for picture_at, plain_at in _pixels(card, plain, columns, row)) for row in rows
        )
        assert drawn > 0.3 * len(rows)
    assert mark_near(QPointF(area.x(4.0) + 3.0, 0.0), area, card.shown().marks, Style(LIGHT)) == marked.marks[1].text
    assert mark_near(QPointF(area.x(3.0), 0.0), area, card.shown().marks, Style(LIGHT)) is None
    choose_axis(card, "updates")
    assert [position for position, _ in card.shown().marks] == [50.0, 100.0]


def _pixels(card: LossPlot, plain: QImage, columns: range, row: int) -> list[tuple[int, int]]:
    image = picture(card)
    return [(image.pixel(column, row), plain.pixel(column, row)) for column in columns]


def test_row10_the_penalty_is_shown_beside_the_loss(qtbot: QtBot) -> None:
    setting = Experiment(training=TrainingSettings(l2=0.01))
    snapshot = snapshot_of(setting, 50)
    assert snapshot.scores.penalty > 0.0
    card = make(qtbot, LossPlot, size=(500, 300))
    card.show_snapshot(snapshot)
    table = card.figure_table()
    assert table.rows[-1][table.columns.index("penalty")] == snapshot.scores.penalty
    assert card.shown().penalty is not None
    card.show_snapshot(snapshot_of(Experiment(), 50))
    assert card.shown().penalty is None


def test_loss_reports_where_training_diverged(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, LossPlot)
    card.show_snapshot(replace(snapshots["default"], divergence=Divergence(1204, "Hidden 1", "pre-activation")))
    assert card._sentence.text() == "training diverged at step 1\u2009204"
    assert card.accessibleDescription() == card._sentence.text()


def test_row17_loss_against_samples_seen_and_seconds_of_training(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    snapshot = snapshots["default"]
    steps, losses = np.arange(101.0), np.full(101, 0.5)
    seconds = np.linspace(0.0, 2.0, 101) ** 2
    marks = (Mark(2.0, 50.0, "α 0.03 → 0.1"),)
    curve = LossCurve(steps / 25, steps, losses, losses, None, marks, seconds)
    card = make(qtbot, LossPlot)
    card.show_snapshot(replace(snapshot, curve=curve))
    samples = len(snapshot.data.x_train)
    choose_axis(card, "samples")
    assert card.canvas.area().x_range == (0.0, 4.0 * samples)
    assert card.shown().marks == ((2.0 * samples, "α 0.03 → 0.1"),)
    assert card.shown().x_name == "samples seen"
    choose_axis(card, "seconds")
    assert card.canvas.area().x_range == (0.0, 4.0)
    np.testing.assert_array_equal(card.shown().x, seconds)
    assert card.shown().marks[0][0] == pytest.approx(1.0)
    table = card.figure_table()
    assert table.columns == ("epoch", "step", "train loss", "test loss", "samples seen", "seconds")
    assert table.rows[-1] == (4.0, 100.0, 0.5, 0.5, 4.0 * samples, 4.0)


def test_the_exported_axis_is_named_after_the_choice(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, LossPlot)
    card.show_snapshot(with_curve(snapshots["default"], np.full(9, 0.5), np.full(9, 0.5)))
    for word, name in (("samples", "samples seen"), ("updates", "update"), ("seconds", "seconds")):
        choose_axis(card, word)
        figure = card.build_figure(Style(LIGHT))
        assert figure.bottom._name == name
        figure.close()


def test_the_names_of_the_axes_fit_the_narrowest_card(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, LossPlot, size=(170, 200))
    card.show_snapshot(snapshots["default"])
    choose_axis(card, "seconds")
    menu = next(c for c in card.findChildren(WordMenu) if c.accessibleName() == "Horizontal axis")
    assert menu.width() >= menu.sizeHint().width()
    assert card.canvas.rect().contains(menu.geometry())


@pytest.mark.parametrize(("width", "name"), [(500, "+ penalty"), (214, "total")])
def test_the_name_of_the_curve_with_the_penalty_is_whole(qtbot: QtBot, width: int, name: str) -> None:
    card = make(qtbot, LossPlot, size=(width, 252))
    card.set_style(Style(LIGHT, 1.15))
    card.show_snapshot(snapshot_of(Experiment(training=TrainingSettings(l2=0.01)), 50))
    texts = [each.text for each in texts_of(card)]
    assert name in texts
    assert not [text for text in texts if "…" in text]


def test_the_number_in_the_sentence_is_held_while_training(qtbot: QtBot, snapshots: dict[str, Snapshot]) -> None:
    card = make(qtbot, LossPlot, size=(190, 260))
    train = np.geomspace(0.8, 0.01, 300)

    def said(ratio: float, *, playing: bool) -> str:
        test = np.maximum(train, 0.01 * ratio)
        shown = with_curve(snapshots["default"], train, test)
        return card_sentences(card, replace(shown, playing=playing))[1]

    first = said(40.0, playing=True)
    assert first == "test loss is 40 × the training loss" or first.startswith("test loss is 3")
    assert said(40.9, playing=True) == first
    assert said(39.2, playing=True) == first
    assert said(44.0, playing=True) != first
    assert said(40.9, playing=False) != said(39.2, playing=False), "each paused snapshot has its own number"


def card_sentences(card: LossPlot, snapshot: Snapshot) -> tuple[str, ...]:
    said: list[tuple[str, ...]] = []
    card.say = lambda *sentences: said.append(sentences)  # type: ignore[method-assign]
    card.must_wait = lambda *_: False  # type: ignore[method-assign]
    card.show_snapshot(snapshot)
    return said[-1]
