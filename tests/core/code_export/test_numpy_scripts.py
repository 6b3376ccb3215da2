"""The NumPy scripts, run as they are, train to the same losses as the core."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.code_export.frameworks import FRAMEWORKS
from core.training.training_run import train
from tests.core.code_export.cases import CASES, EPOCHS, plan_of, trainer_of


def run_script(text: str, folder: Path) -> dict[str, Any]:
    path = folder / "case.py"
    path.write_text(text, encoding="utf-8")
    return runpy.run_path(str(path))


@pytest.mark.parametrize("name", CASES)
def test_the_losses_of_every_epoch_are_those_of_the_core(name: str, tmp_path: Path) -> None:
    trainer = trainer_of(name)
    script = FRAMEWORKS["numpy"].script(plan_of(trainer))
    if script.data_file:
        (tmp_path / script.data_file).write_bytes(script.data)
    history = np.array(run_script(script.text, tmp_path)["history"])
    run = train(trainer, epochs=EPOCHS)
    assert run.divergence is None
    expected = np.array([run.train_losses, run.test_losses]).T[:, : history.shape[1]]
    assert history.shape[1] == (2 if len(trainer.data.x_test) else 1)
    np.testing.assert_allclose(history, expected, rtol=0, atol=1e-9)


def test_the_parameters_are_those_of_the_core(tmp_path: Path) -> None:
    trainer = trainer_of("learned and fixed alphas")
    names = run_script(FRAMEWORKS["numpy"].script(plan_of(trainer)).text, tmp_path)
    final = train(trainer, epochs=EPOCHS).final
    for index in range(len(final.architecture.layers)):
        np.testing.assert_allclose(names["weights"][index], final.weights(index), atol=1e-9)
        np.testing.assert_allclose(names["biases"][index], final.bias(index), atol=1e-9)
        assert names["alphas"][index] == pytest.approx(final.alpha(index), abs=1e-9)
    assert abs(final.alpha(0) - 0.25) > 1e-4
