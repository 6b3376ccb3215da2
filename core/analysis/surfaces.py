"""Analytic test surfaces for optimizers: function, gradient and known minima.

They have two parameters, so that they can be drawn; the steps are those of :data:`core.formulas.optimizers.OPTIMIZERS`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from core.arrays import Floats, Integers
from core.formulas.hyper_parameters import MOMENTUM
from core.formulas.optimizers import OPTIMIZERS
from core.registry import Entry, registry

if TYPE_CHECKING:
    from collections.abc import Mapping

Point: TypeAlias = tuple[float, float]

NEAR: Final = 0.1
"""Maximum distance from a known minimum at which a run has found it."""


class Surface(Entry, frozen=True, kw_only=True):
    """One surface f(x, y).

    Attributes:
        function: ``function(x, y)`` → f, for numbers and for arrays of any one shape.
        gradient: ``gradient(x, y)`` → (∂f/∂x, ∂f/∂y), of the same shape.
        minima: every minimum within the domain, the lowest first.
        x_range: (lowest, highest) x of the domain.
        y_range: the same for y.
        start: default start of a race.
        learning_rate: a learning rate with which gradient descent from ``start`` makes progress and does not diverge.
    """

    function: Callable[[Floats, Floats], Floats]
    gradient: Callable[[Floats, Floats], tuple[Floats, Floats]]
    minima: tuple[Point, ...]
    x_range: Point
    y_range: Point
    start: Point
    learning_rate: float


def bowl(x: Floats, y: Floats) -> Floats:
    """Return ½(x² + 4y²): curvature 1 along x and 4 along y."""
    return 0.5 * (x * x + 4.0 * y * y)


def bowl_gradient(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return (x, 4y)."""
    return 1.0 * x, 4.0 * y


def ravine(x: Floats, y: Floats) -> Floats:
    """Return (1 − x)² + 100(y − x²)² (Rosenbrock 1960)."""
    across = y - x * x
    return (1.0 - x) ** 2 + 100.0 * across * across


