"""Drawn points: classes and their order, raw data, what is missing, and the conversion of other sets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from core.data.drawn_points import class_labels, class_names, load_points, missing, points_from, without_points
from core.data.loading import load
from core.data.settings import MAX_POINTS, DrawnSource
from core.errors import PlaygroundError
from core.experiment import DataSettings, Experiment, TableSource
from core.experiment.experiment_file import parse
from tests.core.support import data_of, new_trainer


def drawn(*points: tuple[float, ...], **settings: object) -> DrawnSource:
    return DrawnSource(points=points, **settings)  # type: ignore[arg-type]


coordinates = st.floats(-1e6, 1e6)
points = st.lists(st.tuples(coordinates, coordinates, st.integers(1, 9).map(float)), max_size=30).map(tuple)


@given(points)
def test_raw_data_has_the_points_as_they_were_drawn(given_points: tuple[tuple[float, float, float], ...]) -> None:
    raw = load(DataSettings(dataset=DrawnSource(points=given_points)))
    labels = class_labels(DrawnSource(points=given_points))
    assert [tuple(row) for row in raw.inputs.tolist()] == [point[:2] for point in given_points]
    assert [labels[index] for index in raw.class_indices] == [point[2] for point in given_points]
    low, high = raw.ranges().T
    assert np.all(low <= -6)
    assert np.all(high >= 6)
    assert np.all((raw.inputs >= low) & (raw.inputs <= high)), "every point can be seen"


@pytest.mark.parametrize(
    ("source", "labels", "names"),
    [
        (drawn(), (1, 2), ("1", "2")),
        (drawn((0, 0, 0)), (0, 1), ("0", "1")),
        (drawn((0, 0, 1), (0, 0, -1)), (-1, 1), ("−1", "1")),
        (drawn((0, 0, 3), (0, 0, 1)), (1, 3), ("1", "3")),
        (drawn((0, 0, 3), classes=(2, 1)), (2, 1, 3), ("2", "1", "3")),
        (drawn((0, 0, 2), classes=(1, 2), class_names=("cat", "dog")), (1, 2), ("cat", "dog")),
        (drawn((0, 0, 0.5), task="regression"), (), ()),
    ],
)
def test_classes(source: DrawnSource, labels: tuple[int, ...], names: tuple[str, ...]) -> None:
    assert class_labels(source) == labels
    assert class_names(source) == names


@given(points)
def test_listed_classes_keep_their_order_when_points_go(given_points: tuple[tuple[float, float, float], ...]) -> None:
    whole = DrawnSource(points=given_points)
    listed = replace(whole, classes=class_labels(whole))
    assert class_labels(replace(listed, points=given_points[1:])) == class_labels(whole)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (drawn(), "Draw points of at least two classes."),
        (drawn((0, 0, 1), (1, 1, 1)), "Draw points of another class, too: all are of class 1."),
        (drawn((0, 0, 1), (1, 1, 2)), ""),
        (drawn((0, 0.5), task="regression", inputs=1), "Draw at least two points."),
        (drawn((0, 0.5), (1, 0.5), task="regression", inputs=1), ""),
    ],
)
def test_what_is_missing(source: DrawnSource, said: str) -> None:
    assert missing(source) == said
    assert data_of(Experiment(data=DataSettings(dataset=source))).missing == said


def test_a_shown_area_is_kept_and_widened_to_all_points() -> None:
    source = drawn((0.5, 2.5, 1), area=((0, 1), (0, 2)), input_names=("height", "weight"))
    raw = load_points(source)
    assert raw.ranges().tolist() == [[0, 1], [0, 2.5]]
    assert raw.input_names == ("height", "weight")


def test_without_points_two_classes_are_left() -> None:
    source = drawn((0, 0, 1), (0, 0, 2), (0, 0, 3), class_names=("a", "b", "c"))
    empty = without_points(source)
    assert empty.points == ()
    assert class_names(empty) == ("a", "b")


@pytest.mark.parametrize("key", ["circle", "xor", "gauss", "spiral", "moons", "plane", "gauss_bumps", "sine"])
def test_a_set_with_up_to_two_inputs_becomes_its_points(key: str) -> None:
    before = data_of(Experiment(data=DataSettings(dataset=key, samples=40)))
    source = points_from(before)
    experiment = Experiment(data=DataSettings(dataset=source, test_fraction=0.25))
    after = data_of(experiment)
    assert parse_round_trip(experiment) == experiment
    assert (after.task, after.coding, after.classes) == (before.task, before.coding, before.classes)
    assert after.ranges.tolist() == before.ranges.tolist()

    def rows(data: object) -> list[list[float]]:
        parts = [
            np.column_stack((getattr(data, f"positions_{part}"), getattr(data, f"labels_{part}")))
            for part in ("train", "test")
        ]
        return sorted(np.concatenate(parts).tolist())

    assert rows(after) == rows(before)


def parse_round_trip(experiment: Experiment) -> Experiment:
    from core.experiment.experiment_file import dump

    return parse(dump(experiment))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (DataSettings(dataset="iris"), "one or two inputs can be drawn on; this has 4"),
        (DataSettings(dataset="circle", samples=MAX_POINTS + 1), "up to 5000 samples can be drawn on; this has 5001"),
    ],
)
def test_other_sets_cannot_be_drawn_on(data: DataSettings, said: str) -> None:
    with pytest.raises(PlaygroundError, match=said):
        points_from(data_of(Experiment(data=data)))


@pytest.mark.parametrize("task", ["classification", "regression"])
@pytest.mark.parametrize("inputs", [1, 2])
def test_an_empty_set_can_be_evaluated_and_is_not_trained_on(task: str, inputs: int) -> None:
    source = DrawnSource(points=(), task=task, inputs=inputs)  # type: ignore[arg-type]
    trainer = new_trainer(Experiment(data=DataSettings(dataset=source, standardize=True)))
    before = trainer.parameters.copy()
    assert trainer.run(5) is None
    assert trainer.run_sample() is None
    assert trainer.run_epoch() is None
    assert (trainer.step, trainer.epoch) == (0, 0.0)
    assert np.array_equal(trainer.parameters, before)


@pytest.mark.parametrize("target", ["kind", "price"])
def test_a_table_with_two_inputs_keeps_names_range_and_scale(target: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    rows = [f"{10 + i % 7},{200 + 3 * (i % 5)},{'cat' if i % 2 else 'dog'},{1000 * i}" for i in range(20)]
    path.write_text("\n".join(["height,weight,kind,price", *rows]), encoding="utf-8")
    table = TableSource(csv=str(path), target=target, inputs=("height", "weight"))
    before = data_of(Experiment(data=DataSettings(dataset=table, test_fraction=0.0)))
    source = points_from(before)
    after = data_of(Experiment(data=DataSettings(dataset=source, test_fraction=0.0, standardize=True)))
    assert after.input_names == before.input_names
    assert after.class_names == before.class_names
    assert after.ranges.tolist() == before.ranges.tolist()
    assert np.allclose(after.features_of(np.array([[12.0, 205.0]])), before.features_of(np.array([[12.0, 205.0]])))
    assert np.allclose(np.sort(after.y_train, axis=0), np.sort(before.y_train, axis=0))
