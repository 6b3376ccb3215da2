"""On a full disk, ``render`` reports one sentence, keeps old files, and leaves no incomplete one."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.code_export.frameworks import FRAMEWORKS
from core.code_export.model_formats import MODEL_FORMATS
from playground import __main__ as program
from playground.export.animation.formats import ANIMATION_FORMATS
from playground.export.formats import FORMATS
from tests.playground.full_disk import small_files

Captured = pytest.CaptureFixture[str]

pytestmark = pytest.mark.usefixtures("qapp", "fonts")

USUAL = ("--epochs", "1", "--what", "loss", "--size", "320x180", "--frames", "2")

WRITTEN: list[tuple[tuple[str, ...], str]] = [
    *((("--format", kind), f"loss.{kind}") for kind in FORMATS if kind != "py"),
    (("--format", "py", "--what", "code"), "code.py"),
    *((("--format", kind), f"model.{kind}") for kind in MODEL_FORMATS),
    *((("--code", framework), f"train_{framework}.py") for framework in FRAMEWORKS),
    *((("--animate", f"run.{kind}"), f"run.{kind}") for kind in ANIMATION_FORMATS),
    (("--format", "csv", "--deck", "talk.pptx"), "loss.csv"),
]


def command(out: Path, options: tuple[str, ...]) -> list[str]:
    draws = "--code" not in options and not set(options) & set(MODEL_FORMATS)
    usual = USUAL if "--animate" in options else USUAL[:-2] if draws else USUAL[:2]
    return ["render", "xor", "--out", str(out), *usual, *options]


@pytest.mark.parametrize(("options", "name"), WRITTEN, ids=[" ".join(options) for options, _ in WRITTEN])
def test_the_old_file_stays(tmp_path: Path, capsys: Captured, options: tuple[str, ...], name: str) -> None:
    if name.endswith(".mp4"):
        pytest.importorskip("av")
    (tmp_path / name).write_bytes(b"old")
    with small_files():
        assert program.main(command(tmp_path, options)) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines == [f"nn-playground: {tmp_path / name}: cannot be written (File too large)"]
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [(name, b"old")]


@pytest.mark.parametrize(
    "options", [("--deck", "talk.pptx", "--format", "csv"), ("--animate", "talk.gif"), ("--animate", "talk.mp4")]
)
def test_a_device_without_space_is_named(tmp_path: Path, capsys: Captured, options: tuple[str, ...]) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no device that is always full")
    path = tmp_path / options[1]
    if path.suffix == ".mp4":
        pytest.importorskip("av")
    path.symlink_to("/dev/full")
    assert program.main(command(tmp_path, options)) == 2
    assert f"{path}: cannot be written (No space left on device)" in capsys.readouterr().err
    assert path.is_symlink()


def test_a_folder_that_vanishes_during_the_run_is_one_sentence(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.training.trainer import Trainer

    folder, run = tmp_path / "decks", Trainer.run
    folder.mkdir()

    def vanish(trainer: Trainer, steps: int) -> object:
        if folder.exists():
            folder.rmdir()
        return run(trainer, steps)

    monkeypatch.setattr(Trainer, "run", vanish)
    deck = folder / "talk.pptx"
    assert program.main(command(tmp_path / "out", ("--deck", str(deck), "--format", "csv"))) == 2
    captured = capsys.readouterr()
    assert captured.err == f"nn-playground: {deck}: cannot be written (No such file or directory)\n"
    assert (tmp_path / "out" / "loss.csv").is_file()
