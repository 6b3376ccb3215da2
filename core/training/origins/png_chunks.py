"""Write and read the chunks of PNG files."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
END: Final = b"IEND"
_OWN: Final = b"nn"
"""Beginning of the kinds of the app's own chunks."""


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk as it is written."""
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and data of every intact chunk of a PNG file, up to the first that is cut off, or a damaged one of the app."""
    at = len(SIGNATURE)
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        stop = at + 8 + length
        if stop + 4 > len(content):
            return
        kind, data = content[at + 4 : at + 8], content[at + 8 : stop]
        if kind.startswith(_OWN) and zlib.crc32(kind + data) != int.from_bytes(content[stop : stop + 4], "big"):
            return
        yield kind, data
        at = stop + 4
