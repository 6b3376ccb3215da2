"""Lessons for tests: short, with every kind of block."""

from __future__ import annotations

from pathlib import Path
from typing import Final

VANISHING: Final = r"""+++
title = "Why deep sigmoid networks stop learning"
row = 7
minutes = 6
summary = "The gradient shrinks from layer to layer."
preset = "vanishing-gradient"
workspace = "gradients"
cards = ["waterfall"]
hide = ["Data", "momentumSlider"]
lock = ["initializerCombo", "learningRateSlider"]
start = { depth = 3, all_hidden = { activation = "sigmoid" } }
+++
The **gradient** is multiplied by $\varphi'(z) \le 0.25$ in each layer.
It is now {{gradient_ratio(1, last)}}, at a depth of {{depth}}. See [this](vanishing).

## Make it deep

Drag *Depth* to 10.

```predict
kind = "choice"
truth = { measure = "gradient_ratio", from = 1, to = "last" }
choices = [{ from = 0.1 }, { from = 1e-3, below = 0.1 }, { below = 1e-3 }]
[text]
question = "How large will the first layer's gradient be?"
choices = ["about the same", "ten to a thousand times smaller", "smaller still"]
because = "Each sigmoid costs a factor of at most $0.25$."
```

```predict
kind = "number"
truth = { measure = "depth" }
unit = "layers"
[text]
question = "How many layers are that?"
```

```goal
measure = "gradient_ratio"
from = 1
to = "last"
below = 1e-4
[solution]
depth = 10
[text]
goal = "Make the first layer's gradient 10 000 times smaller"
reached = "Ten factors of at most a quarter: {{depth}} layers."
```

```show
control = "depthSlider"
[text]
label = "Depth"
```

```show
card = "gradient"
```

## Train it

```set
experiment = { training = { learning_rate = 0.5 } }
```

```ask
answer = 2
[text]
question = "Which activation would help?"
choices = ["tanh, whose slope is at most 1", "ReLU, whose slope is 1"]
because = ["Better, but it saturates as well.", "Right: the factor is 1."]
```

```goal
all = [{ measure = "epoch", above = 1.9 }, { measure = "depth", equals = 10 }]
[solution]
epochs = 2
[text]
goal = "Train for two epochs"
```

## Now break it

```show
neuron = [1, 2]
workspace = "playground"
```

Set the weight scale to 3.
"""


def write_lesson(folder: Path, text: str = VANISHING, name: str = "vanishing.md") -> Path:
    """Write a lesson to ``folder`` and return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
