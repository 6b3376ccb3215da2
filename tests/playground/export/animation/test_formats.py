"""Animations keep every frame, its duration and its colours, as Pillow reads them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import PlaygroundError
from playground.export.animation.formats import ANIMATION_FORMATS, animation_format_of
from playground.export.animation.frames import Frames, evenly_spaced, log_spaced
from playground.export.png_writer import Pixels

SIZE = (61, 40)
KINDS = ("gif", "webp")  # without loss, and read by Pillow


def encoded(kind: str, pictures: Sequence[Pixels], rate: int = 8) -> bytes:
    frames = Frames((pictures[0].shape[1], pictures[0].shape[0]), rate)
    for picture in pictures:
        frames.add(picture)
    told: list[tuple[int, int]] = []
    content = ANIMATION_FORMATS[kind].encode(frames, lambda done, total: told.append((done, total)))
    assert told[-1] == (len(pictures), len(pictures))
    return content


def read_back(content: bytes) -> tuple[list[Pixels], list[int]]:
    """Return the pictures, and their durations in ms."""
    image, pictures, durations = Image.open(io.BytesIO(content)), [], []
    for number in range(image.n_frames):
        image.seek(number)
        pictures.append(np.asarray(image.convert("RGB")))
        durations.append(image.info["duration"])
    return pictures, durations


def moving_boxes(count: int) -> list[Pixels]:
    """Return pictures in which a box of another colour moves over a fixed one."""
    pictures = []
    for number in range(count):
        picture = np.full((SIZE[1], SIZE[0], 3), (250, 251, 253), np.uint8)
        picture[5:20, 5:30] = (20, 30, 40)
        picture[10 + number : 25 + number, 13 + 3 * number : 31 + 3 * number] = (200, 9 * number, 30)
        pictures.append(picture)
    return pictures


@pytest.mark.parametrize("kind", KINDS)
def test_frames_durations_and_colours_are_kept(kind: str) -> None:
    pictures = moving_boxes(9)
    content = encoded(kind, pictures)
    found, durations = read_back(content)
    assert durations == [120] * 8 + [2000]
    np.testing.assert_array_equal(found, pictures)
    assert Image.open(io.BytesIO(content)).info["loop"] == 0


@pytest.mark.parametrize("kind", KINDS)
def test_identical_frames_are_kept(kind: str) -> None:
    first, second = moving_boxes(2)
    pictures = [first, first, second, second, second, first]
    found, durations = read_back(encoded(kind, pictures, rate=25))
    assert durations == [40] * 5 + [2000]
    np.testing.assert_array_equal(found, pictures)


@pytest.mark.parametrize("kind", KINDS)
def test_a_single_frame_is_held(kind: str) -> None:
    content = encoded(kind, moving_boxes(1))
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(content)).convert("RGB")), moving_boxes(1)[0])
    assert read_back(content)[1] == [2000]


def test_webp_keeps_all_colours() -> None:
    pictures = list(np.random.default_rng(0).integers(0, 256, (3, SIZE[1], SIZE[0], 3), dtype=np.uint8))
    np.testing.assert_array_equal(read_back(encoded("webp", pictures))[0], pictures)


def test_gif_reduces_gradients_but_keeps_background_and_thin_lines() -> None:
    """One palette for all frames: the background is exact, a line of few pixels too, and a gradient has no steps above 8."""
    picture = np.full((200, 320, 3), (252, 253, 255), np.uint8)
    picture[20:180, 20:276, 0] = np.arange(256)
    picture[20:180, 20:276, 1] = np.arange(160)[:, None]
    picture[20:180, 20:276, 2] = 90
    picture[190, 40:60] = (255, 0, 255)
    (found, again), _ = read_back(encoded("gif", [picture, picture]))
    np.testing.assert_array_equal(found, again)
    np.testing.assert_array_equal(found[:20], picture[:20])
    assert int(abs(found[190, 40:60].astype(int) - (255, 0, 255)).max()) <= 8
    assert float(abs(found.astype(int) - picture).mean()) < 4


def test_a_large_gif_gets_fewer_colours() -> None:
    """Noise cannot be compressed, so that it exceeds the limit with any number of colours and ends with the fewest."""
    noise = np.random.default_rng(1).integers(0, 256, (1, 64, 64, 3), dtype=np.uint8)
    moving = [np.roll(noise[0], shift, axis=1) for shift in range(40)]
    (found, *_), _ = read_back(encoded("gif", moving, rate=50))
    assert len(np.unique(found.reshape(-1, 3), axis=0)) <= 63
    (calm, *_), _ = read_back(encoded("gif", [noise[0]]))
    assert 127 < len(np.unique(calm.reshape(-1, 3), axis=0)) <= 255


def test_a_frame_of_another_size_is_rejected() -> None:
    with pytest.raises(ValueError, match="61 × 40"):
        Frames(SIZE, 8).add(np.zeros((41, 61, 3), np.uint8))


@pytest.mark.parametrize(("rate", "duration"), [(1, 1000), (8, 120), (30, 30), (50, 20)])
def test_durations_are_multiples_of_ten_milliseconds(rate: int, duration: int) -> None:
    assert Frames(SIZE, rate).duration == duration


@pytest.mark.parametrize("epochs", [0, 1, 7, 59, 60, 500, 10**6])
@pytest.mark.parametrize("count", [2, 60])
def test_log_spaced_epochs_ascend_from_the_first_to_the_last(epochs: int, count: int) -> None:
    chosen = log_spaced(epochs, count)
    assert chosen[0] == 0
    assert chosen[-1] == epochs
    assert len(chosen) == min(count, epochs + 1)
    assert all(a < b for a, b in pairwise(chosen))
    steps = np.diff(chosen)
    assert (np.diff(steps[:-1]) >= -1).all()


def test_evenly_spaced_epochs_end_with_the_last() -> None:
    assert evenly_spaced(10, 3) == (0, 3, 6, 9, 10)
    assert evenly_spaced(9, 3) == (0, 3, 6, 9)
    assert evenly_spaced(0, 3) == (0,)


def test_the_suffix_selects_the_format_and_bounds_the_size() -> None:
    assert animation_format_of(Path("a.GIF"), (960, 540)).key == "gif"
    with pytest.raises(PlaygroundError, match=r"^a\.avi: expected a name that ends in \.gif, \.webp or \.mp4$"):
        animation_format_of(Path("a.avi"), (960, 540))
    with pytest.raises(PlaygroundError, match="at most 16383 pixels per side, got 16384 × 10"):
        animation_format_of(Path("a.webp"), (16384, 10))
