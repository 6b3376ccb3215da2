"""Cures are tried before they are offered: one click cures."""

from __future__ import annotations

import dataclasses
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from core.analysis.diagnosis import Cure, Finding, examine
from core.analysis.diagnosis.changes import with_rate
from core.experiment import Experiment
from core.experiment.experiment_file import checked
from core.training.diagnosis_case import case_of
from core.training.many_runs import cure_trials
from core.training.many_runs.cure_trials import BEGINNING, UNCONFIRMED, UNTRIED, CureTrials, steps_of
from core.training.snapshot import Snapshot
from tests.core.analysis.diagnosis.support import Patient, findings, layers, network, relu, table_of_large_numbers
from tests.core.support import data_of

STEPS = 2500


def sigmoid(count: int, **training: Any) -> Experiment:
    return network(*layers(count, 8, activation="sigmoid", initializer="xavier_normal"), **training)


ONE_CLICK = {
    "six sigmoid layers, α = 100": (sigmoid(6, learning_rate=100.0), 20, "saturated"),
    "clones of sigmoid": (
        network(
            *layers(6, activation="sigmoid", initializer="constant"),
            output={"output_initializer": "constant"},
            data={"dataset": "sine"},
        ),
        40,
        "clones",
    ),
    "a divergence with momentum": (
        network(
            *layers(6, 8, activation="elu", initializer="he_normal"),
            data={"dataset": "sine", "standardize": True},
            optimizer="momentum",
            momentum=0.99,
            learning_rate=0.3,
        ),
        20,
        "diverged",
    ),
    "twenty sigmoid layers": (sigmoid(20, learning_rate=1.0), 20, "vanishing"),
    "five threshold layers": (network(*layers(5, 8, activation="threshold"), learning_rate=0.3), 20, "threshold"),
    "RMSProp, α = 1": (
        network(*relu(2), data={"dataset": "moons", "standardize": True}, optimizer="rmsprop", learning_rate=1.0),
        10,
        "saturated",
    ),
    "dead layers, Adam, α = 1": (network(*relu(3), optimizer="adam", learning_rate=1.0), 10, "dead"),
}
"""Experiments in which the cure of the rule alone leaves or causes a problem: with epochs and rule."""


def always(_done: int, _total: int) -> bool:
    return True


def ill(experiment: Experiment, epochs: int) -> tuple[Patient, Snapshot]:
    patient = Patient(experiment)
    patient.after(epochs)
    return patient, patient.snapshot()


