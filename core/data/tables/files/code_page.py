"""Guess the code page of a text that is not Unicode, from the frequencies of letters in the languages of each code page."""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter
from typing import Final

from core.data.tables.files.letter_frequencies import COMMON_CHARACTERS, LATIN, OTHER_SCRIPTS

_SAMPLE: Final = 65_536
_MAX_WORDS: Final = 400
_MAX_WORD: Final = 48
"""Only this many bytes of a word are examined."""

_WORD: Final = re.compile(rb"[\x40-\xff]+")
"""The second byte of a Chinese, Japanese or Korean character is 0x40 or above."""

_ASCII_LETTER: Final = 0.04
_ASCII_LETTER_AMONG_OTHERS: Final = 1e-3
_UPPER: Final = 0.3
_UPPER_BELOW: Final = 0.003
"""Factor for a capital letter after a small one."""

_SYMBOLS: Final = frozenset("°²³µ€£§–—…“”„‘’«»½¼®©±·¿¡ºª£")
_SYMBOL: Final = 1e-3
_FOREIGN: Final = 3e-5
_NOT_TEXT: Final = 1e-7
_SHARE_OF_COMMON: Final = 0.6
_OTHER_CHARACTER: Final = 5e-5
_RARE_CHARACTER: Final = 1e-7
_PRIOR: Final = {"windows-1252": 0.0, "mac-roman": -3.5}
"""Logarithm of the prior probability of a code page relative to that of Windows-1252."""

_OTHER_PRIOR: Final = -2.0

# The characters that are taught or used every day come first in these code pages.
_COMMON_RANGES: Final = {
    "gb18030": ("gb2312", 0xB0, 0xD7),
    "big5": ("big5", 0xA4, 0xC6),
    "shift_jis": ("shift_jis", 0x81, 0x97),
    "euc-kr": ("euc-kr", 0xB0, 0xC8),
}


def likely_code_pages(content: bytes) -> list[str]:
    """Return the code pages in which ``content``, which is not Unicode, may be written, the most likely one first."""
    counts = Counter(word[: _MAX_WORD + 1] for word in _WORD.findall(content[:_SAMPLE]) if not word.isascii())
    words = [word for word, _ in counts.most_common(_MAX_WORDS)]
    scores = {
        encoding: _likelihood(words, encoding, languages) + _PRIOR.get(encoding, _OTHER_PRIOR)
        for encoding, languages in _models().items()
    }
    return sorted(scores, key=lambda encoding: -scores[encoding])


def _models() -> dict[str, list[dict[str, float]]]:
    """Return the probabilities of letters beyond ASCII in the languages of each code page."""
    latin = {encoding: list(map(_probabilities, languages)) for encoding, languages in LATIN.items()}
    others = {encoding: list(map(_probabilities, languages)) for encoding, languages in OTHER_SCRIPTS.items()}
    common = {
        encoding: [dict.fromkeys(characters, _SHARE_OF_COMMON / len(set(characters)))]
        for encoding, characters in COMMON_CHARACTERS.items()
    }
    return latin | {"mac-roman": latin["windows-1252"]} | others | common


def _probabilities(frequencies: str) -> dict[str, float]:
    parts = frequencies.split()
    return {letter: float(percent) / 100 for letter, percent in zip(parts[::2], parts[1::2], strict=True)}


def _likelihood(words: list[bytes], encoding: str, languages: list[dict[str, float]]) -> float:
    """Return the logarithm of the likelihood of ``words`` in the likeliest of ``languages``."""
    decoder = codecs.getincrementaldecoder(encoding)
    decoded = [decoder("replace").decode(word[:_MAX_WORD], len(word) <= _MAX_WORD) for word in words]
    is_latin = encoding in LATIN or encoding == "mac-roman"
    ascii_letter = _ASCII_LETTER if is_latin else _ASCII_LETTER_AMONG_OTHERS
    return max(sum(_of_word(word, encoding, language, ascii_letter) for word in decoded) for language in languages)


def _of_word(word: str, encoding: str, language: dict[str, float], ascii_letter: float) -> float:
    total, below = 0.0, False
    for letter in word:
        probability = ascii_letter if letter.isascii() else _of_letter(letter, encoding, language)
        if letter.isupper():
            probability *= _UPPER_BELOW if below else _UPPER
        below = letter.islower()
        total += math.log(probability)
    return total


def _of_letter(letter: str, encoding: str, language: dict[str, float]) -> float:
    known = language.get(letter) or language.get(letter.lower())
    if known is not None:
        return known
    if letter in _SYMBOLS:
        return _SYMBOL
    if encoding in _COMMON_RANGES:
        codec, first, last = _COMMON_RANGES[encoding]
        lead = letter.encode(codec, "replace")[0]
        return _OTHER_CHARACTER if first <= lead <= last else _RARE_CHARACTER
    return _FOREIGN if letter.isalpha() else _NOT_TEXT
