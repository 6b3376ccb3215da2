"""Say a formula in words, for screen readers."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_NAMES: Final = {
    "=": "equals",
    "+": "plus",
    "-": "minus",
    "−": "minus",
    "<": "is less than",
    ">": "is greater than",
    "≤": "is at most",
    "≥": "is at least",
    "≈": "is about",
    "≠": "is not",
    "←": "becomes",
    "→": "to",
    "⋅": "times",
    "·": "times",
    "×": "times",
    "/": "over",
    "∑": "sum of",
    "∏": "product of",
    "∂": "partial",
    "√": "root of",
    "∞": "infinity",
    "′": "prime",
    "'": "prime",
    "…": "to",
    "‖": "‖",
    "∥": "‖",
    "λ": "lambda",
    "⊙": "times, entry by entry,",
    "ln": "log",
    "exp": "exponential of",
    "max": "maximum of",
    "min": "minimum of",
}
"""Words for symbols; Greek letters are called by their Unicode names."""

_PAIRS: Final = (
    (re.compile(r"‖ (.*?) ‖"), r"norm of \1"),
    (re.compile(r"\| (.*?) \|"), r"absolute value of \1"),
)
"""Signs that enclose what they apply to."""

_ACCENTS: Final = {"^": "hat", "¯": "bar", "‾": "bar", "―": "bar", "~": "tilde", "→": "vector", "⃗": "vector"}


@lru_cache(maxsize=1000)
def formula_in_words(latex: str) -> str:
    r"""Return ``latex`` as it is read aloud: ``\varphi'(z) \le 0.25`` is *phi prime (z) is at most 0.25*.

    A formula that cannot be read is returned as it is.
    """
    from xml.etree import ElementTree as ET

    from latex2mathml.converter import convert  # what ziamath reads LaTeX with; imported late like ziamath itself

    try:
        tree = ET.fromstring(convert(latex))  # noqa: S314 - written by the converter, not from an untrusted source
    except Exception:  # noqa: BLE001 - the converter raises all kinds of errors
        return latex
    spaced = " ".join(_said(tree).split())
    for pair, words in _PAIRS:
        spaced = pair.sub(words, spaced)
    for mark in (",", ")", "]"):
        spaced = spaced.replace(f" {mark}", mark)
    return spaced.replace("( ", "(").replace("[ ", "[")


def _said(node: Element) -> str:
    parts = list(node)
    match _tag(node):
        case "mfrac":
            return f"{_part(parts[0])} over {_part(parts[1])}"
        case "msqrt":
            return f"square root of {_part(node)}"
        case "msub":
            return f"{_said(parts[0])} {_part(parts[1])}"
        case "msup":
            return f"{_said(parts[0])} {_raised(parts[1])}"
        case "msubsup":
            return f"{_said(parts[0])} {_part(parts[1])} {_raised(parts[2])}"
        case "mover" | "munder" if len(parts) == 2:
            accent = (parts[1].text or "").strip()
            return f"{_said(parts[0])} {_ACCENTS.get(accent) or _said(parts[1])}"
        case "mi" | "mn" | "mo" | "mtext":
            return _word((node.text or "").strip())
        case _:
            return _joined(parts)


def _joined(parts: list[Element]) -> str:
    """Join ``parts`` by spaces, but the upright letters of a name such as ReLU without."""
    said, letters = [], ""
    for part in parts:
        if _tag(part) == "mi" and part.get("mathvariant") == "normal":
            letters += part.text or ""
            continue
        said.append(letters)
        letters = ""
        said.append(_said(part))
    return " ".join(each for each in (*said, letters) if each)


def _part(node: Element) -> str:
    """Say ``node``, in parentheses if it consists of more than a symbol with an index or a sign."""
    said = _joined(list(node)) if _tag(node) == "msqrt" else _said(node)
    is_simple = len(said.split()) <= 3 and not any(f" {_NAMES[sign]} " in said for sign in "+−=")
    return said if is_simple else f"({said})"


def _raised(node: Element) -> str:
    said = _said(node)
    if said in ("prime", "prime prime"):
        return said
    words = {"2": "squared", "3": "cubed", "T": "transposed"}
    return words.get(said) or f"to the power of {_part(node)}"


def _word(text: str) -> str:
    if text in _NAMES:
        return _NAMES[text]
    if len(text) == 1 and not text.isascii():
        name = unicodedata.name(text, "")
        if name.startswith("GREEK"):
            return name.split()[-1].lower()
    return text


def _tag(node: Element) -> str:
    return node.tag.rpartition("}")[2]
