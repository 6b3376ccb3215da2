"""Measure the window at maximum training speed: event latency, redraws, slider latency, start-up time.

Run by ``make bench``. Without a display, it starts Xvfb (1440 × 900).
"""

from __future__ import annotations

import compileall
import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from answering import report_running, spin
from ghosts import report_ghosts
from landscape import report_coarse

ROOT = Path(__file__).resolve().parents[2]
WARM_UP = 2.5
ROUNDS = 7
ROUND_SECONDS = 2.0

BARE_WINDOW = """
import os, time
started = float(os.environ["BENCH_STARTED"])
os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
class Plot(pg.PlotWidget):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, lambda: (print(time.time() - started, flush=True), app.quit()))
window = QMainWindow()
window.setCentralWidget(Plot())
window.resize(1440, 900)
window.show()
app.exec()
"""

FULL_WINDOW = """
import os, sys, time
started = float(os.environ["BENCH_STARTED"])
from playground.startup import hasten_start, prepare_environment
prepare_environment()
hasten_start()
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QGraphicsView, QWidget
from playground.app import load_after_first_frame, make_application, make_window
from core.experiment import Experiment
app = make_application(["nn-playground"])
window = make_window(Experiment(), None)
class Painted(QObject):
    '''Waits until a view that was given a trained network has painted it.'''
    missing = set()
    def __init__(self, view):
        super().__init__()
        self.view, self.shown, self.trained = view, view.show_snapshot, False
        view.show_snapshot = self.show_snapshot
        self.missing.add(self)
        area = max(view.findChildren(QGraphicsView), key=lambda v: v.width() * v.height(), default=None)
        self.target = view.canvas if area is None else area.viewport()
        self.target.installEventFilter(self)
    def show_snapshot(self, snapshot):
        self.shown(snapshot)
        self.trained = self.trained or snapshot.step > 0
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and self.trained and self in self.missing:
            self.missing.remove(self)
            if not self.missing:
                QTimer.singleShot(0, lambda: (print(time.time() - started, flush=True), window.close(), app.quit()))
        return False
# By name: window.cards would build the cards of every workspace, which the application does after the first frame.
names = ("networkView", "lossPlot", "gradientPlot", "outputPlot")
watchers = [Painted(window.findChild(QWidget, name)) for name in names]
load_after_first_frame(window)
window.start(playing=True)
window.show()
app.exec()
"""


def main() -> None:
    """Start a display if necessary, then measure."""
    if "BENCH_WINDOW_CHILD" not in os.environ and not os.environ.get("DISPLAY") and shutil.which("xvfb-run"):
        environment = {**os.environ, "BENCH_WINDOW_CHILD": "1"}
        environment.pop("QT_QPA_PLATFORM", None)
        command = ["xvfb-run", "-a", "-s", "-screen 0 1440x900x24", sys.executable, __file__, *sys.argv[1:]]
        sys.exit(subprocess.run(command, env=environment, check=False).returncode)
    print("\nThe window, training at maximum speed (1440 × 900)")
    sys.path.insert(0, str(ROOT))
    from playground.startup import has_screen

    if not has_screen():
        print("  skipped: there is no display, and no xvfb-run to create one (Debian's package xvfb)")
        return
    with tempfile.TemporaryDirectory() as folder:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            os.environ[name] = folder
        if "--workspaces" not in sys.argv:
            measure_start_up()
            measure_running()
        measure_workspaces()


def measure_start_up(rounds: int = 9) -> None:
    """Print the median time from process start to the first painted, training window against a bare one."""
    # If Python cannot write bytecode, it would compile these files at each start, but not those of the bare window.
    for package in ("core", "playground"):
        compileall.compile_dir(ROOT / package, quiet=1)
    times: dict[str, list[float]] = {"bare": [], "full": []}
    for _ in range(rounds):
        for name, program in (("bare", BARE_WINDOW), ("full", FULL_WINDOW)):
            environment = {**os.environ, "BENCH_STARTED": repr(time.time()), "PYTHONPATH": str(ROOT)}
            done = subprocess.run(
                [sys.executable, "-c", program],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=60,
            )
            if done.returncode != 0 or not done.stdout.strip():
                print(f"  start-up of the {name} window failed: {done.stderr.strip()[-300:]}")
                return
            times[name].append(float(done.stdout.split()[0]))
    bare, full = statistics.median(times["bare"]), statistics.median(times["full"])
    # Alternate, so that a temporary load affects both.
    ratio = statistics.median(b / a for a, b in zip(times["bare"], times["full"], strict=True))
    print(
        f"  start to first painted, training window: {full:.2f} s; bare PySide6 + pyqtgraph: {bare:.2f} s;"
        f" ratio {ratio:.2f} (to reach: 1.3)"
    )


