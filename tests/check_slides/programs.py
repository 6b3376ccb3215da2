"""Check what each program makes of an exported file; a check returns a sentence for each problem."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from pictures import BLURRED, SHRUNK, difference
from PIL import Image

SECONDS: Final = 900.0
SIZE: Final = (1920, 1080)
"""Size of the exported pictures in pixels."""

FRAMES, FRAME_RATE = 6, 5
"""Number of frames of the animations, and frames per second."""

SKIPPED: set[str] = set()
"""What was not checked."""

Check = Callable[[Sequence[Path]], list[str]]


def run(command: list[str], folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run ``command`` to its end; raise if it fails."""
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=SECONDS, check=True
    )


def needs(program: str, check: Check) -> Check:
    """Return ``check``, or a skip if ``program`` is not installed; a program that fails is a fault."""

    def checked(files: Sequence[Path]) -> list[str]:
        if shutil.which(program) is None:
            SKIPPED.add(f"skipped: {program} is not installed")
            return []
        try:
            return check(files)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            output = str(getattr(error, "stdout", "") or getattr(error, "stderr", ""))
            reason = next((line for line in output.splitlines() if line.startswith("!")), output[-200:])
            return [f"{files[0].parent.name}: {program} failed: {' '.join(error.cmd)[-80:]}: {reason}"]

    return checked


def each(check: Callable[[Path], list[str]]) -> Check:
    """Return a check of several files, one after another."""
    return lambda files: [fault for file in files for fault in check(file)]


def drawn_by_rsvg(file: Path) -> Path:
    """Return the picture that rsvg-convert draws of an SVG, beside it in a folder of its own."""
    path = file.parent / "rsvg" / f"{file.stem}.png"
    path.parent.mkdir(exist_ok=True)
    run(["rsvg-convert", "-o", str(path), str(file)])
    return path


def svg(file: Path) -> list[str]:
    """Compare an SVG in rsvg-convert with the PNG of the same figure, unless their fonts may differ."""
    drawn = drawn_by_rsvg(file)
    return [] if words_in(file) else difference(file, "rsvg-convert", drawn, file.with_suffix(".png"))


def inkscape(files: Sequence[Path]) -> list[str]:
    """Compare SVG files in Inkscape and in rsvg-convert, which use the same fonts."""
    folder = files[0].parent / "inkscape"
    folder.mkdir(exist_ok=True)
    for file in files:
        shutil.copy(file, folder)
    run(["inkscape", "--export-type=png", "--export-area-page", *(str(folder / file.name) for file in files)])
    faults = []
    for file in files:
        drawn = folder / f"{file.stem}.png"
        if not drawn.is_file():
            faults.append(f"{file.parent.name}/{file.name}: Inkscape draws nothing")
        elif shutil.which("rsvg-convert") is not None:
            sharpness = BLURRED if words_in(file) else SHRUNK  # programs place letters differently
            faults += difference(file, "Inkscape", drawn, drawn_by_rsvg(file), sharpness)
    return faults


def words_in(file: Path) -> set[str]:
    """Return the words of at least three letters in the text of an SVG."""
    texts = ("".join(text.itertext()) for text in ET.parse(file).iter("{http://www.w3.org/2000/svg}text"))
    return {word for text in texts for word in re.findall(r"[A-Za-z]{3,}", text)}


def png(file: Path) -> list[str]:
    """Read a PNG with Pillow."""
    with Image.open(file) as image:
        image.load()
        return [] if image.size == SIZE else [f"{file.parent.name}/{file.name}: {image.size} pixels"]


def pdf(file: Path) -> list[str]:
    """Look for the labels in the text of a PDF, and for fonts that are not embedded."""
    text = run(["pdftotext", str(file), "-"]).stdout
    fonts = run(["pdffonts", str(file)]).stdout.splitlines()[2:]
    loose = [line.split()[0] for line in fonts if not re.search(r"\byes\b", line)]
    lost = sorted(word for word in words_in(file.with_suffix(".svg")) if word not in text)
    faults = [f"pdftotext does not find {lost}"] if lost or not re.search(r"\w{3}", text) else []
    faults += [f"fonts are not embedded: {loose}"] if loose else []
    return [f"{file.parent.name}/{file.name}: {fault}" for fault in faults]


