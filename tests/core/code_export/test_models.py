"""The trained network as ONNX, .npz and safetensors: each gives the same predictions as the network."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load as load_tensors

from core.code_export.frameworks import FRAMEWORKS
from core.code_export.model_formats import MODEL_FORMATS, state_dict
from core.code_export.onnx_model import onnx_bytes
from core.experiment.experiment_file import from_builtins
from core.training.training_run import train
from tests.core.code_export.cases import (
    CASES,
    fingerprint,
    fixed_features,
    fixed_network,
    plan_of,
    trainer_of,
)

GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "code_export.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("name", CASES)
def test_onnxruntime_predicted_the_same(name: str) -> None:
    trainer = trainer_of(name)
    network = fixed_network(trainer)
    digest = hashlib.sha256(onnx_bytes(plan_of(trainer), network, ())).hexdigest()
    assert digest == GOLDEN[name]["model"], (
        "the model has changed since onnxruntime ran it: run tests/golden/make_code_golden.py again"
    )
    expected = network.predict(fixed_features(trainer))
    np.testing.assert_allclose(np.array(GOLDEN[name]["onnx"]), expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", CASES)
def test_pytorch_predicted_the_same_with_the_safetensors(name: str) -> None:
    trainer = trainer_of(name)
    assert fingerprint(FRAMEWORKS["torch"].script(plan_of(trainer))) == GOLDEN[name]["script"]
    expected = fixed_network(trainer).predict(fixed_features(trainer))
    np.testing.assert_allclose(np.array(GOLDEN[name]["restored"]), expected, rtol=0, atol=1e-12)


def test_onnxruntime_predicts_the_same_here() -> None:
    runtime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed; its stored results are compared")
    trainer = trainer_of("several alphas")
    run = train(trainer, epochs=3)
    session = runtime.InferenceSession(MODEL_FORMATS["onnx"].encode(plan_of(trainer), run.final))
    (predicted,) = session.run(["prediction"], {"features": trainer.data.x_test.astype(np.float32)})
    np.testing.assert_allclose(predicted, run.final.predict(trainer.data.x_test), rtol=1e-6, atol=1e-6)


def test_the_tensors_are_those_of_the_network_with_notes() -> None:
    trainer = trainer_of("learned and fixed alphas")
    network = fixed_network(trainer)
    plan = plan_of(trainer)
    content = MODEL_FORMATS["safetensors"].encode(plan, network)
    tensors = load_tensors(content)
    assert {key: value.tolist() for key, value in tensors.items()} == {
        key: value.tolist() for key, value in state_dict(plan, network).items()
    }
    assert np.array_equal(tensors["0.weight"], network.weights(0).T)
    assert tensors["1.weight"].tolist() == [0.25]
    assert "3.weight" not in tensors  # a fixed alpha is no parameter
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    notes = json.loads(header["__metadata__"]["nn_playground"])
    assert from_builtins(json.loads(notes["experiment"])) == trainer.experiment
    assert json.loads(notes["features"]) == ["x₁", "x₂"]


def test_dropout_modules_count_in_the_names() -> None:
    trainer = trainer_of("dropout inverted")
    content = MODEL_FORMATS["safetensors"].encode(plan_of(trainer), fixed_network(trainer))
    assert set(load_tensors(content)) == {f"{index}.{kind}" for index in (1, 4, 7) for kind in ("weight", "bias")}


def test_the_npz_can_be_read_without_pickle() -> None:
    trainer = trainer_of("regression")
    network = fixed_network(trainer)
    content = MODEL_FORMATS["npz"].encode(plan_of(trainer), network)
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        a = fixed_features(trainer)
        a = np.tanh(a @ archive["W1"] + archive["b1"])
        a = np.tanh(a @ archive["W2"] + archive["b2"])
        a = a @ archive["W3"] + archive["b3"]
        assert from_builtins(json.loads(str(archive["experiment"]))) == trainer.experiment
        assert float(str(archive["target_scale"])) == trainer.data.target_scale
    np.testing.assert_allclose(a, network.predict(fixed_features(trainer)), rtol=0, atol=1e-12)


@pytest.mark.parametrize("key", MODEL_FORMATS)
def test_equal_networks_give_equal_bytes(key: str) -> None:
    trainer = trainer_of("dropout inverted")
    encode = MODEL_FORMATS[key].encode
    assert encode(plan_of(trainer), fixed_network(trainer)) == encode(plan_of(trainer), fixed_network(trainer))
