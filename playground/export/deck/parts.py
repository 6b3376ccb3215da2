"""What the app keeps in a slide besides its shapes: which figure each shape is, and the runs that it shows.

Both are custom XML parts of the slide, which PowerPoint keeps when the deck is saved or the slide copied to another one, and
pictures on its notes page, for programs that drop such parts.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import uuid
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from core.training.origins.deck_origin import NAMESPACE
from playground.export.deck.notes_pictures import drop_from_notes, keep_in_notes, kept_in_notes

if TYPE_CHECKING:
    from pptx.slide import Slide

SHAPE: Final = "NN Playground"
"""Beginning of the names of the shapes that the app made."""

MAX_OWN: Final = 1_000_000
"""Size in bytes of runs above which the slides of a deck share them; smaller ones are copied with a slide."""

_XML: Final = "application/xml"
_PROPERTIES: Final = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
_CUSTOM: Final = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_SLIDE: Final = re.compile(rb'<slide\b[^>]*"urn:nn-playground:1"[^>]*>([A-Za-z0-9+/=\s]*)</slide>')
_RUNS: Final = re.compile(rb'<runs\b[^>]*"urn:nn-playground:1"[^>]*>([A-Za-z0-9+/=\s]*)</runs>')
_Text = Annotated[str, Meta(max_length=10_000)]


class Written(Struct, frozen=True):
    """What the app wrote into a figure, to detect what was deleted, added or replaced since.

    Attributes:
        names: names of the series, or of the rows.
        columns: names of the bars, or of the columns; empty for lines.
        limits: lower limit, upper limit and step of the horizontal and of the vertical axis; ``None`` for automatic ones.
        colours: colours of the series, or of the bars in ``columns``; none for series printed with dashes or hatches.
        pictures: fingerprints of the picture and its copies on the slide; none for a chart or table.
    """

    names: Annotated[tuple[_Text, ...], Meta(max_length=10_000)] = ()
    columns: Annotated[tuple[_Text, ...], Meta(max_length=10_000)] = ()
    limits: Annotated[tuple[float | None, ...], Meta(max_length=6)] = ()
    colours: dict[_Text, _Text] = {}
    pictures: Annotated[tuple[_Text, ...], Meta(max_length=100)] = ()


class ShownFigure(Struct, frozen=True):
    """One figure on a slide.

    Attributes:
        shape: name of its shape.
        figure: key of the figure.
        view: the options of its card.
        runs: index of its runs among those of the slide.
        is_moment: whether it shows a moment that is over, so that another experiment does not replace it.
        beside: indices of the runs of other moments whose values its axes cover, too.
        written: the parts of its chart or table, or its picture; ``None`` in decks of earlier versions.
    """

    shape: _Text
    figure: _Text
    view: _Text = ""
    runs: Annotated[int, Meta(ge=0, le=100)] = 0
    is_moment: bool = False
    beside: Annotated[tuple[Annotated[int, Meta(ge=0, le=100)], ...], Meta(max_length=100)] = ()
    written: Written | None = None


class SlideData(Struct, frozen=True):
    """What the app wrote on a slide, to detect what was edited since.

    Attributes:
        figures: the figures.
        title: the title that the figure gave itself.
        subtitle: likewise the line below it.
        caption: the text at the foot.
        notes: the speaker notes.
        theme: colours of the pictures.
        is_captioned: whether the run is part of the caption.
    """

    figures: Annotated[tuple[ShownFigure, ...], Meta(max_length=100)]
    title: _Text = ""
    subtitle: _Text = ""
    caption: _Text = ""
    notes: _Text = ""
    theme: _Text = "light"
    is_captioned: bool = False


def attach(slide: Slide, data: SlideData, runs: list[bytes], shared: dict[bytes, Any]) -> None:
    """Keep ``data`` and ``runs`` in ``slide``; ``shared`` holds the large runs of the deck so far."""
    detach(slide)
    described = msgspec.json.encode(data)
    _add(slide, _new_part(slide, b"slide", described))
    keep_in_notes(slide, described, runs)
    for content in runs:
        part = shared.get(content)
        if part is None:
            part = _new_part(slide, b"runs", content)
            if len(content) > MAX_OWN:
                shared[content] = part
        _add(slide, part)


def detach(slide: Slide) -> None:
    """Remove what the app kept in ``slide``."""
    drop_from_notes(slide)
    drop_custom_parts(slide)


def drop_custom_parts(slide: Slide) -> None:
    """Remove the app's custom XML parts from ``slide``, as programs do that do not support them."""
    own = [link for link, blob in _custom_parts(slide) if _SLIDE.search(blob) or _RUNS.search(blob)]
    for entry in slide._element.xpath("./p:cSld/p:custDataLst/p:custData"):
        if entry.get(_link_name()) in own:
            entry.getparent().remove(entry)
    for link in own:
        slide.part.rels.pop(link)


