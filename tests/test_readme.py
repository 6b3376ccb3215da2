"""Every file and folder that the README names exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_named_files_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:assets|core|playground|tests)/[\w/.]*)`", text)
    assert "core/data/datasets.py" in named
    assert [name for name in named if not (ROOT / name).exists()] == []
