"""Read one block of a step from TOML, and check each key and the rules that combine several keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final

import msgspec

from core.errors import ExperimentError, LessonError, PlaygroundError
from core.experiment.validation import check
from core.lessons.blocks import (
    Ask,
    Block,
    Challenge,
    Condition,
    Element,
    FrontMatter,
    Goal,
    LessonPart,
    Predict,
    Set,
    Show,
)
from core.lessons.durations import parse_duration
from core.lessons.file_format.markdown import LIVE_NUMBER
from core.lessons.file_format.toml import Toml, path_of
from core.lessons.measurements.registry import MEASUREMENTS, check_arguments, parse_call
from core.lessons.sketches.axes import sketch_axes

BLOCKS: Final[Mapping[str, type[Block]]] = MappingProxyType(
    {"goal": Goal, "predict": Predict, "show": Show, "set": Set, "ask": Ask}
)
"""The type of each block, by name."""

_CONDITION_KEYS: Final = tuple(each.encode_name for each in msgspec.structs.fields(Condition))


def read_block(name: str, toml: Toml) -> Block:
    """Read the block called ``name``, a key of :data:`BLOCKS`, from ``toml``.

    Raises:
        LessonError: it is invalid; the message names the line and the key.
    """
    content, is_short = toml.read(), False
    if name == "goal":
        content, is_short = _without_shorthand(content, toml)
    block: Block = convert_block(content, BLOCKS[name], toml, hide="all[0]" if is_short else "")
    _with_line_numbers(toml, "all[0]" if is_short else "", partial(_CHECKS_BY_TYPE[type(block)], block))
    return block


def convert_block(content: dict[str, Any], model: type[Any], toml: Toml, hide: str = "") -> Any:  # noqa: ANN401
    """Check ``content`` and convert it to ``model``.

    Args:
        content: decoded TOML.
        model: a msgspec type.
        toml: the source, for line numbers in errors.
        hide: prefix to remove from keys in errors, because the file does not contain it.

    Raises:
        LessonError: it is invalid; the message names the line and the key.
    """
    try:
        _with_line_numbers(toml, hide, partial(_check_keys, content, model))
        return msgspec.convert(content, model)
    except (msgspec.ValidationError, OverflowError) as error:
        raise toml.error(str(error)) from None


def check_front(front: FrontMatter, toml: Toml) -> None:
    """Check the rules of a front matter that combine several keys.

    Raises:
        LessonError: a rule is broken; the message names the line and the key.
    """
    _with_line_numbers(toml, "", partial(_check_front, front))


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
    """Check the live numbers ``{{…}}`` in ``text``.

    Raises:
        LessonError: one of them is not a valid measurement.
    """
    for match in LIVE_NUMBER.finditer(text):
        parse_call(match[1])
    if "{{" in LIVE_NUMBER.sub("", text):
        raise LessonError("a live number must end with }} on the same line: {{test_loss}}")


def _check_keys(content: dict[str, Any], model: type) -> None:
    try:
        check(content, model)
    except ExperimentError as error:
        raise LessonError(error.message, key=error.path.removeprefix("$").removeprefix(".")) from None


def _without_shorthand(content: dict[str, Any], toml: Toml) -> tuple[dict[str, Any], bool]:
    """Move a condition given directly in a goal's ``content`` to ``all``, and return whether there was one."""
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


def _with_line_numbers(toml: Toml, hide: str, action: Callable[[], None]) -> None:
    """Run ``action``, and add line numbers to its errors."""
    try:
        action()
    except LessonError as error:
        key = error.key.removeprefix(hide).removeprefix(".") if hide else error.key
        raise toml.error(error.message, *path_of(key)) from None


def with_key_prefix(key: str, action: Callable[[], object]) -> None:
    """Run ``action``, and prefix the key of its errors with ``key``.

    Raises:
        LessonError: ``action`` raised it.
    """
    try:
        action()
    except LessonError as error:
        joined = f"{key}.{error.key}" if error.key else key
        raise LessonError(error.message, key=joined) from None


def _check_condition(condition: Condition) -> None:
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


