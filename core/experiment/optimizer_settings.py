"""The optimizers' hyper-parameters as settings: one optional number for each key that an optimizer declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from core.data.settings import Settings
from core.formulas.hyper_parameters import MOMENTUM, HyperParameter
from core.formulas.optimizers import HYPER_PARAMETERS


def _field(each: HyperParameter) -> tuple[str, Any, None]:
    """Return the struct field for ``each``: a number within its limits, or null for the optimizer's default."""
    limits = Meta(ge=each.low, lt=each.high) if each.low_allowed else Meta(gt=each.low, lt=each.high)
    note = Meta(title=each.label, description=f"{each.explanation} Null: the optimizer's default.")
    kind: Any = Annotated[Annotated[float, limits] | None, note]
    return each.key, kind, None


if TYPE_CHECKING:

    class HyperParameters(Settings, frozen=True, kw_only=True):
        """The values that differ from the optimizer's defaults; momentum is a separate setting."""
else:
    # The registry is the only list of names: a new hyper-parameter is one entry there.
    HyperParameters = msgspec.defstruct(
        "HyperParameters",
        [_field(each) for key, each in HYPER_PARAMETERS.items() if key != MOMENTUM.key],
        bases=(Settings,),
        module=__name__,
        frozen=True,
        kw_only=True,
        omit_defaults=True,
        forbid_unknown_fields=True,
    )
    HyperParameters.__doc__ = "The values that differ from the optimizer's defaults; momentum is a separate setting."


def given(settings: HyperParameters) -> dict[str, float]:
    """Return the values set in ``settings``, by key."""
    return {key: value for key, value in msgspec.structs.asdict(settings).items() if value is not None}
