"""Rules about the fit, beyond the experiments of ``test_rules``."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from core.analysis.diagnosis import Case
from core.analysis.diagnosis.fit import learned
from core.experiment.presets import preset
from tests.core.analysis.diagnosis.support import trained


def with_half(case: Case, factor: float) -> Case:
    """Return ``case`` with this multiple of its loss at half of the steps."""
    train = case.train.copy()
    train[:] = case.train_loss * factor
    return replace(case, train=train)


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (1.02, ", and fell by 2\u2009% in the last half of the steps: "),
        (0.8, ", and rose by 25\u2009% in the last half of the steps: "),
        (1.0001, ", and no longer changes: "),
    ],
)
def test_row04_a_slowly_falling_loss_is_not_reported_as_flat(factor: float, words: str) -> None:
    (case,) = trained(preset("plane"), 60)
    finding = learned(with_half(case, factor))
    assert finding is not None
    assert words in finding.evidence


def test_row04_a_loss_that_falls_is_not_learned_already() -> None:
    (case,) = trained(preset("plane"), 60)
    assert learned(with_half(case, 1.5)) is None
