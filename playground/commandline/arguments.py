"""Arguments that several commands have, and checks of what the user gave."""

from __future__ import annotations

import sys
from typing import Annotated, Final

import typer

from core.errors import PlaygroundError
from playground.commandline.sources import Source, open_source, with_target

MAX_STEPS: Final = 10**12

File = Annotated[
    str,
    typer.Argument(metavar="FILE", help="An experiment file, an exported picture, a table, a link, or a preset."),
]

Target = Annotated[str | None, typer.Option("--target", metavar="COLUMN", help="The column of a table to predict.")]


def opened(file: str, target: str | None) -> Source:
    """Open ``file`` and print notes on differences."""
    source = with_target(open_source(file), target)
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
        PlaygroundError: it is not.
    """
    if value not in choices:
        raise PlaygroundError(f'{option}: expected {", ".join(choices[:-1])} or {choices[-1]}, got "{value}"')
    return value
