"""Samples inside a script, compressed into one line of text, or in a file beside it."""

from __future__ import annotations

import base64
import zlib
from typing import Final

import numpy as np

from core.arrays import Floats
from core.code_export.plan import Plan, plain
from core.experiment.recipe import data_words

MAX_INLINE_BYTES: Final = 48_000
"""Maximum size of the compressed samples in a script: as base64, 64 000 characters."""

MAX_NAMES: Final = 12
"""Maximum number of features named in a comment."""

MAX_PACKED_BYTES: Final = 20 * MAX_INLINE_BYTES
"""Maximum size of samples for which compression is tried."""


def packed(table: Floats) -> bytes:
    """Return the numbers of ``table`` as compressed little-endian float64."""
    return zlib.compress(np.ascontiguousarray(table, dtype="<f8").tobytes(), 9)


def samples_of(plan: Plan) -> Floats:
    """Return training and test samples stacked vertically, features then targets, (N + N_test, D_in + K)."""
    data = plan.data
    train, test = np.hstack([data.x_train, data.y_train]), np.hstack([data.x_test, data.y_test])
    return np.vstack([train, test])


def data_lines(plan: Plan) -> tuple[list[str], str, Floats]:
    """Return the lines that define ``x_train``, ``y_train``, ``x_test`` and ``y_test``, and the file beside the script.

    Returns:
        The lines, the file's name and its samples; both are empty if the samples are part of the lines.
    """
    data, inputs, rows = plan.data, plan.architecture.inputs, len(plan.data.x_train)
    names = ", ".join(data.feature_names[:MAX_NAMES]) + (", ..." if len(data.feature_names) > MAX_NAMES else "")
    lines = [
        f"# -- Data: {plain(data_words(plan.experiment))}, {rows} training and {len(data.x_test)} test samples",
        f"# Features (columns of x): {plain(names)}." + _scaling(plan),
        _coding(plan),
    ]
    table = samples_of(plan)
    small = packed(table) if table.nbytes <= MAX_PACKED_BYTES else b""
    if small and len(small) <= MAX_INLINE_BYTES:
        text = base64.b64encode(small).decode()
        lines += [
            "# One line of text holds all numbers exactly: compressed float64, features and targets of each sample.",
            f'SAMPLES = "{text}"',
            f"table = np.frombuffer(zlib.decompress(base64.b64decode(SAMPLES))).reshape(-1, {table.shape[1]})",
        ]
        name = ""
    else:
        name = f"{plan.stem}-data.npz"
        lines += [
            "# Too many for this file: they are in the file beside it.",
            f'table = np.load(Path(__file__).with_name({name!r}))["samples"]',
        ]
    lines += [
        f"x_train, y_train = table[:{rows}, :{inputs}], table[:{rows}, {inputs}:]",
        f"x_test, y_test = table[{rows}:, :{inputs}], table[{rows}:, {inputs}:]",
    ]
    return lines, name, table if name else np.zeros((0, 0))


def _scaling(plan: Plan) -> str:
    data = plan.data
    scaled = bool(np.any(data.input_mean != 0.0) or np.any(data.input_scale != 1.0))
    return " They are standardized: mean 0, standard deviation 1." if scaled else ""


def _coding(plan: Plan) -> str:
    """Return a comment on the meaning of the targets."""
    data = plan.data
    classes = [plain(name) for name in data.class_names]
    if data.coding == "value":
        scaled = data.target_scale != 1.0 or data.target_offset != 0.0
        offset, scale = f"{data.target_offset:.6g}", f"{data.target_scale:.6g}"
        return "# Target: a number" + (f", standardized: (value - {offset}) / {scale}." if scaled else ".")
    if data.coding == "one_hot":
        shown = ", ".join(classes[:MAX_NAMES])
        return f"# Targets: a 1 in the column of the class ({shown})."
    low = "-1" if data.coding == "signed" else "0"
    return f"# Target: {low} for class {classes[0]}, 1 for class {classes[-1]}."
