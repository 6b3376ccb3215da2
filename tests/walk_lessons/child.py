"""Walk through one lesson in a separate window, and write the findings to ``result.json``."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import traceback
from pathlib import Path

FRAME = 8
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


def main() -> None:
    """Walk through the lesson given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lesson", required=True, help="key of the lesson")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    width, height = (int(part) for part in options.size.split("x"))
    out: Path = options.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="nn-playground-walk-", ignore_cleanup_errors=True) as folder:
        _isolate(Path(folder), width, height)
        from tests.walk_lessons.walker import walk  # Qt reads the environment as it is imported

        try:
            found = walk(options.lesson, options.theme, (width, height), options.seed, out)
        except Exception:  # noqa: BLE001 - reported
            found = {"lesson": options.lesson, "faults": [traceback.format_exc()], "notes": []}
        (out / "result.json").write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")
        sys.stdout.flush()
        # The window's threads need not end in order: the result is written.
        os._exit(1 if found["faults"] else 0)


def _isolate(folder: Path, width: int, height: int) -> None:
    """Draw on a virtual screen of ``width`` × ``height`` pixels, and keep all settings in ``folder``."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nn-playground" / "numba"
    os.environ.setdefault("NUMBA_CACHE_DIR", str(cache))
    # The platform gives each window a frame.
    screen = {"name": "main", "x": 0, "y": 0, "width": width + FRAME, "height": height + FRAME}
    screen |= {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    (folder / "screen.json").write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={folder / 'screen.json'}"
    for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
        (folder / kind.lower()).mkdir()
        os.environ[f"XDG_{kind}_HOME"] = str(folder / kind.lower())
    from playground.startup import hasten_start, prepare_environment

    prepare_environment()
    hasten_start()


if __name__ == "__main__":
    main()
