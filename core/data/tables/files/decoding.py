"""Decode a text file: Unicode with or without a byte order mark, otherwise the likely or the chosen code page."""

from __future__ import annotations

import codecs
import contextlib
import re
import struct
from typing import Final, NamedTuple

from core.data.code_pages import ENCODINGS
from core.data.tables.files.code_page import likely_code_pages
from core.errors import TableError

_SAMPLE: Final = 65_536
_PIECE: Final = 1_000_000
_UTF16_SAMPLE: Final = 4096
_CONTROL_BYTES: Final = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


class Decoded(NamedTuple):
    """Decoded text with line feeds as line ends, its encoding, and whether that was guessed from the letters."""

    text: str
    encoding: str
    guessed: bool = False


def decode(content: bytes, name: str, encoding: str | None = None) -> Decoded:
    """Decode ``content`` in ``encoding``, by default in the most likely one.

    Raises:
        TableError: the content is not text, or not valid in that encoding.
    """
    chosen = encoding or _likely(content, name)
    mark = next((mark for mark, key in _MARKS if key == chosen and content.startswith(mark)), b"")
    guessed = False
    try:
        text = _in_pieces(content, len(mark), chosen)
    except UnicodeDecodeError:
        if encoding is not None:
            raise TableError(f"{name}: line {_bad_line(content, chosen)} is not {ENCODINGS[chosen]} text") from None
        if chosen.startswith("utf-16"):
            raise TableError(f"{name}: the file starts like UTF-16 text but is not valid UTF-16") from None
        text, chosen = _in_code_page(content)
        guessed = True
    if "\0" in text:
        raise TableError(f"{name}: this is a binary file, not a text table")
    return Decoded(text.replace("\r\n", "\n").replace("\r", "\n"), chosen, guessed)


def _in_code_page(content: bytes) -> tuple[str, str]:
    """Decode ``content`` in its most likely code page; return the text and the code page."""
    for encoding in likely_code_pages(content):
        with contextlib.suppress(UnicodeDecodeError):
            return _in_pieces(content, 0, encoding), encoding
    # Five bytes are undefined in Windows-1252; Latin-1 defines all.
    return content.decode("latin-1"), "windows-1252"


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
