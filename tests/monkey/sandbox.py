"""Valid and invalid files to drop and open, and file dialogs confined to a folder."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

LINKS = (
    "https://playground.tensorflow.org/#activation=tanh&dataset=spiral&networkShape=4,2&seed=0.5&noise=10",
    "#activation=relu&regularization=L1&regularizationRate=0.1&problem=regression&regDataset=reg-gauss&networkShape=8,8",
    "https://playground.tensorflow.org/#activation=none&networkShape=-3&seed=nan",
    "https://playground.tensorflow.org/#%00%ff",
    "https://example.org/",
)


def fill(folder: Path) -> None:
    """Write the files that a run drops and opens."""
    from core.experiment.experiment_file import save
    from core.experiment.presets import preset, preset_names

    for name in preset_names():
        save(preset(name), folder / f"{name}.json")
    rng = random.Random(5)
    _write_good_tables(folder, rng)
    _write_bad_files(folder, rng)
    _write_lessons(folder)
    (folder / "folder.json").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.json")
        os.mkfifo(folder / "pipe.csv")


def names(folder: Path) -> list[str]:
    """Return the names of the files, and one that does not exist."""
    return [*sorted(path.name for path in folder.iterdir()), "missing.json", "missing.csv"]


def _write_good_tables(folder: Path, rng: random.Random) -> None:
    def table(name: str, rows: int, separator: str = ",") -> None:
        lines = [separator.join(("width", "height", "colour", "kind"))]
        for _ in range(rows):
            width, height = rng.gauss(0, 1), rng.uniform(1, 5)
            colour = rng.choice(("red", "green", "blue"))
            kind = ("small", "large", "huge")[(width > 0) + (height > 3)]
            lines.append(separator.join((f"{width:.3f}", f"{height:.2f}", colour, kind)))
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")

    table("small.csv", 40)
    table("semicolons.csv", 300, ";")
    table("tabs.tsv", 300, "\t")
    table("large.csv", 20_000)
    numbers = "\n".join(f"{x / 50:.3f},{(x / 50) ** 2:.4f}" for x in range(200))
    (folder / "numbers.txt").write_text(f"x,y\n{numbers}\n", encoding="utf-8")
    one_input = "\n".join(f"{x},{'yes' if x % 3 else 'no'}" for x in range(60))
    (folder / "one-input.csv").write_text(f"x,answer\n{one_input}\n", encoding="utf-8")


def _write_bad_files(folder: Path, rng: random.Random) -> None:
    good = (folder / "vanishing.json") if (folder / "vanishing.json").exists() else next(folder.glob("*.json"))
    text = good.read_text(encoding="utf-8")
    noise = bytes(rng.randrange(256) for _ in range(4000))
    for name, content in {
        "empty.json": b"",
        "empty.csv": b"",
        "half.json": text[: len(text) // 2].encode(),
        "noise.json": noise,
        "noise.csv": noise,
        "zeros.csv": b"\0" * 500,
        "header-only.csv": b"a,b,c\n",
        "markup.json": json.dumps({"<img src='x'>": 1}).encode(),
        "other-format.json": b'{"format": 99}',
        "deep.json": b"[" * 20_000,
        "limits.json": b'{"network": {"hidden": [{"units": 1000000}]}}',
        "one-class.csv": b"x,y\n1,a\n2,a\n3,a\n",
        "ragged.csv": b"x,y\n1,2,3\n4\n\n5,6\n",
        "quote.csv": b'x,y\n"1,2\n3,4\n',
        "wide.csv": b",".join(b"c%d" % n for n in range(3000)) + b"\n" + b",".join([b"1"] * 3000) + b"\n",
    }.items():
        (folder / name).write_bytes(content)


def _write_lessons(folder: Path) -> None:
    """Write lessons, and the answers of a class to one of them."""
    from core.assets import asset

    for name in ("04-loss.md", "07-vanishing-gradient.md", "c5-twenty-points.md"):
        (folder / name).write_bytes(asset(f"lessons/{name}").read_bytes())
    text = (folder / "07-vanishing-gradient.md").read_bytes()
    (folder / "half.md").write_bytes(text[: len(text) // 2])
    (folder / "noise.md").write_bytes((folder / "noise.json").read_bytes())
    (folder / "class").mkdir()
    for number in range(12):
        curve = [[x, number * x / 3] for x in range(10)]
        answers = [
            {"step": 2, "choice": 1 + number % 3},
            {"step": 3, "sketch": curve},
            {"step": 4 + number % 2, "choice": 1},
        ]
        content = {"format": 1, "lesson": "07-vanishing-gradient", "name": f"Learner {number}", "answers": answers}
        text = json.dumps(content).encode()
        (folder / "class" / f"{number}.answers.json").write_bytes(text if number % 5 else text[:40])


class ConfinedDialog(QFileDialog):
    """Qt's file dialog, made read-only and confined to ``home``."""

    def __init__(self, parent: QWidget | None, title: str, start: str, home: Path) -> None:
        super().__init__(parent, title)
        self.setOption(QFileDialog.Option.DontUseNativeDialog)
        self.setOption(QFileDialog.Option.ReadOnly)
        self.setOption(QFileDialog.Option.DontConfirmOverwrite)
        self._home = home.resolve()
        path = Path(start)
        inside = path.resolve().is_relative_to(self._home)
        folder = path if path.is_dir() else path.parent
        self.setDirectory(str(folder if inside and folder.is_dir() else home))
        if path.name and not path.is_dir():
            self.selectFile(path.name)

    def accept(self) -> None:
        """Accept only names inside ``home``."""
        chosen = [Path(name).resolve() for name in self.selectedFiles()]
        if chosen and all(path.is_relative_to(self._home) for path in chosen):
            super().accept()


