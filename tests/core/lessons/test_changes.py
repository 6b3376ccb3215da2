"""Changes of a lesson are merged and checked, and errors name the key."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from core.errors import LessonError
from core.experiment import Experiment, TrainingSettings
from core.experiment.presets import preset
from core.lessons.blocks import Change, FrontMatter
from core.lessons.changes import apply_change, initial_experiment, merge_patch

EXPERIMENT = Experiment()


def front(**values: Any) -> FrontMatter:
    return FrontMatter(title="t", minutes=1, summary="s", **values)


def test_an_empty_change_changes_nothing() -> None:
    assert apply_change(EXPERIMENT, Change()) == EXPERIMENT


def test_objects_are_merged_and_everything_else_is_replaced() -> None:
    patch = {"training": {"learning_rate": 0.5}, "network": {"hidden": [{"units": 3}]}}
    result = apply_change(EXPERIMENT, Change(experiment=patch))
    assert result.training == replace(EXPERIMENT.training, learning_rate=0.5)
    assert [layer.units for layer in result.network.hidden] == [3]
    # The examples of RFC 7396, without its null.
    assert merge_patch({"a": "b"}, {"a": "c"}) == {"a": "c"}
    assert merge_patch({"a": "b"}, {"b": "c"}) == {"a": "b", "b": "c"}
    assert merge_patch({"a": ["b"]}, {"a": "c"}) == {"a": "c"}
    assert merge_patch({"a": {"b": "c"}}, {"a": {"b": "d", "e": 1}}) == {"a": {"b": "d", "e": 1}}
    assert merge_patch({"a": [{"b": "c"}]}, {"a": [1]}) == {"a": [1]}
    assert merge_patch(["a", "b"], ["c", "d"]) == ["c", "d"]
    assert merge_patch([1, 2], {"a": "b"}) == {"a": "b"}


def test_depth_adds_copies_of_the_last_layer_or_removes_layers() -> None:
    deeper = apply_change(EXPERIMENT, Change(depth=4, all_hidden={"activation": "relu"})).network.hidden
    assert [layer.units for layer in deeper] == [4, 2, 2, 2]
    assert {layer.activation for layer in deeper} == {"relu"}
    assert [layer.units for layer in apply_change(EXPERIMENT, Change(depth=1)).network.hidden] == [4]
    none = apply_change(EXPERIMENT, Change(depth=0))
    assert none.network.hidden == ()
    assert [layer.units for layer in apply_change(none, Change(depth=2)).network.hidden] == [4, 4]


def test_another_data_set_keeps_only_settings_that_fit_it() -> None:
    training = TrainingSettings(loss="binary_cross_entropy")
    start = replace(EXPERIMENT, training=training)
    result = apply_change(start, Change(experiment={"data": {"dataset": "sine", "noise": 0.0}}))
    assert result.data.dataset == "sine"
    assert result.training.loss == "auto"


def test_defaults_reset_a_setting() -> None:
    clipped = replace(EXPERIMENT, training=replace(EXPERIMENT.training, clip_norm=1.0, l1=0.1))
    result = apply_change(clipped, Change(defaults=("training.clip_norm",)))
    assert result.training == replace(EXPERIMENT.training, l1=0.1)


def test_a_lesson_starts_from_its_preset_with_its_change() -> None:
    result = initial_experiment(front(preset="vanishing-gradient", start=Change(depth=3)))
    assert result == apply_change(preset("vanishing-gradient"), Change(depth=3))
    assert initial_experiment(front()) == Experiment()


@pytest.mark.parametrize(
    ("change", "key", "message"),
    [
        ({"depth": 60}, "depth", "from 0 to 50"),
        ({"all_hidden": {"activation": "rellu"}}, "all_hidden.activation", "expected one of"),
        ({"all_hidden": {"unit": 3}}, "all_hidden", 'did you mean "units"'),
        ({"experiment": {"training": {"learning_rate": 0}}}, "experiment.training.learning_rate", "> 0"),
        ({"experiment": {"data": {"dataset": "spirals"}}}, "experiment.data.dataset", "expected one of"),
        ({"experiment": {"data": {"dataset": {"csv": "a.csv", "target": "b"}}}}, "experiment.data.dataset", "not a table"),
        (
            {"experiment": {"training": {"loss": "cross_entropy"}, "network": {"output_activation": "tanh"}}},
            "experiment.network.output_activation",
            "needs",
        ),
        ({"experiment": {"training": 3}}, "experiment.training", "expected an object"),
        ({"defaults": ("training.alpha",)}, "defaults[0]", "training.clip_norm"),
        ({"defaults": ("__class__.x",)}, "defaults[0]", "training.clip_norm"),
    ],
)  # fmt: skip
def test_an_invalid_change_names_its_key(change: dict[str, Any], key: str, message: str) -> None:
    with pytest.raises(LessonError, match=message) as raised:
        apply_change(EXPERIMENT, Change(**change))
    assert raised.value.key == key


def test_an_unknown_preset_and_an_invalid_start_name_their_keys() -> None:
    with pytest.raises(LessonError, match="did you mean") as raised:
        initial_experiment(front(preset="vanish-gradient"))
    assert raised.value.key == "preset"
    with pytest.raises(LessonError) as raised:
        initial_experiment(front(start=Change(all_hidden={"units": 0})))
    assert raised.value.key == "start.all_hidden.units"
