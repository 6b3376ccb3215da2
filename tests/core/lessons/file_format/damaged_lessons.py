"""A strategy of damaged lesson files: lines and values of the shipped lessons are removed, repeated, moved and replaced."""

from __future__ import annotations

import re
from typing import TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from core.lessons.catalogue import lesson_files
from tests.core.lessons.support import LESSON

Edit: TypeAlias = tuple[str, int, int, str]
"""The kind of an edit, two positions, and a text."""

ELEMENTS = 'lock = ["depthSlider", { weight = [1, 2, 1] }]\nhide = [{ neuron = [2, 1] }, "Data"]\nstart ='

ORIGINALS = (
    LESSON,
    LESSON.replace("start =", ELEMENTS, 1),
    *(path.read_text(encoding="utf-8") for path in lesson_files("en").values()),
)

_VALUE = re.compile(r'"[^"\n]*"|(?<![\w.])-?\d[\w.+-]*|\b(?:true|false)\b|\b[a-z_]+\b(?= *=)')
"""A text, number, truth value or key."""

NASTY = (
    *('""', '"x"', '"relu"', '"last"', '"first"', "0", "-1", "1", "2", "51", "52", "513", "1e308", "-1e-320", "inf", "nan"),
    *("true", "false", "[]", "{}", "[[]]", "[{}]", "1979-05-27", "07:32:00", "0x" + "f" * 600, "9" * 4400, "1_0", "0o7"),
    *('"' + "a" * 3000 + '"', '"\\u0000"', '"\\ud800"', '"""', "'''", '"{{test_loss}}"', '"{{x}}"', '"{{"', "[" * 300),
    *("[1, 2]", "{ neuron = [1, 2] }", "{ weight = [1, 2, 1] }", "{ neuron = [1, 2], weight = [1, 2, 1] }", "weight"),
    *("{ a = " * 30, '{ measure = "depth" }', '{ csv = "a.csv", target = "b" }', '{ points = [[0, 1, 1]] }'),
    *("measure", "below", "equals", "neuron", "layer", "from", "to", "choices", "experiment", "depth", "solution", "text"),
    *('"1 s"', '"1e9 s"', '"-1 epochs"', '"diverged"', '"optimizer"', '"gradient_ratio"', '"loss_curve"', '"curve"'),
)  # fmt: skip

SNIPPETS = (
    *("```", "```goal", "```predict", "```show", "```set", "```ask", "````", "~~~goal", "    ```goal", "> ```set", "```gaol"),
    *("+++", "## ", "##", "# a", "### a", "a\n---", "---", "{{test_loss}}", "{{", "}}", "{{gradient_ratio(1)}}", "<b>", "<!--"),
    *("[a](b)", "[a](../../x)", "![a](x.png)", "![a](http://x)", "[a]: b", "$", "$$", "|a|\n|-|", "- - -", "\x00", "\x1b[0m"),
    *("[text]", "[solution]", "[[all]]", "[solution.experiment]", 'measure = "depth"', "below = 1", "x = [0, 1]", "depth = 3"),
    *("\r", "\ufeff", "\u2028", "\u202e", "½", "\U0001f600", "\t"),
)  # fmt: skip

_edits: SearchStrategy[list[Edit]] = st.lists(
    st.tuples(
        st.sampled_from(
            ("value", "value", "value", "value", "remove", "repeat", "move", "insert", "insert", "cut", "text")
        ),
        st.integers(0, 100_000),
        st.integers(0, 100_000),
        st.sampled_from(NASTY) | st.sampled_from(SNIPPETS) | st.text(max_size=8) | st.floats().map(repr),
    ),
    min_size=1,
    max_size=4,
)


def damaged(text: str, edits: list[Edit]) -> str:
    """Return ``text`` after ``edits``."""
    for kind, first, second, new in edits:
        lines = text.split("\n")
        at, other = first % len(lines), second % len(lines)
        match kind:
            case "value":
                found = list(_VALUE.finditer(text))
                if found:
                    place = found[first % len(found)]
                    text = text[: place.start()] + new + text[place.end() :]
                continue
            case "text":
                place_in_text = first % (len(text) + 1)
                text = text[:place_in_text] + new + text[place_in_text + second % 3 :]
                continue
            case "remove":
                del lines[at : at + 1 + second % 4]
            case "repeat":
                lines[at:at] = lines[at : at + 1 + second % 8]
            case "move":
                lines.insert(other, lines.pop(at))
            case "insert":
                lines.insert(at, new)
            case "cut":
                lines = lines[:at]
        text = "\n".join(lines) or "\n"
    return text


damaged_lessons: SearchStrategy[str] = st.builds(damaged, st.sampled_from(ORIGINALS), _edits)
