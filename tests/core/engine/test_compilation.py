"""Loading the compiled engine in the background, with NumPy as the fallback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import core.engine.compiled.compilation
import core.engine.compiled.kernel
from core.engine.compiled.compilation import EngineLoader, compile_into_cache, is_cached, is_complete
from core.engine.compiled.kernel import cache_folder, load
from core.errors import EngineError
from core.formulas.losses import LOSSES
from core.formulas.optimizers import OPTIMIZERS

pytestmark = pytest.mark.timeout(600)  # compiling takes a quarter of a minute of one core, at the lowest priority

WITHOUT_NUMBA = """
import sys
sys.modules["numba"] = None
from core.errors import EngineError
from core.experiment import Experiment
from core.training.training_run import new_trainer

trainer = new_trainer(Experiment())
assert trainer.run(20) is None and trainer.step == 20
print(trainer.engine, "|", trainer.engine_note)
try:
    new_trainer(Experiment(), engine="compiled")
except EngineError as error:
    print(error)
"""


def run(program: str, **environment: str) -> str:
    finished = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={**os.environ, **environment},
        cwd=Path(core.engine.compiled.compilation.__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not finished.returncode, finished.stderr
    return finished.stdout


def test_falls_back_to_numpy_without_numba() -> None:
    engine, error = run(WITHOUT_NUMBA).splitlines()
    assert engine.startswith("numpy | Training runs on NumPy: the compiled engine could not be loaded (")
    assert "numba" in engine
    assert error.startswith("the compiled engine could not be loaded (")


def test_the_trainer_does_not_import_numba_unless_needed() -> None:
    assert (
        run(
            "import core.training.trainer, core.engine.compiled.compilation, sys; print('numba' in sys.modules)"
        ).strip()
        == "False"
    )


def test_each_version_of_the_sources_has_its_own_cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    folder = cache_folder()
    assert folder.parent == tmp_path
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(folder))
    assert cache_folder() == folder
    assert not is_cached()
    monkeypatch.setattr("core.engine.compiled.kernel._COMPILED_MODULES", ("arrays",))
    assert cache_folder() != folder
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    if sys.platform.startswith("linux"):
        assert cache_folder().parent == tmp_path / "cache" / "nn-playground" / "numba"


def test_stale_cache_entries_are_detected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    sources = tmp_path / "core"
    kernel = Path(core.engine.compiled.kernel.__file__)
    shutil.copytree(kernel.parents[2], sources)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    for name in ("compile_default", "compile_rest"):
        monkeypatch.setattr(core.engine.compiled.kernel, name, lambda: None)
    compile_into_cache()
    folder = cache_folder()
    assert is_cached()
    with monkeypatch.context() as another_numba:
        another_numba.setattr("importlib.metadata.version", lambda _name: "0.0.1")
        assert not is_cached()
    monkeypatch.setattr(core.engine.compiled.kernel, "__file__", str(sources / "engine" / "compiled" / kernel.name))
    assert cache_folder() == folder
    assert not is_cached()
    compile_into_cache()
    assert is_cached()
    os.utime(sources / "formulas" / "activations.py", (1, 1))  # as a reinstallation does
    assert not is_cached()


def test_what_the_default_experiment_needs_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        assert is_cached()
        raise EngineError("rest")

    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(core.engine.compiled.kernel, "compile_default", lambda: None)
    monkeypatch.setattr(core.engine.compiled.kernel, "compile_rest", fails)
    calls: list[bool] = []
    with pytest.raises(EngineError, match="rest"):
        compile_into_cache(lambda: calls.append(is_cached()))
    assert calls == [True]
    assert not is_complete()


def test_an_incomplete_cache_is_completed_while_the_engine_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    compile_into_cache()
    (cache_folder() / "complete").unlink()
    loader = EngineLoader()
    calls: list[bool] = []
    loader.run(calls.append)
    assert calls == []
    assert loader.ready
    assert is_complete()


def test_another_process_loads_every_formula_from_the_cache() -> None:
    pytest.importorskip("numba")
    program = """
from msgspec.structs import asdict
from core.engine.compiled.kernel import compile_default, compile_rest, load
compile_default()
compile_rest()
for kind, formulas in asdict(load().addresses).items():
    for key, compiled in formulas._made.items():
        print(kind, key, compiled.cache_hits)
"""
    sources = Path(core.engine.compiled.compilation.__file__).parents[3]
    run(program, PYTHONPATH=str(sources))  # writes what is missing, also what another worker of the tests overwrote
    lines = [line.rpartition(" ") for line in run(program, PYTHONPATH=str(sources)).splitlines()]
    assert len(lines) > len(OPTIMIZERS) + len(LOSSES)
    assert [formula for formula, _, hits in lines if hits != "1"] == []


def test_an_unwritable_cache_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    for name in ("compile_default", "compile_rest"):
        monkeypatch.setattr(core.engine.compiled.kernel, name, lambda: None)
    (cache_folder() / "usable").mkdir(parents=True)
    with pytest.raises(EngineError, match="could not be loaded"):
        compile_into_cache()


def test_falls_back_to_numpy_when_jit_is_disabled() -> None:
    pytest.importorskip("numba")
    engine, error = run(WITHOUT_NUMBA.replace('sys.modules["numba"] = None', ""), NUMBA_DISABLE_JIT="1").splitlines()
    assert engine == f"numpy | Training runs on NumPy: {error}"
    assert error == "the compiled engine could not be loaded (NUMBA_DISABLE_JIT is set)"


def test_falls_back_to_numpy_without_a_home_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for variable in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(Path, "home", nowhere)
    assert not is_cached()
    with pytest.raises(EngineError, match="home directory"):
        load.__wrapped__()


def test_another_process_compiles_and_then_this_one_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    load()
    monkeypatch.setattr(core.engine.compiled.compilation, "is_cached", lambda: False)
    loader = EngineLoader()
    assert not loader.ready
    calls: list[bool] = []
    loader.run(calls.append)
    assert calls == [True, False]
    assert loader.ready
    assert (cache_folder() / "complete").exists()


def test_the_compilers_error_message_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core.engine.compiled.compilation, "is_cached", lambda: False)
    monkeypatch.setenv("NUMBA_CACHE_DIR", "/dev/null/nowhere")
    loader = EngineLoader()
    calls: list[bool] = []
    with pytest.raises(EngineError, match=r"^the compiled engine could not be loaded \("):
        loader.run(calls.append)
    assert calls == [True, False]
    assert not loader.ready


def test_stopping_terminates_the_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core.engine.compiled.compilation, "is_cached", lambda: False)
    loader = EngineLoader()
    thread = threading.Thread(target=loader.run)
    thread.start()
    loader.stop()
    thread.join()
    assert not loader.ready


def test_the_compiler_exits_when_the_program_is_killed(tmp_path: Path) -> None:
    pytest.importorskip("numba")
    program = """
import subprocess, sys, threading
from core.engine.compiled.compilation import EngineLoader
loader = EngineLoader()
threading.Thread(target=loader.run, daemon=True).start()
while loader._process is None:
    pass
print(loader._process.pid, flush=True)
threading.Event().wait()
"""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    killed = subprocess.Popen(
        [sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    assert killed.stdout is not None
    compiler = int(killed.stdout.readline())
    os.kill(compiler, 0)
    killed.kill()
    killed.wait()
    killed.stdout.close()
    while _runs(compiler):
        time.sleep(0.05)


def _runs(process: int) -> bool:
    """Return whether ``process`` is running; a zombie counts as ended."""
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
