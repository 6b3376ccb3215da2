"""Tables on the command line: opened with their dialog, trained on with --target, explained without it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from playground import __main__ as program
from tests.playground.commandline.test_cli import Captured, refusal

MARKS = "hours,sleep,mark\n" + "".join(
    f"{row % 9},{row % 5 + 4},{'pass' if row % 9 > 3 else 'fail'}\n" for row in range(60)
)


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    path = tmp_path / "marks.csv"
    path.write_text(MARKS, encoding="utf-8")
    return path


def test_train_on_a_table_with_its_target(marks: Path, tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "report.json"
    command = ["train", str(marks), "--target", "mark", "--epochs", "1", "--engine", "numpy", "--report", str(out)]
    assert program.main(command) == 0
    assert capsys.readouterr().out.startswith("marks: 1 epochs")
    experiment = json.loads(out.read_text(encoding="utf-8"))["experiment"]
    assert experiment["data"]["dataset"]["target"] == "mark"
    assert experiment["data"]["split"] == "stratified"


def test_a_table_without_a_target_is_explained(marks: Path, capsys: Captured) -> None:
    message = (
        f"{marks}: this is a table: name the column to predict, "
        'such as --target "mark" (the columns are hours, sleep, mark)'
    )
    assert refusal(capsys, "train", str(marks), "--epochs", "1") == message


def test_a_wrong_target_is_reported_with_a_suggestion(marks: Path, capsys: Captured) -> None:
    said = refusal(capsys, "train", str(marks), "--epochs", "1", "--target", "marks")
    assert said == 'marks.csv: there is no column "marks" for the target; did you mean "mark"?'


def test_a_target_without_a_table_is_rejected(capsys: Captured) -> None:
    said = refusal(capsys, "train", "default", "--epochs", "1", "--target", "y")
    assert said == '--target: FILE is not a table, so there is no column to predict ("y")'


def test_the_window_opens_the_dialog_of_a_table(marks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr("playground.app.run", lambda *args, **kwargs: opened.append((args, kwargs)) or 0)
    monkeypatch.setattr(program, "has_screen", lambda: True)
    assert program.main([str(marks)]) == 0
    assert opened == [((), {"table": marks})]


def test_without_a_screen_a_table_is_explained(marks: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.setattr(program, "has_screen", lambda: False)
    assert "--target COLUMN" in refusal(capsys, str(marks))
