"""The PyTorch scripts: losses that PyTorch computed with them are stored, and compared with the core's."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import numpy as np
import pytest

from core.code_export.frameworks import FRAMEWORKS
from core.training.training_run import train
from tests.core.code_export.cases import CASES, EPOCHS, fingerprint, plan_of, trainer_of

GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "code_export.json").read_text(encoding="utf-8"))


def test_every_case_was_run_with_pytorch() -> None:
    assert set(GOLDEN["cases"]) == set(CASES)
    assert GOLDEN["versions"]["torch"]


@pytest.mark.parametrize("name", CASES)
def test_pytorch_computed_the_losses_of_the_core(name: str) -> None:
    trainer = trainer_of(name)
    stored = GOLDEN["cases"][name]
    assert fingerprint(FRAMEWORKS["torch"].script(plan_of(trainer))) == stored["script"], (
        "the script has changed since PyTorch ran it: run tests/golden/make_code_golden.py again"
    )
    run = train(trainer, epochs=EPOCHS)
    expected = np.array([run.train_losses, run.test_losses]).T
    history = np.array(stored["history"])
    np.testing.assert_allclose(history, expected[:, : history.shape[1]], rtol=0, atol=1e-9)


def test_pytorch_computes_them_here(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed; its stored losses are compared instead")
    trainer = trainer_of("penalties adamw")
    path = tmp_path / "case.py"
    path.write_text(FRAMEWORKS["torch"].script(plan_of(trainer)).text, encoding="utf-8")
    history = np.array(runpy.run_path(str(path))["history"])
    np.testing.assert_allclose(history[:, 0], train(trainer, epochs=EPOCHS).train_losses, rtol=0, atol=1e-9)
