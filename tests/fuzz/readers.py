"""The readers under test: how their inputs are generated, and what reading one may do."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from tables import table_files
from values import as_json, damaged, damages, edited, edits

from core.data.settings import TableSource
from core.data.tables.limits import ReadCancelled
from core.data.tables.preview import preview_table
from core.data.tables.tables import read_table
from core.errors import LessonError, PlaygroundError
from core.experiment import Experiment
from core.experiment.experiment_file import dump, load, parse, to_builtins
from core.experiment.presets import preset, preset_names
from core.experiment.tf_playground_link import looks_like_link, parse_link
from core.lessons.class_answers import decoded, encoded, read_answers
from core.lessons.class_statistics import band
from core.lessons.reading import read_lesson
from core.lessons.sketch_axes import SketchAxes
from core.lessons.sketches import difference
from core.training import state_file
from core.training.origin import MAGIC
from core.training.picture_origin import load_origin
from core.training.trainer import Trainer
from core.training.training_run import new_trainer
from tests.core.lessons.broken_lessons import broken_lessons
from tests.core.lessons.test_broken_lessons import apply_changes

MAX_PARAMETERS = 2000
"""Maximum number of parameters of a loaded state that is trained further."""


@dataclass(frozen=True)
class Reader:
    """One reader under test.

    Attributes:
        inputs: strategy that generates its inputs.
        read: reads an input; may only raise a :class:`PlaygroundError`.
        share: share of all inputs.
    """

    inputs: SearchStrategy[Any]
    read: Callable[[Any], None]
    share: float


# -- experiments ---------------------------------------------------------------------------------------------------------

DOCUMENTS = tuple(to_builtins(preset(name)) for name in preset_names())
experiment_files = st.builds(
    lambda document, changes, scratches: damaged(as_json(edited(document, changes)), scratches),
    st.sampled_from(DOCUMENTS),
    edits,
    damages,
)


def read_experiment(content: bytes) -> None:
    """Read an experiment; if it is accepted, it must survive writing and reading unchanged."""
    try:
        experiment = parse(content)
    except PlaygroundError as error:
        _check_sentence(error)
        return
    assert parse(dump(experiment)) == experiment


# -- links ---------------------------------------------------------------------------------------------------------------

_KEYS = (
    *(
        "activation",
        "regularization",
        "batchSize",
        "dataset",
        "regDataset",
        "learningRate",
        "regularizationRate",
        "noise",
    ),
    *("networkShape", "seed", "percTrainData", "problem", "initZero", "x", "y", "xSquared", "xTimesY", "sinX", "cosX"),
    *("showTestData", "discretize", "playButton_hide", "unknown", "", "%"),
)
_TEXTS = (
    *(
        "tanh",
        "relu",
        "linear",
        "circle",
        "spiral",
        "reg-plane",
        "classification",
        "regression",
        "L1",
        "None",
        "true",
        "false",
    ),
    *(
        "0.5",
        "10",
        "4,2",
        "4,,2",
        ",",
        "-1",
        "1e400",
        "nan",
        "inf",
        "1_0",
        "٣",
        "0.00001",
        "80",
        "81",
        "%2C",
        "%",
        "%ff",
        "",
    ),
    *("8,8,8,8,8,8,8", "1" * 400, "9" * 30, "0x10", " 4 ", "½", "null", "<b>", "4%2C2"),
)
_pair = st.builds(
    lambda key, sign, text: f"{key}{sign}{text}",
    st.sampled_from(_KEYS),
    st.sampled_from(("=", "=", "=", "", "==", "&")),
    st.sampled_from(_TEXTS) | st.text(max_size=6) | st.floats().map(repr) | st.integers().map(str),
)
links = st.builds(
    lambda start, pairs: start + "&".join(pairs),
    st.sampled_from(("https://playground.tensorflow.org/#", "#", "", "##", "x#\n")),
    st.lists(_pair, max_size=12),
)


def read_link(text: str) -> None:
    """Read a link; if it is accepted, the result must be an Experiment within the limits."""
    likely = looks_like_link(text)
    try:
        imported = parse_link(text)
    except PlaygroundError as error:
        _check_sentence(error)
        return
    assert likely
    assert parse(dump(imported.experiment)) == imported.experiment


# -- training states -----------------------------------------------------------------------------------------------------


def _small_states() -> tuple[bytes, ...]:
    states = []
    for name in ("default", "vanishing"):
        if name in preset_names() or name == "default":
            trainer = new_trainer(Experiment() if name == "default" else preset(name))
            trainer.run(7)
            states.append(state_file.encode(trainer.state()))
    return tuple(states)


STATES = _small_states()
_MAGIC_END = STATES[0].index(b"\n") + 1


def _state(
    content: bytes, changes: list[Any], words: list[tuple[int, int]], scratches: list[Any], honest: bool
) -> bytes:
    """Return ``content`` with another header and other numbers, and with a matching checksum if ``honest``."""
    magic, rest = content[:_MAGIC_END], content[_MAGIC_END + 32 :]
    length = int.from_bytes(rest[:8], "little")
    header, body = json.loads(rest[8 : 8 + length]), bytearray(rest[8 + length :])
    for place, word in words:
        at = place % (len(body) // 8) * 8
        body[at : at + 8] = (word % 2**64).to_bytes(8, "little")
    encoded = as_json(edited(header, changes))
    rest = len(encoded).to_bytes(8, "little") + encoded + bytes(body)
    checksum = hashlib.sha256(rest).digest() if honest else content[_MAGIC_END : _MAGIC_END + 32]
    return damaged(magic + checksum + rest, scratches)


_no_scratches: SearchStrategy[list[Any]] = st.just([])
_words = st.sampled_from((0, 1, 2**63, 2**64 - 1, 2**40)) | st.integers(0, 400)
state_files = st.builds(
    _state,
    st.sampled_from(STATES),
    edits,
    st.lists(
        st.tuples(st.integers(0, 10_000), st.sampled_from((0, 1, 2**63, 2**64 - 1, 2**40)) | st.integers(0, 400)),
        max_size=3,
    ),
    st.one_of(_no_scratches, _no_scratches, damages),
    st.sampled_from((True, True, True, False)),
)


def read_state(content: bytes) -> None:
    """Read a state; if it is accepted, training must be able to resume from it, unless it does not fit."""
    try:
        state = state_file.load_state(_written(content, ".state"))
    except PlaygroundError as error:
        _check_sentence(error)
        return
    if len(state.parameters) > MAX_PARAMETERS or not isinstance(state.experiment.data.dataset, str):
        return
    try:
        trainer: Trainer = new_trainer(state.experiment)
        trainer.use_engine("numpy")
        trainer.restore(state)
    except PlaygroundError as error:
        _check_sentence(error)
        return
    trainer.run(2)


# -- exported pictures ---------------------------------------------------------------------------------------------------

_SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><title>Loss</title></svg>'
_PNG = b"\x89PNG\r\n\x1a\n" + bytes(4) + b"IEND" + zlib.crc32(b"IEND").to_bytes(4, "big")


def _picture(content: bytes, kind: int, inner: list[Any], outer: list[Any]) -> bytes:
    """Return a picture with the state ``content``, damaged before it is packed, after it, or both."""
    payload = MAGIC + zlib.compress(b"S" + damaged(content, inner), 1)
    if kind == 0:
        element = b'<metadata id="nn-playground-experiment">' + base64.b64encode(payload) + b"</metadata>"
        return damaged(_SVG.replace(b"</title>", b"</title>" + element), outer)
    if kind == 1:
        chunk = len(payload).to_bytes(4, "big") + b"nnPg" + payload + zlib.crc32(b"nnPg" + payload).to_bytes(4, "big")
        return damaged(_PNG[:8] + chunk + _PNG[8:], outer)
    return damaged(b"%PDF-1.4\n1 0 obj\n<<>>\nstream\n" + zlib.compress(payload, 1) + b"\nendstream", outer)


picture_files = st.builds(
    _picture,
    st.sampled_from(STATES),
    st.integers(0, 2),
    st.one_of(_no_scratches, damages),
    st.one_of(_no_scratches, damages),
)


def read_picture(content: bytes) -> None:
    """Read the origin of a picture; if it is accepted, it has valid settings."""
    try:
        origin = load_origin(_written(content, ".png"))
    except PlaygroundError as error:
        _check_sentence(error)
        return
    assert parse(dump(origin.experiment)) == origin.experiment


# -- tables --------------------------------------------------------------------------------------------------------------


def read_any_table(file: tuple[str, bytes]) -> None:
    """Preview a table, then read it as proposed and with every column as the target."""
    suffix, content = file
    path = _written(content, suffix)
    try:
        preview = preview_table(path)
    except (PlaygroundError, ReadCancelled) as error:
        _check_sentence(error)
        return
    names = [column.name for column in preview.columns]
    assert len(set(names)) == len(names)
    for target in {preview.suggested_target, *names[:3]}:
        try:
            raw = read_table(TableSource(csv=str(path), target=target))
        except PlaygroundError as error:
            _check_sentence(error)
            continue
        assert raw.inputs.shape[0] == len(raw.target)


# -- lessons -------------------------------------------------------------------------------------------------------------


def read_lesson_file(text: str) -> None:
    """Read a lesson from a file; if it is accepted, its changes can be applied one after the other."""
    try:
        lesson = read_lesson(_written(text.encode(errors="surrogatepass"), ".md"))
    except LessonError as error:
        _check_sentence(error)
        return
    apply_changes(lesson)


# -- answers -------------------------------------------------------------------------------------------------------------

ANSWERS = {
    "format": 1,
    "lesson": "07-vanishing-gradient",
    "name": "Ada",
    "answers": [
        {"step": 1, "prediction": 1, "choice": 2},
        {"step": 2, "number": 0.5},
        {"step": 2, "prediction": 2, "sketch": [[0, 1.0], [50, 0.1], [100, 1e-3]]},
    ],
}
answer_files = st.builds(
    lambda changes, scratches: damaged(as_json(edited(ANSWERS, changes)), scratches), edits, damages
)
_AXES = tuple(SketchAxes("x", "y", (0.0, 100.0), (1e-4, 1.0), log=log, by_layer=False) for log in (True, False))
_TRUTH = (np.array([0.0, 50.0, 100.0]), np.array([1.0, 0.0, 1e-2]))


def read_answer_file(content: bytes) -> None:
    """Read answers; if they are accepted, they survive writing and reading, and can be compared with a truth."""
    try:
        file = read_answers(_written(content, ".answers.json"))
    except PlaygroundError as error:
        _check_sentence(error)
        return
    assert decoded(encoded(file)) == file
    for sketch in (answer.sketch for answer in file.answers if answer.sketch is not None):
        for axes in _AXES:
            with np.errstate(over="ignore", invalid="ignore"):
                found = difference(sketch, *_TRUTH, log=axes.log, by_layer=False)
                quartiles = band([sketch], np.linspace(0.0, 100.0, 9), axes)
            assert found is None or found.mean >= 0.0
            assert quartiles.curves.shape == (1, 9)


FOLDER = Path(tempfile.gettempdir()) / f"nn-playground-fuzz-{os.getpid()}"
"""Folder for the inputs, which the run creates and removes."""


def _written(content: bytes, suffix: str) -> Path:
    path = FOLDER / f"input{suffix}"
    path.write_bytes(content)
    return path


def read_experiment_file(content: bytes) -> None:
    """Read an experiment from a file."""
    try:
        load(_written(content, ".json"))
    except PlaygroundError as error:
        _check_sentence(error)
    read_experiment(content)


def _check_sentence(error: Exception) -> None:
    """Check that an error message is a readable text of bounded length."""
    text = str(error)
    assert text.strip()
    assert len(text) < 2000, text[:200]
    text.encode()  # fails for a lone surrogate, which cannot be shown or logged


READERS = {
    "experiment": Reader(experiment_files, read_experiment_file, 0.34),
    "link": Reader(links, read_link, 0.34),
    "state": Reader(state_files, read_state, 0.2),
    "picture": Reader(picture_files, read_picture, 0.01),
    "table": Reader(table_files, read_any_table, 0.09),
    "answers": Reader(answer_files, read_answer_file, 0.01),
    "lesson": Reader(broken_lessons, read_lesson_file, 0.01),
}
