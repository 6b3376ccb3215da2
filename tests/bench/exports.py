"""Measure exports from a window that trains: the time of each picture in each format, and the frames meanwhile.

Run by ``make bench``. Options: ``--only WORD`` selects the figures whose key contains WORD.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FORMATS = ("png", "svg", "pdf")
SIZE = (1920, 1080)
TO_REACH = {"png": 0.5, "svg": 0.3}
FRAMES_TO_REACH = 45
FRAME_MS = 16
ROUNDS = 5


class Beat:
    """A timer of the GUI thread, whose ticks show how long the thread was busy with something else."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._tick)
        self._ticks: list[float] = []

    def _tick(self) -> None:
        self._ticks.append(time.perf_counter())

    def start(self) -> None:
        """Forget the ticks so far."""
        self._ticks = [time.perf_counter()]
        self._timer.start()

    def count(self) -> int:
        """Return the number of ticks."""
        return len(self._ticks) - 1

    def longest_gap(self) -> float:
        """Return the longest time between two ticks in seconds."""
        ticks = [*self._ticks, time.perf_counter()]
        return max(later - earlier for earlier, later in itertools.pairwise(ticks))


def export(queue, figure, path, look) -> tuple[float, float, float]:  # type: ignore[no-untyped-def]
    """Export ``figure``; return clock time, processor time of the exporting threads, and that of the GUI thread."""
    from PySide6.QtCore import QEventLoop

    from playground.export import export_queue

    loop = QEventLoop()
    queue.finished.connect(loop.quit)
    queue.failed.connect(lambda sentence: (print(f"    {path.name}: {sentence}"), loop.quit()))
    spent = {"gui": 0.0, "thread": 0.0}
    prepare = export_queue.prepare

    def measured(*given):  # type: ignore[no-untyped-def]
        began = time.thread_time()
        content = prepare(*given)
        spent["gui"] += time.thread_time() - began

        def build() -> bytes:
            started = time.thread_time()
            made = content()
            spent["thread"] += time.thread_time() - started
            return made

        return build

    export_queue.prepare = measured
    began = time.perf_counter()
    queue.start([(figure, path)], look)
    if queue.is_busy:
        loop.exec()
    clock = time.perf_counter() - began
    export_queue.prepare = prepare
    return clock, spent["gui"] + spent["thread"], spent["gui"]


def report(window, application, only: str, folder: Path) -> None:  # type: ignore[no-untyped-def]
    """Print a line for each figure, and the figures that miss what is to be reached."""
    from answering import spin

    from playground.export.export_queue import ExportQueue
    from playground.export.hidden_view import Look
    from playground.export.origin import origin_of
    from playground.style.theme import LIGHT

    figures = [figure for figure in window.exportable() if only in figure.figure_key]
    origin = origin_of(window.session.snapshot, None)
    look = Look(SIZE, LIGHT, origin=origin, caption=origin.recipe)
    queue, beat = ExportQueue(window, window.session.jobs.gate), Beat()
    print(f"  {'':18}" + "".join(f"{kind:>34}" for kind in FORMATS))
    print(
        f"  {'figure':18}"
        + f"{'clock  processor  GUI thread  gap':>34}" * len(FORMATS)
        + "   (ms; first export of each)"
    )
    slow: list[str] = []
    for figure in figures:
        cells = []
        for kind in FORMATS:
            beat.start()
            clock, work, gui = export(queue, figure, folder / f"{figure.figure_key}.{kind}", look)
            gap = beat.longest_gap()
            cells.append(f"{clock * 1e3:10.0f}{work * 1e3:9.0f}{gui * 1e3:9.0f}{gap * 1e3:6.0f}")
            if work > TO_REACH.get(kind, 9.9):
                slow.append(
                    f"{figure.figure_key}.{kind}: {work * 1e3:.0f} ms of a processor (to reach {TO_REACH[kind]} s)"
                )
            spin(application, 0.15)
        print(f"  {figure.figure_key:18}" + "".join(f"{cell:>34}" for cell in cells), flush=True)
    print("  slower than to be reached: " + ("; ".join(slow) or "none"))


