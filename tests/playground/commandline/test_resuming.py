"""Rendering an exported picture draws the run at the state in its metadata, to the same numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.experiment import Experiment
from core.training.origins.origin import Origin
from core.training.origins.picture_origin import load_origin, png_with_origin
from core.training.trainer import Trainer
from playground import __main__ as program
from tests.core.support import new_trainer

pytestmark = pytest.mark.usefixtures("fonts", "short_runs")
WHAT = ("--what", "loss,weights,gradient_history", "--format", "csv,png")


def rendered(out: Path, *arguments: str) -> dict[str, bytes]:
    assert program.main(["render", *arguments, "--out", str(out)]) == 0
    return {path.name: path.read_bytes() for path in sorted(out.iterdir())}


def picture_of(trainer: Trainer, folder: Path) -> Path:
    empty = b"\x89PNG\r\n\x1a\n" + bytes(4) + b"IEND\xaeB\x60\x82"
    path = folder / "run.png"
    path.write_bytes(png_with_origin(empty, Origin(trainer.experiment, trainer.state())))
    return path


@pytest.mark.parametrize("name", ["loss.svg", "loss.png", "loss.pdf", "run.pptx"])
def test_a_picture_is_drawn_as_it_was_trained(tmp_path: Path, name: str) -> None:
    first = tmp_path / "first"
    rendered(first, "circle", "--epochs", "3", "--what", "loss", "--format", "svg,png,pdf", "--deck", "run.pptx")
    wanted = rendered(tmp_path / "wanted", "circle", "--epochs", "3", *WHAT)
    assert rendered(tmp_path / "again", str(first / name), *WHAT) == wanted


@pytest.mark.parametrize("steps", [0, 30])
def test_the_state_may_be_inside_an_epoch(tmp_path: Path, steps: int) -> None:
    trainer = new_trainer(Experiment())
    trainer.run(steps)
    files = rendered(tmp_path / "out", str(picture_of(trainer, tmp_path)), *WHAT)
    curve = files["loss.csv"].decode().splitlines()
    assert float(curve[-1].split(",")[1]) == steps
    assert float(curve[1].split(",")[1]) == 0.0
    state = load_origin(tmp_path / "out" / "loss.png").state
    assert state is not None
    np.testing.assert_array_equal(state.parameters, trainer.parameters)
    assert state.position == trainer.state().position


def test_a_run_whose_weights_were_edited_has_no_past(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trainer = new_trainer(Experiment())
    trainer.run(30)
    trainer.parameters = trainer.parameters.copy()
    trainer.parameters[0] += 0.5
    files = rendered(tmp_path / "out", str(picture_of(trainer, tmp_path)), *WHAT)
    assert "were changed during this run, so its curves begin at epoch 1.2" in capsys.readouterr().err
    (row,) = files["loss.csv"].decode().splitlines()[1:]
    assert float(row.split(",")[1]) == 30
    state = load_origin(tmp_path / "out" / "loss.png").state
    assert state is not None
    np.testing.assert_array_equal(state.parameters, trainer.parameters)


def test_the_network_of_a_picture_is_written_without_drawing(tmp_path: Path) -> None:
    trainer = new_trainer(Experiment())
    trainer.run(30)
    picture = picture_of(trainer, tmp_path)
    rendered(tmp_path / "out", str(picture), "--format", "npz")
    with np.load(tmp_path / "out" / "model.npz") as stored:
        np.testing.assert_array_equal(stored["W1"], trainer.network.weights(0))


def test_a_picture_can_be_compared_with(tmp_path: Path) -> None:
    first = tmp_path / "first"
    rendered(first, "circle", "--epochs", "2", "--what", "loss", "--format", "png")
    command = ("--what", "loss", "--format", "csv")
    wanted = rendered(tmp_path / "wanted", "circle", "--epochs", "2", "--compare", "circle", *command)
    assert (
        rendered(tmp_path / "again", str(first / "loss.png"), "--compare", str(first / "loss.png"), *command) == wanted
    )


@pytest.mark.parametrize("name", ["circle", "bare.png"])
def test_without_a_state_the_length_is_required(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    empty = b"\x89PNG\r\n\x1a\n" + bytes(4) + b"IEND\xaeB\x60\x82"
    (tmp_path / "bare.png").write_bytes(png_with_origin(empty, Origin(Experiment())))
    source = name if name == "circle" else str(tmp_path / name)
    assert program.main(["render", source, "--out", str(tmp_path / "out")]) == 2
    assert "missing option '--epochs'" in capsys.readouterr().err
