"""Prepared data: split, features, standardization and target coding."""

from __future__ import annotations

import numpy as np
import pytest

from core.data.datasets import DATASETS
from core.data.loading import load
from core.data.prepared_data import mean_and_scale, prepare
from core.data.raw_data import RawData, TableReport
from core.errors import ExperimentError
from core.experiment import DataSettings as Settings
from core.random_streams import stream


def small(
    samples: int = 20, *, task: str = "regression", names: tuple[str, ...] = ("age", "wage"), own: bool = True
) -> RawData:
    rng = np.random.default_rng(3)
    inputs = rng.normal(40.0, 9.0, (samples, len(names)))
    target = np.arange(samples) % 3 if task == "classification" else 1e4 + 500 * inputs[:, 0]
    report = TableReport("t.csv", "y", names, "why", samples, (), ())
    return RawData(
        inputs=inputs,
        target=target.astype(np.float64),
        task=task,  # type: ignore[arg-type]
        input_names=names,
        class_names=("a", "b", "c") if task == "classification" else (),
        table=report if own else None,
    )


@pytest.mark.parametrize(
    ("samples", "fraction", "test"),
    [(1, 0.0, 0), (1, 0.9, 0), (2, 0.5, 1), (2, 0.9, 1), (3, 0.9, 2), (3, 0.0, 0), (500, 0.5, 250), (500, 0.9, 450)],
)
def test_split_sizes(samples: int, fraction: float, test: int) -> None:
    settings = Settings(samples=samples, test_fraction=fraction)
    data = prepare(load(settings), settings, "signed")
    assert (len(data.x_train), len(data.x_test)) == (samples - test, test)
    assert data.x_test.shape == (test, 2)
    assert data.y_test.shape == (test, 1)
    assert data.positions_test.shape == (test, 2)


def test_every_sample_is_in_exactly_one_set() -> None:
    settings = Settings(dataset="sine", samples=101, test_fraction=0.3)
    raw = load(settings)
    data = prepare(raw, settings, "value")
    both = np.concatenate((data.positions_train[:, 0], data.positions_test[:, 0]))
    assert sorted(both) == sorted(raw.inputs[:, 0])


def test_moving_the_split_moves_only_the_samples_at_the_cut() -> None:
    raw = load(Settings())
    half = prepare(raw, Settings(test_fraction=0.5), "signed")
    fifth = prepare(raw, Settings(test_fraction=0.2), "signed")
    assert np.array_equal(fifth.x_train[:250], half.x_train)
    assert np.array_equal(fifth.x_test, half.x_test[-100:])
    other_seed = prepare(raw, Settings(seed=2), "signed")
    assert not np.array_equal(other_seed.x_train, half.x_train)


def test_rows_keep_their_labels() -> None:
    settings = Settings(dataset="plane", samples=40)
    data = prepare(load(settings), settings, "value")
    for positions, labels, y in (
        (data.positions_train, data.labels_train, data.y_train),
        (data.positions_test, data.labels_test, data.y_test),
    ):
        assert positions.sum(axis=1) / 10 == pytest.approx(labels, abs=1e-15)
        assert np.array_equal(y[:, 0], labels)


def test_built_in_data_is_not_standardized_by_default() -> None:
    raw = load(Settings(dataset="iris"))
    plain = prepare(raw, Settings(dataset="iris"), "one_hot")
    assert np.array_equal(plain.x_train, plain.positions_train)
    scaled = prepare(raw, Settings(dataset="iris", standardize=True), "one_hot")
    assert scaled.x_train.mean(axis=0) == pytest.approx(np.zeros(4), abs=1e-13)
    assert scaled.x_train.std(axis=0) == pytest.approx(np.ones(4), abs=1e-13)


def test_standardization_uses_only_the_training_set() -> None:
    data = prepare(small(), Settings(test_fraction=0.4), "value")
    mean, deviation = data.positions_train.mean(axis=0), data.positions_train.std(axis=0)
    assert data.input_mean == pytest.approx(mean)
    assert data.input_scale == pytest.approx(deviation)
    assert data.x_test == pytest.approx((data.positions_test - mean) / deviation)
    assert abs(data.x_test.mean()) > 1e-3


def test_table_regression_target_is_standardized_reversibly() -> None:
    data = prepare(small(), Settings(), "value")
    assert data.y_train.mean() == pytest.approx(0.0, abs=1e-12)
    assert data.y_train.std() == pytest.approx(1.0)
    assert data.to_target_units(data.y_test[:, 0]) == pytest.approx(data.labels_test)


def test_built_in_regression_target_is_not_standardized() -> None:
    settings = Settings(dataset="plane", standardize=True)
    data = prepare(load(settings), settings, "value")
    assert (data.target_offset, data.target_scale) == (0.0, 1.0)
    assert np.array_equal(data.y_train[:, 0], data.labels_train)


def test_standardization_of_a_table_can_be_turned_off() -> None:
    data = prepare(small(), Settings(standardize=False), "value")
    assert np.array_equal(data.x_train, data.positions_train)
    assert np.array_equal(data.y_train[:, 0], data.labels_train)


def test_constant_column_gets_scale_one() -> None:
    columns = np.column_stack((np.full(30, 0.1), np.arange(30.0), np.zeros(30)))
    mean, scale = mean_and_scale(columns)
    assert scale[[0, 2]].tolist() == [1.0, 1.0]
    assert scale[1] == pytest.approx(np.sqrt((30**2 - 1) / 12))
    assert mean == pytest.approx([0.1, 14.5, 0.0])


