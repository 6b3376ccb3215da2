"""``render --caption`` writes the run in one line below each picture."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from playground import __main__ as program


def texts(path: Path) -> str:
    """Return all text that is drawn in an SVG file."""
    found = [each for each in ET.parse(path).iter() if each.tag.endswith("}text")]
    return re.sub(r"\s+", " ", " ".join("".join(each.itertext()) for each in found))


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("option", ["--caption", ""])
def test_the_caption_is_drawn_if_asked_for(tmp_path: Path, option: str) -> None:
    command = ["render", "default", "--epochs", "2", "--what", "loss", "--format", "svg", "--out", str(tmp_path)]
    assert program.main([*command, *filter(None, [option])]) == 0
    drawn = "circle, 2-4-2-1 tanh, Xavier uniform, SGD α = 0.03, B = 10, epoch 2, seed 1" in texts(
        tmp_path / "loss.svg"
    )
    assert drawn == bool(option)
