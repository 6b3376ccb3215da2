"""Data survive in carrier pictures, and pictures with different data are distinct to other programs."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from core.training.origins.carrier_picture import RUNS, SIDE, SLIDE, carried, carrier


@pytest.mark.parametrize("data", [b"", b"some data", bytes(range(256)) * 400])
def test_data_is_restored(data: bytes) -> None:
    picture = carrier(RUNS, data)
    assert carried(picture, RUNS) == data
    assert carried(picture, SLIDE) is None
    assert carrier(RUNS, data) == picture


def test_pictures_are_white_and_differ_in_their_pixels() -> None:
    pictures = [Image.open(io.BytesIO(carrier(*each))) for each in ((RUNS, b"a"), (RUNS, b"b"), (SLIDE, b"a"))]
    assert {picture.size for picture in pictures} == {(SIDE, SIDE)}
    assert min(min(picture.tobytes()) for picture in pictures) >= 254
    assert len({picture.tobytes() for picture in pictures}) == len(pictures)


def test_damaged_data_are_not_returned() -> None:
    picture = carrier(RUNS, b"some data")
    assert carried(picture.replace(b"some", b"same"), RUNS) is None
    assert carried(picture[:-20], RUNS) is None
    assert carried(b"GIF89a", RUNS) is None
