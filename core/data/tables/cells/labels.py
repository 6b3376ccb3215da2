"""Find a label before all numbers of a column, as in ``pH 7.1`` and ``T=21.5``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_LABEL: Final = re.compile(r"(?:p[A-Z][A-Za-z]{0,2} ?|[^\W\d][^\d\n=:]{0,20}[=:] ?)(?=[+−-]?[0-9.,])")
"""A quantity such as pH and pKa, or any name with = or a colon; other words and a number are rather names: ``Room 12``."""

_IDENTIFIER: Final = re.compile(r"(?i:.*(?:id|no\.?|nr\.?|number|code|row|index)\s*[=:]\s*)")


def label_of(texts: Sequence[str]) -> str:
    """Return what all ``texts`` begin with before a number, if it is a label; empty for none and for identifiers."""
    match = _LABEL.match(texts[0]) if texts else None
    if match is None or _IDENTIFIER.fullmatch(match[0]):
        return ""
    return match[0] if all(text.startswith(match[0]) for text in texts) else ""