def test_indicator_inputs_stay_zero_or_one() -> None:
    plain = small(30)
    inputs = np.column_stack((plain.inputs[:, 0], np.arange(30) % 2))
    raw = RawData(
        inputs=inputs.astype(np.float64),
        target=plain.target,
        task="regression",
        input_names=("age", "colour=red"),
        indicators=np.array([False, True]),
        table=plain.table,
    )
    data = prepare(raw, Settings(), "value")
    assert set(data.x_train[:, 1]) == {0.0, 1.0}
    assert data.x_train[:, 0].mean() == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(("coding", "values"), [("signed", (-1.0, 1.0)), ("binary", (0.0, 1.0))])
def test_two_classes_in_one_column(coding: str, values: tuple[float, float]) -> None:
    data = prepare(load(Settings()), Settings(), coding)  # type: ignore[arg-type]
    assert data.y_train.shape == (250, 1)
    assert np.array_equal(data.y_train[:, 0], np.where(data.labels_train == 1, values[1], values[0]))


def test_one_hot_targets() -> None:
    data = prepare(small(task="classification"), Settings(), "one_hot")
    assert data.classes == 3
    assert data.y_train.shape == (10, 3)
    assert np.array_equal(data.y_train.argmax(axis=1), data.labels_train)
    assert np.array_equal(data.y_train.sum(axis=1), np.ones(10))
    two = prepare(load(Settings()), Settings(), "one_hot")
    assert two.y_train.shape == (250, 2)


@pytest.mark.parametrize(
    ("task", "coding"),
    [
        ("classification", "signed"),
        ("classification", "binary"),
        ("classification", "value"),
        ("regression", "one_hot"),
    ],
)
def test_coding_that_does_not_fit_is_rejected(task: str, coding: str) -> None:
    with pytest.raises(ExperimentError, match=r"^\$\.training\.loss: target coding"):
        prepare(small(task=task), Settings(), coding)  # type: ignore[arg-type]


def test_plane_features_and_their_labels() -> None:
    settings = Settings(features=("x2", "x1_squared", "x1_x2"))
    data = prepare(load(settings), settings, "signed")
    x1, x2 = data.positions_train.T
    assert np.allclose(data.x_train, np.column_stack((x2, x1**2, x1 * x2)), atol=0, rtol=1e-15)
    assert data.feature_keys == settings.features
    assert data.feature_names == ("x₂", "x₁²", "x₁x₂")


def test_features_of_a_grid_agree_with_the_training_set() -> None:
    settings = Settings(features=("x1", "sin_x2"), standardize=True, noise=0.3)
    data = prepare(load(settings), settings, "signed")
    assert np.array_equal(data.features_of(data.positions_train), data.x_train)
    assert np.array_equal(data.features_of(data.positions_test[:1]), data.x_test[:1])


def test_columns_are_selected_by_number_or_name() -> None:
    by_name = prepare(small(), Settings(features=("wage",)), "value")
    by_number = prepare(small(), Settings(features=("x2",)), "value")
    assert np.array_equal(by_name.x_train, by_number.x_train)
    assert by_name.feature_keys == by_number.feature_keys == ("x2",)
    assert by_name.feature_names == ("wage",)


def test_a_column_name_takes_precedence_over_a_number() -> None:
    raw = small(names=("x2", "x1"))
    data = prepare(raw, Settings(features=("x2",)), "value")
    assert np.array_equal(data.positions_train[:, 0], data.x_train[:, 0] * data.input_scale[0] + data.input_mean[0])
    again = prepare(raw, Settings(features=data.feature_keys), "value")
    assert np.array_equal(again.x_train, data.x_train)
    everything = prepare(raw, Settings(), "value")
    again = prepare(raw, Settings(features=everything.feature_keys), "value")
    assert np.array_equal(again.x_train, everything.x_train)


@pytest.mark.parametrize(
    ("features", "text"),
    [
        (("x1", "x3"), r"\$\.data\.features\[1\]: .*x3.*\(age, wage\)"),
        (("height",), r"\$\.data\.features\[0\]: .*height"),
        (("age", "x1"), r"\$\.data\.features\[1\]: .*twice"),
    ],
)
def test_invalid_features_are_rejected(features: tuple[str, ...], text: str) -> None:
    with pytest.raises(ExperimentError, match=text):
        prepare(small(), Settings(features=features), "value")


@pytest.mark.parametrize("key", DATASETS)
def test_every_built_in_set_can_be_prepared(key: str) -> None:
    settings = Settings(dataset=key, samples=10)
    dataset = DATASETS[key]
    coding = "value" if dataset.task == "regression" else "one_hot"
    data = prepare(load(settings), settings, coding)
    assert data.feature_keys == dataset.default_features
    assert data.x_train.shape[1] == dataset.inputs == len(data.feature_names)
    assert data.classes == len(dataset.class_names)
    low, high = data.domain_of(dataset.inputs - 1)
    assert low <= data.positions_train[:, -1].min() <= data.positions_train[:, -1].max() <= high
    assert not data.x_train.flags.writeable


def test_the_split_has_its_own_stream() -> None:
    settings = Settings(samples=10, test_fraction=0.0)
    raw = load(settings)
    order = stream(1, "split").permutation(10)
    assert np.array_equal(prepare(raw, settings, "signed").x_train, raw.inputs[order])
