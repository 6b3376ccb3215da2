"""From bytes to text: Unicode with or without a mark, else one of the code pages that a user can choose."""

from __future__ import annotations

import codecs
import re
from typing import Final, NamedTuple

from core.data.code_pages import ENCODINGS
from core.errors import TableError

_SAMPLE: Final = 65_536
_PIECE: Final = 1_000_000
_CONTROL_BYTES: Final = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))

# Bytes that are ą ł ż ź ś ť in Windows-1250 and ¹ ³ ¿ Ÿ œ … in Windows-1252, where no word has them beside a letter.
_CENTRAL_EUROPEAN: Final = re.compile(rb"[A-Za-z][\xb9\xb3\xbf\xbe\x9f\x9d]|[\xb9\xb3\xbf\xbe\x9f\x9d][A-Za-z]")
_HIGH: Final = re.compile(rb"[\x80-\xff]+")
_COMMON_CHINESE: Final = re.compile("[\u4e00-\u9fa5\u3000-\u303f\uff00-\uffef]")


class Decoded(NamedTuple):
    """A file as text with line feeds as line ends, and the encoding it was read in."""

    text: str
    encoding: str


def decode(content: bytes, name: str, encoding: str | None = None) -> Decoded:
    """Return ``content`` as text in ``encoding``, or in the most likely one.

    Raises:
        TableError: it is no text, or none in that encoding.
    """
    chosen = encoding or _likely(content, name)
    mark = next((mark for mark, key in _MARKS if key == chosen and content.startswith(mark)), b"")
    try:
        text = _in_pieces(content, len(mark), chosen)
    except UnicodeDecodeError:
        if encoding is not None:
            raise TableError(f"{name}: line {_bad_line(content, chosen)} is not {ENCODINGS[chosen]} text") from None
        if chosen.startswith("utf-16"):
            raise TableError(f"{name}: the file starts as UTF-16 text but does not go on so") from None
        chosen = _code_page(content)
        # Windows-1252 leaves five bytes undefined; Latin-1 has a character for each.
        text = content.decode(chosen, errors="strict" if chosen == "gb18030" else "replace")
        if chosen == "windows-1252" and "\ufffd" in text:
            text = content.decode("latin-1")
    if "\0" in text:
        raise TableError(f"{name}: this is a binary file, not a text table")
    return Decoded(text.replace("\r\n", "\n").replace("\r", "\n"), chosen)


def _in_pieces(content: bytes, start: int, encoding: str) -> str:
    """Return ``content`` from ``start`` on as text; other threads run between the pieces."""
    decoder = codecs.getincrementaldecoder(encoding)()
    pieces = [decoder.decode(content[place : place + _PIECE]) for place in range(start, len(content), _PIECE)]
    return "".join([*pieces, decoder.decode(b"", final=True)])


def _bad_line(content: bytes, encoding: str) -> int:
    """Return the line (from 1) of the first byte that is no text in ``encoding``."""
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        return content.count(b"\n", 0, error.start) + 1
    return 1


def _likely(content: bytes, name: str) -> str:
    """Return the encoding that the first bytes tell; UTF-8 where they do not, which the rest may refute."""
    for mark, key in _MARKS:
        if content.startswith(mark):
            return key
    if (wide := _unmarked_utf16(content)) is not None:
        return wide
    if _CONTROL_BYTES.search(content, 0, _SAMPLE) or b"\0" in content:
        raise TableError(f"{name}: this is a binary file, not a text table")
    return "utf-8"


def _unmarked_utf16(content: bytes) -> str | None:
    """Return the byte order of UTF-16 without a mark: in Latin text every other byte is zero."""
    sample = content[:4096]
    if len(sample) < 8 or len(content) % 2:
        return None
    even, odd = sample[::2].count(0) / len(sample[::2]), sample[1::2].count(0) / len(sample[1::2])
    if odd > 0.4 and even == 0:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 and odd == 0 else None


def _code_page(content: bytes) -> str:
    """Return the likely code page of text that is not Unicode: Chinese, Central European, else Western European."""
    sample = content[:_SAMPLE]
    runs = _HIGH.findall(sample)
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    beyond = [letter for letter in text[:_SAMPLE] if ord(letter) > 127]
    # Accented letters stand alone among others; Chinese comes in runs of byte pairs.
    paired = all(len(run) % 2 == 0 for run in (runs if len(content) <= _SAMPLE else runs[:-1]))
    if beyond and paired and all(map(_COMMON_CHINESE.match, beyond)):
        return "gb18030"
    return "windows-1250" if _CENTRAL_EUROPEAN.search(sample) else "windows-1252"
