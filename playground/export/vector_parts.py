"""Parse SVGs, and put those of several plots into one, side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree as ET

_SVG: Final = "http://www.w3.org/2000/svg"
_OWN: Final = {f"{{{_SVG}}}{name}" for name in ("title", "desc", "style")}
_CHUNK: Final = 1 << 16


def parsed(content: bytes) -> ET.Element:
    """Return the root element of ``content``."""
    parser = ET.XMLParser()  # noqa: S314 - trusted: written by Qt
    # In pieces, because the parser keeps the GIL, and large images would block the other threads.
    for start in range(0, len(content), _CHUNK):
        parser.feed(content[start : start + _CHUNK])
    root: ET.Element = parser.close()
    return root


def side_by_side(base: bytes, parts: Sequence[tuple[bytes, float, float]]) -> bytes:
    """Return the SVG ``base`` with the contents of ``parts`` in it, each (SVG, x, y).

    Names inside the parts, such as those of gradients, are made different.
    """
    root = parsed(base)
    for number, (content, x, y) in enumerate(parts):
        own = re.sub(rb'(id="|url\(#|href="#)', rb"\1part%d-" % number, content)
        group = ET.SubElement(root, f"{{{_SVG}}}g", {"transform": f"translate({x:g},{y:g})"})
        for child in parsed(own):
            if child.tag not in _OWN and child.get("width") != "100%":
                group.append(child)
    return bytes(ET.tostring(root))
