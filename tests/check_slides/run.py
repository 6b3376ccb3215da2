"""Open exported files in the programs that people use: ``make check-slides``.

Needs Debian's packages librsvg2-bin, inkscape, poppler-utils, libreoffice-impress, texlive-latex-base, texlive-pictures and
texlive-fonts-recommended; what is missing is skipped and named.

Options: ``--only NAME``, one of the runs; ``--out DIR``, keep the files there, with all pictures on the page ``contact.png``.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
from pathlib import Path
from typing import Final

from pictures import contact_sheet
from programs import CHECKS, FRAME_RATE, FRAMES, SKIPPED, run

PROGRAM: Final = [sys.executable, "-m", "playground"]
EPOCHS: Final = 20
RUNS: Final[dict[str, list[str]]] = {
    "light": ["default", "--theme", "light", "--text", "outlines"],
    "dark": ["default", "--theme", "dark", "--text", "text", "--caption"],
    "compared": ["vanishing-gradient", "--theme", "print", "--text", "outlines", "--compare", "default"],
    "classes": ["iris", "--theme", "light", "--text", "text"],
    "regression": ["sine", "--theme", "dark", "--text", "outlines"],
}
"""Preset and options of each run."""

ANIMATED: Final = "light"
STAGED: Final = "classes"
"""The run that is also written as a storyboard, with a template, and refreshed; it has a table."""


def main() -> int:
    """Render and check every file; return 1 if a program cannot read one, or draws another picture."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=RUNS)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        out = options.out or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        faults: list[str] = []
        for name, arguments in RUNS.items():
            if options.only in (None, name):
                _write(name, arguments, out / name)
                for pattern, check in CHECKS:
                    files = sorted((out / name).glob(pattern))
                    found = check(files) if files else []
                    print(f"{name}: {len(files)} × {pattern}, {len(found)} faults", flush=True)
                    faults += found
        if options.out is not None:
            contact_sheet(sorted(out.glob("*/*.png"))).save(out / "contact.png")
        print("\n".join(sorted(SKIPPED)), end="\n" if SKIPPED else "")
        print("\n".join(faults) or "every file was read")
        return 1 if faults else 0


def _write(name: str, arguments: list[str], folder: Path) -> None:
    """Write everything of one run into ``folder``."""
    deck = folder / "talk.pptx"
    written = ["--epochs", str(EPOCHS), "--out", str(folder), "--deck", str(deck), "--format", "png,svg,pdf,tex"]
    run([*PROGRAM, "render", *arguments, *written])
    if name == ANIMATED:
        for suffix in ("gif", "webp"):
            moving = ["--animate", f"run.{suffix}", "--frames", str(FRAMES), "--fps", str(FRAME_RATE)]
            run([*PROGRAM, "render", arguments[0], "--epochs", str(EPOCHS), "--out", str(folder), *moving])
    if name == STAGED:
        _write_other_decks(arguments[0], folder, deck)


def _write_other_decks(preset: str, folder: Path, deck: Path) -> None:
    """Write a storyboard, a deck in the design of another one, and that deck refreshed with another experiment."""
    story, designed = folder / "story.pptx", folder / "designed.pptx"
    template = ["--template", str(_template(folder))]
    run([*PROGRAM, "storyboard", preset, "--epochs", "0,3,20", "--out", str(story), *template])
    # Other pictures are in the folder already; a table is the least that a deck can be written with.
    arguments = ["--out", str(folder / "other"), "--format", "csv", "--theme", "dark"]
    run([*PROGRAM, "render", preset, "--epochs", str(EPOCHS), *arguments, "--deck", str(designed)])
    run([*PROGRAM, "render", "--refresh", str(designed), preset, "--epochs", str(2 * EPOCHS)])
    run([*PROGRAM, "render", "--refresh", str(deck), "--no-copy"])


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


if __name__ == "__main__":
    sys.exit(main())
