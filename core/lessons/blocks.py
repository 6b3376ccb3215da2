"""What a lesson file contains: its front matter and the blocks of its steps, as values with checked keys and limits.

A lesson is a Markdown file that starts with TOML front matter between two lines ``+++``; each heading ``##`` starts a step.
Fenced code blocks named ``goal``, ``predict``, ``show``, ``set`` and ``ask`` contain TOML and are declarative: nothing in a
lesson is executed. All sentences that a learner reads are Markdown or lie in a table ``[text]`` of a block, so that a
translation replaces these and leaves everything else alone.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType, field

Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=80)]
Sentence: TypeAlias = Annotated[str, Meta(min_length=1, max_length=2_000)]
Layer: TypeAlias = Annotated[int, Meta(ge=1, le=51)] | Literal["first", "last"]
"""A layer of weights: 1 is the first; ``"last"`` is the output layer."""


class LessonPart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all structs in lesson files: frozen, keyword-only, no unknown keys."""


class Measure(LessonPart, frozen=True, kw_only=True):
    """One measurement with its arguments.

    Attributes:
        measure: key in ``MEASUREMENTS``, such as ``"gradient_ratio"``.
        layer: the layer, if the measurement is of one layer.
        from_: the first of two layers, if it compares two.
        to: the second of two layers.
        neuron: the neuron in the layer, from 1.
    """

    measure: Name
    layer: Layer | None = None
    from_: Layer | None = field(name="from", default=None)
    to: Layer | None = None
    neuron: Annotated[int, Meta(ge=1, le=512)] | None = None


class Condition(Measure, frozen=True, kw_only=True):
    """A measurement and the limits between which it must lie; NaN fulfils no condition.

    Attributes:
        below: the value must be smaller.
        above: the value must be larger.
        equals: the value must equal this one (relative tolerance 1e-9); text for settings such as ``"relu"``.
    """

    below: float | None = None
    above: float | None = None
    equals: float | str | bool | None = None


class Change(LessonPart, frozen=True, kw_only=True):
    """A change of the Experiment, applied as one undoable edit.

    Attributes:
        experiment: merged into the Experiment's JSON (RFC 7396: objects are merged, everything else is replaced).
        depth: number of hidden layers; new ones are copies of the last.
        all_hidden: settings for every hidden layer, such as ``{ activation = "relu" }``.
        defaults: settings to set back to their defaults, such as ``"training.clip_norm"``; applied first.
        restart: whether to start again from the initial weights.
    """

    experiment: dict[str, Any] = {}
    depth: Annotated[int, Meta(ge=0, le=50)] | None = None
    all_hidden: dict[str, Any] = {}
    defaults: tuple[Name, ...] = ()
    restart: bool = False


class Solution(Change, frozen=True, kw_only=True):
    """The change that the text asks for and the training after it; “Do it for me” and the tests apply it.

    Attributes:
        epochs: epochs of training after the change.
        steps: updates of training after the change, instead of epochs.
    """

    epochs: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    steps: Annotated[int, Meta(ge=0, le=10_000_000)] = 0


class GoalText(LessonPart, frozen=True, kw_only=True):
    """The sentences of a goal.

    Attributes:
        goal: what to reach, in a few words.
        reached: shown once it is reached.
    """

    goal: Sentence
    reached: str = ""


class Goal(LessonPart, frozen=True, kw_only=True):
    """What a learner must reach; checked live.

    Attributes:
        all: conditions that must all hold.
        any: conditions of which one must hold.
        hold_for: how long they must hold, such as ``"1 s"``.
        within: upper bound on the training that the solution needs, such as ``"20 s"`` or ``"300 epochs"``; shown in the panel.
        solution: the change that reaches it.
        text: its sentences.
    """

    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()
    hold_for: str = "0 s"
    within: str = ""
    solution: Solution
    text: GoalText


class PredictText(LessonPart, frozen=True, kw_only=True):
    """The sentences of a prediction.

    Attributes:
        question: asked before the learner trains the network.
        choices: answers to choose from, in the order of the block's ``choices``; empty for numbers and curves.
        because: explains the true answer once it is known.
    """

    question: Sentence
    choices: tuple[Sentence, ...] = ()
    because: str = ""


class Predict(LessonPart, frozen=True, kw_only=True):
    """A question about what will happen, asked beforehand; its true answer is measured.

    Attributes:
        kind: how it is answered: by a choice, a number, or a curve sketched over the empty plot.
        truth: what is measured when the goal of the step is reached; for a curve, the key of a curve measurement, such as
            ``"loss_curve"``.
        choices: for each choice, the condition on the truth under which it is right (``{ below = 0.1 }``).
        unit: shown after a number.
        x: range of the horizontal axis on which a curve is sketched, such as ``[0, 200]`` epochs; curves need it.
        y: range of its vertical axis, which must not give the answer away; positive on a logarithmic axis.
        text: its sentences.
    """

    kind: Literal["choice", "number", "curve"]
    truth: Measure
    choices: tuple[Limits, ...] = ()
    unit: str = ""
    x: tuple[float, float] | None = None
    y: tuple[float, float] | None = None
    text: PredictText


