"""Rules about steps that are too large or too small."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from core.analysis.diagnosis.case import Case
from core.analysis.diagnosis.changes import MAX_RATE, with_rate
from core.analysis.diagnosis.finding import Cure, Finding
from core.analysis.diagnosis.neurons import saturated
from core.analysis.diagnosis.overflow import BEYOND, SAFE, slower_start
from core.analysis.diagnosis.starts import new_start, too_wide
from core.analysis.diagnosis.words import number, one_digit, share
from core.analysis.step_limit import momentum_of
from core.arrays import norm
from core.formulas.optimizers import OPTIMIZERS

TINY: Final = 0.01
"""Share of the limit, or of the usual learning rate, below which a step may be too small."""

SLOW: Final = 1e-3
"""Relative change of the loss or the weights per epoch below which steps are too small."""

FAR: Final = 1e-3
"""Share of the limit below which steps are far too small, and the loss may change by ``SLOW_IF_FAR`` per epoch."""

SLOW_IF_FAR: Final = 0.01

WORTHWHILE: Final = 0.02
"""Relative decrease of the loss per epoch, to first order, at the learning rate that a cure sets."""

FLATTENS: Final = 6.0
"""Multiple of the limit up to which the first steps of a network with hidden layers lead to a flat enough region.

From 2/λ to about 12/λ, ReLU networks are driven there within a few updates; Lewkowycz et al. (2020), The large learning rate
phase of deep learning: the catapult mechanism.
"""

MIN_SPAN: Final = 25
"""The changes per epoch are those in this many steps if an epoch has fewer, such as with the whole set as batch."""

QUARTER: Final = 0.25


def too_large(case: Case) -> Finding | None:
    """Detect a learning rate above the limit set by the curvature, if the loss does not fall; before training, far above."""
    settings = case.experiment.training
    if case.does_well or settings.clip_norm is not None or case.limit is None:
        return None
    times = settings.learning_rate / case.limit
    if not (FLATTENS if case.step == 0 and case.hidden else BEYOND) < times < math.inf:
        return None
    return Finding(
        key="too_large",
        title="Steps are too large",
        severity="warning",
        evidence=(
            f"α = {number(settings.learning_rate)} is {number(times)} × the limit {number(case.limit)} that the curvature "
            f"sets (λ_max = {number(case.eigenvalue or 0.0)}): steps along the sharpest direction overshoot and grow."
        ),
        view="sharpness",
        numbers=(
            ("learning rate", settings.learning_rate),
            ("limit", case.limit),
            ("largest eigenvalue", case.eigenvalue or 0.0),
        ),
        cure=_cure_of_overshooting(case, case.limit),
    )


def _cure_of_overshooting(case: Case, limit: float) -> Cure:
    wide = too_wide(case)
    if wide:
        return new_start(case, wide)
    if case.has_blown_up:
        return slower_start(case)  # the current limit is not that of the initial weights
    rate = one_digit(SAFE * limit)
    return Cure(f"Set α to {number(rate)}", with_rate(rate))


def too_small(case: Case) -> Finding | None:
    """Detect a learning rate at which an epoch changes almost nothing, although a larger one would."""
    if case.remaining <= 0.5 or not case.train_loss > 0.0 or saturated(case) is not None:
        return None  # where layers are saturated, the loss is flat at any rate
    rule = OPTIMIZERS[case.experiment.training.optimizer]
    return _too_small_adaptive(case, rule.usual_rate) if rule.stability is None else _too_small_descent(case)


def _too_small_descent(case: Case) -> Finding | None:
    settings, limit = case.experiment.training, case.limit
    if limit is None or settings.learning_rate >= TINY * limit:
        return None
    rate = one_digit(min(QUARTER * limit, MAX_RATE))
    # To first order, a step lowers the loss by α‖g‖², and momentum multiplies steps by 1 / (1 − μ).
    size = norm(case.gradients.flat)
    span = max(case.steps_per_epoch, MIN_SPAN)
    per_rate = span * size * size / case.train_loss
    now = per_rate * settings.learning_rate / (1.0 - momentum_of(settings))
    if now >= (SLOW_IF_FAR if settings.learning_rate < FAR * limit else SLOW) or per_rate * rate < WORTHWHILE:
        return None
    return Finding(
        key="too_small",
        title="Steps are too small",
        severity="warning",
        evidence=(
            f"α = {number(settings.learning_rate)} lowers the loss by about {_small_share(now)} {_span(case)}; "
            f"the curvature allows {number(limit / settings.learning_rate)} × as much (limit {number(limit)})."
        ),
        view="sharpness",
        numbers=(("learning rate", settings.learning_rate), ("limit", limit), (f"decrease {_span(case)}", now)),
        cure=Cure(f"Set α to {number(rate)}", with_rate(rate)),
    )


def _too_small_adaptive(case: Case, usual: float) -> Finding | None:
    settings = case.experiment.training
    ratios = case.update_ratios[np.isfinite(case.update_ratios)]
    step = float(ratios.max(initial=0.0))
    change = step * max(case.steps_per_epoch, MIN_SPAN)
    if case.step == 0 or settings.learning_rate >= TINY * usual or change >= SLOW:
        return None
    return Finding(
        key="too_small",
        title="Steps are too small",
        severity="warning",
        evidence=(
            f"With α = {number(settings.learning_rate)}, ‖ΔW‖/‖W‖ is at most {number(step)} in each layer, about "
            f"{_small_share(change)} {_span(case)}; α = {number(usual)} is usual for this optimizer."
        ),
        view="ranges",
        numbers=(
            ("learning rate", settings.learning_rate),
            ("largest relative update", step),
            (f"change of the weights {_span(case)}", change),
        ),
        cure=Cure(f"Set α to {number(usual)}", with_rate(usual)),
    )


def _span(case: Case) -> str:
    return "in an epoch" if case.steps_per_epoch >= MIN_SPAN else f"in {MIN_SPAN} steps"


def _small_share(value: float) -> str:
    return share(value) if value >= 0.01 else f"{number(100.0 * value)}\u2009%"