def ravine_gradient(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return (−2(1 − x) − 400x(y − x²), 200(y − x²))."""
    across = y - x * x
    return -2.0 * (1.0 - x) - 400.0 * x * across, 200.0 * across


def saddle(x: Floats, y: Floats) -> Floats:
    """Return ½x² − ½y² + ¼y⁴: a saddle at 0 between two minima."""
    return 0.5 * x * x - 0.5 * y * y + 0.25 * y**4


def saddle_gradient(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return (x, y³ − y)."""
    return 1.0 * x, y**3 - y


def himmelblau(x: Floats, y: Floats) -> Floats:
    """Return (x² + y − 11)² + (x + y² − 7)² (Himmelblau 1972)."""
    return (x * x + y - 11.0) ** 2 + (x + y * y - 7.0) ** 2


def himmelblau_gradient(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return (4xu + 2v, 2u + 4yv) with u = x² + y − 11, v = x + y² − 7."""
    u, v = x * x + y - 11.0, x + y * y - 7.0
    return 4.0 * x * u + 2.0 * v, 2.0 * u + 4.0 * y * v


def camel(x: Floats, y: Floats) -> Floats:
    """Return (4 − 2.1x² + x⁴/3)x² + xy + (4y² − 4)y² (Dixon and Szegő 1978)."""
    return (4.0 - 2.1 * x * x + x**4 / 3.0) * x * x + x * y + (4.0 * y * y - 4.0) * y * y


def camel_gradient(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return (8x − 8.4x³ + 2x⁵ + y, x − 8y + 16y³)."""
    return 8.0 * x - 8.4 * x**3 + 2.0 * x**5 + y, x - 8.0 * y + 16.0 * y**3


def plateau(x: Floats, y: Floats) -> Floats:
    """Return 1 − exp(−½(x² + y²)): a hole in a plain that flattens with distance."""
    return 1.0 - np.exp(-0.5 * (x * x + y * y))


def plateau_gradient(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return (x, y) · exp(−½(x² + y²))."""
    fall = np.exp(-0.5 * (x * x + y * y))
    return x * fall, y * fall


SURFACES: Final[Mapping[str, Surface]] = registry(
    Surface(
        key="bowl",
        label="Bowl",
        formula=r"f = \frac{1}{2} \left( x^2 + 4 y^2 \right)",
        explanation="One minimum; gradient descent diverges once the learning rate exceeds 2 / curvature = 2/4.",
        function=bowl,
        gradient=bowl_gradient,
        minima=((0.0, 0.0),),
        x_range=(-3.0, 3.0),
        y_range=(-2.0, 2.0),
        start=(-2.5, 1.5),
        learning_rate=0.1,
    ),
    Surface(
        key="ravine",
        label="Ravine (Rosenbrock)",
        formula=r"f = (1 - x)^2 + 100 \left( y - x^2 \right)^2",
        explanation="Steep walls, an almost flat floor: gradient descent creeps along the floor, momentum gets through sooner.",
        function=ravine,
        gradient=ravine_gradient,
        minima=((1.0, 1.0),),
        x_range=(-2.0, 2.0),
        y_range=(-1.0, 3.0),
        start=(-1.2, 1.0),
        learning_rate=0.001,
    ),
    Surface(
        key="saddle",
        label="Saddle",
        formula=r"f = \frac{1}{2} x^2 - \frac{1}{2} y^2 + \frac{1}{4} y^4",
        explanation=(
            "The slope is almost 0 near the saddle: plain descent lingers there, noise and momentum leave it sooner; from y = 0 "
            "only noise does."
        ),
        function=saddle,
        gradient=saddle_gradient,
        minima=((0.0, -1.0), (0.0, 1.0)),
        x_range=(-2.0, 2.0),
        y_range=(-2.0, 2.0),
        start=(-1.8, 0.001),
        learning_rate=0.1,
    ),
    Surface(
        key="himmelblau",
        label="Four minima (Himmelblau)",
        formula=r"f = \left( x^2 + y - 11 \right)^2 + \left( x + y^2 - 7 \right)^2",
        explanation="Four minima, all equally deep: which one is found depends on the start.",
        function=himmelblau,
        gradient=himmelblau_gradient,
        minima=(
            (3.0, 2.0),
            (-2.805118086952745, 3.131312518250573),
            (-3.779310253377747, -3.283185991286170),
            (3.584428340330492, -1.848126526964404),
        ),
        x_range=(-5.0, 5.0),
        y_range=(-5.0, 5.0),
        start=(0.0, 0.0),
        learning_rate=0.005,
    ),
    Surface(
        key="camel",
        label="Good and bad minima (camel)",
        formula=r"f = \left( 4 - 2.1 x^2 + \frac{x^4}{3} \right) x^2 + x y + \left( 4 y^2 - 4 \right) y^2",
        explanation="Six minima, of which two are the lowest: a poor start ends in a local minimum.",
        function=camel,
        gradient=camel_gradient,
        minima=(
            (0.08984201310031807, -0.7126564030207396),
            (-0.08984201310031807, 0.7126564030207396),
            (1.7036067149699807, -0.7960835686726251),
            (-1.7036067149699807, 0.7960835686726251),
            (1.6071047529201978, 0.5686514548841313),
            (-1.6071047529201978, -0.5686514548841313),
        ),
        x_range=(-2.0, 2.0),
        y_range=(-1.2, 1.2),
        start=(-1.9, 1.0),
        learning_rate=0.01,
    ),
    Surface(
        key="plateau",
        label="Plateau",
        formula=r"f = 1 - e^{-\frac{1}{2} \left( x^2 + y^2 \right)}",
        explanation="Far from the hole the slope vanishes, and so do the steps, except those of Adam and RMSProp.",
        function=plateau,
        gradient=plateau_gradient,
        minima=((0.0, 0.0),),
        x_range=(-4.0, 4.0),
        y_range=(-4.0, 4.0),
        start=(-2.5, 2.0),
        learning_rate=0.3,
    ),
)
"""Every surface, in menu order."""


def descend(
    surface: Surface,
    optimizer_key: str,
    start: Floats,
    learning_rate: float,
    momentum: float,
    steps: int,
    noise: float = 0.0,
    *,
    rng: np.random.Generator,
) -> Floats:
    """Return the path of an optimizer, (steps + 1, 2), starting with ``start``.

    Args:
        surface: the surface to minimize.
        optimizer_key: key in ``OPTIMIZERS``.
        start: (2,), or (n, 2) for n runs at once, which return (steps + 1, n, 2).
        learning_rate: α.
        momentum: μ, where the rule has one; its other hyper-parameters have their defaults.
        steps: number of steps.
        noise: standard deviation of the noise added to each component of each gradient, like that of mini-batches.
        rng: draws the noise; the same generator state gives the same path.

    Returns:
        The points; infinite or NaN after the run has diverged.
    """
    rule = OPTIMIZERS[optimizer_key]
    arguments = rule.arguments({MOMENTUM.key: momentum})
    point = np.array(start, dtype=np.float64)
    first, second = np.zeros_like(point), np.zeros_like(point)
    path = np.empty((steps + 1, *point.shape))
    path[0] = point
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(1, steps + 1):
            gradient = np.stack(surface.gradient(point[..., 0], point[..., 1]), axis=-1)
            if noise:
                gradient = gradient + noise * rng.normal(size=point.shape)
            point, first, second = rule.update(point, gradient, first, second, step, learning_rate, 0.0, *arguments)
            path[step] = point
    return path


def random_starts(surface: Surface, count: int, *, rng: np.random.Generator) -> Floats:
    """Return ``count`` points drawn uniformly from the surface's domain, (count, 2)."""
    low = np.array([surface.x_range[0], surface.y_range[0]])
    high = np.array([surface.x_range[1], surface.y_range[1]])
    return rng.uniform(low, high, size=(count, 2))


def nearest_minimum(surface: Surface, points: Floats) -> Integers:
    """Return for each of ``points (n, 2)`` the index of the known minimum within ``NEAR``, or −1, (n,)."""
    distances = np.linalg.norm(points[:, np.newaxis] - np.array(surface.minima), axis=2)
    # The distance of a diverged run is NaN.
    distances = np.where(np.isfinite(distances), distances, np.inf)
    nearest = distances.argmin(axis=1)
    found = distances[np.arange(len(points)), nearest] <= NEAR
    return np.where(found, nearest, -1).astype(np.int64)


def minima_found(
    surface: Surface,
    optimizer_key: str,
    starts: Floats,
    learning_rate: float,
    momentum: float,
    steps: int,
    noise: float = 0.0,
    *,
    rng: np.random.Generator,
) -> Integers:
    """Return the index of the known minimum in which a run from each of ``starts (n, 2)`` ends, −1 for none, (n,).

    The arguments are those of :func:`descend`; the runs are independent and computed at once.
    """
    path = descend(surface, optimizer_key, starts, learning_rate, momentum, steps, noise, rng=rng)
    return nearest_minimum(surface, path[-1])
