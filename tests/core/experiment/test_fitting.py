"""Which losses and output activations fit which data, and how an Experiment adapts to another data set."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from core.data.datasets import DATASETS
from core.errors import ExperimentError
from core.experiment import AUTO, DataSettings, Experiment, NetworkSettings, TableSource, TrainingSettings
from core.experiment.fitting import fits, kind_of, loss_fits, output_fits, with_data
from core.experiment.resolution import resolve
from core.formulas.activations import OUTPUT_ACTIVATIONS
from core.formulas.losses import LOSSES

TABLE = TableSource(csv="a.csv", target="y")

every_dataset = pytest.mark.parametrize("dataset", DATASETS)


def test_a_table_has_no_kind_before_it_is_read() -> None:
    assert kind_of(TABLE) is None
    assert kind_of("iris") == ("classification", 3)
    assert kind_of("plane") == ("regression", 0)


@every_dataset
def test_what_fits_is_what_can_be_resolved(dataset: str) -> None:
    kind = kind_of(dataset)
    assert kind is not None
    for loss in (AUTO, *LOSSES):
        for output in (AUTO, *OUTPUT_ACTIVATIONS):
            experiment = Experiment(
                network=NetworkSettings(output_activation=output), training=TrainingSettings(loss=loss)
            )
            try:
                resolve(experiment, *kind)
                expected = True
            except ExperimentError:
                expected = False
            assert fits(experiment, kind) == expected
            assert loss_fits(replace(experiment, training=TrainingSettings()), loss, kind) == expected
            assert output_fits(replace(experiment, network=NetworkSettings()), output, kind) == expected


def test_only_auto_fits_an_unread_table() -> None:
    experiment = Experiment()
    assert loss_fits(experiment, AUTO, None)
    assert output_fits(experiment, AUTO, None)
    assert not any(loss_fits(experiment, loss, None) for loss in LOSSES)
    assert not any(output_fits(experiment, output, None) for output in OUTPUT_ACTIVATIONS)


@every_dataset
@pytest.mark.parametrize("loss", [AUTO, *LOSSES])
def test_an_experiment_on_other_data_always_fits_it(dataset: str, loss: str) -> None:
    start = Experiment(data=DataSettings(dataset=TABLE), training=TrainingSettings(loss=loss))
    changed = with_data(start, dataset)
    assert fits(changed, kind_of(dataset))
    assert changed.data.dataset == dataset
    assert changed.data.standardize is (True if DATASETS[dataset].standardize else None)
    assert (changed.training.loss == loss) == (loss == AUTO or loss_fits(start, loss, kind_of(dataset)))


def test_a_new_data_set_brings_its_settings() -> None:
    chosen = Experiment(
        data=DataSettings(features=("x1",)),
        network=NetworkSettings(output_activation="sigmoid"),
        training=TrainingSettings(loss="binary_cross_entropy"),
    )
    assert with_data(chosen, "xor").training.loss == "binary_cross_entropy"
    assert with_data(chosen, "xor").data.features is None
    sine = with_data(chosen, "sine")
    assert (sine.training.loss, sine.network.output_activation) == (AUTO, AUTO)
    iris = with_data(chosen, "iris")
    assert iris.data.standardize is True
    assert with_data(iris, "circle").data.standardize is None
    assert with_data(chosen, "circle") is chosen


def test_a_class_loss_is_reset_for_tables() -> None:
    chosen = Experiment(training=TrainingSettings(loss="cross_entropy"))
    assert with_data(chosen, TABLE).training.loss == AUTO
    same = replace(chosen, data=replace(chosen.data, dataset=TABLE))
    assert with_data(same, TABLE) is same
