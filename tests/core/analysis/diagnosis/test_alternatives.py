"""The alternative cures of a rule are valid, distinct, and named after what they change."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from core.analysis.diagnosis import Case, Cure, examine
from core.analysis.diagnosis.alternatives import DECAYS, alternatives, change_in_words
from core.experiment import Experiment
from core.experiment.experiment_file import checked
from tests.core.analysis.diagnosis.support import ILL, layers, network, relu, table_of_large_numbers, trained


def cures(experiment: Experiment, epochs: int, key: str) -> tuple[Case, list[Cure]]:
    (case,) = trained(experiment, epochs)
    finding = next(each for each in examine(case) or () if each.key == key)
    return case, list(alternatives(finding, case))


@pytest.mark.parametrize("key", [key for key in ILL if key != "learned"])
def test_each_cure_is_a_valid_change_that_rewinds(key: str) -> None:
    experiment, epochs = ILL[key]
    case, found = cures(experiment, epochs, key)
    assert found
    changed = [checked(cure.change(experiment)) for cure in found]
    assert len({*changed, experiment}) == len(changed) + 1
    assert all(cure.rewinds for cure in found)
    assert [cure.label for cure in found] == [change_in_words(case.experiment, each) for each in changed]
    assert len({cure.label for cure in found}) == len(found)


def test_the_least_intrusive_comes_first() -> None:
    sigmoid = network(*layers(6, 8, activation="sigmoid"), learning_rate=100.0)
    _, found = cures(sigmoid, 20, "saturated")
    changed = [cure.change(sigmoid) for cure in found]
    kept = [each.network == sigmoid.network for each in changed]
    assert kept == sorted(kept, reverse=True)
    optimizers = [each.training.optimizer for each in changed]
    assert optimizers == ["sgd"] * optimizers.count("sgd") + ["adam"] * optimizers.count("adam")
    assert found[0].label == "Rewind with α = 0.1"


def test_large_features_are_standardized_in_the_other_changes(tmp_path: Path) -> None:
    table = table_of_large_numbers(tmp_path)
    _, found = cures(table, 5, "vanishing")
    labels = [cure.label for cure in found]
    assert "Rewind with ReLU, He normal and standardized features" in labels
    assert all("standardized features" in each for each in labels if "tanh" in each or "Adam" in each)


def test_overfitting_is_met_with_stronger_decay_only() -> None:
    experiment, epochs = ILL["overfitting"]
    _, found = cures(experiment, epochs, "overfitting")
    assert [cure.change(experiment).training.l2 for cure in found] == [each for each in DECAYS if each != 0.01]


def test_a_cure_is_applied_to_the_latest_edit() -> None:
    experiment, epochs = ILL["vanishing"]
    _, found = cures(experiment, epochs, "vanishing")
    edited = replace(experiment, training=replace(experiment.training, batch_size=25))
    assert {cure.change(edited).training.batch_size for cure in found} == {25}


def test_the_button_names_every_kind_of_change() -> None:
    before = network(*relu(2), optimizer="momentum", l1=0.1, data={"standardize": False})
    after = network(
        *layers(2, 8, activation="tanh", initializer="xavier_normal"),
        output={"output_activation": "sigmoid", "output_initializer": "he_normal"},
        optimizer="adam",
        learning_rate=0.001,
        l2=0.03,
        clip_norm=1.0,
    )
    assert change_in_words(before, after) == (
        "Rewind with tanh, Sigmoid output, Xavier normal, He normal, standardized features, Adam, α = 0.001, L1 λ = 0, "
        "L2 λ = 0.03 and gradient norm ≤ 1"
    )