def page(file: Path) -> list[str]:
    """Compare a PDF in pdftoppm with the PNG of the same figure."""
    path = file.parent / "poppler" / file.stem
    path.parent.mkdir(exist_ok=True)
    size = [f"-scale-to-{side}={pixels}" for side, pixels in zip("xy", SIZE, strict=True)]
    run(["pdftoppm", "-png", "-singlefile", *(part for each in size for part in each.split("=")), str(file), str(path)])
    return difference(file, "pdftoppm", path.with_suffix(".png"), file.with_suffix(".png"), BLURRED)


def tex(file: Path) -> list[str]:
    """Compile LaTeX, which must fill one page."""
    folder = file.parent / "latex"
    folder.mkdir(exist_ok=True)
    said = run(["pdflatex", "-interaction=nonstopmode", f"-output-directory={folder}", file.name], file.parent).stdout
    pages = re.search(r"\((\d+)pages?,", re.sub(r"\s", "", said))  # TeX breaks its lines anywhere
    return [] if pages is not None and pages[1] == "1" else [f"{file.parent.name}/{file.name}: more than one page"]


def animation(file: Path) -> list[str]:
    """Count the frames of a GIF or WebP with Pillow, and compare their durations."""
    with Image.open(file) as image:
        durations = []
        for number in range(image.n_frames):
            image.seek(number)
            image.load()
            durations.append(image.info["duration"])
    if len(durations) != FRAMES or set(durations[:-1]) != {1000 // FRAME_RATE} or durations[-1] < durations[0]:
        return [f"{file.parent.name}/{file.name}: frames of {durations} ms"]
    return []


def deck(file: Path) -> list[str]:
    """Convert a deck with LibreOffice, which must show the title of every slide."""
    import pptx

    run(["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(file.parent / "deck"), str(file)])
    text = run(["pdftotext", str(file.parent / "deck" / f"{file.stem}.pdf"), "-"]).stdout
    pages, slides = text.split("\f")[:-1], list(pptx.Presentation(str(file)).slides)
    if len(pages) != len(slides):
        return [f"{file.parent.name}/{file.name}: LibreOffice shows {len(pages)} of {len(slides)} slides"]
    faults = []
    for number, (page, slide) in enumerate(zip(pages, slides, strict=True), start=1):
        title = slide.shapes.title
        words = title.text_frame.text.split()[:1] if title is not None else []
        if not words:
            faults.append(f"{file.parent.name}/{file.name}: slide {number} has no title")
        elif words[0] not in page:
            faults.append(f"{file.parent.name}/{file.name}: LibreOffice does not show the title of slide {number}")
    return faults


def saved_deck(file: Path) -> list[str]:
    """Save a deck with LibreOffice, which must keep what its figures show on every slide, so that it can be refreshed."""
    import pptx

    from playground.export.deck.parts import read

    run(["soffice", "--headless", "--convert-to", "pptx", "--outdir", str(file.parent / "saved"), str(file)])
    before, after = (
        [read(slide) for slide in pptx.Presentation(str(path)).slides]
        for path in (file, file.parent / "saved" / file.name)
    )
    lost = [
        str(number)
        for number, pair in enumerate(zip(before, after, strict=True), start=1)
        if len(set(map(repr, pair))) > 1
    ]
    return [f"{file.parent.name}/{file.name}: LibreOffice drops what slides {', '.join(lost)} show"] if lost else []


CHECKS: Final[tuple[tuple[str, Check], ...]] = (
    ("*.png", each(png)),
    ("*.svg", needs("rsvg-convert", each(svg))),
    ("*.svg", needs("inkscape", inkscape)),
    ("*.pdf", needs("pdftotext", each(pdf))),
    ("*.pdf", needs("pdftoppm", each(page))),
    ("*.tex", needs("pdflatex", each(tex))),
    ("*.pptx", needs("soffice", each(deck))),
    ("*.pptx", needs("soffice", each(saved_deck))),
    ("*.gif", each(animation)),
    ("*.webp", each(animation)),
)
"""Pattern of the files of each check."""
