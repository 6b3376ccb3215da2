"""Decode a text file: Unicode with or without a byte order mark, otherwise the likely or the chosen code page."""

from __future__ import annotations

import codecs
import re
import struct
from typing import Final, NamedTuple

from core.data.code_pages import ENCODINGS
from core.errors import TableError

_SAMPLE: Final = 65_536
_PIECE: Final = 1_000_000
_UTF16_SAMPLE: Final = 4096
_CONTROL_BYTES: Final = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))

# Bytes that are ą ł ż ź ś ť in Windows-1250, but in Windows-1252 ¹ ³ ¿ Ÿ œ …, which do not occur next to a letter.
_CENTRAL_EUROPEAN: Final = re.compile(rb"[A-Za-z][\xb9\xb3\xbf\xbe\x9f\x9d]|[\xb9\xb3\xbf\xbe\x9f\x9d][A-Za-z]")
_HIGH: Final = re.compile(rb"[\x80-\xff]+")
_COMMON_CHINESE: Final = re.compile("[\u4e00-\u9fa5\u3000-\u303f\uff00-\uffef]")


class Decoded(NamedTuple):
    """Decoded text with line feeds as line ends, and its encoding."""

    text: str
    encoding: str


def decode(content: bytes, name: str, encoding: str | None = None) -> Decoded:
    """Decode ``content`` in ``encoding``, by default in the most likely one.

    Raises:
        TableError: the content is not text, or not valid in that encoding.
    """
    chosen = encoding or _likely(content, name)
    mark = next((mark for mark, key in _MARKS if key == chosen and content.startswith(mark)), b"")
    try:
        text = _in_pieces(content, len(mark), chosen)
    except UnicodeDecodeError:
        if encoding is not None:
            raise TableError(f"{name}: line {_bad_line(content, chosen)} is not {ENCODINGS[chosen]} text") from None
        if chosen.startswith("utf-16"):
            raise TableError(f"{name}: the file starts like UTF-16 text but is not valid UTF-16") from None
        chosen = _code_page(content)
        # Five bytes are undefined in Windows-1252; Latin-1 defines all.
        text = content.decode(chosen, errors="strict" if chosen == "gb18030" else "replace")
        if chosen == "windows-1252" and "\ufffd" in text:
            text = content.decode("latin-1")
    if "\0" in text:
        raise TableError(f"{name}: this is a binary file, not a text table")
    return Decoded(text.replace("\r\n", "\n").replace("\r", "\n"), chosen)


def _in_pieces(content: bytes, start: int, encoding: str) -> str:
    """Decode ``content`` from ``start`` on in pieces, so that other threads can run between them."""
    decoder = codecs.getincrementaldecoder(encoding)()
    pieces = [decoder.decode(content[place : place + _PIECE]) for place in range(start, len(content), _PIECE)]
    return "".join([*pieces, decoder.decode(b"", final=True)])


def _bad_line(content: bytes, encoding: str) -> int:
    """Return the line (from 1) of the first byte that is invalid in ``encoding``."""
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        return content.count(b"\n", 0, error.start) + 1
    return 1


def _likely(content: bytes, name: str) -> str:
    """Return the likely encoding according to the first bytes; UTF-8 by default, which the rest may contradict."""
    for mark, key in _MARKS:
        if content.startswith(mark):
            return key
    if (wide := _unmarked_utf16(content)) is not None:
        return wide
    if _CONTROL_BYTES.search(content, 0, _SAMPLE) or b"\0" in content:
        raise TableError(f"{name}: this is a binary file, not a text table")
    return "utf-8"


def _unmarked_utf16(content: bytes) -> str | None:
    """Detect UTF-16 without a byte order mark by its line ends, in any script, and no control characters."""
    if len(content) < 8 or len(content) % 2 or b"\0" not in content[:_UTF16_SAMPLE]:
        return None
    for order, key in (("<", "utf-16-le"), (">", "utf-16-be")):
        units = {unit for (unit,) in struct.iter_unpack(f"{order}H", content[:_UTF16_SAMPLE])}
        if ord("\n") in units and not any(unit < ord("\t") or ord("\r") < unit < ord(" ") for unit in units):
            return key
    return None


def _code_page(content: bytes) -> str:
    """Return the likely code page of text that is not Unicode: Chinese, Central European or Western European."""
    sample = content[:_SAMPLE]
    runs = _HIGH.findall(sample)
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    beyond = [letter for letter in text[:_SAMPLE] if ord(letter) > 127]
    # Accented letters occur singly among ASCII letters; Chinese occurs in runs of byte pairs.
    paired = all(len(run) % 2 == 0 for run in (runs if len(content) <= _SAMPLE else runs[:-1]))
    if beyond and paired and all(map(_COMMON_CHINESE.match, beyond)):
        return "gb18030"
    return "windows-1250" if _CENTRAL_EUROPEAN.search(sample) else "windows-1252"
