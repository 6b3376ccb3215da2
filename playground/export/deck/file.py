"""Write a deck so that equal slides give equal bytes: without time stamps."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pptx.presentation import Presentation

_FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)
_FIRST_DAY_STAMP: Final = struct.pack("<HH", 0, 0x21)
"""The earliest time that a ZIP file can contain: 1980-01-01 00:00, as time and date of MS-DOS."""

_DATE: Final = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")
_NOBODY: Final = b"<dc:creator></dc:creator>"
"""What the library writes as the author of a workbook; Excel writes a name."""

_FIXED: Final = rb"\g<1>1980-01-01T00:00:00Z\g<3>"


def content_of(deck: Presentation) -> bytes:
    """Return the content of the file with ``deck``."""
    for part in deck.part.package.iter_parts():
        if str(part.partname).endswith(".xlsx"):
            part._blob = _undated_workbook(part.blob)
    buffer = io.BytesIO()
    deck.save(buffer)
    return _undated(buffer.getvalue())


def _undated(content: bytes) -> bytes:
    """Return a ZIP file with the same time for each of its files."""
    body = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        at = archive.start_dir
        for member in archive.infolist():
            body[member.header_offset + 10 : member.header_offset + 14] = _FIRST_DAY_STAMP
            body[at + 12 : at + 16] = _FIRST_DAY_STAMP
            at += 46 + sum(struct.unpack_from("<HHH", content, at + 28))
    return bytes(body)


def _undated_workbook(content: bytes) -> bytes:
    """Return a workbook without the time at which it was made, unless another program made it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        properties = archive.read("docProps/core.xml") if "docProps/core.xml" in names else b""
        fixed = _DATE.sub(_FIXED, properties)
        if fixed == properties or _NOBODY not in properties:
            return content
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as written:
            for name in names:
                body = fixed if name == "docProps/core.xml" else archive.read(name)
                written.writestr(zipfile.ZipInfo(name, _FIRST_DAY), body, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
