"""The Experiment: the contract's example, names and defaults."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from core.errors import ExperimentError
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.experiment.experiment_file import checked, dump, from_builtins, parse, to_builtins
from core.formulas.optimizers import OPTIMIZERS

CONTRACT = """
{
  "format": 1,
  "name": "Vanishing gradient",
  "data": {"dataset": "circle", "samples": 500, "noise": 0.0, "test_fraction": 0.5, "standardize": false,
           "features": ["x1", "x2"], "seed": 1},
  "network": {"hidden": [{"units": 4, "activation": "tanh", "initializer": "xavier_uniform", "gain": 1.0, "dropout": 0.0}],
              "input_dropout": 0.0, "output_activation": "auto", "output_initializer": "xavier_uniform",
              "output_gain": 1.0, "seed": 1},
  "training": {"loss": "auto", "optimizer": "sgd", "learning_rate": 0.03, "momentum": 0.0, "batch_size": 10,
               "l1": 0.0, "l2": 0.0, "clip_norm": null, "dropout_scaling": "inverted", "shuffle": true, "seed": 1}
}
"""

NAMES = {
    "activation": "identity threshold sigmoid tanh relu leaky_relu prelu elu selu gelu swish softplus mish",
    "initializer": "zeros constant uniform normal fan_in_uniform xavier_uniform xavier_normal he_uniform he_normal "
    "lecun_normal orthogonal",
    "loss": "auto squared_error binary_cross_entropy cross_entropy huber",
    "optimizer": "sgd momentum nesterov adagrad rmsprop adam adamw",
    "dataset": "circle xor gauss spiral moons plane gauss_bumps sine student_day iris digits",
    "dropout_scaling": "inverted at_test_time none",
}


def test_the_contracts_example_is_read_key_by_key() -> None:
    experiment = parse(CONTRACT)
    assert experiment.name == "Vanishing gradient"
    assert experiment.data == DataSettings(standardize=False, features=("x1", "x2"))
    assert experiment.network == NetworkSettings(hidden=(HiddenLayer(units=4),))
    assert experiment.training == TrainingSettings()


def test_omitted_keys_take_their_defaults() -> None:
    assert parse("{}") == Experiment()
    assert parse('{"training":{"l2":0.5}}').training == TrainingSettings(l2=0.5)


def test_omitted_hyper_parameters_take_the_optimizers_defaults() -> None:
    for key, entry in OPTIMIZERS.items():
        training = parse(f'{{"training":{{"optimizer":"{key}"}}}}').training
        assert training.optimizer_arguments() == tuple(each.default for each in entry.hyper_parameters)
    experiment = parse('{"training":{"optimizer":"adam","momentum":0.5,"hyper_parameters":{"beta_2":0.9,"rho":0.1}}}')
    assert experiment.training.optimizer_arguments() == (0.9, 0.9, 1e-8)
    assert parse(dump(experiment)) == experiment
    assert '"hyper_parameters": {}' in dump(Experiment())


def test_the_defaults_are_those_of_tf_playground() -> None:
    experiment = Experiment()
    assert [(layer.units, layer.activation) for layer in experiment.network.hidden] == [(4, "tanh"), (2, "tanh")]
    assert (experiment.data.dataset, experiment.data.samples, experiment.data.test_fraction) == ("circle", 500, 0.5)
    assert (experiment.training.batch_size, experiment.training.learning_rate) == (10, 0.03)


@pytest.mark.parametrize(("key", "name"), [(key, name) for key, names in NAMES.items() for name in names.split()])
def test_every_name_of_the_contract_is_accepted(key: str, name: str) -> None:
    part = {"dataset": "data", "activation": "network", "initializer": "network"}.get(key, "training")
    settings = {"hidden": [{key: name}]} if part == "network" else {key: name}
    assert from_builtins({part: settings})


def test_the_output_takes_softmax_and_hidden_layers_do_not() -> None:
    assert from_builtins({"network": {"output_activation": "softmax"}})
    with pytest.raises(ExperimentError, match="activation"):
        from_builtins({"network": {"hidden": [{"activation": "softmax"}]}})


def test_values_built_in_code_are_checked_by_the_same_limits() -> None:
    assert checked(Experiment()) == Experiment()
    wrong = replace(Experiment(), training=TrainingSettings(learning_rate=-1.0))
    with pytest.raises(ExperimentError, match=r"^\$\.training\.learning_rate: expected a number > 0, got -1"):
        checked(wrong)


def test_experiments_are_immutable_and_compare_by_value() -> None:
    with pytest.raises(AttributeError):
        Experiment().name = "x"  # type: ignore[misc]
    assert hash(Experiment()) == hash(parse("{}"))


def test_a_users_table_names_its_file_and_target() -> None:
    value = {"data": {"dataset": {"csv": "a.csv", "target": "y", "inputs": ["p", "q"], "task": "regression"}}}
    experiment = from_builtins(value)
    written = to_builtins(experiment)["data"]["dataset"]
    assert written.items() >= value["data"]["dataset"].items()
    assert from_builtins({"data": {"dataset": written}}) == experiment


def test_every_key_is_written() -> None:
    written = to_builtins(Experiment())
    for part, kind in (("data", DataSettings), ("network", NetworkSettings), ("training", TrainingSettings)):
        assert set(written[part]) == {field.name for field in msgspec.structs.fields(kind)}
    assert set(written["network"]["hidden"][0]) == {field.name for field in msgspec.structs.fields(HiddenLayer)}
