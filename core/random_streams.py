"""Named random generators from one seed, so that the draws for one purpose never affect another's."""

from __future__ import annotations

import zlib

import numpy as np


def stream(seed: int, purpose: str, index: int = 0) -> np.random.Generator:
    """Return the generator for ``purpose`` (such as ``"data"``, ``"init"``, ``"batches"``, ``"dropout"``) and ``index``.

    The same ``(seed, purpose, index)`` gives the same draws on every machine; different ones are independent
    (NumPy's ``SeedSequence``; the name enters as its CRC-32). ``index`` is the layer, if any, counted from 0.
    """
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, zlib.crc32(purpose.encode()), index])))
