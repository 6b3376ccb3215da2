"""Put an origin into GIF, WebP and MP4 animations, and find it in untrusted files.

GIF has an application extension for it, and a comment with the recipe:
https://www.w3.org/Graphics/GIF/spec-gif89a.txt. WebP has an XMP packet with both:
https://developers.google.com/speed/webp/docs/riff_container. MP4 has a box of type ``uuid`` at its end, which players skip
(ISO/IEC 14496-12, 11.1).
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import quoteattr

from core.training.origins.origin import Origin, encode

GIF_SIGNATURES: Final = (b"GIF87a", b"GIF89a")

_APPLICATION: Final = b"NNPLAYGR1.0"
_BOX: Final = bytes.fromhex("6e6e706c617947524f554e44000100d1")
"""The type of the box in an MP4 file: any 16 bytes that no other program uses."""

_EXTENSION: Final = 0x21
_IMAGE: Final = 0x2C
_APPLICATION_LABEL: Final = 0xFF
_XMP_FLAG: Final = 0x04
_ATTRIBUTE: Final = re.compile(rb'\bnn:experiment="([A-Za-z0-9+/=]*)"')
_XMP: Final = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:nn="urn:nn-playground:1" nn:recipe={} nn:experiment="{}"/>'
    "</rdf:RDF></x:xmpmeta>"
)


def animation_with_origin(content: bytes, origin: Origin) -> bytes:
    """Return the animation ``content`` with ``origin`` in its metadata; unchanged if its format has no place for it."""
    if content.startswith(GIF_SIGNATURES):
        return _gif_with_origin(content, origin)
    if is_mp4(content):
        data = encode(origin)
        return content + struct.pack(">I", 24 + len(data)) + b"uuid" + _BOX + data
    return _webp_with_origin(content, origin) if is_webp(content) else content


def find_in_gif(content: bytes) -> bytes | None:
    """Return the origin in a GIF file, undecoded; ``None`` if there is none."""
    for label, data in _extensions(content):
        if label == _APPLICATION_LABEL and data.startswith(_APPLICATION):
            return data[len(_APPLICATION) :]
    return None


def find_in_webp(content: bytes) -> bytes | None:
    """Return the origin in a WebP file, undecoded; ``None`` if there is none."""
    for name, data in _riff_chunks(content):
        match = _ATTRIBUTE.search(data) if name == b"XMP " else None
        if match is not None:
            try:
                return base64.b64decode(match[1])
            except (binascii.Error, ValueError):
                return b""
    return None


def find_in_mp4(content: bytes) -> bytes | None:
    """Return the origin in an MP4 file, undecoded; ``None`` if there is none."""
    for kind, start, stop in _boxes(content):
        if kind == b"uuid" and content[start : start + 16] == _BOX and stop <= len(content):
            return content[start + 16 : stop]
    return None


def is_mp4_cut_off(content: bytes) -> bool:
    """Return whether an MP4 file ends within a box, or before the index of its pictures."""
    boxes = list(_boxes(content))
    return sum(kind == b"moov" for kind, _, _ in boxes) == 0 or any(stop > len(content) for _, _, stop in boxes)


def is_mp4(content: bytes) -> bool:
    """Return whether the file ``content`` is MP4."""
    return content[4:8] == b"ftyp"


def is_webp(content: bytes) -> bool:
    """Return whether the file ``content`` is WebP."""
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def _gif_with_origin(content: bytes, origin: Origin) -> bytes:
    recipe = origin.recipe.encode("utf-8", "replace")
    added = b"\x21\xfe" + _sub_blocks(recipe) if recipe else b""
    added += b"\x21\xff\x0b" + _APPLICATION + _sub_blocks(encode(origin))
    return content[:-1] + added + content[-1:]


def _sub_blocks(data: bytes) -> bytes:
    """Return ``data`` in blocks of at most 255 bytes, each after its length, and the empty block that ends them."""
    blocks = (data[start : start + 255] for start in range(0, len(data), 255))
    return b"".join(bytes([len(block)]) + block for block in blocks) + b"\x00"


def _extensions(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield label and data of every extension of a GIF file, up to the first damaged block."""
    at = 13 + _table_size(content, 10)
    while at + 1 < len(content):
        kind = content[at]
        if kind == _EXTENSION:
            data, after = _data_at(content, at + 2)
            yield content[at + 1], data
        elif kind == _IMAGE:
            # Position and size, flags, perhaps a colour table, the code size, and the pixels.
            _data, after = _data_at(content, at + 11 + _table_size(content, at + 9))
        else:
            return
        at = after


def _table_size(content: bytes, at: int) -> int:
    """Return the size in bytes of the colour table that the flags at ``at`` announce."""
    flags = content[at] if at < len(content) else 0
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _data_at(content: bytes, at: int) -> tuple[bytes, int]:
    """Return the data of the sub-blocks at ``at``, and the position after them."""
    pieces: list[bytes] = []
    while at < len(content) and content[at]:
        pieces.append(content[at + 1 : at + 1 + content[at]])
        at += 1 + content[at]
    return b"".join(pieces), at + 1


def _webp_with_origin(content: bytes, origin: Origin) -> bytes:
    """Return the file with an XMP chunk at its end, which its header announces."""
    at = content.find(b"VP8X", 12, 20)
    if at < 0:
        return content
    packed = base64.b64encode(encode(origin)).decode()
    packet = _XMP.format(quoteattr(origin.recipe), packed).encode("utf-8", "replace")
    body = bytearray(content)
    body[at + 8] |= _XMP_FLAG
    body += b"XMP " + struct.pack("<I", len(packet)) + packet + b"\0" * (len(packet) % 2)
    body[4:8] = struct.pack("<I", len(body) - 8)
    return bytes(body)


def _riff_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and data of every intact chunk of a RIFF file."""
    at = 12
    while at + 8 <= len(content):
        (length,) = struct.unpack_from("<I", content, at + 4)
        stop = at + 8 + length
        if stop > len(content):
            return
        yield content[at : at + 4], content[at + 8 : stop]
        at = stop + length % 2


def _boxes(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield type, start and end of the data of every box of an MP4 file; the last one may end beyond a file that is cut off."""
    at = 0
    while at + 8 <= len(content):
        (length,) = struct.unpack_from(">I", content, at)
        start = at + 8
        if length == 1 and at + 16 <= len(content):  # a large box, whose length follows in 64 bits
            (length,) = struct.unpack_from(">Q", content, at + 8)
            start = at + 16
        if length == 0:  # the last box, of the rest of the file
            length = len(content) - at
        stop = max(at + length, start)
        yield content[at + 4 : at + 8], start, stop
        if at + length < start:
            return  # damaged
        at = stop