def read(slide: Slide) -> tuple[SlideData, list[bytes]] | None:
    """Return what the app stored in ``slide`` of an untrusted deck, runs undecoded; ``None`` if there is nothing usable."""
    described: bytes | None = None
    runs: list[bytes] = []
    try:
        for _name, blob in _custom_parts(slide):
            mine, run = _SLIDE.search(blob), _RUNS.search(blob)
            if mine is not None:
                described = base64.b64decode(mine[1])
            elif run is not None:
                runs.append(base64.b64decode(run[1]))
        if described is None:
            described, runs = kept_in_notes(slide)
        return None if described is None else (msgspec.json.decode(described, type=SlideData), runs)
    except (msgspec.MsgspecError, binascii.Error, ValueError):
        return None


def _custom_parts(slide: Slide) -> list[tuple[str, bytes]]:
    """Return id and content of the custom XML parts of ``slide``, in the order in which they were added."""
    from pptx.opc.constants import RELATIONSHIP_TYPE

    links = [
        (link, each.target_part.blob)
        for link, each in slide.part.rels.items()
        if not each.is_external and each.reltype == RELATIONSHIP_TYPE.CUSTOM_XML
    ]
    order = [entry.get(_link_name()) for entry in slide._element.xpath("./p:cSld/p:custDataLst/p:custData")]
    return sorted(links, key=lambda each: order.index(each[0]) if each[0] in order else len(order))


def _new_part(slide: Slide, tag: bytes, content: bytes) -> Any:  # noqa: ANN401 - untyped library
    from pptx.opc.constants import RELATIONSHIP_TYPE
    from pptx.opc.package import Part
    from pptx.opc.packuri import PackURI

    package = slide.part.package
    packed = base64.b64encode(content)
    blob = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<%b xmlns="%b">%b</%b>' % (
        tag,
        NAMESPACE.encode(),
        packed,
        tag,
    )
    name = package.next_partname("/customXml/item%d.xml")
    part = Part(name, _XML, package, blob)
    number = re.sub(r"\D", "", str(name))
    # A name that depends on place and content alone, so that equal decks have equal bytes.
    digest = hashlib.sha256(packed).hexdigest()
    key = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{NAMESPACE}:{name}:{digest}")).upper()
    described = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<ds:datastoreItem ds:itemID="{{{key}}}" xmlns:ds="{_CUSTOM}">'
        f'<ds:schemaRefs><ds:schemaRef ds:uri="{NAMESPACE}"/></ds:schemaRefs></ds:datastoreItem>'
    )
    properties = Part(PackURI(f"/customXml/itemProps{number}.xml"), _PROPERTIES, package, described.encode())
    part.relate_to(properties, RELATIONSHIP_TYPE.CUSTOM_XML_PROPS)
    return part


def _add(slide: Slide, part: Any) -> None:  # noqa: ANN401 - untyped library
    from pptx.opc.constants import RELATIONSHIP_TYPE
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls, qn

    link = slide.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)
    common = slide._element.find(qn("p:cSld"))
    entries = common.find(qn("p:custDataLst"))
    if entries is None:
        entries = parse_xml(f"<p:custDataLst {nsdecls('p')}/>")
        common.find(qn("p:spTree")).addnext(entries)  # the schema fixes the order
    entries.insert(
        len(entries.findall(qn("p:custData"))), parse_xml(f'<p:custData {nsdecls("p", "r")} r:id="{link}"/>')
    )


def _link_name() -> str:
    from pptx.oxml.ns import qn

    return str(qn("r:id"))
