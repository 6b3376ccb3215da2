"""The options of ``render``: names of pictures, comparisons, several files, paths, and how pictures look."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from core.experiment import DataSettings, Experiment, HiddenLayer, NetworkSettings
from core.experiment.experiment_file import save
from core.training.origins.picture_origin import load_origin
from core.training.training_run import new_trainer
from playground import __main__ as program
from playground.commandline.export_run import train_cards
from playground.commandline.headless_cards import headless_cards
from playground.commandline.picture_names import choice_of, everything
from playground.export.sizes import SIZE_PRESETS
from playground.window.cards import CARDS
from tests.playground.commandline.test_cli import refusal

Captured = pytest.CaptureFixture[str]

pytestmark = pytest.mark.usefixtures("qapp", "fonts")

SMALL = ("--size", "320x180", "--epochs", "1")


def render(out: Path, *arguments: str) -> set[str]:
    """Render into ``out`` and return the written files, relative to it."""
    assert program.main(["render", *arguments, "--out", str(out)]) == 0
    return {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}


# -- names --------------------------------------------------------------------------------------------------------------


def test_the_names_are_those_of_the_pictures_that_cards_have() -> None:
    experiment = Experiment(network=NetworkSettings(hidden=(HiddenLayer(units=3, dropout=0.2),)))
    trainer = new_trainer(experiment, engine="numpy")
    with headless_cards(trainer, everything()) as cards:
        train_cards(cards, trainer, 1, ())
        for key, card in cards.cards.items():
            assert [figure.figure_key for figure in card.rendered_figures] == list(CARDS[key].rendered), key


def test_the_list_has_a_line_for_each_picture_with_its_formats(capsys: Captured) -> None:
    assert program.main(["render", "--list"]) == 0
    lines = capsys.readouterr().out.split("\n\n")[0].splitlines()
    listed = {line.split()[0]: line for line in lines}
    assert list(listed) == [name for entry in CARDS.values() for name in entry.rendered]
    assert "png svg pdf pptx tex csv" in listed["network"]
    assert " py " in listed["code"]
    assert " py " not in listed["ledger"]
    assert CARDS["loss"].tooltip in listed["loss"]
    assert "apply" not in "".join(lines)


def test_the_list_for_a_file_says_what_does_not_apply(capsys: Captured) -> None:
    assert program.main(["render", "iris", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines if line.endswith("Does not apply to FILE.")] == ["dropout_truth"]


def test_what_chooses_cards_and_single_pages(tmp_path: Path) -> None:
    names = render(tmp_path, "xor", *SMALL, "--what", "loss,neuron", "--format", "png,csv")
    assert names == {"loss.png", "loss.csv", "neuron.png", "neuron.csv"}


def test_a_card_of_several_pictures_has_all_of_them(tmp_path: Path) -> None:
    names = render(tmp_path, "xor", *SMALL, "--what", "inspector", "--format", "csv")
    assert names == {"neuron.csv", "ledger.csv", "loss-slice.csv"}


def test_the_code_is_a_format_of_its_picture(tmp_path: Path, capsys: Captured) -> None:
    assert render(tmp_path, "xor", *SMALL, "--what", "code,loss", "--format", "py") == {"code.py"}
    render(tmp_path / "again", "xor", "--epochs", "1", "--code", "torch")
    script, again = tmp_path / "code.py", tmp_path / "again" / "train_torch.py"
    assert script.read_text(encoding="utf-8") == again.read_text(encoding="utf-8")
    big = tmp_path / "big.json"
    save(Experiment(data=DataSettings(samples=6000)), big)
    capsys.readouterr()
    command = ["render", str(big), *SMALL, "--what", "code", "--format", "py", "--out", str(tmp_path / "big")]
    assert refusal(capsys, *command) == "Code (PyTorch): its samples need a file beside it; use Export › Code"


def test_formats_that_a_picture_does_not_have_are_omitted_or_refused(tmp_path: Path, capsys: Captured) -> None:
    assert render(tmp_path, "xor", *SMALL, "--what", "loss,code", "--format", "py") == {"code.py"}
    capsys.readouterr()
    command = ["render", "xor", *SMALL, "--what", "output", "--format", "py", "--out", str(tmp_path)]
    assert refusal(capsys, *command) == "--format: a picture of output cannot be written as py"


def test_tikz_is_another_name_of_tex(tmp_path: Path) -> None:
    assert render(tmp_path, "xor", *SMALL, "--what", "loss", "--format", "tikz") == {"loss.tex"}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--what", "los"), '--what: there is no picture called "los"; did you mean "loss"? (--list explains them)'),
        (("--what", "gradiant"), 'did you mean "gradient"'),
        (("--what", "confusion"), "--what: confusion does not apply to Circle"),
        (("--what", "loss-side-by-side"), "requires a run to compare with; add --compare FILE"),
        (("--format", "svgg"), 'got "svgg"; did you mean "svg"'),
        (("--format", "gif"), "for an animation, add --animate NAME.gif"),
        (("--theme", "lihgt"), 'got "lihgt"; did you mean "light"?'),
        (("--text", "curves"), "--text: expected text or outlines"),
        (("--text-scale", "9"), "--text-scale: expected a number from 0.3 to 3, got 9"),
        (("--size", "tall"), "or one of 16:9, 4:3, half, third, square, a4-column, document, got"),
        (("--size", "16000x16000"), "picture size: expected at most 50 million pixels"),
        (("--deck", "talk.ppt"), "--deck: talk.ppt: expected a name that ends in .pptx"),
        (("--deck", "no/folder/talk.pptx"), "no/folder/talk.pptx: cannot be written (No such file or directory)"),
        (("--compare", "sprial"), 'did you mean "spiral"?'),
    ],
)
def test_an_error_is_one_sentence_before_anything_is_written(
    tmp_path: Path, capsys: Captured, options: tuple[str, ...], sentence: str
) -> None:
    assert sentence in refusal(capsys, "render", "circle", "--epochs", "1", "--out", str(tmp_path), *options)
    assert list(tmp_path.iterdir()) == []


# -- comparisons --------------------------------------------------------------------------------------------------------


def test_a_comparison_is_in_the_picture_and_beside_it(tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    save(Experiment(name="Other", network=load_network()), other)
    out = tmp_path / "out"
    options = ("--compare", str(other), "--what", "loss,loss-side-by-side,network-side-by-side", "--format", "svg,csv")
    names = render(out, "circle", *SMALL, *options)
    stems = {"loss", "loss-side-by-side", "network-side-by-side"}
    assert names == {f"{stem}.{kind}" for stem in stems for kind in ("svg", "csv")}
    for stem in stems:
        assert "Other" in (out / f"{stem}.svg").read_text(encoding="utf-8")


def load_network() -> object:
    return NetworkSettings(hidden=(HiddenLayer(units=3, activation="relu"),))


def test_without_names_all_pairs_are_written_too() -> None:
    choice = choice_of((), compares=True)
    assert choice.pairs == frozenset(CARDS)
    assert choice_of(()).pairs == frozenset()


# -- several files and paths --------------------------------------------------------------------------------------------


def test_each_of_several_files_has_a_folder_with_the_bytes_of_a_call_of_its_own(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        save(Experiment(name=name.upper()), tmp_path / name / "run.json")
    files = [str(tmp_path / name / "run.json") for name in ("a", "b")]
    options = (*SMALL, "--what", "gradient,loss", "--format", "csv,svg,npz", "--code", "numpy")
    together = render(tmp_path / "all", *files, "xor", *options)
    single = {"loss.csv", "loss.svg", "gradient.csv", "gradient.svg", "model.npz", "train_numpy.py"}
    assert together == {f"{folder}/{name}" for folder in ("run", "run-2", "xor") for name in single}
    render(tmp_path / "one", files[1], *options)
    for name in single:
        assert (tmp_path / "all" / "run-2" / name).read_bytes() == (tmp_path / "one" / name).read_bytes(), name


def test_bare_names_are_in_the_folder_and_others_relative_to_the_current_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    options = (*SMALL, "--what", "loss", "--frames", "2")
    render(tmp_path / "out", "xor", *options, "--deck", "talk.pptx", "--animate", "./run.gif")
    assert (tmp_path / "out" / "talk.pptx").is_file()
    assert (tmp_path / "run.gif").is_file()
    render(tmp_path / "two", "xor", "circle", *options, "--deck", "./talk.pptx", "--animate", "run.gif")
    names = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert {"talk-xor.pptx", "talk-circle.pptx", "two/xor/run.gif", "two/circle/run.gif"} <= names


# -- looks --------------------------------------------------------------------------------------------------------------


def test_the_options_of_the_dialog_are_options_here(tmp_path: Path) -> None:
    base = ("xor", "--epochs", "1", "--what", "loss", "--format", "png,svg", "--size", "third")
    render(tmp_path / "a", *base)
    render(tmp_path / "b", *base, "--transparent", "--no-title", "--text", "outlines", "--text-scale", "0.7")
    with Image.open(tmp_path / "a" / "loss.png") as usual, Image.open(tmp_path / "b" / "loss.png") as other:
        assert usual.size == other.size == SIZE_PRESETS["third"].size
        assert usual.mode == "RGB"
        assert other.getpixel((1, 1))[3] == 0
    svgs = [(tmp_path / name / "loss.svg").read_text(encoding="utf-8") for name in ("a", "b")]
    assert ["<text" in svg for svg in svgs] == [True, False]
    assert 'width="100%"' in svgs[0]
    assert 'width="100%"' not in svgs[1]


def test_pictures_keep_the_experiment_by_default(tmp_path: Path) -> None:
    base = ("xor", *SMALL, "--what", "loss", "--format", "png")
    render(tmp_path / "a", *base)
    render(tmp_path / "b", *base, "--no-experiment")
    assert load_origin(tmp_path / "a" / "loss.png").experiment.name == "Exclusive or"
    assert (tmp_path / "b" / "loss.png").stat().st_size < (tmp_path / "a" / "loss.png").stat().st_size
