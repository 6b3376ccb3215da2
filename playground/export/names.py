"""Names of exported files: after what they show, and never one that is taken."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from pathlib import Path
from typing import Final

MAX_LENGTH: Final = 80


def slug(text: str) -> str:
    """Return ``text`` as part of a file's name: letters, digits and hyphens, such as ``vanishing-gradient-depth-5``."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("→", " to "))
    words = "".join(c if c.isalnum() or c == "." else " " for c in plain if not unicodedata.combining(c)).split()
    return "-".join(words).strip(".-")[:MAX_LENGTH].strip(".-")


def free_path(path: Path, taken: Collection[Path] = ()) -> Path:
    """Return ``path``, or with a number after its stem where such a file exists or the name is ``taken``."""
    number, free = 1, path
    while free in taken or free.exists() or free.is_symlink():
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free
