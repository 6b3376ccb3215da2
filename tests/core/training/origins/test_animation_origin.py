"""An origin in a GIF or WebP animation is found again, and other programs still read the file."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import PlaygroundError
from core.experiment import Experiment
from core.training.origins.animation_origin import animation_with_origin
from core.training.origins.origin import Origin, encode
from core.training.origins.picture_origin import find, load_origin
from tests.core.support import new_trainer

FORMATS = ("GIF", "WEBP")


def animation(kind: str) -> bytes:
    """Return three frames of noise, encoded by Pillow."""
    noise = np.random.default_rng(1).integers(0, 255, (3, 12, 16, 3), np.uint8)
    first, *others = (Image.fromarray(frame) for frame in noise)
    buffer = io.BytesIO()
    first.save(buffer, kind, save_all=True, append_images=others, duration=100, loop=0)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def origin() -> Origin:
    trainer = new_trainer(Experiment(name='A & < "B"'))
    trainer.run(12)
    return Origin(trainer.experiment, trainer.state(), 'circle & < "more", α = 0.03')


@pytest.mark.parametrize("kind", FORMATS)
def test_the_state_is_found_and_every_frame_stays(kind: str, origin: Origin, tmp_path: Path) -> None:
    plain = animation(kind)
    content = animation_with_origin(plain, origin)
    path = tmp_path / f"run.{kind.lower()}"
    path.write_bytes(content)
    found = load_origin(path)
    assert found.experiment == origin.experiment
    assert found.state is not None
    assert origin.state is not None
    assert np.array_equal(found.state.parameters, origin.state.parameters)
    with Image.open(io.BytesIO(plain)) as before, Image.open(path) as after:
        assert after.n_frames == before.n_frames == 3
        for number in range(3):
            before.seek(number)
            after.seek(number)
            assert np.array_equal(np.asarray(before.convert("RGB")), np.asarray(after.convert("RGB")))
    assert animation_with_origin(plain, origin) == content


def test_other_programs_show_the_recipe(origin: Origin) -> None:
    with Image.open(io.BytesIO(animation_with_origin(animation("GIF"), origin))) as image:
        image.seek(2)
        image.load()
    assert origin.recipe.encode() in animation_with_origin(animation("GIF"), origin)
    with Image.open(io.BytesIO(animation_with_origin(animation("WEBP"), origin))) as image:
        packet = image.info["xmp"]
    import xml.etree.ElementTree as ET

    (description,) = ET.fromstring(packet).iter("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description")
    assert description.get("{urn:nn-playground:1}recipe") == origin.recipe


@pytest.mark.parametrize("kind", FORMATS)
def test_files_that_are_cut_off_at_any_byte_are_no_crash(kind: str) -> None:
    content = animation_with_origin(animation(kind), Origin(Experiment()))
    whole = encode(Origin(Experiment()))
    assert find(content) == whole
    cuts = [find(content[:stop]) for stop in range(0, len(content) - 2, 7)]
    assert all(found is None or whole.startswith(found) for found in cuts)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_without_an_origin_is_one_sentence(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "slide"
    path.write_bytes(animation(kind))
    with pytest.raises(PlaygroundError, match="there is no experiment in it"):
        load_origin(path)


def boxes(*named: tuple[bytes, int]) -> bytes:
    """Return boxes of an MP4 file with zeros as data."""
    return b"".join(struct.pack(">I", 8 + length) + name + bytes(length) for name, length in named)


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_a_truncated_file_is_reported_as_damaged(kind: str, tmp_path: Path) -> None:
    content = animation(kind)
    path = tmp_path / "slide"
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(PlaygroundError, match="this file is damaged or incomplete"):
        load_origin(path)


@pytest.mark.parametrize("large", [False, True])
def test_a_truncated_mp4_is_reported_as_damaged(origin: Origin, tmp_path: Path, *, large: bool) -> None:
    pictures = struct.pack(">I4sQ", 1, b"mdat", 16 + 900) + bytes(900) if large else boxes((b"mdat", 900))
    plain = boxes((b"ftyp", 16)) + pictures + boxes((b"moov", 200))
    path = tmp_path / "run.mp4"
    whole = animation_with_origin(plain, origin)
    path.write_bytes(whole)
    assert load_origin(path).experiment == origin.experiment
    for length in (30, 500, len(plain) - 208, len(plain) - 100, len(whole) - 5):
        path.write_bytes(whole[:length])
        with pytest.raises(PlaygroundError, match="this file is damaged or incomplete"):
            load_origin(path)
    path.write_bytes(plain)
    with pytest.raises(PlaygroundError, match="there is no experiment in it"):
        load_origin(path)
    path.write_bytes(plain + struct.pack(">I4s", 0, b"free") + bytes(9))  # a box up to the end of the file
    with pytest.raises(PlaygroundError, match="there is no experiment in it"):
        load_origin(path)


def test_a_length_beyond_the_end_is_not_followed() -> None:
    content = b"RIFF" + struct.pack("<I", 40) + b"WEBPVP8X" + struct.pack("<I", 2**32 - 1) + b"\0" * 20
    assert find(content) is None
    assert find(b"GIF89a" + b"\xff" * 30) is None


def test_a_format_without_a_place_for_it_is_unchanged() -> None:
    assert animation_with_origin(b"OggS and more", Origin(Experiment())) == b"OggS and more"
