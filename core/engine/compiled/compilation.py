"""Load the compiled engine in the background: a separate process fills the cache, then a thread loads from it.

What it compiles is imported as it starts, because the first frame needs none of it.
``python -m core.engine.compiled.compilation`` compiles everything at low priority, first what the default experiment needs.
A formula that is used before its turn is compiled by its user.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from core.errors import EngineError

_USABLE: Final = "usable"
"""A file of this name marks the cache as sufficient for the default experiment; its content identifies the configuration."""

_COMPLETE: Final = "complete"
"""The same for a cache with everything."""

_NICENESS: Final = 15


def is_cached() -> bool:
    """Return whether the engine is in the cache on disk, so that loading takes about a second."""
    return _is_marked(_USABLE)


def is_complete() -> bool:
    """Return whether every formula is in the cache too."""
    return _is_marked(_COMPLETE)


def _is_marked(mark: str) -> bool:
    from core.engine.compiled import kernel

    try:
        return (kernel.cache_folder() / mark).read_text(encoding="utf-8") == kernel.cache_stamp()
    except (EngineError, ImportError, OSError):
        return False


def compile_into_cache(usable: Callable[[], object] | None = None) -> None:
    """Compile everything and mark the cache.

    Args:
        usable: called as soon as the cache suffices for the default experiment.

    Raises:
        EngineError: it cannot be compiled here.
    """
    from core.engine.compiled import kernel

    folder = kernel.cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        kernel.compile_default()
        (folder / _USABLE).write_text(kernel.cache_stamp(), encoding="utf-8")
        if usable is not None:
            usable()
        kernel.compile_rest()
        (folder / _COMPLETE).write_text(kernel.cache_stamp(), encoding="utf-8")
    except OSError as error:
        raise EngineError(f"the compiled engine could not be loaded ({error})") from error


class EngineLoader:
    """Loads the compiled engine on the caller's thread."""

    def __init__(self) -> None:
        self._ready = threading.Event()
        self._loading = threading.Event()
        self._stopped = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def ready(self) -> bool:
        """Whether the compiled engine can be used without waiting."""
        return self._ready.is_set()

    @property
    def loading(self) -> bool:
        """Whether it is being loaded into this process, which is faster if other threads do not hold the GIL."""
        return self._loading.is_set()

    def stop(self) -> None:
        """Make :meth:`run` in another thread return soon; loaded code stays loaded."""
        self._stopped.set()
        if self._process is not None:
            self._process.terminate()

    def run(
        self, compiling: Callable[[bool], object] | None = None, loaded: Callable[[], object] | None = None
    ) -> None:
        """Compile in a separate process if necessary, and load; return when everything is loaded or after :meth:`stop`.

        Args:
            compiling: called with ``True`` before and ``False`` after compiling what the default experiment needs, which
                happens once per machine.
            loaded: called when the engine is ready, and again when every formula is loaded.

        Raises:
            EngineError: the engine is not available.
        """
        from core.engine.compiled import kernel

        compiling = compiling or _ignore
        try:
            if not is_cached():
                compiling(True)
                try:
                    self._start_compiler()
                    self._wait_until_usable()
                finally:
                    compiling(False)
            elif not is_complete():
                self._start_compiler()
            if not self._stopped.is_set():
                self._load(kernel.load)
                self._ready.set()
                if loaded is not None:
                    loaded()
        except OSError as error:
            raise EngineError(str(error)) from error
        finally:
            self._wait_for_compiler()
        if is_complete() and not self._stopped.is_set():
            self._load(kernel.compile_rest)  # now, rather than when a formula is chosen
            if loaded is not None:
                loaded()

    def _load(self, load: Callable[[], object]) -> None:
        self._loading.set()
        try:
            load()
        finally:
            self._loading.clear()

    def _start_compiler(self) -> None:
        """Fill the cache in a separate process, which does not hold this one's GIL."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "core.engine.compiled.compilation", "--end-with-parent"],
            cwd=Path(__file__).parents[3],
            stdin=subprocess.PIPE,  # closes whenever this process ends
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        if self._stopped.is_set():
            self._process.terminate()

    def _wait_until_usable(self) -> None:
        process = self._process
        if process is None or process.stdout is None or process.stdout.readline():
            return
        errors = process.stderr.read() if process.stderr else b""
        if process.wait() and not self._stopped.is_set():
            lines = errors.decode(errors="replace").strip().splitlines()
            raise EngineError(lines[-1] if lines else "the compiler exited without an error message")

    def _wait_for_compiler(self) -> None:
        """Wait until the compiler exits; whatever it could not compile is compiled when it is used."""
        if self._process is None:
            return
        if self._process.stderr is not None and not self._process.stderr.closed:
            self._process.stderr.read()
        # communicate() would close the child's input, which signals that this process has ended.
        with self._process as process:
            process.wait()


def _ignore(_on: bool) -> None:  # noqa: FBT001 - the default of a callback
    """Ignore the notification."""


def _end_with_parent() -> None:
    """Exit as soon as the process at the other end of standard input has ended."""
    os.read(0, 1)  # unbuffered, because a thread holding the lock of sys.stdin would break the main thread's exit
    os._exit(1)


def main() -> None:
    """Compile at low priority; on failure print the reason in one line and exit with status 1.

    With ``--end-with-parent``, exit when standard input closes, so that no compiler outlives a killed program.
    """
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    gc.disable()  # it takes a tenth of the time and finds little
    if "--end-with-parent" in sys.argv[1:]:
        threading.Thread(target=_end_with_parent, name="parent watch", daemon=True).start()
    try:
        compile_into_cache(lambda: print("usable", flush=True))  # noqa: T201 - read by EngineLoader
    except EngineError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
