"""Parse the TOML of a block or front matter, and find the lines of its keys for error messages."""

from __future__ import annotations

import re
import tomllib
from typing import Any, Final

from core.errors import LessonError
from core.experiment.validation import shown

MAX_DEPTH: Final = 12
"""Maximum nesting depth of tables and lists."""

MAX_MESSAGE: Final = 600
"""Maximum length of a message in characters; longer ones, which quote long names, are truncated."""

_HEADER: Final = re.compile(r"^\s*\[\[?([^\[\]]+)\]\]?\s*(?:#.*)?$")
_ASSIGNMENT: Final = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_IN_MESSAGE: Final = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")
_UNKNOWN_KEY: Final = re.compile(r'unknown key "([^"]+)"')
_PATH_PART: Final = re.compile(r"[^.\[\]]+")


class Toml:
    """TOML source with its location in a lesson file.

    Args:
        source: the text.
        where: the file or the lesson's name, for messages.
        line: number of its first line in the file, from 1.
        name: first part of every key in messages: the block's name, or empty.
    """

    def __init__(self, source: str, where: str, line: int, name: str) -> None:
        self.source, self._where, self._line, self._name = source, where, line, name

    def error(self, message: str, *path: str | int, line: int | None = None) -> LessonError:
        """Return an error at the key ``path``, or at ``line`` of the source, from 0."""
        key = ""
        for part in (self._name, *path):
            key += f"[{part}]" if isinstance(part, int) else f".{part}" if key and part else part
        unknown = _UNKNOWN_KEY.match(message)
        at = self.line_of(*path, *(unknown.groups() if unknown else ())) if line is None else line
        text = message if len(message) <= MAX_MESSAGE else f"{message[:MAX_MESSAGE]} …"
        return LessonError(text, where=self._where, line=self._line + at, key=key)

    def read(self) -> dict[str, Any]:
        """Parse the source.

        Raises:
            LessonError: it is not TOML, is nested too deeply, or contains an integer of more than 64 bits.
        """
        try:
            content = tomllib.loads(self.source)
        except tomllib.TOMLDecodeError as error:
            raise self._syntax_error(str(error)) from None
        except (ValueError, RecursionError) as error:  # a number of thousands of digits; thousands of brackets
            raise self.error(f"not readable as TOML ({str(error).partition(';')[0]})", line=0) from None
        self._reject_extremes(content, ())
        return content

    def line_of(self, *path: str | int) -> int:
        """Return the line, from 0, of the longest prefix of the key ``path`` that the source contains."""
        names = [part for part in path if isinstance(part, str)]
        best, best_line, table = 0, 0, list[str]()
        lines = self.source.split("\n")
        for number, text in enumerate(lines):
            if header := _HEADER.match(text):
                table = _names(header[1])
                known = table
            elif assignment := _ASSIGNMENT.match(text):
                known = [*table, *_names(assignment[1])]
            else:
                continue
            if best < len(known) <= len(names) and names[: len(known)] == known:
                best, best_line = len(known), number
        return self._inside(lines, best_line, names[best:], path) if best else best_line

    def _inside(self, lines: list[str], start: int, rest: list[str], path: tuple[str | int, ...]) -> int:
        """Return the line of a key inside a multi-line value; list indices in ``path`` select among its occurrences."""
        if not rest:
            return start
        numbers = [part for part in path if isinstance(part, int)]
        pattern, occurrence = re.compile(rf"(?<![\w-]){re.escape(rest[-1])}\s*="), numbers[-1] if numbers else 0
        found = start
        for number in range(start, len(lines)):
            if number > start and (_HEADER.match(lines[number]) or not lines[number].strip()):
                break
            for _ in pattern.finditer(lines[number]):
                found = number
                if occurrence == 0:
                    return number
                occurrence -= 1
        return found

    def _syntax_error(self, message: str) -> LessonError:
        location = _IN_MESSAGE.search(message)
        text = _IN_MESSAGE.sub("", message)
        last = self.source.rstrip("\n").count("\n")
        line = int(location[1]) - 1 if location and location[1] else last
        return self.error(f"not well-formed TOML ({text[:1].lower()}{text[1:200]})", line=min(line, last))

    def _reject_extremes(self, value: object, path: tuple[str | int, ...]) -> None:
        if len(path) > MAX_DEPTH:
            raise self.error("tables and lists are nested too deeply", *path[:2])
        if isinstance(value, dict):
            for key, inner in value.items():
                if not key or not key.isprintable() or len(key) > 80:
                    raise self.error(f"{shown(key)} is not a key", *path)
                self._reject_extremes(inner, (*path, key))
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                self._reject_extremes(inner, (*path, index))
        elif isinstance(value, int) and not -(2**63) <= value < 2**63:
            raise self.error("this whole number does not fit into 64 bits", *path)


def path_of(path: str) -> list[str | int]:
    """Split a path such as ``$.network.hidden[1].dropout`` into names and indices."""
    return [
        int(part) if part.isascii() and part.isdigit() else part for part in _PATH_PART.findall(path.removeprefix("$"))
    ]


def _names(dotted: str) -> list[str]:
    return [part.strip().strip("\"'") for part in dotted.split(".")]
