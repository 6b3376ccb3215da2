"""The presets: all can be trained, and those with a goal reach it in the median of five seeds."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from core.errors import PlaygroundError
from core.experiment import Experiment
from core.experiment.presets import is_preset, preset, preset_names
from core.training.training_run import TrainingRun, train
from tests.core.support import new_trainer

SEEDS = (1, 2, 3, 4, 5)


def with_seed(experiment: Experiment, seed: int, *, everything: bool) -> Experiment:
    """Return ``experiment`` with other initial weights; with ``everything`` also another split and other batches."""
    changed = replace(experiment, network=replace(experiment.network, seed=seed))
    if not everything:
        return changed
    return replace(changed, data=replace(changed.data, seed=seed), training=replace(changed.training, seed=seed))


def runs(name: str, epochs: int, *, everything: bool) -> list[TrainingRun]:
    seeded = [with_seed(preset(name), seed, everything=everything) for seed in SEEDS]
    return [train(new_trainer(each, engine="auto"), epochs=epochs) for each in seeded]


def test_preset_names() -> None:
    assert preset_names() == (
        "default", "chain-rule", "digits", "exploding-gradient", "gauss", "gauss-bumps", "iris", "moons", "plane", "sine",
        "spiral", "student-day", "vanishing-gradient", "xor",
    )  # fmt: skip


def test_the_default_preset_is_the_default_experiment() -> None:
    assert replace(preset("default"), name="Untitled") == Experiment()


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_has_a_name_and_trains(name: str) -> None:
    experiment = preset(name)
    assert experiment.name not in ("", "Untitled")
    run = train(new_trainer(experiment), epochs=2)
    if name != "exploding-gradient":
        assert run.divergence is None
        assert run.final_train_loss < run.train_losses[0]


def test_names_ignore_case_and_separators() -> None:
    assert preset("Student_Day") == preset("student-day")
    assert preset("circle") == preset("default")
    assert is_preset("gauss_bumps")
    assert not is_preset("../presets/default")


@pytest.mark.parametrize(
    ("name", "hint"), [("spirall", 'did you mean "spiral"?'), ("zzz", "there are default, chain-rule")]
)
def test_an_unknown_name_suggests_the_closest_or_lists_all(name: str, hint: str) -> None:
    with pytest.raises(PlaygroundError) as caught:
        preset(name)
    assert str(caught.value).startswith(f'no preset is called "{name}"; {hint}')


@pytest.mark.parametrize("everything", [False, True])
def test_the_spiral_preset_reaches_a_test_loss_below_a_twentieth_in_the_median_of_five_seeds(everything: bool) -> None:
    assert np.median([run.final_test_loss for run in runs("spiral", 100, everything=everything)]) < 0.05


@pytest.mark.parametrize("everything", [False, True])
def test_the_iris_preset_reaches_95_percent_test_accuracy_in_the_median_of_five_seeds(everything: bool) -> None:
    assert np.median([run.test_accuracy for run in runs("iris", 100, everything=everything)]) >= 0.95


@pytest.mark.parametrize("everything", [False, True])
def test_the_digits_preset_reaches_96_percent_test_accuracy_in_the_median_of_five_seeds(everything: bool) -> None:
    assert np.median([run.test_accuracy for run in runs("digits", 20, everything=everything)]) >= 0.96


@pytest.mark.parametrize(
    ("name", "epochs", "loss"), [("sine", 150, 0.03), ("gauss-bumps", 150, 0.02), ("moons", 100, 0.02)]
)
def test_the_other_presets_learn_their_task(name: str, epochs: int, loss: float) -> None:
    assert train(new_trainer(preset(name), engine="auto"), epochs=epochs).final_test_loss < loss


def test_row07_the_vanishing_preset_does_not_learn() -> None:
    run = train(new_trainer(preset("vanishing-gradient")), epochs=20)
    assert run.final_train_loss == pytest.approx(np.log(2.0), abs=0.01)
    assert np.abs(run.final.weights(0) - run.initial.weights(0)).max() < 1e-4


@pytest.mark.parametrize("seed", SEEDS)
def test_row08_the_exploding_preset_diverges_within_an_epoch(seed: int) -> None:
    run = train(new_trainer(with_seed(preset("exploding-gradient"), seed, everything=False)), epochs=1)
    assert run.divergence is not None
