"""``render --code`` and the formats of the trained network, without a window."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import numpy as np
import pytest

from core.code_export.files import write_script
from core.experiment import DataSettings, Experiment
from core.experiment.experiment_file import save
from playground import __main__ as program
from tests.core.code_export.cases import plan_of, trainer_of

Captured = pytest.CaptureFixture[str]


def test_render_writes_scripts_and_the_network_without_pictures(tmp_path: Path, capsys: Captured) -> None:
    out, report = tmp_path / "out", tmp_path / "report.json"
    command = ["render", "default", "--epochs", "3", "--out", str(out), "--code", "torch, keras,numpy,torch"]
    assert program.main([*command, "--format", "onnx,npz,safetensors"]) == 0
    names = {path.name for path in out.iterdir()}
    scripts = {"train_torch.py", "train_keras.py", "train_numpy.py"}
    assert names == scripts | {"model.onnx", "model.npz", "model.safetensors"}
    assert f"6 files in {out}/\n" in capsys.readouterr().out
    assert program.main(["train", "default", "--epochs", "3", "--report", str(report)]) == 0
    losses = json.loads(report.read_text(encoding="utf-8"))["loss"]["train"]
    names_after = runpy.run_path(str(out / "train_numpy.py"))
    np.testing.assert_allclose(np.array(names_after["history"])[:, 0], losses, rtol=0, atol=1e-9)
    with np.load(out / "model.npz") as archive:
        np.testing.assert_allclose(names_after["weights"][0], archive["W1"], rtol=0, atol=1e-9)


def test_code_alone_writes_no_pictures(tmp_path: Path) -> None:
    assert program.main(["render", "default", "--epochs", "0", "--out", str(tmp_path / "o"), "--code", "numpy"]) == 0
    assert [path.name for path in (tmp_path / "o").iterdir()] == ["train_numpy.py"]


def test_a_second_run_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        command = ["render", "iris", "--epochs", "2", "--out", str(tmp_path / name), "--code", "torch"]
        assert program.main([*command, "--format", "onnx,npz,safetensors"]) == 0
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name


def test_many_samples_go_into_a_file_beside_the_script(tmp_path: Path) -> None:
    file, out = tmp_path / "big.json", tmp_path / "out"
    save(Experiment(data=DataSettings(samples=6000)), file)
    assert program.main(["render", str(file), "--epochs", "1", "--out", str(out), "--code", "numpy,torch"]) == 0
    assert {path.name for path in out.iterdir()} == {"train_numpy.py", "train_torch.py", "train-data.npz"}
    assert len(runpy.run_path(str(out / "train_numpy.py"))["history"]) == 2


def test_an_unknown_framework_or_format_is_one_sentence(tmp_path: Path, capsys: Captured) -> None:
    command = ["render", "default", "--epochs", "1", "--out", str(tmp_path)]
    assert program.main([*command, "--code", "jax"]) == 2
    assert capsys.readouterr().err == 'nn-playground: --code: expected torch, keras or numpy, got "jax"\n'
    assert program.main([*command, "--format", "gif"]) == 2
    assert "expected png, svg, pdf, pptx, tex, csv, py, onnx, npz or safetensors" in capsys.readouterr().err


def test_a_data_file_of_another_script_is_kept(tmp_path: Path) -> None:
    plan = plan_of(trainer_of("data in a file"))
    other = tmp_path / "run-data.npz"
    other.write_bytes(b"mine")
    files = write_script(plan, "numpy", tmp_path / "run.py")
    assert files == [tmp_path / "run.py", tmp_path / "run-2-data.npz"]
    assert other.read_bytes() == b"mine"
    assert write_script(plan, "numpy", tmp_path / "run.py") == files
    assert len(runpy.run_path(str(files[0]))["history"]) == 5


def test_any_file_name_is_safe_in_the_script(tmp_path: Path) -> None:
    path = tmp_path / "a\"b'c\\d {0} é.py"
    files = write_script(plan_of(trainer_of("data in a file")), "numpy", path)
    assert len(runpy.run_path(str(files[0]))["history"]) == 5
