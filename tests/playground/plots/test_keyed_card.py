"""A card that was hidden while another experiment was opened never reveals the picture of the earlier one."""

from __future__ import annotations

import threading
from collections.abc import Hashable

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from core.training.snapshot import Snapshot
from playground.plotting.canvas.canvas import Canvas
from playground.plotting.cards.computed_card import ComputedCard, Work
from playground.plotting.cards.plot_card import columns
from playground.plotting.pictures.picture import Picture
from playground.session import Session
from playground.style.theme import LIGHT, Style
from playground.widgets.figure import Table

pytestmark = pytest.mark.usefixtures("fonts")


class StepPicture(Picture[int]):
    def _arrange(self, _data: int, style: Style, _before: int | None) -> None:
        self._canvas.arrange(style, left=8, bottom=8)


class StepPlot(ComputedCard[int]):
    """Computes the step number once the test sets ``proceed``; its data depend on ``constant`` only, if that is set."""

    figure_key = "steps"
    constant: Hashable = None

    def __init__(self, session: Session, style: Style) -> None:
        super().__init__("Steps", "stepPlot", session, style)
        self.proceed = threading.Event()

    def key_of(self, snapshot: Snapshot) -> Hashable:  # noqa: ARG002 - every snapshot has the same
        return self.constant

    def work(self, snapshot: Snapshot) -> Work[int]:
        return lambda advance: snapshot.step if self.proceed.wait(10.0) and advance(0, 1) else None

    def make_picture(self, canvas: Canvas) -> StepPicture:
        return StepPicture(canvas)

    def sentences(self, data: int) -> tuple[str, ...]:
        return (f"step {data}",)

    def table_of(self, data: int | None) -> Table:
        return columns(step=[] if data is None else [data])


def hidden_after(first: Snapshot, qtbot: QtBot, constant: Hashable = None) -> StepPlot:
    """Return a hidden card that has drawn ``first``; its next job waits."""
    card = StepPlot(Session(), Style(LIGHT))
    card.constant = constant
    qtbot.addWidget(card)
    card.show()
    card.proceed.set()
    card._session.snapshot = first
    card.show_snapshot(first)
    qtbot.waitUntil(lambda: card.shown() == first.step)
    card.hide()
    card.proceed.clear()
    return card


@pytest.mark.parametrize("told", [False, True], ids=["not told of it", "told while hidden"])
def test_a_revealed_card_does_not_show_another_experiment(
    snapshots: dict[str, Snapshot], qtbot: QtBot, told: bool
) -> None:
    first = replace(snapshots["default"], step=3)
    second = replace(first, step=8, generation=first.generation + 1)
    card = hidden_after(first, qtbot)
    card._session.snapshot = second
    if told:
        card.show_snapshot(second)
    card.show()
    assert card.shown() is None
    assert card.sentence == ""
    card.proceed.set()
    qtbot.waitUntil(lambda: card.shown() == 8)


def test_a_revealed_card_keeps_its_picture_while_training_goes_on(snapshots: dict[str, Snapshot], qtbot: QtBot) -> None:
    first = replace(snapshots["default"], step=3)
    card = hidden_after(first, qtbot)
    card._session.snapshot = replace(first, step=4)
    card.show()
    assert card.shown() == 3
    card.proceed.set()


def test_a_revealed_card_keeps_data_that_do_not_depend_on_the_experiment(
    snapshots: dict[str, Snapshot], qtbot: QtBot
) -> None:
    first = replace(snapshots["default"], step=3)
    card = hidden_after(first, qtbot, constant="a surface")
    second = replace(first, step=8, generation=first.generation + 1)
    card._session.snapshot = second
    card.show_snapshot(second)
    card.show()
    assert (card.shown(), card.sentence) == (3, "step 3")
