"""Make a PDF depend on its content alone: no dates, and an identifier that follows from the content.

Everything is replaced in place by as many bytes, because a PDF refers to its objects by their offsets.
"""

from __future__ import annotations

import re
import uuid
from hashlib import sha256
from typing import Final

from PySide6.QtCore import QUuid

_IDENTITY: Final = uuid.UUID("9d7e4c0b-5a3f-4a86-8f1e-2f6d1c0b7a95")
PLACEHOLDER: Final = QUuid(f"{{{_IDENTITY}}}")
"""Identifier with which the PDF is written."""

_DATES: Final = re.compile(rb"/(?:Creation|Mod)Date \(D:[^()]{1,30}\)|xmp:\w+Date=\"[^\"]{1,40}\"")


def without_time(content: bytes) -> bytes:
    """Return the PDF ``content``, written with :data:`PLACEHOLDER`, without its dates and with its own identifier."""
    undated = _DATES.sub(lambda found: b" " * len(found[0]), content)
    own = uuid.UUID(bytes=sha256(undated).digest()[:16], version=4)
    for written, wanted in ((str(_IDENTITY), str(own)), (_hexadecimal(_IDENTITY), _hexadecimal(own))):
        undated = undated.replace(written.encode(), wanted.encode())
    return undated


def _hexadecimal(identity: uuid.UUID) -> str:
    """Return ``identity`` as in the trailer: its text, two hexadecimal digits for each character."""
    return str(identity).encode().hex()
