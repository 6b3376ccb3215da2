"""What every reader's test needs: a file with the input, and the check of an error message."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")

FOLDER = (_MEMORY if os.access(_MEMORY, os.W_OK) else Path(tempfile.gettempdir())) / f"nn-playground-fuzz-{os.getpid()}"
"""Folder for the inputs, in memory if possible; the run creates and removes it."""


def written(content: bytes, suffix: str) -> Path:
    """Write an input to a file of this process, and return its path."""
    path = FOLDER / f"input-{os.getpid()}{suffix}"
    path.write_bytes(content)
    return path


def check_sentence(error: Exception | str) -> None:
    """Check that an error message is one readable line of bounded length."""
    text = str(error)
    assert text.strip()
    assert len(text) < 2000, text[:200]
    text.encode()  # fails for a lone surrogate, which cannot be shown or logged
    # A control character could break the line, or command the terminal on which the message is printed.
    odd = [letter for letter in text if ord(letter) < 32 or 127 <= ord(letter) < 160]
    assert not odd, f"control characters {odd!r} in {text!r}"
