"""Drawn points in the experiment file: round trip, layout, errors that name the place, schema, names of changes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from core.data.settings import MAX_POINTS
from core.errors import ExperimentError
from core.experiment import DataSettings, DrawnSource, Experiment
from core.experiment.changes import change_in_words
from core.experiment.experiment_file import checked, dump, parse, schema
from core.experiment.fitting import kind_of, with_data

coordinates = st.floats(-1e6, 1e6)


def with_points(*points: tuple[float, ...], **settings: Any) -> Experiment:
    return Experiment(data=DataSettings(dataset=DrawnSource(points=points, **settings)))


@given(st.lists(st.tuples(coordinates, coordinates, st.integers(-4, 4).map(float)), max_size=20))
def test_points_round_trip(points: list[tuple[float, ...]]) -> None:
    experiment = with_points(*points)
    assert parse(dump(experiment)) == experiment
    assert checked(experiment) is experiment
    assert json.loads(dump(experiment))["data"]["dataset"]["points"] == [list(point) for point in points]


def test_each_point_has_one_line() -> None:
    text = dump(with_points((1.5, -2, 1), (0, 1e-7, 2)))
    assert "        [1.5, -2, 1],\n        [0, 1e-7, 2]\n" in text


def test_names_with_brackets_and_numbers_are_unchanged() -> None:
    experiment = replace(with_points((1, 2, 1)), name="[ 1.0, 2.0 ]")
    assert parse(dump(experiment)) == experiment


def test_only_points_need_to_be_given() -> None:
    experiment = parse('{"data": {"dataset": {"points": [[0, 1, -1], [2, 3, 1]]}}}')
    assert experiment.data.dataset == DrawnSource(points=((0, 1, -1), (2, 3, 1)))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            {"points": [[1, 2, 1], [1, 2]]},
            '.points[1]: expected [x1, x2, label] (or "inputs": 1 for [x1, label]), got 2 numbers',
        ),
        ({"points": [[1, 2, 1]], "inputs": 1}, ".points[0]: expected [x1, label], got 3 numbers"),
        ({"points": [[1]]}, ".points[0]: expected at least 2 entries, got 1"),
        ({"points": [[1, 2, 3, 4]]}, ".points[0]: expected at most 3 entries, got 4"),
        (
            {"points": [[1, 2, 1], [1, 2, 1.5]]},
            ".points[1][2]: expected a class from −99 to 99 as a whole number, got 1.5",
        ),
        ({"points": [[1, 2, 100]]}, ".points[0][2]: expected a class from −99 to 99 as a whole number, got 100"),
        ({"points": [[1, "2", 1]]}, '.points[0][1]: expected a number, got "2"'),
        ({"points": [[1, True, 1]]}, ".points[0][1]: expected a number, got true"),
        ({"points": [[1, None, 1]]}, ".points[0][1]: expected a number, got null"),
        ({"points": [[1, 2e6, 1]]}, ".points[0][1]: expected a number ≤ 1000000, got 2000000.0"),
        ({"points": [[float("nan"), 0, 1]]}, ".points[0][0]: expected a finite number, got nan"),
        ({"points": [[float("inf"), 0, 1]]}, ".points[0][0]: expected a finite number, got inf"),
        ({"points": [[0, 0, label] for label in range(10)]}, ".points: expected at most 9 classes, got 10"),
        ({"points": [[0, 0, 1]] * (MAX_POINTS + 1)}, ".points: expected at most 5000 entries, got 5001"),
        ({"points": 3}, ".points: expected a list, got 3"),
        ({"point": []}, ': unknown key "point", did you mean "points"?'),
        ({"points": [], "task": "clustering"}, ".task: expected one of classification, regression"),
        ({"points": [], "inputs": 3}, ".inputs: expected a whole number ≤ 2, got 3"),
        ({"points": [], "classes": [1, 1]}, ".classes: a label is in the list twice"),
        ({"points": [], "class_names": ["a", "a"]}, ".class_names: a name is in the list twice"),
        ({"points": [], "area": [[0, 1]]}, ".area: expected one range for each of 2 inputs"),
        ({"points": [], "area": [[0, 1], [2, 2]]}, ".area[1]: expected a range from low to high, got 2 to 2"),
        ({"points": [], "area": [[0, 1], [2]]}, ".area[1]: expected a list of 2 entries, got [2]"),
    ],
)
def test_errors_name_the_place(source: dict[str, Any], said: str) -> None:
    from core.experiment.experiment_file import from_builtins

    with pytest.raises(ExperimentError) as caught:
        from_builtins({"data": {"dataset": source}})
    assert str(caught.value).startswith(f"$.data.dataset{said}")


def test_an_invalid_value_is_rejected_too() -> None:
    with pytest.raises(ExperimentError, match=r"points\[0\]\[1\]: expected a finite number"):
        checked(with_points((0.0, float("nan"), 1.0)))


def test_the_schema_describes_points() -> None:
    definitions = schema()["$defs"]
    sources = definitions["DataSettings"]["properties"]["dataset"]["anyOf"]
    assert "circle" in sources[0]["enum"]
    assert {each["$ref"] for each in sources[1:]} == {"#/$defs/TableSource", "#/$defs/DrawnSource"}
    point = definitions["DrawnSource"]["properties"]["points"]["items"]
    assert (point["minItems"], point["maxItems"]) == (2, 3)
    assert definitions["DrawnSource"]["required"] == ["points"]
    assert {"TableSource", "ColumnSettings"} <= definitions.keys()


def test_changes_in_words() -> None:
    one, three = with_points((0, 0, 1)), with_points((0, 0, 1), (0, 1, 1), (0, 2, 2))
    assert change_in_words(one, three) == "dataset + 2 points"
    assert change_in_words(three, one) == "dataset − 2 points"
    assert change_in_words(one, with_points((0, 0, 2))) == "dataset points changed"
    assert change_in_words(Experiment(), three) == "dataset circle → 3 drawn points"


def test_settings_that_do_not_fit_become_automatic() -> None:
    experiment = replace(Experiment(), training=replace(Experiment().training, loss="binary_cross_entropy"))
    three = with_points((0, 0, 1), (0, 1, 2), (0, 2, 3)).data.dataset
    curve = with_points(task="regression", inputs=1).data.dataset
    assert kind_of(three) == ("classification", 3)
    assert kind_of(curve) == ("regression", 0)
    assert with_data(experiment, curve).training.loss == "auto"
