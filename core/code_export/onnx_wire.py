"""Write ONNX models in the wire format of protocol buffers: the few messages that a network of dense layers needs.

Source:
    ``onnx.proto`` (ONNX 1.12, Apache-2.0) for the field numbers; protobuf.dev, "Encoding", for the format.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final

import numpy as np

from core.arrays import Floats

OPSET: Final = 17
"""Version of the operators: that of ONNX 1.12 (2022), which all current runtimes read."""

IR_VERSION: Final = 8
"""Version of the format, likewise that of ONNX 1.12."""

_FLOAT: Final = 1
_VARINT, _BYTES, _FIXED32 = 0, 2, 5


def model(
    nodes: Sequence[bytes],
    constants: Sequence[bytes],
    inputs: int,
    outputs: int,
    name: str,
    notes: Sequence[tuple[str, str]],
) -> bytes:
    """Return a model with one input ``features`` (N, inputs) and one output ``prediction`` (N, outputs), in float32.

    Args:
        nodes: what :func:`node` returned, in the order of the computation.
        constants: what :func:`tensor` returned.
        inputs: number of features.
        outputs: number of outputs.
        name: name of the graph.
        notes: keys and values of the metadata.
    """
    graph = b"".join(
        (
            *(_message(1, each) for each in nodes),
            _text(2, name),
            *(_message(5, each) for each in constants),
            _message(11, _value_info("features", inputs)),
            _message(12, _value_info("prediction", outputs)),
        )
    )
    return b"".join(
        (
            _integer(1, IR_VERSION),
            _text(2, "NN Playground"),
            _message(7, graph),
            _message(8, _text(1, "") + _integer(2, OPSET)),
            *(_message(14, _text(1, key) + _text(2, value)) for key, value in notes),
        )
    )


def node(operator: str, inputs: Sequence[str], output: str, attributes: Sequence[tuple[str, float | int]]) -> bytes:
    """Return a node that computes ``output``; an attribute is a float or an integer, by its type."""
    return b"".join(
        (
            *(_text(1, each) for each in inputs),
            _text(2, output),
            _text(3, f"{operator} {output}"),
            _text(4, operator),
            *(_message(5, _attribute(key, value)) for key, value in attributes),
        )
    )


def tensor(name: str, values: Floats) -> bytes:
    """Return ``values`` as a named constant in float32."""
    content = np.ascontiguousarray(values, dtype="<f4").tobytes()
    return b"".join(
        (*(_integer(1, size) for size in values.shape), _integer(2, _FLOAT), _text(8, name), _bytes(9, content))
    )


def _attribute(name: str, value: float | int) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _integer(3, value) + _integer(20, 2)
    return _text(1, name) + _tag(2, _FIXED32) + struct.pack("<f", value) + _integer(20, 1)


def _value_info(name: str, columns: int) -> bytes:
    shape = _message(1, _text(2, "N")) + _message(1, _integer(1, columns))
    return _text(1, name) + _message(2, _message(1, _integer(1, _FLOAT) + _message(2, shape)))


def _varint(value: int) -> bytes:
    parts = bytearray()
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def _tag(field: int, kind: int) -> bytes:
    return _varint(field << 3 | kind)


def _integer(field: int, value: int) -> bytes:
    return _tag(field, _VARINT) + _varint(value)


def _bytes(field: int, content: bytes) -> bytes:
    return _tag(field, _BYTES) + _varint(len(content)) + content


def _text(field: int, text: str) -> bytes:
    return _bytes(field, text.encode("utf-8", "replace"))


def _message(field: int, content: bytes) -> bytes:
    return _bytes(field, content)
