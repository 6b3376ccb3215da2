"""The one-line description of an experiment."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TableSource, TrainingSettings
from core.experiment.presets import preset, preset_names
from core.experiment.recipe import recipe
from core.experiment.resolution import Resolution, resolve
from core.network.architecture import architecture_for
from tests.core.support import data_of

BINARY = Resolution("tanh", "squared_error", "signed", 1)


def test_the_default_is_short() -> None:
    text = recipe(Experiment(), 2, BINARY, 500)
    assert text == "circle, 2-4-2-1 tanh, Xavier uniform, SGD α = 0.03, B = 10, epoch 500, seed 1"


def test_everything_that_differs_is_named() -> None:
    experiment = Experiment(
        data=DataSettings(dataset="xor", noise=0.2, seed=3),
        network=NetworkSettings(
            hidden=(
                HiddenLayer(units=8, activation="relu", initializer="he_normal", gain=2.0, dropout=0.5),
                HiddenLayer(units=3, activation="tanh", initializer="he_normal", gain=2.0),
            ),
            output_activation="sigmoid",
        ),
        training=TrainingSettings(optimizer="momentum", momentum=0.9, l1=0.001, l2=0.01, clip_norm=1.0, batch_size=0),
    )
    assert recipe(experiment, 2, Resolution("sigmoid", "squared_error", "binary", 1), 12.5) == (
        "exclusive or noise 0.2, 2-8-3-1 ReLU/tanh, He normal, weight scale 2, dropout p = 0.5, Sigmoid output, Squared error, "
        "Momentum α = 0.03, μ = 0.9, L1 0.001, L2 0.01, clip 1, full batch, epoch 12.50, "
        "seeds 3 (data), 1 (weights), 1 (batches)"
    )


def test_a_table_is_named_by_its_file() -> None:
    experiment = replace(Experiment(), data=DataSettings(dataset=TableSource(csv="/a/b/houses.csv", target="price")))
    assert recipe(experiment, 5, BINARY).startswith("houses.csv, 5-4-2-1 tanh, ")


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_has_a_recipe_in_one_line(name: str) -> None:
    experiment = preset(name)
    data = data_of(experiment)
    architecture = architecture_for(experiment, data)
    text = recipe(experiment, architecture.inputs, resolve(experiment, data.task, data.classes))
    assert "\n" not in text
    assert f"{architecture.inputs}-" in text
    assert f"-{architecture.outputs}" in text
