"""Edit a lesson file: add a block to a step or a name to the front matter, without changing any other byte."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import msgspec

from core.errors import LessonError
from core.experiment.experiment_file import write_atomically
from core.lessons.blocks import Block, Element, Goal, Lesson
from core.lessons.file_format.reading import FENCE, parse_lesson, read_content

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.items import InlineTable

FrontList: TypeAlias = Literal["lock", "hide", "cards"]
"""A list of names in the front matter."""

_LINES: Final = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
"""Lines with their line endings: CR LF, LF or CR."""

_SOLUTION: Final = """[solution]
# The change that reaches the goal, and the training after it, such as:
# depth = 10
# all_hidden = { activation = "relu" }
# epochs = 100"""

MAX_UNDO: Final = 100


def with_block(text: str, lesson: Lesson, step: int, name: str, content: dict[str, Any]) -> str:
    """Insert a block at the end of a step.

    Args:
        text: content of the file.
        lesson: the parsed lesson.
        step: number of the step, from 1.
        name: name of the block, such as ``"show"``.
        content: the block, as TOML values; ``None`` values are left out.

    Raises:
        LessonError: there is no such step.
    """
    import tomlkit  # imported late: only authors need it

    if not 1 <= step <= len(lesson.steps):
        raise LessonError(f"there is no step {step}; the lesson has {len(lesson.steps)}", where=lesson.key)
    lines = _LINES.findall(text)
    start = lesson.steps[step - 1].line - 1
    end = lesson.steps[step].line - 1 if step < len(lesson.steps) else len(lines)
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1
    newline = _newline(text)
    body = tomlkit.dumps(_without_none(content)).strip()
    if content.get("solution") == {}:
        body = body.replace("[solution]", _SOLUTION, 1)
    block = f"\n```{name}\n{body}\n```\n".replace("\n", newline)
    before, after = "".join(lines[:end]), "".join(lines[end:])
    if not before.endswith(("\n", "\r")):
        before += newline
    if after and after.strip() and not after.startswith(("\n", "\r")):
        block += newline
    return before + block + after


def with_name(text: str, key: FrontList, name: str | Element, where: str = "") -> str:
    """Add ``name``, or a neuron or weight, to the list ``key`` of the front matter in ``text``, unless it is there already.

    Raises:
        LessonError: there is no front matter, or it is not TOML; the message names the file ``where``.
    """
    import tomlkit

    before, document, after = _front_matter(text, where)
    front = str(tomlkit.dumps(document))
    names = document.get(key)
    entry = _entry_to_toml(name)
    if names is None:
        names = tomlkit.array()
        names.append(entry)
        document[key] = names
        # tomlkit ends the line of the new key with a line feed, whatever the other lines end with.
        newline = _newline(text)
        front = re.sub(
            rf"^({key} = \[.*\])\n", lambda found: found[1] + newline, tomlkit.dumps(document), flags=re.MULTILINE
        )
    elif entry not in names:
        names.append(entry)
        front = str(tomlkit.dumps(document))
    return before + front + after


def without_name(text: str, key: FrontList, name: str | Element, where: str = "") -> str:
    """Remove ``name``, or a neuron or weight, from the list ``key`` of the front matter in ``text``, and the list if empty.

    Raises:
        LessonError: there is no front matter, or it is not TOML; the message names the file ``where``.
    """
    import tomlkit

    before, document, after = _front_matter(text, where)
    names, entry = document.get(key, []), _entry_to_toml(name)
    for index in reversed([index for index, each in enumerate(names) if each == entry]):
        del names[index]
    if not names and key in document:
        del document[key]
    return before + str(tomlkit.dumps(document)) + after


def _entry_to_toml(name: str | Element) -> str | InlineTable:
    """Convert an entry of a list to TOML: a name, or ``{ weight = [1, 2, 1] }``."""
    import tomlkit

    if isinstance(name, str):
        return name
    table = tomlkit.inline_table()
    table[name.kind] = list(name.indices)
    return table


def _front_matter(text: str, where: str) -> tuple[str, TOMLDocument, str]:
    """Split ``text`` into the fence before the front matter, the front matter, and the rest from its closing fence on."""
    import tomlkit
    import tomlkit.exceptions

    lines = _LINES.findall(text)
    fences = [number for number, line in enumerate(lines) if line.strip(" \t\r\n\ufeff") == FENCE][:2]
    if len(fences) < 2 or fences[0] != 0:
        raise LessonError("the file has no front matter between two lines +++", where=where)
    try:
        document = tomlkit.parse("".join(lines[1 : fences[1]]))
    except tomlkit.exceptions.TOMLKitError as error:
        raise LessonError(f"the front matter cannot be edited ({error})", where=where) from None
    return lines[0], document, "".join(lines[fences[1] :])


