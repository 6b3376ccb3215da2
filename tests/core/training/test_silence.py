"""The doctor is silent about networks that learn, at every moment of their training."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from core.analysis.diagnosis import Finding, examine
from core.experiment import Experiment
from core.experiment.presets import preset
from core.training.diagnosis_case import case_of
from core.training.many_runs.cure_trials import CureTrials
from core.training.observer import observe
from core.training.recorders.loss_curve import LossRecorder, next_landmark
from tests.core.analysis.diagnosis.support import layers, network, relu
from tests.core.support import new_trainer

MOMENTS = (0, 10, 100, 1000, 3000)
SEEDS = (1, 2, 3)
PRESETS = (
    "chain-rule",
    "default",
    "digits",
    "gauss",
    "gauss-bumps",
    "iris",
    "moons",
    "plane",
    "sine",
    "spiral",
    "student-day",
    "xor",
)
OTHERS = {
    "a deep ReLU network": network(*relu(50, 16), optimizer="adam", learning_rate=0.001),
    "the full batch": network(*layers(2, 8), batch_size=0, learning_rate=0.5),
    "one sample at a time": network(*layers(2, 8), batch_size=1, learning_rate=0.03),
    "Nesterov": network(*relu(3, 16), optimizer="nesterov", momentum=0.9, learning_rate=0.01),
    "RMSProp, deep sigmoid": network(
        *layers(6, 16, activation="sigmoid", initializer="lecun_normal"),
        data={"dataset": "sine"},
        optimizer="rmsprop",
        learning_rate=0.0035,
    ),
    "a test loss that rises to a tenth of the baseline": network(
        *layers(4, 4, activation="prelu", initializer="orthogonal"),
        data={"dataset": "xor", "standardize": True, "samples": 200},
        optimizer="adam",
        learning_rate=0.006,
        batch_size=1,
    ),
}


def problems(experiment: Experiment, moments: tuple[int, ...]) -> list[tuple[int, Finding]]:
    """Return what the doctor finds at ``moments`` of the training, with the step."""
    trainer, recorder, trials = new_trainer(experiment, engine="auto"), LossRecorder(), CureTrials()
    found: list[tuple[int, Finding]] = []
    for moment in moments:
        while trainer.step < moment:
            observe(trainer, recorder, axes=None)
            assert trainer.run(min(next_landmark(trainer.step), moment) - trainer.step) is None
        snapshot = observe(trainer, recorder, axes=None)
        shown = trials.tested(snapshot, examine(case_of(snapshot)) or (), lambda _done, _total: True)
        assert shown is not None
        found += [(moment, each) for each in shown if each.is_problem]
    return found


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_preset_that_learns(name: str, seed: int) -> None:
    each = preset(name)
    seeded = replace(
        each,
        data=replace(each.data, seed=seed),
        network=replace(each.network, seed=seed),
        training=replace(each.training, seed=seed),
    )
    assert problems(seeded, MOMENTS) == []


@pytest.mark.parametrize("name", OTHERS)
def test_other_networks_that_learn(name: str) -> None:
    assert problems(OTHERS[name], MOMENTS) == []
