"""Decompress data from the metadata of an untrusted file."""

from __future__ import annotations

import zlib
from typing import Final

from core.errors import PlaygroundError

MAX_BYTES: Final = 256_000_000
"""Maximum size after decompression: the state of a network with 6 million parameters."""


def inflate(payload: bytes, magic: bytes) -> bytes:
    """Return the compressed content of ``payload`` after ``magic``.

    Raises:
        PlaygroundError: it does not begin with ``magic``, is damaged, or is too large.
    """
    if not payload.startswith(magic):
        raise PlaygroundError("the experiment in it is of another version, or damaged")
    inflater = zlib.decompressobj()
    try:
        content = inflater.decompress(payload[len(magic) :], MAX_BYTES)
    except zlib.error as error:
        raise PlaygroundError(f"the experiment in it is damaged ({error})") from None
    if inflater.unconsumed_tail:
        raise PlaygroundError(f"the experiment in it is too large (more than {MAX_BYTES // 1_000_000} MB)")
    if not inflater.eof:
        raise PlaygroundError("the experiment in it is damaged (it is cut off)")
    return content
