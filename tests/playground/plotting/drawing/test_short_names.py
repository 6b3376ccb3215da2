"""Names that are shortened stay distinct, and lose no more than they must."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.plotting.drawing.short_names import distinct_names, short_names
from playground.style.theme import LIGHT, Style


def shortened(names: list[str], letters: int) -> tuple[str, ...]:
    return distinct_names(names, lambda text: len(text) <= letters)


@pytest.mark.parametrize(
    ("names", "letters", "expected"),
    [
        (["cat", "dog"], 5, ("cat", "dog")),
        (["cat", "very long name"], 7, ("cat", "ver…ame")),
        (["northern lapwing, adult", "northern lapwing, young"], 9, ("nort…dult", "nort…oung")),
        (["benign tumour of grade 1", "malignant tumour, grade 1"], 9, ("beni…de 1", "mali…de 1")),
        (["the first group (a)", "the other group (a)"], 9, ("the f…(a)", "the o…(a)")),
        (
            ["class of animals: cats", "class of animals: cows", "class of animals: owls"],
            7,
            ("cla…ats", "cla…ows", "cla…wls"),
        ),
        (
            ["malignant tumour, well differentiated", "malignant tumour, undifferentiated"],
            10,
            ("mali…well…", "mali…undi…"),
        ),
        (["alpha", "beta"], 1, ("a", "b")),
    ],
)
def test_names_lose_their_middle_or_what_they_share(names: list[str], letters: int, expected: tuple[str, ...]) -> None:
    found = shortened(names, letters)
    assert len(set(found)) == len(names)
    assert all(len(name) <= letters for name in found)
    assert found == expected


@given(st.lists(st.text("abc ", min_size=1, max_size=12), min_size=1, max_size=6), st.integers(1, 12))
def test_shortened_names_always_fit(names: list[str], letters: int) -> None:
    found = shortened(names, letters)
    assert len(found) == len(names)
    for before, after in zip(names, found, strict=True):
        assert len(after) <= letters
        assert after == before or len(before) > letters


@pytest.mark.usefixtures("qapp", "fonts")
def test_whole_names_are_kept_where_there_is_room() -> None:
    names, style = ("iris setosa", "iris versicolor"), Style(LIGHT)
    assert short_names(names, 500.0, style) == names
    first, second = short_names(names, 45.0, style)
    assert first != second
    assert "…" in second
