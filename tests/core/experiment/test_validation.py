"""Every kind of error in a file: the message names the path, the rule and the value."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ExperimentError
from core.experiment import Experiment
from core.experiment.experiment_file import dump, from_builtins, parse, schema, to_builtins
from core.experiment.validation import shown

FAULTS: list[tuple[str, str]] = [
    ('{"network":{"hidden":[{},{"dropout":1.5}]}}', "$.network.hidden[1].dropout: expected a number < 1, got 1.5"),
    ('{"nam":"x"}', '$: unknown key "nam", did you mean "name"?'),
    ('{"training":{"zzz":1}}', '$.training: unknown key "zzz"; the keys here are loss, optimizer, '),
    ("[]", "$: expected an object with keys, got []"),
    ("3", "$: expected an object with keys, got 3"),
    ('{"format":2}', "$.format: this version reads format 1, got 2"),
    ('{"format":"1"}', '$.format: this version reads format 1, got "1"'),
    ('{"format":true}', "$.format: expected a whole number, got true"),
    ('{"format":1.0}', "$.format: expected a whole number, got 1.0"),
    ('{"data":{"dataset":"circel"}}', "$.data.dataset: expected one of circle, "),
    ('{"data":{"dataset":5}}', "$.data.dataset: expected one of "),
    ('{"data":{"dataset":{"csv":"a.csv"}}}', '$.data.dataset: the key "target" is missing'),
    ('{"data":{"dataset":{"csv":1,"target":"y"}}}', "$.data.dataset.csv: expected text, got 1"),
    ('{"data":{"dataset":{"csv":"","target":"y"}}}', "$.data.dataset.csv: expected some text, got none"),
    ('{"data":{"dataset":{"csv":"a","target":"y","inputs":[1]}}}', "$.data.dataset.inputs[0]: expected text, got 1"),
    ('{"data":{"dataset":{"csv":"a","target":"y","task":"x"}}}', "$.data.dataset.task: expected one of auto, "),
    ('{"data":{"features":[]}}', "$.data.features: expected at least 1 entry, got 0"),
    ('{"data":{"features":["x1",2]}}', "$.data.features[1]: expected text, got 2"),
    ('{"data":{"features":"x1"}}', '$.data.features: expected a list, got "x1"'),
    ('{"data":{"samples":1}}', "$.data.samples: expected a whole number ≥ 2, got 1"),
    ('{"data":{"samples":1e3}}', "$.data.samples: expected a whole number, got 1000.0"),
    ('{"data":{"samples":1' + "0" * 400 + "}}", "$.data.samples: expected a whole number ≤ 20000, got 1000"),
    ('{"data":{"noise":"much"}}', '$.data.noise: expected a number, got "much"'),
    ('{"data":{"noise":null}}', "$.data.noise: expected a number, got null"),
    ('{"data":{"noise":true}}', "$.data.noise: expected a number, got true"),
    ('{"data":{"standardize":1}}', "$.data.standardize: expected true or false, got 1"),
    ('{"network":{"hidden":[{"units":0}]}}', "$.network.hidden[0].units: expected a whole number ≥ 1, got 0"),
    ('{"network":{"hidden":[{"units":513}]}}', "$.network.hidden[0].units: expected a whole number ≤ 512, got 513"),
    ('{"network":{"hidden":' + str([{}] * 51) + "}}", "$.network.hidden: expected at most 50 entries, got 51"),
    ('{"network":{"hidden":{}}}', "$.network.hidden: expected a list, got {}"),
    ('{"network":{"hidden":[[]]}}', "$.network.hidden[0]: expected an object with keys, got []"),
    ('{"network":{"hidden":[{"activation":"softmax"}]}}', "$.network.hidden[0].activation: expected one of "),
    (
        '{"network":{"hidden":[{"activation_alpha":11}]}}',
        "$.network.hidden[0].activation_alpha: expected a number ≤ 10",
    ),
    ('{"network":{"seed":-1}}', "$.network.seed: expected a whole number ≥ 0, got -1"),
    ('{"network":{"seed":4294967296}}', "$.network.seed: expected a whole number ≤ 4294967295, got 4294967296"),
    ('{"training":null}', "$.training: expected an object with keys, got null"),
    ('{"training":{"learning_rate":0}}', "$.training.learning_rate: expected a number > 0, got 0"),
    ('{"training":{"learning_rate":1000.5}}', "$.training.learning_rate: expected a number ≤ 1000, got 1000.5"),
    ('{"training":{"momentum":1}}', "$.training.momentum: expected a number < 1, got 1"),
    (
        '{"training":{"hyper_parameters":{"beta_1":1}}}',
        "$.training.hyper_parameters.beta_1: expected a number < 1, got 1",
    ),
    (
        '{"training":{"hyper_parameters":{"epsilon":0}}}',
        "$.training.hyper_parameters.epsilon: expected a number > 0, got 0",
    ),
    (
        '{"training":{"hyper_parameters":{"beta1":0.5}}}',
        '$.training.hyper_parameters: unknown key "beta1", did you mean "beta_1"?',
    ),
    ('{"training":{"clip_norm":-1}}', "$.training.clip_norm: expected a number > 0, got -1"),
    ('{"training":{"optimizer":"Adam"}}', "$.training.optimizer: expected one of "),
    ('{"training":{"shuffle":"yes"}}', '$.training.shuffle: expected true or false, got "yes"'),
    ('{"name":"' + "x" * 201 + '"}', "$.name: expected at most 200 characters, got 201"),
    ('{"name":7}', "$.name: expected text, got 7"),
    ('{"data":{"noise":NaN}}', "$: not well-formed JSON ("),
    ('{"data":{"noise":1e400}}', "$: not well-formed JSON ("),
    ('{"data":', "$: not well-formed JSON ("),
    ("", "$: not well-formed JSON ("),
    ("[" * 100_000, "$: not readable as JSON ("),
]


@pytest.mark.parametrize(("text", "sentence"), FAULTS, ids=[text[:50] for text, _ in FAULTS])
def test_an_error_names_path_rule_and_value(text: str, sentence: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        parse(text)
    assert str(caught.value).startswith(sentence)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_non_finite_numbers_are_rejected_everywhere(value: float) -> None:
    with pytest.raises(ExperimentError, match=r"^\$\.data\.noise: expected a finite number, got"):
        from_builtins({"data": {"noise": value}})


def test_an_error_has_path_and_message() -> None:
    with pytest.raises(ExperimentError) as caught:
        parse('{"network":{"input_dropout":1}}')
    assert caught.value.path == "$.network.input_dropout"
    assert caught.value.message == "expected a number < 1, got 1"


def test_shown_values_are_truncated() -> None:
    assert shown("ä" * 100) == '"' + "ä" * 56 + "…"
    assert shown(None) == "null"
    assert shown(value=False) == "false"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3),
    max_leaves=5,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return every path in a JSON value, as the keys that lead to it."""
    found = [path]
    if isinstance(value, dict):
        found += [place for key, entry in value.items() for place in places(entry, (*path, key))]
    if isinstance(value, list):
        found += [place for index, entry in enumerate(value) for place in places(entry, (*path, index))]
    return found


