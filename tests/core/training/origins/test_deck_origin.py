"""The experiments in a deck are found slide by slide, and damaged or hostile decks are one sentence."""

from __future__ import annotations

import base64
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from core.errors import PlaygroundError
from core.experiment import Experiment
from core.training.observer import observe
from core.training.origins import deck_origin, inflating
from core.training.origins.deck_origin import different, load_deck_origin, origins_in_deck
from core.training.origins.origin import Origin
from core.training.origins.origin import encode as encode_origin
from core.training.origins.shown_runs import MAGIC, ShownRuns, decode, encode, stored_run
from core.training.pins.pin_file import StoredPin
from core.training.recorders.gradient_history import GradientRecorder
from core.training.recorders.loss_curve import LossRecorder
from core.training.recorders.parameter_path import PathRecorder
from core.training.trainer import Trainer
from tests.core.support import data_of, new_trainer
from tests.core.training.origins.test_picture_origin import tiny_png

RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/presentationml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


def rels(*targets: str) -> str:
    entries = (f'<Relationship Id="r{n}" Type="t" Target="{each}"/>' for n, each in enumerate(targets))
    return f'<Relationships xmlns="{RELS}">{"".join(entries)}</Relationships>'


def slide(title: str) -> str:
    shape = f'<sp><nvPr><ph type="title"/></nvPr><a:t xmlns:a="{DRAWING}">{title}</a:t></sp>'
    return f'<sld xmlns="{MAIN}"><cSld><spTree>{shape}</spTree></cSld></sld>'


def runs_part(payload: bytes) -> str:
    return f'<runs xmlns="urn:nn-playground:1">{base64.b64encode(payload).decode()}</runs>'


def deck(path: Path, *slides: bytes | str, extra: dict[str, bytes] | None = None) -> Path:
    """Write a deck by hand: each slide has a custom XML part with a payload, or the part given as text."""
    ids = "".join(f'<sldId xmlns:r="{OFFICE}" r:id="r{number}"/>' for number in reversed(range(len(slides))))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ppt/presentation.xml", f'<presentation xmlns="{MAIN}">{ids}</presentation>')
        names = (f"slides/slide{number}.xml" for number in range(len(slides)))
        archive.writestr("ppt/_rels/presentation.xml.rels", rels(*names))
        for number, payload in enumerate(slides):
            archive.writestr(f"ppt/slides/slide{number}.xml", slide(f"T{number}"))
            archive.writestr(f"ppt/slides/_rels/slide{number}.xml.rels", rels(f"../../customXml/item{number}.xml"))
            part = runs_part(payload) if isinstance(payload, bytes) else payload
            archive.writestr(f"customXml/item{number}.xml", part)
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return path


def shown(trainer: Trainer) -> ShownRuns:
    """Return the run of ``trainer`` with itself pinned."""
    recorders = LossRecorder(), GradientRecorder(), PathRecorder()
    for _ in range(5):
        trainer.run(9)
        snapshot = observe(trainer, recorders[0], axes=None, gradient_recorder=recorders[1], path_recorder=recorders[2])
    run = stored_run(snapshot, trainer.state())
    return ShownRuns(run, (StoredPin(run, "before", 2, hidden=False),), 0)


@pytest.fixture(scope="module")
def trainer() -> Trainer:
    return new_trainer(Experiment(name='A & < "B"'))


@pytest.fixture(scope="module")
def runs(trainer: Trainer) -> ShownRuns:
    return shown(trainer)


def test_runs_survive_with_curves_pins_and_state(trainer: Trainer, runs: ShownRuns) -> None:
    found = decode(encode(runs))
    assert encode(found) == encode(runs)
    assert found.compared == 0
    assert (found.pins[0].name, found.pins[0].colour) == ("before", 2)
    assert np.array_equal(found.current.curve, runs.current.curve)
    again = found.current.restored(data_of(trainer.experiment)).snapshot
    assert again.step == 45
    assert np.array_equal(again.network.parameters, trainer.parameters)
    assert again.curve.train.tolist() == runs.current.curve[:, 2].tolist()


def test_slides_are_found_in_their_order_with_their_titles(trainer: Trainer, runs: ShownRuns, tmp_path: Path) -> None:
    settings = encode_origin(Origin(trainer.experiment))
    path = deck(tmp_path / "talk.pptx", settings, encode(runs), settings, "<other/>")
    found = origins_in_deck(path)
    assert [(each.number, each.title) for each in found] == [(2, "T2"), (3, "T1"), (4, "T0")]
    assert [each.number for each in different(found)] == [2, 3]
    state = found[1].decoded().state
    assert state is not None
    assert np.array_equal(state.parameters, trainer.parameters)
    origin, note = load_deck_origin(path)
    assert origin.experiment == trainer.experiment
    assert note == "talk.pptx: opened the first of 2 experiments, that of slide 2."


