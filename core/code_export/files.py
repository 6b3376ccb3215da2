"""Write scripts and trained networks to files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from core.code_export.frameworks import FRAMEWORKS
from core.code_export.model_formats import MODEL_FORMATS
from core.errors import PlaygroundError
from core.experiment.experiment_file import write_atomically
from core.files import exists, is_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.code_export.plan import Plan, Script
    from core.network import Network

SCRIPT_STEM: Final = "train"
MODEL_STEM: Final = "model"
"""Stems of the files that are written without a window."""


def write_script(plan: Plan, framework: str, path: Path) -> list[Path]:
    """Write the script of ``plan`` to ``path`` and, if the samples do not fit into it, a data file beside it.

    Each file is written atomically, the data first. A data file of another script is not overwritten.

    Returns:
        The files written, the script first.

    Raises:
        PlaygroundError: no script can be written, or a file cannot; the message names it.
    """
    reject_folder(path)
    script = _with_free_name(plan, framework, path)
    if not script.data_file:
        write_atomically(path, script.text.encode())
        return [path]
    beside = path.with_name(script.data_file)
    is_new = not exists(beside)
    write_atomically(beside, script.data)
    try:
        write_atomically(path, script.text.encode())
    except PlaygroundError:
        if is_new:
            beside.unlink(missing_ok=True)
        raise
    return [path, beside]


def write_model(plan: Plan, network: Network, path: Path) -> None:
    """Write ``network``, trained by the experiment of ``plan``, to ``path`` in the format of its suffix.

    Raises:
        PlaygroundError: the suffix is unknown, or the file cannot be written; the message names it.
    """
    reject_folder(path)
    suffix = path.suffix.lower().removeprefix(".")
    if suffix not in MODEL_FORMATS:
        *most, last = (f".{key}" for key in MODEL_FORMATS)
        raise PlaygroundError(f"{path}: expected a name that ends in {', '.join(most)} or {last}")
    write_atomically(path, MODEL_FORMATS[suffix].encode(plan, network))


def write_all(
    plan: Plan, network: Network, folder: Path, frameworks: Sequence[str], formats: Sequence[str]
) -> list[Path]:
    """Write scripts for ``frameworks`` and ``network`` in ``formats`` into ``folder``, which is created if necessary.

    Raises:
        PlaygroundError: a file cannot be written; the message names it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PlaygroundError(f"{folder}: cannot be created ({error.strerror or error})") from None
    files: list[Path] = []
    named = replace(plan, stem=SCRIPT_STEM)
    for framework in frameworks:
        script = FRAMEWORKS[framework].script(named)
        paths = [folder / f"{SCRIPT_STEM}_{framework}.py"]
        write_atomically(paths[0], script.text.encode())
        if script.data_file:
            paths.append(folder / script.data_file)
            write_atomically(paths[1], script.data)
        files += [path for path in paths if path not in files]
    for suffix in formats:
        path = folder / f"{MODEL_STEM}.{suffix}"
        write_model(plan, network, path)
        files.append(path)
    return files


def reject_folder(path: Path) -> None:
    """Raise if ``path`` is a folder.

    Raises:
        PlaygroundError: it is.
    """
    if is_folder(path):
        raise PlaygroundError(f"{path}: cannot be written (it is a folder)")


def _with_free_name(plan: Plan, framework: str, path: Path) -> Script:
    """Return the script with a data file whose name is unused, or whose content is the same."""
    number = 1
    while True:
        stem = path.stem if number == 1 else f"{path.stem}-{number}"
        script = FRAMEWORKS[framework].script(replace(plan, stem=stem))
        beside = path.with_name(script.data_file) if script.data_file else None
        if beside is None or not exists(beside) or _content(beside) == script.data:
            return script
        number += 1


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError:
        return None
