"""An exported picture uses little more memory than its pixels, whose number is limited."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import PlaygroundError
from playground.export.hidden_view import MAX_PIXELS, SIDES, checked_size

ROOT = Path(__file__).parents[3]

DRAW_LARGE = """
import resource
from playground.startup import prepare_environment
prepare_environment()
from playground.app import make_application
from playground.export.hidden_view import Look, image_of
from playground.style.theme import THEMES
from tests.playground.export.figures import CurveFigure

application = make_application(["nn-playground"])
figure = CurveFigure()
image_of(figure, Look((960, 540), THEMES["light"]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
image = image_of(figure, Look((6000, 4000), THEMES["light"]))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 / image.sizeInBytes())
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems count memory in another way")
def test_a_large_picture_uses_the_memory_of_its_pixels(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    result = subprocess.run(
        [sys.executable, "-c", DRAW_LARGE], capture_output=True, text=True, env=environment, cwd=tmp_path, check=False
    )
    assert result.returncode == 0, result.stderr
    assert float(result.stdout) < 1.3


def test_the_number_of_pixels_is_bounded() -> None:
    assert checked_size((10_000, 5_000)) == (10_000, 5_000)
    assert checked_size((SIDES[1], 1_000)) == (SIDES[1], 1_000)
    with pytest.raises(PlaygroundError, match=r"at most 50 million pixels, got 10000 × 5001 = 50\.01 million"):
        checked_size((10_000, MAX_PIXELS // 10_000 + 1))
