"""Walk through the lessons in the real window, with mouse and keyboard: ``make walk-lessons``.

Each lesson runs in a separate process on a virtual screen. Every step is done through the controls of the window, as its
text says, until its goal is ticked off. A lesson fails if a control that it needs is hidden, locked, covered or outside the
window, if a ring is drawn around nothing, or if a goal is not reached. A picture of the window is saved for each step, with
contact sheets for each lesson.

Options: ``--theme light|dark``, ``--size 1280x800``, ``--lesson 07`` (repeatable), ``--seed N`` for the answers that are given,
``--jobs N`` at the same time, ``--out DIR``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from core.lessons.catalogue import lesson_files  # noqa: E402 - needs the path
from tests.walk_lessons.sheets import make_sheets  # noqa: E402

SECONDS = 900.0
"""Time after which a lesson is considered stuck."""


@dataclass
class Result:
    """What was found in one lesson."""

    lesson: str
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: int = 0


def walk(lesson: str, options: argparse.Namespace) -> Result:
    """Walk through ``lesson`` in another process."""
    folder = options.out / f"{options.theme}-{options.size}" / lesson
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.*"):
        old.unlink()
    command = [sys.executable, str(Path(__file__).with_name("child.py")), "--lesson", lesson]
    command += ["--theme", options.theme, "--size", options.size, "--seed", str(options.seed), "--out", str(folder)]
    with (folder / "output.txt").open("wb") as output:
        try:
            status = subprocess.run(command, stdout=output, stderr=output, timeout=SECONDS, check=False).returncode
        except subprocess.TimeoutExpired:
            status = None
    result = folder / "result.json"
    if result.is_file():
        found = Result(**json.loads(result.read_text(encoding="utf-8")))
    else:
        how = "was stuck" if status is None else f"ended with status {status}"
        found = Result(lesson, [f"{how}; see {folder / 'output.txt'}"])
    make_sheets(folder)
    return found


def main() -> int:
    """Walk through the chosen lessons; return 1 if one of them failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--lesson", action="append", default=[], help="beginning of a lesson's key; repeatable")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=max(1, (os.cpu_count() or 1) // 2))
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir()) / f"nn-playground-walk-{os.getuid()}")
    options = parser.parse_args()
    chosen = [key for key in lesson_files("en") if not options.lesson or key.startswith(tuple(options.lesson))]
    if not chosen:
        parser.error("no lesson begins so")
    failed = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        for found in pool.map(lambda key: walk(key, options), chosen):
            failed += bool(found.faults)
            print(f"{'FAILED' if found.faults else 'ok':<7} {found.lesson} ({found.seconds} s)", flush=True)
            for sentence in found.faults:
                print(f"        {sentence}", flush=True)
            for sentence in found.notes:
                print(f"        note: {sentence}", flush=True)
    print(f"{len(chosen) - failed} of {len(chosen)} lessons walked; pictures in {options.out}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
