"""A full disk, without filling one."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch


@contextmanager
def small_files(most: int = 100) -> Iterator[None]:
    """Refuse to write more than ``most`` bytes into a file, as a full disk would; so do processes started meanwhile.

    They keep no bytecode: Python would cut it off without noticing, and later runs would fail to load it.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    environment = patch.dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
    try:
        with environment, patch.object(sys, "dont_write_bytecode", new=True):
            yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
