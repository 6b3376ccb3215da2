"""Names of Experiments by their differences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from core.data.settings import DrawnSource, TableSource
from core.experiment import DataSettings, Experiment, HiddenLayer, HyperParameters, NetworkSettings, TrainingSettings
from core.experiment.naming import distinguishing, short_name
from core.formulas.activations import ACTIVATIONS
from core.formulas.initializers import INITIALIZERS
from core.formulas.optimizers import OPTIMIZERS

DEFAULT = Experiment()


def layers(*units: int, **same: object) -> Experiment:
    hidden = tuple(HiddenLayer(units=each, **same) for each in units)  # type: ignore[arg-type]
    output = {"output_initializer": same["initializer"]} if "initializer" in same else {}
    return Experiment(network=NetworkSettings(hidden=hidden, **output))  # type: ignore[arg-type]


def training(**changes: object) -> Experiment:
    return replace(DEFAULT, training=replace(DEFAULT.training, **changes))


def data(**changes: object) -> Experiment:
    return replace(DEFAULT, data=replace(DEFAULT.data, **changes))


@pytest.mark.parametrize(
    ("this", "expected"),
    [
        (DEFAULT, ""),
        (replace(DEFAULT, name="Another"), ""),
        (layers(4, 2, activation="sigmoid"), "sigmoid"),
        (layers(4, 2, activation="relu", initializer="he_uniform"), "ReLU · He"),
        (layers(4, 2, activation="relu", initializer="he_normal"), "ReLU · He normal"),
        (layers(4, 2, initializer="xavier_normal"), "Xavier normal"),
        (layers(4, 2, gain=2.0), "weight scale 2"),
        (layers(4, 2, dropout=0.5), "drop probability 0.5"),
        (layers(4, 2, 2), "3 layers"),
        (layers(4), "1 layer · 4 neurons"),
        (layers(), "no hidden layer"),
        (layers(8, 2), "hidden 1: 8 neurons"),
        (layers(8, 8), "8 neurons"),
        (layers(4, 2, activation="leaky_relu", activation_alpha=0.2), "Leaky ReLU · α 0.2"),
        (training(learning_rate=0.1), "learning rate 0.1"),
        (training(optimizer="adam", learning_rate=0.01), "Adam · learning rate 0.01"),
        (training(batch_size=0), "batch size whole set"),
        (training(batch_size=1), "batch size 1"),
        (training(l2=0.01), "L2 0.01"),
        (training(shuffle=False), "no shuffle"),
        (training(clip_norm=1.0), "clip norm 1"),
        (training(loss="binary_cross_entropy"), "loss Binary cross-entropy"),
        (training(hyper_parameters=HyperParameters(rho=0.5)), "decay rate 0.5"),
        (training(seed=3), "batch seed 3"),
        (replace(DEFAULT, network=replace(DEFAULT.network, seed=2)), "weight seed 2"),
        (replace(DEFAULT, network=replace(DEFAULT.network, output_activation="sigmoid")), "output sigmoid"),
        (data(dataset="spiral", noise=0.2), "spiral · noise 0.2"),
        (data(dataset=TableSource(csv="folder/houses.csv", target="price")), "houses.csv"),
        (data(features=("x1", "x2", "x1_squared")), "+ x₁²"),
        (data(standardize=True), "standardize"),
        (
            training(optimizer="adam", learning_rate=0.01, batch_size=1, l2=0.1, l1=0.1),
            "Adam · learning rate 0.01 · batch size 1 · + 2 more",
        ),
    ],
)
def test_the_name_contains_the_differences(this: Experiment, expected: str) -> None:
    assert short_name(this, DEFAULT) == expected


def test_both_sides_of_a_difference_are_named() -> None:
    this, other = layers(4, 2, activation="relu"), layers(4, 2, activation="sigmoid")
    assert distinguishing(this, other) == ("ReLU",)
    assert distinguishing(other, this) == ("sigmoid",)
    assert distinguishing(DEFAULT, data(features=("x1", "x2", "x1_squared"))) == ("default features",)


def test_removed_features_are_named() -> None:
    assert distinguishing(data(features=("x1",)), data(features=("x1", "x2"))) == ("− x₂",)


@given(
    activation=st.sampled_from(list(ACTIVATIONS)),
    initializer=st.sampled_from(list(INITIALIZERS)),
    optimizer=st.sampled_from(list(OPTIMIZERS)),
    rate=st.sampled_from([0.01, 0.03, 0.1]),
)
def test_settings_are_equal_exactly_if_the_name_is_empty(
    activation: str, initializer: str, optimizer: str, rate: float
) -> None:
    hidden = (HiddenLayer(units=4, activation=activation, initializer=initializer), HiddenLayer(units=2))
    this = Experiment(
        data=DataSettings(),
        network=NetworkSettings(hidden=hidden),
        training=TrainingSettings(optimizer=optimizer, learning_rate=rate),
    )
    assert (short_name(this, DEFAULT) == "") == (this == DEFAULT)
    assert short_name(this, this) == ""


def test_drawn_points_are_named() -> None:
    drawn = data(dataset=DrawnSource(points=((0.0, 1.0, 1.0), (1.0, 0.0, 0.0))))
    assert short_name(drawn, DEFAULT) == "2 drawn points"
    assert short_name(DEFAULT, drawn) == "circle"
