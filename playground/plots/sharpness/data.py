"""Data for the sharpness card: the largest curvature of the loss along the training path, and the stability limit."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from core.analysis.sharpness import Hessian, sharpness
from core.analysis.step_limit import momentum_of
from core.arrays import Floats, Integers
from core.experiment import TrainingSettings
from core.formulas.optimizers import OPTIMIZERS
from core.network import Network
from core.training.array_digests import ArrayDigests
from core.training.observer import no_wait
from core.training.snapshot import Snapshot
from playground.plots.gradient.sentence import times_text
from playground.style.numbers import short
from playground.worker.background import Advance

MAX_POINTS: Final = 40
"""Number of points up to which the path is filled in; later points are added one by one."""

MAX_KNOWN: Final = 80
"""Maximum number of points; at this number every second one is dropped."""

PART_SECONDS: Final = 0.15
"""Approximate duration of the parts in which the curvature along the path is computed and shown, the newest point first."""

LIVE_PART_SECONDS: Final = 0.05
"""The same during training: products with the Hessian take the GIL for every layer, which the window needs as well."""

_DIGESTS: Final = ArrayDigests()

EDGE_OF_STABILITY: Final = (0.8, 1.2)
"""Range of λ_max over the limit that counts as the edge of stability."""


class Known(NamedTuple):
    """The curvature at one step, with a fingerprint of the parameters at which it was computed."""

    value: float
    fingerprint: bytes


class SharpnessData(Struct, frozen=True, eq=False):
    """The curvature over a run.

    Attributes:
        steps: step of each value, (n,), the current step last.
        values: λ_max at each step, (n,); NaN where the loss is not finite.
        rate: the learning rate α.
        is_own: whether the limit is that of the optimizer; else it is that of plain gradient descent.
        now: the current step, which may be later than the last value; −1 for that of the last value.
        missing: number of points of the path still to be computed.
        fingerprints: of the parameters at each step, (n,).
        factor: α·λ at the limit: 2 for plain descent, more with momentum.
        formula: the limit on α.
    """

    steps: Integers
    values: Floats
    rate: float
    is_own: bool
    now: int = -1
    missing: int = 0
    fingerprints: tuple[bytes, ...] = ()
    factor: float = 2.0
    formula: str = "2/λ"

    @property
    def known(self) -> dict[int, Known]:
        """The values by step."""
        found = zip(self.steps.tolist(), self.values.tolist(), self.fingerprints, strict=True)
        return {step: Known(value, fingerprint) for step, value, fingerprint in found}

    @property
    def end(self) -> int:
        """The step at which the axis ends."""
        return max(self.now, int(self.steps[-1]))

    def at(self, snapshot: Snapshot) -> SharpnessData:
        """Return the same values with the step and the learning rate of ``snapshot``."""
        settings = snapshot.experiment.training
        factor, formula, is_own = _limit_of(settings)
        return replace(
            self, now=snapshot.step, rate=settings.learning_rate, is_own=is_own, factor=factor, formula=formula
        )

    @property
    def limit(self) -> float:
        """The curvature above which descent diverges, 2/α without momentum."""
        return self.factor / self.rate

    @property
    def limit_formula(self) -> str:
        """The limit as a curvature: ``2/α``, with momentum ``2(1 + μ)/α``."""
        return self.formula.replace("λ", "α")

    @property
    def share(self) -> float:
        """Current λ_max as a multiple of the limit; above 1, descent diverges along the sharpest direction."""
        return float(self.values[-1]) / self.limit


def _limit_of(settings: TrainingSettings) -> tuple[float, str, bool]:
    """Return α·λ at the limit of the optimizer, or else of plain descent, its formula, and whether it is the optimizer's."""
    rule = OPTIMIZERS[settings.optimizer]
    if rule.stability is None:
        return 2.0, OPTIMIZERS["sgd"].stability_formula, False
    return rule.stability(momentum_of(settings)), rule.stability_formula, True


