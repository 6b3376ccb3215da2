"""Data for the doctor card: the findings of an examination, for list, figure and table."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from core.analysis.diagnosis import Finding, examine
from core.engine.engine_choice import EngineChoice
from core.training.diagnosis_case import case_of
from core.training.many_runs.cure_trials import CureTrials
from core.training.snapshot import Snapshot
from playground.worker.background import Advance

NOTHING: Final = "Nothing stands out."
"""Text of the card if there are no findings."""

_TRIALS: Final = CureTrials()
"""Shared by the card and the button in the toolbar, so that each cure is tried once."""


class DoctorData(Struct, frozen=True):
    """The result of one examination.

    Attributes:
        findings: the findings, worst first.
    """

    findings: tuple[Finding, ...]

    @property
    def problems(self) -> int:
        """Number of findings that are problems."""
        return sum(finding.is_problem for finding in self.findings)


def doctor_data(snapshot: Snapshot, advance: Advance, engine: EngineChoice | None = None) -> DoctorData | None:
    """Examine ``snapshot`` and try the cures, which takes tenths of a second; return ``None`` if cancelled.

    Args:
        snapshot: the state of training.
        advance: called before each rule, and regularly during the trials.
        engine: the engine of the trials; by default the compiled one, if that is loaded.
    """
    findings = examine(case_of(snapshot), advance)
    tested = None if findings is None else _TRIALS.tested(snapshot, findings, advance, engine)
    return None if tested is None else DoctorData(tested)


def doctor_sentences(data: DoctorData) -> tuple[str, ...]:
    """Return sentences that summarize the findings, longest first."""
    if not data.findings:
        return ("no rule finds anything wrong", "no problem found")
    if not data.problems:
        return ("nothing is wrong",)
    count = data.problems
    first = next(finding for finding in data.findings if finding.is_problem)
    reasons = "1 reason" if count == 1 else f"{count} reasons"
    title = f"{first.title[:1].lower()}{first.title[1:]}"
    brief = title if count == 1 else f"{reasons}, first: {title}"
    return (f"{reasons} why it learns badly; start with: {title}", brief, f"{reasons} found", reasons)
