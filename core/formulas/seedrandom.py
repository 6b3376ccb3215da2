"""The random numbers of seedrandom 2.4 (JavaScript): an ARC4 key stream read as doubles, seeded by a string.

TensorFlow Playground draws its data and its initial weights from it, so its share links can be reproduced bit for bit.

Source:
    David Bau, seedrandom 2.4; the cipher is RC4 with the first 256 bytes dropped. Not used for cryptography here.
"""

from __future__ import annotations

from typing import Final

_WIDTH: Final = 256
_CHUNK_BYTES: Final = 6
_SIGNIFICANCE: Final = 2**52


class SeedRandom:
    """A stream of doubles in [0, 1), equal to that of ``new Math.seedrandom(seed)``."""

    __slots__ = ("_i", "_j", "_table")

    def __init__(self, seed: str) -> None:
        self._i = 0
        self._j = 0
        self._table = _scheduled(_key_of(seed))
        for _ in range(_WIDTH):
            self._byte()

    def random(self) -> float:
        """Return the next double in [0, 1), with all 53 bits of the significand random."""
        numerator = 0
        for _ in range(_CHUNK_BYTES):
            numerator = numerator * _WIDTH + self._byte()
        denominator = _WIDTH**_CHUNK_BYTES
        extra = 0
        # The original's doubles represent all of this exactly as well: no number here needs more than 53 bits.
        while numerator < _SIGNIFICANCE:
            numerator = (numerator + extra) * _WIDTH
            denominator *= _WIDTH
            extra = self._byte()
        while numerator >= 2 * _SIGNIFICANCE:
            numerator //= 2
            denominator //= 2
            extra >>= 1
        return (numerator + extra) / denominator

    def uniform(self, low: float, high: float) -> float:
        """Return the next draw from [``low``, ``high``), computed as low + (high − low) · draw."""
        return self.random() * (high - low) + low

    def copy(self) -> SeedRandom:
        """Return an independent copy of the stream in its current state."""
        twin = SeedRandom.__new__(SeedRandom)
        twin._i, twin._j, twin._table = self._i, self._j, self._table.copy()
        return twin

    def _byte(self) -> int:
        table = self._table
        self._i = i = (self._i + 1) & 255
        at_i = table[i]
        self._j = j = (self._j + at_i) & 255
        table[i] = at_j = table[j]
        table[j] = at_i
        return table[(at_i + at_j) & 255]


def _key_of(seed: str) -> list[int]:
    """Return the key of at most 256 bytes: the UTF-16 code units, those beyond 256 mixed into the first ones."""
    encoded = seed.encode("utf-16-le", "surrogatepass")
    key: list[int] = []
    smear = 0
    for position in range(len(encoded) // 2):
        unit = encoded[2 * position] + 256 * encoded[2 * position + 1]
        place = position & 255
        if place < len(key):
            smear ^= key[place] * 19
            key[place] = (smear + unit) & 255
        else:
            key.append((smear + unit) & 255)
    return key or [0]


def _scheduled(key: list[int]) -> list[int]:
    """Return ARC4's table after the key scheduling: a permutation of 0 … 255."""
    table = list(range(_WIDTH))
    j = 0
    for i in range(_WIDTH):
        j = (j + key[i % len(key)] + table[i]) & 255
        table[i], table[j] = table[j], table[i]
    return table
