"""An origin survives in a file's metadata, and damaged or hostile files are one sentence."""

from __future__ import annotations

import base64
import struct
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from msgspec import structs
from msgspec.structs import replace
from PIL import Image

from core.errors import PlaygroundError
from core.experiment import Experiment, HiddenLayer, NetworkSettings
from core.training.origins import inflating
from core.training.origins.origin import MAGIC, Origin, decode, encode
from core.training.origins.picture_origin import find, load_origin, png_with_origin, svg_with_origin
from core.training.origins.shown_runs import MAX_PICTURE_NUMBERS, ShownRuns
from core.training.pins.pin_file import StoredPin
from core.training.pins.pinned_run import StoredRun, pinned
from core.training.run_history import RunHistory
from core.training.trainer import Trainer
from tests.core.support import new_trainer

SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><title>Loss</title><rect/></svg>\n'


def tiny_png() -> bytes:
    """Return a valid PNG of one pixel, written by hand."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\x00\x7f")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.fixture(scope="module")
def trainer() -> Trainer:
    trainer = new_trainer(replace(Experiment(), name='Täst "<&>"'))
    trainer.run(33)
    return trainer


@pytest.fixture(scope="module")
def origin(trainer: Trainer) -> Origin:
    return Origin(trainer.experiment, trainer.state(), "circle, 2-4-2-1 tanh & <more>, α")


def resumed_equals(trainer: Trainer, found: Origin) -> bool:
    """Return whether training from ``found`` continues bit by bit like ``trainer``."""
    assert found.state is not None
    one, other = Trainer(trainer.experiment, trainer.data), Trainer(found.experiment, trainer.data)
    one.restore(trainer.state())
    other.restore(found.state)
    one.run(50)
    other.run(50)
    return np.array_equal(one.parameters, other.parameters) and one.step == other.step == 83


def test_png_and_svg_resume_to_the_same_numbers(trainer: Trainer, origin: Origin, tmp_path: Path) -> None:
    for name, content in (("a.png", png_with_origin(tiny_png(), origin)), ("a.svg", svg_with_origin(SVG, origin))):
        (tmp_path / name).write_bytes(content)
        found = load_origin(tmp_path / name)
        assert found.experiment == trainer.experiment
        assert resumed_equals(trainer, found)


def test_a_picture_that_an_editor_saved_again_says_what_became_of_its_experiment(
    trainer: Trainer, origin: Origin, tmp_path: Path
) -> None:
    path = tmp_path / "edited.png"
    path.write_bytes(png_with_origin(tiny_png(), origin))
    with Image.open(path) as image:
        image.load()
        image.save(path)
    with pytest.raises(PlaygroundError) as error:
        load_origin(path)
    said = str(error.value)
    assert said.startswith(f"{path}: there is no experiment in it; export the picture again")
    assert "an image editor or messenger that saves it again drops the experiment" in said


def test_the_recipe_is_readable_and_the_files_stay_valid(origin: Origin) -> None:
    import xml.etree.ElementTree as ET

    root = ET.fromstring(svg_with_origin(SVG, origin))
    assert root.findtext("{http://www.w3.org/2000/svg}desc") == origin.recipe
    content = png_with_origin(tiny_png(), origin)
    assert origin.recipe.encode() in content
    at, kinds = 8, []
    while at < len(content):  # every chunk has its right checksum
        (length,) = struct.unpack(">I", content[at : at + 4])
        body, check = content[at + 4 : at + 8 + length], content[at + 8 + length : at + 12 + length]
        assert struct.unpack(">I", check)[0] == zlib.crc32(body)
        kinds.append(body[:4])
        at += 12 + length
    assert kinds == [b"IHDR", b"IDAT", b"iTXt", b"nnPg", b"IEND"]


def test_without_a_state_the_settings_remain(trainer: Trainer) -> None:
    found = decode(encode(Origin(trainer.experiment)))
    assert found.experiment == trainer.experiment
    assert found.state is None


def test_equal_origins_give_equal_bytes(origin: Origin) -> None:
    assert encode(origin) == encode(origin)


def test_a_pdf_stream_is_found_compressed_or_not(trainer: Trainer, origin: Origin) -> None:
    payload = encode(origin)
    noise = b"1 0 obj\n<</Length 9>>\nstream\n" + zlib.compress(b"x" * 99) + b"\nendstream\nendobj\n"
    for stored in (zlib.compress(payload), payload):
        content = b"%PDF-1.4\n" + noise + b"2 0 obj\n<<>>\nstream\r\n" + stored + b"\nendstream\nendobj\n%%EOF"
        found = find(content)
        assert found is not None
        assert decode(found).experiment == trainer.experiment
    assert find(b"%PDF-1.4\n" + noise) is None


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (tiny_png(), "there is no experiment in it"),
        (SVG, "there is no experiment in it"),
        (b"", "there is no experiment in it"),
        (b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffnnPg", "this file is damaged or incomplete"),
        (b'<svg><metadata id="nn-playground-experiment">!</metadata></svg>', "there is no experiment in it"),
        (b'<svg><metadata id="nn-playground-experiment">AAA</metadata></svg>', "of another version, or damaged"),
    ],
)
def test_a_file_without_an_origin_is_one_sentence(content: bytes, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "slide.png"
    path.write_bytes(content)
    with pytest.raises(PlaygroundError) as error:
        load_origin(path)
    assert str(error.value).startswith(f"{path}: ")
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_a_truncated_file_is_reported_as_damaged(origin: Origin, tmp_path: Path, share: float) -> None:
    pdf = b"%PDF-1.4\n2 0 obj\n<<>>\nstream\n" + bytes(3000) + encode(origin) + b"\nendstream\nendobj\n%%EOF\n"
    whole = {
        "a.png": png_with_origin(tiny_png(), origin),
        "a.svg": SVG.replace(b"<rect/>", b"<rect/>" * 500).replace(b"</svg>", b"<desc>end</desc></svg>"),
        "a.pdf": pdf.replace(MAGIC, bytes(len(MAGIC))),
    }
    for name, content in whole.items():
        path = tmp_path / name
        path.write_bytes(content[: int(share * len(content))])
        with pytest.raises(PlaygroundError, match="this file is damaged or incomplete"):
            load_origin(path)


def test_a_png_with_a_damaged_experiment_is_reported_as_damaged(origin: Origin, tmp_path: Path) -> None:
    content = bytearray(png_with_origin(tiny_png(), origin))
    content[content.index(MAGIC) + len(MAGIC) + 40] ^= 1
    path = tmp_path / "a.png"
    path.write_bytes(content)
    with pytest.raises(PlaygroundError, match="this file is damaged or incomplete"):
        load_origin(path)


def in_svg(payload: bytes) -> bytes:
    return b'<svg><metadata id="nn-playground-experiment">' + base64.b64encode(payload) + b"</metadata></svg>"


def test_damage_is_found(origin: Origin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    payload = encode(origin)
    content = zlib.decompress(payload[len(MAGIC) :])
    monkeypatch.setattr(inflating, "MAX_BYTES", 100_000)
    damaged = {
        "is damaged": MAGIC + b"nonsense",
        "cut off": payload[:-20],
        "another version": payload.replace(b"ORIGIN 1", b"ORIGIN 2"),
        "its kind is unknown": MAGIC + zlib.compress(b"?" + content[1:]),
        "too large": MAGIC + zlib.compress(b"S" * 200_000),
        "checksum does not match": MAGIC + zlib.compress(content[:-1] + bytes([content[-1] ^ 1])),
        "not a training state": MAGIC + zlib.compress(b"Sx"),
        "unknown key": MAGIC + zlib.compress(b'E{"format": 1, "evil": 2}'),
        "not well-formed": MAGIC + zlib.compress(b"E{"),
    }
    path = tmp_path / "slide.svg"
    for sentence, bad in damaged.items():
        path.write_bytes(in_svg(bad))
        with pytest.raises(PlaygroundError, match=sentence):
            load_origin(path)


def test_a_damaged_chunk_is_not_read(origin: Origin) -> None:
    content = bytearray(png_with_origin(tiny_png(), origin))
    content[content.index(b"nnPg") + 60] ^= 1
    assert find(bytes(content)) is None


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(PlaygroundError, match="cannot be read"):
        load_origin(tmp_path / "gone.png")
    with pytest.raises(PlaygroundError, match="cannot be read"):
        load_origin(tmp_path)


def with_runs(layers: int, units: int, steps: int) -> Origin:
    """Return the origin of a run with a curve, a pin and a path of every step."""
    network = NetworkSettings(hidden=tuple(HiddenLayer(units=units) for _ in range(layers)))
    trainer, history = new_trainer(Experiment(network=network)), RunHistory()
    for step in range(steps):
        trainer.run(1)
        history.recorder.record(epoch=trainer.epoch, step=step + 1, train=1.0 / (step + 1), test=float("nan"))
        history.path.record(step=step + 1, parameters=trainer.parameters.copy())
    run = StoredRun.of(pinned(trainer, history, (0, 1)))
    return Origin(
        trainer.experiment, trainer.state(), runs=ShownRuns(run, (StoredPin(run, "pin", 1, hidden=False),), 0)
    )


def test_the_run_is_kept_without_the_pins() -> None:
    origin = with_runs(1, 4, 40)
    found = find(png_with_origin(tiny_png(), origin))
    assert found is not None
    assert found == find(svg_with_origin(SVG, origin)) == encode(origin)
    again = decode(found)
    assert again.runs is not None
    assert origin.runs is not None
    assert again.runs.pins == ()
    assert np.array_equal(again.runs.current.curve, origin.runs.current.curve, equal_nan=True)
    assert np.array_equal(again.runs.current.path, origin.runs.current.path)
    assert again.state is not None
    assert again.experiment == again.state.experiment == origin.experiment


@pytest.mark.parametrize(("units", "most"), [(4, 200_000), (30, 250_000), (110, 500_000)])
def test_the_size_of_the_run_is_bounded(units: int, most: int) -> None:
    origin = with_runs(2, units, 210)
    alone = encode(structs.replace(origin, runs=None))
    assert len(encode(origin)) - len(alone) < most
    again = decode(encode(origin)).runs
    assert again is not None
    assert again.current.path.size <= MAX_PICTURE_NUMBERS
    assert (len(again.current.path) == 0) == (units == 110)


def test_a_damaged_run_is_one_sentence() -> None:
    content = zlib.decompress(encode(with_runs(1, 4, 5))[len(MAGIC) :])
    for broken in (content[:200], b"R", content[:1] + b"\x93" + content[2:], content.replace(b"state", b"stato", 1)):
        with pytest.raises(PlaygroundError, match="the experiment in it"):
            decode(MAGIC + zlib.compress(broken))
    for place in range(1, len(content), 97):
        flipped = content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :]
        with suppress(PlaygroundError):  # and no other error
            decode(MAGIC + zlib.compress(flipped))
