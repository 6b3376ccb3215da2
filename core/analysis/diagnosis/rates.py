"""Lower the learning rate with a cure that restarts training at weights for which it is too large."""

from __future__ import annotations

from msgspec.structs import replace

from core.analysis.diagnosis.case import Case
from core.analysis.diagnosis.changes import with_rate
from core.analysis.diagnosis.finding import Cure, Finding
from core.analysis.diagnosis.overflow import BEYOND, SAFE
from core.analysis.diagnosis.words import number, one_digit
from core.analysis.step_limit import step_limit
from core.experiment import Experiment


def with_fitting_rate(finding: Finding, case: Case) -> Finding:
    """Return ``finding`` with a cure that also lowers α if that is beyond the limit at the weights to restart from.

    A rate that vanishing gradients tolerate kills most neurons of the ReLU layers that cure them.
    """
    cure = finding.cure
    if cure is None or not cure.rewinds:
        return finding
    limit = _limit_after(cure.change(case.experiment), case)
    if limit is None:
        return finding
    rate, change = one_digit(SAFE * limit), cure.change

    def slower(experiment: Experiment) -> Experiment:
        return with_rate(rate)(change(experiment))

    return replace(finding, cure=Cure(f"{cure.label}, α = {number(rate)}", slower, rewinds=True))


def _limit_after(cured: Experiment, case: Case) -> float | None:
    """Return the limit of α at the initial weights of ``cured`` if its rate is beyond; ``None`` if not, or unknown."""
    training = cured.training
    if cured.network == case.experiment.network or cured.data != case.experiment.data or training.clip_norm is not None:
        return None  # the rules in ``steps`` have examined these weights, or the limit is unknown
    eigenvalue = case.initial_eigenvalue_of(cured)
    limit = None if eigenvalue is None else step_limit(eigenvalue, training)
    return limit if limit is not None and 0.0 < BEYOND * limit < training.learning_rate else None
