"""Compare the time of a training step with other engines, and measure its growth and memory; run by ``make bench``.

Options: ``--quick`` takes a fifth of the time; ``--only WORD`` selects the networks whose name contains WORD.
"""

from __future__ import annotations

import os

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import argparse  # noqa: E402 - one thread must be settled before NumPy is loaded
import resource  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
import warnings  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
from engines import (  # noqa: E402
    STEPS_AT_ONCE,
    AbsentError,
    CLoop,
    Run,
    compiled_engine,
    jax_scan,
    numpy_engine,
    scikit_learn,
    torch_compiled,
    torch_eager,
)
from networks import CASES, Case, Work  # noqa: E402

from core.engine.engine_choice import suits_compiled  # noqa: E402

Engine = Callable[[Work], Run]

ROUNDS = 5
"""Number of measurements per engine; the fastest counts, and the engines alternate, so that load affects all of them."""


def c_loop() -> Engine:
    try:
        return CLoop()
    except AbsentError as absent:
        reason = str(absent)

    def missing(work: Work) -> Run:
        raise AbsentError(reason)

    return missing


def microseconds(run: Run, seconds: float) -> float:
    """Return the time of a step in µs, measured over about ``seconds``."""
    steps = STEPS_AT_ONCE
    while True:
        started = time.perf_counter()
        run(steps)
        elapsed = time.perf_counter() - started
        if elapsed >= seconds / 2:
            return elapsed / steps * 1e6
        factor = min(max(2.0, seconds / max(elapsed, 1e-9)), 100.0)
        steps = int(steps * factor) // STEPS_AT_ONCE * STEPS_AT_ONCE


def measure(case: Case, engines: dict[str, Engine], seconds: float) -> dict[str, float | str]:
    """Return for each engine the time of a step in µs, or the reason why it is missing."""
    work = Work.of(case)
    runs: dict[str, Run] = {}
    results: dict[str, float | str] = {}
    for name, engine in engines.items():
        try:
            runs[name] = engine(work)
            runs[name](STEPS_AT_ONCE)
        except AbsentError as absent:
            results[name] = str(absent)
    for _ in range(ROUNDS):
        for name, run in runs.items():
            known = results.get(name, np.inf)
            assert not isinstance(known, str)
            results[name] = min(known, microseconds(run, seconds / ROUNDS))
    return results


def print_table(cases: list[Case], engines: dict[str, Engine], seconds: float) -> None:
    print(
        "Time of a training step in µs, and as a multiple of the C loop's. float64, one thread, SGD, tanh, ½(ŷ − y)²."
    )
    print(f"{'network':18}{'B':>4}  " + "".join(f"{name:>18}" for name in engines) + "   auto picks")
    absent: dict[str, str] = {}
    for case in cases:
        results = measure(case, engines, seconds)
        limit = results["C loop"]
        cells = []
        for name in engines:
            value = results[name]
            if isinstance(value, str):
                absent[name] = value
                cells.append("–")
            else:
                cells.append(f"{value:.2f}" + (f" {value / limit:6.2f}×" if isinstance(limit, float) else ""))
        picked = "compiled" if suits_compiled(Work.of(case).architecture) else "NumPy"
        print(
            f"{case.name:18}{case.batch:>4}  " + "".join(f"{cell:>18}" for cell in cells) + f"   {picked}", flush=True
        )
    for name, reason in absent.items():
        print(f"{name}: {reason}")


def print_growth(seconds: float) -> None:
    """Fit time ~ (parameters · batch)^k over networks with 16 to 256 neurons per layer."""
    print("\nGrowth of a step's time with parameters × batch (two hidden layers, batches of 10 and 32):")
    for name, engine in (("compiled", compiled_engine), ("NumPy", numpy_engine)):
        points = []
        for width in (16, 32, 64, 128, 256):
            for batch in (10, 32):
                work = Work.of(Case("", (width, width), batch))
                run = engine(work)
                run(STEPS_AT_ONCE)
                points.append((work.architecture.trainable_count * batch, microseconds(run, seconds / 5)))
        size, taken = np.log(np.array(points)).T
        slope, offset = np.polyfit(size, taken, 1)
        spread = np.std(taken - slope * size - offset)
        print(f"  {name:9} exponent {slope:.2f} (deviation from the line: a factor of {np.exp(spread):.2f})")


def print_memory(steps: int) -> None:
    """Print the resident memory of the process during training."""
    print(f"\nResident memory over {steps:,} compiled steps of 2-4-2-1, B 10, with shuffling and dropout:")
    from msgspec.structs import replace

    from core.experiment import HiddenLayer
    from core.training.trainer import Trainer

    work = Work.of(CASES[0])
    experiment = work.case.experiment
    hidden = (HiddenLayer(units=4, dropout=0.2), HiddenLayer(units=2))
    experiment = replace(
        experiment,
        network=replace(experiment.network, hidden=hidden),
        training=replace(experiment.training, shuffle=True),
    )
    trainer = Trainer(experiment, work.data, "compiled")
    for part in range(5):
        trainer.run(steps // 5)
        print(f"  after {(part + 1) * steps // 5:>9,} steps: {_resident():8.1f} MB", flush=True)


def _resident() -> float:
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize() / 2**20
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="take a fifth of the time")
    parser.add_argument("--only", default="", metavar="WORD", help="select the networks whose name contains WORD")
    parser.add_argument("--no-window", action="store_true", help="skip the measurements of the window")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    seconds = 0.3 if options.quick else 1.5
    engines: dict[str, Engine] = {
        "C loop": c_loop(),
        "compiled": compiled_engine,
        "NumPy": numpy_engine,
        "PyTorch": torch_eager,
        "torch.compile": torch_compiled,
        "scikit-learn": scikit_learn,
        "JAX jit+scan": jax_scan,
    }
    print_table([case for case in CASES if options.only in case.name], engines, seconds)
    print_growth(seconds)
    print_memory(200_000 if options.quick else 1_000_000)
    if not options.no_window:
        for name in ("window.py", "exports.py"):
            print(flush=True)
            subprocess.run([sys.executable, str(Path(__file__).with_name(name))], check=True)


if __name__ == "__main__":
    main()
