"""The tables of measurements and curves in the page for authors; running this file writes them into the page."""

from __future__ import annotations

import re
import sys
from pathlib import Path

PAGE = Path(__file__).parents[3] / "assets" / "lessons" / "README.md"

VALUES = {
    "": "number",
    "share": "0 to 1",
    "count": "whole number",
    "text": "text",
    "epochs": "epochs",
    "decades": "decades",
    "yes or no": "1 or 0",
}
"""How each unit is called in the table."""


def measurement_rows() -> list[str]:
    """Return a row for each measurement."""
    from core.lessons.measurements.registry import MEASUREMENTS, call_of

    return [f"| `{call_of(key)}` | {VALUES[entry.unit]} | {entry.explanation} |" for key, entry in MEASUREMENTS.items()]


def curve_rows() -> list[str]:
    """Return a row for each curve."""
    from core.lessons.measurements.registry import CURVES

    return [
        f"| `{key}` | {each.x_title} → {each.y_title}{', logarithmic' if each.log else ''} | {each.explanation} |"
        for key, each in CURVES.items()
    ]


def rewritten(page: str) -> str:
    """Return ``page`` with both tables replaced."""
    for title, rows in (("Measurements", measurement_rows()), ("Curves", curve_rows())):
        pattern = re.compile(rf"(^## {title}\n\n\|.*\n\|[-|]+\n)(?:\|.*\n)*", re.MULTILINE)
        page = pattern.sub(lambda found, rows=rows: found[1] + "".join(f"{row}\n" for row in rows), page)  # type: ignore[misc]
    return page


if __name__ == "__main__":
    sys.path.insert(0, str(PAGE.parents[2]))
    PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
