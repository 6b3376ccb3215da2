"""Rules about the size of steps, beyond the experiments of ``test_rules``."""

from __future__ import annotations

import pytest
from msgspec.structs import replace as with_settings

from core.analysis.diagnosis.words import number
from core.experiment.presets import preset
from tests.core.analysis.diagnosis.support import Patient, findings, layers, network, relu, trained


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_row05_too_small_steps_on_the_whole_set_are_judged_by_25_of_them(optimizer: str) -> None:
    slow = network(*layers(2), batch_size=0, learning_rate=1e-7, optimizer=optimizer)
    (case,) = trained(slow, 20)
    assert case.steps_per_epoch == 1
    assert " in 25 steps; " in findings(case)["too_small"].evidence


def test_row05_steps_far_below_the_limit_are_too_small_although_the_loss_falls_a_little() -> None:
    slow = network(*layers(2, 8), data={"dataset": "sine"}, optimizer="momentum", momentum=0.9, learning_rate=1e-6)
    (case,) = trained(slow, 20)
    finding = findings(case)["too_small"]
    assert 0.001 < dict(finding.numbers)["decrease in an epoch"] < 0.01
    assert finding.cure is not None
    (after,) = trained(finding.cure.change(slow), 60)
    assert after.remaining < 0.6


def test_after_a_blow_up_the_cure_of_large_steps_fits_the_initial_weights() -> None:
    # Where the loss blew up, nearly all neurons are dead and the curvature allows α = 1; at the start it allows 0.04.
    experiment = network(*relu(4), data={"dataset": "sine"}, learning_rate=100.0)
    patient = Patient(experiment)
    case = patient.after(1)
    cure = findings(case)["too_large"].cure
    assert cure is not None
    assert cure.rewinds
    assert case.initial_eigenvalue is not None
    assert cure.change(experiment).training.learning_rate <= 1.0 / case.initial_eigenvalue
    patient.take(cure)
    after = patient.after(60)
    assert not any(each.is_problem for each in findings(after).values())
    assert after.remaining < 0.6


def test_a_rate_that_fits_the_new_weights_stays() -> None:
    (case,) = trained(preset("vanishing-gradient"), 20)
    cure = findings(case)["vanishing"].cure
    assert cure is not None
    assert cure.label == "Use ReLU with He normal"
    assert cure.change(case.experiment).training == case.experiment.training


def test_a_deep_relu_network_that_starts_in_a_steep_place_and_learns_is_not_blamed_for_its_steps() -> None:
    output = {"output_initializer": "he_normal", "seed": 6}
    experiment = network(*relu(10, 40), output=output, loss="binary_cross_entropy", learning_rate=0.03)
    start, soon, later = trained(experiment, 0, 1, 6)
    assert start.limit is not None
    assert soon.limit is not None
    assert 2.0 * start.limit < 0.03 < 0.5 * soon.limit, "one epoch leads to a flatter place"
    assert later.has_learned
    assert "too_large" not in findings(start)
    faster = with_settings(experiment.training, learning_rate=0.3)
    (fast,) = trained(with_settings(experiment, training=faster), 0)
    assert "too_large" in findings(fast)


def test_an_adaptive_optimizer_is_compared_with_its_usual_rate() -> None:
    experiment = network(*layers(2), optimizer="adam", learning_rate=1e-6)
    start, later = trained(experiment, 0, 3)
    assert "too_small" not in findings(start), "no update has been made"
    finding = findings(later)["too_small"]
    assert finding.cure is not None
    assert finding.cure.change(experiment).training.learning_rate == 0.001
    assert finding.view == "ranges", "which shows the relative update of each layer"
    largest = dict(finding.numbers)["largest relative update"]
    assert largest == max(later.update_ratios)
    assert f"‖ΔW‖/‖W‖ is at most {number(largest)} in each layer" in finding.evidence
