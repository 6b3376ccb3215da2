"""Files of an earlier version open, have the same meaning, and resume to the same numbers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.experiment.experiment_file import dump, load
from core.training.state_file import load_state
from core.training.training_run import new_trainer, set_losses

FOLDER = Path(__file__).parents[2] / "data" / "format1"
EXPECTED = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))


def test_there_are_five_files_of_each_kind() -> None:
    names = sorted(EXPECTED)
    assert len(names) == 5
    assert [path.stem for path in sorted(FOLDER.glob("*.state"))] == names
    assert [path.stem for path in sorted(FOLDER.glob("*.json")) if path.stem != "expected"] == names


@pytest.mark.parametrize("name", EXPECTED)
def test_an_old_experiment_is_read_unchanged(name: str) -> None:
    path = FOLDER / f"{name}.json"
    written = json.loads(path.read_text(encoding="utf-8"))
    read_back = json.loads(dump(load(path)))
    for part in ("data", "network", "training"):
        assert written[part].items() <= read_back[part].items()
    assert read_back["name"] == written["name"]


@pytest.mark.parametrize("name", EXPECTED)
def test_an_old_training_state_resumes_to_the_same_losses(name: str) -> None:
    state = load_state(FOLDER / f"{name}.state")
    assert state.experiment == load(FOLDER / f"{name}.json")
    trainer = new_trainer(state.experiment, engine="numpy")
    trainer.restore(state)
    assert trainer.run(40) is None
    assert trainer.step == EXPECTED[name]["step"]
    assert set_losses(trainer.network, trainer.data) == pytest.approx(EXPECTED[name]["losses"], rel=1e-12)
