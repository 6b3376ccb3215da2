"""Read a lesson file: front matter, steps, and the blocks in them, with errors that name file, line and key."""

from __future__ import annotations

import codecs
import difflib
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from core.errors import LessonError
from core.experiment import Experiment
from core.files import read_limited
from core.lessons.blocks import Ask, Block, Change, FrontMatter, Goal, Lesson, Predict, Set, Step
from core.lessons.changes import apply_change, initial_experiment
from core.lessons.file_format.block_reading import BLOCKS, check_front, check_live_numbers, convert_block, read_block
from core.lessons.file_format.markdown import parser, references
from core.lessons.file_format.references import check_reference
from core.lessons.file_format.toml import Toml, path_of

if TYPE_CHECKING:
    from markdown_it.token import Token

MAX_BYTES: Final = 200_000
"""Maximum size of a lesson file, which usually takes a few kilobytes; larger files are rejected unread."""

MAX_LINE: Final = 5_000
"""Maximum number of characters in a line, so that parsing takes a bounded time."""

MAX_STEPS: Final = 20

FENCE: Final = "+++"


def read_lesson(path: Path) -> Lesson:
    """Read the lesson file ``path``.

    Raises:
        LessonError: it cannot be read; the message names the file, the line and the key.
    """
    content = read_content(path)
    try:
        text = content.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise LessonError("this is not UTF-8 text", where=str(path), line=line) from None
    return parse_lesson(text, path.name.partition(".")[0], str(path), folder=path.parent)


def read_content(path: Path) -> bytes:
    """Return the bytes of the lesson file ``path``.

    Raises:
        LessonError: it cannot be read or is larger than :data:`MAX_BYTES`; the message names the file.
    """
    try:
        content = read_limited(path, MAX_BYTES)
    except OSError as error:
        raise LessonError(f"cannot be read ({error.strerror or error})", where=str(path)) from None
    if content is None:
        raise LessonError("this file is too large for a lesson (at most 200 kB)", where=str(path))
    return content


def parse_lesson(text: str, key: str, where: Path | str = "", *, folder: Path | None = None) -> Lesson:
    """Parse the lesson in ``text``.

    Args:
        text: Markdown with TOML front matter.
        key: the lesson's key.
        where: the file, for messages; the key by default.
        folder: folder of the file, in which links and images must exist; ``None`` skips that check.

    Raises:
        LessonError: it is invalid; the message names the line and the key.
    """
    return _Reader(text, key, str(where) or key, folder).lesson()


class _Fence(Struct, frozen=True):
    """A block in the file: its name, the lines [start, end) with its fences, and its TOML."""

    name: str
    start: int
    end: int
    toml: Toml


class _LocatedBlock(Struct, frozen=True):
    """A block with its location in the file."""

    block: Block
    fence: _Fence


