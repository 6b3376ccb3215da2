"""Keep the data of a slide also in invisible pictures on its notes page, which LibreOffice keeps when it saves a deck."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from core.training.origins.carrier_picture import RUNS, SLIDE, carried, carrier
from core.training.origins.deck_origin import NOTES_PICTURE

if TYPE_CHECKING:
    from pptx.slide import Slide

SIDE: Final = 9525
"""Width and height in EMU: 0.01 inch."""

DESCRIPTION: Final = "The experiment of this slide, from which NN Playground draws its figures again."


def keep_in_notes(slide: Slide, data: bytes, runs: Sequence[bytes]) -> None:
    """Keep ``data`` and ``runs`` on the notes page of ``slide``, if it has one; equal runs of slides share a part."""
    if not slide.has_notes_slide:
        return
    from pptx.oxml.shapes.picture import CT_Picture  # imported late: only needed for decks

    notes = slide.notes_slide
    tree = notes.shapes._spTree
    for kind, content in ((SLIDE, data), *((RUNS, each) for each in runs)):
        _part, link = notes.part.get_or_add_image_part(io.BytesIO(carrier(kind, content)))
        number = max((int(each) for each in tree.xpath("//@id") if each.isdigit()), default=0) + 1
        tree.append(CT_Picture.new_pic(number, NOTES_PICTURE, DESCRIPTION, link, 0, 0, SIDE, SIDE))


def kept_in_notes(slide: Slide) -> tuple[bytes | None, list[bytes]]:
    """Return the data and runs on the notes page of ``slide``."""
    data: bytes | None = None
    runs: list[bytes] = []
    for _picture, _link, content in _pictures(slide):
        data = data or carried(content, SLIDE)
        run = carried(content, RUNS)
        if run is not None:
            runs.append(run)
    return data, runs


def drop_from_notes(slide: Slide) -> None:
    """Remove what :func:`keep_in_notes` added."""
    found = list(_pictures(slide))
    for picture, _link, _content in found:
        picture.getparent().remove(picture)
    for link in {link for _picture, link, _content in found}:
        slide.notes_slide.part.rels.pop(link)


def _pictures(slide: Slide) -> Iterator[tuple[Any, str, bytes]]:
    """Yield element, relation and file of the app's pictures on the notes page."""
    if not slide.has_notes_slide:
        return
    notes = slide.notes_slide
    for picture in notes.shapes._spTree.xpath(".//p:pic"):
        link = next(iter(picture.xpath("./p:blipFill/a:blip/@r:embed")), None)
        relation = None if link is None else notes.part.rels.get(link)
        if (
            link is None
            or relation is None
            or relation.is_external
            or picture.nvPicPr.cNvPr.get("name") != NOTES_PICTURE
        ):
            continue
        yield picture, link, relation.target_part.blob
