"""The bar's sentence is on the step that arrives, whatever data the views still show."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from core.experiment.presets import preset
from core.training.phases import PHASES, PhaseStep, phase_step
from core.training.training_run import new_trainer
from playground.network_view.phases.bar import PhaseBar
from playground.network_view.phases.words import PhaseWords
from playground.session import Session
from playground.style.theme import LIGHT, Style
from tests.playground.factory import snapshot_of


@pytest.mark.parametrize(("shown", "next_one"), [("circle", "iris"), ("iris", "circle"), ("chain-rule", "iris")])
def test_the_step_of_new_data_arrives_before_their_snapshot(qtbot: QtBot, shown: str, next_one: str) -> None:
    session = Session(preset(shown))
    session.snapshot = snapshot_of(preset(shown), steps=1)
    bar = PhaseBar(session, Style(LIGHT))
    qtbot.addWidget(bar)
    step = phase_step(new_trainer(preset(next_one), engine="numpy"), "sample")
    assert isinstance(step, PhaseStep)
    session.take_phases(0, step)
    for phase in PHASES[:-1]:
        session.show_phase(phase)
        assert bar.sentence == f"Step 1. {PhaseWords(step, None).sentence(phase)}"
