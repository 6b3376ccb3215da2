"""The sentence on the confusion matrix names the most frequent mistakes, including ties, and is true for every matrix."""

from __future__ import annotations

import re

import numpy as np
import pytest

from playground.plots.confusion.sentence import confusion_sentences, mistakes_of

IRIS = ("setosa", "versicolor", "virginica")
DIGITS = tuple(map(str, range(10)))


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([[9, 0, 0], [0, 9, 0], [0, 0, 9]], "test set: no mistakes"),
        ([[9, 0, 0], [0, 9, 3], [0, 0, 9]], "test set: 3 of 12 versicolor predicted as virginica"),
        (
            [[9, 0, 0], [0, 9, 3], [0, 2, 9]],
            "test set: 3 of 12 versicolor predicted as virginica, 2 of 11 the other way round",
        ),
        (
            [[9, 0, 0], [0, 9, 3], [0, 3, 9]],
            "test set: 3 of 12 versicolor predicted as virginica, 3 of 12 the other way round",
        ),
        (
            [[6, 3, 0], [0, 9, 3], [0, 0, 9]],
            "test set: 3 of 9 setosa predicted as versicolor, 3 of 12 versicolor as virginica",
        ),
        (
            [[6, 2, 0], [0, 9, 3], [0, 1, 9]],
            "test set: 3 of 12 versicolor predicted as virginica, 2 of 8 setosa as versicolor; 1 other mistake",
        ),
        (
            [[6, 1, 0], [1, 9, 3], [0, 0, 9]],
            "test set: 3 of 13 versicolor predicted as virginica; 2 other mistakes",
        ),
        ([[0, 9, 0], [0, 9, 0], [0, 1, 8]], "test set: all 9 setosa predicted as versicolor, 1 of 9 virginica as versicolor"),
        (
            [[6, 1, 0], [1, 9, 1], [0, 0, 9]],
            "test set: 3 mistakes of different kinds: setosa as versicolor, versicolor as setosa and 1 other kind",
        ),
    ],
)  # fmt: skip
def test_the_sentence(counts: list[list[int]], expected: str) -> None:
    sentences = confusion_sentences(np.array(counts), IRIS, "test set")
    assert sentences[0] == expected
    assert [len(each) for each in sentences] == sorted(map(len, sentences), reverse=True)


def test_a_class_named_by_a_number_does_not_run_into_its_count() -> None:
    counts = np.diag(np.full(10, 18))
    counts[3, 5] = 2
    assert confusion_sentences(counts, DIGITS, "test set")[0] == "test set: 2 of 20 of class 3 predicted as 5"


@pytest.mark.parametrize("seed", range(100))
@pytest.mark.parametrize("classes", [3, 10])
def test_every_number_in_every_sentence_is_in_the_matrix(seed: int, classes: int) -> None:
    rng = np.random.default_rng(seed)
    counts = np.diag(rng.integers(0, 20, classes)) + rng.poisson(rng.choice([0.1, 0.5, 2.0]), (classes, classes))
    names = tuple("abcdefghij"[:classes])
    kinds, sizes = mistakes_of(counts), counts.sum(axis=1)
    total = int(counts.sum() - np.trace(counts))
    assert sum(kind.count for kind in kinds) == total
    for sentence in confusion_sentences(counts, names, "test set"):
        left = re.sub(r"all (\d+)", r"\1 of \1", sentence).removeprefix("test set: ")
        for found in re.finditer(r"(\d+) of (\d+) (\w) (?:predicted )?as (\w)", left):
            row, column = (names.index(each) for each in found.group(3, 4))
            assert (int(found[1]), int(found[2])) == (counts[row, column], sizes[row])
            assert counts[row, column] >= kinds[0].count or found.start() > 0
        named = sum(int(each) for each in re.findall(r"(\d+) of \d+", left))
        if others := re.search(r"; (\d+) other mistakes?$", left):
            assert named + int(others[1]) == total
        elif "mistake" not in left:
            assert named == total
        if of_all := re.match(r"(\d+) mistakes?(?:, at most (\d+) of the same kind)?", left):
            assert int(of_all[1]) == total
            assert of_all[2] is None or int(of_all[2]) == kinds[0].count
    equal = sum(kind.count == kinds[0].count for kind in kinds) if kinds else 0
    if equal > 2:
        said = " of different kinds: " if kinds[0].count == 1 else f", at most {kinds[0].count} of the same kind: "
        assert said in confusion_sentences(counts, names, "test set")[0]
