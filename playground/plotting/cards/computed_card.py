"""A plot card whose data are computed on a worker thread while the card is visible."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Callable, Hashable, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QGraphicsView, QWidget
from typing_extensions import override

from core.training.observer import no_wait
from core.training.snapshot import Snapshot
from playground.plotting.cards.empty_note import EmptyNote
from playground.plotting.cards.keyed_card import KeyedCard
from playground.plotting.cards.plot_card import READING_SECONDS
from playground.plotting.pins.ghosts import Data
from playground.style.theme import Style
from playground.widgets.figure import FigureText, Table
from playground.widgets.guard import guarded
from playground.widgets.later import later
from playground.widgets.plot import Plot
from playground.worker.background import Advance, Background, patient

if TYPE_CHECKING:
    from playground.session import Session
    from playground.session.pins import Pin

Work: TypeAlias = Callable[[Advance], Data | None]
"""Computes the data, or returns ``None`` if cancelled. It runs on a thread and must not use Qt."""

PAUSE_FACTOR: Final = 5.0
"""During training, pause between jobs for this multiple of the last job's duration, so that the window stays responsive."""

MAX_DELAY_MS: Final = 150
"""During training, a result waits for the card's next frame at most this long."""


class ComputedCard(KeyedCard[Data]):
    """A plot card that computes its data off the GUI thread; the newest snapshot wins.

    A hidden card only stores the snapshot. Its data are computed when the card is shown, or immediately when its figure or
    table is requested. A card whose data depend on less than the whole snapshot implements :meth:`key_of`; one that computes
    its data in parts, to show the first of them early, implements :meth:`has_more`.

    Attributes:
        draws_pins: whether pinned runs are computed and drawn, too.
        computing: what it computes, shown until there is something to draw.
        hurries: whether the first data after an edit are computed so quickly that training waits for them.
    """

    is_partial = True
    draws_pins: bool = False
    hurries: bool = False
    computing: str = "Computing …"

    def __init__(
        self, title: str, name: str, session: Session, style: Style, parent: QWidget | None = None, *, short: str = ""
    ) -> None:
        super().__init__(title, name, session, style, parent, short=short)
        self._waiting: Snapshot | None = None
        self._submitted: Snapshot | None = None
        self._empty = EmptyNote(self.canvas)
        self._controls.append(self._empty)
        self._generation, self._is_settling = -1, False
        self._stays_at: Snapshot | None = None
        self._paused_until, self._is_urgent = 0.0, False  # whether the last job shows the effect of an edit
        self._arrived: tuple[Snapshot, Data, float] | None = None  # with the time at which the next job may start
        self._jobs = Background(name, self)
        self._jobs.succeeded.connect(self._take)
        self._jobs.failed.connect(self._fail)
        self._pin_jobs: Background | None = None
        self._pins_asked: set[tuple[int, Hashable]] = set()

    @abstractmethod
    def work(self, snapshot: Snapshot) -> Work[Data]:
        """Return a function that computes the data of ``snapshot`` with the card's current settings."""

    @abstractmethod
    def sentences(self, data: Data) -> tuple[str, ...]:
        """Return sentences that summarize ``data``, longest first."""

    def accept(self, data: Data) -> None:
        """Handle new ``data`` before they are drawn; subclasses update their controls here."""

    @override
    def lacking(self, snapshot: Snapshot) -> str:
        return snapshot.data.missing

    def has_more(self, data: Data) -> bool:  # noqa: ARG002 - for subclasses
        """Return whether ``data`` are a part, so that :meth:`work` is called again for the next one."""
        return False

    def pin_work(self, snapshot: Snapshot) -> Work[Data]:
        """Return a function that computes the data of a pinned ``snapshot``."""
        return self.work(snapshot)

    @override
    def ghost_of(self, pin: Pin, snapshot: Snapshot) -> Data | None:
        if self.isVisible():
            self._request_pin(pin, snapshot)
        return None

    def _request_pin(self, pin: Pin, snapshot: Snapshot) -> None:
        """Compute the data of ``pin`` on a thread, unless that was already requested."""
        key = (pin.key, self.ghost_choices())
        if self.draws_pins and key not in self._pins_asked:
            if self._pin_jobs is None:
                self._pin_jobs = Background(f"{self.objectName()} pins", self, keep="all")
                self._pin_jobs.succeeded.connect(self._take_pin)
                self._pin_jobs.failed.connect(self._fail)
            self._pins_asked.add(key)
            work = self.pin_work(snapshot)

            def job(advance: Advance) -> object:
                data = work(patient(advance, self._session.jobs.wait))
                return None if data is None else (key, data)

            self._pin_jobs.submit(job)

    @override
    def ghost_sentences(self, pin: Pin, data: Data) -> tuple[str, ...]:
        return self.sentences(data)

    def _take_pin(self, result: object) -> None:
        key, data = cast("tuple[tuple[int, Hashable], Data]", result)
        self._pins_asked.discard(key)
        self._ghosts.add(*key, data)
        self._follow_pins()

    def _settle_with_pins(self) -> None:
        """Compute the data and those of the pinned runs now, on this thread, unless they are known."""
        self.settle()
        choices = self.ghost_choices()
        for pin in self._unknown_pins():
            data = self.pin_work(pin.run.snapshot)(lambda _done, _every: True)
            if data is not None:
                self._ghosts.add(pin.key, choices, data)

    def _unknown_pins(self) -> list[Pin]:
        """Return the pinned runs to compute: those with samples, unless their data are known."""
        choices, pins = self.ghost_choices(), self._session.pins.visible if self.draws_pins else ()
        unknown = [pin for pin in pins if not self._ghosts.knows(pin.key, choices)]
        return [pin for pin in unknown if not self.lacking(pin.run.snapshot)]

    @property
    def is_settled(self) -> bool:
        """Whether the drawn data belong to the newest snapshot."""
        return self._waiting is None

    @override
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Compute the data of ``snapshot`` as soon as the thread is free."""
        if self.is_too_late(snapshot):
            return
        self._jobs.deliver()
        self._deliver()
        key = self.key_of(snapshot)
        if key is not None:
            if key == self._key:
                return
            self._key = key
            self._cancel()
            self._submitted, self._generation = None, -1
        if snapshot is self._submitted and self._waiting is None:
            return  # already drawn; a style change triggers its own redraw
        if lacking := self.lacking(snapshot):
            self._show_nothing(lacking)
            return
        self._waiting = snapshot
        if self.isVisible():
            self._submit_when_due()

    @override
    def _show_nothing(self, reason: str) -> None:
        self._cancel()
        self._data = self._waiting = self._submitted = self._key = None
        self._picture.clear()
        self._empty.end()
        self.say(reason)

    def recompute(self) -> None:
        """Recompute the data after the user changed a setting."""
        snapshot = self._waiting or self._submitted
        if snapshot is not None:
            self._arrived, self._submitted, self._generation, self._key = None, None, -1, None
            self.show_snapshot(snapshot)

    @override
    def build_figure(self, style: Style, beside: Sequence[Data] = ()) -> QGraphicsView:
        """Return a stand-alone view of the newest snapshot, drawn in ``style``."""
        self._settle_with_pins()
        return super().build_figure(style, beside)

    @override
    def figure_data(self) -> Data | None:
        self.settle()
        return super().figure_data()

    @override
    def figure_plot(self, style: Style) -> Plot | None:
        self._settle_with_pins()
        return super().figure_plot(style)

    @override
    def figure_text(self) -> FigureText:
        self._settle_with_pins()
        return super().figure_text()

    @override
    def pair_data(self) -> tuple[Pin, Data] | None:
        if self.draws_pins and self._session.pins.compared is not None:
            self._settle_with_pins()
        return super().pair_data()

    @override
    def figure_table(self) -> Table:
        self._settle_with_pins()
        return super().figure_table()

    def stay(self) -> None:
        """Take the newest snapshot and ignore later ones until :meth:`follow`, so that a figure shows one moment."""
        newest = self._session.snapshot
        if not self._stays and newest is not None:
            self.show_snapshot(newest)
            self._stays_at = newest
        self._session.jobs.awaited += not self._stays
        self._stays += 1

    def follow(self) -> None:
        """Follow the training again, once for each :meth:`stay`."""
        self._stays -= 1
        self._session.jobs.awaited -= not self._stays
        if not self._stays and self._session.snapshot is not None:
            self._stays_at = None
            self.show_snapshot(self._session.snapshot)

    def is_too_late(self, snapshot: Snapshot) -> bool:
        """Return whether ``snapshot`` arrived while the card stays at another one."""
        return self._stays > 0 and snapshot is not self._stays_at

    def prepare(self, *, paired: bool = False) -> bool:  # noqa: ARG002 - for subclasses
        """Compute the data of the newest snapshot on the thread even while hidden; return whether they are complete.

        It is called again until they are. Those of the pinned runs are the same if ``paired``, except in a race.
        """
        if self._waiting is None:
            if self._data is None or not self.has_more(self._data):
                return self._prepare_pins()
            self._waiting, self._submitted, self._generation = self._submitted, None, -1
        self._paused_until = 0.0
        self._submit_when_due()
        return False

    def _prepare_pins(self) -> bool:
        """Compute the pinned runs on their thread; return whether that is done."""
        unknown = self._unknown_pins()
        for pin in unknown:
            self._request_pin(pin, pin.run.snapshot)
        return not unknown or self._pin_jobs is None or self._pin_jobs.is_idle

    def settle(self) -> None:
        """Compute the data of the newest snapshot now, on the calling thread, unless they are already drawn."""
        self._is_settling = True
        try:
            unfinished = self._data is not None and self.has_more(self._data)
            snapshot = self._waiting or (self._submitted if unfinished else None)
            if snapshot is None:
                return
            self._cancel()
            data = self.work(snapshot)(lambda _done, _every: True)
            self._submitted, self._generation = snapshot, snapshot.generation
            if data is not None:
                self._show(snapshot, data)
        finally:
            self._is_settling = False

    def _submit_when_due(self) -> None:
        """Submit the newest snapshot to the thread; during training, only after the pause."""
        snapshot = self._waiting
        if snapshot is None or snapshot is self._submitted:
            return
        edited = snapshot.generation != self._generation
        if snapshot.playing and not edited and (not self._jobs.is_idle or time.perf_counter() < self._paused_until):
            return
        self._is_urgent = edited and self._data is not None  # the first result of several cards may wait
        self._submitted, self._generation = snapshot, snapshot.generation
        self._submit(snapshot, edited=edited)

    def _submit(self, snapshot: Snapshot, *, edited: bool) -> None:
        """Compute the data of ``snapshot`` on the thread."""
        jobs, work = self._session.jobs, self.work(snapshot)
        wait = no_wait if edited else jobs.wait_unless_alone if self._stays else jobs.wait
        hurry = jobs.gate.hurry if edited and self.hurries else nullcontext

        def job(advance: Advance) -> object:
            started, worked = time.perf_counter(), time.thread_time()
            with hurry():
                data = work(patient(advance, wait))
            ended, worked = time.perf_counter(), time.thread_time() - worked
            return None if data is None else (snapshot, data, ended + self._pause_after(ended - started, worked))

        if self._data is None:
            self.say(" ")
            self._empty.wait_for(self.computing)
        self._jobs.submit(job, urgent=edited or self._stays > 0)

    def _pause_after(self, seconds: float, worked: float) -> float:  # noqa: ARG002 - for subclasses
        """Return how long to pause after a job of ``seconds`` wall-clock time and ``worked`` processor time (any thread)."""
        return PAUSE_FACTOR * seconds

    def _reading_seconds(self, before: str) -> float:  # noqa: ARG002 - for subclasses
        """Return how long to keep the new picture and sentence, so that they can be read; ``before`` is the last sentence."""
        return READING_SECONDS

    def _take(self, result: object) -> None:
        """Draw the result; during training in the card's own frame, so that results of several cards are not painted at once."""
        self._arrived = arrived = cast("tuple[Snapshot, Data, float]", result)
        if arrived[0].playing and self.isVisible() and not self._is_urgent:
            # Only this result: a later one has its own frame.
            later(MAX_DELAY_MS, self, lambda: self._deliver() if self._arrived is arrived else None)
        else:
            self._deliver()

    def _deliver(self) -> None:
        """Draw the result that has arrived, if any."""
        if self._arrived is None:
            return
        (snapshot, data, rested), self._arrived = self._arrived, None
        before = self.sentence
        self._show(snapshot, data)
        self._paused_until = max(rested, time.perf_counter() + self._reading_seconds(before))

    def _cancel(self) -> None:
        """Cancel the job, or drop its result."""
        self._arrived = None
        self._jobs.cancel()

    def _show(self, snapshot: Snapshot, data: Data) -> None:
        if self._waiting is snapshot:
            self._waiting = None
        self._data = data
        self._note_drawn(snapshot)
        self._empty.end()
        self.accept(data)
        self.redraw()
        self.say(*self.sentences(data))
        if self.has_more(data) and not self._is_settling:
            later(0, self, self._continue)

    def _continue(self) -> None:
        """Compute the next part of unfinished data while the card is visible."""
        data, waiting = self._data, self._waiting
        is_computing = waiting is not None and waiting is self._submitted
        if data is None or is_computing or not self.isVisible() or not self.has_more(data):
            return
        self._waiting, self._submitted, self._generation = waiting or self._submitted, None, -1
        self._submit_when_due()

    def _fail(self, error: Exception) -> None:
        self._waiting = None
        self._empty.end()
        self.show_problem(error)

    @override
    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Compute the data of a snapshot that arrived while the card was hidden, or the next part of unfinished data."""
        super().showEvent(event)
        self._drop_outdated()
        self._submit_when_due()
        self._continue()
        if self._session.pins.visible:
            self._ghosts.request_missing()
            self._follow_pins()

    @override
    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        """Cancel a running computation; it is repeated when the card is shown again."""
        super().hideEvent(event)
        self._cancel()
        if self._pin_jobs is not None:
            self._pin_jobs.cancel()
            self._pins_asked.clear()
        if self._waiting is not None:
            self._submitted = None
