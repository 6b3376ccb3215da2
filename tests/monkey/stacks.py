"""Parse the stack traces written by faulthandler."""

from __future__ import annotations

from pathlib import Path
from typing import Final

PROJECT: Final = ("/playground/", "/core/")
"""Path components that identify the project's code."""


def place_of_crash(stack: str) -> str:
    """Return the innermost function of the project in the thread that crashed."""
    current = stack[stack.rfind("Current thread") :] if "Current thread" in stack else stack
    return place_in(current.split("\n\n")[0], "outside")


def place_in(stack: str, otherwise: str) -> str:
    """Return the innermost function of the project on the main thread, or ``otherwise`` if there is none."""
    for line in main_thread(stack).splitlines():
        if "File" in line and any(part in line for part in PROJECT):
            file, _, function = line.strip().partition(", line ")
            name = file.removeprefix('File "').rstrip('"')
            return f"{Path(name).name}:{function.split(' in ')[-1]}"
    return otherwise


def main_thread(stack: str) -> str:
    """Return the main thread's part of ``stack``."""
    blocks = stack.split("\n\n")
    return next((block for block in reversed(blocks) if "child.py" in block), blocks[-1])
