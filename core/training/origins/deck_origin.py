"""Find the experiments in an untrusted PowerPoint file, without loading the deck.

Each exported slide has a custom XML part, which PowerPoint keeps when the deck is saved or the slide copied, with the
runs that it shows. Programs that drop such parts keep pictures: those on the notes page have the runs, too, and those on the
slide an origin without curves.
"""

from __future__ import annotations

import base64
import binascii
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from msgspec import Struct

from core.errors import PlaygroundError
from core.files import read_limited
from core.training.origins.carrier_picture import RUNS, carried
from core.training.origins.origin import Origin, decode, origin_of_runs
from core.training.origins.picture_origin import MAX_FILE_BYTES, find
from core.training.origins.shown_runs import MAGIC as RUNS_MAGIC
from core.training.origins.shown_runs import decode as decode_runs

NAMESPACE: Final = "urn:nn-playground:1"
RUNS_TAG: Final = f"{{{NAMESPACE}}}runs"
"""Root of a custom XML part with runs or an origin in base 64."""

NOTES_PICTURE: Final = "NN Playground: experiment"
"""Name of the pictures on a notes page that keep what the custom XML parts of a slide do."""

MAX_MEMBERS: Final = 20_000
"""Maximum number of files in a deck, as protection against zip bombs."""

MAX_TOTAL_BYTES: Final = 1_000_000_000
"""Maximum size of a deck after decompression."""

