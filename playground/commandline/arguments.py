"""Arguments that several commands have, and checks of what the user gave."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable, Sequence
from typing import Annotated, Final

import typer

from core.errors import PlaygroundError
from playground.commandline.sources import Source, open_source, with_target

MAX_STEPS: Final = 10**12

_FILE_HELP: Final = "An experiment file, an exported picture, a table, a link, or a preset"

File = Annotated[str, typer.Argument(metavar="FILE", help=f"{_FILE_HELP}.")]
Files = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILE", help=f"{_FILE_HELP}. With several, each has a folder of its own in DIR."),
]

Target = Annotated[str | None, typer.Option("--target", metavar="COLUMN", help="The column of a table to predict.")]


def all_opened(files: Sequence[str], target: str | None) -> list[Source]:
    """Open all ``files`` and print notes on differences; ``target`` is for those that are tables.

    Raises:
        PlaygroundError: one cannot be opened.
    """
    if len(files) == 1:
        return [opened(files[0], target)]
    sources = [open_source(file) for file in files]
    has_table = any(source.table is not None for source in sources)
    chosen = [with_target(each, target if each.table is not None or not has_table else None) for each in sources]
    for source in chosen:
        print_notes(source)
    return chosen


def opened(file: str, target: str | None, *, also: str = "") -> Source:
    """Open ``file`` and print notes on differences; ``also`` names other missing options beside a missing target."""
    source = with_target(open_source(file), target, also=also)
    print_notes(source)
    return source


def print_notes(source: Source) -> None:
    """Print notes on differences from a link."""
    for note in source.notes:
        sys.stderr.write(f"nn-playground: {note}\n")


def check_length(option: str, value: int) -> None:
    """Check the length of a run.

    Raises:
        PlaygroundError: it is negative or absurdly large.
    """
    if not 0 <= value <= MAX_STEPS:
        raise PlaygroundError(f"{option}: expected a whole number from 0 to {MAX_STEPS}, got {value}")


def several(option: str, text: str | None, choices: tuple[str, ...]) -> tuple[str, ...]:
    """Return the choices in the comma-separated ``text``, each once."""
    words = (text or "").split(",")
    return tuple(dict.fromkeys(one_of(option, word.strip().lower(), choices) for word in words))


def one_of(option: str, value: str, choices: tuple[str, ...]) -> str:
    """Return ``value`` if it is one of the choices.

    Raises:
        PlaygroundError: it is not; the message lists the choices, and those that are spelled alike.
    """
    if value not in choices:
        expected = f"{', '.join(choices[:-1])} or {choices[-1]}"
        raise PlaygroundError(f'{option}: expected {expected}, got "{value}"{_did_you_mean(value, choices)}')
    return value


def _did_you_mean(value: str, choices: Iterable[str]) -> str:
    close = close_to(value, choices)
    return f"; did you mean {close}?" if close else ""


def close_to(value: str, choices: Iterable[str]) -> str:
    """Return the choices that are spelled like ``value``, in quotation marks; empty if there are none."""
    return " or ".join(f'"{close}"' for close in difflib.get_close_matches(value, tuple(choices), n=3))
