"""Apply the changes of a lesson to an Experiment, checked against every limit of its settings."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from msgspec.structs import replace

from core.data.datasets import DATASETS
from core.errors import ExperimentError, LessonError, PlaygroundError
from core.experiment import MAX_HIDDEN, Experiment, HiddenLayer
from core.experiment.experiment_file import from_builtins, to_builtins
from core.experiment.fitting import adapted, kind_of, with_data
from core.experiment.presets import preset
from core.experiment.resolution import resolve
from core.experiment.validation import check
from core.lessons.blocks import Change, FrontMatter

_DEFAULTS: Final = Experiment()


def initial_experiment(front: FrontMatter) -> Experiment:
    """Return the Experiment that a lesson starts from: its preset (or the default) with the change ``start``.

    Raises:
        LessonError: there is no such preset, or the change is invalid; the message names the key.
    """
    try:
        base = preset(front.preset) if front.preset else Experiment()
    except PlaygroundError as error:
        raise LessonError(str(error), key="preset") from None
    try:
        return apply_change(base, front.start)
    except LessonError as error:
        raise LessonError(error.message, key=f"start.{error.key}" if error.key else "start") from None


def apply_change(experiment: Experiment, change: Change) -> Experiment:
    """Return ``experiment`` with ``change`` applied: first ``defaults``, then ``experiment``, ``depth`` and ``all_hidden``.

    Changing the data set resets the settings that do not fit it, as in the window.

    Raises:
        LessonError: a value is outside its limits, or settings contradict each other; ``key`` is its key in the change.
    """
    result = _with_defaults(experiment, change.defaults)
    result = _merged(result, change.experiment)
    result = _with_depth(result, change.depth)
    result = _with_all_hidden(result, change.all_hidden)
    kind = kind_of(result.data.dataset)
    if kind is None:
        raise LessonError(
            "a lesson uses built-in data sets or drawn points, not a table", key="experiment.data.dataset"
        )
    try:
        resolve(result, *kind)
    except ExperimentError as error:
        raise LessonError(error.message, key=_key("experiment", error.path)) from None
    return result


def _with_defaults(experiment: Experiment, keys: tuple[str, ...]) -> Experiment:
    for index, key in enumerate(keys):
        part, _, name = key.partition(".")
        section = getattr(experiment, part, None) if part in ("data", "network", "training") else None
        if not isinstance(section, msgspec.Struct) or name not in section.__struct_fields__:
            raise LessonError(
                f'expected a setting such as training.clip_norm, got "{key[:60]}"', key=f"defaults[{index}]"
            )
        section = replace(section, **{name: getattr(getattr(_DEFAULTS, part), name)})
        experiment = replace(experiment, **{part: section})
    return experiment


def _merged(experiment: Experiment, patch: dict[str, Any]) -> Experiment:
    if not patch:
        return experiment
    data = patch.get("data")
    dataset = data.get("dataset") if isinstance(data, dict) else None
    if isinstance(dataset, str) and dataset in DATASETS:
        experiment = adapted(with_data(experiment, dataset))
    try:
        return from_builtins(merge_patch(to_builtins(experiment), patch))
    except ExperimentError as error:
        raise LessonError(error.message, key=_key("experiment", error.path)) from None
    except (msgspec.ValidationError, OverflowError) as error:
        raise LessonError(str(error), key="experiment") from None


def merge_patch(value: object, patch: object) -> Any:  # noqa: ANN401 - decoded JSON
    """Merge the JSON merge patch ``patch`` into ``value`` (RFC 7396, except that null does not delete a key)."""
    if not isinstance(patch, dict):
        return patch
    result = dict(value) if isinstance(value, dict) else {}
    for key, inner in patch.items():
        result[key] = merge_patch(result.get(key), inner)
    return result


def _with_depth(experiment: Experiment, depth: int | None) -> Experiment:
    hidden = experiment.network.hidden
    if depth is None or depth == len(hidden):
        return experiment
    if not 0 <= depth <= MAX_HIDDEN:
        raise LessonError(f"expected a whole number from 0 to {MAX_HIDDEN}, got {depth}", key="depth")
    last = hidden[-1] if hidden else HiddenLayer()
    layers = (*hidden, *(last,) * (depth - len(hidden)))[:depth]
    return replace(experiment, network=replace(experiment.network, hidden=layers))


def _with_all_hidden(experiment: Experiment, settings: dict[str, Any]) -> Experiment:
    if not settings:
        return experiment
    try:
        check(settings, HiddenLayer)
    except ExperimentError as error:
        raise LessonError(error.message, key=_key("all_hidden", error.path)) from None
    layers = tuple(
        msgspec.convert({**msgspec.to_builtins(layer), **settings}, HiddenLayer) for layer in experiment.network.hidden
    )
    return replace(experiment, network=replace(experiment.network, hidden=layers))


def _key(prefix: str, path: str) -> str:
    return prefix + path.removeprefix("$")
