"""The rule about divergence, which reports what overflowed first, and where and when."""

from __future__ import annotations

from typing import Final

from core.analysis.diagnosis.case import Case
from core.analysis.diagnosis.changes import with_rate
from core.analysis.diagnosis.finding import Cure, Finding
from core.analysis.diagnosis.starts import new_start, relative_scale, too_wide
from core.analysis.diagnosis.words import count, layers_named, number, one_digit
from core.analysis.step_limit import step_limit
from core.formulas.optimizers import OPTIMIZERS

BEYOND: Final = 1.2
"""Multiple of the limit above which a step is too large; full-batch descent often hovers around the limit itself."""

SAFE: Final = 0.5
"""The learning rate that a cure sets, as a share of the limit."""

UNUSUAL: Final = 10.0
"""Multiple of an adaptive optimizer's usual learning rate that is named as a possible cause."""

LOWER: Final = 0.1
"""Factor by which a cure lowers a learning rate whose limit is not known."""


def diverged(case: Case) -> Finding | None:
    """Detect a step that would have produced a non-finite number."""
    overflow = case.overflow
    if overflow is None:
        return None
    settings = case.experiment.training
    indices = [index for index, layer in enumerate(case.layers) if layer.name == overflow.layer]
    return Finding(
        key="diverged",
        title="Training diverged",
        severity="error",
        evidence=(
            f"At step {count(overflow.step)}, {overflow.quantity} of {overflow.layer.lower()} overflowed first, "
            f"with learning rate α = {number(settings.learning_rate)}{width_in_words(case)}."
        ),
        view="loss",
        numbers=(("step", float(overflow.step)), ("learning rate", settings.learning_rate)),
        layer=indices[0] if indices else None,
        cure=_cure(case),
    )


def width_in_words(case: Case) -> str:
    """Return by how much the initial weights are too wide, as the end of a sentence; empty if they are not."""
    wide = too_wide(case)
    if not wide:
        return ""
    most = max(relative_scale(case.layers[index]) for index in wide)
    return f" and initial weights up to {number(most)} × as wide as suits the activation ({layers_named(case.layers, wide)})"


def _cure(case: Case) -> Cure:
    wide = too_wide(case)
    if wide:
        return new_start(case, wide)
    return slower_start(case)


def rate_in_words(case: Case) -> str:
    """Return how far α exceeds the limit at the initial weights, or an adaptive optimizer's usual rate; empty if it does not."""
    settings, limit = case.experiment.training, _initial_limit(case)
    optimizer, rate = OPTIMIZERS[settings.optimizer], settings.learning_rate
    if limit is not None and rate > BEYOND * limit:
        times = number(rate / limit)
        return f"α = {number(rate)} is {times} × the limit {number(limit)} at the initial weights"
    if optimizer.stability is None and rate >= UNUSUAL * optimizer.usual_rate:
        return f"α = {number(rate)} is {number(rate / optimizer.usual_rate)} × what is usual for {optimizer.label}"
    return ""


def starts_too_fast(case: Case) -> bool:
    """Return whether the learning rate exceeds the stability limit at the initial weights."""
    limit = _initial_limit(case)
    return limit is not None and case.experiment.training.learning_rate > BEYOND * limit


def slower_start(case: Case) -> Cure:
    """Return the cure that rewinds with a lower learning rate."""
    rate = one_digit(_stable_rate(case))
    return Cure(f"Rewind with α = {number(rate)}", with_rate(rate), rewinds=True)


def _stable_rate(case: Case) -> float:
    """Return a lower learning rate, one that is stable at the initial weights if possible."""
    settings = case.experiment.training
    lower = LOWER * settings.learning_rate
    limit = _initial_limit(case)
    return lower if limit is None else min(lower, SAFE * limit)


def _initial_limit(case: Case) -> float | None:
    """Return the largest stable learning rate at the initial weights; ``None`` if unknown."""
    eigenvalue = case.initial_eigenvalue
    limit = None if eigenvalue is None else step_limit(eigenvalue, case.experiment.training)
    return limit if limit is not None and limit > 0.0 else None
