"""Read one block of a step: TOML, checked key by key, with the rules that hold within a block."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final

import msgspec

from core.errors import ExperimentError, LessonError, PlaygroundError
from core.experiment.validation import check
from core.lessons.blocks import Ask, Block, Challenge, Condition, Element, FrontMatter, Goal, Part, Predict, Set, Show
from core.lessons.durations import parse_duration
from core.lessons.file_format.markdown import LIVE_NUMBER
from core.lessons.file_format.toml import Toml, path_of
from core.lessons.measurements.registry import MEASUREMENTS, check_arguments, parse_call
from core.lessons.sketches.axes import sketch_axes

BLOCKS: Final[Mapping[str, type[Block]]] = MappingProxyType(
    {"goal": Goal, "predict": Predict, "show": Show, "set": Set, "ask": Ask}
)
"""The type of each block by its name."""

_CONDITION_KEYS: Final = tuple(each.encode_name for each in msgspec.structs.fields(Condition))


def read_block(name: str, toml: Toml) -> Block:
    """Return the block called ``name``, a key of :data:`BLOCKS`, that ``toml`` contains.

    Raises:
        LessonError: it is invalid; the message names the line and the key.
    """
    content, is_short = toml.read(), False
    if name == "goal":
        content, is_short = _without_shorthand(content, toml)
    block: Block = converted(content, BLOCKS[name], toml, hide="all[0]" if is_short else "")
    _at_keys(toml, "all[0]" if is_short else "", partial(_RULES[type(block)], block))
    return block


def converted(content: dict[str, Any], model: type[Any], toml: Toml, hide: str = "") -> Any:  # noqa: ANN401
    """Return ``content`` as ``model``, checked.

    Args:
        content: decoded TOML.
        model: a msgspec type.
        toml: where it comes from.
        hide: beginning of the path that the file does not contain.

    Raises:
        LessonError: with the key and its line.
    """
    try:
        _at_keys(toml, hide, partial(_check, content, model))
        return msgspec.convert(content, model)
    except (msgspec.ValidationError, OverflowError) as error:
        raise toml.error(str(error)) from None


def check_front(front: FrontMatter, toml: Toml) -> None:
    """Check the rules of a front matter.

    Raises:
        LessonError: with the key and its line.
    """
    _at_keys(toml, "", partial(_front_rules, front))


def sentences(part: object) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of every sentence in the tables ``[text]`` of ``part``."""
    text = getattr(part, "text", None)
    if not isinstance(text, msgspec.Struct):
        return
    for key in text.__struct_fields__:
        value = getattr(text, key)
        if isinstance(value, str):
            yield f"text.{key}", value
        elif isinstance(value, tuple):
            yield from ((f"text.{key}[{index}]", each) for index, each in enumerate(value))


def check_live_numbers(text: str) -> None:
    """Check the measurements in ``{{…}}``.

    Raises:
        LessonError: one of them is not a measurement.
    """
    for match in LIVE_NUMBER.finditer(text):
        parse_call(match[1])
    if "{{" in LIVE_NUMBER.sub("", text):
        raise LessonError("a live number must end with }} on the same line: {{test_loss}}")


def _check(content: dict[str, Any], model: type) -> None:
    try:
        check(content, model)
    except ExperimentError as error:
        raise LessonError(error.message, key=error.path.removeprefix("$").removeprefix(".")) from None


def _without_shorthand(content: dict[str, Any], toml: Toml) -> tuple[dict[str, Any], bool]:
    """Return a goal's ``content`` with a condition given directly moved to ``all``, and whether there was one."""
    given = [key for key in _CONDITION_KEYS if key in content]
    if not given:
        return content, False
    for other in ("all", "any"):
        if other in content:
            raise toml.error(f"give either one condition directly or a list {other}, not both", given[0])
    if "measure" not in given:
        raise toml.error('the key "measure" is missing', given[0])
    rest = {key: value for key, value in content.items() if key not in given}
    return {**rest, "all": [{key: content[key] for key in given}]}, True


def _at_keys(toml: Toml, hide: str, action: Callable[[], None]) -> None:
    """Run ``action`` and raise its errors with the line of their key."""
    try:
        action()
    except LessonError as error:
        key = error.key.removeprefix(hide).removeprefix(".") if hide else error.key
        raise toml.error(error.message, *path_of(key)) from None


def within(key: str, action: Callable[[], object]) -> None:
    """Run ``action`` and put ``key`` before the key of its errors.

    Raises:
        LessonError: whatever ``action`` raises.
    """
    try:
        action()
    except LessonError as error:
        joined = f"{key}.{error.key}" if error.key else key
        raise LessonError(error.message, key=joined) from None


def _condition_rules(condition: Condition) -> None:
    check_arguments(condition)
    limits = {
        "below": condition.below,
        "above": condition.above,
        "equals": condition.equals,
    }
    given = [key for key, value in limits.items() if value is not None]
    if not given:
        raise LessonError("give a limit: below, above or equals", key="measure")
    is_text = MEASUREMENTS[condition.measure].is_text
    for key in given:
        if is_text and (key != "equals" or not isinstance(condition.equals, str)):
            raise LessonError(f'{condition.measure} is text: compare it with equals = "…"', key=key)
        if not is_text and key == "equals" and isinstance(condition.equals, str):
            raise LessonError(f'{condition.measure} is a number, got "{condition.equals[:40]}"', key=key)
    if condition.equals is not None and len(given) > 1:
        raise LessonError("give either equals or limits", key="equals")
    if condition.below is not None and condition.above is not None and condition.below <= condition.above:
        raise LessonError("no number lies between these limits: below must be larger than above", key="below")


