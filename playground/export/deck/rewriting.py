"""Replace figures and texts in a deck, and keep their formats."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pptx.oxml.ns import qn

from core.errors import PlaygroundError
from playground.export.deck.chart_rewriting import is_compatible, replace_chart, replace_table
from playground.export.deck.design import opened_deck
from playground.export.deck.file import content_of
from playground.export.deck.parts import SlideData, attach, read
from playground.export.deck.plan import SlideUpdate, is_picture, shapes_of
from playground.export.deck.slides import CAPTION, SUBTITLE, describe, notes_text, payload_of, picture_of
from playground.widgets.figure import Chart, Table

if TYPE_CHECKING:
    from pptx.slide import Slide

    from playground.export.deck.content import Panel


def rewritten_deck(content: bytes, path: Path, updates: Sequence[SlideUpdate]) -> bytes:
    """Return the deck in ``content`` with ``updates``.

    Raises:
        PlaygroundError: a shape is not what it was; the message names ``path`` and the slide.
    """
    deck = opened_deck(content, path)
    slides = list(deck.slides)
    shared: dict[bytes, Any] = {}
    for update in updates:
        slide = slides[update.number - 1]
        try:
            _rewrite(slide, update, shared)
        except PlaygroundError as error:
            raise PlaygroundError(f"{path}, slide {update.number}: {error}") from None
    return content_of(deck)


def _rewrite(slide: Slide, update: SlideUpdate, shared: dict[bytes, Any]) -> None:
    before = read(slide)
    if before is None:
        raise PlaygroundError("its experiment is missing")
    old, new = before[0], update.data
    shapes = {shape.name: shape for shape in shapes_of(slide.shapes)}
    descriptions = {" – ".join(filter(None, (old.title, old.subtitle)))}
    for name, panel in update.panels.items():
        shape = shapes[name]
        _replace(slide, shape, panel)
        if shape._element._nvXxPr.cNvPr.get("descr", "") in descriptions:
            describe(shape, panel.description)
    payloads = [payload_of(origin) for origin in update.payloads]
    recipe = update.payloads[0].recipe if update.payloads else ""
    if not all(panel.is_moment for panel in update.panels.values()):
        new = _replace_texts(slide, shapes, old, new, recipe)
    attach(slide, new, payloads, shared)


def _replace_texts(slide: Slide, shapes: dict[str, Any], old: SlideData, new: SlideData, recipe: str) -> SlideData:
    """Replace the texts that are still those of ``old``, and return ``new`` with its notes."""
    if slide.shapes.title is not None:
        _replace_text(slide.shapes.title.text_frame, old.title, new.title)
    for name, before, after in ((SUBTITLE, old.subtitle, new.subtitle), (CAPTION, old.caption, new.caption)):
        if name in shapes and shapes[name].has_text_frame:
            _replace_text(shapes[name].text_frame, before, after)
    notes = notes_text(new.title, new.subtitle, new.caption, "" if recipe in new.caption else recipe)
    frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    if frame is not None and frame.text == old.notes:
        frame.text = notes
    return SlideData(new.figures, new.title, new.subtitle, new.caption, notes, new.theme, new.is_captioned)


def _replace_text(frame: Any, before: str, after: str) -> None:  # noqa: ANN401 - untyped library
    """Replace the text of ``frame`` in the format of its beginning if it still is ``before``."""
    paragraph = frame.paragraphs[0]
    if frame.text != before or not paragraph.runs:
        return
    first, *others = paragraph.runs
    first.text = after
    for run in others:
        run._r.getparent().remove(run._r)


def _replace(slide: Slide, shape: Any, panel: Panel) -> None:  # noqa: ANN401 - untyped library
    match panel.content:
        case Chart() if shape.has_chart and is_compatible(shape.chart, panel.content):
            replace_chart(shape.chart, panel.content)
        case Table() if shape.has_table:
            replace_table(shape, panel.content)
        case Chart() | Table():
            raise PlaygroundError("its chart or table became one of another kind")
        case _ if is_picture(shape):
            _replace_picture(slide, shape, picture_of(panel))
        case _:
            raise PlaygroundError("its figure is no picture any more")


def _replace_picture(slide: Slide, shape: Any, content: bytes) -> None:  # noqa: ANN401 - untyped library
    blip = shape._element.blipFill.find(qn("a:blip"))
    before = blip.get(qn("r:embed"))
    _part, link = slide.part.get_or_add_image_part(io.BytesIO(content))
    blip.set(qn("r:embed"), link)
    # A vector version, which PowerPoint prefers, would still show the old picture.
    for extension in blip.findall(qn("a:extLst")):
        blip.remove(extension)
    used = slide._element.xpath("//@r:embed") + slide._element.xpath("//@r:id") + slide._element.xpath("//@r:link")
    if before != link and before not in used and before in slide.part.rels:
        slide.part.rels.pop(before)
