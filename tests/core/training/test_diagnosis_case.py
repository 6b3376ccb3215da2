"""A snapshot as a case: the same numbers, and what diverged."""

from __future__ import annotations

from msgspec.structs import replace

from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.training.diagnosis_case import case_of
from core.training.observer import observe
from core.training.recorders.loss_curve import LossRecorder
from tests.core.support import new_trainer


def test_the_case_has_the_numbers_of_the_snapshot() -> None:
    trainer, recorder = new_trainer(replace(Experiment(), training=TrainingSettings(l2=0.01))), LossRecorder()
    for _ in range(3):
        snapshot = observe(trainer, recorder, axes=(0, 1))
        trainer.run(5)
    case = case_of(snapshot)
    assert (case.train_loss, case.test_loss) == (snapshot.scores.train_loss, snapshot.scores.test_loss)
    assert case.penalty == trainer.penalty() or case.penalty == snapshot.scores.penalty > 0.0
    assert case.steps.tolist() == [0.0, 5.0, 10.0]
    assert case.train[-1] == case.train_loss
    assert case.overflow is None
    assert case.targets.shape == snapshot.trace.prediction.shape


def test_the_case_knows_what_overflowed() -> None:
    hidden = (HiddenLayer(activation="leaky_relu", initializer="he_normal"),) * 2
    experiment = Experiment(
        data=DataSettings(dataset="sine"),
        network=NetworkSettings(hidden=hidden),
        training=TrainingSettings(learning_rate=5.0),
    )
    trainer = new_trainer(experiment)
    divergence = trainer.run(100)
    assert divergence is not None
    case = case_of(observe(trainer, LossRecorder(), axes=(0, 0), divergence=divergence))
    assert case.overflow is not None
    assert (case.overflow.step, case.overflow.layer) == (divergence.step, divergence.layer)