def measure_running() -> None:
    """Print latency, redraws and steps per second for the default network and for 10 × 16."""
    from playground.startup import prepare_environment

    prepare_environment()
    from msgspec.structs import replace

    from core.engine.compiled.compilation import compile_into_cache
    from core.errors import EngineError
    from core.experiment import Experiment, HiddenLayer
    from playground.app import load_after_first_frame, make_application, make_window

    with contextlib.suppress(EngineError):
        compile_into_cache()  # exclude the compilation from the measurement
    application = make_application(["nn-playground"])
    deep = replace(Experiment(), network=replace(Experiment().network, hidden=(HiddenLayer(units=16),) * 10))
    for name, experiment in (("default network", Experiment()), ("10 hidden layers × 16", deep)):
        window = make_window(experiment, None)
        window.resize(1440, 900)
        load_after_first_frame(window)
        window.show()
        window.start(playing=True)
        spin(application, WARM_UP)
        print(f"  {name}")
        report_running(application, window)
        with _busy_processes():
            print("    with one busy process per processor:")
            spin(application, WARM_UP)
            report_running(application, window)
        _report_slider(application, window)
        _report_speed(application, window, experiment)
        if name == "default network":
            report_ghosts(application, window)
            report_coarse(application, window)
        window.close()
        window.deleteLater()
        spin(application, 0.2)


def measure_workspaces() -> None:
    """Print latency and redraws of each workspace at 50 hidden layers × 16."""
    from playground.startup import prepare_environment

    prepare_environment()
    from msgspec.structs import replace

    from core.engine.compiled.compilation import compile_into_cache
    from core.errors import EngineError
    from core.experiment import Experiment, HiddenLayer
    from playground.app import load_after_first_frame, make_application, make_window
    from playground.window.workspace.arrangements import ARRANGEMENTS

    with contextlib.suppress(EngineError):
        compile_into_cache()
    application = make_application(["nn-playground"])
    hidden = (HiddenLayer(units=16, activation="relu", initializer="he_normal"),) * 50
    deep = replace(Experiment(), network=replace(Experiment().network, hidden=hidden))
    print("  50 hidden layers × 16, each workspace")
    for arrangement in ARRANGEMENTS:
        window = make_window(deep, None)
        window.resize(1440, 900)
        load_after_first_frame(window)
        window.show()
        window.start(playing=True)
        window.workspace.show_arrangement(arrangement.key)
        spin(application, WARM_UP)
        print(f"    {arrangement.title}")
        visible = [card for card in window.cards.values() if card.isVisible()]
        report_running(application, window, visible, redraws=20)
        window.close()
        window.deleteLater()
        spin(application, 0.2)


@contextlib.contextmanager
def _busy_processes(count: int = os.cpu_count() or 1):  # type: ignore[no-untyped-def]
    """Keep ``count`` processors, by default all, busy with another process each."""
    command = [sys.executable, "-c", "while True: pass"]
    busy = [subprocess.Popen(command) for _ in range(count)]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


