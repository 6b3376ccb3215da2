"""``storyboard`` writes moments of a run side by side, the same bytes for the same run, and refuses in one sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pptx
import pytest
from PIL import Image

from core.training.origins.picture_origin import load_origin
from playground import __main__ as program

pytestmark = pytest.mark.usefixtures("qapp", "fonts")

Captured = pytest.CaptureFixture[str]


def run(out: Path, *options: str, epochs: str = "0,3,9", name: str = "circle") -> int:
    return program.main(["storyboard", name, "--out", str(out), "--epochs", epochs, *options])


def test_a_deck_has_a_slide_for_each_card_with_every_moment(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "talk.pptx"
    assert run(path) == 0
    assert f"3 moments of Circle in {path}" in capsys.readouterr().out
    slides = list(pptx.Presentation(str(path)).slides)
    assert [slide.shapes.title.text_frame.text for slide in slides] == [
        f"{name}: epoch 0 → epoch 3 → epoch 9" for name in ("Network", "Output", "Loss")
    ]
    texts = [shape.text_frame.text for shape in slides[0].shapes if shape.has_text_frame]
    assert any(text.startswith("epoch 3 → 9 · test loss ") for text in texts)
    assert run(tmp_path / "again.pptx") == 0
    assert (tmp_path / "again.pptx").read_bytes() == path.read_bytes()


def test_a_page_shows_that_the_network_learns_and_keeps_the_last_moment(tmp_path: Path) -> None:
    path = tmp_path / "page.png"
    assert run(path, "--what", "output", "--theme", "dark", epochs="60,0") == 0
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB")).astype(int)
    middle = pixels.shape[1] // 2
    left, right = pixels[:, : middle - 60], pixels[:, middle + 60 :]
    width = min(left.shape[1], right.shape[1])
    assert (np.abs(left[:, :width] - right[:, -width:]).max(axis=2) > 40).mean() > 0.1
    assert pixels[5, 5].sum() < 200
    origin = load_origin(path)
    assert origin.state is not None
    assert origin.state.epoch == 60
    assert run(tmp_path / "page.pdf", "--what", "loss", epochs="2") == 0
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--epochs", "a"), '--epochs: expected whole numbers such as 0,10,100, got "a"'),
        (("--epochs", "1,2,3,4,5,6,7,8"), "--epochs: expected at most 7 moments, got 8"),
        (("--what", "nothing"), "--what: expected network"),
        (("--what", "inspector"), "--what: expected network"),
        (("--what", "confusion"), "--what: none of these cards applies to this experiment"),
        (("--theme", "pink"), "--theme: expected light"),
        (("--out", "story.txt"), "--out: story.txt: expected a name that ends in .pptx, .png or .pdf"),
        (("--template", "mine.pptx"), "--template requires a deck: --out must end in .pptx"),
    ],
)
def test_a_bad_option_is_one_sentence(
    tmp_path: Path, capsys: Captured, options: tuple[str, ...], sentence: str
) -> None:
    assert run(tmp_path / "page.png", *options, epochs="1") == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith(f"nn-playground: {sentence}")
    assert list(tmp_path.iterdir()) == []
