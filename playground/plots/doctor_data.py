"""What the doctor card shows: the findings of an examination, in words for list, figure and table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.analysis.diagnosis import Finding, examine
from core.training.checkup import case_of
from core.training.snapshot import Snapshot
from playground.worker.background import Advance

NOTHING: Final = "Nothing stands out."
"""What the card says when no rule finds anything."""


@dataclass(frozen=True, slots=True)
class DoctorData:
    """The result of one examination.

    Attributes:
        findings: worst first.
        at_once: whether to show it as it is, because training is paused or the experiment was edited.
    """

    findings: tuple[Finding, ...]
    at_once: bool = True

    @property
    def illnesses(self) -> int:
        """Number of findings that are illnesses."""
        return sum(finding.is_illness for finding in self.findings)


def doctor_data(snapshot: Snapshot, advance: Advance, *, at_once: bool = True) -> DoctorData | None:
    """Examine ``snapshot``; return ``None`` if cancelled.

    Args:
        snapshot: the state of training.
        advance: called before each rule.
        at_once: whether the result is shown as it is.
    """
    findings = examine(case_of(snapshot), advance)
    return None if findings is None else DoctorData(findings, at_once)


def doctor_sentences(data: DoctorData) -> tuple[str, ...]:
    """Return a summary of the findings, longest form first."""
    if not data.findings:
        return ("no rule finds anything wrong", "all is well")
    if not data.illnesses:
        return ("nothing is wrong",)
    count = data.illnesses
    first = next(finding for finding in data.findings if finding.is_illness)
    reasons = "1 reason" if count == 1 else f"{count} reasons"
    return (f"{reasons} why it learns badly; start with: {first.title.lower()}", f"{reasons} found", reasons)
