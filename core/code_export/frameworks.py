"""The registry of frameworks for which an Experiment can be written as a script."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from core.code_export.keras_script import keras_script
from core.code_export.numpy_script import numpy_script
from core.code_export.plan import Plan, Script
from core.code_export.torch_script import torch_script

if TYPE_CHECKING:
    from collections.abc import Mapping


class Framework(Struct, frozen=True, kw_only=True):
    """One framework.

    Attributes:
        key: name on the command line, and in file names.
        label: name in menus.
        script: writes the script of a plan.
    """

    key: str
    label: str
    script: Callable[[Plan], Script]


FRAMEWORKS: Final[Mapping[str, Framework]] = MappingProxyType(
    {
        each.key: each
        for each in (
            Framework(key="torch", label="PyTorch", script=torch_script),
            Framework(key="keras", label="Keras", script=keras_script),
            Framework(key="numpy", label="NumPy", script=numpy_script),
        )
    }
)
"""Every framework by key, in menu order."""
