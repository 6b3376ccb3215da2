"""The frame clock: takes the newest snapshot and passes it to the views that are due, a few per frame."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from typing import Final, Protocol

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from typing_extensions import override

from core.training.snapshot import Snapshot
from playground.widgets.guard import guarded_or
from playground.widgets.later import later
from playground.worker.mailbox import Gate, Mailbox

FRAME_MS: Final = 16
PATIENCE_SECONDS: Final = 0.1
"""Maximum wait of the first frame for the first snapshot, and of the second for the first paint of the window."""

BUDGET_SECONDS: Final = 0.009
"""Budget of processor time for a frame, including painting; the remaining views wait for the next frame.

With a budget of wall-clock time, beside busy processes each frame would draw one view only, at a large overhead per frame.
"""

EDIT_SECONDS: Final = 0.03
"""The same for the frame after an edit, in which all views should be drawn at once; those of a large network take longer."""

IDLE_FRAMES: Final = 30
"""Number of idle frames after which the clock rests."""

STARVED: Final = 1.5
"""From this ratio of a frame's duration to its processor time on, other processes hold the processors."""

CALM_SECONDS: Final = 1.0 / 24.0
"""Views with a longer period are redrawn half as often while processors are scarce, …"""

SCARCE_SECONDS: Final = 1.0 / 8.0
"""… and at least this far apart, so that the others keep their pace."""

_AFTER_PAINT: Final = QEvent.Type(QEvent.registerEventType())
_WAKE: Final = QEvent.Type(QEvent.registerEventType())


