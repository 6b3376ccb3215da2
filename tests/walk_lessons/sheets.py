"""Create contact sheets of a lesson's pictures, small enough for an overview and large enough to read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

GAP: Final = 12
TITLE: Final = 16
STRIPS: Final = 4
"""Number of steps side by side on a sheet of texts."""

SMALL: Final = 1600
"""Up to this width, four windows fit on a sheet; of larger ones, two."""

CELL: Final = {2: 620, 1: 1050}
"""Width of a window on a sheet with so many columns, in pixels."""


def make_sheets(folder: Path) -> list[Path]:
    """Write sheets of the windows and of the texts in ``folder``, and return their paths."""
    pictures = sorted((p for p in folder.glob("[0-9]*.png")), key=_order)
    windows = [path for path in pictures if not path.stem.endswith(("-strip", "-before"))]
    strips = [path for path in pictures if path.stem.endswith("-strip")]
    made = []
    columns = 2 if windows and Image.open(windows[0]).width <= SMALL else 1
    for number, part in enumerate(_parts(windows, 2 * columns), start=1):
        sheet = _grid([_scaled(path, CELL[columns]) for path in part], [path.stem for path in part], columns)
        made.append(_saved(sheet, folder / f"sheet-windows-{number}.png"))
    for number, part in enumerate(_parts(strips, STRIPS), start=1):
        sheet = _grid([_scaled(path, 0) for path in part], [path.stem for path in part], STRIPS)
        made.append(_saved(sheet, folder / f"sheet-texts-{number}.png"))
    return made


def _order(path: Path) -> tuple[int, str]:
    number = re.match(r"[0-9]+", path.stem)
    return int(number[0]) if number else 0, path.stem


def _parts(paths: Sequence[Path], size: int) -> list[Sequence[Path]]:
    return [paths[first : first + size] for first in range(0, len(paths), size)]


def _scaled(path: Path, width: int) -> Image.Image:
    picture = Image.open(path).convert("RGB")
    if not width or picture.width <= width:
        return picture
    return picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)


def _grid(pictures: Sequence[Image.Image], names: Sequence[str], columns: int) -> Image.Image:
    rows = [range(first, min(first + columns, len(pictures))) for first in range(0, len(pictures), columns)]
    width = max(sum(pictures[n].width + GAP for n in row) for row in rows) + GAP
    heights = [max(pictures[n].height for n in row) + TITLE + GAP for row in rows]
    sheet = Image.new("RGB", (width, sum(heights) + GAP), (128, 128, 128))
    draw = ImageDraw.Draw(sheet)
    top = GAP
    for row, height in zip(rows, heights, strict=True):
        left = GAP
        for number in row:
            draw.text((left, top), names[number], fill=(255, 255, 255))
            sheet.paste(pictures[number], (left, top + TITLE))
            left += pictures[number].width + GAP
        top += height
    return sheet


def _saved(sheet: Image.Image, path: Path) -> Path:
    sheet.save(path)
    return path
