"""Create an animation for the window in a separate process, so that neither training nor the window slows down.

The process ends when its standard input is closed, and then leaves no file behind.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from playground.startup import prepare_environment

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from core.training.snapshot import Snapshot
    from playground.export.animation.frames import Frames
    from playground.export.animation.job import AnimationJob
    from playground.widgets.figure import Figure
    from playground.widgets.live_card import LiveCard

_NICENESS: Final = 5
_CANCELLED: Final = 1


class _CancelledError(Exception):
    """The window has cancelled the animation."""


def main(arguments: Sequence[str]) -> int:
    """Do the job in the file ``arguments[0]``, print its progress, and return the exit status."""
    prepare_environment()
    from core.errors import PlaygroundError
    from playground.export.animation.job import DONE, FAILED, decode_job

    with contextlib.suppress(AttributeError, OSError):  # not on Windows, and a sandbox may forbid it
        os.nice(_NICENESS)
    closed = threading.Event()
    threading.Thread(target=_wait_for_end, args=(closed,), daemon=True).start()
    try:
        _do(decode_job(Path(arguments[0]).read_bytes()), closed)
    except _CancelledError:
        return _CANCELLED
    except MemoryError:
        _say(FAILED, "The animation cannot be created (not enough memory).")
    except (PlaygroundError, OSError) as error:
        _say(FAILED, str(error))
    else:
        _say(DONE)
        return 0
    return _CANCELLED


def _wait_for_end(closed: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 4096):  # not sys.stdin.read(), whose lock would be held when the process ends
        pass
    closed.set()


def _say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)).replace("\n", " ") + "\n")
    sys.stdout.flush()


def _do(job: AnimationJob, closed: threading.Event) -> None:
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QWidget

    from core.experiment.experiment_file import parse, write_atomically
    from core.training.origins.animation_origin import animation_with_origin
    from playground.commandline.headless import trainer_for
    from playground.commandline.headless_cards import offscreen_application
    from playground.commandline.requirements import check_writable
    from playground.commandline.shown_run import train_shown
    from playground.commandline.sources import Source
    from playground.export.animation.formats import animation_format_of
    from playground.export.animation.frames import Frames
    from playground.export.animation.job import DRAWING, WRITING
    from playground.export.origin import origin_of, with_history

    application = offscreen_application()
    path = Path(job.path)
    kind = animation_format_of(path, job.size)
    check_writable(path)
    frames = Frames(job.size, job.rate)
    trainer = trainer_for(Source(parse(job.experiment), None), job.moments[-1])

    def go_on(*_progress: object) -> None:
        if closed.is_set():
            raise _CancelledError

    def draw(snapshot: Snapshot) -> None:
        go_on()
        drawing.draw(snapshot)
        _say(DRAWING, len(frames), len(job.moments))

    def encoded(done: int, every: int) -> None:
        go_on()
        _say(WRITING, done, every)

    holder = QWidget()  # never shown; owns the cards
    try:
        drawing = _Drawing(job, frames, holder)
        cards = drawing.cards.values()
        moments = job.moments[:-1]  # the last one is drawn after the run, which may end early
        _, last = train_shown(
            trainer, job.moments[-1], drawing.session, cards, moments, advance=go_on, shown=draw, axes=job.axes
        )
        draw(last)
        content = kind.encode(frames, encoded)
        if job.keeps:
            content = animation_with_origin(content, with_history(origin_of(last, None), last, timed=False))
        go_on()
        write_atomically(path, content)
    finally:
        holder.deleteLater()
        QCoreApplication.sendPostedEvents(holder, QEvent.Type.DeferredDelete.value)
        del application


class _Drawing:
    """Draws the cards of a job.

    Attributes:
        session: the session of the cards.
        cards: the cards by key.
    """

    def __init__(self, job: AnimationJob, frames: Frames, holder: QWidget) -> None:
        from PySide6.QtCore import QSettings

        from core.experiment.experiment_file import parse
        from playground.commandline.headless_cards import VIEW_SIZE
        from playground.session import Session
        from playground.style.theme import THEMES, Style
        from playground.window.cards import CARDS
        from playground.window.workspace.view_memory import recall_views

        self._job, self._frames = job, frames
        self.session = Session(parse(job.experiment), parent=holder)
        self.session.is_reproducible = True
        style = Style(THEMES["light"])  # of the cards; that of the frames is in the look
        self.cards: dict[str, LiveCard] = {
            tile.key: CARDS[tile.key].make(self.session, style, holder) for tile in job.tiles
        }
        for card in self.cards.values():
            card.resize(VIEW_SIZE)
        recall_views(QSettings(job.views, QSettings.Format.IniFormat), self.cards)
        if job.selection is not None:
            self.session.select(job.selection)
        self.session.select_sample(job.sample)

    def draw(self, snapshot: Snapshot) -> None:
        """Add a frame that shows ``snapshot``."""
        from PySide6.QtCore import QCoreApplication

        from playground.export.animation.picture import frame_image
        from playground.export.hidden_view import Look
        from playground.export.origin import origin_of
        from playground.export.raster import pixels_of
        from playground.style.theme import THEMES

        job = self._job
        QCoreApplication.processEvents()  # menus of which the first snapshot tells the entries choose theirs
        recipe = origin_of(snapshot, None).recipe if job.captioned else ""
        figures = [(tile, self._figure(tile.key)) for tile in job.tiles]
        look = Look(job.size, THEMES[job.theme], caption=recipe)
        self._frames.add(pixels_of(frame_image(figures, look, snapshot)))

    def _figure(self, key: str) -> Figure:
        from core.errors import PlaygroundError

        card = self.cards[key]
        figures = card.figures[:1] or card.rendered_figures[:1]
        if not figures:
            raise PlaygroundError(f"{card.title} has no picture to animate.")
        return figures[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
