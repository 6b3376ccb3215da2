"""Plain text as LaTeX that every engine compiles."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_SPECIAL: Final[Mapping[str, str]] = MappingProxyType(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "$": r"\$",
        "&": r"\&",
        "#": r"\#",
        "%": r"\%",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\ensuremath{<}",
        ">": r"\ensuremath{>}",
        "|": r"\ensuremath{|}",
        "\u2009": r"\,",
        "\u202f": r"\,",
        "\u00a0": "~",
        "–": "--",
        "—": "---",
        "“": "``",
        "”": "''",
        "’": "'",
        "…": r"\dots{}",
    }
)
_MATHS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "−": "-",
        "×": r"\times",
        "÷": r"\div",
        "·": r"\cdot",
        "±": r"\pm",
        "∂": r"\partial",
        "∇": r"\nabla",
        "Δ": r"\Delta",
        "Σ": r"\Sigma",
        "√": r"\surd",
        "∞": r"\infty",
        "≈": r"\approx",
        "≤": r"\le",
        "≥": r"\ge",
        "∝": r"\propto",
        "→": r"\rightarrow",
        "←": r"\leftarrow",
        "‖": r"\|",
        "′": "'",
        "α": r"\alpha",
        "β": r"\beta",
        "δ": r"\delta",
        "ε": r"\epsilon",
        "λ": r"\lambda",
        "μ": r"\mu",
        "π": r"\pi",
        "σ": r"\sigma",
        "φ": r"\varphi",
        "ŷ": r"\hat{y}",
        "½": r"\tfrac{1}{2}",
    }
)
_RAISED: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_LOWERED: Final = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def latex(text: str) -> str:
    r"""Return ``text`` for LaTeX's text mode; symbols become maths, and unknown ones a question mark.

    A letter with subscripts or superscripts becomes one formula: ``W₁₁`` is ``\ensuremath{W_{11}}``.
    """
    parts: list[str] = []
    at = 0
    while at < len(text):
        stop = at + 1
        while stop < len(text) and text[stop] in _SCRIPTS:
            stop += 1
        parts.append(_with_scripts(text[at], text[at + 1 : stop]) if stop > at + 1 else _single(text[at]))
        at = stop
    return "".join(parts)


_SCRIPTS: Final = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹⁻₀₁₂₃₄₅₆₇₈₉")


def _single(letter: str) -> str:
    if letter in _SPECIAL:
        return _SPECIAL[letter]
    if letter in _MATHS:
        return rf"\ensuremath{{{_MATHS[letter]}}}"
    if letter in _SCRIPTS:
        return _with_scripts("", letter)
    return letter if letter.isascii() or letter.isalpha() and ord(letter) < 0x180 else "?"  # noqa: RUF021 - reads well


def _with_scripts(base: str, scripts: str) -> str:
    low = "".join(each for each in scripts if each in "₀₁₂₃₄₅₆₇₈₉").translate(_LOWERED)
    high = "".join(each for each in scripts if each not in "₀₁₂₃₄₅₆₇₈₉").translate(_RAISED)
    formula = _MATHS.get(base, base if base.isalnum() else "")
    before = "" if formula or not base else _single(base)
    indices = (f"_{{{low}}}" if low else "") + (f"^{{{high}}}" if high else "")
    return rf"{before}\ensuremath{{{formula or '{}'}{indices}}}"
