"""A lesson with one prediction of each kind, and the answers of a class to it."""

from __future__ import annotations

import numpy as np

from core.lessons.blocks import FrontMatter, Lesson, Limits, Measure, Predict, PredictText, Step
from core.lessons.classroom.answers import Answer, AnswerFile

CHOICE = Predict(
    kind="choice",
    truth=Measure(measure="gradient_ratio", from_=1, to="last"),
    choices=(Limits(from_=0.1), Limits(from_=1e-3, below=0.1), Limits(below=1e-3)),
    text=PredictText(
        question="How much smaller is the gradient of the first layer than that of the last?",
        choices=("about the same", "ten to a thousand times smaller", "smaller still"),
    ),
)
NUMBER = Predict(
    kind="number",
    truth=Measure(measure="test_loss"),
    unit="test loss",
    text=PredictText(question="Which test loss will the network reach?"),
)
CURVE = Predict(
    kind="curve",
    truth=Measure(measure="loss_curve"),
    x=(0.0, 100.0),
    y=(1e-4, 1.0),
    text=PredictText(question="How will the training loss fall?"),
)
LESSON = Lesson(
    key="07-vanishing-gradient",
    front=FrontMatter(title="Why ten layers of sigmoid stop learning", minutes=6, summary="A sentence."),
    introduction="",
    steps=(
        Step(title="One", content=("Text.", CHOICE), line=3),
        Step(title="Two", content=(NUMBER, CURVE), line=9),
    ),
)
TRUTHS = {
    (1, 1): 2e-4,
    (2, 1): 0.02,
    (2, 2): (np.linspace(0.0, 120.0, 241), 10.0 ** (-np.linspace(0.0, 120.0, 241) / 40.0)),
}
NAMES = ("Ada", "Blaise", "Carl", "Daniel", "Emmy", "Felix", "", "Henri", "", "Joseph", "Kurt", "Leonhard")


def class_files() -> tuple[AnswerFile, ...]:
    """Return the answers of twelve learners."""
    rng = np.random.default_rng(4)
    xs = np.linspace(0.0, 100.0, 33)
    files = []
    for index, name in enumerate(NAMES):
        end = rng.uniform(-3.4, -0.6)
        sketch = tuple(zip(xs.tolist(), (10.0 ** (end * (xs / 100.0) ** rng.uniform(0.4, 1.4))).tolist(), strict=True))
        answers = (
            Answer(step=1, choice=(3, 2, 3, 1)[index % 4]),
            Answer(step=2, number=float(10.0 ** rng.uniform(-3, -0.5))),
            Answer(step=2, prediction=2, sketch=sketch),
        )
        files.append(AnswerFile(lesson=LESSON.key, name=name, answers=answers))
    return tuple(files)
