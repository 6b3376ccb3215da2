"""Compile LaTeX exports with packages that are loaded once."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

PRELOADED: Final = (r"\usepackage{pgfplots}", r"\usetikzlibrary{patterns}")
"""Lines that every document must have."""

needs_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no TeX is installed")


def preload(folder: Path) -> Path:
    """Write a format of LaTeX with the packages of the exports, whose loading takes half of a compilation."""
    packages = "\n".join((*PRELOADED, r"\dump")).replace(r"\usepackage", r"\RequirePackage")
    (folder / "packages.tex").write_text(packages, encoding="utf-8")
    command = ["pdflatex", "-ini", "-interaction=nonstopmode", "-jobname=plots", "&pdflatex", "packages.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode(errors="replace")[-1500:]
    return folder / "plots.fmt"


def compiled(content: bytes, preloaded: Path, folder: Path) -> str:
    """Compile the document ``content``, which loads the packages itself, and return what TeX says."""
    for line in PRELOADED:
        assert line.encode() in content
    (folder / "x.tex").write_bytes(content)
    command = ["pdflatex", f"-fmt={preloaded}", "-interaction=nonstopmode", "x.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    said = done.stdout.decode(errors="replace")
    assert done.returncode == 0, said[-1500:]
    return said
