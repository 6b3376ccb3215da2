"""The headless commands: train, render, storyboard, refresh, schema, lessons."""

from __future__ import annotations

import re
from typing import Final, cast

import typer

from core.errors import PlaygroundError
from playground.commandline.lesson_commands import lessons_app
from playground.commandline.refresh_command import refresh
from playground.commandline.render_command import render
from playground.commandline.schema_command import schema
from playground.commandline.storyboard_command import storyboard
from playground.commandline.train_command import train

INTERRUPTED: Final = 130

# The base class of typer's UsageError and BadParameter; its module depends on typer's version.
_UsageProblem: Final = cast("type[Exception]", typer.BadParameter.__mro__[2])

# playground.__main__ distinguishes the commands without importing typer, so a new command must also be listed in COMMANDS
# and HELP there.
app = typer.Typer(name="nn-playground", add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
for _command in (train, render, storyboard, refresh, schema):
    app.command()(_command)
app.add_typer(lessons_app, name="lessons")


def run_command(arguments: list[str]) -> int:
    """Run the command in ``arguments`` and return the exit status.

    Raises:
        PlaygroundError: an error that the user can fix.
    """
    if arguments[:1] == ["render"] and "--refresh" in arguments:  # of an existing deck, without FILE and --out
        arguments = ["refresh", *(each for each in arguments[1:] if each != "--refresh")]
    try:
        status = app(arguments, standalone_mode=False, prog_name="nn-playground")
    except _UsageProblem as error:
        text = str(error.format_message())  # type: ignore[attr-defined]
        raise PlaygroundError(_on_number(text, arguments) or text[:1].lower() + text[1:].rstrip(".")) from None
    except typer.Abort as abort:
        # An EOFError, such as from a damaged file, ends a command in the same way, but is not an interruption.
        raise abort.__cause__ if isinstance(abort.__cause__, EOFError) else KeyboardInterrupt from None
    if status == INTERRUPTED:  # newer versions of typer return a status instead of raising
        raise KeyboardInterrupt
    return int(status or 0)


def _on_number(text: str, arguments: list[str]) -> str:
    """Return the message on an option that is not a number, in place of ``text`` of the library; empty for other errors."""
    match = re.search(r"'(--[a-z-]+)'.*valid (integer|float|number)", text)
    if match is None:
        return ""
    option = match[1]
    given = [
        after if word == option else word.partition("=")[2]
        for word, after in zip(arguments, [*arguments[1:], ""], strict=True)
        if word == option or word.startswith(f"{option}=")
    ]
    noun = "a whole number" if match[2] == "integer" else "a number"
    return f'{option}: expected {noun}, got "{given[-1] if given else ""}"'
