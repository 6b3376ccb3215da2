"""The generated data sets: geometry, balance, determinism, and continuous noise."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.data.datasets import DATASETS, Dataset
from core.data.generators import BUMPS
from core.data.loading import load
from core.data.raw_data import RawData
from core.experiment import DataSettings

GENERATED = [key for key, entry in DATASETS.items() if entry.generated]
CLASSES = [key for key in GENERATED if DATASETS[key].task == "classification"]


def draw(key: str, samples: int = 200, noise: float = 0.0, seed: int = 5) -> RawData:
    return DATASETS[key].generate(samples, noise, rng=np.random.default_rng(seed))


def test_registry_matches_the_contract_in_menu_order() -> None:
    names = "circle xor gauss spiral moons plane gauss_bumps sine student_day iris digits"
    assert list(DATASETS) == names.split()
    assert all(entry.key == key for key, entry in DATASETS.items())
    with pytest.raises(TypeError):
        DATASETS["circle"] = DATASETS["xor"]  # type: ignore[index]


@pytest.mark.parametrize("key", DATASETS)
def test_an_entry_describes_what_it_generates(key: str) -> None:
    entry = DATASETS[key]
    raw = draw(key, 30)
    assert raw.inputs.shape == (raw.samples, entry.inputs)
    assert raw.target.shape == (raw.samples,)
    assert raw.inputs.dtype == raw.target.dtype == np.float64
    assert (raw.task, raw.classes) == (entry.task, len(entry.class_names))
    assert entry.default_features == tuple(f"x{k + 1}" for k in range(entry.inputs))
    assert entry.label
    assert entry.explanation.endswith(".")
    if entry.task == "classification":
        assert set(raw.target) <= set(range(raw.classes))
    with pytest.raises(ValueError, match="read-only"):
        raw.inputs[0, 0] = 0.0


@pytest.mark.parametrize("entry", DATASETS.values(), ids=lambda entry: entry.key)
def test_an_entry_describes_its_thumbnail(entry: Dataset) -> None:
    assert 0 < len(entry.caption) <= 8
    assert sum(other.caption == entry.caption for other in DATASETS.values()) == 1
    assert 1 <= len(entry.shown_inputs) <= 2
    assert set(entry.shown_inputs) <= set(range(entry.inputs))
    assert entry.images == (entry.inputs > 4 and math.isqrt(entry.inputs) ** 2 == entry.inputs)


def test_common_and_standardized_data_sets() -> None:
    assert [key for key, entry in DATASETS.items() if entry.common] == [
        "circle",
        "xor",
        "gauss",
        "spiral",
        "iris",
        "digits",
    ]
    assert [key for key, entry in DATASETS.items() if entry.standardize] == ["student_day", "iris"]
    assert all(entry.standardize == bool(entry.units) for entry in DATASETS.values())


@pytest.mark.parametrize("key", GENERATED)
@pytest.mark.parametrize("samples", [1, 2, 3, 7, 500])
def test_the_number_of_samples_is_exact(key: str, samples: int) -> None:
    assert draw(key, samples, 0.1).samples == samples


@pytest.mark.parametrize("key", CLASSES)
@pytest.mark.parametrize("samples", [2, 3, 7, 8, 501])
def test_classes_are_balanced(key: str, samples: int) -> None:
    counts = np.bincount(draw(key, samples).class_indices, minlength=2)
    assert abs(counts[0] - counts[1]) <= 1


@pytest.mark.parametrize("key", GENERATED)
def test_data_depends_only_on_the_seed(key: str) -> None:
    settings = DataSettings(dataset=key, samples=50, noise=0.2, seed=7)
    once, again = load(settings), load(settings)
    assert np.array_equal(once.inputs, again.inputs)
    assert np.array_equal(once.target, again.target)
    other = load(DataSettings(dataset=key, samples=50, noise=0.2, seed=8))
    assert not np.array_equal(once.inputs, other.inputs)


@pytest.mark.parametrize("key", GENERATED)
def test_noise_moves_each_sample_along_a_line(key: str) -> None:
    clean, little, much = (draw(key, 101, noise) for noise in (0.0, 0.2, 0.5))
    moved = False
    for at_0, at_2, at_5 in (
        (clean.inputs, little.inputs, much.inputs),
        (clean.target, little.target, much.target),
    ):
        assert np.all(np.abs(at_2 - at_0) <= np.abs(at_5 - at_0) + 1e-12)
        assert np.all((at_2 - at_0) * (at_5 - at_0) >= 0)
        moved = moved or not np.array_equal(at_0, at_5)
    assert moved


@pytest.mark.parametrize("key", [key for key in GENERATED if key != "gauss"])
def test_noise_is_proportional(key: str) -> None:
    clean, little, much = (draw(key, 50, noise) for noise in (0.0, 0.1, 0.4))
    assert much.inputs - clean.inputs == pytest.approx(4 * (little.inputs - clean.inputs), abs=1e-12)
    assert much.target - clean.target == pytest.approx(4 * (little.target - clean.target), abs=1e-12)


@pytest.mark.parametrize("key", CLASSES)
def test_classes_do_not_depend_on_noise(key: str) -> None:
    assert np.array_equal(draw(key, noise=0.0).target, draw(key, noise=0.9).target)


@pytest.mark.parametrize("key", ["circle", "xor", "gauss", "plane", "gauss_bumps", "sine"])
def test_adding_samples_keeps_earlier_ones(key: str) -> None:
    few, many = draw(key, 40, 0.3), draw(key, 60, 0.3)
    assert np.array_equal(many.inputs[:40], few.inputs)
    assert np.array_equal(many.target[:40], few.target)


def test_circle() -> None:
    raw = draw("circle", 2000)
    radius = np.linalg.norm(raw.inputs, axis=1)
    inside, ring = radius[raw.target == 1], radius[raw.target == 0]
    assert inside.max() <= 2.4
    assert ring.min() >= 3.6
    assert ring.max() <= 5.0
    # Uniform in the radius, as in TensorFlow Playground: mean 1.2, standard error 2.4 / √12 / √1000.
    assert inside.mean() == pytest.approx(1.2, abs=4 * 2.4 / np.sqrt(12 * 1000))


def test_xor_has_padding_and_all_four_quadrants() -> None:
    raw = draw("xor", 1001)
    assert np.abs(raw.inputs).min() >= 0.5
    assert np.abs(raw.inputs).max() <= 5.5
    assert np.array_equal(raw.target == 1, raw.inputs.prod(axis=1) > 0)
    quadrant = 2 * (raw.inputs[:, 0] > 0) + (raw.inputs[:, 1] > 0)
    counts = np.bincount(quadrant, minlength=4)
    assert counts.max() - counts.min() <= 1


@pytest.mark.parametrize(("noise", "variance"), [(0.0, 0.5), (0.5, 4.0)])
def test_gauss(noise: float, variance: float) -> None:
    raw = draw("gauss", 4000, noise)
    for label, centre in ((0, -2.0), (1, 2.0)):
        cloud = raw.inputs[raw.target == label]
        assert cloud.mean(axis=0) == pytest.approx([centre, centre], abs=4 * np.sqrt(variance / 2000))
        assert cloud.var(axis=0) == pytest.approx([variance, variance], abs=4 * variance * np.sqrt(2 / 2000))


def test_spiral_turns_one_and_three_quarters() -> None:
    raw = draw("spiral", 500)
    for label, start in ((1, 0.0), (0, np.pi)):
        arm = raw.inputs[raw.target == label]
        radius = np.linalg.norm(arm, axis=1)
        assert radius == pytest.approx(5 * np.arange(250) / 250)
        angle = np.unwrap(np.arctan2(arm[1:, 0], arm[1:, 1]))
        assert angle[-1] - angle[0] == pytest.approx(1.75 * 2 * np.pi * 248 / 250)
        step = 1.75 * 2 * np.pi / 250
        assert np.cos(angle[0] - start - step) == pytest.approx(1.0)


def test_moons_are_scaled_scikit_learn_moons() -> None:
    raw = draw("moons", 101)
    upper, lower = raw.inputs[raw.target == 0] / 3.2 + (0.5, 0.25), raw.inputs[raw.target == 1] / 3.2 + (0.5, 0.25)
    assert np.linalg.norm(upper, axis=1) == pytest.approx(np.ones(51))
    assert np.linalg.norm(lower - (1.0, 0.5), axis=1) == pytest.approx(np.ones(50))
    assert upper[:, 1].min() == pytest.approx(0.0, abs=1e-12)
    assert lower[:, 1].max() == pytest.approx(0.5)
    assert (upper[0], upper[-1]) == (pytest.approx([1, 0]), pytest.approx([-1, 0], abs=1e-12))
    assert (lower[0], lower[-1]) == (pytest.approx([0, 0.5]), pytest.approx([2, 0.5]))


def test_plane_and_sine_targets() -> None:
    plane, sine = draw("plane", 500), draw("sine", 500)
    assert np.array_equal(plane.target, plane.inputs.sum(axis=1) / 10)
    assert np.array_equal(sine.target, np.sin(sine.inputs[:, 0]))
    for raw in (plane, sine):
        assert -6 <= raw.inputs.min() < -5.5
        assert 5.5 < raw.inputs.max() <= 6


def test_gauss_bumps_are_the_nearest_cone() -> None:
    raw = draw("gauss_bumps", 3000)
    distance = np.linalg.norm(raw.inputs[:, None, :] - BUMPS[:, :2], axis=2)
    nearest = distance.argmin(axis=1)
    expected = BUMPS[nearest, 2] * np.clip(1 - distance.min(axis=1) / 2, 0, 1)
    assert raw.target == pytest.approx(expected, abs=1e-15)
    assert raw.target.min() < -0.8
    assert raw.target.max() > 0.8


def test_regression_noise_has_the_stated_deviation() -> None:
    raw = draw("plane", 4000, 0.6)
    residual = raw.target - raw.inputs.sum(axis=1) / 10
    assert residual.std() == pytest.approx(0.3, abs=4 * 0.3 / np.sqrt(2 * 4000))


@pytest.mark.parametrize("key", [key for key, entry in DATASETS.items() if not entry.generated])
def test_shipped_tables_ignore_samples_noise_and_seed(key: str) -> None:
    once = load(DataSettings(dataset=key))
    again = load(DataSettings(dataset=key, samples=3, noise=0.5, seed=9))
    assert np.array_equal(once.inputs, again.inputs)


def test_ranges_cover_the_domain_or_the_data() -> None:
    assert draw("circle").ranges().tolist() == [[-6, 6], [-6, 6]]
    ranges = draw("iris").ranges()
    assert ranges[0] == pytest.approx([4.3 - 0.18, 7.9 + 0.18])
    constant = RawData(inputs=np.full((3, 1), 2.0), target=np.zeros(3), task="regression", input_names=("a",))
    assert constant.ranges().tolist() == [[1.5, 2.5]]
