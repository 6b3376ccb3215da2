"""The registry of file formats for a trained network: ONNX, NumPy's .npz and safetensors."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct

from core.arrays import Floats
from core.code_export.archive import npz_bytes
from core.code_export.onnx_model import onnx_bytes
from core.code_export.plan import Plan
from core.code_export.torch_script import module_calls
from core.experiment.experiment_file import to_builtins
from core.network import Network

if TYPE_CHECKING:
    from collections.abc import Mapping


class ModelFormat(Struct, frozen=True, kw_only=True):
    """One file format.

    Attributes:
        key: the suffix without the dot.
        label: name in menus.
        encode: returns the content of a file with a network trained by a plan's experiment.
        explanation: one sentence on what the file is for.
    """

    key: str
    label: str
    encode: Callable[[Plan, Network], bytes]
    explanation: str


def _notes(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Return the metadata that a reader needs besides the parameters, as pairs of texts."""
    data = plan.data
    facts = {
        "recipe": plan.recipe,
        "features": json.dumps(list(data.feature_names), ensure_ascii=False),
        "feature_mean": json.dumps(data.input_mean.tolist()),
        "feature_scale": json.dumps(data.input_scale.tolist()),
        "classes": json.dumps(list(data.class_names), ensure_ascii=False),
        "targets": data.coding,
        "target_offset": repr(data.target_offset),
        "target_scale": repr(data.target_scale),
        "experiment": json.dumps(to_builtins(plan.experiment), ensure_ascii=False),
    }
    return tuple(facts.items())


def _onnx(plan: Plan, network: Network) -> bytes:
    return onnx_bytes(plan, network, _notes(plan))


def _npz(plan: Plan, network: Network) -> bytes:
    arrays: dict[str, Floats] = {}
    for index, layer in enumerate(plan.layers, start=1):
        arrays[f"W{index}"], arrays[f"b{index}"] = network.weights(index - 1), network.bias(index - 1)
        if layer.activation_entry.alpha is not None:
            arrays[f"alpha{index}"] = np.array(network.alpha(index - 1))
    notes = {name: np.array(text) for name, text in _notes(plan)}
    return npz_bytes({**arrays, **notes})


def _safetensors(plan: Plan, network: Network) -> bytes:
    from safetensors.numpy import save

    # One entry only: the library writes several in an order that changes from run to run.
    notes = {"nn_playground": json.dumps(dict(_notes(plan)), ensure_ascii=False)}
    content: bytes = save(state_dict(plan, network), metadata=notes)
    return content


def state_dict(plan: Plan, network: Network) -> dict[str, Floats]:
    """Return the parameters under the names that the PyTorch script's ``network.load_state_dict`` expects.

    PyTorch's weights are transposed, (fan_out, fan_in).
    """
    arrays: dict[str, Floats] = {}
    module = 0
    for index, (calls, layer) in enumerate(zip(module_calls(plan), plan.layers, strict=True)):
        for call in calls:
            if call.startswith("nn.Linear"):
                arrays[f"{module}.weight"] = np.ascontiguousarray(network.weights(index).T)
                arrays[f"{module}.bias"] = network.bias(index).copy()
            elif layer.learns_alpha and call is calls[-1]:
                arrays[f"{module}.weight"] = np.array([network.alpha(index)])
            module += 1
    return arrays


MODEL_FORMATS: Final[Mapping[str, ModelFormat]] = MappingProxyType(
    {
        each.key: each
        for each in (
            ModelFormat(
                key="onnx",
                label="ONNX",
                encode=_onnx,
                explanation="For onnxruntime, Netron and most other tools; float32.",
            ),
            ModelFormat(
                key="npz", label="NumPy arrays", encode=_npz, explanation="W1, b1, W2, b2, ... for numpy.load; float64."
            ),
            ModelFormat(
                key="safetensors",
                label="safetensors",
                encode=_safetensors,
                explanation="For load_state_dict of the PyTorch script's network; float64.",
            ),
        )
    }
)
"""Every format by its suffix, in menu order."""
