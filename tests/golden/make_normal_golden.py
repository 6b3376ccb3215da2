"""Generate normal_distribution.npz: the normal distribution function and its density, correctly rounded by mpmath.

The tests read the file and never run this script. To regenerate it, in a separate environment:

    python -m venv golden && golden/bin/pip install mpmath==1.4.1 numpy
    golden/bin/python tests/golden/make_normal_golden.py
"""

from __future__ import annotations

import math
from pathlib import Path

import mpmath
import numpy as np

mpmath.mp.dps = 60

RANGES = (0.46875 * math.sqrt(2.0), 4.0 * math.sqrt(2.0))
"""Values of |z| at which the approximation changes; points on both sides are included."""


def arguments() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    rng = np.random.default_rng(7)
    edges = [limit * (1.0 + side) for limit in RANGES for side in (-1e-15, 0.0, 1e-15)]
    tiny = 10.0 ** rng.uniform(-300.0, 0.0, 50)
    sizes = np.concatenate([rng.uniform(0.0, 37.5, 700), rng.uniform(0.0, 6.0, 300), edges, tiny])
    return np.concatenate([sizes, -sizes, [0.0]])


def main() -> None:
    z = arguments()
    cdf = np.array([float(mpmath.erfc(-mpmath.mpf(value) / mpmath.sqrt(2)) / 2) for value in z])
    density = np.array([float(mpmath.npdf(mpmath.mpf(value))) for value in z])
    file = Path(__file__).with_name("normal_distribution.npz")
    np.savez_compressed(file, z=z, cdf=cdf, density=density, mpmath_version=np.array(mpmath.__version__))


if __name__ == "__main__":
    main()
