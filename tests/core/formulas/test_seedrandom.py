"""The stream of seedrandom 2.4: its published numbers, and seeds that exercise rare branches of the key setup."""

from __future__ import annotations

import pytest

from core.formulas.seedrandom import SeedRandom


def test_published_numbers() -> None:
    stream = SeedRandom("hello.")
    assert [stream.random(), stream.random()] == [0.9282578795792454, 0.3752569768646784]


# Computed by the original code in Node.js: first two draws, the sum of the next 5000, the one after them.
@pytest.mark.parametrize(
    ("seed", "first", "second", "total", "after"),
    [
        ("hello.", 0.9282578795792454, 0.3752569768646784, 2482.626271068345, 0.44759503630732256),
        ("0.53846", 0.8801194125510252, 0.8346917089712936, 2481.9302154300176, 0.19052423642562458),
        ("", 0.23144008215179881, 0.27404636548159655, 2490.476626080823, 0.34884132100977994),
        ("é€😀", 0.8490074788251994, 0.822825204218916, 2499.2341022032574, 0.4529341056878074),
        ("abc" * 100, 0.9989361869534188, 0.45618475583921403, 2506.8616271558494, 0.5977269021400039),
    ],
)
def test_numbers_match_the_original(seed: str, first: float, second: float, total: float, after: float) -> None:
    stream = SeedRandom(seed)
    assert (stream.random(), stream.random()) == (first, second)
    summed = 0.0
    for _ in range(5000):
        summed += stream.random()
    assert summed == total
    assert stream.random() == after


def test_a_copy_is_independent() -> None:
    stream = SeedRandom("a")
    twin = stream.copy()
    expected = [stream.random() for _ in range(3)]
    assert [twin.random() for _ in range(3)] == expected
    assert stream.random() == twin.random()


def test_uniform_scales_the_same_draw() -> None:
    assert SeedRandom("a").uniform(-6.0, 2.0) == SeedRandom("a").random() * 8.0 - 6.0
