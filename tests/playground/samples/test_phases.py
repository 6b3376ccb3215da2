"""While the phases of a step are shown, the data table notes that its numbers are without that step's dropout."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from core.experiment.presets import preset
from core.training.phases import PhaseStep, phase_step
from playground.samples import SamplesCard
from playground.samples.card import WITHOUT
from playground.session import Session
from tests.core.support import new_trainer


@pytest.mark.parametrize("rate", [0.0, 0.5])
def test_row09_the_table_says_that_its_losses_are_without_dropout(
    card: SamplesCard, session: Session, rate: float
) -> None:
    experiment = preset("student-day")
    network = replace(
        experiment.network, hidden=tuple(replace(each, dropout=rate) for each in experiment.network.hidden)
    )
    step = phase_step(new_trainer(replace(experiment, network=network), engine="numpy"), "sample")
    assert isinstance(step, PhaseStep)
    session.take_phases(0, step)
    assert card._sentence.text().endswith(f"; {WITHOUT}") is (rate > 0.0)
    session.leave_phases()
    assert not card._sentence.text().endswith(WITHOUT)
