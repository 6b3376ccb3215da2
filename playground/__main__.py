"""The entry point of the program, which opens the window or runs a command."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from playground import __version__
from playground.startup import (
    exiting_on_interrupt,
    has_screen,
    hasten_start,
    prepare_environment,
    reject_bad_versions,
)

if TYPE_CHECKING:
    from playground.commandline.sources import Source

COMMANDS: Final = ("train", "render", "storyboard", "refresh", "schema", "lessons")

USER_ERROR: Final = 2
INTERRUPTED: Final = 130

HELP: Final = """\
Usage: nn-playground [FILE, preset, lesson or link]
                                             open the window; a table opens its dialog
       nn-playground train FILE …            train without a window and report
       nn-playground render FILE …           train and write pictures, decks, animations or scripts
       nn-playground storyboard FILE …       put moments of a run side by side: a deck or a page
       nn-playground refresh DECK.pptx …     draw the figures of an exported deck again
       nn-playground schema                  print the JSON Schema of an experiment file
       nn-playground lessons                 list the lessons
       nn-playground lessons check FILE …    check lesson files
       nn-playground lessons sheet KEY OUT   print a lesson on two pages (PDF)

Options:
  --version    print the version
  --help       print this; nn-playground COMMAND --help explains a command
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program with ``arguments`` (by default those of the process) and return the exit status.

    0 means success, 1 a run that diverged or failed, 2 an error that the user can fix, described in one sentence on
    standard error, and 130 an interruption from the keyboard.
    """
    prepare_environment()
    given = list(sys.argv[1:] if arguments is None else arguments)
    first = next((word for word in given if not word.startswith("-")), None)
    # Output must not fail on a terminal that does not support all characters.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    if first in COMMANDS and given[0] == first:
        return _reporting_errors(lambda: _run_command(given))
    if "--help" in given or "-h" in given:
        sys.stdout.write(HELP)
        return 0
    if "--version" in given:
        sys.stdout.write(f"nn-playground {__version__}\n")
        return 0
    return _reporting_errors(lambda: _open(given))


def _run_command(arguments: list[str]) -> int:
    from playground.commandline.cli import run_command

    return run_command(arguments)


def _open(arguments: list[str]) -> int:
    """Open the window with the file in ``arguments``; without a screen, train and write the plots to ./slides/."""
    import difflib
    from pathlib import Path

    from core.errors import PlaygroundError
    from core.files import exists
    from playground.commandline.sources import open_source

    options = [word for word in arguments if word.startswith("-")]
    if options:
        raise PlaygroundError(f'unknown option "{options[0]}"; nn-playground --help lists them')
    if len(arguments) > 1:
        close = difflib.get_close_matches(arguments[0], COMMANDS, n=1)
        if exists(Path(arguments[0])):
            raise PlaygroundError(f"expected one file or preset, got {len(arguments)}: {', '.join(arguments[:8])}")
        hint = f'did you mean "{close[0]}"?' if close else f"the commands are {', '.join(COMMANDS)}"
        raise PlaygroundError(f'expected one file or preset; "{arguments[0]}" is not a command, {hint}')
    source = open_source(arguments[0], commands=COMMANDS) if arguments else None
    if not has_screen():
        from playground.commandline.render_command import render_without_screen

        return render_without_screen(source or open_source("default"))
    with exiting_on_interrupt():
        return _open_window(source)


def _open_window(source: Source | None) -> int:
    reject_bad_versions()
    hasten_start()
    from playground.app import run

    if source is None:
        return run()
    if source.lesson is not None:
        return run(lesson=source.lesson)
    if source.picture is not None:
        return run(picture=source.picture)
    return run(table=source.table) if source.table is not None else run(source.experiment, source.file, source.notes)


def _reporting_errors(action: Callable[[], int]) -> int:
    """Return the status of ``action``; print errors that the user can fix in one sentence, and return status 2."""
    from core.errors import PlaygroundError

    try:
        return action()
    except PlaygroundError as error:
        sys.stderr.write(f"nn-playground: {error}\n")
        return USER_ERROR
    except KeyboardInterrupt:
        sys.stderr.write("nn-playground: interrupted\n")
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
