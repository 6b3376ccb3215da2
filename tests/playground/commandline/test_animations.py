"""``render --animate`` writes animations of cards, the same for the same run, and nothing on errors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.experiment.presets import preset
from core.training.origins.picture_origin import load_origin
from core.training.trainer import Trainer
from playground import __main__ as program
from tests.playground.commandline.test_cli import refusal

Captured = pytest.CaptureFixture[str]

pytestmark = pytest.mark.usefixtures("qapp", "fonts", "short_runs")


def render(out: Path, *options: str, name: str = "circle", epochs: int = 5) -> int:
    return program.main(["render", name, "--epochs", str(epochs), "--out", str(out), *options])


def durations(path: Path) -> list[int]:
    """Return the duration of each frame in ms."""
    found = []
    with Image.open(path) as image:
        for number in range(image.n_frames):
            image.seek(number)
            image.load()  # a WebP's duration is known only then
            found.append(image.info["duration"])
    return found


def test_only_the_animation_is_written_at_its_own_size(tmp_path: Path, capsys: Captured) -> None:
    assert render(tmp_path, "--animate", "run.gif", "--frames", "6", epochs=200) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["run.gif"]
    assert "1 file in" in capsys.readouterr().out
    path = tmp_path / "run.gif"
    assert path.stat().st_size < 500_000
    with Image.open(path) as image:
        assert image.size == (960, 540)
        first = np.asarray(image.convert("RGB"))
        image.seek(5)
        last = np.asarray(image.convert("RGB"))
    assert first.shape == last.shape
    assert (first != last).any(axis=2).mean() > 0.05
    np.testing.assert_array_equal(first[:26], last[:26])  # the title does not move


def test_without_options_there_are_60_frames(tmp_path: Path) -> None:
    assert render(tmp_path, "--animate", "run.gif", "--what", "loss", "--size", "160x90", epochs=100) == 0
    assert durations(tmp_path / "run.gif") == [120] * 59 + [2000]


@pytest.mark.parametrize("name", ["run.gif", "run.webp"])
def test_the_same_run_gives_the_same_bytes(tmp_path: Path, name: str) -> None:
    options = ("--animate", name, "--what", "loss,network", "--size", "480x270", "--frames", "4", "--caption")
    for folder in ("a", "b"):
        assert render(tmp_path / folder, *options) == 0
    stem, suffix = name.split(".")
    for key in ("loss", "network"):
        first, second = (tmp_path / folder / f"{stem}-{key}.{suffix}" for folder in ("a", "b"))
        assert first.read_bytes() == second.read_bytes()
        assert durations(first) == [120] * 3 + [2000]
    assert len(list((tmp_path / "a").iterdir())) == 2


def test_every_and_fps_choose_the_frames(tmp_path: Path) -> None:
    options = ("--animate", "run.gif", "--what", "gradient", "--size", "240x160")
    assert render(tmp_path, *options, "--every", "2", "--fps", "20") == 0
    assert durations(tmp_path / "run.gif") == [50, 50, 50, 2000]
    origin = load_origin(tmp_path / "run.gif")
    assert origin.experiment == preset("circle")
    assert origin.state is not None
    assert origin.state.epoch == 5


def test_pictures_are_written_too_if_asked_for(tmp_path: Path) -> None:
    options = ("--animate", "run.gif", "--size", "240x160", "--frames", "2", "--format", "csv")
    assert render(tmp_path, *options) == 0
    assert {"run.gif", "loss.csv", "network.csv"} <= {path.name for path in tmp_path.iterdir()}


def test_a_run_that_diverges_is_shown_to_its_end(tmp_path: Path) -> None:
    assert render(tmp_path, "--animate", "run.gif", "--size", "240x160", name="exploding-gradient") == 1
    shown = durations(tmp_path / "run.gif")
    assert shown[-1] == 2000
    assert 2 <= len(shown) < 6


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--animate", "run.avi"), "run.avi: expected a name that ends in .gif, .webp or .mp4"),
        (("--animate", "run.gif", "--what", "los"), '--what: there is no picture called "los"; did you mean "loss"'),
        (
            ("--animate", "run.gif", "--what", "qqq"),
            '--what: there is no picture called "qqq"; the names are network, ',
        ),
        (("--animate", "run.gif", "--what", "confusion"), '"confusion" does not apply to this experiment'),
        (("--animate", "run.gif", "--frames", "1"), "--frames: expected a whole number from 2 to 1000, got 1"),
        (("--animate", "run.gif", "--frames", "5", "--every", "5"), "give either --frames or --every, not both"),
        (("--animate", "run.gif", "--every", "0"), "--every: expected a whole number of at least 1, got 0"),
        (("--animate", "run.gif", "--fps", "51"), "--fps: expected a whole number from 1 to 50, got 51"),
        (("--animate", "run.gif", "--size", "5x5"), "--size: expected 16 to 16384 pixels"),
        (("--animate", "run.gif", "--theme", "pink"), "--theme: expected light, dark or print, got"),
        (("--animate", "no/folder/run.gif"), "no/folder/run.gif: cannot be written (No such file or directory)"),
        (("--fps", "9"), "--fps requires an animation; add --animate NAME.gif"),
    ],
)
def test_errors_are_one_sentence_and_write_nothing(
    tmp_path: Path, capsys: Captured, options: tuple[str, ...], sentence: str
) -> None:
    assert sentence in refusal(capsys, "render", "circle", "--epochs", "5", "--out", str(tmp_path), *options)
    assert list(tmp_path.iterdir()) == []


def test_too_many_frames_are_rejected_with_what_would_fit(tmp_path: Path, capsys: Captured) -> None:
    command = ["render", "circle", "--epochs", "5000", "--out", str(tmp_path), "--animate", "run.gif", "--every"]
    assert "at most 1000 frames; for 5000 epochs take at least 6" in refusal(capsys, *command, "5")


def test_an_interrupted_run_leaves_the_old_file(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "run.gif").write_bytes(b"old")
    run = Trainer.run

    def interrupted(trainer: Trainer, steps: int) -> object:
        if trainer.step > 60:
            raise KeyboardInterrupt
        return run(trainer, steps)

    monkeypatch.setattr(Trainer, "run", interrupted)
    assert render(tmp_path, "--animate", "run.gif", "--size", "240x160") == 130
    assert capsys.readouterr().err == "nn-playground: interrupted\n"
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_a_film_has_the_chosen_frames_and_duration(tmp_path: Path) -> None:
    av = pytest.importorskip("av")
    options = ("--animate", "run.mp4", "--what", "output", "--size", "320x180", "--every", "1", "--fps", "10")
    assert render(tmp_path, *options) == 0
    with av.open(str(tmp_path / "run.mp4")) as container:
        stream = container.streams.video[0]
        assert len(list(container.decode(stream))) == 5 + 20
        assert float(stream.duration * stream.time_base) == pytest.approx(2.5)
    assert load_origin(tmp_path / "run.mp4").experiment == preset("circle")
