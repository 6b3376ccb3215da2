"""The walk through the phases: what each move shows, and what it requests from the trainer."""

from __future__ import annotations

import numpy as np
import pytest

from core.experiment import Experiment
from core.training.phases import PhaseStep, is_before_step, phase_step, repeat_step, return_to
from core.training.trainer import Trainer
from core.training.training_run import new_trainer
from playground.session.playback.phase_walk import MAX_DONE, PhaseWalk
from tests.core.training.support import assert_same_state


@pytest.fixture
def trainer() -> Trainer:
    trainer = new_trainer(Experiment(), engine="numpy")
    trainer.run(3)
    return trainer


def next_step(trainer: Trainer) -> PhaseStep:
    step = phase_step(trainer, "batch")
    assert isinstance(step, PhaseStep)
    return step


def test_forward_loss_backward_update_and_on_to_the_next_step(trainer: Trainer) -> None:
    walk = PhaseWalk()
    assert not walk.is_active
    assert walk.advance() == "step"
    walk.begin(next_step(trainer))
    seen = [walk.phase]
    for need in ("nothing", "nothing", "update"):
        assert walk.advance() == need
        seen.append(walk.phase)
    assert seen == ["forward", "loss", "backward", "update"]
    assert walk.advance() == "step"
    assert walk.phase == "update"


def test_back_over_steps_restores_each_state_bit_for_bit(trainer: Trainer) -> None:
    walk = PhaseWalk()
    states = []
    for _ in range(3):
        states.append(trainer.state())
        assert walk.advance() == "step"
        step = next_step(trainer)
        walk.begin(step)
        while walk.phase != "update":
            walk.advance()
        assert is_before_step(trainer, step)
        assert repeat_step(trainer, step) is None
        assert not is_before_step(trainer, step)
        assert trainer.parameters.tobytes() == step.after.tobytes()
    for state in reversed(states):
        assert walk.phase == "update"
        step = walk.step
        assert step is not None
        assert walk.back() == "return"
        assert return_to(trainer, step.before)
        assert_same_state(trainer.state(), state)
        assert (walk.phase, walk.back(), walk.phase, walk.back(), walk.phase) == (
            *("backward", "nothing", "loss", "nothing", "forward"),
        )
        walk.back()
    assert not walk.can_go_back
    assert walk.back() == "nothing"


def test_ending_discards_the_steps(trainer: Trainer) -> None:
    walk = PhaseWalk()
    walk.begin(next_step(trainer))
    walk.leave()
    assert not walk.is_active
    assert not walk.can_go_back


def test_the_number_of_steps_to_go_back_is_limited(trainer: Trainer) -> None:
    walk = PhaseWalk()
    step = next_step(trainer)
    for _ in range(MAX_DONE + 5):
        walk.begin(step)
        walk.phase = "update"
    assert len(walk._done) == MAX_DONE


def test_a_state_with_other_settings_is_not_restored(trainer: Trainer) -> None:
    other = new_trainer(Experiment(name="Other"), engine="numpy")
    before = trainer.parameters.copy()
    assert not return_to(trainer, other.state())
    assert np.array_equal(trainer.parameters, before)
