"""The commands ``lessons``, ``lessons check`` and ``lessons sheet``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from core.errors import LessonError
from playground.commandline.progress_bar import progress_bar
from playground.commandline.requirements import check_writable, need_qt

if TYPE_CHECKING:
    from core.engine.engine_choice import EngineChoice
    from core.lessons.blocks import Lesson

BROKEN: Final = 2

lessons_app = typer.Typer(invoke_without_command=True, help="List the lessons, or check lesson files.")


@lessons_app.callback()
def lessons(context: typer.Context) -> int:
    """List the lessons: key, row of the curriculum, minutes, title."""
    if context.invoked_subcommand is not None:
        return 0
    from core.lessons import catalogue

    found = catalogue.lessons()
    width = max((len(lesson.key) for lesson in found), default=0)
    for lesson in found:
        sys.stdout.write(
            f"{lesson.key:<{width}}  {_kind(lesson):<12}  {lesson.front.minutes:>2} min  {lesson.front.title}\n"
        )
    unreadable = [key for key in catalogue.lesson_files() if key not in {lesson.key for lesson in found}]
    for key in unreadable:
        sys.stderr.write(f"nn-playground: {key} cannot be read; nn-playground lessons check {key} says why\n")
    return BROKEN if unreadable else 0


@lessons_app.command()
def check(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE …", help="Lesson files or keys; by default all shipped lessons.")
    ] = None,
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Only read the files, without walking through them.")] = False,
) -> int:
    """Check lesson files: read them, then walk through each lesson for three seeds."""
    from core.lessons import catalogue

    paths = [_path(name) for name in files or []] or list(catalogue.lesson_files().values())
    statuses = [_check(path, quick=quick) for path in paths]
    return max(statuses, default=0)


@lessons_app.command()
def sheet(
    lesson: Annotated[str, typer.Argument(metavar="KEY", help="Key of a lesson, or a lesson file.")],
    out: Annotated[Path, typer.Argument(metavar="OUT.pdf", help="The file to write.")],
    *,
    answers: Annotated[
        bool,
        typer.Option("--answers", help="Print the answers instead, for the teacher: solutions, truths and reasons."),
    ] = False,
) -> int:
    """Print a lesson as a classroom sheet: two pages of A4 with room to write."""
    from core.experiment.experiment_file import write_atomically
    from core.lessons.file_format.reading import read_lesson
    from playground.commandline.headless_cards import offscreen_application

    need_qt()
    path = _path(lesson)
    if not path.suffix:
        raise LessonError(f'there is no lesson called "{lesson}"; nn-playground lessons lists them')
    found = read_lesson(path)
    check_writable(out)
    application = offscreen_application()
    from playground.window.lessons.sheet import sheet as make_sheet

    def advance(done: int, total: int) -> bool:
        show(done, total)
        return True

    with progress_bar(f"running {path.stem}") as show:
        content = make_sheet(found, path.parent, advance, answers=answers)
    write_atomically(out, content)
    sys.stdout.write(f"{out}: the {'answers to' if answers else 'sheet of'} {found.front.title!r}\n")
    del application
    return 0


def _kind(lesson: Lesson) -> str:
    if lesson.front.challenge is not None:
        return f"challenge {lesson.front.challenge.number}"
    return f"row {lesson.front.row}" if lesson.front.row else "–"


def _path(name: str) -> Path:
    """Return the file called ``name``: a path, or the key of a shipped lesson."""
    from core.lessons import catalogue

    path = Path(name)
    return path if path.suffix else catalogue.lesson_files().get(name, path)


def _check(path: Path, *, quick: bool) -> int:
    """Print what is wrong with the lesson in the file ``path`` and return the exit status."""
    from core.lessons.file_format.reading import read_lesson
    from core.lessons.headless.checking import check_file, problems_of
    from playground.lessons.text.formula_check import check_formulas
    from playground.window.lessons.names import check_names

    try:
        lesson = read_lesson(path)
        check_file(path, lesson)
        check_names(lesson, str(path))
        check_formulas(lesson, str(path))
    except LessonError as error:
        sys.stderr.write(f"nn-playground: {error}\n")
        return BROKEN
    if not quick:
        with progress_bar(f"checking {path.name}") as show:
            problems = problems_of(lesson, engine=_engine(), advance=lambda share: show(round(100 * share), 100))
        for problem in problems:
            sys.stderr.write(f"nn-playground: {path}, {problem}\n")
        if problems:
            return BROKEN
    steps = len(lesson.steps)
    sys.stdout.write(f"{path}: {steps} {'step' if steps == 1 else 'steps'}, no problems\n")
    return 0


def _engine() -> EngineChoice:
    """Return the compiled engine only if it need not be compiled, which takes half a minute."""
    from core.engine.compiled.compilation import is_cached

    return "auto" if is_cached() else "numpy"
