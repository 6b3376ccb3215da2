"""Rules about the fit: dominating penalties, overfitting, and a network that has already learned."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from core.analysis.diagnosis.case import LEARNED, Case
from core.analysis.diagnosis.changes import trained
from core.analysis.diagnosis.finding import Cure, Finding
from core.analysis.diagnosis.words import count, number, share
from core.arrays import Floats, norm
from core.formulas.initializers import INITIALIZERS
from core.formulas.optimizers import OPTIMIZERS
from core.formulas.penalties import PENALTIES

PULL: Final = 0.9
"""Ratio of the penalty's gradient to the data's from which the penalty dominates; it is 1 at a minimum."""

SETTLED: Final = 5
"""Number of epochs after which the gradients are compared."""

COLLAPSED: Final = 0.05
"""Norm of all weights, relative to its expected initial value, below which they have collapsed."""

RISE: Final = 1.2
"""The test loss rises if it is this many times its minimum …"""

GAP: Final = 2.0
"""… and the network overfits if it is also this many times the training loss."""

NOTABLE: Final = 0.05
"""Share of the baseline's loss below which a rise does not matter."""

UNCHANGED: Final = 5e-4
"""Relative change of the training loss over half of the steps that is none."""

GENTLE: Final = {"l1": 0.0001, "l2": 0.001}
"""Penalty strengths that a cure sets."""

DECAY: Final = 0.01
"""The L2 strength that a cure sets first; an existing one is multiplied by 3."""


def penalty_dominates(case: Case) -> Finding | None:
    """Detect a penalty whose gradient exceeds the data's, in a network that has not learned."""
    settings = case.experiment.training
    strengths = {key: strength for key in PENALTIES if (strength := float(getattr(settings, key))) > 0.0}
    if case.does_well or not strengths:
        return None
    pull, force = pull_of_penalty(case, strengths)
    # AdamW's decay is not part of the gradient, whose size its steps do not depend on: only its effect on the weights counts.
    is_compared = settings.l1 > 0.0 or not OPTIMIZERS[settings.optimizer].decoupled_decay
    # The comparison means little at the start, because the data's gradient grows once the network starts learning.
    has_settled = case.step >= SETTLED * case.steps_per_epoch
    size = _relative_size(case)
    if size < COLLAPSED:
        sign = f"the weights have shrunk to {_small(size)} of their initial size"
    elif is_compared and has_settled and pull >= PULL * force:
        sign = _comparison(pull, force)
    elif is_compared and case.penalty >= case.train_loss:
        sign = f"the penalty of {number(case.penalty)} exceeds the training loss"
    else:
        return None
    strongest = max(strengths, key=lambda key: strengths[key] / GENTLE[key])
    gentler = {key: min(strength, GENTLE[key]) for key, strength in strengths.items()}
    if all(gentler[key] == strength for key, strength in strengths.items()):
        gentler = dict.fromkeys(strengths, 0.0)
    label = f"{PENALTIES[strongest].label} λ"
    return Finding(
        key="penalty",
        title="The penalty dominates",
        severity="warning",
        evidence=(
            f"With {label} = {number(strengths[strongest])}, {sign}; the training loss is {share(case.remaining)} of a "
            "constant prediction's."
        ),
        view="loss",
        numbers=(
            ("penalty", case.penalty),
            ("norm of its gradient", pull),
            ("norm of the data's gradient", force),
            ("size of the weights over the initial one", size),
        ),
        cure=Cure(f"Set {label} to {number(gentler[strongest])}", trained(**gentler), rewinds=True),
    )


def _relative_size(case: Case) -> float:
    """Return the norm of all weights as a share of its expectation at the start; infinite if that is 0."""
    layers = case.layers
    expected = sum(
        INITIALIZERS[each.initializer].variance(each.fan_in, each.fan_out, each.gain) * each.fan_in * each.fan_out
        for each in layers
    )
    size = norm(case.network.parameters[case.network.architecture.is_weight])
    return size / math.sqrt(expected) if expected > 0.0 else math.inf


def pull_of_penalty(case: Case, strengths: dict[str, float]) -> tuple[float, float]:
    """Return the norms of the penalties' gradient and of the data's gradient, over all weights."""
    is_weight = case.network.architecture.is_weight
    W, g = case.network.parameters[is_weight], case.gradients.flat[is_weight]
    pull: Floats = np.zeros_like(W)
    for key, strength in strengths.items():
        pull = pull + PENALTIES[key].derivative(W, strength)
    if not W.any():
        return norm(g), norm(g)  # L1 has set every weight to 0, where its subgradient balances the data's gradient
    return norm(pull), norm(g)


def overfits(case: Case) -> Finding | None:
    """Detect a test loss that rises while the training loss is far below it."""
    known = np.isfinite(case.test)
    if not np.isfinite(case.test_loss) or not known.any():
        return None
    at = int(np.argmin(np.where(known, case.test, np.inf)))
    lowest = float(case.test[at])
    rise = case.test_loss - lowest
    if case.test_loss < RISE * lowest or case.test_loss < GAP * case.train_loss:
        return None
    if rise <= NOTABLE * case.baseline or case.baseline == 0.0:  # a loss of 0 rises by nothing
        return None
    if case.test_loss <= LEARNED * case.baseline:  # the test set is predicted as well as one that has been learned
        return None
    # If the training loss has risen, too, this is a spike and not overfitting.
    if case.steps[at] >= case.step or case.train_loss > case.train[at]:
        return None
    l2 = case.experiment.training.l2
    decay = min(3.0 * l2, 1.0) if l2 >= DECAY else DECAY
    return Finding(
        key="overfitting",
        title="The network overfits",
        severity="warning",
        evidence=(
            f"The test loss has risen from {number(lowest)} at step {count(int(case.steps[at]))} to {number(case.test_loss)}, "
            f"while the training loss is {number(case.train_loss)}."
        ),
        view="loss",
        numbers=(("test loss", case.test_loss), ("lowest test loss", lowest), ("training loss", case.train_loss)),
        cure=Cure(f"Set L2 λ to {number(decay)}", trained(l2=decay), rewinds=True),
    )


def learned(case: Case) -> Finding | None:
    """Detect a network that has nothing left to learn: a small training loss that no longer falls."""
    if not case.has_learned or case.is_falling or case.step < 2:
        return None
    return Finding(
        key="learned",
        title="It has learned already",
        severity="note",
        evidence=(
            f"The training loss is {number(case.train_loss)}, {share(case.remaining)} of a constant prediction's, and "
            f"{_recent_fall(case)}: there is little left to learn."
        ),
        view="loss",
        numbers=(("training loss", case.train_loss), ("share of the baseline", case.remaining)),
    )


def _recent_fall(case: Case) -> str:
    """Return what the training loss did in the last half of the steps."""
    before, now = case.loss_at_half, case.train_loss
    if before is None or not before > 0.0:
        return "no longer falls"
    change = now / before - 1.0
    if abs(change) < UNCHANGED:
        return "no longer changes"
    return f"{'fell' if change < 0.0 else 'rose'} by {number(100.0 * abs(change))}\u2009% in the last half of the steps"


def _small(value: float) -> str:
    return share(value) if value >= 0.01 else "less than 1\u2009%"


def _comparison(pull: float, force: float) -> str:
    if force == 0.0:
        return "the data's gradient is 0, so only the penalty moves the weights"
    return f"the penalty's gradient is {number(pull / force)} × the data's"
