"""Find the files that ship with the playground: data sets, presets, fonts and icons."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path


def asset(name: str) -> Path:
    """Return the path of the shipped file or folder ``name``, such as ``"data/iris.csv"``.

    A wheel has them in ``playground/_assets``; a checkout (or an editable installation) in ``assets``.

    Raises:
        FileNotFoundError: the file is missing; the message names it and the folders searched.
    """
    folders = _folders()
    for folder in folders:
        path = folder / name
        if path.exists():
            return path
    looked_in = " and ".join(str(folder) for folder in folders)
    raise FileNotFoundError(f"{name}: this file of NN Playground is missing (looked in {looked_in}); install it again")


@lru_cache
def _folders() -> tuple[Path, Path]:
    root = Path(__file__).resolve().parents[1]
    return root / "playground" / "_assets", root / "assets"