@given(st.data(), anything)
def test_any_value_at_any_path_is_accepted_or_rejected_with_a_message(data: st.DataObject, value: Any) -> None:
    whole = to_builtins(Experiment())
    place = data.draw(st.sampled_from(places(whole)))
    if place:
        inner: Any = whole
        for key in place[:-1]:
            inner = inner[key]
        inner[place[-1]] = value
    else:
        whole = value
    try:
        accepted = from_builtins(whole)
    except ExperimentError:
        return  # any other exception fails the test
    assert parse(dump(accepted)) == accepted


# -- the schema ---------------------------------------------------------------------------------------------------------


def resolved(node: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in node:
        return {**definitions[node["$ref"].rsplit("/", 1)[1]], **{k: v for k, v in node.items() if k != "$ref"}}
    return node


def fits(value: Any, node: dict[str, Any], definitions: dict[str, Any]) -> bool:
    """Validate ``value`` by the subset of JSON Schema that ours uses; an unknown keyword fails the test."""
    node = resolved(node, definitions)
    unknown = set(node) - {
        "$schema", "$defs", "title", "description", "default", "type", "properties", "required", "additionalProperties",
        "items", "minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum",
        "exclusiveMaximum", "enum", "anyOf",
    }  # fmt: skip
    assert not unknown, f"this test knows nothing of {unknown}"
    if "anyOf" in node:
        return any(fits(value, option, definitions) for option in node["anyOf"])
    if "enum" in node:
        return value in node["enum"]
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None), "integer": int}
    if node["type"] == "number":
        typed = isinstance(value, int | float) and not isinstance(value, bool)
    else:
        typed = isinstance(value, kinds[node["type"]]) and (node["type"] != "integer" or not isinstance(value, bool))
    if not typed:
        return False
    if node["type"] == "object":
        properties = node["properties"]
        return set(value) <= set(properties) and all(fits(v, properties[k], definitions) for k, v in value.items())
    if node["type"] == "array":
        if not node.get("minItems", 0) <= len(value) <= node.get("maxItems", len(value)):
            return False
        return all(fits(entry, node["items"], definitions) for entry in value)
    if node["type"] in ("number", "integer"):
        return (
            node.get("minimum", value) <= value <= node.get("maximum", value)
            and not value <= node.get("exclusiveMinimum", value - 1)
            and not value >= node.get("exclusiveMaximum", value + 1)
        )
    return True


def test_the_schema_agrees_with_the_validation() -> None:
    root = schema()
    definitions = root["$defs"]
    defaults = to_builtins(Experiment())
    assert fits(defaults, root, definitions)
    for change in ({"dropout": 1.0}, {"units": 0}, {"activation": "softmax"}, {"gain": -1.0}, {"unit": 3}):
        broken = json.loads(json.dumps(defaults))
        broken["network"]["hidden"][0] |= change
        assert not fits(broken, root, definitions), change
        with pytest.raises(ExperimentError):
            from_builtins(broken)


def test_every_number_in_the_schema_has_a_title_an_explanation_and_limits() -> None:
    for name, definition in schema()["$defs"].items():
        for key, node in definition["properties"].items():
            options = node.get("anyOf", [node])
            if any(option.get("type") in ("number", "integer") for option in options):
                assert node["title"], f"{name}.{key}"
                assert node["description"].endswith("."), f"{name}.{key}"
                numbers = [o for o in options if o.get("type") in ("number", "integer")]
                assert any("minimum" in o or "exclusiveMinimum" in o for o in numbers), f"{name}.{key}"
                assert any("maximum" in o or "exclusiveMaximum" in o for o in numbers), f"{name}.{key}"


def test_the_schema_names_its_version() -> None:
    assert schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert json.loads(json.dumps(schema())) == schema()
