"""Hypothesis strategies for difficult values and small damages."""

from __future__ import annotations

import copy
import json
from typing import Any, TypeAlias

from hypothesis import strategies as st

Json: TypeAlias = Any
Edit: TypeAlias = tuple[int, str, Json]
"""The number of a position in a document, the kind of edit, and its value."""

EDGES: tuple[Json, ...] = (
    *(None, True, False, 0, 1, -1, 2, 10, 50, 51, 512, 513, 1000, 2**31, 2**53, 2**53 + 1, 2**63, 2**64, 10**40),
    *(0.0, -0.0, 0.5, 1.0, 0.999999, 1e-320, 1e308, 1.5, float("inf"), float("nan")),
    *(
        "",
        "a",
        "auto",
        "tanh",
        "softmax",
        "adam",
        "iris",
        "digits",
        "circle",
        "sine",
        "x1",
        "../x.csv",
        "~/x",
        "~nobody/x",
    ),
    *("\0", "\ud800", "½", "<b>", "a" * 300, "%s", "1e5", "0x1f"),
    *(
        [],
        {},
        [[]],
        [None],
        {"": 0},
        [0] * 60,
        ["x1", "x1"],
        {"csv": "x.csv", "target": "y"},
        {"csv": "", "target": ""},
        {"points": []},
        {"points": [[0.5, -1, 1], [2, 3, 2]]},
        {"points": [[0, 1], [1, 0]], "task": "regression", "inputs": 1},
    ),
)

scalars = st.sampled_from(EDGES) | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=8)
values = scalars | st.lists(scalars, max_size=3) | st.dictionaries(st.text(max_size=5), scalars, max_size=3)
edits = st.lists(
    st.tuples(st.integers(0, 10_000), st.sampled_from(("set", "set", "set", "remove", "add", "twice")), values),
    max_size=5,
)
damages = st.lists(st.tuples(st.integers(0, 1_000_000), st.integers(0, 3), st.binary(max_size=6)), max_size=2)


def edited(document: Json, changes: list[Edit]) -> Json:
    """Apply ``changes`` to ``document``, each at the position given by its number."""
    document = json.loads(json.dumps(document))
    for number, action, value in changes:
        value = copy.deepcopy(value)  # Hypothesis may draw the same object again
        places = list(_places(document))
        if not places:
            return value
        parent, key = places[number % len(places)]
        if action == "set":
            parent[key] = value
        elif action == "remove":
            del parent[key]
        elif action == "add" and isinstance(parent, dict):
            parent[f"{key}_"] = value
        elif isinstance(parent, list):
            parent.insert(key, parent[key])
    return document


def _places(document: Json) -> Any:
    """Yield each (container, key) in ``document``."""
    pairs = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for key, value in list(pairs):
        yield document, key
        if isinstance(value, dict | list):
            yield from _places(value)


def damaged(content: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    """Return ``content`` truncated, or with bytes inserted, removed or overwritten."""
    for number, action, piece in changes:
        at = number % (len(content) + 1)
        if action == 0:
            content = content[:at]
        elif action == 1:
            content = content[:at] + piece + content[at:]
        elif action == 2:
            content = content[:at] + content[at + len(piece) + 1 :]
        else:
            content = content[:at] + piece + content[at + len(piece) :]
    return content


def as_json(document: Json) -> bytes:
    """Serialize ``document`` as JSON, including NaN and infinity, which are invalid in JSON."""
    return json.dumps(document).encode()