def problems_after(patient: Patient, cure: Cure) -> tuple[set[str], float]:
    """Return the problems found after a click on ``cure`` and some training, and the share of the loss that is left."""
    patient.take(cure)
    case = patient.after(patient.trainer.epoch + STEPS // patient.trainer.steps_per_epoch)
    return {key for key, each in findings(case).items() if each.is_problem}, case.remaining


@pytest.mark.parametrize("name", ONE_CLICK)
def test_one_click_cures_where_the_change_of_the_rule_alone_does_not(name: str) -> None:
    experiment, epochs, key = ONE_CLICK[name]
    patient, snapshot = ill(experiment, epochs)
    found = examine(case_of(snapshot))
    assert found is not None
    own = next(each for each in found if each.key == key).cure
    assert own is not None
    tested = CureTrials().tested(snapshot, found, always)
    assert tested is not None
    cure = next(each for each in tested if each.key == key).cure
    assert cure is not None
    assert cure.label != own.label
    assert cure.rewinds
    assert "tried for " in cure.outcome
    checked(cure.change(experiment))
    problems, left = problems_after(patient, cure)
    assert (problems, left < 0.5) == (set(), True)
    again, _ = ill(experiment, epochs)
    problems, left = problems_after(again, own)
    assert problems or left > 0.5


def test_the_cure_of_the_rule_stays_if_it_works() -> None:
    _, snapshot = ill(sigmoid(10), 20)
    found = examine(case_of(snapshot))
    assert found is not None
    assert CureTrials().tested(snapshot, found, always) == found


def finding(cure: Cure | None) -> Finding:
    return Finding("clones", "Neurons are clones", "error", "They are equal.", "activation", cure=cure)


def test_where_nothing_helps_no_cure_is_offered_and_the_evidence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    clones = network(*layers(2, initializer="zeros"), output={"output_initializer": "zeros"})
    _, snapshot = ill(clones, 3)
    useless = [Cure("Set α to 0.1", with_rate(0.1)), Cure("Rewind with α = 0.2", with_rate(0.2), rewinds=True)]
    monkeypatch.setattr(cure_trials, "alternatives", lambda _finding, _case: iter(useless[1:]))
    tested = CureTrials().tested(snapshot, [finding(useless[0])], always)
    assert tested is not None
    assert tested[0].cure is None
    assert tested[0].evidence == "They are equal. None of the 2 changes tried cures it."
    (alone,) = CureTrials().tested(snapshot, [finding(None)], always) or ()
    assert alone.evidence == "They are equal. The change tried does not cure it."


def test_a_cure_may_leave_a_problem_that_is_known_already() -> None:
    both = network(*layers(2, initializer="constant"), output={"output_initializer": "constant"}, l2=0.3)
    _, snapshot = ill(both, 10)
    found = examine(case_of(snapshot))
    assert found is not None
    assert [each.key for each in found] == ["clones", "penalty"]
    tested = CureTrials().tested(snapshot, found, always)
    assert tested is not None
    assert [each.cure and each.cure.label for each in tested] == [
        "Use Xavier normal",
        "Rewind with Xavier normal and L2 λ = 0.001",
    ]
    assert found[0].cure == tested[0].cure, "it removes the clones, and the penalty has a row of its own"


WORRYING = {
    "vanishing": network(
        *layers(6, 16, activation="sigmoid", initializer="lecun_normal"),
        data={"dataset": "sine"},
        optimizer="rmsprop",
        learning_rate=0.0035,
    ),
    "saturated": network(
        *relu(12, 32), output={"seed": 13}, data={"dataset": "gauss", "standardize": True}, learning_rate=0.03
    ),
}
"""Networks that learn although a rule has a reason to warn at the start."""


@pytest.mark.parametrize("key", WORRYING)
def test_a_warning_at_the_start_of_a_training_that_will_succeed_is_left_out(key: str) -> None:
    patient, snapshot = ill(WORRYING[key], 0)
    found = examine(case_of(snapshot))
    assert found is not None
    assert [each.key for each in found] == [key]
    trials = CureTrials()
    assert trials.tested(snapshot, found, always) == ()
    serious = replace(found[0], severity="error")
    assert [each.key for each in trials.tested(snapshot, [serious], always) or ()] == [key]
    late = replace(snapshot, step=cure_trials.BEGINNING)
    assert [each.key for each in trials.tested(late, found, always) or ()] == [key]
    patient.trainer.run(4000)
    case = case_of(patient.snapshot())
    assert case.has_learned
    assert not any(each.is_problem for each in findings(case).values())


def test_the_cure_of_another_finding_comes_before_combined_changes(tmp_path: Path) -> None:
    _, snapshot = ill(table_of_large_numbers(tmp_path), 5)
    found = examine(case_of(snapshot))
    assert found is not None
    own = {each.key: each.cure and each.cure.label for each in found}
    assert own["vanishing"] == "Use ReLU with He normal", "which leaves the features as they are"
    tested = CureTrials().tested(snapshot, found, always)
    assert tested is not None
    assert {each.cure and each.cure.label for each in tested} == {"Standardize the features"}


def test_a_note_is_not_treated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cure_trials, "try_cure", None)
    _, snapshot = ill(network(*layers(2)), 1)
    note = Finding("learned", "It has learned already", "note", "Low.", "loss")
    assert CureTrials().tested(snapshot, [note], always) == (note,)


@pytest.mark.parametrize("seed", [2, 3])
def test_a_cure_of_overfitting_is_tried_beyond_the_step_at_which_the_network_has_learned(seed: int) -> None:
    data = {"dataset": "moons", "samples": 40, "noise": 0.5, "seed": seed}
    noisy = network(*relu(2, 32), data=data, optimizer="adam", learning_rate=0.01)
    patient, snapshot = ill(noisy, 150)
    found = examine(case_of(snapshot))
    assert found is not None
    (tested,) = CureTrials().tested(snapshot, found, always) or ()
    assert tested.cure is not None
    problems, left = problems_after(patient, tested.cure)
    assert (problems, left < 0.6) == (set(), True), tested.cure


def test_results_are_cached_while_the_data_are_unchanged(monkeypatch: pytest.MonkeyPatch) -> None:
    _, snapshot = ill(sigmoid(6, learning_rate=100.0), 20)
    found = examine(case_of(snapshot))
    assert found is not None
    trials = CureTrials()
    first = trials.tested(snapshot, found, always)
    calls: list[Experiment] = []
    real = cure_trials.try_cure

    def counted(cured: Experiment, *args: Any, **named: Any) -> Any:
        calls.append(cured)
        return real(cured, *args, **named)

    monkeypatch.setattr(cure_trials, "try_cure", counted)
    assert trials.tested(snapshot, found, always) == first
    assert not calls
    assert trials.tested(replace(snapshot, data=replace(snapshot.data)), found, always) == first
    assert calls


def test_data_that_are_closed_are_freed_with_their_results() -> None:
    patient, snapshot = ill(sigmoid(2, learning_rate=100.0), 5)
    snapshot = replace(snapshot, data=replace(snapshot.data))  # a copy that nothing else keeps
    found = examine(case_of(snapshot))
    assert found is not None
    trials = CureTrials()
    trials.tested(snapshot, found, always)
    assert len(results := trials._results_for(snapshot.data)) > 0
    data = weakref.ref(snapshot.data)
    del snapshot, found
    assert data() is None
    trials._results_for(patient.snapshot().data)
    assert not any(each is results for _, each in trials._kept)


def test_trials_can_be_cancelled() -> None:
    _, snapshot = ill(sigmoid(6, learning_rate=100.0), 20)
    found = examine(case_of(snapshot))
    assert found is not None
    assert CureTrials().tested(snapshot, found, lambda done, _total: done < 500) is None


