"""MP4 files have the pictures, durations and colours that were put in, decoded by FFmpeg's libraries."""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from core.errors import PlaygroundError
from core.experiment import Experiment
from core.training.origins.animation_origin import animation_with_origin
from core.training.origins.origin import Origin
from core.training.origins.picture_origin import find, load_origin
from playground.export.animation.formats import ANIMATION_FORMATS, animation_format_of
from playground.export.animation.frames import Frames
from playground.export.animation.mp4_writer import yuv420_of
from playground.export.png_writer import Pixels

av = pytest.importorskip("av")


def encoded(pictures: Sequence[Pixels], rate: int) -> bytes:
    frames = Frames((pictures[0].shape[1], pictures[0].shape[0]), rate)
    for picture in pictures:
        frames.add(picture)
    told: list[tuple[int, int]] = []
    content = ANIMATION_FORMATS["mp4"].encode(frames, lambda done, total: told.append((done, total)))
    assert told[-1] == (len(pictures), len(pictures))
    return content


def decoded(content: bytes) -> tuple[list[Pixels], list[float], float]:
    """Return the pictures, the time at which each begins, and the duration of the file, in seconds."""
    with av.open(io.BytesIO(content)) as container:
        frames = list(container.decode(video=0))
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        pictures = [frame.reformat(format="rgb24", src_colorspace="ITU709").to_ndarray() for frame in frames]
        return pictures, [float(frame.time) for frame in frames], float(stream.duration * stream.time_base)


def boxes(count: int, size: tuple[int, int] = (64, 48)) -> list[Pixels]:
    pictures = []
    for number in range(count):
        picture = np.full((size[1], size[0], 3), (250, 251, 253), np.uint8)
        picture[8:40, 4 * number : 4 * number + 24] = (31, 120, 200)
        pictures.append(picture)
    return pictures


def test_frames_times_and_colours_are_kept() -> None:
    pictures = boxes(9)
    found, times, duration = decoded(encoded(pictures, rate=8))
    # Eight frames of 120 ms, and the last one for at least two seconds.
    assert len(found) == 8 + 17
    assert times == pytest.approx([0.12 * number for number in range(25)])
    assert duration == pytest.approx(3.0)
    for number, (picture, each) in enumerate(zip(pictures, found, strict=False)):
        difference = abs(each.astype(int) - picture)
        assert difference.mean() < 2
        assert difference[24, 4 * number + 12].max() <= 4
    assert abs(found[-1].astype(int) - found[8]).max() <= 2


def test_identical_frames_are_kept() -> None:
    picture = boxes(1)[0]
    found, _, duration = decoded(encoded([picture] * 12, rate=25))
    assert len(found) == 11 + 50
    assert duration == pytest.approx(61 * 0.04)


def test_odd_sides_become_even() -> None:
    picture = boxes(1, (61, 47))[0]
    (found, *_), _, _ = decoded(encoded([picture], rate=1))
    assert found.shape == (48, 62, 3)
    assert abs(found[:47, :61].astype(int) - picture).mean() < 3


def test_the_same_frames_always_give_the_same_bytes() -> None:
    rng = np.random.default_rng(3)
    pictures = [rng.integers(0, 256, (270, 480, 3), dtype=np.uint8) for _ in range(2)]
    kept, first = [], encoded(pictures, 10)
    for number in range(5):
        kept.append(rng.integers(0, 256, 100_000 + 977 * number, dtype=np.uint8))  # moves the buffers
        assert encoded(pictures, 10) == first


def test_the_colours_are_those_of_the_recommendation() -> None:
    """Values for white, black and pure red in ITU-R BT.709, limited range, 8 bits."""
    for colour, expected in (
        ((255, 255, 255), (235, 128, 128)),
        ((0, 0, 0), (16, 128, 128)),
        ((255, 0, 0), (63, 102, 240)),
    ):
        planes = yuv420_of(np.full((4, 6, 3), colour, np.uint8))
        assert planes.shape == (6, 6)
        luma, blue, red = planes.ravel()[:24], planes.ravel()[24:30], planes.ravel()[30:]
        assert [set(plane.tolist()) for plane in (luma, blue, red)] == [{value} for value in expected]


def test_the_experiment_is_found_and_the_film_still_plays(tmp_path: Path) -> None:
    plain = encoded(boxes(3), rate=10)
    origin = Origin(Experiment(name='A & < "B"'), None, "circle, α = 0.03")
    content = animation_with_origin(plain, origin)
    (tmp_path / "run.mp4").write_bytes(content)
    assert load_origin(tmp_path / "run.mp4").experiment == origin.experiment
    np.testing.assert_array_equal(decoded(content)[0], decoded(plain)[0])
    assert find(plain) is None


@pytest.mark.parametrize("cut", [9, 30, 200, -1])
def test_a_damaged_file_has_no_experiment(cut: int) -> None:
    content = animation_with_origin(encoded(boxes(2), rate=10), Origin(Experiment(), None, ""))
    assert find(content[:cut]) is None


def test_without_the_package_the_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    sentence = r"^run\.mp4: MP4 requires an optional package: pip install 'nn-playground\[mp4\]'$"
    with pytest.raises(PlaygroundError, match=sentence):
        animation_format_of(Path("run.mp4"), (960, 540))
    assert animation_format_of(Path("run.gif"), (960, 540)).key == "gif"
