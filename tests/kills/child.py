"""The program that is killed: the real one, with edits and saves at random, and a journal of its work."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from PySide6.QtCore import QTimer

from core.experiment.experiment_file import dump
from playground import app
from playground.startup import prepare_environment
from playground.window.main_window import MainWindow

EDITS_MS = (700, 700, 700, 15_000)
"""Time between two edits, one of these; the longest lets the program train, so that only its interval of checkpoints counts."""

JOURNAL_MS = 50


def edits(window: MainWindow, rng: Random) -> tuple[Callable[[], object], ...]:
    """Return what a user may do, as functions."""
    session = window.session

    def depth() -> object:
        return session.set_depth(rng.randrange(1, 5))

    def rate() -> object:
        return session.edit_training("Learning rate", learning_rate=round(rng.uniform(0.001, 0.1), 6))

    def noise() -> object:
        return session.edit_data("Noise", noise=round(rng.uniform(0.0, 0.5), 3))

    def pause() -> object:
        return session.play() if not session.playing else session.pause()

    return (rate, rate, rate, depth, noise, session.undo, session.redo, session.pin, pause)


def follow(window: MainWindow, journal: Path, rng: Random) -> None:
    """Edit, save and train, and write what the session is to ``journal``."""
    session, choices = window.session, edits(window, rng)
    file = journal.open("a", encoding="ascii", buffering=1)

    def note() -> None:
        key = hashlib.sha256(dump(session.experiment).encode()).hexdigest()[:16]
        step = -1 if session.snapshot is None else session.snapshot.step
        file.write(f"{time.monotonic():.3f} {key} {step}\n")

    def act() -> None:
        if rng.random() < 0.15:
            window.files.save_to(journal.with_suffix(".json"))
        else:
            rng.choice(choices)()

    for interval, slot in ((JOURNAL_MS, note), (rng.choice(EDITS_MS), act)):
        timer = QTimer(window)
        timer.timeout.connect(slot)
        timer.start(interval)
    note()


def main() -> None:
    """Run the program; arguments: the journal and a seed."""
    journal, rng = Path(sys.argv[1]), Random(sys.argv[2])
    started = MainWindow.start_as_left

    def start(window: MainWindow, *, resume: bool) -> None:
        started(window, resume=resume)
        window.session.set_speed(None)
        window.session.play()
        follow(window, journal, rng)

    MainWindow.start_as_left = start  # type: ignore[method-assign]
    prepare_environment()
    sys.exit(app.run())


if __name__ == "__main__":
    main()