def conditions_rules(conditions: tuple[Condition, ...], key: str) -> None:
    """Check each of ``conditions``, which are at ``key``.

    Raises:
        LessonError: with the key.
    """
    for index, condition in enumerate(conditions):
        within(f"{key}[{index}]", partial(_condition_rules, condition))


def _goal_rules(goal: Goal) -> None:
    if not goal.all and not goal.any:
        raise LessonError('a goal needs a condition: measure = "…" with below, above or equals')
    if goal.all and goal.any:
        raise LessonError("give either all or any, not both", key="any")
    conditions_rules(goal.all, "all")
    conditions_rules(goal.any, "any")
    for key in ("hold_for", "within"):
        within(key, partial(parse_duration, getattr(goal, key)))
    _solution_rules(goal.solution.epochs, goal.solution.steps)
    _sentence_rules(goal)


def _solution_rules(epochs: int, steps: int) -> None:
    if epochs and steps:
        raise LessonError("give either epochs or steps", key="solution.steps")


def _predict_rules(predict: Predict) -> None:
    within("truth", partial(check_arguments, predict.truth, curve=predict.kind == "curve"))
    if predict.kind == "curve":
        _axes_rules(predict)
    is_choice = predict.kind == "choice"
    if not is_choice and (predict.choices or predict.text.choices):
        key = "choices" if predict.choices else "text.choices"
        raise LessonError(f"a prediction of a {predict.kind} has no choices", key=key)
    if is_choice and not 2 <= len(predict.choices) <= 6:
        raise LessonError(f"expected 2 to 6 choices, got {len(predict.choices)}", key="choices")
    if len(predict.choices) != len(predict.text.choices):
        raise LessonError(
            f"there are {len(predict.choices)} choices, but {len(predict.text.choices)} texts for them",
            key="text.choices",
        )
    if predict.kind != "curve" and MEASUREMENTS[predict.truth.measure].is_text:
        raise LessonError(f"{predict.truth.measure} is text, which cannot be predicted", key="truth.measure")
    for index, limits in enumerate(predict.choices):
        if limits.from_ is msgspec.UNSET and limits.below is msgspec.UNSET:
            raise LessonError("give at least one limit: from or below", key=f"choices[{index}]")
        if isinstance(limits.from_, float) and isinstance(limits.below, float) and limits.below <= limits.from_:
            raise LessonError("no number lies between these limits", key=f"choices[{index}]")
    _sentence_rules(predict)


def _axes_rules(predict: Predict) -> None:
    try:
        sketch_axes(predict)
    except PlaygroundError as error:
        key, _, message = str(error).partition(": ")
        raise LessonError(message, key=key) from None


def _show_rules(show: Show) -> None:
    if not any((show.control, show.card, show.workspace, show.neuron, show.weight)):
        raise LessonError("show needs a control, a card, a workspace, a neuron or a weight")
    _place_rules(show)
    _sentence_rules(show)


def _place_rules(named: Show | Element) -> None:
    for key, numbers in (("neuron", named.neuron), ("weight", named.weight)):
        if numbers is not None and not all(1 <= number <= 512 for number in numbers):
            raise LessonError(f"layers and neurons count from 1 to 512, got {list(numbers)}", key=key)


def _element_rules(element: Element) -> None:
    if (element.neuron is None) == (element.weight is None):
        raise LessonError("give either a neuron or a weight")
    _place_rules(element)


def _ask_rules(ask: Ask) -> None:
    choices = len(ask.text.choices)
    if len(ask.text.because) != choices:
        raise LessonError(
            f"expected a reason for each of the {choices} choices, got {len(ask.text.because)}", key="text.because"
        )
    if ask.answer > choices:
        raise LessonError(f"expected a number from 1 to {choices}, got {ask.answer}", key="answer")
    _sentence_rules(ask)


def _sentence_rules(part: Part) -> None:
    for path, text in sentences(part):
        within(path, partial(check_live_numbers, text))


def _front_rules(front: FrontMatter) -> None:
    for key in ("title", "summary"):
        if LIVE_NUMBER.search(getattr(front, key)):
            raise LessonError("there are no live numbers here", key=key)
    for key in ("hide", "lock"):
        for index, each in enumerate(getattr(front, key)):
            if isinstance(each, Element):
                within(f"{key}[{index}]", partial(_element_rules, each))
    challenge: Challenge | None = front.challenge
    if challenge is None:
        return
    if not challenge.bar:
        raise LessonError("a challenge needs a condition", key="challenge.bar")
    conditions_rules(challenge.bar, "challenge.bar")
    within("challenge.score", partial(check_arguments, challenge.score))
    if MEASUREMENTS[challenge.score.measure].is_text:
        raise LessonError("a score must be a number", key="challenge.score.measure")
    within("challenge", partial(_solution_rules, challenge.solution.epochs, challenge.solution.steps))


def _no_rules(_block: Block) -> None:
    """Accept a ``set``: whether its change is valid depends on the settings before it."""


_RULES: Final[Mapping[type[Block], Callable[[Any], None]]] = MappingProxyType(
    {Goal: _goal_rules, Predict: _predict_rules, Show: _show_rules, Ask: _ask_rules, Set: _no_rules}
)
