"""The registry of rules, worst first, and the examination with all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np
from msgspec.structs import replace

from core.analysis.diagnosis import fit, flow, inputs, neurons, overflow, steps
from core.analysis.diagnosis.case import Case
from core.analysis.diagnosis.finding import SEVERITIES, Finding, Rule
from core.analysis.diagnosis.rates import with_fitting_rate

Advance: TypeAlias = Callable[[int, int], bool]
"""Called before each rule with (done, total); returns whether to continue."""


def _table(*rules: Rule) -> Mapping[str, Rule]:
    return MappingProxyType({rule.key: rule for rule in rules})


RULES: Final = _table(
    Rule(
        key="diverged",
        name="Overflow",
        explanation="Training stopped because a number overflowed.",
        find=overflow.diverged,
        needs_finite=False,
    ),
    Rule(
        key="clones",
        name="Cloned neurons",
        explanation="Neurons with equal weights and gradients never differ.",
        find=neurons.clones,
    ),
    Rule(
        key="saturated",
        name="Saturated layers",
        explanation="φ′ is nearly 0 for most inputs of a layer.",
        find=neurons.saturated,
        judges_weights=True,
    ),
    Rule(
        key="dead",
        name="Dead neurons",
        explanation="φ′ is 0 for every sample in many neurons of a layer.",
        find=neurons.dead,
        judges_weights=True,
    ),
    Rule(
        key="threshold",
        name="Threshold activation",
        explanation="A threshold activation blocks the gradient.",
        find=neurons.threshold,
    ),
    Rule(
        key="too_large",
        name="Steps too large",
        explanation="The learning rate exceeds the limit set by the curvature.",
        find=steps.too_large,
        judges_weights=True,
    ),
    Rule(
        key="too_small",
        name="Steps too small",
        explanation="An epoch changes almost nothing.",
        find=steps.too_small,
        judges_weights=True,
    ),
    Rule(
        key="vanishing",
        name="Vanishing gradient",
        explanation="The first layer gets hardly any gradient.",
        find=flow.vanishing,
        judges_weights=True,
    ),
    Rule(
        key="exploding",
        name="Exploding gradient",
        explanation="The first layer gets far more gradient than the last.",
        find=flow.exploding,
        judges_weights=True,
    ),
    Rule(
        key="unscaled",
        name="Features not scaled",
        explanation="Features are large or of very different spread.",
        find=inputs.unscaled,
    ),
    Rule(
        key="penalty",
        name="Dominating penalty",
        explanation="The penalty's gradient exceeds the data's.",
        find=fit.penalty_dominates,
    ),
    Rule(
        key="overfitting",
        name="Overfitting",
        explanation="The test loss rises while the training loss is low.",
        find=fit.overfits,
    ),
    Rule(
        key="learned",
        name="Nothing left to learn",
        explanation="The training loss is low and no longer falls.",
        find=fit.learned,
    ),
)
"""Every rule by key, worst first."""


def _always(_done: int, _total: int) -> bool:
    return True


def _with_effect(finding: Finding, case: Case) -> Finding:
    """Return ``finding`` without a cure that would change nothing, such as an activation that the layers have already."""
    cure = finding.cure
    return finding if cure is None or cure.change(case.experiment) != case.experiment else replace(finding, cure=None)


def examine(case: Case, advance: Advance = _always) -> tuple[Finding, ...] | None:
    """Return all findings, by severity and then in the order of the rules; ``None`` if cancelled.

    Args:
        case: the state of training.
        advance: called before each rule.
    """
    is_finite = case.is_finite
    found: list[Finding] = []
    for done, rule in enumerate(RULES.values()):
        if not advance(done, len(RULES)):
            return None
        if (rule.needs_finite and not is_finite) or (rule.judges_weights and case.overflow is not None):
            continue
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            finding = rule.find(case)
        if finding is not None:
            found.append(with_fitting_rate(_with_effect(finding, case), case))
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))