class _Reader:
    """Reads one file; line numbers in this class count from 0 at the start of the file."""

    def __init__(self, text: str, key: str, where: str, folder: Path | None) -> None:
        self._key, self._where, self._folder = key, where, folder
        self._lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._body = 0

    def lesson(self) -> Lesson:
        """Return the lesson."""
        self._check_characters()
        front, front_toml = self._front()
        tokens = self._tokens()
        fences = self._fences(tokens)
        headings = self._headings(tokens)
        self._check_text(tokens, fences)
        first = headings[0][0]
        misplaced = next((fence for fence in fences if fence.start < first), None)
        if misplaced is not None:
            raise self._error(f"the block {misplaced.name} must be inside a step, after a heading ##", misplaced.start)
        steps = []
        blocks_by_step: list[list[_LocatedBlock]] = []
        for number, (line, title) in enumerate(headings):
            end = headings[number + 1][0] if number + 1 < len(headings) else len(self._lines)
            inside = [_LocatedBlock(read_block(f.name, f.toml), f) for f in fences if line < f.start < end]
            self._check_step(inside)
            blocks_by_step.append(inside)
            content = self._content(line + 1, end, inside)
            steps.append(Step(title=title, content=content, line=line + 1))
        self._check_changes(front, front_toml, blocks_by_step)
        introduction = "\n".join(self._lines[self._body : first]).strip()
        return Lesson(key=self._key, front=front, introduction=introduction, steps=tuple(steps))

    def _error(self, message: str, line: int) -> LessonError:
        return LessonError(message, where=self._where, line=line + 1)

    def _check_characters(self) -> None:
        size = 0
        for number, line in enumerate(self._lines):
            size += len(line) + 1
            if len(line) > MAX_LINE:
                raise self._error(f"this line has {len(line)} characters; at most {MAX_LINE} are allowed", number)
            if not line.isprintable():
                bad = next(
                    (each for each in line if not each.isprintable() and each != "\t" and not each.isspace()), ""
                )
                if bad and (ord(bad) < 32 or ord(bad) == 127 or 0xD800 <= ord(bad) < 0xE000):
                    raise self._error(f"the character U+{ord(bad):04X} is not text", number)
        if size > MAX_BYTES:
            raise self._error("this text is too large for a lesson (at most 200 kB)", 0)

    # -- front matter ------------------------------------------------------------------------------------------------

    def _front(self) -> tuple[FrontMatter, Toml]:
        lines = self._lines
        if lines[0].strip() != FENCE:
            raise self._error('a lesson starts with a line "+++", its front matter in TOML, and another line "+++"', 0)
        end = next((number for number in range(1, len(lines)) if lines[number].strip() == FENCE), None)
        if end is None:
            raise self._error('the front matter that starts here has no second line "+++"', 0)
        toml = Toml("\n".join(lines[1:end]), self._where, 2, "")
        front: FrontMatter = convert_block(toml.read(), FrontMatter, toml)
        check_front(front, toml)
        self._body = end + 1
        return front, toml

    # -- Markdown ----------------------------------------------------------------------------------------------------

    def _tokens(self) -> list[Token]:
        """Parse the Markdown after the front matter; the tokens have the line numbers of the file."""
        try:
            # Blank lines replace the front matter, so that line numbers stay those of the file.
            return parser().parse("\n" * self._body + "\n".join(self._lines[self._body :]))
        except (RecursionError, ValueError) as error:
            raise self._error(f"not readable as Markdown ({error})", self._body) from None

    def _fences(self, tokens: list[Token]) -> list[_Fence]:
        fences = []
        for token in tokens:
            if token.type != "fence":
                continue
            start, end = token.map or [0, 0]
            name = token.info.strip()
            if name not in BLOCKS:
                close = difflib.get_close_matches(name.lower(), BLOCKS, n=1, cutoff=0.7) if name else []
                if close:
                    raise self._error(f'there is no block "{name[:40]}", did you mean "{close[0]}"?', start)
                continue
            if token.level:
                raise self._error(f"the block {name} must not be inside a list or quotation", start)
            if not self._lines[end - 1].strip().startswith(token.markup) or end - 1 == start:
                raise self._error(f"the block {name} that starts here is not closed by {token.markup}", start)
            toml = Toml("\n".join(self._lines[start + 1 : end - 1]), self._where, start + 2, name)
            fences.append(_Fence(name, start, end, toml))
        return fences

    def _headings(self, tokens: list[Token]) -> list[tuple[int, str]]:
        """Return (line, title) of each step."""
        headings = []
        for token, inline in pairwise(tokens):
            if token.type != "heading_open" or token.level:
                continue
            line = token.map[0] if token.map else 0
            if token.tag == "h1":
                raise self._error("a step starts with ##; the lesson's title is in its front matter", line)
            if token.tag != "h2":
                continue
            title = inline.content.strip()
            if not title:
                raise self._error("this step has no title", line)
            if len(title) > 200:
                raise self._error("this title is longer than 200 characters", line)
            headings.append((line, title))
        if not headings:
            raise self._error("a lesson needs at least one step, which starts with a heading ##", self._body)
        if len(headings) > MAX_STEPS:
            raise self._error(f"a lesson has at most {MAX_STEPS} steps", headings[MAX_STEPS][0])
        return headings

    def _check_text(self, tokens: list[Token], fences: list[_Fence]) -> None:
        """Check live numbers, links and images outside the blocks."""
        in_block = {line for fence in fences for line in range(fence.start, fence.end)}
        for number in range(self._body, len(self._lines)):
            if number not in in_block:
                self._at_line(number, partial(check_live_numbers, self._lines[number]))
        if self._folder is None:
            return
        for reference in references(tokens):
            self._at_line(reference.line, partial(check_reference, reference, self._folder))

    def _at_line(self, line: int, action: partial[None]) -> None:
        try:
            action()
        except LessonError as error:
            raise self._error(error.message, line) from None

    def _content(self, start: int, end: int, blocks: list[_LocatedBlock]) -> tuple[str | Block, ...]:
        """Return the Markdown and blocks in the lines [start, end)."""
        content: list[str | Block] = []
        for located in blocks:
            content.append("\n".join(self._lines[start : located.fence.start]).strip("\n"))
            content.append(located.block)
            start = located.fence.end
        content.append("\n".join(self._lines[start:end]).strip("\n"))
        return tuple(each for each in content if not isinstance(each, str) or each.strip())

    # -- rules between blocks ----------------------------------------------------------------------------------------

    def _check_step(self, blocks: list[_LocatedBlock]) -> None:
        """Check that a step has at most one goal and one change, and that predictions come before the goal."""
        for kind in (Goal, Set):
            matching = [located for located in blocks if isinstance(located.block, kind)]
            if len(matching) > 1:
                raise self._error(f"a step has only one {matching[1].fence.name}", matching[1].fence.start)
        goal = next((located.fence.start for located in blocks if isinstance(located.block, Goal)), None)
        for located in blocks:
            if isinstance(located.block, Predict) and (goal is None or goal < located.fence.start):
                raise self._error("a prediction must be followed by the goal of its step", located.fence.start)

    def _check_changes(self, front: FrontMatter, front_toml: Toml, steps: list[list[_LocatedBlock]]) -> None:
        """Apply all changes in order, as a learner who follows the text does, and check every limit."""
        experiment = _with_line_number(front_toml, (), partial(initial_experiment, front))
        if front.challenge is not None:
            _with_line_number(
                front_toml, ("challenge", "solution"), partial(apply_change, experiment, front.challenge.solution)
            )
        for blocks in steps:
            for kind, path in ((Set, ()), (Goal, ("solution",))):
                for located in blocks:
                    block = located.block
                    if isinstance(block, kind):
                        change: Change = block.solution if isinstance(block, Goal) else block
                        experiment = _with_line_number(
                            located.fence.toml, path, partial(apply_change, experiment, change)
                        )


def _with_line_number(toml: Toml, path: tuple[str, ...], action: partial[Experiment]) -> Experiment:
    try:
        return action()
    except LessonError as error:
        raise toml.error(error.message, *path, *path_of(error.key)) from None


def questions(step: Step) -> tuple[Predict | Ask, ...]:
    """Return the predictions and questions of ``step``, in order."""
    return tuple(each for each in step.content if isinstance(each, Predict | Ask))


def goal_of(step: Step) -> Goal | None:
    """Return the goal of ``step``, or ``None``."""
    return next((each for each in step.content if isinstance(each, Goal)), None)


def change_of(step: Step) -> Set | None:
    """Return the change made when ``step`` is entered, or ``None``."""
    return next((each for each in step.content if isinstance(each, Set)), None)
