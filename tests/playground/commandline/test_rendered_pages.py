"""``render`` writes the path ledger of the first weight and the equation of the first neuron, with the run's numbers."""

from __future__ import annotations

import csv
import math
import re
from pathlib import Path

import pptx
import pytest

from core.data.sample import Sample
from core.experiment.presets import preset
from core.training.trainer import Trainer
from core.training.training_run import new_trainer
from playground.commandline.picture_options import PictureLook
from playground.style.resources import load_fonts
from tests.playground.commandline.rendered import rendered

LOOK = PictureLook(size=(960, 540), theme="dark")

Rendered = tuple[list[Path], tuple[str, ...]]
"""The files, and the cards left out."""


def table(folder: Path, name: str) -> list[list[str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig") as file:
        return list(csv.reader(file))[1:]


@pytest.fixture(scope="module")
def tmp_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all tests of this module, which read the same pictures."""
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def trained(qapp: object, short_runs: None, tmp_path: Path) -> tuple[Trainer, Rendered]:
    load_fonts()
    trainer = new_trainer(preset("chain-rule"), engine="numpy")
    return trainer, rendered(trainer, 5, tmp_path, ("png", "svg", "pdf", "csv"), LOOK)


def test_row06_the_rendered_ledger_sums_to_backpropagation(trained: tuple[Trainer, Rendered], tmp_path: Path) -> None:
    trainer, (files, left_out) = trained
    assert {tmp_path / f"{name}.{kind}" for name in ("ledger", "neuron") for kind in ("png", "svg", "pdf", "csv")} <= {
        *files
    }
    assert left_out == ("confusion", "dropout_truth")
    rows = table(tmp_path, "ledger")
    paths = [row for row in rows if row[0].startswith("via")]
    assert {row[0] for row in paths} == {"via z₄", "via z₅"}
    for row in paths:
        factors = [float(number) for number in re.findall(r" = (\S+)", row[1])]
        assert math.prod(factors) == pytest.approx(float(row[2]), rel=1e-12)
    X, Y = Sample(0).rows(trainer.data)
    gradient = trainer.network.backward(trainer.network.forward(X), Y).flat[0]
    assert sum(float(row[2]) for row in paths) == pytest.approx(gradient, rel=1e-10)
    svg = (tmp_path / "ledger.svg").read_text(encoding="utf-8")
    assert all(symbol in svg for symbol in ("φ′(z₄)<", ">w₈₀<", ">∂L/∂ŷ<"))


def test_row01_the_rendered_neuron_s_terms_sum_to_its_z(trained: tuple[Trainer, Rendered], tmp_path: Path) -> None:
    trainer, _ = trained
    values = {row[0]: float(row[3]) for row in table(tmp_path, "neuron")}
    trace = trainer.network.forward(Sample(0).rows(trainer.data)[0])
    assert sum(values[name] for name in ("play", "study", "sleep", "bias b")) == pytest.approx(values["z"], abs=1e-12)
    assert values["z"] == pytest.approx(float(trace.pre_activations[0][0, 0]), abs=1e-12)
    assert values["a"] == pytest.approx(float(trace.activations[0][0, 0]), abs=1e-12)


def test_a_deck_has_a_slide_for_each_figure(qapp: object, fonts: None, short_runs: None, tmp_path: Path) -> None:
    deck = tmp_path / "talk.pptx"
    files, _ = rendered(new_trainer(preset("xor"), engine="numpy"), 2, tmp_path, ("csv",), LOOK, deck)
    assert files[-1] == deck
    titles = [slide.shapes.title.text_frame.text for slide in pptx.Presentation(str(deck)).slides]
    assert len(titles) == len(files) - 1
    assert "Too few updates to judge" in titles  # the loss, after two epochs
