"""Write a PNG: three times as fast as Qt's writer, at the same size, and without the GIL.

Qt chooses a filter for each row, which is made for photographs and takes most of its time. Without a filter, areas of one
colour compress as well. Format: https://www.w3.org/TR/png-3/
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
"""(height, width, 3), red, green and blue, or 4 channels with opacity."""

LEVEL: Final = 4
"""Level of zlib; 2 is 1.6 times as fast with files larger by a quarter, 6 is slower without smaller files."""

STRIPE: Final = 128
"""Number of rows that are compressed at once."""

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_COLOUR_TYPES: Final = {3: 2, 4: 6}
_PIXELS_PER_METRE: Final = 3780
"""96 dots per inch."""


def png_bytes(pixels: Pixels, texts: Mapping[str, str]) -> bytes:
    """Return ``pixels`` (height, width, 3 or 4 channels) as the content of a PNG file with ``texts`` in its metadata."""
    height, width, channels = pixels.shape
    stripes = (pixels[top : top + STRIPE] for top in range(0, height, STRIPE))
    return png_of_stripes(stripes, (width, height, channels), texts)


def png_of_stripes(stripes: Iterable[Pixels], shape: tuple[int, int, int], texts: Mapping[str, str]) -> bytes:
    """Return a picture given in stripes of ``STRIPE`` rows or fewer as the content of a PNG file.

    Args:
        stripes: the stripes from top to bottom, which are compressed one after another: a large picture is 200 MB.
        shape: width, height and number of channels of the picture.
        texts: metadata.
    """
    width, height, channels = shape
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((8, _COLOUR_TYPES[channels], 0, 0, 0))
    resolution = 2 * _PIXELS_PER_METRE.to_bytes(4, "big") + b"\x01"
    return b"".join(
        (
            _SIGNATURE,
            _chunk(b"IHDR", header),
            _chunk(b"pHYs", resolution),
            *(_chunk(b"iTXt", _text(key, text)) for key, text in texts.items()),
            _chunk(b"IDAT", _compressed(stripes, width * channels)),
            _chunk(b"IEND", b""),
        )
    )


def _compressed(stripes: Iterable[Pixels], length: int) -> bytes:
    """Return the rows of ``length`` bytes, each after a zero for no filter."""
    stripe = np.zeros((STRIPE, 1 + length), np.uint8)
    compressor = zlib.compressobj(LEVEL)
    pieces = []
    for pixels in stripes:
        rows = pixels.reshape(-1, length)
        stripe[: len(rows), 1:] = rows
        pieces.append(compressor.compress(stripe[: len(rows)].data))
    return b"".join((*pieces, compressor.flush()))


def _text(key: str, text: str) -> bytes:
    """Return keyword and text, uncompressed, without a language."""
    return key.encode("latin-1") + b"\x00\x00\x00\x00\x00" + text.encode("utf-8", "replace")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(data, zlib.crc32(kind)).to_bytes(4, "big")
