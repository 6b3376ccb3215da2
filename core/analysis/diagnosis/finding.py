"""What an examination finds: findings with their evidence and cure, and the rules that look for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from core.analysis.diagnosis.case import Case
from core.experiment import Experiment

Severity: TypeAlias = Literal["error", "warning", "note"]

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")
"""From worst to harmless: nothing can be learned; learning suffers; nothing is wrong."""

Change: TypeAlias = Callable[[Experiment], Experiment]


@dataclass(frozen=True, slots=True)
class Cure:
    """A change of the settings that removes the cause.

    Attributes:
        label: what it does, as the text of a button, such as ``Use He normal``.
        change: returns the changed Experiment; it may be applied to a newer one than was examined.
        rewinds: whether training must start again from new initial weights, because the present ones are beyond repair.
    """

    label: str
    change: Change = field(compare=False)
    rewinds: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason why the network does not learn, or learns badly.

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

    @property
    def is_illness(self) -> bool:
        """Whether something is wrong."""
        return self.severity != "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing to look for.

    Attributes:
        key: its name.
        explanation: one sentence on what it looks for.
        find: returns the finding, or ``None`` if there is nothing to report.
        needs_finite: whether it can only judge finite numbers.
    """

    key: str
    explanation: str
    find: Callable[[Case], Finding | None]
    needs_finite: bool = True
