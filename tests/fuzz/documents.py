"""The readers of settings and texts: experiments, links, lessons, answers, progress and drawn points."""

from __future__ import annotations

import zlib
from random import Random
from typing import Any

import numpy as np
from checks import check_sentence, written
from mutation import Document, as_json, damaged, edited, letters, number_text, pick

from core.data.drawn_csv import from_csv, to_csv
from core.data.settings import DrawnSource, TableSource
from core.errors import LessonError, PlaygroundError
from core.experiment import Experiment
from core.experiment.experiment_file import dump, load, parse, to_builtins
from core.experiment.presets import preset, preset_names
from core.experiment.tf_playground_link import looks_like_link, parse_link
from core.lessons.classroom.answers import decode_answers, encode_answers, read_answers
from core.lessons.classroom.statistics import sketch_band
from core.lessons.file_format.reading import read_lesson
from core.lessons.progress import record as progress
from core.lessons.sketches.axes import SketchAxes
from core.lessons.sketches.distance import curve_difference
from core.training.training_run import new_trainer
from tests.core.lessons.file_format import damaged_lessons
from tests.core.lessons.file_format.test_damaged_lessons import apply_changes

MAX_PARAMETERS = 2000
"""Maximum number of parameters of a network that is trained further."""

# -- experiments ---------------------------------------------------------------------------------------------------------

_POINTS = DrawnSource(points=((0.5, -1.0, 1), (2.0, 3.0, 2), (0.0, 0.1, 1), (1.5, 2.5, 2)))
_TABLE = TableSource(csv="x.csv", target="y", inputs=("a", "b"), header=True, delimiter=";", decimal=",", rows=100)


def _sources() -> list[Any]:
    drawn, table = to_builtins(Experiment()), to_builtins(Experiment())
    drawn["data"]["dataset"] = to_builtins(_POINTS)  # type: ignore[arg-type]
    table["data"]["dataset"] = to_builtins(_TABLE)  # type: ignore[arg-type]
    table["data"]["dataset"]["columns"] = [{"name": "a", "kind": "date", "missing": ["-"], "parts": ["year"]}]
    return [drawn, table, {}, {"format": 1}]


EXPERIMENTS = tuple(Document(each) for each in [*(to_builtins(preset(name)) for name in preset_names()), *_sources()])


def experiment(rng: Random) -> bytes:
    """Return an experiment file."""
    content = as_json(edited(rng, EXPERIMENTS))
    return damaged(rng, content) if rng.random() < 0.3 else content


def read_experiment(content: bytes) -> bool:
    """Read an experiment; if it is accepted, it survives writing and reading, and a small one can be trained."""
    try:
        read = load(written(content, ".json"))
    except PlaygroundError as error:
        check_sentence(error)
        return False
    assert parse(dump(read)) == read
    data = read.data
    if zlib.crc32(content) % 16 == 0 and not isinstance(data.dataset, TableSource) and data.samples <= 1000:
        _train(read)
    return True


def _train(settings: Experiment) -> None:
    widths = [layer.units for layer in settings.network.hidden]
    if max(widths, default=0) > 20 or len(widths) > 20:
        return
    try:
        trainer = new_trainer(settings, engine="numpy")
    except PlaygroundError as error:
        check_sentence(error)
        return
    if len(trainer.parameters) <= MAX_PARAMETERS:
        trainer.run(1)


# -- links ---------------------------------------------------------------------------------------------------------------

