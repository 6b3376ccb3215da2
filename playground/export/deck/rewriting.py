"""Replace figures and texts in a deck, and keep their formats."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import structs
from pptx.oxml.ns import qn

from core.errors import PlaygroundError
from playground.export.deck.chart_rewriting import is_compatible, replace_chart
from playground.export.deck.design import opened_deck
from playground.export.deck.file import content_of
from playground.export.deck.fingerprint import fingerprint, is_known
from playground.export.deck.parts import ShownFigure, SlideData, Written, attach, read
from playground.export.deck.plan import NewFigure, RewrittenDeck, SlideUpdate, is_picture, shapes_of
from playground.export.deck.recovery import recovered, written_before
from playground.export.deck.slides import CAPTION, SUBTITLE, describe, notes_text, payload_of, picture_of
from playground.export.deck.table_rewriting import replace_table
from playground.widgets.figure import Chart, Table
from playground.worker.giving_way import give_way

if TYPE_CHECKING:
    from pptx.slide import Slide

    from playground.export.deck.content import Panel


def rewritten_deck(content: bytes, path: Path, updates: Sequence[SlideUpdate]) -> RewrittenDeck:
    """Return the deck in ``content`` with ``updates``; shapes that a user turned into something else are unchanged."""
    deck = opened_deck(content, path)
    slides = list(deck.slides)
    shared: dict[bytes, Any] = {}
    left: list[str] = []
    refreshed = 0
    for update in updates:
        give_way()
        reasons: list[str] = []
        refreshed += _rewrite(slides[update.number - 1], update, shared, reasons)
        left += [f"slide {update.number} ({reason})" for reason in reasons]
    return RewrittenDeck(content_of(deck), refreshed, tuple(left))


def _rewrite(slide: Slide, update: SlideUpdate, shared: dict[bytes, Any], reasons: list[str]) -> bool:
    """Replace the figures of ``slide``, and return whether one was; ``reasons`` gets why others were not."""
    old, runs_before = read(slide) or (recovered(slide), [])
    if old is None:
        raise PlaygroundError("its experiment is missing")
    is_recovered = not runs_before
    shapes = list(shapes_of(slide.shapes))
    usual = " – ".join(filter(None, (old.title, old.subtitle)))
    figures: dict[str, ShownFigure] = {}
    runs: list[bytes] = []
    replaced: list[NewFigure] = []
    drawn: set[str] = set()
    for new in update.figures:
        shown, shape = new.place.shown, shapes[new.place.number]
        try:
            known = _known_in(shape, new.panel.content) if is_recovered else shown.written
            written = _replace(slide, shape, new.panel, known)
        except PlaygroundError as error:
            reasons.append(str(error))
            if is_recovered:
                continue
            run = runs_before[shown.runs]
        else:
            copy = figures.pop(shown.shape, None)  # one that was replaced by hand does not count
            shown = structs.replace(shown, written=_together(written, copy if shown.shape in drawn else None))
            drawn.add(shown.shape)
            replaced.append(new)
            run = payload_of(new.origin)
            if shape._element._nvXxPr.cNvPr.get("descr", "") == usual:
                describe(shape, new.panel.description)
        beside = [runs_before[number] for number in shown.beside if number < len(runs_before)]
        runs += [each for each in dict.fromkeys([run, *beside]) if each not in runs]
        shown = structs.replace(shown, runs=runs.index(run), beside=tuple(map(runs.index, beside)))
        figures.setdefault(shown.shape, shown)
    data = structs.replace(update.data, figures=tuple(figures.values())) if replaced else old
    current = [new.origin for new in replaced if not new.panel.is_moment]
    if current:
        data = _replace_texts(slide, old, data, replaced[0].origin.recipe)
    if replaced:
        attach(slide, data, runs, shared)
    return bool(replaced)


def _known_in(shape: Any, content: object) -> Written | None:  # noqa: ANN401 - untyped library
    """Return what the app wrote in the chart or table of a recovered slide; one of another kind is left to :func:`_replace`."""
    is_same = (isinstance(content, Chart) and shape.has_chart) or (isinstance(content, Table) and shape.has_table)
    return written_before(shape, content) if is_same else None


def _together(written: Written | None, other: ShownFigure | None) -> Written | None:
    """Return what was ``written`` with the pictures of another copy of the figure."""
    if written is None or other is None or other.written is None:
        return written
    return structs.replace(written, pictures=(*other.written.pictures, *written.pictures))


def _replace_texts(slide: Slide, old: SlideData, new: SlideData, recipe: str) -> SlideData:
    """Replace the texts that are still those of ``old``, and return ``new`` with its notes."""
    shapes = {shape.name: shape for shape in shapes_of(slide.shapes)}
    if slide.shapes.title is not None:
        _replace_text(slide.shapes.title.text_frame, old.title, new.title)
    for name, before, after in ((SUBTITLE, old.subtitle, new.subtitle), (CAPTION, old.caption, new.caption)):
        if name in shapes and shapes[name].has_text_frame:
            _replace_text(shapes[name].text_frame, before, after)
    notes = notes_text(new.title, new.subtitle, new.caption, "" if recipe in new.caption else recipe)
    frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    if frame is not None and frame.text == old.notes != notes:
        frame.text = notes
    return structs.replace(new, notes=notes)


def _replace_text(frame: Any, before: str, after: str) -> None:  # noqa: ANN401 - untyped library
    """Replace the text of ``frame`` in the format of its beginning if it still is ``before``."""
    paragraph = frame.paragraphs[0]
    if frame.text != before or not paragraph.runs:
        return
    first, *others = paragraph.runs
    first.text = after
    for run in others:
        run._r.getparent().remove(run._r)


def _replace(slide: Slide, shape: Any, panel: Panel, before: Written | None) -> Written | None:  # noqa: ANN401
    """Replace the figure of ``shape``, and return what the app wrote in it."""
    match panel.content:
        case Chart() if shape.has_chart and is_compatible(shape.chart, panel.content):
            return replace_chart(shape.chart, panel.content, before)
        case Table() if shape.has_table:
            return replace_table(shape, panel.content, before)
        case Chart() | Table():
            raise PlaygroundError("its chart or table has been changed into another kind")
        case _ if is_picture(shape):
            if before is not None and before.pictures and not is_known(shape.image.blob, before.pictures):
                raise PlaygroundError("its picture was replaced by another one")
            content = picture_of(panel)
            _replace_picture(slide, shape, content)
            return Written(pictures=(fingerprint(content),))
        case _:
            raise PlaygroundError("its figure is no longer a picture")


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
