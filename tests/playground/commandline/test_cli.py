"""The command line: each command, and one sentence with status 2 for each user error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.experiment import Experiment
from core.experiment.experiment_file import dump, schema
from core.training.trainer import Trainer
from playground import __main__ as program
from playground import __version__, startup

ROOT = Path(program.__file__).parents[1]
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "run.json"
    path.write_text(dump(Experiment(name="My run")), encoding="utf-8")
    return path


def refusal(capsys: Captured, *arguments: str) -> str:
    """Return the sentence on standard error of a command that exits with status 2."""
    assert program.main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    lines = captured.err.splitlines()
    assert len(lines) == 1, captured.err
    assert lines[0].startswith("nn-playground: ")
    return lines[0].removeprefix("nn-playground: ")


# -- train --------------------------------------------------------------------------------------------------------------


def test_train_prints_its_result_and_writes_the_report(file: Path, tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "report.json"
    assert program.main(["train", str(file), "--epochs", "2", "--engine", "numpy", "--report", str(out)]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("My run: 2 epochs, 50 steps in ")
    assert "test accuracy" in captured.out
    report = json.loads(out.read_text(encoding="utf-8"))
    assert (report["steps"], report["epochs"], len(report["loss"]["train"])) == (50, 2, 3)
    assert "data" not in report


def test_train_by_steps_with_data_and_a_chosen_engine(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.json"
    command = ["train", str(file), "--steps", "7", "--report", str(out), "--with-data", "--engine", "numpy"]
    assert program.main(command) == 0
    report = json.loads(out.read_text(encoding="utf-8"))
    assert (report["steps"], report["engine"]) == (7, "numpy")
    assert len(report["data"]["x_train"]) == 250


def test_train_takes_the_name_of_a_preset(capsys: Captured) -> None:
    assert program.main(["train", "iris", "--epochs", "1", "--engine", "numpy"]) == 0
    assert capsys.readouterr().out.startswith("Iris: 1 epochs, ")


def test_a_file_takes_precedence_over_a_preset_of_the_same_name(
    file: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.rename(tmp_path / "iris")
    monkeypatch.chdir(tmp_path)
    assert program.main(["train", "iris", "--steps", "0", "--engine", "numpy"]) == 0
    assert capsys.readouterr().out.startswith("My run: ")


def test_a_table_is_found_beside_the_experiment_file(tmp_path: Path, capsys: Captured) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    rows = "\n".join(f"{i},{i % 7},{'yes' if i % 3 else 'no'}" for i in range(60))
    (folder / "table.csv").write_text("a,b,y\n" + rows, encoding="utf-8")
    path = folder / "run.json"
    path.write_text('{"name":"Table","data":{"dataset":{"csv":"table.csv","target":"y"}}}', encoding="utf-8")
    assert program.main(["train", str(path), "--epochs", "1", "--engine", "numpy"]) == 0
    (folder / "table.csv").unlink()
    capsys.readouterr()
    assert "table.csv" in refusal(capsys, "train", str(path), "--epochs", "1")


def test_a_keyboard_interrupt_is_reported_with_status_130(
    file: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_trainer: Trainer, _steps: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Trainer, "run", interrupted)
    assert program.main(["train", str(file), "--steps", "5", "--engine", "numpy"]) == 130
    assert capsys.readouterr() == ("", "nn-playground: interrupted\n")


def test_the_early_end_of_a_file_is_not_called_an_interruption(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(_trainer: Trainer, _steps: int) -> None:
        raise EOFError("the file ends too early")

    monkeypatch.setattr(Trainer, "run", cut_off)
    with pytest.raises(EOFError, match="ends too early"):
        program.main(["train", str(file), "--steps", "5", "--engine", "numpy"])


def test_a_diverging_run_is_reported_with_status_1(tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "report.json"
    assert (
        program.main(["train", "exploding-gradient", "--epochs", "5", "--engine", "numpy", "--report", str(out)]) == 1
    )
    assert "diverged at step" in capsys.readouterr().err
    assert json.loads(out.read_text(encoding="utf-8"))["diverged"]["quantity"]


WRONG: list[tuple[tuple[str, ...], str]] = [
    (("train", "default"), "the length of the run is missing: give --epochs N or --steps N"),
    (("train", "default", "--epochs", "3", "--steps", "4"), "give either --epochs or --steps, not both"),
    (("train", "default", "--epochs", "-3"), "--epochs: expected a whole number from 0 to 1000000000000, got -3"),
    (("train", "default", "--steps", "9" * 30), "--steps: expected a whole number from 0 to"),
    (("train", "default", "--epochs", "two"), '--epochs: expected a whole number, got "two"'),
    (("train", "default", "--epochs", "1", "--engine", "gpu"), '--engine: expected auto, numpy or compiled, got "gpu"'),
    (("train", "default", "--epochs", "1", "--with-data"), "--with-data requires a report"),
    (("train", "default", "--epochs", "1", "--report", "/no/folder/r.json"), "/no/folder/r.json: cannot be written ("),
    (("train", "default", "--epochs", "1", "--report", "/"), "/: cannot be written (it is a folder)"),
    (("train", "gone.json", "--epochs", "1"), "gone.json: cannot be read (No such file or directory)"),
    (("train", "no/such", "--epochs", "1"), "no/such: cannot be read (No such file or directory)"),
    (
        ("train", "sprial", "--epochs", "1"),
        'there is no file, preset or lesson called "sprial"; did you mean "spiral"?',
    ),
    (("train", "qqq", "--epochs", "1"), 'there is no file, preset or lesson called "qqq"; the presets are default, '),
    (("train", "/", "--epochs", "1"), "/: cannot be read (Is a directory)"),
    (("train",), "missing argument"),
    (("train", "default", "--epochs", "1", "--speed", "9"), "no such option: --speed"),
    (("schema", "extra"), "got unexpected extra argument"),
    (("render", "default", "--epochs", "1"), "missing option '--out'"),
    (("render", "default", "--out", "x"), "missing option '--epochs'"),
    (("render", "default", "--out", "x", "--epochs", "1", "--size", "12"), "--size: expected WIDTHxHEIGHT such as"),
    (("render", "default", "--out", "x", "--epochs", "1", "--size", "5x5"), "--size: expected 16 to 16384 pixels"),
    (("render", "default", "--out", "x", "--epochs", "1", "--size", "99999x10"), "--size: expected 16 to 16384 pixels"),
    (("render", "default", "--out", "x", "--epochs", "1", "--format", "png,gif"), "--format: expected png, svg, pdf"),
    (
        ("render", "default", "--out", "x", "--epochs", "1", "--theme", "pink"),
        "--theme: expected light, dark or print, got",
    ),
    (("render", "default", "--out", "/dev/null", "--epochs", "1"), "--out: /dev/null is not a folder"),
    (("trian", "default"), 'expected one file or preset; "trian" is not a command, did you mean "train"?'),
    (
        ("a", "b"),
        'expected one file or preset; "a" is not a command, the commands are train, render, storyboard, refresh, schema',
    ),
    (("train", "default", "--epochs", "1.5"), '--epochs: expected a whole number, got "1.5"'),
    (("train", "default", "--steps=many"), '--steps: expected a whole number, got "many"'),
    (("train", "defualt"), 'there is no file, preset or lesson called "defualt"; did you mean "default"?'),
    (("",), 'expected a file, preset, lesson or link, got ""'),
    ((__file__, "b"), f"expected one file or preset, got 2: {__file__}, b"),
    (("rendre",), 'there is no file, preset or lesson called "rendre"; did you mean "render"?'),
    (("--foo",), 'unknown option "--foo"'),
    (("default", "--foo"), 'unknown option "--foo"'),
    (("gone.json",), "gone.json: cannot be read (No such file or directory)"),
    ((f"{'x' * 300}.json",), f"{'x' * 300}.json: cannot be read (File name too long)"),
    (("x" * 300,), "there is no file, preset or lesson called"),
    (
        ("train", "default", "--steps", "1", "--report", "y" * 300),
        f"{'y' * 300}: cannot be written (File name too long)",
    ),
    (
        ("render", "default", "--epochs", "1", "--out", "y" * 300),
        f"{'y' * 300}: cannot be created (File name too long)",
    ),
]


@pytest.mark.parametrize(("arguments", "sentence"), WRONG, ids=[" ".join(arguments)[:60] for arguments, _ in WRONG])
def test_a_user_error_is_one_sentence_and_status_2(arguments: tuple[str, ...], sentence: str, capsys: Captured) -> None:
    assert refusal(capsys, *arguments).startswith(sentence)


BROKEN: list[tuple[str, str]] = [
    ('{"data":', "$: not well-formed JSON ("),
    ("", "$: not well-formed JSON ("),
    ('{"format":7}', "$.format: this version reads format 1, got 7"),
    ('{"netwrok":{}}', '$: unknown key "netwrok", did you mean "network"?'),
    ('{"data":{"noise":NaN}}', "$: not well-formed JSON ("),
    ('{"network":{"hidden":[{},{"dropout":1.5}]}}', "$.network.hidden[1].dropout: expected a number < 1, got 1.5"),
    (" " * 4_000_001, "this file is too large for an experiment (at most 4 MB)"),
]


@pytest.mark.parametrize(("text", "sentence"), BROKEN, ids=[sentence for _, sentence in BROKEN])
@pytest.mark.parametrize("command", [["train"], []], ids=["train", "window"])
def test_a_malformed_file_is_reported_with_the_location_of_the_error(
    text: str, sentence: str, command: list[str], tmp_path: Path, capsys: Captured
) -> None:
    path = tmp_path / "broken.json"
    path.write_text(text, encoding="utf-8")
    length = ["--epochs", "1"] if command else []
    assert refusal(capsys, *command, str(path), *length).startswith(f"{path}: {sentence}")


def test_a_table_without_target_and_epochs_names_both(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "marks.csv"
    path.write_text("a,y\n1,2\n3,4\n5,6\n", encoding="utf-8")
    assert '--target "y" --epochs 200' in refusal(capsys, "train", str(path))


def test_contradictory_settings_are_rejected(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "run.json"
    path.write_text('{"training":{"loss":"cross_entropy"},"data":{"dataset":"plane"}}', encoding="utf-8")
    assert "$.training.loss: " in refusal(capsys, "train", str(path), "--epochs", "1")
    path.write_text('{"data":{"features":["x3"]}}', encoding="utf-8")
    assert "$.data.features[0]: " in refusal(capsys, "train", str(path), "--epochs", "1")


# -- schema, help, version ----------------------------------------------------------------------------------------------


def test_schema_prints_the_schema(capsys: Captured) -> None:
    assert program.main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == schema()


def test_version_and_help_are_printed(capsys: Captured) -> None:
    assert program.main(["--version"]) == 0
    assert capsys.readouterr().out == f"nn-playground {__version__}\n"
    assert program.main(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(command in text for command in program.COMMANDS)
    for command in program.COMMANDS:
        assert program.main([command, "--help"]) == 0
        assert f"nn-playground {command}" in capsys.readouterr().out


def test_help_loads_neither_numpy_nor_qt() -> None:
    code = (
        "import sys; from playground.__main__ import main; main(['--help']);"
        "sys.exit(bool({'numpy', 'PySide6', 'typer', 'msgspec'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, cwd=ROOT)


def test_a_closed_pipe_is_not_an_error() -> None:
    command = [sys.executable, "-m", "playground", "schema"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


# -- with and without a screen ------------------------------------------------------------------------------------------


def test_the_window_opens_the_given_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[tuple[object, ...]] = []
    stand_in = type(sys)("playground.app")
    stand_in.run = lambda *given: opened.append(given) or 0  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "playground.app", stand_in)
    assert program.main([str(file)]) == 0
    assert program.main(["xor"]) == 0
    assert program.main([]) == 0
    assert [len(given) for given in opened] == [3, 3, 0]
    experiment, path, notes = opened[0]
    assert notes == ()
    assert isinstance(experiment, Experiment)
    assert (experiment.name, path) == ("My run", file)
    assert opened[1][1] is None


def screenless() -> dict[str, str]:
    variables = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return {key: value for key, value in variables.items() if key != "QT_QPA_PLATFORM"}


BARE = """
import sys
from playground import __main__, startup
startup.prepare_environment()
from tests.playground.short_runs import shorten_this_process
shorten_this_process()
from playground.commandline import render_command
from playground.commandline.picture_options import PictureLook
render_command.EPOCHS_WITHOUT_SCREEN = 3
render_command.PictureLook = lambda: PictureLook(size=(320, 180))
sys.exit(__main__.main())
"""
"""The bare command with short runs and small pictures."""


def test_without_a_screen_the_bare_command_reports_it_and_writes_slides(tmp_path: Path) -> None:
    if startup.has_screen(screenless()):
        pytest.skip("there is a screen that cannot be hidden")
    run = subprocess.run(
        [sys.executable, "-c", BARE],
        cwd=tmp_path,
        env={**screenless(), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stderr.splitlines() == [
        "There is no screen: training 'Circle' without a window; the plots go to ./slides/."
    ]
    names = {path.name for path in (tmp_path / "slides").iterdir()}
    assert {"network.png", "network.svg", "loss.png", "loss.svg"} <= names


@pytest.mark.usefixtures("qapp", "short_runs")
def test_render_omits_figures_that_do_not_apply(tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "plots"
    assert (
        program.main(["render", "sine", "--epochs", "1", "--out", str(out), "--format", "png", "--size", "640x360"])
        == 0
    )
    assert not (out / "confusion.png").exists()
    assert (out / "output.png").exists()
    assert "Omitted because they do not apply: confusion, dropout_truth\n" in capsys.readouterr().out


@pytest.mark.usefixtures("qapp", "short_runs")
def test_render_writes_the_dropout_plot_if_there_is_dropout(tmp_path: Path, capsys: Captured) -> None:
    file, out = tmp_path / "dropout.json", tmp_path / "plots"
    file.write_text('{"format": 1, "network": {"hidden": [{"units": 6, "dropout": 0.5}]}}', encoding="utf-8")
    command = ["render", str(file), "--epochs", "2", "--out", str(out), "--format", "csv"]
    assert program.main([*command, "--size", "640x360"]) == 0
    header, *rows = (out / "dropout_truth.csv").read_text(encoding="utf-8").splitlines()
    assert "inverted, mean over masks" in header
    assert len(rows) > 10
    assert "confusion" in capsys.readouterr().out


@pytest.mark.usefixtures("qapp")
def test_render_into_a_folder_that_cannot_be_created_is_rejected(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    out = tmp_path / "file" / "plots"
    assert f"{out}: cannot be created" in refusal(capsys, "render", "default", "--epochs", "0", "--out", str(out))


@pytest.mark.usefixtures("qapp", "short_runs")
def test_row08_a_diverging_run_is_still_drawn(tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "plots"
    command = ["render", "exploding-gradient", "--epochs", "2", "--out", str(out), "--format", "svg"]
    assert program.main([*command, "--size", "640x360"]) == 1
    assert {"network.svg", "loss.svg", "gradient.svg"} <= {path.name for path in out.iterdir()}
    assert "diverged at step" in capsys.readouterr().err
