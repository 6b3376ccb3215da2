"""``render`` writes every picture of every card in every format, with exactly the chosen pixels, also odd ones."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication

from core.training.origins.picture_origin import load_origin
from playground import __main__ as program
from playground.style.resources import load_fonts
from playground.window.cards import CARDS

WIDTH, HEIGHT = 641, 359
KINDS = ("png", "svg", "pdf", "csv")
FILE = (
    '{"name": "Everything", "data": {"dataset": "iris"}, '
    '"network": {"hidden": [{"units": 4, "dropout": 0.2}, {"units": 3, "activation": "relu"}]}}'
)
NAMES = [name for entry in CARDS.values() for name in entry.rendered]


@pytest.fixture(scope="module")
def folder(qapp: QApplication, short_runs: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with every picture."""
    load_fonts()
    folder = tmp_path_factory.mktemp("every")
    file = folder / "every.json"
    file.write_text(FILE, encoding="utf-8")
    command = ["render", str(file), "--epochs", "6", "--out", str(folder / "out"), "--format", ",".join(KINDS)]
    assert program.main([*command, "--size", f"{WIDTH}x{HEIGHT}", "--theme", "dark"]) == 0
    return folder / "out"


def test_nothing_else_is_written(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {f"{name}.{kind}" for name in NAMES for kind in KINDS}


@pytest.mark.parametrize("name", NAMES)
def test_png_has_exactly_the_pixels(folder: Path, name: str) -> None:
    with Image.open(folder / f"{name}.png") as image:
        image.load()
        assert (image.size, image.mode) == ((WIDTH, HEIGHT), "RGB")
        colours = image.getcolors(WIDTH * HEIGHT)
    assert colours is not None
    assert len(colours) > 20


@pytest.mark.parametrize("name", NAMES)
def test_svg_has_its_size_and_nothing_that_programs_misread(folder: Path, name: str) -> None:
    text = (folder / f"{name}.svg").read_text(encoding="utf-8")
    root = ET.fromstring(text)
    assert (root.get("width"), root.get("height")) == (str(WIDTH), str(HEIGHT))
    assert root.get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"
    assert not re.search(r"<style|class=|@font-face|url\(http|textLength|letter-spacing|nan|inf[ ,\"]", text)
    assert "<text" in text


@pytest.mark.parametrize("name", NAMES)
def test_pdf_is_one_page_of_that_size_with_fonts_inside(folder: Path, name: str) -> None:
    content = (folder / f"{name}.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 1
    box = re.search(rb"/MediaBox\s*\[([^\]]*)\]", content)
    assert box is not None
    sides = [float(side) for side in box[1].split()][2:]
    assert sides == pytest.approx([WIDTH * 0.75, HEIGHT * 0.75], abs=0.51)
    assert b"/FontFile2" in content


@pytest.mark.parametrize("name", NAMES)
def test_csv_is_a_table(folder: Path, name: str) -> None:
    rows = list(csv.reader(io.StringIO((folder / f"{name}.csv").read_text(encoding="utf-8-sig"), newline="")))
    assert len(rows) >= 2 or name == "doctor"
    assert {len(row) for row in rows} == {len(rows[0])}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_every_picture_restores_the_experiment(folder: Path, name: str, kind: str) -> None:
    origin = load_origin(folder / f"{name}.{kind}")
    assert origin.experiment.name == "Everything"
    assert origin.state is not None
    assert origin.state.step == 48
