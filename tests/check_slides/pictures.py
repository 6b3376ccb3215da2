"""Compare pictures that several programs draw of one figure, and put pictures on a contact sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

SHRUNK: Final = (480, 270)
"""Size at which pictures are compared, so that edges may be smoothed differently."""

BLURRED: Final = (120, 68)
"""The same if letters may be a little apart."""

FAR: Final = 64.0
MEAN: Final = {SHRUNK: 1.5, BLURRED: 3.0}
SHARE: Final = {SHRUNK: 0.002, BLURRED: 0.005}
"""Largest mean difference of a colour, from 0 to 255, and largest share of pixels that differ by more than ``FAR``."""

THUMBNAIL: Final = (480, 270)
COLUMNS: Final = 6


def difference(file: Path, program: str, drawn: Path, expected: Path, shrunk: tuple[int, int] = SHRUNK) -> list[str]:
    """Return a sentence if what ``program`` has drawn of ``file`` is not the picture ``expected``."""
    sizes, pixels = zip(_shrunk(drawn, shrunk), _shrunk(expected, shrunk), strict=True)
    if sizes[0] != sizes[1]:
        return [f"{file.parent.name}/{file.name}: {program} draws {sizes[0]} and not {sizes[1]} pixels"]
    apart = np.abs(pixels[0] - pixels[1]).max(axis=2)
    mean, share = float(apart.mean()), float((apart > FAR).mean())
    if mean <= MEAN[shrunk] and share <= SHARE[shrunk]:
        return []
    return [f"{file.parent.name}/{file.name}: {program} draws another picture: {mean:.2f} on average, {share:.2%} far"]


def contact_sheet(files: Sequence[Path]) -> Image.Image:
    """Return all pictures side by side, each with its name."""
    width, height = THUMBNAIL[0] + 8, THUMBNAIL[1] + 24
    sheet = Image.new("RGB", (COLUMNS * width, max(math.ceil(len(files) / COLUMNS), 1) * height), "#808080")
    pen = ImageDraw.Draw(sheet)
    for number, file in enumerate(files):
        x, y = number % COLUMNS * width, number // COLUMNS * height
        with Image.open(file) as image:
            sheet.paste(image.convert("RGB").resize(THUMBNAIL, Image.Resampling.BOX), (x + 4, y + 20))
        pen.text((x + 6, y + 4), f"{file.parent.name}/{file.name}", fill="white")
    return sheet


def _shrunk(path: Path, size: tuple[int, int]) -> tuple[tuple[int, int], npt.NDArray[np.float64]]:
    with Image.open(path) as image:
        white = Image.new("RGBA", image.size, "white")
        white.alpha_composite(image.convert("RGBA"))
        return image.size, np.asarray(white.convert("RGB").resize(size, Image.Resampling.BOX), np.float64)