_LINKS = tuple(
    text.split("&")
    for text in (
        (
            "activation=tanh&batchSize=10&dataset=circle&regDataset=reg-plane&learningRate=0.03&regularizationRate=0&noise=0"
            "&networkShape=4,2&seed=0.43421&showTestData=false&discretize=false&percTrainData=50&x=true&y=true&xTimesY=false"
            "&xSquared=false&ySquared=false&cosX=false&sinX=false&cosY=false&sinY=false&collectStats=false"
            "&problem=classification&initZero=false&hideText=false"
        ),
        (
            "activation=relu&regularization=L1&batchSize=30&dataset=spiral&learningRate=0.01&regularizationRate=0.001&noise=25"
            "&networkShape=8,8,8,8&seed=0.1&percTrainData=80&x=true&y=true&xSquared=true&sinX=true&sinY=true"
        ),
        "problem=regression&regDataset=reg-gauss&activation=linear&networkShape=&batchSize=1&initZero=true&x=true",
        "dataset=xor&playButton_hide=true&dataset_hide=true&tutorial=dl&seed=",
    )
)
_KEYS = tuple(sorted({entry.partition("=")[0] for link in _LINKS for entry in link} | {"unknown", "", "%", "seed%20"}))
_TEXTS = (
    *("tanh", "relu", "linear", "circle", "spiral", "reg-plane", "classification", "regression", "L1", "L2", "None", "none"),
    *("true", "false", "0.5", "10", "4,2", "4,,2", ",", "-1", "1e400", "nan", "inf", "1_0", "٣", "0.00001", "80", "81"),
    *("%2C", "%", "%ff", "%00", "%0A", "%1b[1m", "%ED%A0%80", "", "8,8,8,8,8,8,8", "1" * 400, "9" * 30, "0x10", " 4 ", "½"),
    *("null", "<b>", "4%2C2", "1" * 5000, "8," * 2000, "1e-320", "-0"),
)  # fmt: skip
_STARTS = ("https://playground.tensorflow.org/#",) * 4 + ("#", "", "##", "x#\n", "http://a#b#", "\ufeff")


def link(rng: Random) -> str:
    """Return the text of a link."""
    entries = list(pick(rng, _LINKS))
    for _ in range(int(rng.random() * rng.random() * 6 + 0.3)):
        at = int(rng.random() * len(entries))
        kind = rng.random()
        if kind < 0.6:
            key, _, _ = entries[at].partition("=")
            text = pick(rng, _TEXTS) if rng.random() < 0.6 else number_text(rng) if rng.random() < 0.8 else letters(rng)
            entries[at] = f"{key}={text}"
        elif kind < 0.75:
            entries[at] = f"{pick(rng, _KEYS)}{pick(rng, ('=', '==', '', '%3D'))}{pick(rng, _TEXTS)}"
        elif kind < 0.85:
            entries.insert(at, pick(rng, pick(rng, _LINKS)))
        elif kind < 0.95 and len(entries) > 1:
            del entries[at]
        else:
            entries[at] = damaged(rng, entries[at].encode(), (b"&", b"=", b"#", b"%", b"%2", b"\0")).decode(
                errors="replace"
            )
    text = pick(rng, _STARTS) + pick(rng, ("&", "&", "&", "&", "&", "&&", "&\n", ";")).join(entries)
    return text[: int(rng.random() * len(text))] if rng.random() < 0.03 else text


def read_link(text: str) -> bool:
    """Read a link; if it is accepted, the result is an Experiment within the limits."""
    likely = looks_like_link(text)
    try:
        imported = parse_link(text)
    except PlaygroundError as error:
        check_sentence(error)
        return False
    assert likely
    for note in imported.notes:
        check_sentence(note)
    assert parse(dump(imported.experiment)) == imported.experiment
    return True


# -- lessons -------------------------------------------------------------------------------------------------------------

_EDITS = (*("value",) * 4, "remove", "repeat", "move", "insert", "insert", "cut", "text")


def lesson(rng: Random) -> str:
    """Return a lesson file."""

    def new() -> str:
        if rng.random() < 0.8:
            return pick(rng, damaged_lessons.NASTY if rng.random() < 0.6 else damaged_lessons.SNIPPETS)
        return letters(rng, 8) if rng.random() < 0.5 else number_text(rng)

    edits = [
        (pick(rng, _EDITS), int(rng.random() * 100_000), int(rng.random() * 100_000), new())
        for _ in range(int(rng.random() * 4) + 1)
    ]
    return damaged_lessons.damaged(pick(rng, damaged_lessons.ORIGINALS), edits)


def read_lesson_file(text: str) -> bool:
    """Read a lesson from a file; if it is accepted, its changes can be applied one after the other."""
    try:
        found = read_lesson(written(text.encode(errors="surrogatepass"), ".md"))
    except LessonError as error:
        check_sentence(error)
        return False
    apply_changes(found)
    return True


