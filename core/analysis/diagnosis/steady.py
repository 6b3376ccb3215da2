"""Prevent findings from flickering during training: they appear and disappear only if that persists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.analysis.diagnosis.finding import SEVERITIES, Finding
from core.analysis.diagnosis.rules import RULES

SIGHTINGS: Final = 2
"""Number of consecutive examinations with a finding before it is shown."""

MISSES: Final = 3
"""Number of consecutive examinations without a finding before it is hidden."""


class Steady:
    """Shows a finding once it has been found repeatedly, until it has been absent repeatedly."""

    def __init__(self) -> None:
        self._shown: dict[str, Finding] = {}
        self._sightings: dict[str, int] = {}
        self._misses: dict[str, int] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings shown, worst first."""
        order = list(RULES)
        rank = {finding: (SEVERITIES.index(finding.severity), order.index(key)) for key, finding in self._shown.items()}
        return tuple(sorted(rank, key=lambda finding: rank[finding]))

    def take(self, found: Sequence[Finding], *, at_once: bool) -> tuple[Finding, ...]:
        """Return the findings to show after an examination; with ``at_once`` (paused, or after an edit) exactly ``found``."""
        now = {finding.key: finding for finding in found}
        if at_once:
            self._shown, self._sightings, self._misses = now, dict.fromkeys(now, SIGHTINGS), {}
            return self.findings
        self._sightings = {key: self._sightings.get(key, 0) + 1 for key in now}
        self._misses = {key: self._misses.get(key, 0) + 1 for key in self._shown.keys() - now.keys()}
        kept = {key: finding for key, finding in self._shown.items() if self._misses.get(key, 0) < MISSES}
        lasting = {key: finding for key, finding in now.items() if key in kept or self._sightings[key] >= SIGHTINGS}
        self._shown = {**kept, **lasting}
        return self.findings
