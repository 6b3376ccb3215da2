"""Generate unused, descriptive names for exported files."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QStandardPaths

from core.files import exists

MAX_LENGTH: Final = 80


def slug(text: str) -> str:
    """Convert ``text`` to letters, digits and hyphens for a file name, such as ``vanishing-gradient-depth-5``."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("→", " to "))
    words = "".join(c if c.isalnum() or c == "." else " " for c in plain if not unicodedata.combining(c)).split()
    return "-".join(words).strip(".-")[:MAX_LENGTH].strip(".-")


def free_path(path: Path, taken: Collection[Path] = ()) -> Path:
    """Return ``path``, with a number appended to its stem if the file exists or is in ``taken``."""
    number, free = 1, path
    while free in taken or exists(free):
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free


def free_paths(folder: Path, stems: Iterable[str], suffix: str) -> list[Path]:
    """Return a path in ``folder`` for each of ``stems``, with a number appended where a file exists."""
    paths: list[Path] = []
    for stem in stems:
        paths.append(free_path(folder / f"{stem}.{suffix}", paths))
    return paths


def usual_folder() -> Path:
    """Return the folder for pictures, or that of the user if there is none."""
    pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    return Path(pictures) if pictures and Path(pictures).is_dir() else Path.home()
