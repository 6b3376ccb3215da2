"""What of an existing deck is to be drawn again, and what replaces it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from core.training.origin import Origin
from playground.export.deck.content import Panel
from playground.export.deck.design import Box
from playground.export.deck.parts import SlideData


class SlidePlan(Struct, frozen=True):
    """A slide that the app made.

    Attributes:
        number: its number, from 1.
        data: what the app wrote on it.
        runs: the runs that it shows, undecoded.
        boxes: where each of its figures is now, by the name of the shape; those that were deleted are missing.
        pictures: names of the shapes that are pictures.
    """

    number: int
    data: SlideData
    runs: list[bytes]
    boxes: dict[str, Box]
    pictures: tuple[str, ...]


class SlideUpdate(Struct, frozen=True, eq=False):
    """What replaces the figures of one slide.

    Attributes:
        number: number of the slide, from 1.
        panels: the new figures by the name of their shape.
        data: what is kept in the slide from now on; texts are those that the figure gives.
        payloads: origin of each of its runs.
    """

    number: int
    panels: dict[str, Panel]
    data: SlideData
    payloads: tuple[Origin, ...]


def shapes_of(shapes: Any) -> Iterator[Any]:  # noqa: ANN401 - untyped library
    """Yield every shape, also inside groups."""
    for shape in shapes:
        yield shape
        if hasattr(shape, "shapes"):
            yield from shapes_of(shape.shapes)


def is_picture(shape: Any) -> bool:  # noqa: ANN401 - untyped library
    """Return whether ``shape`` is a picture."""
    return hasattr(shape, "crop_left") and hasattr(shape, "image")


def box_of(shape: Any) -> Box:  # noqa: ANN401 - untyped library
    """Return the place of ``shape``; of a cropped picture, that of the whole picture."""
    left, top, width, height = (int(side) for side in (shape.left, shape.top, shape.width, shape.height))
    if is_picture(shape):
        across = max(1.0 - shape.crop_left - shape.crop_right, 0.05)
        down = max(1.0 - shape.crop_top - shape.crop_bottom, 0.05)
        return left, top, round(width / across), round(height / down)
    return left, top, width, height
