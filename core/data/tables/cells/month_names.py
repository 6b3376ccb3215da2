"""Write dates of other languages, such as ``1. März 2023``, ``1 de enero de 2023`` and ``2023年1月1日``, as English ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAMES: Final = {
    "Jan": "januar jänner janvier janv enero ene gennaio gen janeiro januari stycznia",
    "Feb": "februar feber février févr fév fevrier febrero febbraio fevereiro fev februari lutego",
    "Mar": "märz mär mars marzo março mart maart mrt marca",
    "Apr": "avril avr abril abr aprile april kwietnia",
    "May": "mai mayo maggio mag maio mei maj maja",
    "Jun": "juni juin junio giugno giu junho czerwca",
    "Jul": "juli juillet juil julio luglio lug julho lipca",
    "Aug": "august août aout agosto ago augustus augusti sierpnia",
    "Sep": "september sept septembre septiembre settembre set setembro września",
    "Oct": "oktober okt octobre octubre ottobre ott outubro out października",
    "Nov": "november novembre noviembre novembro listopada",
    "Dec": "dezember dez décembre déc decembre diciembre dic dicembre dezembro december grudnia",
    "": "de del er",
}
_ENGLISH: Final = {name: month for month, names in _NAMES.items() for name in names.split()}
_WORD: Final = re.compile(r"([^\W\d_]+)\.?")
_WHOLE_WORD: Final = re.compile(r"([^\W\d_]+\.?)")
_UNTIDY: Final = ("  ", "\n ", " \n", "\t", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x1f")
"""Blanks of which there are none in lines that ``" ".join(line.split())`` leaves as they are."""
_EAST_ASIAN: Final = re.compile(r"(\d{4}) ?[年년.] ?(\d{1,2}) ?[月월.] ?(?:(\d{1,2}) ?[日일.]?)?(?=[ T]|$)")
_PERHAPS_EAST_ASIAN: Final = re.compile(r"[年년.] ?\d")
_SEPARATORS: Final = ("年", "년", ". ")
_TRIED_FIRST: Final = 30
_MAX_LENGTH: Final = 40


def in_english(texts: Sequence[str]) -> Sequence[str]:
    """Return ``texts`` with the names of months in English, and East Asian dates as ISO dates, if the first ones need it."""
    first = texts[:_TRIED_FIRST]
    if any(len(text) > _MAX_LENGTH for text in first):
        return texts
    if any(separator in text for text in first for separator in _SEPARATORS) and _PERHAPS_EAST_ASIAN.search(
        "\n".join(texts)
    ):
        texts = [_EAST_ASIAN.sub(_iso, text) for text in texts]
    if any(_ENGLISH.get(word.lower()) for text in texts[:_TRIED_FIRST] for word in _WORD.findall(text)):
        translated = _translated("\n".join(texts))
        lines = translated.split("\n")
        if len(lines) == len(texts):
            texts = lines if _is_tidy(translated) else [" ".join(line.split()) for line in lines]
    return texts


def _iso(match: re.Match[str]) -> str:
    return "-".join(part for part in match.groups() if part)


def _is_tidy(text: str) -> bool:
    is_stripped = text[:1] != " " and text[-1:] != " "
    return text.isascii() and is_stripped and not any(blank in text for blank in _UNTIDY)


def _translated(text: str) -> str:
    """Return ``text`` with the names of months in English; each different word is looked up once."""
    parts = _WHOLE_WORD.split(text)
    words = parts[1::2]
    english = {word: _ENGLISH.get(word.removesuffix(".").lower(), word) for word in set(words)}
    parts[1::2] = map(english.__getitem__, words)
    return "".join(parts)
