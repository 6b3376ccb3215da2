"""Create the commented skeleton of a new lesson that starts with a given experiment."""

from __future__ import annotations

from typing import Any, Final

import tomlkit

from core.experiment import Experiment
from core.experiment.experiment_file import to_builtins

_TEMPLATE: Final = """\
+++
# A lesson of NN Playground. Lines that start with # in this part are comments. Every key is described in
# assets/lessons/README.md; "nn-playground lessons check FILE" checks the file.
title = {title}
# Topic of the curriculum, 1 to 19; 0 for none.
row = 0
minutes = 5
summary = "One sentence for the list of lessons."
workspace = "{workspace}"
# Cards to bring to the front, such as ["gradient", "loss"].
cards = []
# Sections or object names of controls to hide, such as ["Data", "momentumSlider"], and controls to disable.
# A neuron such as {{ neuron = [1, 2] }} or a weight can be in both lists: its numbers are hidden, or it cannot be edited.
hide = []
lock = []

# The experiment the lesson starts with, as far as it differs from the default one.
{start}
+++
What the learner will see, in two or three sentences. Formulas stand between dollar signs: $\\varphi'(z) \\le 0.25$.
Live numbers stand in double braces: the loss is now {{{{train_loss}}}}.

## The first step

What to do, and what to look at.

```goal
measure = "train_loss"
below = 0.1
[solution]
epochs = 100
[text]
goal = "Bring the training loss below 0.1"
reached = "That took {{{{epoch}}}} epochs."
```

```show
control = "learningRateSlider"
[text]
label = "Learning rate"
```

## Now break it

What goes wrong, and why.
"""


def skeleton(experiment: Experiment, workspace: str = "playground") -> str:
    """Return a valid lesson file that starts with ``experiment``.

    Args:
        experiment: the experiment to start with.
        workspace: the workspace that it opens.
    """
    default, own = to_builtins(Experiment()), to_builtins(experiment)
    name = experiment.name if experiment.name != Experiment().name else "My lesson"
    start = tomlkit.dumps({"start": {"experiment": _difference(default, own)}})
    return _TEMPLATE.format(title=tomlkit.item(name).as_string(), workspace=workspace, start=start.strip())


def _difference(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Return the merge patch (RFC 7396) from ``old`` to ``new``, without what TOML cannot express (null)."""
    patch: dict[str, Any] = {}
    for key, value in new.items():
        before = old.get(key)
        if value == before or value is None:
            continue
        both = isinstance(value, dict) and isinstance(before, dict)
        patch[key] = _difference(before, value) if both and isinstance(before, dict) else _without_null(value)
    return patch


def _without_null(value: Any) -> Any:  # noqa: ANN401 - decoded JSON
    if isinstance(value, dict):
        return {key: _without_null(each) for key, each in value.items() if each is not None}
    return [_without_null(each) for each in value] if isinstance(value, list | tuple) else value
