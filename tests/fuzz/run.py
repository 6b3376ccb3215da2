"""Fuzz the readers of experiments, links, states, tables and other files; ``make fuzz`` runs this.

Inputs are valid documents, mutated with knowledge of their structure. Reading one may only raise the documented error, and
takes bounded processor time and memory. Each input has a seed of its own, so that a failing one can be replayed alone.
Failing inputs are made smaller and printed once for each kind of failure.

Options: ``--inputs N`` in total, ``--seed N``, ``--only READER``, ``--jobs N`` processes, ``--replay READER:SEED:NUMBER``.
"""

from __future__ import annotations

import argparse
import faulthandler
import math
import multiprocessing
import os
import shutil
import sys
import time
import warnings
from collections import Counter
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from pathlib import Path

for _threads in ("OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from checks import FOLDER  # noqa: E402 - the project must be found, and one thread settled, before NumPy is loaded
from readers import READERS  # noqa: E402
from worker import Failure, Tally, failure, made, outcome, prepare, work  # noqa: E402

PROGRESS_SECONDS = 5.0
MAX_RESTARTS = 20
"""Maximum number of worker processes that may crash."""

Plan = list[tuple[str, int]]


class Job:
    """A worker process, which is started again behind an input that ended it."""

    def __init__(self, plan: Plan, seed: int, number: int, step: int) -> None:
        self._context = multiprocessing.get_context("fork")
        self._plan, self._seed, self._step = plan, seed, step
        array, size = self._context.RawArray, len(plan)
        self.tally = Tally(
            array("q", [0, number]),
            *(array(kind, length) for kind, length in (("q", size), ("q", size), ("d", size), ("d", 2 * size))),
            self._context.Value("d", 0.0),
        )
        self.finished = False
        self.process, self.found = self._start((0, number))

    def _start(self, start: tuple[int, int]) -> tuple[ForkProcess, Connection]:
        ours, theirs = self._context.Pipe(duplex=False)
        arguments = (self._plan, self._seed, start, self._step, self.tally, theirs)
        process = self._context.Process(target=work, args=arguments, daemon=True)
        process.start()
        theirs.close()
        return process, ours

    def failures(self) -> list[Failure | str]:
        """Return what was found since the last call; a kind that is known is only named."""
        found: list[Failure | str] = []
        try:
            while not self.finished and self.found.poll():
                message = self.found.recv()
                if message is None:
                    self.finished = True
                else:
                    found.append(message)
        except EOFError:
            found.append(self._crashed())
        return found

    def _crashed(self) -> Failure:
        """Start again after the input that ended the process."""
        self.process.join()
        index, number = self.tally.place
        name, count = self._plan[index]
        reason = f"the process ended with status {self.process.exitcode}"
        following = (index, number + self._step)
        if following[1] >= count:
            following = (index + 1, number % self._step)
        if following[0] < len(self._plan):
            self.process, self.found = self._start(following)
        else:
            self.finished = True
        return Failure(name, number, f"{name}: {reason}", "", reason)


class Report:
    """Prints the progress, each kind of failure once, and a table at the end."""

    def __init__(self, plan: Plan, seed: int, jobs: list[Job]) -> None:
        self._plan, self._seed, self._jobs = plan, seed, jobs
        self.kinds: Counter[str] = Counter()
        self._began = time.monotonic()
        self._total = sum(count for _, count in plan)

    def add(self, found: Failure | str) -> None:
        """Count a failure, and print the first of its kind."""
        kind = found if isinstance(found, str) else f"{found.reader}: {found.kind}"
        self.kinds[kind] += 1
        if self.kinds[kind] == 1 and isinstance(found, Failure):
            replay = f"--replay {found.reader}:{self._seed}:{found.number}"
            print(f"\nFAILURE {kind}\n{replay}\n{found.content}\n{found.trace}", flush=True)

    def _sum(self, counts: str, index: int) -> float:
        return float(sum(getattr(job.tally, counts)[index] for job in self._jobs))

    def progress(self) -> None:
        """Print one line."""
        read = sum(self._sum("read", index) for index in range(len(self._plan)))
        seconds = time.monotonic() - self._began
        rate = read / seconds
        left = (self._total - read) / rate if rate else math.inf
        now = ", ".join(dict.fromkeys(self._plan[job.tally.place[0]][0] for job in self._jobs))
        print(
            f"{seconds:5.0f} s  {read:9,.0f} of {self._total:,} ({read / self._total:.0%})  {rate:6,.0f} a second, "
            f"{left:.0f} s left  {self.peak():.0f} MB  {now}  {len(self.kinds)} kinds of failure",
            flush=True,
        )

    def peak(self) -> float:
        """Return the peak memory of a process in megabytes."""
        return max(job.tally.peak.value for job in self._jobs)

    def table(self) -> None:
        """Print the figures of each reader, and all kinds of failure."""
        print(f"\n{'reader':11} {'inputs':>9} {'accepted':>9} {'ms each':>8} {'slowest':>9}")
        total = 0
        for index, (name, _) in enumerate(self._plan):
            read = self._sum("read", index)
            total += int(read)
            slowest, number = max(
                (job.tally.slowest[2 * index], job.tally.slowest[2 * index + 1]) for job in self._jobs
            )
            each = 1e3 * self._sum("seconds", index) / max(read, 1.0)
            accepted = self._sum("accepted", index) / max(read, 1.0)
            print(
                f"{name:11} {read:9,.0f} {accepted:9.0%} {each:8.2f} {1e3 * slowest:6.0f} ms"
                f"  {name}:{self._seed}:{number:.0f}"
            )
        print(f"{self.peak():.0f} MB at most, {time.monotonic() - self._began:.0f} s")
        for kind, count in self.kinds.most_common():
            print(f"{count:7,} × {kind}")
        print(f"{total:,} inputs, {f'{len(self.kinds)} kinds of failure' if self.kinds else 'no failure'}", flush=True)


def fuzz(plan: Plan, seed: int, n_jobs: int) -> bool:
    """Test all inputs of ``plan``; return whether none failed."""
    jobs = [Job(plan, seed, number, n_jobs) for number in range(n_jobs)]
    report = Report(plan, seed, jobs)
    following, restarts = time.monotonic() + PROGRESS_SECONDS, 0
    while not all(job.finished for job in jobs) and restarts < MAX_RESTARTS:
        time.sleep(0.1)
        for job in jobs:
            for found in job.failures():
                report.add(found)
                restarts += isinstance(found, Failure) and found.trace.startswith("the process ended")
        if time.monotonic() >= following:
            report.progress()
            following += PROGRESS_SECONDS
    report.table()
    return not report.kinds


def replay(reader: str, seed: int, number: int) -> bool:
    """Read one input, and print it and what was wrong; return whether nothing was."""
    content = made(reader, seed, number)
    prepare()
    accepted, error = outcome(READERS[reader], content)
    print(repr(content)[:20_000])
    if error is None:
        print("accepted" if accepted else "refused with a clear error")
        return True
    found = failure(reader, number, content, error)
    print(f"{found.kind}\nsmallest: {found.content}\n{found.trace}")
    return False


def _place(text: str) -> tuple[str, int, int]:
    reader, seed, number = text.split(":")
    if reader not in READERS:
        raise ValueError(reader)
    return reader, int(seed), int(number)


def main() -> None:
    """Fuzz every reader, or replay one input."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=tuple(READERS))
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--replay", type=_place, metavar="READER:SEED:NUMBER")
    options = parser.parse_args()
    faulthandler.enable()
    warnings.simplefilter("error")
    FOLDER.mkdir(exist_ok=True)
    try:
        if options.replay is not None:
            passed = replay(*options.replay)
        else:
            plan = [
                (name, math.ceil(options.inputs * (1.0 if options.only else reader.share)))
                for name, reader in READERS.items()
                if options.only in (None, name)
            ]
            passed = fuzz(plan, options.seed, options.jobs)
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
