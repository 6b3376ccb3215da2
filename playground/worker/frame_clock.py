"""The frame clock: pulls the newest snapshot and hands it to the views that are due, a few a frame."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from typing_extensions import override

from core.training.snapshot import Snapshot
from playground.widgets.guard import guarded_or
from playground.worker.mailbox import Gate, Mailbox

FRAME_MS: Final = 16
PATIENCE_SECONDS: Final = 0.1
"""How long the first frame waits for the first snapshot, so that the window need not be painted twice."""

BUDGET_SECONDS: Final = 0.009
"""Time a frame may take, painting included, before the rest of the views waits for the next frame."""

IDLE_FRAMES: Final = 30
"""Frames in which nothing was drawn, nor waits to be, after which the clock rests."""

_AFTER_PAINT: Final = QEvent.Type(QEvent.registerEventType())
_WAKE: Final = QEvent.Type(QEvent.registerEventType())


class SnapshotView(Protocol):
    """Anything that draws snapshots."""

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw ``snapshot``."""

    def isVisible(self) -> bool:
        """Return whether a user can see it."""
        ...


class _Slot:
    """A view with its wished period and what it has shown."""

    def __init__(self, view: SnapshotView, period: float) -> None:
        self.view = view
        self.period = period
        self.shown: Snapshot | None = None
        self.due = 0.0
        self.cost = 0.002
        self.failed_in: int | None = None  # generation of the snapshot that it could not draw


class FrameClock(QObject):
    """Draws at up to 60 frames a second what has changed and can be seen.

    The views take turns: each frame draws the most overdue ones until the frame's budget is spent, so that no frame has
    to carry all of them. While a frame is prepared and painted the gate is closed. When there has been nothing to draw for
    half a second the clock rests, until a snapshot arrives or a view becomes visible.

    Signals:
        arrived: a new snapshot of the present generation came (before any view draws it).
        first_painted: the first frame is on the screen.
        view_failed: a view raised an exception: the view and the exception. It is left alone until the experiment changes;
            the other views go on.
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
        self._drawn: list[_Slot] = []
        self._has_painted = False
        self._frame_started = 0.0
        self._idle_frames = 0
        self._running = False
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.tick)

    @property
    def latest(self) -> Snapshot | None:
        """The newest snapshot of the present generation."""
        return self._latest

    def add(self, view: SnapshotView, hertz: float) -> None:
        """Draw ``view`` up to ``hertz`` times a second."""
        self._slots.append(_Slot(view, 1.0 / hertz))
        if isinstance(view, QObject):
            view.installEventFilter(self)

    def start(self) -> None:
        """Prepare the first frame, then tick; the gate stays closed until the window calls :meth:`end_frame`."""
        if self._running:
            return
        self._running = True
        self._mailbox.wait(lambda snapshot: snapshot.step > 0 or not snapshot.playing, PATIENCE_SECONDS)
        self._prepare()
        self._timer.start()

    def stop(self) -> None:
        """Stop ticking and leave the gate open."""
        self._running = False
        self._timer.stop()
        self._gate.open()

    @property
    def is_resting(self) -> bool:
        """Whether the clock has stopped ticking until there is something to draw."""
        return self._running and not self._timer.isActive()

    def wake(self) -> None:
        """Tick again if the clock rests (window's thread)."""
        self._idle_frames = 0
        if self.is_resting:
            self._timer.start()

    def redraw_all(self) -> None:
        """Let every view draw the latest snapshot again (theme, size or visibility changed)."""
        for slot in self._slots:
            slot.shown, slot.due = None, 0.0
        self.wake()

    def tick(self) -> None:
        """Draw one frame, or rest if there has long been nothing to draw."""
        if self._prepare():
            self._idle_frames = 0
            self.end_frame()
        elif self._latest is not None and not self._ready(math.inf):
            self._idle_frames += 1
            if self._idle_frames >= IDLE_FRAMES and self._mailbox.alarm_at_next(self._wake_from_another_thread):
                self._timer.stop()

    def _wake_from_another_thread(self) -> None:
        QCoreApplication.postEvent(self, QEvent(_WAKE))

    def end_frame(self) -> None:
        """Open the gate when all that is waiting to be painted has been."""
        # Paint events are posted at low priority; this one comes after them.
        QCoreApplication.postEvent(self, QEvent(_AFTER_PAINT), Qt.EventPriority.LowEventPriority.value - 1)

    def _prepare(self) -> bool:
        """Let the views that are due show the newest snapshot, and return whether any did."""
        snapshot = self._mailbox.take()
        edited = False
        if snapshot is not None and snapshot.generation >= self._generation():
            edited = self._latest is None or snapshot.generation > self._latest.generation
            self._latest = snapshot
            self.arrived.emit(snapshot)
        if self._latest is None:
            return False
        now = time.perf_counter()
        # What follows an edit is shown by every view in this very frame, however long that takes.
        ready = self._ready(math.inf if edited else now)
        if not ready:
            return False
        self._gate.close()
        self._frame_started = now
        self._drawn = []
        expected = 0.0
        for slot in ready:
            if self._drawn and expected + slot.cost > BUDGET_SECONDS and not edited:
                break
            self._show(slot, self._latest)
            slot.shown, slot.due = self._latest, now + slot.period
            expected += slot.cost
            self._drawn.append(slot)
        return True

    def _show(self, slot: _Slot, snapshot: Snapshot) -> None:
        """Let the view of ``slot`` draw ``snapshot``; no exception of a view may end the frame, or the program."""
        if slot.failed_in == snapshot.generation:
            return
        try:
            slot.view.show_snapshot(snapshot)
            slot.failed_in = None
        except Exception as error:  # noqa: BLE001 - whatever it is, the other views go on
            slot.failed_in = snapshot.generation
            self.view_failed.emit(slot.view, error)

    def _ready(self, now: float) -> list[_Slot]:
        """Return the visible views that have not shown the newest snapshot and are due by ``now``, the most overdue first."""
        ready = [s for s in self._slots if s.shown is not self._latest and s.due <= now and s.view.isVisible()]
        return sorted(ready, key=lambda slot: slot.due)

    @override
    @guarded_or(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wake when a view becomes visible: it has yet to draw what the others show."""
        if event.type() == QEvent.Type.Show:
            self.wake()
        return super().eventFilter(watched, event)

    @override
    @guarded_or(False)
    def event(self, event: QEvent) -> bool:
        """Open the gate once the frame has been painted, and learn what the drawn views cost."""
        if event.type() == _WAKE:
            if self._running:
                self.wake()
                self.tick()
            return True
        if event.type() != _AFTER_PAINT:
            return super().event(event)
        self._gate.open()
        if self._drawn:
            total = time.perf_counter() - self._frame_started
            expected = sum(slot.cost for slot in self._drawn)
            for slot in self._drawn:
                slot.cost += 0.1 * (slot.cost * total / expected - slot.cost)
            self._drawn = []
        if self._latest is not None and not self._has_painted:
            self._has_painted = True
            self.first_painted.emit()
        if self._running and self._ready(time.perf_counter()):
            # Views that found no room in this frame get one of their own, after whatever the user has done meanwhile.
            QTimer.singleShot(0, self, self.tick)
        return True
