"""The origin of a picture: the Experiment and its training state, as bytes for the metadata of a file."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from core.errors import ExperimentError, PlaygroundError
from core.experiment import Experiment
from core.experiment.experiment_file import dump, parse
from core.training.origins.inflating import inflate
from core.training.origins.shown_runs import ShownRuns, packed, run_alone, unpacked
from core.training.state_file import encode as encode_state
from core.training.state_file import read as read_state
from core.training.training_state import StateError, TrainingState

MAGIC: Final = b"NN-PLAYGROUND-ORIGIN 1\n"
_STATE: Final = b"S"
_EXPERIMENT: Final = b"E"
_RUN: Final = b"R"
_RUN_LEVEL: Final = 3
"""Compression level of a run: level 9 takes eight times as long, and saves less than 1 % for arrays of distinct numbers."""


class Origin(Struct, frozen=True, eq=False):
    """What a picture shows.

    Attributes:
        experiment: the settings.
        state: the training state that the picture shows; ``None`` if it was not available.
        recipe: the experiment in one line, for readers of the file.
        runs: the runs with their histories: a picture keeps the one that trains, so that opening it restores its curves, and
            a deck all of them, to draw its figures again; ``None`` without a state.
        views: how to draw each figure of a deck again, by its key: a text that only the window interprets.
    """

    experiment: Experiment
    state: TrainingState | None = None
    recipe: str = ""
    runs: ShownRuns | None = None
    views: Mapping[str, str] = {}


def encode(origin: Origin) -> bytes:
    """Serialize settings, state and history; files store the recipe separately as readable text, and the rest is for decks."""
    if origin.runs is not None:
        return MAGIC + zlib.compress(_RUN + packed(run_alone(origin.runs)), _RUN_LEVEL)
    settings = _EXPERIMENT + dump(origin.experiment).encode()
    return MAGIC + zlib.compress(settings if origin.state is None else _STATE + encode_state(origin.state), 9)


def decode(payload: bytes) -> Origin:
    """Return the origin in the untrusted ``payload``.

    Raises:
        PlaygroundError: it is damaged, too large, or of another version.
    """
    content = inflate(payload, MAGIC)
    kind, rest = content[:1], content[1:]
    try:
        if kind == _RUN:
            return origin_of_runs(unpacked(rest))
        if kind == _STATE:
            state = read_state(io.BytesIO(rest))
            return Origin(state.experiment, state)
        if kind == _EXPERIMENT:
            return Origin(parse(rest))
    except (StateError, ExperimentError) as error:
        raise PlaygroundError(f"the experiment in it cannot be used: {error}") from None
    raise PlaygroundError("the experiment in it is damaged (its kind is unknown)")


def origin_of_runs(runs: ShownRuns) -> Origin:
    """Return the origin of a figure that shows ``runs``."""
    state = runs.current.state
    return Origin(state.experiment, state, runs=runs)
