"""Descriptions of what an edit changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from core.data.settings import TableSource
from core.experiment import DataSettings, Experiment, HiddenLayer
from core.experiment.changes import change_in_words, changed_settings, changes_between

DEFAULT = Experiment()


def training(**changes: object) -> Experiment:
    return replace(DEFAULT, training=replace(DEFAULT.training, **changes))


def data(**changes: object) -> Experiment:
    return replace(DEFAULT, data=replace(DEFAULT.data, **changes))


def hidden(*layers: HiddenLayer) -> Experiment:
    return replace(DEFAULT, network=replace(DEFAULT.network, hidden=layers))


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (DEFAULT, ""),
        (replace(DEFAULT, name="Another"), ""),
        (training(learning_rate=0.1), "learning rate α 0.03 → 0.1"),
        (training(l2=0.01), "L2 λ 0 → 0.01"),
        (training(clip_norm=1.0), "clip norm none → 1"),
        (training(shuffle=False), "shuffle off"),
        (training(seed=2), "training seed 1 → 2"),
        (training(optimizer="adam"), "optimizer SGD → Adam"),
        (training(optimizer="adam", learning_rate=0.01), "optimizer SGD → Adam (+ 1 more)"),
        (data(seed=7), "data seed 1 → 7"),
        (data(noise=0.2), "noise 0 → 0.2"),
        (data(dataset="spiral"), "dataset circle → spiral"),
        (data(dataset=TableSource(csv="folder/marks.csv", target="y")), "dataset circle → marks.csv"),
        (hidden(*DEFAULT.network.hidden, HiddenLayer()), "hidden layers 2 → 3"),
        (hidden(*(replace(layer, activation="relu") for layer in DEFAULT.network.hidden)), "activation tanh → ReLU"),
        (hidden(HiddenLayer(units=4), HiddenLayer(units=3)), "hidden 2: neurons 2 → 3"),
        (hidden(HiddenLayer(units=4), HiddenLayer(units=2, dropout=0.5)), "hidden 2: drop probability p 0 → 0.5"),
    ],
)
def test_one_change(new: Experiment, expected: str) -> None:
    assert change_in_words(DEFAULT, new) == expected


def test_added_and_removed_features_are_named() -> None:
    old, new = data(features=("x1", "x2")), data(features=("x1", "x1_squared"))
    assert changes_between(old, new) == ("features + x1_squared, − x2",)
    assert changes_between(old, data(features=("x2", "x1"))) == ("features in another order",)


@pytest.mark.parametrize("make", [training, data])
def test_the_reverse_change_is_described_in_reverse(make: Callable[..., Experiment]) -> None:
    new = make(seed=9)
    forth, back = change_in_words(DEFAULT, new), change_in_words(new, DEFAULT)
    name, values = forth.rsplit(" 1 → ", 1)
    assert back == f"{name} {values} → 1"


def test_every_setting_can_be_described() -> None:
    old = Experiment(data=DataSettings(samples=100))
    everything = replace(
        training(learning_rate=1.0, momentum=0.5, batch_size=3, l1=0.1, clip_norm=2.0, loss="huber"),
        data=DataSettings(dataset="xor", samples=7, noise=0.3, test_fraction=0.1, standardize=True, seed=5),
    )
    changes = changes_between(old, everything)
    assert len(changes) == 12
    assert all("→" in text or text.endswith((" on", " off", " changed")) for text in changes)
    assert changed_settings(old, everything) == changed_settings(everything, old)