# -- answers and progress ------------------------------------------------------------------------------------------------

_SKETCH = [[0, 1.0], [50, 0.1], [100, 1e-3]]
_ANSWERS = (
    Document(
        {
            "format": 1,
            "lesson": "07-vanishing-gradient",
            "name": "Ada",
            "answers": [
                {"step": 1, "prediction": 1, "choice": 2},
                {"step": 2, "number": 0.5},
                {"step": 2, "prediction": 2, "sketch": _SKETCH},
            ],
        }
    ),
)
_PROGRESS = (
    Document(
        {
            "format": 1,
            "tour_offered": True,
            "lessons": {
                "07-vanishing-gradient": {
                    "step": 2,
                    "reached": [1, 2],
                    "predictions": [{"step": 1, "choice": 2}, {"step": 2, "sketch": _SKETCH}],
                    "skipped": [[1, 2]],
                    "asks": [{"step": 1, "question": 1, "choice": 1}],
                    "measured": [{"step": 1, "value": 0.5}, {"step": 2, "curve": _SKETCH}],
                    "finished": True,
                    "best": {"score": 1.5, "experiment": {}},
                }
            },
        }
    ),
)
_AXES = tuple(SketchAxes("x", "y", (0.0, 100.0), (1e-4, 1.0), log=log, by_layer=False) for log in (True, False))
_TRUTH = (np.array([0.0, 50.0, 100.0]), np.array([1.0, 0.0, 1e-2]))


def answers(rng: Random) -> bytes:
    """Return a file of answers."""
    content = as_json(edited(rng, _ANSWERS, 3))
    return damaged(rng, content) if rng.random() < 0.2 else content


def read_answer_file(content: bytes) -> bool:
    """Read answers; if they are accepted, they survive writing and reading, and can be compared with a truth."""
    try:
        file = read_answers(written(content, ".answers.json"))
    except PlaygroundError as error:
        check_sentence(error)
        return False
    assert decode_answers(encode_answers(file)) == file
    for sketch in (answer.sketch for answer in file.answers if answer.sketch is not None):
        for axes in _AXES:
            with np.errstate(over="ignore", invalid="ignore"):
                found = curve_difference(sketch, *_TRUTH, log=axes.log, by_layer=False)
                quartiles = sketch_band([sketch], np.linspace(0.0, 100.0, 9), axes)
            assert found is None or found.mean >= 0.0
            assert quartiles.curves.shape == (1, 9)
    return True


def progress_file(rng: Random) -> bytes:
    """Return a learner's progress in the lessons."""
    content = as_json(edited(rng, _PROGRESS, 3))
    return damaged(rng, content) if rng.random() < 0.2 else content


def read_progress(content: bytes) -> bool:
    """Read the progress; damage is a message, and the file is kept."""
    path = written(content, ".progress")
    read, message = progress.load(path)
    if message:
        check_sentence(message)
        assert path.with_name(f"{path.name}.damaged").is_file()
        return False
    progress.save(read, path)
    assert progress.load(path) == (read, "")
    return True


# -- drawn points --------------------------------------------------------------------------------------------------------

_DRAWN = tuple(
    text.encode()
    for text in (
        to_csv(_POINTS),
        "height,target\n1,2\n3,4.5\n",
        "x1,x2,label\n" + "".join(f"{n},{-n},{n % 9}\n" for n in range(30)),
    )
)
_CELLS = (
    b",",
    b"\n",
    b'"',
    b"nan",
    b"inf",
    b"1e7",
    b"100",
    b"-99",
    b"0.5",
    b"\r",
    b"\0",
    b"label",
    b"target",
    b"\xef\xbb\xbf",
    b"1_0",
    b"\x1b",
)


def drawn(rng: Random) -> str:
    """Return drawn points as CSV."""
    content = pick(rng, _DRAWN)
    return (damaged(rng, content, _CELLS) if rng.random() < 0.9 else content).decode(errors="replace")


def read_drawn(text: str) -> bool:
    """Read drawn points; if they are accepted, they survive writing and reading."""
    try:
        points = from_csv(text)
    except PlaygroundError as error:
        check_sentence(error)
        return False
    assert from_csv(to_csv(points)).points == points.points
    return True
