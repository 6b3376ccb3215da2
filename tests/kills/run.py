"""Kill the running program at random moments, and check that the next start has its work; ``make kills`` runs this.

Each process starts as the next one after the last kill, in the same folders. After a kill no process of it may be left, its
work at the next start is at most ten seconds old, and no file of an interrupted write remains after the next start.

Options: ``--kills N``, ``--seed N``, ``--jobs N`` at the same time.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QSettings

from core.experiment.experiment_file import dump
from core.training.state_file import load_state
from playground.session.saving.last_state import LastState

MAX_AGE = 10.0
"""Maximum age of the work at the next start in seconds."""

LONGEST = 25.0
"""Latest moment of a kill, in seconds after the window has begun."""

LONGEST_START = 8.0
"""Latest moment of a kill during the start, in seconds."""

CHAIN = 10
"""Number of kills in the same folders."""

CHILD = Path(__file__).with_name("child.py")


@dataclass(frozen=True)
class Entry:
    """A moment of the session: when, the digest of its experiment, and the step of the newest snapshot."""

    time: float
    key: str
    step: int


@dataclass(frozen=True)
class Found:
    """What was found after a kill: the age of the work in seconds, 0 without any, and what is wrong."""

    number: int
    moment: float
    windows: int
    age: float
    problems: tuple[str, ...]


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a program with its own folders."""
    homes = {name: str(folder / name) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
    homes.pop("XDG_CACHE_HOME" if Random(str(folder)).random() < 0.8 else "none", None)  # else the engine is compiled
    path = str(CHILD.parents[2])
    return {**os.environ, **homes, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": path, "NN_KILLS": str(folder)}


def left_over(folder: Path) -> list[int]:
    """Return the processes that belong to the program of ``folder``."""
    mark, found = f"NN_KILLS={folder}\0".encode(), []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (entry / "environ").read_bytes() and (entry / "stat").read_text().split(") ")[1][0] != "Z":
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def entries(journal: Path) -> list[Entry]:
    """Return the moments in ``journal``, without a last line that was cut off."""
    if not journal.is_file():
        return []
    lines = journal.read_text(encoding="ascii").splitlines(keepends=True)
    parts = [line.split() for line in lines if line.endswith("\n")]
    return [Entry(float(when), key, int(step)) for when, key, step in parts]


def age(moments: list[Entry], stem: str, memory: Path, killed: float) -> tuple[float, list[str]]:
    """Return how old the stored work was at ``killed``, and what is wrong with it."""
    last = LastState(QSettings(str(memory / "none.ini"), QSettings.Format.IniFormat), memory, stem)
    restored = last.restore()
    if last.problems:
        return 0.0, list(last.problems)
    if not moments or killed - moments[0].time < MAX_AGE:
        return 0.0, []  # all work of this start is younger
    if restored is None:
        return killed - moments[0].time, ["nothing is restored"]
    key = hashlib.sha256(dump(restored[0]).encode()).hexdigest()[:16]
    same = [moment.time for moment in moments if moment.key == key]
    if not same:
        return killed - moments[0].time, ["the restored experiment is of an earlier start"]
    step = load_state(last.training).step
    earlier = [moment.time for moment in moments if moment.step <= step]
    oldest = max(killed - same[-1], killed - earlier[-1] if earlier else killed - moments[0].time)
    return oldest, [f"the work is {oldest:.1f} s old"] if oldest > MAX_AGE else []


def kill_once(folder: Path, number: int, seed: int) -> Found:
    """Start one or two windows in ``folder``, kill them at a random moment, and check what is left."""
    rng = Random(f"{seed}:{number}")
    starting, windows = rng.random() < 0.25, 2 if rng.random() < 0.25 else 1
    moment = rng.uniform(0.1, LONGEST_START) if starting else rng.uniform(0.1, LONGEST)
    memory = folder / "XDG_DATA_HOME" / "NN Playground" / "nn-playground"
    journals = [folder / f"{number}-{window}.journal" for window in range(windows)]
    running = []
    for window, journal in enumerate(journals):
        command = [sys.executable, str(CHILD), str(journal), f"{seed}:{number}:{window}"]
        running.append(
            subprocess.Popen(command, env=environment(folder), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        )
        if window + 1 < windows:
            time.sleep(4.0)  # the first window takes the first name
    while not (starting or all(map(Path.exists, journals)) or any(each.poll() is not None for each in running)):
        time.sleep(0.05)
    time.sleep(moment)
    problems, ages = [], [0.0]
    times = []
    for window, process in enumerate(running):
        if process.poll() is not None:
            problems.append(f"window {window} ended by itself with status {process.returncode}")
        times.append(time.monotonic())
        process.kill()
    for process in running:
        _, errors = process.communicate()
        if b"Traceback" in errors:
            problems.append(f"stderr: {errors.decode(errors='replace')[-600:]}")
    ends = time.monotonic() + 6.0
    while (left := left_over(folder)) and time.monotonic() < ends:
        time.sleep(0.1)
    if left:
        problems.append(f"processes are left: {left}")
    for window, journal in enumerate(journals):
        stem = "last" if window == 0 else f"last-{window + 1}"
        found, wrong = age(entries(journal), stem, memory, times[window])
        ages.append(found)
        problems += [f"window {window}: {each}" for each in wrong]
    return Found(number, moment, windows, max(ages), (*problems, *remains(memory)))


def remains(memory: Path) -> list[str]:
    """Return the files of interrupted writes that a start does not remove."""
    with tempfile.TemporaryDirectory() as copy:
        again = Path(copy) / "memory"
        if not memory.is_dir():
            return []
        shutil.copytree(memory, again, ignore=shutil.ignore_patterns("*.lock"))
        LastState.claim(QSettings(str(Path(copy) / "none.ini"), QSettings.Format.IniFormat), again).begin()
        return [f"left over: {path.name}" for path in again.rglob(".*") if path.is_file()]


def chain(first: int, count: int, seed: int) -> list[Found]:
    """Kill ``count`` times in the same folders, and print each result."""
    found = []
    with tempfile.TemporaryDirectory(prefix="nn-playground-kills-", ignore_cleanup_errors=True) as folder:
        for number in range(first, first + count):
            result = kill_once(Path(folder), number, seed)
            found.append(result)
            said = "; ".join(result.problems) or "ok"
            print(
                f"{number:3}: killed after {result.moment:4.1f} s, {result.windows} windows, age {result.age:4.1f} s: {said}",
                flush=True,
            )
    return found


def main() -> None:
    """Kill, and print a summary."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    with ThreadPoolExecutor(options.jobs) as pool:
        starts = range(0, options.kills, CHAIN)
        jobs = [pool.submit(chain, first, min(CHAIN, options.kills - first), options.seed) for first in starts]
        found = [each for job in jobs for each in job.result()]
    bad = [each for each in found if each.problems]
    print(f"{len(found)} kills, oldest work {max(each.age for each in found):.1f} s, {len(bad)} with problems")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
