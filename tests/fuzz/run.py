"""Fuzz the readers of experiments, links, training states, tables, lessons and answers; ``make fuzz`` runs this.

Hypothesis generates damaged inputs with knowledge of their structure. Reading one may only raise the documented error, and
must take bounded time and memory. Failing inputs are minimised and printed. Options: ``--inputs N`` in total, ``--seed N``,
``--only READER``.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(Path(tempfile.gettempdir()) / "nn-playground-hypothesis")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import hypothesis
from readers import FOLDER, READERS, Reader

MAX_SECONDS = 2.0
"""Maximum processor time for one input."""

MAX_MEGABYTES = 300.0
"""Maximum increase of the process's peak memory by one input."""

ROUND = 5000
"""Number of inputs per seed, after which progress is reported."""


class TooSlowError(Exception):
    """Reading took longer than :data:`MAX_SECONDS` of processor time."""


def _too_slow(_number: int, _frame: object) -> None:
    raise TooSlowError


def peak_megabytes() -> float:
    """Return the peak memory of this process."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def within_bounds(reader: Reader, content: object) -> None:
    """Read ``content``; fail if that takes too much time or memory."""
    before = peak_megabytes()
    signal.setitimer(signal.ITIMER_VIRTUAL, MAX_SECONDS)
    try:
        reader.read(content)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
    grown = peak_megabytes() - before
    assert grown < MAX_MEGABYTES, f"memory rose by {grown:.0f} MB"


class Fuzzer:
    """Counts inputs and collects one failure of each kind."""

    def __init__(self) -> None:
        self.read = 0
        self.found: dict[str, str] = {}

    def fuzz(self, name: str, count: int, seed: int) -> None:
        """Test the reader ``name`` with ``count`` inputs."""
        reader, done, began = READERS[name], 0, time.monotonic()
        while done < count:
            before = self.read
            self._round(name, reader, min(ROUND, count - done), seed)
            done += max(self.read - before, 1)
            seed += 1
        seconds = time.monotonic() - began
        print(
            f"{name}: {done:,} inputs, {seconds / done * 1e3:.2f} ms each, {peak_megabytes():.0f} MB at most",
            flush=True,
        )

    def _round(self, name: str, reader: Reader, count: int, seed: int) -> None:
        settings = hypothesis.settings(
            max_examples=count,
            database=None,
            deadline=None,
            suppress_health_check=list(hypothesis.HealthCheck),
            phases=(hypothesis.Phase.generate, hypothesis.Phase.shrink),
            report_multiple_bugs=False,
        )

        @hypothesis.seed(seed)
        @settings
        @hypothesis.given(reader.inputs)
        def check(content: object) -> None:
            self.read += 1
            within_bounds(reader, content)

        try:
            check()
        except Exception as error:  # noqa: BLE001 - any exception is a failure to report
            self._print_failure(name, seed, error)

    def _print_failure(self, name: str, seed: int, error: Exception) -> None:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/core/" in frame.filename]
        place = f"{Path(frames[-1].filename).name}:{frames[-1].name}" if frames else "outside"
        signature = f"{name}: {type(error).__name__} at {place}"
        if signature in self.found:
            return
        self.found[signature] = "".join(traceback.format_exception(error, limit=-8))
        print(f"\nFAILURE ({name}, seed {seed}): {signature}\n{self.found[signature]}", flush=True)


def main() -> None:
    """Fuzz every reader."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=tuple(READERS))
    options = parser.parse_args()
    faulthandler.enable()
    signal.signal(signal.SIGVTALRM, _too_slow)
    warnings.simplefilter("error")
    fuzzer = Fuzzer()
    FOLDER.mkdir(exist_ok=True)
    for name, reader in READERS.items():
        if options.only in (None, name):
            fuzzer.fuzz(name, round(options.inputs * (1.0 if options.only else reader.share)), options.seed)
    shutil.rmtree(FOLDER, ignore_errors=True)
    for signature in fuzzer.found:
        print(signature)
    print(
        f"{fuzzer.read:,} inputs; {len(fuzzer.found)} kinds of failure"
        if fuzzer.found
        else f"{fuzzer.read:,} inputs, no failure"
    )
    sys.exit(1 if fuzzer.found else 0)


if __name__ == "__main__":
    main()
