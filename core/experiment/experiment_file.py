"""Read and write Experiments as JSON files, and generate the JSON Schema."""

from __future__ import annotations

import json
import os
import re
import tempfile
from pathlib import Path
from typing import Any, Final

import msgspec

from core.data.drawn_points import reject_bad_points
from core.data.settings import DrawnSource, TableSource
from core.errors import ExperimentError, PlaygroundError
from core.experiment.experiment import FORMAT, Experiment
from core.experiment.validation import check, shown
from core.files import open_stream, read_limited

MAX_BYTES: Final = 4_000_000
"""An Experiment takes a few kilobytes, one with drawn points up to 0.3 MB; larger files are rejected unread."""

_NUMBERS: Final = re.compile(r"\[\n +(-?\d[^\s\"\[\]]*(?:\n +-?\d[^\s\"\[\]]*)+)\n +\]")
"""A list of two or more numbers on separate lines; text cannot contain the line breaks."""

_WHOLE: Final = re.compile(r"\.0(?=[,\]])")


def parse(text: str | bytes) -> Experiment:
    """Return the Experiment that ``text`` (JSON) describes.

    Raises:
        ExperimentError: with the path of the first error, such as
            ``$.network.hidden[1].dropout: expected a number < 1, got 1.5``.
    """
    try:
        value = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise ExperimentError("$", f"not well-formed JSON ({error})") from None
    except (UnicodeDecodeError, RecursionError) as error:
        raise ExperimentError("$", f"not readable as JSON ({error})") from None
    return from_builtins(value)


def from_builtins(value: object) -> Experiment:
    """Return the Experiment for decoded JSON ``value``, after checking every key, limit and name."""
    if isinstance(value, dict) and value.get("format", FORMAT) != FORMAT:
        raise ExperimentError("$.format", f"this version reads format {FORMAT}, got {shown(value['format'])}")
    check(value, Experiment)
    return msgspec.convert(_with_source(value), Experiment)


def _with_source(value: Any) -> Any:  # noqa: ANN401 - decoded JSON
    """Return the valid ``value`` with its data source as a struct, after checking that drawn points are consistent."""
    source = value.get("data", {}).get("dataset")
    if not isinstance(source, dict):
        return value
    if "points" not in source:
        built: TableSource | DrawnSource = msgspec.convert(source, TableSource)
    else:
        built = msgspec.convert(source, DrawnSource)
        reject_bad_points(built, "$.data.dataset")
    return {**value, "data": {**value["data"], "dataset": built}}


def checked(experiment: Experiment) -> Experiment:
    """Return ``experiment`` unchanged after checking every limit (constructing a value does not check them)."""
    from_builtins(msgspec.to_builtins(experiment))
    return experiment


def to_builtins(experiment: Experiment) -> dict[str, Any]:
    """Return ``experiment`` as plain dictionaries and lists, including defaults."""
    built: dict[str, Any] = msgspec.to_builtins(experiment)
    return _lists(built)  # type: ignore[no-any-return]


def dump(experiment: Experiment) -> str:
    """Return ``experiment`` as indented JSON, including defaults, with one drawn point per line."""
    text = msgspec.json.format(msgspec.json.encode(experiment), indent=2).decode()
    return _NUMBERS.sub(lambda found: _WHOLE.sub("", f"[{' '.join(found[1].split())}]"), text) + "\n"


def load(path: Path) -> Experiment:
    """Return the Experiment in the file ``path``.

    Raises:
        PlaygroundError: the message names the file and the location of the error in it.
    """
    try:
        content = read_limited(path, MAX_BYTES)
        if content is None:
            raise PlaygroundError(f"{path}: this file is too large for an experiment (at most 4 MB)")
        return parse(_decoded(content))
    except OSError as error:
        raise PlaygroundError(f"{path}: cannot be read ({error.strerror or error})") from None
    except ExperimentError as error:
        raise PlaygroundError(f"{path}: {error}") from None


def _decoded(content: bytes) -> str:
    """Return the text of a JSON file in UTF-8, UTF-16 or UTF-32, with or without a byte order mark.

    Raises:
        ExperimentError: it is not in that encoding.
    """
    try:
        return content.decode(json.detect_encoding(content))
    except UnicodeDecodeError as error:
        raise ExperimentError("$", f"not readable as JSON ({error})") from None


def save(experiment: Experiment, path: Path) -> None:
    """Write ``experiment`` to ``path`` atomically (a new file is renamed over the old one).

    Raises:
        PlaygroundError: the file cannot be written; the message names it.
    """
    write_atomically(path, dump(experiment).encode())


def is_stream(path: Path) -> bool:
    """Return whether ``path`` is a device or pipe, such as ``/dev/stdout``, rather than a file.

    Raises:
        OSError: it cannot be examined.
    """
    return path.exists() and not path.is_file() and not path.is_dir()


def write_atomically(path: Path, *content: bytes | memoryview) -> None:
    """Write ``content``, in one or several pieces, to ``path`` so that a crash or full disk never leaves a partial file.

    Symbolic links are followed, not replaced; devices and pipes with a reader are written directly.
    """
    temporary: str | None = None
    try:
        if is_stream(path):
            with open_stream(path) as stream:
                stream.writelines(content)
            return
        target = Path(os.path.realpath(path))
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "wb") as file:
            file.writelines(content)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp creates a private file; keep the old file's mode, or use the usual one.
        Path(temporary).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
        Path(temporary).replace(target)
    except BaseException as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        if not isinstance(
            error, OSError | ValueError
        ):  # such as KeyboardInterrupt; ValueError: a null byte in the name
            raise
        reason = error.strerror if isinstance(error, OSError) else None
        raise PlaygroundError(f"{path}: cannot be written ({reason or error})") from None


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the Experiment, generated from the metadata used for validation."""
    made: dict[str, Any] = _lists(msgspec.json.schema(Experiment))
    _, sources = msgspec.json.schema_components((TableSource, DrawnSource), ref_template="#/$defs/{name}")
    made["$defs"] = {**made["$defs"], **_lists(sources)}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def _lists(value: Any) -> Any:  # noqa: ANN401 - walks arbitrary JSON
    if isinstance(value, dict):
        return {key: _lists(entry) for key, entry in value.items()}
    return [_lists(entry) for entry in value] if isinstance(value, list | tuple) else value
