"""Findings with their evidence and cure, and the rules that produce them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from core.analysis.diagnosis.case import Case
from core.experiment import Experiment

Severity: TypeAlias = Literal["error", "warning", "note"]

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")
"""From worst to best: the network cannot learn; it learns badly; nothing is wrong."""

Change: TypeAlias = Callable[[Experiment], Experiment]


@dataclass(frozen=True, slots=True)
class Cure:
    """A change of the settings that removes the cause.

    Attributes:
        label: text of its button, such as ``Use He normal``.
        change: returns the changed Experiment; it may be applied to a newer one than the one examined.
        rewinds: whether training must restart from initial weights, because the current ones cannot be repaired.
        outcome: what came of it in a trial, without a full stop; empty if it was not tried.
    """

    label: str
    change: Change = field(compare=False)
    rewinds: bool = False
    outcome: str = field(default="", compare=False)


class Finding(Struct, frozen=True):
    """One reason why the network does not learn or learns badly.

    Attributes:
        key: key of its rule.
        title: the reason in a few words.
        severity: how bad it is.
        evidence: one sentence with layers and numbers.
        view: key of the card that shows the evidence.
        numbers: the measured numbers by name, at full precision.
        layer: index of the layer to look at, or ``None``.
        feature: index of the feature to look at, or ``None``.
        cure: the change that removes the cause, or ``None``.
        awaits_trial: whether a trial that would confirm it is still to come.
    """

    key: str
    title: str
    severity: Severity
    evidence: str
    view: str
    numbers: tuple[tuple[str, float], ...] = ()
    layer: int | None = None
    feature: int | None = None
    cure: Cure | None = None
    awaits_trial: bool = False

    @property
    def is_problem(self) -> bool:
        """Whether something is wrong."""
        return self.severity != "note"


class Rule(Struct, frozen=True, kw_only=True):
    """One rule of the diagnosis.

    Attributes:
        key: identifier of the rule.
        name: what it looks for, in a word or two.
        explanation: one sentence on what the rule detects.
        find: returns the finding, or ``None`` for none.
        needs_finite: whether the rule applies to finite numbers only.
        judges_weights: whether it judges the current weights, which mean nothing once training has diverged.
    """

    key: str
    name: str
    explanation: str
    find: Callable[[Case], Finding | None]
    needs_finite: bool = True
    judges_weights: bool = False