def _report_speed(application, window, experiment) -> None:  # type: ignore[no-untyped-def]
    """Print the steps per second with and without the window, alternating because the machine's speed varies.

    Where two processors share a core, any program on the other one slows the steps down. So the same is measured with a
    process that only computes in place of the window, and how much of the time the training thread spends on steps.
    """
    without, beside, computing, stepping = [_headless(experiment)], [], [], []
    for _ in range(ROUNDS):
        window.session.play()
        spin(application, 0.3)
        steps, share = _beside(application, window)
        beside.append(steps)
        stepping.append(share)
        window.session.pause()
        spin(application, 0.2)
        with _busy_processes(1):
            computing.append(_headless(experiment))
        without.append(_headless(experiment))
    shares, others = _shares(beside, without), _shares(computing, without)
    print(
        f"    {statistics.median(beside):,.0f} steps a second ({window.session.snapshot.engine}), {statistics.median(shares):.0%}"
        f" of the {statistics.median(without):,.0f} without a window (to reach: 90 %;"
        f" {ROUNDS} rounds: {shares[0]:.0%} to {shares[-1]:.0%})"
    )
    print(
        f"    the training thread spends {statistics.median(stepping):.0%} of the time on steps; beside one process that only"
        f" computes, without a window: {statistics.median(others):.0%} ({others[0]:.0%} to {others[-1]:.0%})"
    )


def _shares(measured: list[float], without: list[float]) -> list[float]:
    """Return each measurement as a share of the mean of those without a window before and after it, in ascending order."""
    pairs = zip(measured, without, without[1:], strict=False)
    return sorted(2.0 * steps / (before + after) for steps, before, after in pairs)


def _beside(application, window) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """Return the steps per second with the window, measured between two snapshots, and the share of the time spent on them."""

    def next_snapshot() -> tuple[int, float]:
        step = window.session.snapshot.step
        while window.session.snapshot.step == step:
            spin(application, 0.001)
        return window.session.snapshot.step, time.perf_counter()

    burst, spent = window.controller._thread._burst, []
    took = burst.took
    burst.took = lambda steps, seconds: (spent.append(seconds), took(steps, seconds))
    first, began = next_snapshot()
    spent.clear()
    spin(application, ROUND_SECONDS)
    last, ended = next_snapshot()
    del burst.took
    return (last - first) / (ended - began), sum(spent) / (ended - began)


def _headless(experiment) -> float:  # type: ignore[no-untyped-def]
    """Return the steps per second of the same training without a window, in bursts of the same length."""
    from core.training.training_run import new_trainer
    from playground.worker.mailbox import BURST_SECONDS

    trainer = new_trainer(experiment)
    trainer.run(500)
    burst, taken, elapsed = 500, 0, 0.0
    while elapsed < ROUND_SECONDS:
        began = time.perf_counter()
        trainer.run(burst)
        spent = time.perf_counter() - began
        taken, elapsed = taken + burst, elapsed + spent
        burst = max(1, int(burst * BURST_SECONDS / spent))
    return taken / elapsed


def _report_slider(application, window) -> None:  # type: ignore[no-untyped-def]
    """Print the time from moving a slider to painting its effect, at random moments of a frame."""
    import random

    from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
    from PySide6.QtWidgets import QGraphicsView, QSlider

    class Painted(QObject):
        """Ends its loop when a snapshot of a newer generation than ``after`` has been painted."""

        after, has_shown, loop = 0, False, QEventLoop()

        def show_snapshot(self, snapshot) -> None:  # type: ignore[no-untyped-def]
            shown(snapshot)
            self.has_shown = self.has_shown or snapshot.generation > self.after

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and self.has_shown:
                QTimer.singleShot(0, self.loop.quit)
            return False

    slider, view, painted = window.findChild(QSlider, "gainSlider"), window.cards["gradient"], Painted()
    moments, waits = random.Random(1), []
    shown, view.show_snapshot = view.show_snapshot, painted.show_snapshot
    canvas = max(view.findChildren(QGraphicsView), key=lambda v: v.width() * v.height()).viewport()
    canvas.installEventFilter(painted)
    for number in range(60):
        painted.after, painted.has_shown, painted.loop = window.session.generation, False, QEventLoop()
        started = time.perf_counter()
        slider.setValue(slider.value() + (1 if number % 2 else -1))
        QTimer.singleShot(1000, painted.loop.quit)
        painted.loop.exec()
        waits.append(time.perf_counter() - started)
        spin(application, 0.05 + 0.03 * moments.random())
    canvas.removeEventFilter(painted)
    view.show_snapshot = shown
    waits.sort()
    print(
        f"    slider to painted picture: {waits[len(waits) // 2] * 1e3:.0f} ms (median), {waits[-1] * 1e3:.0f} ms (worst);"
        " two frames are 33 ms"
    )


if __name__ == "__main__":
    main()
