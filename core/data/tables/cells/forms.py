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
        letters, _ = _letters_and_forms("".join(texts))
        lines = [_letters_and_forms(text)[1] for text in texts]
        starts = np.cumsum([0, *map(len, texts[:-1])])
    else:
        letters, forms = _letters_and_forms(joined)
        lines = forms.split("\n")
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


def _letters_and_forms(text: str) -> tuple[Integers, str]:
    """Return the characters of ``text`` as numbers, and the text with 0 for each digit."""
    letters: Integers
    if text.isascii():
        letters = np.frombuffer(text.encode(), dtype=np.uint8)
        return letters, text.translate(_ZEROS)
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    is_digit = (letters > ord(_DIGIT)) & (letters <= ord("9"))  # beyond ASCII, a translation takes ten times as long
    return letters, np.where(is_digit, np.uint32(ord(_DIGIT)), letters).tobytes().decode("utf-32-le", "surrogatepass")


def _form(text: str, rows: Integers, letters: Integers, starts: Integers) -> Form:
    return Form(text, rows, letters, starts[rows])
