"""Predictions and losses of single samples: the mean is the shown loss, each is the network's own."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from core.data.sample import Sample
from core.experiment import DataSettings, Experiment, TrainingSettings
from core.training import sample_results
from core.training.sample_results import SampleResults
from core.training.snapshot import evaluate
from core.training.trainer import Trainer
from tests.core.support import DATASET_FOR, new_trainer


def trained(loss: str) -> Trainer:
    experiment = Experiment(
        data=DataSettings(dataset=DATASET_FOR[loss], noise=0.2), training=TrainingSettings(loss=loss)
    )
    trainer = new_trainer(experiment)
    trainer.run(20)
    return trainer


@pytest.mark.parametrize("block", [7, 1024])
@pytest.mark.parametrize("loss", list(DATASET_FOR))
def test_row04_the_mean_of_the_samples_losses_is_the_shown_loss(
    loss: str, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sample_results, "MAX_BLOCK", block)
    trainer = trained(loss)
    _, _, test_prediction, scores = evaluate(trainer.network, trainer.data, 0.0, trainer.evaluator)
    train, test = (SampleResults(trainer.network, trainer.data, test=each) for each in (False, True))
    assert float(np.mean(train.losses())) == pytest.approx(scores.train_loss, rel=1e-12)
    assert float(np.mean(test.losses())) == pytest.approx(scores.test_loss, rel=1e-12)
    np.testing.assert_allclose(test.predictions(), test_prediction, rtol=1e-12)
    assert [test.loss(row) for row in range(test.count)] == test.losses().tolist()
    assert np.array_equal(train.prediction(train.count - 1), train.predictions()[-1])


def test_a_sample_s_loss_is_the_formula() -> None:
    trainer = trained("squared_error")
    sample = Sample(3, is_test=True)
    X, Y = sample.rows(trainer.data)
    expected = 0.5 * float(((trainer.network.predict(X) - Y) ** 2).sum())
    assert SampleResults(trainer.network, trainer.data, test=True).loss(3) == pytest.approx(expected, rel=1e-12)


def test_an_empty_test_set_has_no_results() -> None:
    experiment = Experiment()
    trainer = new_trainer(replace(experiment, data=replace(experiment.data, test_fraction=0.0)))
    results = SampleResults(trainer.network, trainer.data, test=True)
    assert results.count == 0
    assert results.losses().shape == (0,)
    assert results.predictions().shape == (0, 1)
    assert not Sample(0, is_test=True).exists_in(trainer.data)


def test_a_sample_knows_its_row() -> None:
    data = new_trainer(Experiment()).data
    sample = Sample(5)
    assert sample.name == "sample 6"
    assert Sample(0, is_test=True).name == "test sample 1"
    assert np.array_equal(sample.rows(data)[0][0], data.x_train[5])
    assert np.array_equal(sample.position(data), data.positions_train[5])
    assert sample.label(data) == data.labels_train[5]
    assert sample.exists_in(data)
    assert not Sample(len(data.x_train)).exists_in(data)
    assert not Sample(-1).exists_in(data)


def test_a_very_large_network_computes_only_the_first_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = trained("squared_error")
    weights = int(trainer.architecture.is_weight.sum())
    monkeypatch.setattr(sample_results, "BLOCK_BUDGET", 10 * weights)
    monkeypatch.setattr(sample_results, "ALL_BUDGET", 40 * weights)
    results = SampleResults(trainer.network, trainer.data, test=False)
    losses = results.losses()
    assert results.evaluated == 40
    assert np.isfinite(losses[:40]).all()
    assert np.isnan(losses[40:]).all()
    # Single rows are computed as they are asked for.
    assert results.loss(200) == pytest.approx(
        float(np.mean((trainer.network.predict(trainer.data.x_train[200:201]) - trainer.data.y_train[200]) ** 2) / 2)
    )
