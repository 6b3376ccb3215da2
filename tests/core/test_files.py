"""Untrusted files: only regular files are opened, and pipes do not block."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from core.errors import PlaygroundError
from core.experiment import Experiment
from core.experiment.experiment_file import load, save
from core.files import exists, is_folder, open_regular, read_at_most, read_limited
from core.training.state_file import load_state

POSIX = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")


@POSIX
@pytest.mark.parametrize("read", [load, load_state], ids=["experiment", "state"])
def test_a_pipe_without_a_writer_is_rejected_immediately(tmp_path: Path, read: object) -> None:
    path = tmp_path / "pipe.json"
    os.mkfifo(path)
    with pytest.raises(PlaygroundError, match="a pipe or device, not a file"):
        read(path)  # type: ignore[operator]


@POSIX
@pytest.mark.parametrize("read", [load, load_state], ids=["experiment", "state"])
def test_a_file_that_has_nothing_to_read_yet_is_rejected(
    tmp_path: Path, read: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "pipe.json"
    os.mkfifo(path)
    writer = os.open(path, os.O_RDWR)
    monkeypatch.setattr("stat.S_ISREG", lambda _mode: True)  # as for some files of the system
    try:
        with pytest.raises(PlaygroundError, match=r"pipe\.json: "):
            read(path)  # type: ignore[operator]
    finally:
        os.close(writer)


@POSIX
def test_writing_into_a_pipe_that_nothing_reads_is_rejected_immediately(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(PlaygroundError, match=r"pipe\.json: cannot be written \(nothing reads from this pipe\)"):
        save(Experiment(), tmp_path / "pipe.json")


@pytest.mark.parametrize("read", [load, load_state], ids=["experiment", "state"])
@pytest.mark.parametrize(
    "name", ["", "x" * 6000, "a\0b", "missing.json"], ids=["folder", "long", "null byte", "missing"]
)
def test_errors_on_opening_are_one_sentence(tmp_path: Path, read: object, name: str) -> None:
    with pytest.raises(PlaygroundError, match="cannot be read"):
        read(tmp_path / name)  # type: ignore[operator]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a permission there")
def test_a_loop_of_links_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(PlaygroundError, match="cannot be read"):
        load(tmp_path / "a")


def test_a_regular_file_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "one"
    path.write_bytes(b"1\r\n")
    with open_regular(path) as file:
        assert file.read() == b"1\r\n"


@pytest.mark.parametrize("size", [0, 1, 2**20, 2**20 + 1, 3_000_000])
def test_at_most_the_given_number_of_bytes_is_read(tmp_path: Path, size: int) -> None:
    content = bytes(range(250)) * 10_000
    (tmp_path / "file").write_bytes(content)
    with open_regular(tmp_path / "file") as file:
        assert read_at_most(file, size) == content[:size]


def test_a_generous_limit_reserves_no_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")
    with open_regular(tmp_path / "file") as file:
        assert read_at_most(file, 2**60) == b"content"


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"content")
    assert read_limited(tmp_path / "file", 7) == b"content"
    assert read_limited(tmp_path / "file", 6) is None


def test_what_the_system_cannot_tell_does_not_exist(tmp_path: Path) -> None:
    for path in (tmp_path / ("n" * 300), tmp_path / "gone", tmp_path / "null\0byte"):
        assert not exists(path)
        assert not is_folder(path)
    assert exists(tmp_path)
    assert is_folder(tmp_path)


def test_a_link_to_itself_exists(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    try:
        loop.symlink_to(loop)
    except OSError:
        pytest.skip("links cannot be made here")
    assert exists(loop)
    assert not is_folder(loop)