def _newline(text: str) -> str:
    found = re.search(r"\r\n|\n|\r", text)
    return found[0] if found else "\n"


def _without_none(content: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _without_none(value) if isinstance(value, dict) else value
        for key, value in content.items()
        if value is not None
    }


def to_content(block: Block) -> dict[str, Any]:
    """Convert ``block`` to TOML values without defaults; a goal with one condition gets the short form."""
    built: dict[str, Any] = _to_toml_values(block)
    if isinstance(block, Goal) and len(block.all) == 1:
        short = built.pop("all")[0]
        built = {**short, **built}
    return built


def _to_toml_values(value: object) -> Any:  # noqa: ANN401 - TOML
    if isinstance(value, msgspec.Struct):
        result = {}
        for each in msgspec.structs.fields(value):
            content = getattr(value, each.name)
            default = each.default if each.default_factory is msgspec.NODEFAULT else each.default_factory()
            if content is not msgspec.UNSET and (content != default or isinstance(content, msgspec.Struct)):
                result[each.encode_name] = _to_toml_values(content)
        return {key: entry for key, entry in result.items() if entry != {} or key == "solution"}
    return [_to_toml_values(entry) for entry in value] if isinstance(value, list | tuple) else value


class LessonFile:
    """A lesson file that can be edited, with undo.

    Each edit is checked before it is written, so the file always remains a valid lesson.

    Attributes:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._undo: list[tuple[str, bytes, bytes]] = []

    @property
    def undo_label(self) -> str:
        """Label of the edit that :meth:`undo` would revert; empty if there is none."""
        return self._undo[-1][0] if self._undo else ""

    def lesson(self) -> Lesson:
        """Return the lesson in the file.

        Raises:
            LessonError: it cannot be read.
        """
        return self._parsed(self._text(read_content(self.path)))

    def add_block(self, step: int, name: str, block: Block, label: str) -> Lesson:
        """Add ``block`` at the end of ``step``, from 1, and return the lesson.

        Args:
            step: number of the step.
            name: name of the block.
            block: the block.
            label: what undo calls the edit.

        Raises:
            PlaygroundError: the file cannot be read or written, or the lesson would not be valid.
        """
        before = read_content(self.path)
        text = self._text(before)
        return self._write(before, with_block(text, self._parsed(text), step, name, to_content(block)), label)

    def add_name(self, key: FrontList, name: str | Element, label: str) -> Lesson:
        """Add ``name``, or a neuron or weight, to the list ``key`` of the front matter, and return the lesson.

        Raises:
            PlaygroundError: the file cannot be read or written, or the lesson would not be valid.
        """
        before = read_content(self.path)
        return self._write(before, with_name(self._text(before), key, name, str(self.path)), label)

    def remove_name(self, key: FrontList, name: str | Element, label: str) -> Lesson:
        """Remove ``name``, or a neuron or weight, from the list ``key`` of the front matter, and return the lesson.

        Raises:
            PlaygroundError: the file cannot be read or written, or the lesson would not be valid.
        """
        before = read_content(self.path)
        return self._write(before, without_name(self._text(before), key, name, str(self.path)), label)

    def undo(self) -> Lesson:
        """Undo the last edit and return the lesson.

        Raises:
            PlaygroundError: there is no edit, or another program has changed the file since.
        """
        if not self._undo:
            raise LessonError("there is no edit to undo", where=str(self.path))
        _, before, after = self._undo[-1]
        if read_content(self.path) != after:
            self._undo.clear()
            raise LessonError(
                "the file has been changed since by another program; undo is not possible", where=str(self.path)
            )
        write_atomically(self.path, before)
        self._undo.pop()
        return self.lesson()

    def _text(self, content: bytes) -> str:
        try:
            return content.decode()
        except UnicodeDecodeError:
            raise LessonError("this is not UTF-8 text", where=str(self.path)) from None

    def _parsed(self, text: str) -> Lesson:
        byte_order_mark = codecs.BOM_UTF8.decode()
        return parse_lesson(
            text.removeprefix(byte_order_mark),
            self.path.name.partition(".")[0],
            str(self.path),
            folder=self.path.parent,
        )

    def _write(self, before: bytes, text: str, label: str) -> Lesson:
        after = text.encode()
        lesson = self._parsed(text)
        if after != before:
            write_atomically(self.path, after)
            self._undo.append((label, before, after))
            del self._undo[:-MAX_UNDO]
        return lesson
