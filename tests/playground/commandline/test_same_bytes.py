"""``render`` writes the same bytes for the same file and version, in any process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from core.code_export.frameworks import FRAMEWORKS
from core.code_export.model_formats import MODEL_FORMATS
from playground import __main__ as program
from playground.export.animation.formats import ANIMATION_FORMATS
from playground.export.formats import FORMATS

pytestmark = pytest.mark.timeout(600)  # every picture in every format, twice

ROOT = Path(program.__file__).parents[1]

MOVING = [kind for kind in ANIMATION_FORMATS if kind != "mp4" or find_spec("av") is not None]
"""Formats of animations that can be written here."""

DECK = "pptx"
"""Decks have their own test."""

FILE = (
    '{"name": "Same bytes", "data": {"dataset": "moons", "samples": 80}, '
    '"network": {"hidden": [{"units": 3, "activation": "elu", "dropout": 0.2}, {"units": 2}]}}'
)


PROGRAM = """
import json, sys
from playground.__main__ import main
from playground.startup import prepare_environment
prepare_environment()
from tests.playground.short_runs import shorten_this_process
shorten_this_process()
sys.exit(sum(map(main, json.loads(sys.argv[1]))))
"""


def start(commands: list[list[str]], hash_seed: str) -> subprocess.Popen[bytes]:
    """Start a process that runs ``commands`` of the program."""
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    environment.pop("QT_HASH_SEED", None)
    return subprocess.Popen([sys.executable, "-c", PROGRAM, json.dumps(commands)], env=environment)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two folders with everything that two processes wrote at the same time."""
    folder = tmp_path_factory.mktemp("bytes")
    file = folder / "same.json"
    file.write_text(FILE, encoding="utf-8")
    kinds = ",".join((*(kind for kind in FORMATS if kind != DECK), *MODEL_FORMATS))
    processes = []
    for name, hash_seed in (("a", "1"), ("b", "2")):
        usual = ["render", str(file), "--epochs", "3", "--out", str(folder / name), "--size", "480x270"]
        everything = [*usual, "--format", kinds, "--code", ",".join(FRAMEWORKS), "--caption"]
        moving = [[*usual, "--animate", f"run.{kind}", "--frames", "3", "--what", "network"] for kind in MOVING]
        processes.append(start([everything, *moving], hash_seed))
    assert [process.wait() for process in processes] == [0, 0]
    return folder / "a", folder / "b"


def test_both_runs_have_written_every_format(folders: tuple[Path, Path]) -> None:
    for folder in folders:
        suffixes = {path.suffix.removeprefix(".") for path in folder.iterdir()}
        assert suffixes == {*FORMATS, *MODEL_FORMATS, *MOVING, "py"} - {DECK}


def test_every_file_has_the_same_bytes(folders: tuple[Path, Path]) -> None:
    first, second = folders
    names = sorted(path.name for path in first.iterdir())
    assert names == sorted(path.name for path in second.iterdir())
    different = [name for name in names if (first / name).read_bytes() != (second / name).read_bytes()]
    assert different == []


def test_a_pdf_has_no_dates_and_an_identifier_of_its_own(folders: tuple[Path, Path]) -> None:
    loss, output = ((folders[0] / name).read_bytes() for name in ("loss.pdf", "output.pdf"))
    for content in (loss, output):
        assert b"CreationDate" not in content
        assert b"CreateDate" not in content
        assert content.count(b"/ID [") == 1
    identifiers = [content.split(b"/ID [")[1].split(b"]")[0] for content in (loss, output)]
    assert identifiers[0] != identifiers[1]
