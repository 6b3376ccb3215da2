"""Mutate documents, texts and bytes with knowledge of their structure; every choice comes from a given generator."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from random import Random
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")
Json: TypeAlias = Any

EDGES: tuple[Json, ...] = (
    *(None, True, False, 0, 1, -1, 2, 3, 9, 10, 50, 51, 99, 512, 513, 1000, 2**31, 2**53, 2**53 + 1, 2**63, 2**64),
    *(10**40, 0.0, -0.0, 0.5, 1.0, 0.999999, 1e-320, 1e6, 1e308, 1.5, float("inf"), float("-inf"), float("nan")),
    *("", "a", "auto", "tanh", "softmax", "adam", "iris", "digits", "circle", "sine", "x1", "x1_x2", "classification"),
    *("../x.csv", "~/x", "~nobody/x", "\0", "\ud800", "½", "<b>", "a" * 300, "%s", "1e5", "0x1f", "\x1b[31m", "\u202e"),
    *([], {}, [[]], [None], {"": 0}, [0] * 60, ["x1", "x1"], [[[[[[[[]]]]]]]], [1.5, "a", None]),
    *({"csv": "x.csv", "target": "y"}, {"csv": "", "target": ""}, {"csv": "\0", "target": "y"}, {"points": []}),
    {"points": [[0.5, -1, 1], [2, 3, 2]]},
    {"points": [[0, 1], [1, 0]], "task": "regression", "inputs": 1},
)
"""Values at and beyond the limits, of the wrong type, and names that mean something elsewhere."""

_JSON_PIECES = (
    *(b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"\\u", b"\\ud800", b"\\u0000", b"null", b"1e999", b"-", b"0"),
    *(
        b"00",
        b"NaN",
        b"Infinity",
        b"\xff",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\0",
        b"\n",
        b"\xef\xbb\xbf",
        b"[" * 3000,
        b"9" * 400,
    ),
    *(b'{"":' * 2000, b"//", b"'", b"\x1b", b"1" * 5000),
)
_WORDS = (0, 1, 2**31, 2**32 - 1, 2**40, 2**53, 2**63 - 1, 2**63, 2**64 - 1, 0x7FF0000000000000, 0x7FF8000000000000)
_LETTERS = 'aZ09_-+.,;:#"% \t\n\r\0\x1b\x85é½日\u200b\u202e\u2028\ufeff\U0001f600'


def pick(rng: Random, options: Sequence[T]) -> T:
    """Return one of ``options``."""
    return options[int(rng.random() * len(options))]


def number_text(rng: Random) -> str:
    """Return a number as text: whole or not, any exponent, perhaps infinite or NaN."""
    kind = rng.random()
    if kind < 0.3:
        return str(int(rng.random() * 60) - 5)
    if kind < 0.6:
        return repr(round(rng.random() * 10.0, 2))
    return repr(any_float(rng)) if kind < 0.9 else str(rng.getrandbits(70) - 2**69)


def any_float(rng: Random) -> float:
    """Return a float of any bits."""
    (value,) = struct.unpack("<d", rng.getrandbits(64).to_bytes(8, "little"))
    return float(value)


def letters(rng: Random, most: int = 6) -> str:
    """Return a short text of letters, separators, and characters that are seldom meant."""
    return "".join(pick(rng, _LETTERS) for _ in range(int(rng.random() * (most + 1))))


def value(rng: Random) -> Json:
    """Return a value of any type."""
    kind = rng.random()
    if kind < 0.55:
        return pick(rng, EDGES)
    if kind < 0.65:
        return any_float(rng)
    if kind < 0.75:
        return int(rng.random() * 200) - 50
    if kind < 0.85:
        return round(rng.random() * 2.0, 3)
    if kind < 0.92:
        return letters(rng)
    if kind < 0.96:
        return [value(rng) for _ in range(int(rng.random() * 4))]
    return {letters(rng): value(rng) for _ in range(int(rng.random() * 3))}


class Document:
    """A JSON document of the corpus, with the paths of all its values."""

    def __init__(self, content: Json) -> None:
        self.text = json.dumps(content)
        self.paths = tuple(_paths(content, ()))


def edited(rng: Random, corpus: Sequence[Document], most: int = 4) -> Json:
    """Return a document of ``corpus`` after up to ``most`` edits: mostly few, so that most of it stays valid."""
    chosen = pick(rng, corpus)
    document = json.loads(chosen.text)
    for _ in range(_few(rng, most)):
        document = _edit(rng, document, chosen.paths, corpus)
    return document


def _few(rng: Random, most: int) -> int:
    """Return a number from 0 to ``most``; small ones are more frequent."""
    return int(rng.random() * rng.random() * (most + 1) + 0.4)


def _paths(content: Json, above: tuple[Any, ...]) -> Any:
    entries = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, inner in entries:
        yield (*above, key)
        yield from _paths(inner, (*above, key))


def _found(document: Json, path: Sequence[Any]) -> Json:
    """Return the value at ``path``; raises LookupError or TypeError if an earlier edit removed it."""
    for key in path:
        document = document[key]
    return document


def _edit(rng: Random, document: Json, paths: Sequence[tuple[Any, ...]], corpus: Sequence[Document]) -> Json:
    if not paths or rng.random() < 0.01:
        return value(rng)
    *above, key = pick(rng, paths)
    try:
        parent = _found(document, above)
        before = parent[key]
        kind = rng.random()
        if kind < 0.45:
            parent[key] = _near(rng, before)
        elif kind < 0.6:
            parent[key] = value(rng)
        elif kind < 0.7:
            other = pick(rng, corpus)
            parent[key] = _found(json.loads(other.text), (*above, key))
        elif kind < 0.8:
            del parent[key]
        elif isinstance(parent, list):
            parent.insert(key, before if kind < 0.95 else [before])
        elif kind < 0.9:
            parent[pick(rng, (f"{key}_", str(key)[:-1], letters(rng), str(key).upper()))] = before
        else:
            parent[key] = _found(document, pick(rng, paths))  # perhaps of itself, which cannot be written
            json.dumps(document)
    except (LookupError, TypeError, ValueError, RecursionError):
        return json.loads(pick(rng, corpus).text)
    return document


def _near(rng: Random, before: Json) -> Json:
    """Return a value of the same type, close to ``before`` or at a limit."""
    if isinstance(before, bool):
        return not before
    if isinstance(before, int):
        return pick(rng, (before + 1, before - 1, -before, before * 10, float(before), int(rng.random() * 60)))
    if isinstance(before, float):
        return pick(rng, (-before, before * 10.0, before / 10.0, before + 1.0, before // 1.0, round(rng.random(), 3)))
    if isinstance(before, str):
        return pick(rng, (before + "a", before[:-1], before.upper(), f" {before}", before * 40, letters(rng)))
    if isinstance(before, list):
        return pick(rng, (before * 2, before[:-1], before[::-1], before * 30))
    return value(rng)


def as_json(document: Json) -> bytes:
    """Serialize ``document`` as JSON, including NaN and infinity, which are invalid in JSON."""
    return json.dumps(document).encode()


def damaged(rng: Random, content: bytes, pieces: Sequence[bytes] = _JSON_PIECES) -> bytes:
    """Return ``content`` truncated, or with bytes inserted, removed, repeated, moved or overwritten once or twice."""
    for _ in range(1 if rng.random() < 0.7 else 2):
        at = int(rng.random() * (len(content) + 1))
        length = int(rng.random() ** 3 * 40) + 1
        match int(rng.random() * 8):
            case 0:
                content = content[:at]
            case 1 | 2:
                content = content[:at] + pick(rng, pieces) + content[at:]
            case 3:
                content = content[:at] + content[at + length :]
            case 4:
                content = content[:at] + content[at : at + length] * 3 + content[at + length :]
            case 5:
                piece = rng.randbytes(length)
                content = content[:at] + piece + content[at + length :]
            case 6:
                to = int(rng.random() * (len(content) + 1))
                content = content[:to] + content[at : at + length] + content[to:]
            case _:
                flipped = bytes([content[at] ^ (1 << int(rng.random() * 8))]) if at < len(content) else b""
                content = content[:at] + flipped + content[at + 1 :]
    return content


def with_words(rng: Random, content: bytes, most: int = 3) -> bytes:
    """Return ``content``, an array of 64-bit numbers, with a few of them replaced by unusual ones."""
    body = bytearray(content)
    for _ in range(int(rng.random() * (most + 1)) if len(body) >= 8 else 0):
        at = int(rng.random() * (len(body) // 8)) * 8
        word = pick(rng, _WORDS) if rng.random() < 0.6 else int(rng.random() * 400)
        body[at : at + 8] = word.to_bytes(8, "little")
    return bytes(body)
