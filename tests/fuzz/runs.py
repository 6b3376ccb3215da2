"""The readers of training states and of files that contain one: pictures, decks, pinned runs and the undo history."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
import zlib
from functools import cache
from random import Random
from typing import Any

import msgspec
import numpy as np
from checks import check_sentence, written
from documents import MAX_PARAMETERS
from msgspec.structs import replace
from mutation import Document, any_float, as_json, damaged, edited, pick, value, with_words
from PIL import Image
from tables import archive_of, members

from core.errors import PlaygroundError
from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings, TrainingSettings
from core.experiment.experiment_file import dump, parse
from core.experiment.presets import preset
from core.training import state_file
from core.training.origins import shown_runs
from core.training.origins.animation_origin import animation_with_origin
from core.training.origins.deck_origin import load_deck_origin
from core.training.origins.origin import MAGIC, Origin
from core.training.origins.picture_origin import load_origin, png_with_origin, svg_with_origin
from core.training.pins import pin_file
from core.training.pins.pinned_run import StoredRun, data_for, pinned
from core.training.run_history import RunHistory
from core.training.trainer import Trainer
from core.training.training_run import new_trainer
from playground.session.editing.undo_history import ExperimentEdit, ParameterEdit, ParametersEdit
from playground.session.saving import history_file
from tests.core.training.origins.test_deck_origin import deck, rels, runs_part, slide
from tests.core.training.origins.test_picture_origin import SVG, tiny_png

# -- training states -----------------------------------------------------------------------------------------------------

_SMALL = Experiment(
    data=DataSettings(samples=60, dataset="moons"),
    network=NetworkSettings(hidden=(HiddenLayer(units=3, dropout=0.2, activation="prelu"), HiddenLayer(units=2))),
    training=TrainingSettings(optimizer="adam", learning_rate=0.01, l2=0.01),
)


def _trained(settings: Experiment) -> Trainer:
    trainer: Trainer = new_trainer(settings, engine="numpy")
    trainer.run(7)
    return trainer


_TRAINERS = tuple(map(_trained, (Experiment(), _SMALL, preset("vanishing-gradient"))))
STATES = tuple(state_file.encode(trainer.state()) for trainer in _TRAINERS)
_MAGIC_END = STATES[0].index(b"\n") + 1


class _StateFile:
    """The parts of a state file."""

    def __init__(self, content: bytes) -> None:
        self.magic, rest = content[:_MAGIC_END], content[_MAGIC_END + 32 :]
        length = int.from_bytes(rest[:8], "little")
        self.header, self.body = (Document(json.loads(rest[8 : 8 + length])),), rest[8 + length :]


_STATE_FILES = tuple(map(_StateFile, STATES))


def state(rng: Random) -> bytes:
    """Return a training state with another header and other numbers, mostly with a matching checksum."""
    file = pick(rng, _STATE_FILES)
    header = as_json(edited(rng, file.header, 3))
    body = with_words(rng, file.body)
    if rng.random() < 0.1:
        body = body[:-8] if rng.random() < 0.5 else body + bytes(8 * int(rng.random() * 20))
    rest = len(header).to_bytes(8, "little") + header + body
    checksum = hashlib.sha256(rest).digest() if rng.random() < 0.95 else bytes(32)
    content = file.magic + checksum + rest
    return damaged(rng, content) if rng.random() < 0.1 else content


def read_state(content: bytes) -> bool:
    """Read a state; if it is accepted, training can be resumed from it, unless it does not fit."""
    try:
        found = state_file.load_state(written(content, ".state"))
    except PlaygroundError as error:
        check_sentence(error)
        return False
    if len(found.parameters) > MAX_PARAMETERS or not isinstance(found.experiment.data.dataset, str):
        return True
    try:
        trainer: Trainer = new_trainer(found.experiment, engine="numpy")
        trainer.restore(found)
    except PlaygroundError as error:
        check_sentence(error)
        return False
    trainer.run(2)
    return True


# -- pictures and decks --------------------------------------------------------------------------------------------------


def _animation(kind: str) -> bytes:
    noise = np.random.default_rng(1).integers(0, 255, (2, 6, 8, 3), np.uint8)
    first, *others = (Image.fromarray(frame) for frame in noise)
    buffer = io.BytesIO()
    first.save(buffer, kind, save_all=True, append_images=others, duration=100, loop=0)
    return buffer.getvalue()


_MP4 = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2\0\0\0\x08free\0\0\0\x10mdatabcdefgh"
_GIF, _WEBP = _animation("GIF"), _animation("WEBP")
_ORIGIN = Origin(_TRAINERS[1].experiment, _TRAINERS[1].state(), "moons & <more>")
_PNG = tiny_png()
_PICTURES = (
    *(png_with_origin(_PNG, _ORIGIN), svg_with_origin(SVG, _ORIGIN)),
    *(animation_with_origin(each, _ORIGIN) for each in (_GIF, _WEBP, _MP4)),
)
_BINARY = (
    b"\0",
    b"\xff" * 8,
    b"\xff\xff\xff\xff",
    b"\0\0\0\1",
    b"nnPg",
    b"IEND",
    b"XMP ",
    b"uuid",
    b"\x21\xff\x0b",
    b"stream\n",
)


def _with_payload(kind: int, payload: bytes) -> bytes:
    """Return a picture that contains ``payload``."""
    packed = base64.b64encode(payload)
    if kind == 0:
        chunk = len(payload).to_bytes(4, "big") + b"nnPg" + payload + zlib.crc32(b"nnPg" + payload).to_bytes(4, "big")
        return _PNG[:8] + chunk + _PNG[8:]
    if kind == 1:
        element = b'<metadata id="nn-playground-experiment">' + packed + b"</metadata>"
        return SVG.replace(b"</title>", b"</title>" + element)
    if kind == 2:
        return b"%PDF-1.4\n1 0 obj\n<<>>\nstream\n" + zlib.compress(payload, 1) + b"\nendstream"
    if kind == 3:
        return b"%PDF-1.4\nstream\r\n" + payload + b"\nendstream"
    xmp = b'<x nn:experiment="' + packed + b'"/>'
    riff = b"WEBPXMP " + len(xmp).to_bytes(4, "little") + xmp + bytes(len(xmp) % 2)
    return b"RIFF" + len(riff).to_bytes(4, "little") + riff


def picture(rng: Random) -> bytes:
    """Return a picture whose experiment is damaged before it is packed, after it, or both."""
    if rng.random() < 0.4:
        return damaged(rng, pick(rng, _PICTURES), _BINARY)
    inner = b"S" + state(rng) if rng.random() < 0.6 else b"E" + as_json(edited(rng, _SETTINGS))
    payload = MAGIC + zlib.compress(damaged(rng, inner) if rng.random() < 0.1 else inner, 1)
    if rng.random() < 0.15:
        payload = damaged(rng, payload, _BINARY)
    content = _with_payload(int(rng.random() * 5), payload)
    return damaged(rng, content, _BINARY) if rng.random() < 0.2 else content


_SETTINGS = (Document(json.loads(dump(_SMALL))),)


def read_picture(content: bytes) -> bool:
    """Read the origin of a picture; if it is accepted, it has valid settings."""
    try:
        origin = load_origin(written(content, ".png"))
    except PlaygroundError as error:
        check_sentence(error)
        return False
    assert parse(dump(origin.experiment)) == origin.experiment
    return True


def _pins() -> bytes:
    runs = []
    for number, trainer in enumerate(_TRAINERS[:2]):
        history = RunHistory()
        for _ in range(3):
            history.timed(trainer.run, 5)
            pinned(trainer, history, (0, 1))
        history.recorder.mark(epoch=trainer.epoch, step=trainer.step, text="noise 0 → 0.1")
        run = StoredRun.of(pinned(trainer, history, (0, 1)))
        runs.append(pin_file.StoredPin(run, f"run {number}", number, hidden=bool(number)))
    return pin_file.encode(runs)


_PIN_FILE = _pins()


@cache
def _deck_parts() -> dict[str, bytes]:
    current = pin_file.encode([pin_file.decode(_PIN_FILE)[1]])
    runs = shown_runs.MAGIC + zlib.compress(
        msgspec.msgpack.encode({"current": current, "pins": _PIN_FILE, "compared": 0})
    )
    payload = MAGIC + zlib.compress(b"S" + STATES[1])
    path = written(b"", ".pptx")
    content = deck(path, runs, payload, "<a/>", extra={"ppt/media/image1.png": _PICTURES[0]}).read_bytes()
    return {
        **members(content),
        "ppt/slides/_rels/slide2.xml.rels": rels("../media/image1.png").encode(),
        "x.xml": slide("").encode(),
    }


def deck_file(rng: Random) -> bytes:
    """Return a PowerPoint file with damaged parts, or a damaged experiment in a part that is intact."""
    parts = _deck_parts()
    if rng.random() < 0.5:
        payload = MAGIC + zlib.compress(b"S" + state(rng), 1)
        if rng.random() < 0.5:
            file = {"current": pins(rng), "pins": pins(rng), "compared": value(rng) if rng.random() < 0.2 else -1}
            payload = shown_runs.MAGIC + zlib.compress(_packed(file), 1)
        parts = {**parts, "customXml/item0.xml": runs_part(payload).encode()}
        with zipfile.ZipFile(packed := io.BytesIO(), "w") as archive:
            for name, body in parts.items():
                archive.writestr(name, body)
        return packed.getvalue()
    return archive_of(rng, parts)


def read_deck(content: bytes) -> bool:
    """Read the first experiment of a deck; if it is accepted, it has valid settings."""
    try:
        origin, note = load_deck_origin(written(content, ".pptx"))
    except PlaygroundError as error:
        check_sentence(error)
        return False
    assert note == "" or note.strip()
    assert parse(dump(origin.experiment)) == origin.experiment
    return True


# -- pinned runs and history ---------------------------------------------------------------------------------------------


def _packed(tree: Any) -> bytes:
    """Serialize ``tree`` as MessagePack, without numbers that it does not have."""
    try:
        return msgspec.msgpack.encode(tree)
    except (OverflowError, ValueError, UnicodeEncodeError):
        return b"\xc1"


def pins(rng: Random) -> bytes:
    """Return a file of pinned runs with damaged states, tables, and numbers."""
    tree = msgspec.msgpack.decode(_PIN_FILE) if rng.random() < 0.9 else {"pins": [], "format": 1}
    for pin in tree["pins"]:
        if rng.random() < 0.5:
            continue
        key = pick(rng, ("state", "curve", "gradients", "path", "marks", "name", "colour", "hidden"))
        kind = rng.random()
        if kind < 0.2:
            pin[pick(rng, (key, f"{key}_"))] = value(rng)
        elif key == "state":
            pin[key] = state(rng)
        elif key in ("curve", "gradients", "path"):
            _edit_table(rng, pin[key])
        elif key == "marks":
            pin[key] = (
                [[any_float(rng), any_float(rng), "a"]] * int(rng.random() * 3)
                if kind < 0.8
                else [[0.0, 0.0, value(rng)]]
            )
        else:
            pin[key] = value(rng)
    content = _packed(tree)
    return damaged(rng, content, _BINARY) if rng.random() < 0.15 else content


def _edit_table(rng: Random, table: Any) -> None:
    kind = rng.random()
    if kind < 0.5:
        table["content"] = with_words(rng, table["content"])
    elif kind < 0.7:
        table["rows"], table["columns"] = table["columns"], table["rows"]
    elif kind < 0.8:
        table["rows"], table["content"] = 0, b""
    else:
        table[pick(rng, ("rows", "columns", "content"))] = value(rng)


def read_pins(content: bytes) -> bool:
    """Read pinned runs; if they are accepted, small ones can be restored, unless they do not fit their data."""
    try:
        found = pin_file.load_pins(written(content, ".pins"))
    except PlaygroundError as error:
        check_sentence(error)
        return False
    if zlib.crc32(content) % 8:
        return True
    for pin in found:
        settings = pin.run.state.experiment
        if len(pin.run.state.parameters) > MAX_PARAMETERS or not isinstance(settings.data.dataset, str):
            continue
        try:
            pin.run.restored(data_for(settings))
        except PlaygroundError as error:
            check_sentence(error)
    return True


def _history() -> Document:
    other = replace(_SMALL, name="other")
    edits = [
        ExperimentEdit("Name", _SMALL, other),
        ParameterEdit("Weight", 3, 0.5, 0.25),
        ParametersEdit("Weights", np.array([0.5, 1.0]), np.array([1.0, 2.0])),
        ExperimentEdit("Name", other, _SMALL),
    ]
    return Document(json.loads(history_file.encode(edits, edits[:2])))


_HISTORIES = (_history(),)


def history(rng: Random) -> bytes:
    """Return an undo history."""
    content = as_json(edited(rng, _HISTORIES, 3))
    return damaged(rng, content) if rng.random() < 0.2 else content


def read_history(content: bytes) -> bool:
    """Read the undo history, which is left out if it is damaged; if it is accepted, it can be written again."""
    found = history_file.read(written(content, ".history"), _SMALL)
    if found is None:
        return False
    history_file.encode(found.done, found.undone)
    return True
