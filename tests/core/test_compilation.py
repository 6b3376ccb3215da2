"""The compiled engine comes without anyone waiting, and where it cannot come, NumPy stays."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import core.compilation
from core.compilation import EngineLoader, is_cached
from core.compiled import cache_folder, load
from core.errors import EngineError

WITHOUT_NUMBA = """
import sys
sys.modules["numba"] = None
from core.datasets import load
from core.errors import EngineError
from core.experiment import Experiment
from core.prepared_data import prepare
from core.resolution import resolve
from core.trainer import Trainer

experiment = Experiment()
raw = load(experiment.data, folder=None)
data = prepare(raw, experiment.data, resolve(experiment, raw.task, raw.classes).coding)
trainer = Trainer(experiment, data, "auto")
assert trainer.run(20) is None and trainer.step == 20
print(trainer.engine, "|", trainer.engine_note)
try:
    Trainer(experiment, data, "compiled")
except EngineError as error:
    print(error)
"""


def run(program: str, **environment: str) -> str:
    finished = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={**os.environ, **environment},
        cwd=Path(core.compilation.__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not finished.returncode, finished.stderr
    return finished.stdout


def test_numpy_takes_over_where_numba_is_missing() -> None:
    engine, error = run(WITHOUT_NUMBA).splitlines()
    assert engine.startswith("numpy | Training runs on NumPy: the compiled engine could not be loaded (")
    assert "numba" in engine
    assert error.startswith("the compiled engine could not be loaded (")


def test_the_trainer_does_not_import_numba_unasked() -> None:
    assert run("import core.trainer, core.compilation, sys; print('numba' in sys.modules)").strip() == "False"


def test_the_cache_has_a_folder_for_each_state_of_the_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    folder = cache_folder()
    assert folder.parent == tmp_path
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(folder))
    assert cache_folder() == folder
    assert not is_cached()
    monkeypatch.setattr("core.compiled._COMPILED_MODULES", ("arrays",))
    assert cache_folder() != folder
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    if sys.platform.startswith("linux"):
        assert cache_folder().parent == tmp_path / "cache" / "nn-playground" / "numba"


def wait_for(loader: EngineLoader) -> None:
    loader.start()
    loader._thread.join()


def test_another_process_compiles_then_a_thread_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    load()
    failures: list[str] = []
    monkeypatch.setattr(core.compilation, "is_cached", lambda: False)
    loader = EngineLoader(failures.append)
    wait_for(loader)
    assert not failures
    assert loader.ready
    assert (cache_folder() / "complete").exists()


def test_the_compilers_reason_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    failures: list[str] = []
    monkeypatch.setattr(core.compilation, "is_cached", lambda: False)
    monkeypatch.setenv("NUMBA_CACHE_DIR", "/dev/null/nowhere")
    loader = EngineLoader(failures.append)
    wait_for(loader)
    assert not loader.ready
    assert len(failures) == 1
    assert failures[0].startswith("Training runs on NumPy: the compiled engine could not be loaded (")


def test_a_loader_that_fails_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    failures: list[str] = []

    def refuse() -> None:
        raise EngineError("no compiler on the moon")

    monkeypatch.setattr(core.compilation, "is_cached", lambda: True)
    monkeypatch.setattr(core.compilation, "load", refuse)
    loader = EngineLoader(failures.append)
    wait_for(loader)
    assert failures == ["Training runs on NumPy: no compiler on the moon"]


def test_stopping_ends_the_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    failures: list[str] = []
    monkeypatch.setattr(core.compilation, "is_cached", lambda: False)
    loader = EngineLoader(failures.append)
    loader.start()
    loader.stop()
    assert not failures
    assert not loader.ready