_MAIN: Final = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_LINK: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_EMBEDDED: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
_ZIP_ERRORS: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""Exceptions that zipfile raises for a damaged archive; ValueError for a position before its start."""

_DOCTYPE: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class SlideOrigin(Struct, frozen=True):
    """The experiment of one slide.

    Attributes:
        number: number of the slide, from 1.
        title: its title; may be empty.
        payload: runs or origin, undecoded.
    """

    number: int
    title: str
    payload: bytes

    def decoded(self) -> Origin:
        """Return the experiment.

        Raises:
            PlaygroundError: it is damaged, too large, or of another version.
        """
        if not self.payload.startswith(RUNS_MAGIC):
            return decode(self.payload)
        return origin_of_runs(decode_runs(self.payload))


def checked_package(path: Path) -> bytes:
    """Return the content of the PowerPoint file at ``path``, after checking that it can be decompressed safely.

    Raises:
        PlaygroundError: it cannot be read, is not a PowerPoint file, or is too large; the message names the file.
    """
    try:
        content = read_limited(path, MAX_FILE_BYTES)
    except OSError as error:
        raise PlaygroundError(f"{path}: cannot be read ({error.strerror or error})") from None
    if content is None:
        raise PlaygroundError(f"{path}: this file is too large (at most {MAX_FILE_BYTES // 1_000_000} MB)")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except _ZIP_ERRORS as error:
        raise PlaygroundError(f"{path}: not a PowerPoint file ({error})") from None
    # A member is never read beyond the size that is stated here.
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_TOTAL_BYTES:
        raise PlaygroundError(f"{path}: this file is too large after decompression")
    if not any(member.filename == "ppt/presentation.xml" for member in members):
        raise PlaygroundError(f"{path}: not a PowerPoint file")
    return content


def origins_in_deck(path: Path) -> tuple[SlideOrigin, ...]:
    """Return the experiment of each slide that has one, in the order of the slides.

    Raises:
        PlaygroundError: the file cannot be read, or no slide has an experiment; the message names the file.
    """
    content = checked_package(path)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = tuple(_origins(archive))
    except (*_ZIP_ERRORS, KeyError, ET.ParseError) as error:
        raise PlaygroundError(f"{path}: this PowerPoint file is damaged ({error})") from None
    if not found:
        raise PlaygroundError(f"{path}: there is no experiment in it; export the deck with “Include the experiment”")
    return found


def different(origins: tuple[SlideOrigin, ...]) -> tuple[SlideOrigin, ...]:
    """Return the first slide of each distinct experiment."""
    first: dict[bytes, SlideOrigin] = {}
    for origin in origins:
        first.setdefault(origin.payload, origin)
    return tuple(first.values())


def load_deck_origin(path: Path) -> tuple[Origin, str]:
    """Return the first experiment of the deck at ``path``, and a sentence if there are others.

    Raises:
        PlaygroundError: the file cannot be read, or there is no usable experiment in it; the message names the file.
    """
    found = different(origins_in_deck(path))
    note = f"{path.name}: opened the first of {len(found)} experiments, that of slide {found[0].number}."
    return opened(path, found[0]), note if len(found) > 1 else ""


def opened(path: Path, slide: SlideOrigin) -> Origin:
    """Return the experiment of ``slide`` in the deck at ``path``.

    Raises:
        PlaygroundError: it is damaged, too large, or of another version; the message names file and slide.
    """
    try:
        return slide.decoded()
    except PlaygroundError as error:
        raise PlaygroundError(f"{path}, slide {slide.number}: {error}") from None


def _origins(archive: zipfile.ZipFile) -> Iterator[SlideOrigin]:
    targets = _relationships(archive, "ppt/presentation.xml")
    slides = _parsed(archive, "ppt/presentation.xml").iter(f"{_MAIN}sldId")
    for number, slide in enumerate(slides, start=1):
        name = targets.get(slide.get(_LINK, ""), "")
        if name not in archive.NameToInfo:
            continue
        payload = _payload(archive, name)
        if payload is not None:
            yield SlideOrigin(number, _title(_parsed(archive, name)), payload)


def _payload(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """Return the first experiment of the slide in the part ``name``: in custom XML, or else of its notes or a picture."""
    targets = list(_relationships(archive, name).values())
    for target in targets:
        if target.startswith("customXml/") and target.endswith(".xml") and target in archive.NameToInfo:
            root = _parsed(archive, target)
            if root.tag == RUNS_TAG:
                try:
                    return base64.b64decode(root.text or "", validate=True)
                except (binascii.Error, ValueError):
                    return b""
    notes = (target for target in targets if target.startswith("ppt/notesSlides/") and target in archive.NameToInfo)
    on_notes = (carried(content, RUNS) for page in notes for content in _pictures(archive, page))
    on_slide = (find(content) for content in _pictures(archive, name))
    return next((found for found in (*on_notes, *on_slide) if found is not None), None)


def _pictures(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield the PNG files of the part ``name``, in the order in which they are drawn."""
    targets = _relationships(archive, name)
    shown = [each.get(_EMBEDDED, "") for each in _parsed(archive, name).iter(f"{_DRAWING}blip")]
    for target in dict.fromkeys([*(targets.get(each, "") for each in shown), *targets.values()]):
        if target.endswith(".png") and target in archive.NameToInfo:
            yield archive.read(target)


def _title(slide: ET.Element) -> str:
    for shape in slide.iter(f"{_MAIN}sp"):
        kind = shape.find(f".//{_MAIN}ph")
        if kind is not None and kind.get("type") in ("title", "ctrTitle"):
            return "".join(text.text or "" for text in shape.iter(f"{_DRAWING}t"))
    return ""


def _relationships(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    """Return the names of the parts to which the part ``name`` is related, by id; none outside the file."""
    folder, file = posixpath.split(name)
    rels = f"{folder}/_rels/{file}.rels"
    if rels not in archive.NameToInfo:
        return {}
    found = {}
    for each in _parsed(archive, rels):
        if each.get("TargetMode") != "External":
            target = posixpath.join("/" + folder, each.get("Target", ""))
            found[each.get("Id", "")] = posixpath.normpath(target).lstrip("/")
    return found


def _parsed(archive: zipfile.ZipFile, name: str) -> ET.Element:
    """Return the root of an XML part; the standard forbids document types, which could define entities."""
    content = archive.read(name)
    if content.startswith((b"\xfe\xff", b"\xff\xfe")) or _DOCTYPE.search(content) is not None:
        raise ET.ParseError(f"{name} has a document type, or is not in UTF-8")
    return ET.fromstring(content)  # noqa: S314 - without a document type there are no entities