def test_a_deck_without_custom_parts_still_has_its_pictures(trainer: Trainer, tmp_path: Path) -> None:
    from core.training.origins.picture_origin import png_with_origin

    picture = png_with_origin(tiny_png(), Origin(trainer.experiment, trainer.state()))
    extra = {"ppt/media/a.png": picture, "ppt/slides/_rels/slide0.xml.rels": rels("../media/a.png").encode()}
    path = tmp_path / "talk.pptx"
    with zipfile.ZipFile(deck(path, "<other/>")) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**members, **extra}.items():
            archive.writestr(name, content)
    assert load_deck_origin(path)[0].experiment == trainer.experiment


ENTITIES = (
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd"><!ENTITY c "&b;&b;">]>'
    '<runs xmlns="urn:nn-playground:1">&c;</runs>'
)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("<other/>", "there is no experiment in it"),
        ("<open>", "this PowerPoint file is damaged"),
        (ENTITIES, "has a document type"),
        (ENTITIES.encode("utf-16").decode("latin-1"), "this PowerPoint file is damaged"),
        (b"", "slide 1: the experiment in it is of another version"),
        (MAGIC + b"nonsense", "slide 1: the experiment in it is damaged"),
        ('<runs xmlns="urn:nn-playground:1">!</runs>', "slide 1: the experiment in it is of another version"),
    ],
)
def test_a_bad_part_is_one_sentence(content: bytes | str, sentence: str, tmp_path: Path) -> None:
    path = deck(tmp_path / "talk.pptx", content)
    with pytest.raises(PlaygroundError) as error:
        load_deck_origin(path)
    assert str(error.value).startswith(str(path))
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_bombs_pipes_and_other_files_are_refused(
    runs: ShownRuns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = deck(tmp_path / "talk.pptx", encode(runs), extra={"ppt/media/bomb.png": b"\0" * 30_000_000})
    assert path.stat().st_size < 200_000
    monkeypatch.setattr(deck_origin, "MAX_TOTAL_BYTES", 20_000_000)
    with pytest.raises(PlaygroundError, match="too large after decompression"):
        origins_in_deck(path)
    monkeypatch.setattr(deck_origin, "MAX_TOTAL_BYTES", 40_000_000)
    monkeypatch.setattr(deck_origin, "MAX_MEMBERS", 3)
    with pytest.raises(PlaygroundError, match="too large after decompression"):
        origins_in_deck(path)
    monkeypatch.setattr(deck_origin, "MAX_MEMBERS", 300)
    monkeypatch.setattr(inflating, "MAX_BYTES", 1000)
    with pytest.raises(PlaygroundError, match="slide 1: the experiment in it is too large"):
        load_deck_origin(path)
    monkeypatch.setattr(deck_origin, "MAX_FILE_BYTES", 1000)
    with pytest.raises(PlaygroundError, match="this file is too large"):
        origins_in_deck(path)
    os.mkfifo(tmp_path / "pipe.pptx")
    for name in ("pipe.pptx", "gone.pptx"):
        with pytest.raises(PlaygroundError, match="cannot be read"):
            origins_in_deck(tmp_path / name)
    (tmp_path / "text.pptx").write_bytes(b"no deck")
    with zipfile.ZipFile(tmp_path / "other.pptx", "w") as archive:
        archive.writestr("a", "b")
    for name in ("text.pptx", "other.pptx"):
        with pytest.raises(PlaygroundError, match="not a PowerPoint file"):
            origins_in_deck(tmp_path / name)


def test_a_deck_that_is_cut_off_is_no_crash(runs: ShownRuns, tmp_path: Path) -> None:
    content = deck(tmp_path / "talk.pptx", encode(runs)).read_bytes()
    cut = tmp_path / "cut.pptx"
    for stop in range(0, len(content) - 1, 997):
        cut.write_bytes(content[:stop])
        with pytest.raises(PlaygroundError):
            load_deck_origin(cut)
    for place in range(30, len(content), 1009):
        cut.write_bytes(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
        try:
            load_deck_origin(cut)
        except PlaygroundError:
            continue


def test_a_deck_with_a_member_before_its_start_is_damaged(tmp_path: Path, trainer: Trainer) -> None:
    path = deck(tmp_path / "a.pptx", encode_origin(Origin(trainer.experiment, trainer.state())))
    content = path.read_bytes()
    path.write_bytes(content[60:])  # the table at the end now points before the start for its first member
    with pytest.raises(PlaygroundError, match="damaged"):
        origins_in_deck(path)


def test_a_deck_that_is_too_large_is_reported_as_too_large(
    tmp_path: Path, trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = deck(tmp_path / "a.pptx", encode_origin(Origin(trainer.experiment, trainer.state())))
    monkeypatch.setattr(deck_origin, "MAX_FILE_BYTES", 100)
    with pytest.raises(PlaygroundError, match="this file is too large") as caught:
        origins_in_deck(path)
    assert "not a PowerPoint file" not in str(caught.value)
