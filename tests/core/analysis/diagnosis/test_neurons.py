"""Rules about neurons that cannot learn, beyond the experiments of ``test_rules``."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis.diagnosis.words import number
from core.analysis.gradient_flow import (
    distinct_neurons,
)
from tests.core.analysis.diagnosis.support import Patient, findings, layers, network, relu, trained


def test_clones_with_different_outgoing_weights_are_not_reported() -> None:
    experiment = network(*layers(1, initializer="constant"))
    start, later = trained(experiment, 0, 1)
    assert "clones" not in findings(start)
    assert distinct_neurons(start.network, 0) == 1
    assert distinct_neurons(later.network, 0) == 4


def test_a_saturated_output_counts_where_the_loss_does_not_cancel_its_slope() -> None:
    (case,) = trained(network(*layers(1), learning_rate=100.0), 2)
    finding = findings(case)["saturated"]
    assert "output" in finding.evidence
    (alone,) = trained(network(learning_rate=100.0), 2)
    most = f"{100 * alone.saturated[0]:.0f}\u2009%"
    assert alone.initial_eigenvalue is not None
    limit = 2.0 / alone.initial_eigenvalue
    cause = f"α = 100 is {number(100.0 / limit)} × the limit {number(limit)} at the initial weights"
    expected = f"In the output, tanh is saturated for {most} of z, so hardly any gradient passes; {cause}."
    assert findings(alone)["saturated"].evidence == expected


def test_row11_saturation_names_an_unusual_rate_of_an_adaptive_optimizer() -> None:
    fast = network(*relu(2), data={"dataset": "moons", "standardize": True}, optimizer="rmsprop", learning_rate=1.0)
    start, later = trained(fast, 0, 10)
    assert "saturated" not in findings(start)
    assert findings(later)["saturated"].evidence.endswith("; α = 1 is 100 × what is usual for RMSProp.")
    wide = trained(network(*layers(2, 8, gain=30.0)), 0)[0]
    assert findings(wide)["saturated"].evidence.endswith("so hardly any gradient passes."), "no step has been made"


@pytest.mark.parametrize("seed", [1, 6, 8])
def test_row12_neurons_that_training_revives_are_not_reported_at_the_start(seed: int) -> None:
    deep = network(*relu(50, 16), optimizer="adam", learning_rate=0.001, output={"seed": seed})
    start, soon, later = trained(deep, 0, 1, 40)
    assert sum(float(each.mean()) >= 0.5 for each in start.dead[:-1]) > 10
    assert findings(start) == {}
    assert "dead" not in findings(soon)
    assert later.has_learned


def test_row12_a_layer_of_dead_neurons_is_reported_at_once_because_no_gradient_passes_it() -> None:
    (start,) = trained(network(*relu(50, 8), output={"seed": 2}, data={"dataset": "circle"}), 0)
    shifted = start.network.parameters.copy()
    shifted[start.layers[3].bias] = -1e3
    patient = Patient(start.experiment)
    patient.trainer.recall(shifted, shifted, np.ones(len(shifted), dtype=np.bool_))
    finding = findings(patient.after(0))["dead"]
    assert (finding.severity, finding.layer) == ("error", 3)
    assert "8 of 8 neurons of hidden 4 have φ′ = 0" in finding.evidence


def test_row12_neurons_that_the_penalty_has_killed_are_the_penaltys_fault() -> None:
    ill = network(
        *relu(2), l2=1.0, optimizer="adam", learning_rate=0.01, data={"dataset": "moons", "standardize": True}
    )
    (case,) = trained(ill, 20)
    assert any(each.mean() >= 0.5 for each in case.dead[:-1])
    assert set(findings(case)) == {"penalty"}


def test_row11_a_saturated_output_behind_weights_that_are_too_wide_is_cured_by_new_weights() -> None:
    wide = layers(10, 16, activation="relu", initializer="he_normal", gain=2.0)
    (case,) = trained(network(*wide, learning_rate=0.003), 2)
    found = findings(case)
    assert set(found) == {"saturated"}, "α is not too small: the loss is flat because the output is saturated"
    assert "In the output, tanh is saturated" in found["saturated"].evidence
    cure = found["saturated"].cure
    assert cure is not None
    assert cure.label.startswith("Use He normal")


def test_a_threshold_at_the_output_is_cured_as_well() -> None:
    experiment = network(*layers(1), output={"output_activation": "threshold"})
    (case,) = trained(experiment, 1)
    finding = findings(case)["threshold"]
    assert " in the output is 0, so W₁ and W₂ get no gradient." in finding.evidence
    assert finding.cure is not None
    (after,) = trained(finding.cure.change(experiment), 60)
    assert "threshold" not in findings(after)
    assert after.remaining < 1.0


@pytest.mark.parametrize(("dataset", "key"), [("moons", "vanishing"), ("spiral", "vanishing")])
def test_row07_the_cure_of_a_vanishing_gradient_lowers_a_rate_that_would_kill_its_neurons(
    dataset: str, key: str
) -> None:
    sigmoid = layers(6, 8, activation="sigmoid", initializer="xavier_normal")
    experiment = network(*sigmoid, data={"dataset": dataset}, learning_rate=1.0)
    patient = Patient(experiment)
    cure = findings(patient.after(8))[key].cure
    assert cure is not None
    cured = cure.change(experiment)
    assert cure.label == f"Use ReLU with He normal, α = {number(cured.training.learning_rate)}"
    assert cured.training.learning_rate < 0.2
    patient.take(cure)
    after = patient.after(100)
    assert not any(each.is_problem for each in findings(after).values())
    assert after.remaining < 1.0
