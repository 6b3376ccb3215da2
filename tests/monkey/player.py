"""Play events from timers, so that they also reach menus and dialogs with nested event loops."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import sandbox
from choice import Chooser
from events import Event, execute
from memory import Memory, growth, most_grown, without_kinds
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from targets import RESPONSES, foremost, windows
from watch import Failure, Watch

from core.experiment import Experiment
from playground.app import load_after_first_frame, make_application, make_window, release_clipboard
from playground.window.main_window import MainWindow
from playground.worker.kept_training import MAX_KEPT

FAILED: Final = 3
PACE_MS: Final = 0
"""Pause after an event, in which the event loop delivers what is due."""

POLL_MS: Final = 5
DRAG_MS: Final = 200
REST_EVERY: Final = 1000
REST_MS: Final = 400
RENEW_EVERY: Final = 2
"""Number of rests after which the window is closed, and another one is opened for the next rest."""


class Player:
    """Plays events in one application.

    Args:
        folder: folder for all files.
        note: writes an entry to the journal.
        stacks: file for the stack trace of a hang.
        known: signatures of failures to ignore.
        keeps_going: whether to go on after a failure, and ignore it from then on.
        renews: whether to open another window from time to time, to compare the memory of new windows.
    """

    def __init__(
        self,
        folder: Path,
        note: Callable[[dict[str, object]], None],
        stacks: Path,
        known: set[str],
        *,
        keeps_going: bool = False,
        renews: bool = False,
    ) -> None:
        self._home = folder / "home"
        sandbox.fill(self._home)
        sandbox.confine_dialogs(self._home)
        self._note = note
        self._known, self._keeps_going = known, keeps_going
        self._renews, self._is_new = renews, False
        self._application = make_application(["nn-playground"])
        self._watch = Watch(self._report, stacks)
        RESPONSES.heard = lambda: self._watch.pulse(self._present)
        self._events: Iterator[Event] = iter(())
        self._left = 0
        self._played = 0
        self._front_before: object = None
        self._depth = 0
        self._polls = 0
        self._present: Event = []
        self._calm = 0
        self._rests: list[Memory] = []
        self._window: MainWindow | None = None
        self._opened = 0
        self._over = False

    def play(self, events: Iterator[Event] | None, rng: random.Random, count: int, mix: str) -> int:
        """Play ``events``, or ``count`` random ones; return 0 if there was no failure."""
        chooser = Chooser(rng, self._home, mix)
        self._events = events if events is not None else iter(chooser.next, None)
        self._left = count if events is None else 1 << 60
        while not self._over:
            self._open()
            self._next_in(300)
            self._application.exec()
            self._watch.rest()
        self._close()
        release_clipboard()
        return 0

    # -- the window --------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        self._close()
        window = make_window(None, None)
        load_after_first_frame(window)
        window.controller.failed.connect(self._watch.failed)
        window.controller.clock.view_failed.connect(
            lambda view, error: self._watch.failed(
                f"{type(view).__name__} {type(error).__name__}: {error}", _trace(error)
            )
        )
        window.start_as_left(resume=True)
        window.show()
        window.activateWindow()
        self._window = window
        self._opened += 1

    def _close(self) -> None:
        if self._window is not None:
            self._window.close()
            self._window.deleteLater()
            self._window = None
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    # -- events ------------------------------------------------------------------------------------------------------

    def _next_in(self, milliseconds: int) -> None:
        # A bound method of an object that is no QObject would leave a weak reference behind each time.
        QTimer.singleShot(milliseconds, lambda: self._turn())

    def _turn(self) -> None:
        self._watch.pulse(self._present)
        if self._over:
            return
        if self._depth and not self._has_loop_begun():
            # The previous event is still being processed: this call comes from a nested event loop, possibly that of a
            # drag, which Escape ends.
            self._polls += 1
            self._next_in(POLL_MS)
            if self._polls * POLL_MS > DRAG_MS:
                self._polls = 0
                self._execute_guarded(lambda: execute(["key", "Escape", "", 1], self._home))
            return
        if self._window is None or not self._window.isVisible():
            self._application.exit()
            return
        if not self._window.controller.is_running:
            self._report(Failure("the training thread is dead", ""))
        if self._played and self._played % REST_EVERY == 0 and len(self._rests) < self._played // REST_EVERY:
            self._next_in(REST_MS // 4)
            self._execute_guarded(self._rest)
            return
        event = next(self._events, None) if self._left > 0 else None
        if event is None:
            self._finish()
            return
        self._left -= 1
        self._played += 1
        self._note({"event": event})
        self._present = event
        self._next_in(event[1] if event[0] == "wait" else PACE_MS)
        self._execute_guarded(lambda: execute(event, self._home))

    def _execute_guarded(self, action: Callable[[], None]) -> None:
        outer, self._front_before = self._front_before, foremost()
        self._depth += 1
        self._polls = 0
        try:
            action()
        finally:
            self._depth -= 1
            self._front_before = outer

    def _has_loop_begun(self) -> bool:
        """Return whether the current event has entered the nested event loop of a menu or dialog."""
        front = foremost()
        return front is not None and front is not self._front_before

    def _finish(self) -> None:
        """End the nested event loops of dialogs and menus one by one, then that of the application."""
        front = foremost()
        self._left, self._events = 0, iter(())
        if front is not None:
            self._next_in(20)
            self._execute_guarded(lambda: _dismiss(front))
            return
        self._over = True
        self._watch.rest()
        self._application.exit()

    # -- memory ------------------------------------------------------------------------------------------------------

    def _rest(self) -> None:
        """Close all dialogs, open the default Experiment, and check the memory once the application is idle.

        A new window forgets its pinned runs and the trainings of the experiments opened before, which the saved session brought
        back: they are as large as the networks that happened to be pinned or trained.
        """
        front = foremost()
        if front is not None:
            self._calm = 0
            _dismiss(front)
            return
        window = self._window
        if window is None:
            return
        if self._renews and not self._is_new and (len(self._rests) + 1) % RENEW_EVERY == 0:
            self._is_new = True
            window.close()
            return
        self._calm += 1
        if self._calm == 1:
            for other in windows().values():
                if other is not window:
                    other.close()
            window.showNormal()
            window.resize(1440, 900)
            window.workspace.show_arrangement("playground")
            window.workspace.reset_layout()
            window.session.pause()
        if self._is_new and window.session.pins.all:  # they are added some time after the first frame
            window.session.pins.clear()
        if self._calm <= (MAX_KEPT + 1 if self._is_new else 1):
            window.session.replace_all(Experiment(), None)
        elif self._calm >= 8:
            self._calm = 0
            self._watch.rest()
            self._check_memory(Memory.now(self._opened, is_new=self._is_new))
            self._is_new = False

    def _check_memory(self, memory: Memory) -> None:
        self._rests = without_kinds([*self._rests, memory])
        self._note(
            {
                "rest": len(self._rests),
                "MB": round(memory.megabytes),
                "allocated": round(memory.allocated),
                "widgets": memory.widgets,
                "objects": memory.objects,
                "new": memory.is_new,
                "slowest": self._watch.slowest,
            }
        )
        self._watch.slowest = (0.0, None)
        for complaint in growth(self._rests):
            kinds = "\n".join(f"{number:+.0f} a rest: {kind}" for kind, number in most_grown(self._rests))
            self._report(Failure(complaint, " → ".join(str(rest) for rest in self._rests) + f"\n{kinds}"))

    # -- failures ----------------------------------------------------------------------------------------------------

    def _report(self, failure: Failure) -> None:
        known = failure.signature in self._known
        self._note({"failure": failure.signature, "details": "" if known else failure.details, "known": known})
        if known:
            return
        if not self._keeps_going:
            os._exit(FAILED)
        self._known.add(failure.signature)


def _dismiss(front: object) -> None:
    if hasattr(front, "reject"):
        front.reject()
    else:
        front.close()  # type: ignore[attr-defined]


def _trace(error: BaseException) -> str:
    import traceback

    return "".join(traceback.format_exception(error))
