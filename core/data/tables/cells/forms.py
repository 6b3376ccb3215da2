"""Group texts by form, so that dates, times and durations are parsed once per form and their digits all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.arrays import Floats, Integers

_ZEROS: Final = str.maketrans("123456789", "0" * 9)
_DIGIT: Final = "0"


class Form(Struct, frozen=True, eq=False):
    """Texts that differ only in their digits.

    Attributes:
        text: one of them with 0 for each digit.
        rows: (n,): indices of the texts.
        letters: the characters of all texts, as numbers.
        starts: (n,): index of the first character of each text among the letters.
    """

    text: str
    rows: Integers
    letters: Integers
    starts: Integers

    def number(self, span: tuple[int, int]) -> Floats:
        """Return (n,) the numbers at ``span``; zeros for a group that did not match, whose span is (-1, -1).

        They may have a sign, which is ignored, and one decimal separator. With up to 15 digits they are rounded as by
        ``float``.
        """
        start, stop = span
        places = [place for place in range(start, stop) if self.text[place] == _DIGIT]
        value = np.zeros(len(self.rows))
        for place in places:
            value = 10.0 * value + (self.letters[self.starts + place] - ord(_DIGIT))
        separator = max(self.text.rfind(".", start, stop), self.text.rfind(",", start, stop))
        return value if separator < 0 else value / 10.0 ** (stop - 1 - separator)


def forms_of(texts: Sequence[str]) -> Iterator[Form]:
    """Yield the forms of ``texts``, in the order in which they first occur."""
    joined = "\n".join(texts)
    if joined.count("\n") >= len(texts):  # a text has several lines
        lines = [text.translate(_ZEROS) for text in texts]
        letters = _code_points("".join(texts))
        starts = np.cumsum([0, *map(len, texts[:-1])])
    else:
        lines = joined.translate(_ZEROS).split("\n")
        letters = _code_points(joined)
        starts = np.concatenate([[0], np.flatnonzero(letters == ord("\n")) + 1])
    index_of = dict.fromkeys(lines)
    index_of = dict(zip(index_of, range(len(index_of)), strict=True))
    if len(index_of) == 1:
        yield _form(lines[0], np.arange(len(texts)), letters, starts)
        return
    codes = np.fromiter(map(index_of.__getitem__, lines), np.int64, len(lines))
    order = np.argsort(codes, kind="stable")
    stops = np.cumsum(np.bincount(codes)).tolist()
    for (text, index), stop in zip(index_of.items(), stops, strict=True):
        yield _form(text, order[stops[index - 1] if index else 0 : stop], letters, starts)


def _code_points(text: str) -> Integers:
    data, kind = (text.encode(), np.uint8) if text.isascii() else (text.encode("utf-32-le", "surrogatepass"), np.uint32)
    letters: Integers = np.frombuffer(data, dtype=kind)
    return letters


def _form(text: str, rows: Integers, letters: Integers, starts: Integers) -> Form:
    return Form(text, rows, letters, starts[rows])
