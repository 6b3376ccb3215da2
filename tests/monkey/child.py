"""Run one window in this process with random or recorded events, and stop at the first failure.

Each event is written to the journal before it is executed, so that it is known even if it kills the process.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
FAILED = 3


def main() -> None:
    """Play the events given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--events", type=int, default=1000)
    parser.add_argument("--mix", default="all")
    parser.add_argument("--replay", type=Path, help="a journal whose events to play instead")
    parser.add_argument("--journal", type=Path, required=True)
    parser.add_argument("--keep-going", action="store_true", help="go on after a failure, and ignore it from then on")
    parser.add_argument("--known", type=Path, help="signatures of failures to ignore, one per line")
    parser.add_argument("--renew", action="store_true", help="open another window from time to time")
    options = parser.parse_args()
    # Unbuffered, so that the content survives a crash.
    journal = os.open(options.journal, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    crash = options.journal.with_suffix(".crash").open("w", encoding="utf-8")
    faulthandler.enable(crash)
    _allow_core_dumps()
    # Inside the folder of the journal, because a process that fails does not clean up.
    with tempfile.TemporaryDirectory(dir=options.journal.parent, ignore_cleanup_errors=True) as folder:
        _isolate(Path(folder))
        from player import Player  # Qt reads the environment as it is imported

        def note(entry: dict[str, object]) -> None:
            os.write(journal, (json.dumps(entry) + "\n").encode())

        known = set(options.known.read_text(encoding="utf-8").splitlines()) if options.known else set()
        events: Iterator[list[object]] | None = None
        if options.replay is not None:
            lines = (json.loads(line) for line in options.replay.read_text(encoding="utf-8").splitlines())
            events = iter([line["event"] for line in lines if "event" in line])
        stacks = options.journal.with_suffix(".stacks")
        player = Player(Path(folder), note, stacks, known, keeps_going=options.keep_going, renews=options.renew)
        rng = random.Random(options.seed)
        status = player.play(events, rng, options.events, options.mix)
        note({"done": status})
        from playground.app import EXIT_SECONDS
        from playground.worker.background import wait_for_jobs

        if status or not wait_for_jobs(EXIT_SECONDS):
            # A failed process may not be able to exit normally.
            os._exit(FAILED if status else 0)
    sys.exit(0)


def _allow_core_dumps() -> None:
    if sys.platform != "win32":
        import resource

        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


def _isolate(folder: Path) -> None:
    """Configure Qt for offscreen drawing, and store all settings in ``folder``."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nn-playground" / "numba"
    os.environ.setdefault("NUMBA_CACHE_DIR", str(cache))
    same = {"y": 0, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    main = {"name": "main", "x": 0, "width": 1920, "height": 1080, **same}
    projector = {"name": "projector", "x": 1920, "width": 1280, "height": 720, **same}
    (folder / "screen.json").write_text(json.dumps({"screens": [main, projector]}), encoding="utf-8")
    os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={folder / 'screen.json'}")
    for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
        (folder / kind.lower()).mkdir()
        os.environ[f"XDG_{kind}_HOME"] = str(folder / kind.lower())
    (folder / "home").mkdir()
    os.environ["HOME"] = str(folder / "home")
    os.chdir(folder / "home")
    from playground.startup import hasten_start, prepare_environment

    prepare_environment()
    hasten_start()


if __name__ == "__main__":
    main()
