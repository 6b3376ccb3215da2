"""Put an origin into PNG and SVG files, and find it in untrusted PNG, SVG, PDF, GIF, WebP and MP4 files.

PNG has a private chunk ``nnPg`` for it, and a text chunk with the recipe. SVG has a ``metadata`` element, which no viewer
draws. PDF has an attachment, which Qt writes as a compressed stream.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from core.errors import PlaygroundError
from core.files import read_limited
from core.training.origins.animation_origin import (
    GIF_SIGNATURES,
    find_in_gif,
    find_in_mp4,
    find_in_webp,
    is_mp4,
    is_mp4_cut_off,
    is_webp,
)
from core.training.origins.inflating import MAX_BYTES
from core.training.origins.origin import MAGIC, Origin, decode, encode
from core.training.origins.png_chunks import END, SIGNATURE, chunk, chunks

ATTACHMENT: Final = "experiment.nn-playground"
"""Name of the attachment in a PDF."""

WITHOUT: Final = (
    "export the picture again with “Include the experiment”, and open the file itself: an image editor or messenger that saves "
    "it again drops the experiment"
)
MAX_FILE_BYTES: Final = 300_000_000
MAX_STREAMS: Final = 100_000
"""Maximum number of streams of a PDF that are searched."""

_CHUNK: Final = b"nnPg"
_ID: Final = "nn-playground-experiment"
_METADATA: Final = re.compile(rb'<metadata[^>]*\bid="nn-playground-experiment"[^>]*>([A-Za-z0-9+/=\s]*)</metadata>')
_STREAM: Final = re.compile(rb"\bstream\r?\n")


def png_with_origin(content: bytes, origin: Origin) -> bytes:
    """Return the PNG file ``content`` with ``origin`` in separate chunks before its end."""
    end = content.rindex(END) - 4
    text = b"Description\x00\x00\x00\x00\x00" + origin.recipe.encode("utf-8", "replace")
    own = chunk(b"iTXt", text) + chunk(_CHUNK, encode(origin))
    return content[:end] + own + content[end:]


def svg_with_origin(content: bytes, origin: Origin) -> bytes:
    """Return the SVG file ``content`` with ``origin`` and its recipe after the title."""
    packed = base64.b64encode(encode(origin)).decode()
    element = f'<desc>{escape(origin.recipe)}</desc><metadata id="{_ID}">{packed}</metadata>'
    return content.replace(b"</title>", b"</title>" + element.encode("utf-8", "replace"), 1)


def load_origin(path: Path) -> Origin:
    """Return the origin of the picture at ``path``.

    Raises:
        PlaygroundError: it cannot be read, is damaged, or has no origin; the message names the file.
    """
    try:
        content = read_limited(path, MAX_FILE_BYTES)
    except OSError as error:
        raise PlaygroundError(f"{path}: cannot be read ({error.strerror or error})") from None
    if content is None:
        raise PlaygroundError(f"{path}: this file is too large (at most {MAX_FILE_BYTES // 1_000_000} MB)")
    payload = find(content)
    if payload is None and is_cut_off(content):
        raise PlaygroundError(f"{path}: this file is damaged or incomplete; copy or download it again")
    if payload is None:
        raise PlaygroundError(f"{path}: there is no experiment in it; {WITHOUT}")
    try:
        return decode(payload)
    except PlaygroundError as error:
        raise PlaygroundError(f"{path}: {error}") from None


def find(content: bytes) -> bytes | None:
    """Return the origin in the file ``content``, undecoded; ``None`` if there is none."""
    if content.startswith(SIGNATURE):
        return next((data for kind, data in chunks(content) if kind == _CHUNK), None)
    if content[:1024].lstrip().startswith(b"%PDF"):
        return next(_streams(content), None)
    if content.startswith(GIF_SIGNATURES):
        return find_in_gif(content)
    if is_webp(content):
        return find_in_webp(content)
    if is_mp4(content):
        return find_in_mp4(content)
    match = _METADATA.search(content)
    if match is None:
        return None
    try:
        return base64.b64decode(match[1])
    except (binascii.Error, ValueError):
        return b""


def is_cut_off(content: bytes) -> bool:
    """Return whether the picture file ``content`` lacks its end or has a damaged part before it."""
    if content.startswith(SIGNATURE):
        return all(kind != END for kind, _ in chunks(content))
    if content[:1024].lstrip().startswith(b"%PDF"):
        return b"%%EOF" not in content[-1024:]
    if content.startswith(GIF_SIGNATURES):
        return not content.endswith(b";")
    if is_webp(content):
        return len(content) < 8 + int.from_bytes(content[4:8], "little")
    if is_mp4(content):
        return is_mp4_cut_off(content)
    return b"<svg" in content[:4096] and b"</svg>" not in content[-1024:]


def _streams(content: bytes) -> Iterator[bytes]:
    """Yield every stream of a PDF file that begins like an origin, decompressed."""
    view = memoryview(content)
    for number, match in enumerate(_STREAM.finditer(content)):
        if number == MAX_STREAMS:
            return
        start = match.end()
        if content.startswith(MAGIC, start):
            stop = content.find(b"endstream", start)
            yield content[start : stop if stop >= 0 else None]
            continue
        inflater = zlib.decompressobj()
        try:
            begun = inflater.decompress(view[start : start + 4096], len(MAGIC))
            if begun != MAGIC:
                continue
            whole = zlib.decompressobj()
            yield whole.decompress(view[start:], MAX_BYTES)
        except zlib.error:
            continue
