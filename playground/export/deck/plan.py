"""Which parts of an existing deck to draw again, and what replaces them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from core.training.origins.origin import Origin
from playground.export.deck.content import Panel
from playground.export.deck.design import Box
from playground.export.deck.parts import ShownFigure, SlideData


class Place(Struct, frozen=True):
    """A shape with a figure of the app; copies on the same slide have the same figure.

    Attributes:
        number: its number among the shapes of its slide.
        shown: the figure.
        box: where it is now.
        is_picture: whether it is a picture.
    """

    number: int
    shown: ShownFigure
    box: Box
    is_picture: bool


class SlidePlan(Struct, frozen=True):
    """A slide that the app made.

    Attributes:
        number: its number, from 1.
        data: what the app wrote on it.
        runs: the runs that it shows, undecoded.
        places: the shapes that are left of its figures.
        is_recovered: whether a program dropped what the app kept, so that its runs and the options of cards are lost.
    """

    number: int
    data: SlideData
    runs: list[bytes]
    places: tuple[Place, ...]
    is_recovered: bool = False


class NewFigure(Struct, frozen=True, eq=False):
    """What replaces the figure of one shape.

    Attributes:
        place: the shape.
        panel: the new figure.
        origin: its run.
    """

    place: Place
    panel: Panel
    origin: Origin


class SlideUpdate(Struct, frozen=True, eq=False):
    """What replaces the figures of one slide.

    Attributes:
        number: number of the slide, from 1.
        figures: the new figures.
        data: what is kept in the slide from now on but for the figures; texts are those that the figure gives.
    """

    number: int
    figures: tuple[NewFigure, ...]
    data: SlideData


class RewrittenDeck(Struct, frozen=True):
    """A deck with new figures.

    Attributes:
        content: the file.
        refreshed: number of slides with at least one new figure.
        left: what could not be replaced, and why: texts that name the slide.
    """

    content: bytes
    refreshed: int
    left: tuple[str, ...]


def places_in(slide: Any, data: SlideData) -> tuple[Place, ...]:  # noqa: ANN401 - untyped library
    """Return the shapes of ``slide`` that are left of the figures in ``data``, figure by figure."""
    shapes = list(shapes_of(slide.shapes))
    return tuple(
        Place(number, shown, box_of(shape), is_picture(shape))
        for shown in data.figures
        for number, shape in enumerate(shapes)
        if shape.name == shown.shape
    )


def shapes_of(shapes: Any) -> Iterator[Any]:  # noqa: ANN401 - untyped library
    """Yield every shape, also inside groups."""
    for shape in shapes:
        yield shape
        if hasattr(shape, "shapes"):
            yield from shapes_of(shape.shapes)


def is_picture(shape: Any) -> bool:  # noqa: ANN401 - untyped library
    """Return whether ``shape`` is a picture whose file is in the deck."""
    try:
        return hasattr(shape, "crop_left") and hasattr(shape, "image")
    except (KeyError, ValueError):  # raised by the library for a link to a file elsewhere, and for a missing one
        return False


def box_of(shape: Any) -> Box:  # noqa: ANN401 - untyped library
    """Return the place of ``shape``; of a cropped picture, that of the whole picture."""
    left, top, width, height = (int(side) for side in (shape.left, shape.top, shape.width, shape.height))
    if is_picture(shape):
        across = max(1.0 - shape.crop_left - shape.crop_right, 0.05)
        down = max(1.0 - shape.crop_top - shape.crop_bottom, 0.05)
        return left, top, round(width / across), round(height / down)
    return left, top, width, height
