"""What holds of the scripts for all frameworks: they are complete, readable, reproducible, and safe to write."""

from __future__ import annotations

import ast

import numpy as np
import pytest
from msgspec.structs import replace

from core.code_export.archive import npz_bytes
from core.code_export.frameworks import FRAMEWORKS
from core.errors import PlaygroundError
from core.experiment import DataSettings, DrawnSource, Experiment
from core.experiment.presets import preset, preset_names
from core.experiment.tf_playground_link import parse_link
from core.formulas.activations import OUTPUT_ACTIVATIONS
from core.formulas.initializers import INITIALIZERS
from core.formulas.losses import LOSSES
from core.formulas.optimizers import OPTIMIZERS
from core.registry import Entry
from tests.core.code_export.cases import CASES, plan_of, script_of, trainer_of
from tests.core.support import new_trainer

every_framework = pytest.mark.parametrize("framework", FRAMEWORKS)
CODED = [*OUTPUT_ACTIVATIONS.values(), *LOSSES.values(), *OPTIMIZERS.values()]


@pytest.mark.parametrize("entry", CODED, ids=lambda entry: f"{type(entry).__name__}-{entry.key}")
def test_every_entry_has_source_code(entry: Entry) -> None:
    assert getattr(entry, "code", None) is not None, (
        f"{entry.label} has no source code: add a constant to core/formulas/activation_code.py or training_code.py and "
        f"name it in the entry's field `code`"
    )


@pytest.mark.parametrize("initializer", INITIALIZERS.values(), ids=lambda entry: entry.key)
def test_the_scale_of_every_initializer_is_its_code(initializer: object) -> None:
    import math

    entry = next(each for each in INITIALIZERS.values() if each is initializer)
    for n_in, n_out in ((1, 1), (3, 5), (64, 2)):
        value = eval(entry.scale_code, {"math": math, "n_in": n_in, "n_out": n_out})  # noqa: S307 - our own text
        assert value == entry.scale(n_in, n_out)


@every_framework
@pytest.mark.parametrize("name", CASES)
def test_every_script_is_valid_and_readable(name: str, framework: str) -> None:
    text = script_of(name, framework).text
    tree = ast.parse(text)
    assert ast.get_docstring(tree)
    lines = text.split("\n")
    assert len(lines) <= 175
    assert max(len(line) for line in lines if not line.startswith(("SAMPLES =", "    np.array"))) <= 130
    assert "\n\n\n" not in text
    assert "{" not in text.replace("{epoch", "").replace("{history", "").replace('{"params', "")
    imported = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    assert imported <= {"base64", "math", "zlib", "os", "numpy", "torch", "keras"}


@every_framework
def test_the_default_experiment_is_short(framework: str) -> None:
    text = FRAMEWORKS[framework].script(plan_of(new_trainer(Experiment()))).text
    assert 60 <= len(text.split("\n")) <= 125


@every_framework
@pytest.mark.parametrize("name", preset_names())
def test_every_preset_has_a_script(name: str, framework: str) -> None:
    script = FRAMEWORKS[framework].script(plan_of(new_trainer(preset(name))))
    ast.parse(script.text)
    assert bool(script.data) == bool(script.data_file)


@every_framework
def test_a_name_cannot_leave_its_comment(framework: str) -> None:
    name = 'Evil """\nimport os; os.abort()\n\\" \x00 \u2028 \u202e'
    experiment = replace(Experiment(), name=name)
    script = FRAMEWORKS[framework].script(plan_of(new_trainer(experiment)))
    calls = {ast.unparse(node) for node in ast.walk(ast.parse(script.text)) if isinstance(node, ast.Call)}
    assert not any("abort" in call for call in calls)
    assert "\x00" not in script.text
    assert "\u202e" not in script.text


@every_framework
def test_missing_samples_are_an_error(framework: str) -> None:
    experiment = replace(Experiment(), data=DataSettings(dataset=DrawnSource(points=())))
    with pytest.raises(PlaygroundError, match="point"):
        FRAMEWORKS[framework].script(plan_of(new_trainer(experiment)))


@every_framework
def test_the_same_experiment_gives_the_same_text(framework: str) -> None:
    assert script_of("dropout inverted", framework).text == script_of("dropout inverted", framework).text


def test_a_data_file_has_the_samples_and_equal_bytes() -> None:
    first, again = script_of("data in a file", "numpy"), script_of("data in a file", "numpy")
    assert first.data_file == "case-data.npz"
    assert first.data == again.data
    assert "SAMPLES" not in first.text
    assert npz_bytes({"a": np.arange(3.0)}) == npz_bytes({"a": np.arange(3.0)})


def test_first_weights_of_tensorflow_playground_are_written_out() -> None:
    experiment = parse_link("https://playground.tensorflow.org/#networkShape=3&seed=0.5&batchSize=10").experiment
    trainer = new_trainer(experiment)
    text = FRAMEWORKS["numpy"].script(plan_of(trainer)).text
    value = float(trainer.network.weights(0)[1, 2])
    assert repr(value) in text
    assert "np.full(n, 0.1)" in text


def test_a_difference_from_the_app_is_stated() -> None:
    training = replace(Experiment().training, batch_size=7, as_tf_playground=True)
    text = FRAMEWORKS["torch"].script(plan_of(new_trainer(Experiment(training=training)))).text
    assert "apart from this:" in text
    assert "incomplete batch" in text
    assert "apart from this:" not in script_of("optimizer sgd", "torch").text
    assert "random masks of Keras" in script_of("dropout inverted", "keras").text


def test_the_recipe_is_in_the_script() -> None:
    text = FRAMEWORKS["torch"].script(plan_of(trainer_of("optimizer adam"))).text
    assert "circle, 2-4-3-1 tanh, Xavier uniform, Adam α = 0.01, B = 10, seed 1." in text
