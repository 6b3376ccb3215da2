"""Start programs in processes of their own, which are copies of one that has imported the app: imports take longest."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]

_SERVER: Final = """
import json, os, sys
from playground.startup import prepare_environment
prepare_environment()
import playground.app

def become(request):
    "Turn this copy into the requested program."
    os.environ |= request["environment"]
    os.chdir(request["folder"])
    for stream, name, mode in ((0, os.devnull, os.O_RDONLY), (1, "output", os.O_WRONLY), (2, "errors", os.O_WRONLY)):
        os.dup2(os.open(name, mode), stream)
    sys.argv[1:] = request["arguments"]
    exec(compile(request["program"], "<program>", "exec"), {"__name__": "__main__"})

answers = os.fdopen(os.dup(1), "w")
while line := sys.stdin.readline():
    request = json.loads(line)
    if "process" in request:
        answer = os.waitstatus_to_exitcode(os.waitpid(request["process"], 0)[1])
    else:
        answer = os.fork()
        if answer == 0:
            answers.close()
            become(request)
            break
    answers.write(f"{answer}\\n")
    answers.flush()
"""


class Started:
    """A running program, whose output is in files of its folder."""

    def __init__(self, starter: Starter, pid: int, folder: Path) -> None:
        self._starter = starter
        self.pid = pid
        self.folder = folder

    @property
    def output(self) -> str:
        """What it has written so far."""
        return (self.folder / "output").read_text(encoding="utf-8")

    @property
    def errors(self) -> str:
        """What it has written to standard error so far."""
        return (self.folder / "errors").read_text(encoding="utf-8")

    def wait(self) -> int:
        """Return its exit status when it has ended, negative for a signal."""
        return self._starter.wait(self.pid)

    def send(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)


class Starter:
    """Starts programs; use :func:`starter`."""

    def __init__(self, server: subprocess.Popen[str]) -> None:
        self._server = server
        self._running: set[int] = set()

    def start(self, program: str, folder: Path, environment: Mapping[str, str], *arguments: str) -> Started:
        """Start ``program`` in ``folder`` with additional variables in its environment."""
        for name in ("output", "errors"):
            (folder / name).write_bytes(b"")
        pid = self._ask(program=program, folder=str(folder), environment=dict(environment), arguments=arguments)
        self._running.add(pid)
        return Started(self, pid, folder)

    def wait(self, pid: int) -> int:
        """Return the exit status of a program when it has ended."""
        status = self._ask(process=pid)
        self._running.discard(pid)
        return status

    def stop(self) -> None:
        """Kill the programs that were not waited for."""
        for pid in self._running:
            os.kill(pid, signal.SIGKILL)

    def _ask(self, **request: object) -> int:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps(request) + "\n")
        self._server.stdin.flush()
        return int(self._server.stdout.readline())


@contextmanager
def starter() -> Iterator[Starter]:
    """Import the app in another process, and start programs from there."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", _SERVER]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as server:
        programs = Starter(server)
        try:
            yield programs
        finally:
            programs.stop()
            assert server.stdin is not None
            server.stdin.close()
