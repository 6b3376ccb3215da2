"""A card that computes on a thread: only while visible, the newest snapshot last, immediately for an export."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from core.training.snapshot import Snapshot
from playground.plotting.canvas.canvas import Canvas
from playground.plotting.cards import computed_card, quick_card
from playground.plotting.cards.computed_card import ComputedCard, Work
from playground.plotting.cards.empty_note import EmptyNote
from playground.plotting.cards.plot_card import columns
from playground.plotting.cards.quick_card import QuickCard
from playground.plotting.pictures.picture import Picture
from playground.session import Session
from playground.style.theme import LIGHT, Style
from playground.widgets.figure import Table
from playground.worker.background import Advance

pytestmark = pytest.mark.usefixtures("fonts")


class EmptyPicture(Picture[int]):
    def _arrange(self, _data: int, style: Style, _before: int | None) -> None:
        self._canvas.arrange(style, left=8, bottom=8)


class SlowPlot(ComputedCard[int]):
    """Computes the step number; each job waits until the test sets ``proceed``."""

    figure_key = "slow"
    job_name = "slowPlot"

    def __init__(self, session: Session, style: Style) -> None:
        super().__init__("Slow", self.job_name, session, style)
        self.proceed = threading.Event()
        self.threads: list[str] = []
        self.computed: list[int] = []

    def work(self, snapshot: Snapshot) -> Work[int]:
        def job(advance: Advance) -> int | None:
            self.threads.append(threading.current_thread().name)
            self.proceed.wait(10.0)
            if not advance(0, 1):
                return None
            if snapshot.step < 0:
                raise ValueError("no such step")
            self.computed.append(snapshot.step)
            return snapshot.step

        return job

    def make_picture(self, canvas: Canvas) -> EmptyPicture:
        return EmptyPicture(canvas)

    def sentences(self, data: int) -> tuple[str, ...]:
        return (f"step {data}",)

    def table_of(self, data: int | None) -> Table:
        return columns(step=[] if data is None else [data])


@pytest.fixture
def card(qtbot: QtBot) -> SlowPlot:
    made = SlowPlot(Session(), Style(LIGHT))
    qtbot.addWidget(made)
    made.resize(300, 200)
    return made


@pytest.fixture
def at(snapshots: dict[str, Snapshot]) -> Callable[..., Snapshot]:
    return lambda step, **others: replace(snapshots["default"], step=step, **others)


def test_a_visible_card_computes_on_a_thread(card: SlowPlot, at: Callable[..., Snapshot], qtbot: QtBot) -> None:
    card.show()
    card.show_snapshot(at(1))
    assert card.shown() is None
    note = card.canvas.findChild(EmptyNote)
    assert not note.isVisible(), "a short wait is not worth a word"
    qtbot.waitUntil(note.isVisible)
    assert note.text() == card.computing
    assert note.geometry() == card.canvas.rect()
    card.proceed.set()
    qtbot.waitUntil(lambda: card.shown() == 1)
    assert not note.isVisible()
    assert card.threads == ["slowPlot"]
    assert card._sentence.text() == "step 1"
    assert card.is_settled


def test_a_hidden_card_computes_nothing_until_its_table_is_requested(
    card: SlowPlot, at: Callable[..., Snapshot]
) -> None:
    card.proceed.set()
    for step in range(5):
        card.show_snapshot(at(step))
    assert card.threads == []
    assert card.figure_table().rows == [(4,)]
    assert card.computed == [4]
    assert card.threads == [threading.current_thread().name]


def test_the_newest_of_many_edits_wins(card: SlowPlot, at: Callable[..., Snapshot], qtbot: QtBot) -> None:
    card.show()
    for step in range(1, 30):
        card.show_snapshot(at(step, generation=step, playing=True))
    card.proceed.set()
    qtbot.waitUntil(lambda: card.shown() == 29)
    assert len(card.computed) <= 2


def test_no_jobs_queue_up_during_training(card: SlowPlot, at: Callable[..., Snapshot], qtbot: QtBot) -> None:
    card.show()
    for step in range(1, 10):
        card.show_snapshot(at(step, playing=True))
    card.proceed.set()
    qtbot.waitUntil(lambda: card.shown() == 1)
    card.show_snapshot(at(10, playing=False))
    qtbot.waitUntil(lambda: card.shown() == 10)
    assert card.computed == [1, 10]


@pytest.fixture
def undrawn(card: SlowPlot, at: Callable[..., Snapshot], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> SlowPlot:
    """A card whose first result during training has arrived and waits for a frame, which never comes by itself."""
    monkeypatch.setattr(computed_card, "MAX_DELAY_MS", 3_600_000)
    card.show()
    card.proceed.set()
    card.show_snapshot(at(1, playing=True))
    qtbot.waitUntil(lambda: card._arrived is not None)
    return card


def test_during_training_a_result_waits_for_the_frame_of_its_card(
    undrawn: SlowPlot, at: Callable[..., Snapshot]
) -> None:
    card = undrawn
    assert card.shown() is None
    card.show_snapshot(at(2, playing=True))
    assert card.shown() == 1


def test_during_training_a_result_is_drawn_soon_without_a_frame(
    card: SlowPlot, at: Callable[..., Snapshot], qtbot: QtBot
) -> None:
    card.show()
    card.proceed.set()
    card.show_snapshot(at(1, playing=True))
    qtbot.waitUntil(lambda: card.shown() == 1)


def test_a_result_of_an_earlier_setting_is_dropped(undrawn: SlowPlot, qtbot: QtBot) -> None:
    card = undrawn
    card.recompute()
    assert card.shown() is None
    qtbot.waitUntil(lambda: card._arrived is not None)
    assert card.computed == [1, 1]


def test_a_hidden_card_stops_and_continues_when_it_is_shown(
    card: SlowPlot, at: Callable[..., Snapshot], qtbot: QtBot
) -> None:
    card.show()
    card.show_snapshot(at(3))
    card.hide()
    card.proceed.set()
    card._jobs.wait()
    qtbot.wait(50)
    assert (card.shown(), card.computed) == (None, [])
    card.show()
    qtbot.waitUntil(lambda: card.shown() == 3)


def test_a_snapshot_is_computed_once_and_again_after_a_setting_changes(
    card: SlowPlot, at: Callable[..., Snapshot], qtbot: QtBot
) -> None:
    card.proceed.set()
    card.show()
    snapshot = at(2)
    card.show_snapshot(snapshot)
    qtbot.waitUntil(lambda: card.computed == [2])
    qtbot.waitUntil(lambda: card.is_settled)
    card.show_snapshot(snapshot)
    card.figure_table()
    assert card.computed == [2]
    card.recompute()
    qtbot.waitUntil(lambda: card.computed == [2, 2])


def test_an_error_is_shown_in_the_card(card: SlowPlot, at: Callable[..., Snapshot], qtbot: QtBot) -> None:
    card.proceed.set()
    card.show()
    card.show_snapshot(at(-1))
    qtbot.waitUntil(lambda: "cannot be drawn" in card._sentence.text())
    card.show_snapshot(at(5))
    qtbot.waitUntil(lambda: card._sentence.text() == "step 5")


class PartsPlot(SlowPlot):
    """Counts to three, one number per job, once for each generation."""

    def __init__(self, session: Session, style: Style) -> None:
        super().__init__(session, style)
        self.count = 0

    def key_of(self, snapshot: Snapshot) -> Hashable:
        return snapshot.generation

    def has_more(self, data: int) -> bool:
        return data < 3

    def work(self, snapshot: Snapshot) -> Work[int]:
        assert snapshot.step
        first, last = self.count, 3 if self._is_settling else self.count + 1

        def job(advance: Advance) -> int | None:
            self.proceed.wait(10.0)
            self.computed += range(first + 1, last + 1)
            return last if advance(0, 1) else None

        return job

    def accept(self, data: int) -> None:
        self.count = data


@pytest.fixture
def parts(qtbot: QtBot) -> PartsPlot:
    made = PartsPlot(Session(), Style(LIGHT))
    qtbot.addWidget(made)
    made.proceed.set()
    return made


def test_data_in_parts_are_completed_while_the_card_is_visible(
    parts: PartsPlot, at: Callable[..., Snapshot], qtbot: QtBot
) -> None:
    parts.show()
    parts.show_snapshot(at(1))
    qtbot.waitUntil(lambda: parts.shown() == 3)
    assert parts.computed == [1, 2, 3]
    parts.hide()
    parts.count = 0
    parts.recompute()
    qtbot.wait(50)
    assert parts.computed == [1, 2, 3], "a hidden card computes nothing"
    parts.show()
    qtbot.waitUntil(lambda: parts.computed == [1, 2, 3, 1, 2, 3])


def test_an_export_completes_data_in_parts(parts: PartsPlot, at: Callable[..., Snapshot]) -> None:
    parts.show_snapshot(at(1))
    assert parts.figure_table().rows == [(3,)]
    assert parts.figure_table().rows == [(3,)]
    assert parts.computed == [1, 2, 3]


def test_a_snapshot_with_the_same_key_is_not_computed(
    parts: PartsPlot, at: Callable[..., Snapshot], qtbot: QtBot
) -> None:
    parts.show()
    parts.show_snapshot(at(1, generation=1))
    qtbot.waitUntil(lambda: parts.shown() == 3)
    parts.show_snapshot(at(2, generation=1))
    assert parts.is_settled
    parts.count = 0
    parts.show_snapshot(at(3, generation=2))
    qtbot.waitUntil(lambda: parts.computed == [1, 2, 3, 1, 2, 3])


def test_the_time_limit_of_a_drawn_result_does_not_draw_the_next_one(
    card: SlowPlot, at: Callable[..., Snapshot], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits: list[Callable[[], None]] = []

    def held_back(milliseconds: int, _card: SlowPlot, limit: Callable[[], None]) -> None:
        """Hold a time limit back: on a busy machine it would be over before the test sees that the result is there."""
        assert milliseconds == computed_card.MAX_DELAY_MS
        limits.append(limit)

    monkeypatch.setattr(computed_card, "later", held_back)
    monkeypatch.setattr(computed_card, "READING_SECONDS", 0.0)
    card.show()
    card.proceed.set()
    card.show_snapshot(at(1, playing=True))
    qtbot.waitUntil(lambda: card._arrived is not None)

    def is_submitted() -> bool:
        if card._submitted is None or card._submitted.step == 1:
            card.show_snapshot(at(2, playing=True))  # draws the first result, and computes the next one after the pause
        return card._submitted is not None and card._submitted.step == 2

    qtbot.waitUntil(is_submitted)
    qtbot.waitUntil(lambda: card._arrived is not None)
    first, second = limits
    first()
    assert card.shown() == 1
    second()
    assert card.shown() == 2


class QuickPlot(SlowPlot, QuickCard[int]):
    """Says something else of step 4 than of the others."""

    job_name = "quickPlot"

    def sentences(self, data: int) -> tuple[str, ...]:
        return (f"step {data}" if data != 4 else "the last step",)


def test_a_fast_card_keeps_drawing_while_only_numbers_in_its_sentence_change(
    at: Callable[..., Snapshot], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = QuickPlot(Session(), Style(LIGHT))
    qtbot.addWidget(card)
    card.proceed.set()
    card.show()

    def is_shown(step: int) -> bool:
        card.show_snapshot(at(step, playing=True))  # the next frame
        return card.shown() == step

    qtbot.waitUntil(lambda: is_shown(1))
    monkeypatch.setattr(computed_card, "READING_SECONDS", 3600.0)
    for step in (2, 3, 4):
        qtbot.waitUntil(lambda step=step: is_shown(step))
        assert card._sentence.text() == card.sentences(step)[0], "picture and sentence belong to one snapshot"
    card._jobs.wait()
    for _ in range(3):
        assert not is_shown(5), "other words can be read first"
        qtbot.wait(30)
    assert set(card.computed) == {1, 2, 3, 4}
    card.show_snapshot(at(6, playing=False))
    qtbot.waitUntil(lambda: card.shown() == 6)


@pytest.mark.parametrize(("limit", "is_in_frame"), [(3600.0, True), (0.0, False)])
def test_cheap_data_are_computed_in_the_frame_of_the_card_and_others_on_its_thread(
    limit: float,
    is_in_frame: bool,
    at: Callable[..., Snapshot],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(quick_card, "INSTANT_SECONDS", limit)
    monkeypatch.setattr(computed_card, "READING_SECONDS", 0.0)
    card = QuickPlot(Session(), Style(LIGHT))
    qtbot.addWidget(card)
    card.proceed.set()
    card.show()

    def is_shown(step: int, generation: int) -> bool:
        card.show_snapshot(at(step, generation=generation, playing=True))
        return card.shown() == step

    qtbot.waitUntil(lambda: is_shown(1, 1))
    assert card.threads[0] == "quickPlot", "the first of an experiment are not known to be cheap"
    card._jobs.wait()
    card._jobs.deliver()
    qtbot.waitUntil(lambda: is_shown(2, 1))
    assert card.threads[-1] == (threading.current_thread().name if is_in_frame else "quickPlot")
    before = len(card.threads)
    qtbot.waitUntil(lambda: is_shown(3, 2))
    assert card.threads[before] == "quickPlot", "nor are those of another experiment"


def test_an_error_in_the_frame_is_shown_in_the_card(at: Callable[..., Snapshot], qtbot: QtBot) -> None:
    card = QuickPlot(Session(), Style(LIGHT))
    qtbot.addWidget(card)
    card.proceed.set()
    card.show()

    def is_shown(step: int) -> bool:
        card.show_snapshot(at(step, playing=True))
        return card.shown() == step

    qtbot.waitUntil(lambda: is_shown(1))
    qtbot.waitUntil(lambda: is_shown(2) and card.threads[-1] == threading.current_thread().name)
    qtbot.waitUntil(lambda: is_shown(-1) or "cannot be drawn" in card.sentence)
    qtbot.waitUntil(lambda: is_shown(5))