def confine_dialogs(home: Path) -> None:
    """Confine all file dialogs to ``home``, so that random keys cannot write anywhere else."""

    def asked(parent: QWidget | None, title: str, start: str, mode: QFileDialog.FileMode, *, saving: bool) -> str:
        dialog = ConfinedDialog(parent, title, start, home)
        dialog.setFileMode(mode)
        if saving:
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        accepted = dialog.exec()
        name = dialog.selectedFiles()[0] if accepted and dialog.selectedFiles() else ""
        dialog.deleteLater()
        return name

    def open_name(parent: QWidget | None = None, caption: str = "", dir: str = "", *_: object) -> tuple[str, str]:  # noqa: A002
        return asked(parent, caption, dir, QFileDialog.FileMode.ExistingFile, saving=False), ""

    def open_names(parent: QWidget, caption: str, start: str, *_: object) -> tuple[list[str], str]:
        name = asked(parent, caption, start, QFileDialog.FileMode.ExistingFile, saving=False)
        return [name] if name else [], ""

    def save_name(parent: QWidget | None = None, caption: str = "", dir: str = "", *_: object) -> tuple[str, str]:  # noqa: A002
        return asked(parent, caption, dir, QFileDialog.FileMode.AnyFile, saving=True), ""

    def folder_name(parent: QWidget | None = None, caption: str = "", dir: str = "", *_: object) -> str:  # noqa: A002
        return asked(parent, caption, dir, QFileDialog.FileMode.Directory, saving=False)

    def confined(dialog: QFileDialog) -> int:
        """Run a dialog that the program makes itself; files outside ``home`` count as cancelled."""
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setOption(QFileDialog.Option.ReadOnly)
        accepted = execute(dialog)
        inside = all(Path(name).resolve().is_relative_to(home.resolve()) for name in dialog.selectedFiles())
        return accepted if inside else 0

    execute = QFileDialog.exec
    QFileDialog.exec = confined  # type: ignore[assignment, method-assign]
    QFileDialog.getOpenFileName = staticmethod(open_name)
    QFileDialog.getOpenFileNames = staticmethod(open_names)
    QFileDialog.getSaveFileName = staticmethod(save_name)
    QFileDialog.getExistingDirectory = staticmethod(folder_name)
