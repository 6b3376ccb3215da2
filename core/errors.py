"""Errors shown to the user: each message states the location, the rule and the actual value in one sentence."""

from __future__ import annotations

import unicodedata

MAX_LENGTH = 1500
"""Maximum length of a message in characters; names from a file can be arbitrarily long."""


def in_one_line(text: str) -> str:
    r"""Return ``text`` with its control characters written as escapes, such as ``\x1b``, and its middle left out if it is long.

    Text from a file must not break the line of a message, reverse its text direction, or send commands to the terminal.
    """
    line = "".join(letter if _is_plain(letter) else letter.encode("unicode_escape").decode() for letter in text)
    half = MAX_LENGTH // 2
    return line if len(line) <= MAX_LENGTH else f"{line[:half]} … {line[-half:]}"


def _is_plain(letter: str) -> bool:
    # Cc: control characters; Cs: half of a surrogate pair; Zl and Zp: ends of lines.
    return unicodedata.category(letter) not in {"Cc", "Cs", "Zl", "Zp"} and letter not in _DIRECTIONS


_DIRECTIONS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that change the direction of the text after them (Unicode Standard Annex 9)."""


class PlaygroundError(ValueError):
    """Base of all errors whose message is shown to the user, in the window or on the command line, in one line."""

    def __init__(self, message: str) -> None:
        super().__init__(in_one_line(message))


class ExperimentError(PlaygroundError):
    """An Experiment is invalid; the message starts with the path (``$.network.hidden[1].dropout: …``)."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message


class TableError(PlaygroundError):
    """A user's table cannot be used as data; the message names the file and, if known, the column and row."""


class LessonError(PlaygroundError):
    """A lesson cannot be used: ``07-x.md, line 41, goal.solution.depth: expected a whole number ≤ 50, got 60``.

    Attributes:
        where: the file or the lesson's name.
        line: line in the file, from 1; 0 if unknown.
        key: dotted path of the key, or empty.
        message: what is wrong.
    """

    def __init__(self, message: str, *, where: str = "", line: int = 0, key: str = "") -> None:
        place = ", ".join(part for part in (where, f"line {line}" if line else "", key) if part)
        super().__init__(f"{place}: {message}" if place else message)
        self.where, self.line, self.key, self.message = where, line, key, message


class ShapeError(PlaygroundError):
    """An array does not have the shape that the network expects; the message names both shapes."""


class EngineError(PlaygroundError):
    """The requested training engine cannot run here; the message says why."""
