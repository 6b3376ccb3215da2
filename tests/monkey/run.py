"""Play random events to the window in separate processes, and print a minimal sequence for each failure.

Run by ``make monkey``. Options: ``--events N`` in total, ``--seed N`` of the first process, ``--mix export`` for the export
dialog, ``--replay FILE`` for a saved sequence. Sequences are saved in ``--out``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hangs import PAUSED_SUFFIX
from shrink import shortest
from stacks import place_of_crash

HERE = Path(__file__).resolve().parent
EVENTS_PER_PROCESS = 25_000
STUCK_SECONDS = 90.0
"""Time without output after which a process is considered stuck."""


TICK_SECONDS: Final = 0.05
MAX_TICK_SECONDS: Final = 1.0
"""Time for a tick after which the machine is considered to have paused."""


@dataclass
class Run:
    """The result of one process: its events, its failure if any, and its memory at each rest."""

    events: list[list[object]]
    failure: str | None
    details: str
    known: list[str]
    rests: list[dict[str, Any]]


def play(folder: Path, arguments: list[str], known: list[str], stuck: float = STUCK_SECONDS) -> Run:
    """Run one process and return its result."""
    journal, output = folder / "journal", folder / "output.txt"
    known_file = folder / "known"
    known_file.write_text("\n".join(known), encoding="utf-8")
    command = [
        sys.executable,
        str(HERE / "child.py"),
        "--journal",
        str(journal),
        "--known",
        str(known_file),
        *arguments,
    ]
    with output.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
        is_stuck = _wait(process, journal, stuck)
    return _read(folder, process.returncode, process.pid, is_stuck)


def _wait(process: subprocess.Popen[bytes], journal: Path, stuck: float) -> bool:
    """Wait for ``process`` to end; if it is stuck, kill it and return true. Tell it when the whole machine paused."""
    written, since = -1, time.monotonic()
    paused, ticked = 0.0, since
    while process.poll() is None:
        time.sleep(TICK_SECONDS)
        before, ticked = ticked, time.monotonic()
        if ticked - before > MAX_TICK_SECONDS:
            paused, since = paused + ticked - before, since + ticked - before
            replace_text(journal.with_suffix(PAUSED_SUFFIX), f"{paused:.3f}")
        size = journal.stat().st_size if journal.exists() else 0
        if size != written:
            written, since = size, time.monotonic()
        elif time.monotonic() - since > stuck:
            process.send_signal(signal.SIGABRT)  # makes faulthandler write the stacks of all threads
            process.wait()
            return True
    return False


def replace_text(path: Path, text: str) -> None:
    """Write ``text`` to ``path`` such that a reader sees all or nothing of it."""
    whole = path.with_name(f"{path.name}.new")
    whole.write_text(text, encoding="ascii")
    whole.replace(path)


def backtrace(pid: int) -> str:
    """Return the C backtrace of all threads from the core dump of ``pid``; empty if there is no dump or no gdb."""
    gdb = shutil.which("gdb")
    pattern = Path("/proc/sys/kernel/core_pattern")
    if gdb is None or not pattern.exists():
        return ""
    core = Path(pattern.read_text(encoding="utf-8").strip().replace("%p", str(pid)))
    if not core.is_absolute() or not core.is_file():
        return ""
    command = [gdb, "--batch", "-ex", "bt 60", "-ex", "thread apply all bt 20", sys.executable, str(core)]
    result = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=300, check=False)
    return f"\n{core}\n{result.stdout}"


def _read(folder: Path, status: int, pid: int, is_stuck: bool) -> Run:
    lines = [json.loads(line) for line in (folder / "journal").read_text(encoding="utf-8").splitlines()]
    events = [line["event"] for line in lines if "event" in line]
    failures = [line for line in lines if "failure" in line]
    known = [line["failure"] for line in failures if line["known"]]
    rests = [line for line in lines if "rest" in line]
    fresh = next((line for line in failures if not line["known"]), None)
    if fresh is not None:
        return Run(events, fresh["failure"], fresh["details"], known, rests)
    output = (folder / "output.txt").read_text(encoding="utf-8", errors="replace")
    if status == 0 and "done" in lines[-1]:
        return Run(events, None, output, known, rests)
    crash = (folder / "journal.crash").read_text(encoding="utf-8", errors="replace")
    if status < 0:
        crash += backtrace(pid)
    if is_stuck:
        return Run(events, f"stuck at {place_of_crash(crash)}", crash, known, rests)
    name = signal.Signals(-status).name if status < 0 else f"status {status}"
    return Run(events, f"{name} at {place_of_crash(crash)}", crash + output[-3000:], known, rests)


class Hunt:
    """Collects failures, and minimizes the sequence of each one once."""

    def __init__(self, out: Path, shrink_seconds: float) -> None:
        self.found: dict[str, int] = {}
        self._out = out
        self._shrink_seconds = shrink_seconds
        out.mkdir(parents=True, exist_ok=True)

    def play(self, events: int, seed: int, mix: str) -> None:
        """Play ``events`` random events with seeds ``seed``, ``seed`` + 1, …"""
        played, began = 0, time.monotonic()
        while played < events:
            with tempfile.TemporaryDirectory(prefix="nn-playground-monkey-") as folder:
                count = min(EVENTS_PER_PROCESS, events - played)
                random = ["--seed", str(seed), "--events", str(count), "--mix", mix]
                run = play(Path(folder), [*random, *_renewal(seed)], list(self.found))
            played += len(run.events)
            memory = " ".join(f"{rest['MB']}{'*' * rest['new']}" for rest in run.rests)
            slowest = max((rest["slowest"] for rest in run.rests), key=lambda each: each[0], default=(0.0, None))
            minutes = (time.monotonic() - began) / 60
            print(
                f"seed {seed}: {len(run.events)} events, {played} in all, {minutes:.0f} min; "
                f"MB at rest (* new window): {memory}; slowest response {slowest[0]:.2f} s during {slowest[1]}",
                flush=True,
            )
            for signature in run.known:
                self.found[signature] += 1
            if run.failure is not None:
                self._print_failure(run, seed)
            seed += 1

    def _print_failure(self, run: Run, seed: int) -> None:
        assert run.failure is not None
        self.found[run.failure] = self.found.get(run.failure, 0) + 1
        print(f"\nFAILURE (seed {seed}, event {len(run.events)}): {run.failure}\n{run.details}", flush=True)
        name = self._out / f"seed-{seed}.jsonl"
        _write(name, run.events)
        if self._shrink_seconds <= 0 or self.found[run.failure] > 1:
            return
        short = shortest(run.events, lambda part: self._fails_alike(part, run.failure, seed), self._shrink_seconds)
        if short is None:
            print(f"The failure could not be reproduced with the same events ({name}).", flush=True)
            return
        _write(name, short)
        print(f"The shortest sequence found ({len(short)} events, {name}):", flush=True)
        for event in short:
            print(f"  {json.dumps(event, ensure_ascii=False)}", flush=True)

    def _fails_alike(self, events: list[list[object]], failure: str | None, seed: int) -> bool:
        with tempfile.TemporaryDirectory(prefix="nn-playground-monkey-") as folder:
            replay = Path(folder) / "replay"
            _write(replay, events)
            others = [each for each in self.found if each != failure]
            arguments = ["--replay", str(replay), *_renewal(seed)]
            return play(Path(folder), arguments, others, stuck=30.0).failure == failure


def _renewal(seed: int) -> list[str]:
    """Return the option for opening other windows; every second process keeps one window throughout."""
    return ["--renew"] if seed % 2 else []


def _write(path: Path, events: list[list[object]]) -> None:
    path.write_text("".join(json.dumps({"event": event}) + "\n" for event in events), encoding="utf-8")


def replay(path: Path, out: Path) -> int:
    """Play the sequence in ``path`` and print the result."""
    with tempfile.TemporaryDirectory(prefix="nn-playground-monkey-") as folder:
        run = play(Path(folder), ["--replay", str(path)], [])
    print(f"{len(run.events)} events; {run.failure or 'no failure'}\n{run.details}")
    for rest in run.rests:
        print(rest)
    return 1 if run.failure else 0


def main() -> None:
    """Search for failures, or replay a sequence."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mix", choices=("all", "export"), default="all")
    parser.add_argument("--replay", type=Path)
    parser.add_argument("--out", type=Path, default=Path(tempfile.gettempdir()) / f"nn-playground-monkey-{os.getuid()}")
    parser.add_argument("--shrink-seconds", type=float, default=240.0)
    options = parser.parse_args()
    if options.replay is not None:
        sys.exit(replay(options.replay, options.out))
    hunt = Hunt(options.out, options.shrink_seconds)
    hunt.play(options.events, options.seed, options.mix)
    for signature, times in hunt.found.items():
        print(f"{times} ×  {signature}")
    print("no failure" if not hunt.found else f"{len(hunt.found)} kinds of failure")
    sys.exit(1 if hunt.found else 0)


if __name__ == "__main__":
    main()