class Dragging(Beat):
    """Repaints the network at each tick, as moving a neuron with the mouse does, and counts the pictures painted."""

    def __init__(self, canvas) -> None:  # type: ignore[no-untyped-def]
        from PySide6.QtCore import QEvent, QObject

        super().__init__()
        self._canvas = canvas
        self._painted = 0
        dragging = self

        class Counter(QObject):
            def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
                dragging._painted += event.type() == QEvent.Type.Paint
                return False

        self._counter = Counter()
        self._canvas.installEventFilter(self._counter)

    def _tick(self) -> None:
        super()._tick()
        self._canvas.update()

    def start(self) -> None:
        super().start()
        self._painted = 0

    def count(self) -> int:
        """Return the number of pictures painted."""
        return self._painted

    def end(self) -> None:
        """Stop repainting."""
        self._timer.stop()
        self._canvas.removeEventFilter(self._counter)


def report_frames(window, application, folder: Path) -> None:  # type: ignore[no-untyped-def]
    """Print how often a dragged network is painted without an export, and during exports, in turns.

    The turns even out what other programs do meanwhile. The second number counts the frames in which the window's clock drew
    new snapshots: cards are due up to 30 times a second, and those drawn in the same frame count once.
    """
    from answering import FrameTimes, spin

    from playground.export.hidden_view import Look
    from playground.style.theme import LIGHT

    figures, look = window.exportable(), Look(SIZE, LIGHT)

    def one_by_one(kind: str) -> None:
        for figure in figures[:ROUNDS]:
            ends = time.perf_counter() + 0.5
            run(window, lambda queue: queue.start([(figure, folder / f"one.{kind}")], look))
            spin(application, max(0.0, ends - time.perf_counter()))

    def in_a_row(kind: str) -> None:
        files = [(figure, folder / f"all-{figure.figure_key}.{kind}") for figure in figures]
        run(window, lambda queue: queue.start(files, look))

    cases = {
        "without an export": lambda: spin(application, 2.0),
        "while a PNG is written twice a second": lambda: one_by_one("png"),
        "while an SVG is written twice a second": lambda: one_by_one("svg"),
        f"while {len(figures)} PNG are written": lambda: in_a_row("png"),
        f"while {len(figures)} SVG are written": lambda: in_a_row("svg"),
        "while a deck of eight is written": lambda: run(
            window, lambda queue: queue.start_combined(figures[:8], folder / "eight.pptx", look)
        ),
    }
    results: dict[str, list[tuple[float, float, float]]] = {name: [] for name in cases}
    dragging = Dragging(window.cards["network"].canvas)
    for _ in range(ROUNDS):
        for name, case in cases.items():
            frames, began = FrameTimes(window.controller.clock), time.perf_counter()
            dragging.start()
            case()
            elapsed = time.perf_counter() - began
            frames.end()
            results[name].append((dragging.count() / elapsed, len(frames.times) / elapsed, elapsed))
            spin(application, 0.2)
    dragging.end()
    for name, measured in results.items():
        painted, drawn, seconds = (sorted(each) for each in zip(*measured, strict=True))
        print(
            f"  a dragged network is painted {painted[ROUNDS // 2]:.0f} times a second ({painted[0]:.0f} to {painted[-1]:.0f};"
            f" to reach {FRAMES_TO_REACH}) {name} ({seconds[ROUNDS // 2]:.1f} s;"
            f" new snapshots in {drawn[ROUNDS // 2]:.0f} frames a second)"
        )


def run(window, start) -> None:  # type: ignore[no-untyped-def]
    """Call ``start`` with a queue, and return when it has written everything."""
    from PySide6.QtCore import QEventLoop

    from playground.export.export_queue import ExportQueue

    queue, loop = ExportQueue(window, window.session.jobs.gate), QEventLoop()
    queue.finished.connect(loop.quit)
    queue.failed.connect(lambda sentence: (print(f"    {sentence}"), loop.quit()))
    start(queue)
    if queue.is_busy:
        loop.exec()
    queue.deleteLater()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", metavar="WORD", help="select the figures whose key contains WORD")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from playground.startup import prepare_environment

    prepare_environment()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            os.environ[name] = folder
        from answering import spin

        from core.engine.compiled.compilation import compile_into_cache
        from core.errors import EngineError
        from core.experiment.presets import preset
        from playground.app import make_application, make_window

        with contextlib.suppress(EngineError):
            compile_into_cache()
        application = make_application(["nn-playground"])
        window = make_window(preset("iris"), None)
        window.resize(1440, 900)
        window.show()
        window.start(playing=True)
        window.controller.load_engine()
        spin(application, 2.5)
        print(f"\nExports at {SIZE[0]} × {SIZE[1]} while the network trains (iris)")
        report(window, application, options.only, Path(folder))
        report_frames(window, application, Path(folder))
        window.close()
        window.deleteLater()
        spin(application, 0.2)


if __name__ == "__main__":
    main()