class Limits(LessonPart, frozen=True, kw_only=True):
    """Limits on the truth of a prediction: at least ``from``, and less than ``below``."""

    from_: float | UnsetType = field(name="from", default=UNSET)
    below: float | UnsetType = UNSET


class ShowText(LessonPart, frozen=True, kw_only=True):
    """The label beside the ring that points at something."""

    label: str = ""


class Show(LessonPart, frozen=True, kw_only=True):
    """Point at something in the window.

    Attributes:
        control: object name of a control, such as ``"depthSlider"``; a ring is drawn around it.
        card: key of a card, such as ``"gradient"``; a ring is drawn around it.
        workspace: key of a workspace to switch to.
        neuron: layer and neuron to select, from 1.
        weight: layer, source and target of a weight to select, from 1.
        text: the label beside the ring.
    """

    control: Name | None = None
    card: Name | None = None
    workspace: Name | None = None
    neuron: tuple[int, int] | None = None
    weight: tuple[int, int, int] | None = None
    text: ShowText = ShowText()


class Set(Change, frozen=True, kw_only=True):
    """A change that the lesson makes when the step is entered; undoable."""


class AskText(LessonPart, frozen=True, kw_only=True):
    """The sentences of a multiple-choice question.

    Attributes:
        question: the question.
        choices: the answers.
        because: for each answer, why it is right or wrong.
    """

    question: Sentence
    choices: Annotated[tuple[Sentence, ...], Meta(min_length=2, max_length=6)]
    because: tuple[Sentence, ...]


class Ask(LessonPart, frozen=True, kw_only=True):
    """A multiple-choice question.

    Attributes:
        answer: number of the right answer, from 1.
        text: its sentences.
    """

    answer: Annotated[int, Meta(ge=1, le=6)]
    text: AskText


Block: TypeAlias = Goal | Predict | Show | Set | Ask


class Element(LessonPart, frozen=True, kw_only=True):
    """One neuron or weight of the network, named as in :class:`Show`; either of the two is given.

    Attributes:
        neuron: layer and neuron, from 1.
        weight: layer, source and target of a weight, from 1.
    """

    neuron: tuple[int, int] | None = None
    weight: tuple[int, int, int] | None = None

    @property
    def kind(self) -> Literal["neuron", "weight"]:
        """Whether it is a neuron or a weight."""
        return "neuron" if self.weight is None else "weight"

    @property
    def indices(self) -> tuple[int, ...]:
        """Layer and neuron, or layer, source and target, from 1."""
        return self.weight or self.neuron or ()

    @property
    def name(self) -> str:
        """Its name in messages: ``neuron [1, 2]``."""
        return f"{self.kind} {list(self.indices)}"


class FrontMatter(LessonPart, frozen=True, kw_only=True):
    """The front matter of a lesson.

    Attributes:
        title: its title.
        row: topic of the curriculum, 1 to 19; 0 for none.
        minutes: how long it takes.
        summary: one sentence for the list of lessons.
        preset: key of the preset it starts from, or empty for the default experiment.
        start: change applied to that preset.
        workspace: key of the workspace it opens.
        cards: keys of cards to bring to the front.
        hide: object names of controls or names of control sections to hide; neurons and weights whose numbers are hidden.
        lock: object names of controls to disable; neurons and weights that cannot be edited.
        challenge: the challenge, or ``None`` for an ordinary lesson.
    """

    title: Sentence
    row: Annotated[int, Meta(ge=0, le=19)] = 0
    minutes: Annotated[int, Meta(ge=1, le=60)]
    summary: Sentence
    preset: Annotated[str, Meta(max_length=80)] = ""
    start: Change = Change()
    workspace: Name = "playground"
    cards: tuple[Name, ...] = ()
    hide: tuple[Name | Element, ...] = ()
    lock: tuple[Name | Element, ...] = ()
    challenge: Challenge | None = None


class Challenge(LessonPart, frozen=True, kw_only=True):
    """A challenge: fulfil all conditions with the best score.

    Attributes:
        number: its number in the list.
        bar: conditions that a result must fulfil.
        score: the measurement by which results are compared.
        best: whether a small or a large score is better.
        seeds: number of runs, each with its own seed, all of which must fulfil the conditions.
        solution: a change that fulfils the conditions.
    """

    number: Annotated[int, Meta(ge=1)]
    bar: tuple[Condition, ...]
    score: Measure
    best: Literal["smallest", "largest"]
    seeds: Annotated[int, Meta(ge=1, le=9)] = 1
    solution: Solution


class Step(LessonPart, frozen=True, kw_only=True):
    """One step: a heading with Markdown and blocks, in the order of the file.

    Attributes:
        title: the heading.
        content: Markdown source and blocks, in order.
        line: the heading's line in the file, from 1.
    """

    title: Sentence
    content: tuple[str | Block, ...]
    line: int


class Lesson(LessonPart, frozen=True, kw_only=True):
    """A lesson.

    Attributes:
        key: the file's name without its suffix, such as ``"07-vanishing-gradient"``.
        front: its front matter.
        introduction: Markdown before the first step.
        steps: its steps.
    """

    key: str
    front: FrontMatter
    introduction: str
    steps: tuple[Step, ...]