def test_a_large_network_keeps_the_cure_of_the_rule() -> None:
    large = network(*layers(3, 1200, gain=40.0), data={"standardize": True, "samples": 500}, batch_size=0)
    patient = Patient(large)
    snapshot = patient.snapshot()
    assert steps_of(snapshot.network.architecture, 250, 0, 0) == 0
    cure = Cure("Rewind with α = 0.2", with_rate(0.2), rewinds=True)
    (kept,) = CureTrials().tested(snapshot, [finding(cure)], always) or ()
    assert kept == finding(cure)
    assert kept.cure is not None
    assert kept.cure.outcome == ""


@pytest.mark.parametrize("standardize", [True, False])
def test_a_trial_of_standardized_features_has_the_data_that_the_cure_prepares(
    tmp_path: Path, standardize: bool
) -> None:
    experiment = table_of_large_numbers(tmp_path)
    regression = replace(experiment.data.dataset, target="income")  # type: ignore[type-var]
    for data in (experiment.data, replace(experiment.data, dataset=regression)):
        before = replace(experiment, data=replace(data, standardize=False))
        snapshot = Patient(before).snapshot()
        after = replace(before, data=replace(before.data, standardize=standardize))
        expected, derived = data_of(after), cure_trials._data_after(after, snapshot)
        assert derived is not None
        for name in ("x_train", "y_train", "x_test", "y_test", "input_mean", "input_scale", "target_offset"):
            assert np.allclose(getattr(derived, name), getattr(expected, name), rtol=1e-10, atol=1e-10), name


@pytest.mark.parametrize("loaded", [False, True])
def test_a_trial_does_not_load_the_compiled_engine(monkeypatch: pytest.MonkeyPatch, loaded: bool) -> None:
    _, snapshot = ill(sigmoid(2), 1)
    monkeypatch.setattr("core.engine.compiled.kernel.is_loaded", lambda: loaded)
    engines: list[str] = []
    real = cure_trials.Trainer

    def noted(experiment: Experiment, data: Any, engine: Any) -> Any:
        engines.append(engine)
        return real(experiment, data, engine)

    monkeypatch.setattr(cure_trials, "Trainer", noted)
    cured = with_rate(1.0)(snapshot.experiment)
    trials = [cure_trials.try_cure(cured, snapshot, rewinds=rewinds, advance=always) for rewinds in (True, False)]
    assert all(trials)
    assert engines == ["auto" if loaded else "numpy"] * 2


@pytest.mark.parametrize("count", [20, 6])
def test_a_deep_network_and_one_that_trains_wait_for_the_compiled_engine(
    monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    _, snapshot = ill(sigmoid(count, learning_rate=1.0), 8)
    snapshot = replace(snapshot, playing=count < 20)
    found = examine(case_of(snapshot))
    assert found
    trials = CureTrials()
    monkeypatch.setattr("core.engine.compiled.kernel.is_loaded", lambda: False)
    early = trials.tested(snapshot, found, always)
    assert early is not None
    for finding, before in zip(early, found, strict=True):
        assert finding.awaits_trial == finding.is_problem
        assert finding.evidence == (f"{before.evidence} {UNTRIED}" if finding.is_problem else before.evidence)
    whole = trials.tested(snapshot, found, always, "auto")
    assert whole is not None
    assert not any(finding.awaits_trial for finding in whole), "a command line uses the compiled engine"
    monkeypatch.undo()
    later = trials.tested(snapshot, found, always)
    assert later == whole
    assert later[0].cure is not None
    assert later[0].cure.outcome


def test_early_warnings_that_no_trial_has_confirmed_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    _, snapshot = ill(sigmoid(20, learning_rate=1.0), 8)
    found = examine(case_of(snapshot))
    assert found
    assert found[0].severity == "warning"
    monkeypatch.setattr("core.engine.compiled.kernel.is_loaded", lambda: False)
    (first, *_) = CureTrials().tested(replace(snapshot, step=BEGINNING - 1), found, always) or ()
    assert first.awaits_trial
    assert first.cure == found[0].cure
    assert first.evidence == f"{found[0].evidence} {UNCONFIRMED}"


def test_a_trial_that_continues_starts_from_the_weights_of_the_moment() -> None:
    patient, snapshot = ill(network(*relu(3, 3), output={"seed": 4}, learning_rate=0.1), 10)
    leaky = next(each for each in examine(case_of(snapshot)) or () if each.key == "dead").cure
    assert leaky is not None
    assert not leaky.rewinds
    cured = leaky.change(snapshot.experiment)
    trial = cure_trials.try_cure(cured, snapshot, rewinds=False, advance=always)
    assert trial is not None
    patient.take(leaky)
    patient.trainer.run(trial.steps)
    assert case_of(patient.snapshot()).remaining == pytest.approx(trial.remaining, rel=1e-9)
    assert cure_trials.try_cure(cured, replace(snapshot, state=None), rewinds=False, advance=always) is None


def test_the_outcome_is_not_part_of_what_makes_cures_equal() -> None:
    cure = Cure("Use Leaky ReLU", with_rate(0.1))
    assert dataclasses.replace(cure, outcome="tried") == cure
