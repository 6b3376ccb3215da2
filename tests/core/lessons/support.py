"""Builders shared by the tests of lessons."""

from __future__ import annotations

from core.experiment import Experiment
from core.training.divergence import Divergence
from core.training.observer import observe
from core.training.recorders.gradient_history import GradientRecorder
from core.training.recorders.loss_curve import LossRecorder
from core.training.recorders.parameter_path import PathRecorder
from core.training.snapshot import Snapshot
from core.training.trainer import Trainer
from tests.core.support import new_trainer


class Run:
    """A training run on NumPy, with snapshots as in the window."""

    def __init__(self, experiment: Experiment) -> None:
        self.trainer: Trainer = new_trainer(experiment)
        self._losses, self._gradients, self._path = LossRecorder(), GradientRecorder(), PathRecorder()
        self.snapshot = self.observe()

    def steps(self, count: int) -> Snapshot:
        """Take ``count`` steps one by one, with a snapshot after each, and return the last one."""
        divergence = None
        for _ in range(count):
            divergence = divergence or self.trainer.run(1)
            self.snapshot = self.observe(divergence)
        return self.snapshot

    def observe(self, divergence: Divergence | None = None) -> Snapshot:
        """Return a snapshot of the current state."""
        return observe(
            self.trainer,
            self._losses,
            axes=None,
            gradient_recorder=self._gradients,
            path_recorder=self._path,
            divergence=divergence,
        )


LESSON = r"""+++
title = "Why ten layers of sigmoid stop learning"
row = 7
minutes = 6
summary = "The gradient shrinks from layer to layer."
preset = "vanishing-gradient"
workspace = "gradients"
cards = ["gradient", "waterfall"]
start = { depth = 3, all_hidden = { activation = "sigmoid" } }
+++
Now the ratio is {{gradient_ratio(1, last)}}; see [the web](https://example.org).

## Go deep
Add layers.
```predict
kind = "choice"
truth = { measure = "gradient_ratio", from = 1, to = "last" }
choices = [
  { from = 0.1 },
  { from = 1e-3, below = 0.1 },
  { below = 1e-3 },
]
[text]
question = "How large will the ratio be?"
choices = ["about one", "between", "tiny"]
because = "Ten factors of at most a quarter."
```
Then look.
```goal
measure = "gradient_ratio"
from = 1
to = "last"
below = 1e-4
hold_for = "1 s"
within = "20 s"
[solution]
depth = 10
[text]
goal = "Make the first gradient tiny"
reached = "It is {{gradient_ratio(1, last)}}."
```
```show
control = "depthSlider"
[text]
label = "Depth"
```

## Mend it
```set
all_hidden = { activation = "relu" }
experiment.training.learning_rate = 0.1
```
```ask
answer = 2
[text]
question = "Why?"
choices = ["Luck", "Its slope is 1"]
because = ["No.", "Yes: 1 · 1 = 1."]
```
"""
"""A valid lesson that uses every block."""