def sharpness_data(
    snapshot: Snapshot,
    known: Mapping[int, Known],
    advance: Advance,
    seconds: float = math.inf,
    between: Callable[[], None] = no_wait,
) -> SharpnessData | None:
    """Return the curvature now and at points of the path of ``snapshot``; ``None`` if cancelled.

    Args:
        snapshot: the state of training.
        known: previously computed curvatures by step.
        advance: called between points; returns ``False`` to cancel.
        seconds: time after which no further point of the path is begun.
        between: called between the parts of each point, so that more urgent work can run first.
    """
    path, training = snapshot.path, snapshot.experiment.training
    points = dict(zip(path.steps.tolist(), path.points, strict=True)) | {snapshot.step: snapshot.network.parameters}
    values = {step: value for step, value in known.items() if step <= snapshot.step}
    missing = _missing(path.steps.tolist(), values, snapshot.step)
    total, deadline = len(missing), time.perf_counter() + seconds
    for number, step in enumerate(missing):
        if number and time.perf_counter() > deadline:
            break
        if not advance(number, total):
            return None
        values[step] = Known(curvature_at(snapshot, points[step], between), _fingerprint(points[step]))
    steps = sorted(values)
    factor, formula, is_own = _limit_of(training)
    return SharpnessData(
        np.array(steps, dtype=np.int64),
        np.array([values[step].value for step in steps]),
        training.learning_rate,
        is_own,
        now=snapshot.step,
        missing=sum(step not in values for step in missing),
        fingerprints=tuple(values[step].fingerprint for step in steps),
        factor=factor,
        formula=formula,
    )


def fingerprints(snapshot: Snapshot) -> dict[int, bytes]:
    """Return a fingerprint of the parameters at each step of the path of ``snapshot``, and now."""
    path = snapshot.path
    found = {step: _fingerprint(each) for step, each in zip(path.steps.tolist(), path.points, strict=True)}
    return found | {snapshot.step: _fingerprint(snapshot.network.parameters)}


def _fingerprint(parameters: Floats) -> bytes:
    return _DIGESTS.of(parameters)


def thinned(values: Mapping[int, Known]) -> dict[int, Known]:
    """Return every second of too many ``values`` by step, with the first and the last."""
    steps = sorted(values)
    return {step: values[step] for step in steps if step in {*steps[::2], steps[-1]} or len(steps) <= MAX_KNOWN}


def _missing(path: Sequence[int], known: Collection[int], now: int) -> list[int]:
    """Return the steps at which the curvature is still to be computed, in order: now, then the middles of the largest gaps."""
    found = [] if now in known else [now]
    wanted = (
        {path[round(index)] for index in np.linspace(0, len(path) - 1, min(MAX_POINTS, len(path)))} if path else set()
    )
    open_steps, seen = wanted - {now, *known}, sorted({now, *known})
    while open_steps and len(seen) < MAX_POINTS:
        farthest = max(sorted(open_steps), key=lambda step: min(abs(step - each) for each in seen))
        found.append(farthest)
        open_steps.remove(farthest)
        seen.append(farthest)
    return found


def curvature_at(snapshot: Snapshot, parameters: Floats, between: Callable[[], None] = no_wait) -> float:
    """Return λ_max of the loss with L2 at ``parameters``, over the samples of the snapshot's trace."""
    count = len(snapshot.trace.inputs[0])
    X, Y = snapshot.data.x_train[:count], snapshot.data.y_train[:count]
    network = Network(snapshot.network.architecture, parameters)
    with np.errstate(over="ignore", invalid="ignore"):
        hessian = Hessian(network, X, Y, l2=snapshot.experiment.training.l2, between=between)
        return sharpness(hessian, rng=np.random.default_rng(1)).eigenvalue


def sharpness_sentences(data: SharpnessData) -> tuple[str, ...]:
    """Return sentences that compare the learning rate with the stability limit, longest first."""
    value = float(data.values[-1])
    if not math.isfinite(value):
        return ("the loss has no finite curvature here", "not finite")
    if value <= 0.0:
        return ("no direction of positive curvature, so no stability limit", "no stability limit")
    limit, rate = f"{data.formula} = {short(data.factor / value, 2)}", short(data.rate, 2)
    suffix, name = (
        ("", "the stability limit") if data.is_own else (" of plain gradient descent", "the limit of plain descent")
    )
    if EDGE_OF_STABILITY[0] <= data.share <= EDGE_OF_STABILITY[1]:
        text = f"at the edge of stability{suffix}: α = {rate}, {limit}"
        return (text, "at the edge of stability" if data.is_own else f"at {name}")
    if data.share > 1.0:
        text = f"α = {rate} is {times_text(data.share)} × the stability limit{suffix}, {limit}"
        return (text, f"{times_text(data.share)} × {name}")
    text = f"α = {rate} is {times_text(1.0 / data.share)} × smaller than the stability limit{suffix}, {limit}"
    return (text, f"{name.removeprefix('the ')} {limit}", limit)