def check_conditions(conditions: tuple[Condition, ...], key: str) -> None:
    """Check each of ``conditions``, the list at ``key``.

    Raises:
        LessonError: a condition is invalid; the error has its key.
    """
    for index, condition in enumerate(conditions):
        with_key_prefix(f"{key}[{index}]", partial(_check_condition, condition))


def _check_goal(goal: Goal) -> None:
    if not goal.all and not goal.any:
        raise LessonError('a goal needs a condition: measure = "…" with below, above or equals')
    if goal.all and goal.any:
        raise LessonError("give either all or any, not both", key="any")
    check_conditions(goal.all, "all")
    check_conditions(goal.any, "any")
    for key in ("hold_for", "within"):
        with_key_prefix(key, partial(parse_duration, getattr(goal, key)))
    _check_solution(goal.solution.epochs, goal.solution.steps)
    _check_sentences(goal)


def _check_solution(epochs: int, steps: int) -> None:
    if epochs and steps:
        raise LessonError("give either epochs or steps", key="solution.steps")


def _check_predict(predict: Predict) -> None:
    with_key_prefix("truth", partial(check_arguments, predict.truth, curve=predict.kind == "curve"))
    if predict.kind == "curve":
        _check_axes(predict)
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
    _check_sentences(predict)


def _check_axes(predict: Predict) -> None:
    try:
        sketch_axes(predict)
    except PlaygroundError as error:
        key, _, message = str(error).partition(": ")
        raise LessonError(message, key=key) from None


def _check_show(show: Show) -> None:
    if not any((show.control, show.card, show.workspace, show.neuron, show.weight)):
        raise LessonError("show needs a control, a card, a workspace, a neuron or a weight")
    _check_indices(show)
    _check_sentences(show)


def _check_indices(target: Show | Element) -> None:
    for key, numbers in (("neuron", target.neuron), ("weight", target.weight)):
        if numbers is not None and not all(1 <= number <= 512 for number in numbers):
            raise LessonError(f"layers and neurons count from 1 to 512, got {list(numbers)}", key=key)


def _check_element(element: Element) -> None:
    if (element.neuron is None) == (element.weight is None):
        raise LessonError("give either a neuron or a weight")
    _check_indices(element)


def _check_ask(ask: Ask) -> None:
    choices = len(ask.text.choices)
    if len(ask.text.because) != choices:
        raise LessonError(
            f"expected a reason for each of the {choices} choices, got {len(ask.text.because)}", key="text.because"
        )
    if ask.answer > choices:
        raise LessonError(f"expected a number from 1 to {choices}, got {ask.answer}", key="answer")
    _check_sentences(ask)


def _check_sentences(part: LessonPart) -> None:
    for path, text in sentences(part):
        with_key_prefix(path, partial(check_live_numbers, text))


def _check_front(front: FrontMatter) -> None:
    for key in ("title", "summary"):
        if LIVE_NUMBER.search(getattr(front, key)):
            raise LessonError("there are no live numbers here", key=key)
    for key in ("hide", "lock"):
        for index, each in enumerate(getattr(front, key)):
            if isinstance(each, Element):
                with_key_prefix(f"{key}[{index}]", partial(_check_element, each))
    challenge: Challenge | None = front.challenge
    if challenge is None:
        return
    if not challenge.bar:
        raise LessonError("a challenge needs a condition", key="challenge.bar")
    check_conditions(challenge.bar, "challenge.bar")
    with_key_prefix("challenge.score", partial(check_arguments, challenge.score))
    if MEASUREMENTS[challenge.score.measure].is_text:
        raise LessonError("a score must be a number", key="challenge.score.measure")
    with_key_prefix("challenge", partial(_check_solution, challenge.solution.epochs, challenge.solution.steps))


def _check_nothing(_block: Block) -> None:
    """Accept any ``set``: whether its change is valid depends on the settings before it."""


_CHECKS_BY_TYPE: Final[Mapping[type[Block], Callable[[Any], None]]] = MappingProxyType(
    {Goal: _check_goal, Predict: _check_predict, Show: _check_show, Ask: _check_ask, Set: _check_nothing}
)
