"""Refreshing a storyboard leaves its moments on the axes that they have in common."""

from __future__ import annotations

import io
from pathlib import Path

import pptx
import pytest
from PIL import Image

from playground import __main__ as program
from playground.export.deck.fingerprint import fingerprint, is_known
from playground.export.deck.parts import SHAPE, read

pytestmark = pytest.mark.usefixtures("qapp", "fonts", "short_runs")


def pictures(path: Path) -> list[bytes]:
    slides = pptx.Presentation(str(path)).slides
    return [shape.image.blob for slide in slides for shape in slide.shapes if hasattr(shape, "image")]


def test_moments_keep_their_common_axes_and_the_size_of_text(tmp_path: Path) -> None:
    path = tmp_path / "story.pptx"
    command = ["storyboard", "iris", "--epochs", "0,3,20", "--what", "network,loss", "--out", str(path)]
    assert program.main(command) == 0
    before, data = pictures(path), [read(slide) for slide in pptx.Presentation(str(path)).slides]
    assert len(before) == 6
    assert program.main(["refresh", str(path), "--no-copy"]) == 0
    after = pictures(path)
    assert [read(slide) for slide in pptx.Presentation(str(path)).slides] == data
    for old, new in zip(before, after, strict=True):
        assert Image.open(io.BytesIO(new)).size == Image.open(io.BytesIO(old)).size
        assert is_known(new, [fingerprint(old)])


def test_a_larger_picture_of_a_moment_is_as_sharp_and_has_text_in_proportion(tmp_path: Path) -> None:
    path = tmp_path / "story.pptx"
    assert program.main(["storyboard", "iris", "--epochs", "0,3", "--what", "loss", "--out", str(path)]) == 0
    before = pictures(path)[0]
    deck = pptx.Presentation(str(path))
    shape = next(shape for shape in deck.slides[0].shapes if shape.name == f"{SHAPE}: loss 1")
    shape.width, shape.height = 3 * shape.width, 3 * shape.height
    deck.save(str(path))
    assert program.main(["refresh", str(path), "--no-copy"]) == 0
    after = pictures(path)[0]
    assert Image.open(io.BytesIO(after)).width > 2 * Image.open(io.BytesIO(before)).width
    assert is_known(after, [fingerprint(before)])