class SnapshotView(Protocol):
    """Anything that draws snapshots."""

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw ``snapshot``."""

    def isVisible(self) -> bool:
        """Return whether it is visible."""
        ...


class _Slot:
    """A view with its target period and the snapshot it has shown."""

    def __init__(self, view: SnapshotView, period: float) -> None:
        self.view = view
        self.period = period
        self.shown: Snapshot | None = None
        self.due = 0.0
        self.cost = 0.002
        self.failed_in: int | None = None  # generation of the snapshot that it failed to draw


class FrameClock(QObject):
    """Draws visible views with new snapshots at up to 60 frames per second.

    The views take turns: each frame draws the most overdue ones until its budget is spent, so that no frame draws all of
    them. The next frame waits until the last one has been painted; otherwise Qt would paint several at once, and an event
    would wait for all of them. While a frame is prepared and painted, the gate is closed. After half a second without
    anything to draw, the clock rests until a snapshot arrives or a view becomes visible.

    Signals:
        arrived: a new snapshot of the current generation arrived (before any view draws it).
        first_painted: the first frame has been painted.
        view_failed: (view, exception): a view raised an exception; it is not drawn again until the experiment changes.
    """

    arrived = Signal(object)
    first_painted = Signal()
    view_failed = Signal(object, object)

    def __init__(
        self, mailbox: Mailbox[Snapshot], gate: Gate, generation: Callable[[], int], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._mailbox = mailbox
        self._gate = gate
        self._generation = generation
        self._slots: list[_Slot] = []
        self._latest: Snapshot | None = None
        self._instead: tuple[frozenset[SnapshotView], Snapshot] | None = None
        self._drawn: list[_Slot] = []
        self._unpainted = 0  # frames that Qt has not reported as painted
        self._first_paint_by = 0.0  # until then, the next frame waits for the window's first paint
        self._has_missed_tick = False
        self._has_painted = False
        self._frame_started = self._processor_started = 0.0
        self._duration = self._processor_time = 0.0  # of the last frames, decaying
        self._idle_frames = 0
        self._running = False
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.tick)
        mailbox.call_when_urgent(self._wake_from_another_thread)

    @property
    def latest(self) -> Snapshot | None:
        """The newest snapshot of the current generation."""
        return self._latest

    def add(self, view: SnapshotView, hertz: float) -> None:
        """Draw ``view`` up to ``hertz`` times per second."""
        self._slots.append(_Slot(view, 1.0 / hertz))
        if isinstance(view, QObject):
            view.installEventFilter(self)

    def show_instead(self, views: Iterable[SnapshotView], snapshot: Snapshot | None) -> None:
        """Show ``snapshot``, such as that of a pinned run, in ``views`` until called with ``None``; then the newest again."""
        self._instead = (frozenset(views), snapshot) if snapshot is not None else None
        for slot in self._slots:
            slot.due = 0.0
        self.wake()

    def _wanted(self, slot: _Slot) -> Snapshot | None:
        """Return what the view of ``slot`` is to show."""
        if self._instead is not None and slot.view in self._instead[0]:
            return self._instead[1]
        return self._latest

    def start(self) -> None:
        """Prepare the first frame, then tick; the gate stays closed until the window calls :meth:`end_frame`."""
        if self._running:
            return
        self._running = True
        self._mailbox.wait(lambda snapshot: snapshot.step > 0 or not snapshot.playing, PATIENCE_SECONDS)
        if self._prepare():
            self._first_paint_by = time.perf_counter() + PATIENCE_SECONDS
        self._timer.start()

    def stop(self) -> None:
        """Stop ticking and leave the gate open."""
        self._running = False
        self._first_paint_by = 0.0
        self._timer.stop()
        self._gate.open()

    @property
    def is_resting(self) -> bool:
        """Whether the clock has stopped ticking until there is something to draw."""
        return self._running and not self._timer.isActive()

    def wake(self) -> None:
        """Resume ticking if the clock rests (GUI thread)."""
        self._idle_frames = 0
        if self.is_resting:
            self._timer.start()

    def redraw_all(self) -> None:
        """Draw the latest snapshot again in every view (theme, size or visibility changed)."""
        for slot in self._slots:
            slot.shown, slot.due = None, 0.0
        self.wake()

    def tick(self) -> None:
        """Draw one frame, unless the last one is not painted yet, or rest if there has been nothing to draw for a while."""
        if self._unpainted or time.perf_counter() < self._first_paint_by:
            self._has_missed_tick = True
        elif self._prepare():
            self._idle_frames = 0
            self.end_frame()
        elif self._latest is not None and not self._ready(math.inf):
            self._idle_frames += 1
            if self._idle_frames >= IDLE_FRAMES and self._mailbox.notify_next(self._wake_from_another_thread):
                self._timer.stop()

    def _tick_early(self) -> None:
        """Draw the effect of an edit without waiting for the timer, unless the previous frame is still being painted."""
        if not self._drawn:
            self._timer.start()  # the next frame is a whole interval later
            self.tick()

    def _wake_from_another_thread(self) -> None:
        QCoreApplication.postEvent(self, QEvent(_WAKE))

    def end_frame(self) -> None:
        """Open the gate after all pending painting."""
        self._unpainted += 1
        self._first_paint_by = 0.0
        # Paint events are posted at low priority, so this event is delivered after them.
        QCoreApplication.postEvent(self, QEvent(_AFTER_PAINT), Qt.EventPriority.LowEventPriority.value - 1)

    def _prepare(self) -> bool:
        """Show the newest snapshot in the views that are due, and return whether any was."""
        snapshot = self._mailbox.take()
        edited = False
        if snapshot is not None and snapshot.generation >= self._generation():
            edited = self._latest is None or snapshot.generation > self._latest.generation
            self._latest = snapshot
            self.arrived.emit(snapshot)
        if self._latest is None:
            return False
        now = time.perf_counter()
        # After an edit, every view is drawn in this frame, unless that takes very long; in the first one, every view is.
        ready = self._ready(math.inf if edited else now)
        if not ready:
            return False
        self._gate.close()
        self._frame_started, self._processor_started = now, time.thread_time()
        self._drawn = []
        expected = 0.0
        for slot in ready:
            if self._drawn and expected + slot.cost > BUDGET_SECONDS and not edited:
                break
            if self._drawn and self._has_painted and time.thread_time() - self._processor_started > EDIT_SECONDS:
                break
            wanted = self._wanted(slot) or self._latest
            self._show(slot, wanted)
            period = self._period(slot)
            # A late frame does not delay the following ones, or a view would never reach its rate.
            slot.shown, slot.due = wanted, max(slot.due + period, now + period / 2.0)
            expected += slot.cost
            self._drawn.append(slot)
        return True

    def _period(self, slot: _Slot) -> float:
        rests = self._gate.is_tight and slot.period > CALM_SECONDS
        return max(2.0 * slot.period, SCARCE_SECONDS) if rests else slot.period

    def _notice_scarcity(self, duration: float) -> None:
        """Make the worker wait for frames while they take much longer than their processor time, as beside a video call."""
        self._duration += 0.1 * (duration - self._duration)
        self._processor_time += 0.1 * (time.thread_time() - self._processor_started - self._processor_time)
        self._gate.is_tight = self._duration > STARVED * self._processor_time

    def _show(self, slot: _Slot, snapshot: Snapshot) -> None:
        """Draw ``snapshot`` in the view of ``slot``; a view's exception must not abort the frame or the program."""
        if slot.failed_in == snapshot.generation:
            return
        try:
            slot.view.show_snapshot(snapshot)
            slot.failed_in = None
        except Exception as error:  # noqa: BLE001 - the other views must still be drawn
            slot.failed_in = snapshot.generation
            self.view_failed.emit(slot.view, error)

    def _ready(self, now: float) -> list[_Slot]:
        """Return the visible views that have not shown the newest snapshot and are due by ``now``, the most overdue first."""
        ready = [s for s in self._slots if s.due <= now and s.view.isVisible() and s.shown is not self._wanted(s)]
        return sorted(ready, key=lambda slot: slot.due)

    @override
    @guarded_or(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wake up when a view becomes visible, because it has yet to draw the latest snapshot."""
        if event.type() == QEvent.Type.Show:
            self.wake()
        return super().eventFilter(watched, event)

    @override
    @guarded_or(False)
    def event(self, event: QEvent) -> bool:
        """Open the gate after the frame has been painted, and update the cost of the drawn views."""
        if event.type() == _WAKE:
            if self._running:
                self.wake()
                now = time.perf_counter()
                for slot in self._slots:  # the user waits for all of them
                    slot.due = min(slot.due, now)
                self._tick_early()
            return True
        if event.type() != _AFTER_PAINT:
            return super().event(event)
        self._unpainted -= 1
        if self._unpainted:
            return True
        self._gate.open()
        missed, self._has_missed_tick = self._has_missed_tick, False
        if self._drawn:
            self._notice_scarcity(time.perf_counter() - self._frame_started)
            total = time.thread_time() - self._processor_started
            expected = sum(slot.cost for slot in self._drawn)
            for slot in self._drawn:
                slot.cost += 0.1 * (slot.cost * total / expected - slot.cost)
            self._drawn = []
        if self._latest is not None and not self._has_painted:
            self._has_painted = True
            self.first_painted.emit()
        if self._running and (missed or self._ready(time.perf_counter())):
            # Views that did not fit into this frame get another one, after pending user input.
            later(0, self, self.tick)
        return True
