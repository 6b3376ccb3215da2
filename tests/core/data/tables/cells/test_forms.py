"""Texts grouped by form, and the numbers at the same place of all texts of a form."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.tables.cells.forms import forms_of

_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")


def numbers(texts: list[str]) -> list[float | None]:
    """Return the first number of each text, read by form."""
    found: list[float | None] = [None] * len(texts)
    for form in forms_of(texts):
        match = _NUMBER.search(form.text)
        for row, number in zip(form.rows.tolist(), form.number(match.span()).tolist() if match else (), strict=False):
            found[row] = number
    return found


@given(st.lists(st.from_regex(r"\A[a-zäЖ日\n 😀]{0,3}-?[0-9]{1,9}([.,][0-9]{1,6})?[h ]?\Z"), min_size=1, max_size=20))
def test_numbers_are_those_of_each_text(texts: list[str]) -> None:
    expected = [float(_NUMBER.findall(text)[0].replace(",", ".").lstrip("+-")) for text in texts]
    assert numbers(texts) == expected


def test_each_text_has_one_form() -> None:
    forms = list(forms_of(["a 12", "b 1", "a 99", "a 1x2", "", "b 7"]))
    assert [(form.text, form.rows.tolist()) for form in forms] == [
        ("a 00", [0, 2]),
        ("b 0", [1, 5]),
        ("a 0x0", [3]),
        ("", [4]),
    ]


@pytest.mark.parametrize("span", [(-1, -1), (0, 1)])
def test_a_group_that_did_not_match_is_zero(span: tuple[int, int]) -> None:
    (form,) = forms_of(["h 12", "h 13"])
    assert form.number(span).tolist() == [0, 0]
