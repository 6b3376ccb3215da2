"""The command ``schema``."""

from __future__ import annotations

import json
import sys


def schema() -> int:
    """Print the JSON Schema of an experiment file."""
    from core.experiment.experiment_file import schema as experiment_schema

    sys.stdout.write(json.dumps(experiment_schema(), indent=2, ensure_ascii=False) + "\n")
    return 0
