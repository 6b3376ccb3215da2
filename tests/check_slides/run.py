"""Open exported files in the programs that people use: ``make check-slides``.

Needs Debian's packages librsvg2-bin, poppler-utils, libreoffice-impress, texlive-latex-base, texlive-pictures and
texlive-fonts-recommended; what is missing is skipped and named.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

PRESETS: Final = ("default", "vanishing-gradient", "iris", "sine")
STAGED: Final = "iris"
"""The preset that is also written as a storyboard, with a template, and refreshed; it has a table."""

EPOCHS: Final = 20
SECONDS: Final = 900.0


def main() -> int:
    """Render each preset and check every file; return 1 if a program cannot read one."""
    import pptx

    with tempfile.TemporaryDirectory() as name:
        faults: list[str] = []
        for preset in PRESETS:
            folder = Path(name) / preset
            deck = folder / "talk.pptx"
            arguments = ["render", preset, "--epochs", str(EPOCHS), "--out", str(folder), "--deck", str(deck)]
            _run([sys.executable, "-m", "playground", *arguments, "--format", "png,svg,pdf,tex"])
            if preset == STAGED:
                _write_other_decks(folder, deck)
            print(f"{preset}: {len(list(folder.iterdir()))} files")
            for suffix, check in CHECKS.items():
                files = sorted(folder.glob(f"*{suffix}"))
                faults += [fault for file in files for fault in check(file)]
            slides = list(pptx.Presentation(str(deck)).slides)
            if not all(slide.shapes.title is not None and slide.shapes.title.text_frame.text for slide in slides):
                faults.append(f"{preset}: a slide has no title")
        print("\n".join(sorted(SKIPPED)), end="\n" if SKIPPED else "")
        print("\n".join(faults) or "every file was read")
        return 1 if faults else 0


SKIPPED: set[str] = set()


def _write_other_decks(folder: Path, deck: Path) -> None:
    """Write a storyboard, a deck in the design of another one, and that deck refreshed with another experiment."""
    run = [sys.executable, "-m", "playground"]
    story, designed = folder / "story.pptx", folder / "designed.pptx"
    _run([*run, "storyboard", STAGED, "--epochs", "0,3,20", "--out", str(story), "--template", str(_template(folder))])
    # Other pictures are in the folder already; a table is the least that a deck can be written with.
    arguments = ["--out", str(folder / "other"), "--format", "csv", "--theme", "dark"]
    _run([*run, "render", STAGED, "--epochs", str(EPOCHS), *arguments, "--deck", str(designed)])
    _run([*run, "render", "--refresh", str(designed), STAGED, "--epochs", str(2 * EPOCHS)])
    _run([*run, "render", "--refresh", str(deck), "--no-copy"])


def _template(folder: Path) -> Path:
    """Return a template of another size with a coloured background."""
    import pptx
    from pptx.dml.color import RGBColor

    deck = pptx.Presentation()
    fill = deck.slide_master.background.fill
    fill.solid()
    fill.fore_color.rgb = RGBColor(0xEE, 0xF3, 0xE6)
    (folder / "other").mkdir(exist_ok=True)
    path = folder / "other" / "template.pptx"
    deck.save(str(path))
    return path


def _run(command: list[str], folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=SECONDS, check=True
    )


def _with(program: str, check: Callable[[Path], list[str]]) -> Callable[[Path], list[str]]:
    """Return ``check``, or a skip if ``program`` is not installed; a program that fails is a fault."""

    def checked(file: Path) -> list[str]:
        if shutil.which(program) is None:
            SKIPPED.add(f"skipped: {program} is not installed")
            return []
        try:
            return check(file)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            output = str(getattr(error, "stdout", "") or getattr(error, "stderr", ""))
            reason = next((line for line in output.splitlines() if line.startswith("!")), output[-200:])
            return [f"{file.parent.name}/{file.name}: {program} failed: {reason}"]

    return checked


def _svg(file: Path) -> list[str]:
    picture = file.with_suffix(".rsvg.png")
    _run(["rsvg-convert", "-o", str(picture), str(file)])
    return [] if picture.stat().st_size > 1000 else [f"{file.name}: rsvg-convert drew an empty picture"]


def _pdf(file: Path) -> list[str]:
    text = _run(["pdftotext", str(file), "-"]).stdout
    fonts = _run(["pdffonts", str(file)]).stdout.splitlines()[2:]
    loose = [line.split()[0] for line in fonts if not re.search(r"\byes\b", line)]
    faults = [] if re.search(r"\w{3}", text) else [f"{file.name}: pdftotext finds no text"]
    return faults + ([f"{file.name}: fonts are not embedded: {loose}"] if loose else [])


def _tex(file: Path) -> list[str]:
    _run(["pdflatex", "-interaction=nonstopmode", file.name], file.parent)
    return []


def _deck(file: Path) -> list[str]:
    import pptx

    _run(["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(file.parent / "deck"), str(file)])
    text = _run(["pdftotext", str(file.parent / "deck" / f"{file.stem}.pdf"), "-"]).stdout
    pages, slides = text.split("\f")[:-1], list(pptx.Presentation(str(file)).slides)
    if len(pages) != len(slides):
        return [f"{file.name}: LibreOffice shows {len(pages)} of {len(slides)} slides"]
    faults = []
    for number, (page, slide) in enumerate(zip(pages, slides, strict=True), start=1):
        title = slide.shapes.title
        words = title.text_frame.text.split()[:1] if title is not None else []
        if not words or words[0] not in page:
            faults.append(f"{file.name}: LibreOffice does not show the title of slide {number}")
    return faults


CHECKS: Final[dict[str, Callable[[Path], list[str]]]] = {
    ".svg": _with("rsvg-convert", _svg),
    ".pdf": _with("pdftotext", _pdf),
    ".tex": _with("pdflatex", _tex),
    ".pptx": _with("soffice", _deck),
}


if __name__ == "__main__":
    sys.exit(main())
