"""The annotated types of single fields are those that typing resolves for the whole struct."""

from __future__ import annotations

from typing import get_type_hints

import msgspec
import pytest

from core.experiment import DataSettings, HiddenLayer, NetworkSettings, TrainingSettings
from playground.panels.controls.field_meta import _hint


@pytest.mark.parametrize("struct", [DataSettings, HiddenLayer, NetworkSettings, TrainingSettings])
def test_the_hint_of_a_field_is_that_of_the_struct(struct: type[msgspec.Struct]) -> None:
    expected = get_type_hints(struct, include_extras=True)
    assert len(expected) > 5
    assert {name: _hint(struct, name) for name in struct.__annotations__} == {
        name: expected[name] for name in struct.__annotations__
    }
