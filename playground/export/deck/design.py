"""The design of a deck: the app's own, or that of the user's template, with the areas of a slide."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from core.errors import PlaygroundError
from core.training.origins.deck_origin import checked_package

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import SlideLayout

WIDTH: Final = 12_192_000
"""Width of a 16:9 slide in EMU, 914 400 to the inch."""

HEIGHT: Final = 6_858_000
"""Height of a 16:9 slide in EMU."""

INCH: Final = 914_400
EDGE: Final = 457_200
TITLE_TOP: Final = 274_320
TITLE_HEIGHT: Final = 777_240
SUBTITLE_HEIGHT: Final = 365_760
CAPTION_HEIGHT: Final = 365_760
FOOT: Final = 91_440
MIN_BODY: Final = 0.4
"""Minimum share of a slide's height for a figure below the title of a template; with less, the own design's places are used."""

_TEMPLATE_TYPE: Final = b"presentationml.template.main+xml"
_DECK_TYPE: Final = b"presentationml.presentation.main+xml"

Box = tuple[int, int, int, int]
"""Left, top, width and height in EMU."""


class Design(Struct, frozen=True):
    """What the slides of a deck are built from.

    Attributes:
        content: the template, as the content of a file; ``None`` for the app's own design.
        title: where the title is; ``None`` where the template has it.
        subtitle: where the line below it is.
        body: where the figure is.
        caption: where the caption is.
    """

    content: bytes | None
    title: Box | None
    subtitle: Box
    body: Box
    caption: Box

    @property
    def is_own(self) -> bool:
        """Whether this is the app's own design, which sets fonts and colours itself."""
        return self.content is None

    def new_deck(self) -> Presentation:
        """Return the deck to which slides are added."""
        import pptx

        if self.content is not None:
            return pptx.Presentation(io.BytesIO(self.content))
        deck = pptx.Presentation()
        deck.slide_width, deck.slide_height = WIDTH, HEIGHT
        return deck


def own_design() -> Design:
    """Return the app's own design."""
    return _below((EDGE, TITLE_TOP, WIDTH - 2 * EDGE, TITLE_HEIGHT), (WIDTH, HEIGHT), HEIGHT - FOOT, None)


def template_design(path: Path) -> Design:
    """Return the design of the template at ``path``, whose slides are kept.

    Raises:
        PlaygroundError: it cannot be read, is not a PowerPoint file, or has no layout with a title.
    """
    content = as_deck(checked_package(path))
    deck = opened_deck(content, path)
    try:
        layout = layout_of(deck)
        size = int(deck.slide_width or WIDTH), int(deck.slide_height or HEIGHT)
        title = _box(next(each for each in layout.placeholders if _is_title(each)))
        foot = min((_box(each)[1] for each in layout.placeholders if _is_footer(each)), default=size[1] - FOOT)
    except PlaygroundError as error:
        raise PlaygroundError(f"{path}: {error}") from None
    except Exception as error:  # noqa: BLE001 - the library raises whatever a damaged file makes its parts raise
        raise PlaygroundError(f"{path}: this template is damaged ({error})") from None
    below = _below(title, size, foot, content)
    is_inside = title[0] >= 0 and title[1] >= 0 and title[0] + title[2] <= size[0]  # not if the slide was made smaller
    if is_inside and title[2] >= size[0] / 2 and below.body[3] >= MIN_BODY * size[1]:
        return below
    own = own_design()
    across, down = size[0] / WIDTH, size[1] / HEIGHT
    boxes = (_scaled(box, across, down) for box in (own.subtitle, own.body, own.caption))
    return Design(content, _scaled((EDGE, TITLE_TOP, WIDTH - 2 * EDGE, TITLE_HEIGHT), across, down), *boxes)


def opened_deck(content: bytes, path: Path) -> Presentation:
    """Return the deck in ``content``, which was checked before.

    Raises:
        PlaygroundError: it is damaged or not a PowerPoint file; the message names ``path``.
    """
    import pptx

    try:
        return pptx.Presentation(io.BytesIO(content))
    except Exception as error:  # noqa: BLE001 - the library raises whatever a damaged file makes its parts raise
        reason = " ".join(str(error).split())
        if re.search("not a PowerPoint file", reason):
            reason = "save it as .pptx or .potx, without macros"
        raise PlaygroundError(f"{path}: not a PowerPoint file that can be used ({reason})") from None


def layout_of(deck: Presentation) -> SlideLayout:
    """Return the layout with a title and as little else as possible.

    Raises:
        PlaygroundError: no layout has a title.
    """
    titled = [layout for layout in deck.slide_layouts if any(_is_title(each) for each in layout.placeholders)]
    if not titled:
        raise PlaygroundError("This template has no layout with a title.")
    return min(titled, key=lambda layout: sum(not _is_footer(each) for each in layout.placeholders))


def _below(title: Box, size: tuple[int, int], foot: int, content: bytes | None) -> Design:
    """Return the design whose areas are as wide as the title and below it."""
    left, top, width, height = title
    scale = size[1] / HEIGHT
    line, caption = round(SUBTITLE_HEIGHT * scale), round(CAPTION_HEIGHT * scale)
    subtitle = (left, top + height, width, line)
    below = top + height + line
    gap = round(FOOT * scale)
    body = (left, below, width, foot - caption - gap - below)
    return Design(content, title if content is None else None, subtitle, body, (left, foot - caption, width, caption))


def _scaled(box: Box, across: float, down: float) -> Box:
    left, top, width, height = box
    return round(left * across), round(top * down), round(width * across), round(height * down)


def _box(shape: Any) -> Box:  # noqa: ANN401 - untyped library
    return int(shape.left), int(shape.top), int(shape.width), int(shape.height)


def _is_title(placeholder: Any) -> bool:  # noqa: ANN401 - untyped library
    from pptx.enum.shapes import PP_PLACEHOLDER

    return placeholder.placeholder_format.type in (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)


def _is_footer(placeholder: Any) -> bool:  # noqa: ANN401 - untyped library
    from pptx.enum.shapes import PP_PLACEHOLDER

    kinds = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
    return placeholder.placeholder_format.type in kinds


def as_deck(content: bytes) -> bytes:
    """Return a template file (.potx) as a deck, which differs from it in its declared type; a deck is unchanged."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        types = archive.read("[Content_Types].xml")
        if _TEMPLATE_TYPE not in types:
            return content
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as written:
            for member in archive.infolist():
                is_types = member.filename == "[Content_Types].xml"
                body = types.replace(_TEMPLATE_TYPE, _DECK_TYPE) if is_types else archive.read(member)
                written.writestr(member, body)
    return buffer.getvalue()
