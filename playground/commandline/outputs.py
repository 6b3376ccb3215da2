"""Where the command line writes: folders of several runs, and paths relative to DIR or the current folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from core.errors import PlaygroundError
from core.experiment.tf_playground_link import looks_like_link
from core.files import exists, is_folder
from playground.commandline.requirements import check_folder, check_writable

if TYPE_CHECKING:
    from playground.commandline.sources import Source


class Output(Struct, frozen=True):
    """Where the files of one run go.

    Attributes:
        folder: the folder.
        name: name of the run among several; empty if it is the only one.
    """

    folder: Path
    name: str = ""

    def path(self, text: str) -> Path:
        """Return the path of the file ``text``: a bare name is in the folder, one with a folder relative to the current one.

        Among several runs, such a path is followed by the run's name, so that runs do not overwrite each other's files.
        """
        if not os.path.dirname(text):  # noqa: PTH120 - Path would drop the dot of ./talk.pptx
            return self.folder / text
        path = Path(text)
        return path.with_name(f"{path.stem}-{self.name}{path.suffix}") if self.name else path

    def prepare(self, *texts: str | None) -> None:
        """Create the folder, and check that the files ``texts`` can be written, before a long run rather than after it.

        Raises:
            PlaygroundError: the folder cannot be created, or a file cannot be written.
        """
        check_folder(self.folder)
        for text in texts:
            if text is not None:
                check_writable(self.path(text))


def outputs_of(files: Sequence[str], sources: Sequence[Source], out: Path) -> list[Output]:
    """Return where the files of each source go: into ``out``, or with several, each into its own subfolder.

    Args:
        files: the sources as typed.
        sources: the sources.
        out: the folder.

    Raises:
        PlaygroundError: ``out`` is not a folder.
    """
    if exists(out) and not is_folder(out):
        raise PlaygroundError(f"--out: {out} is not a folder")
    if len(sources) == 1:
        return [Output(out)]
    taken: set[str] = set()
    found = []
    for typed, source in zip(files, sources, strict=True):
        stem, number = _name_of(typed, source), 1
        name = stem
        while name.lower() in taken:  # some file systems do not distinguish case
            number += 1
            name = f"{stem}-{number}"
        taken.add(name.lower())
        found.append(Output(out / name, name))
    return found


def _name_of(typed: str, source: Source) -> str:
    """Return a name for a folder: the name of the file, preset or lesson, or of a link's experiment."""
    from playground.export.names import slug

    file = source.file or source.table or source.picture
    name = source.experiment.name if looks_like_link(typed) else typed
    return slug(name if file is None else file.stem) or "run"
