"""A new optimizer with a new hyper-parameter is one registry entry, which settings, both engines and the panel use."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = '''
"""Registers Lion (Chen et al. 2023) with its own hyper-parameter before any other import uses the registry."""
import core.formulas.optimizers as optimizers
from core.registry import registry
import numpy as np


def lion(parameter, gradient, first_moment, second_state, _step, learning_rate, _decay, interpolation, beta_2):
    direction = np.sign(interpolation * first_moment + (1.0 - interpolation) * gradient)
    moment = beta_2 * first_moment + (1.0 - beta_2) * gradient
    return parameter - learning_rate * direction, moment, second_state


from core.formulas.hyper_parameters import HyperParameter

interpolation = HyperParameter(
    key="interpolation", label="Interpolation", explanation="Share of the mean in the sign.", default=0.9,
    stops=(0.0, 0.5, 0.9),
)
entry = optimizers.Optimizer(
    key="lion", label="Lion", formula="w", explanation="Steps by the sign of a mean.", state=("first_moment",),
    hyper_parameters=(interpolation, optimizers.HYPER_PARAMETERS["beta_2"]), decoupled_decay=False, update=lion,
)
optimizers.OPTIMIZERS = registry(*optimizers.OPTIMIZERS.values(), entry)
optimizers.HYPER_PARAMETERS = {**optimizers.HYPER_PARAMETERS, "interpolation": interpolation}

from core.experiment.experiment_file import dump, parse
from core.training.training_run import new_trainer

experiment = parse('{"training": {"optimizer": "lion", "hyper_parameters": {"interpolation": 0.5}}}')
assert parse(dump(experiment)) == experiment
assert experiment.training.optimizer_arguments() == (0.5, 0.999)
compiled, plain = new_trainer(experiment, engine="compiled"), new_trainer(experiment, engine="numpy")
start = plain.parameters
assert compiled.run(100) is None and plain.run(100) is None
np.testing.assert_allclose(compiled.parameters, plain.parameters, rtol=1e-9)
moved = np.abs(plain.parameters - start).max()
assert 0.03 < moved <= 100 * 0.03 + 1e-9, moved

from playground.startup import prepare_environment
prepare_environment()
from playground.app import make_application
application = make_application([])
from PySide6.QtWidgets import QComboBox, QSlider
from playground.panels.training.training_panel import TrainingPanel
from playground.session import Session
from playground.style.theme import LIGHT, Style

panel = TrainingPanel(Session(experiment), Style(LIGHT))
panel.complete()
assert panel.findChild(QComboBox, "optimizerCombo").currentText() == "Lion"
assert panel.findChild(QSlider, "interpolationSlider").value() == 1
print("added")
'''


@pytest.mark.timeout(600)  # it may have to compile the engine
def test_an_optimizer_with_a_new_hyper_parameter_is_one_entry(tmp_path: Path) -> None:
    pytest.importorskip("numba")
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[4])}
    finished = subprocess.run(
        [sys.executable, str(program)], env=environment, capture_output=True, text=True, check=False
    )
    assert finished.stdout.strip() == "added", finished.stderr
