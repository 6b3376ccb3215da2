"""Keep data of the app in a white PNG picture.

Programs that drop everything that they do not know from a deck, such as LibreOffice, keep pictures byte for byte. LibreOffice
writes pictures with equal pixels only once, so that the pixels have to differ as the data do.
"""

from __future__ import annotations

import hashlib
import zlib
from typing import Final

from core.training.origins.png_chunks import END, SIGNATURE, chunk, chunks

SLIDE: Final = b"nnSL"
"""Kind of the data that describe the figures of a slide."""

RUNS: Final = b"nnRU"
"""Kind of the runs that a slide shows."""

SIDE: Final = 16
"""Width and height in pixels: one for each bit of the digest of the data, 254 or 255 of 255."""

_HEADER: Final = bytes([0, 0, 0, SIDE, 0, 0, 0, SIDE, 8, 0, 0, 0, 0])
"""Width, height, bits per pixel, and shades of grey."""


def carrier(kind: bytes, data: bytes) -> bytes:
    """Return a PNG file with ``data`` in a chunk of ``kind``; equal data give equal bytes."""
    digest = int.from_bytes(hashlib.sha256(kind + data).digest(), "big")
    pixels = bytes(254 + (digest >> place & 1) for place in range(SIDE * SIDE))
    lines = b"".join(b"\0" + pixels[start : start + SIDE] for start in range(0, SIDE * SIDE, SIDE))
    picture = chunk(b"IHDR", _HEADER) + chunk(b"IDAT", zlib.compress(lines))
    return SIGNATURE + picture + chunk(kind, data) + chunk(END, b"")


def carried(content: bytes, kind: bytes) -> bytes | None:
    """Return the data of ``kind`` in the untrusted PNG file ``content``; ``None`` if there are none, or they are damaged."""
    if not content.startswith(SIGNATURE):
        return None
    return next((data for name, data in chunks(content) if name == kind), None)
