"""Check that Qt can be loaded; on Debian or Ubuntu, install missing system libraries or print the command for it."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

# The Qt modules that the playground imports, and the platform plugins it may use.
MODULES = (
    "QtCore",
    "QtGui",
    "QtWidgets",
    "QtSvg",
    "QtSvgWidgets",
    "QtOpenGL",
    "QtOpenGLWidgets",
    "QtPrintSupport",
    "QtTest",
)
PLUGINS = {"": "libqoffscreen.so", "DISPLAY": "libqxcb.so", "WAYLAND_DISPLAY": "libqwayland.so"}

# Library file → Debian packages that contain it, newest name first; some were renamed for 64-bit time.
PACKAGES = {
    "libEGL.so.1": ("libegl1",),
    "libGL.so.1": ("libgl1",),
    "libGLX.so.0": ("libglx0",),
    "libICE.so.6": ("libice6",),
    "libOpenGL.so.0": ("libopengl0",),
    "libSM.so.6": ("libsm6",),
    "libX11-xcb.so.1": ("libx11-xcb1",),
    "libX11.so.6": ("libx11-6",),
    "libbrotlidec.so.1": ("libbrotli1",),
    "libdbus-1.so.3": ("libdbus-1-3",),
    "libfontconfig.so.1": ("libfontconfig1",),
    "libfreetype.so.6": ("libfreetype6",),
    "libglib-2.0.so.0": ("libglib2.0-0t64", "libglib2.0-0"),
    "libgthread-2.0.so.0": ("libglib2.0-0t64", "libglib2.0-0"),
    "libstdc++.so.6": ("libstdc++6",),
    "libwayland-client.so.0": ("libwayland-client0",),
    "libwayland-cursor.so.0": ("libwayland-cursor0",),
    "libwayland-egl.so.1": ("libwayland-egl1",),
    "libxcb-cursor.so.0": ("libxcb-cursor0",),
    "libxcb-glx.so.0": ("libxcb-glx0",),
    "libxcb-icccm.so.4": ("libxcb-icccm4",),
    "libxcb-image.so.0": ("libxcb-image0",),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1",),
    "libxcb-randr.so.0": ("libxcb-randr0",),
    "libxcb-render-util.so.0": ("libxcb-render-util0",),
    "libxcb-render.so.0": ("libxcb-render0",),
    "libxcb-shape.so.0": ("libxcb-shape0",),
    "libxcb-shm.so.0": ("libxcb-shm0",),
    "libxcb-sync.so.1": ("libxcb-sync1",),
    "libxcb-util.so.1": ("libxcb-util1",),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0",),
    "libxcb-xinput.so.0": ("libxcb-xinput0",),
    "libxcb-xkb.so.1": ("libxcb-xkb1",),
    "libxcb.so.1": ("libxcb1",),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0",),
    "libxkbcommon.so.0": ("libxkbcommon0",),
    "libz.so.1": ("zlib1g",),
    "libzstd.so.1": ("libzstd1",),
}
# The output is parsed, so it must not be localized.
PLAIN = {**os.environ, "LC_ALL": "C"}
APT_INSTALL = ("apt-get", "install", "-y", "--no-install-recommends")
LOADED = Path(sys.prefix, ".qt-loads")

# Start Qt offscreen, so that the check does not need a display; the plugins that need one are checked by the loader.
TRIAL = "from PySide6 import {modules}; from PySide6.QtGui import QGuiApplication; QGuiApplication([])"


def main() -> int:
    """Return 0 if Qt can be loaded, if necessary after installing libraries; otherwise print a message and return 1."""
    if not sys.platform.startswith("linux"):
        return _try_qt()
    missing = missing_libraries()
    if missing:
        if not _install(missing):
            return 1
        missing = missing_libraries()
        if missing:
            _say(f"Qt still lacks {', '.join(missing)}; install the packages that contain them")
            return 1
    return _try_qt()


def missing_libraries() -> list[str]:
    """Return the sorted libraries that the loader cannot find for the Qt files used here."""
    loader = shutil.which("ldd")
    if loader is None:
        return []
    return sorted(set(re.findall(r"^\s*(\S+) => not found", _answer(loader, *map(str, _qt_files())), re.MULTILINE)))


def _qt_files() -> list[Path]:
    spec = importlib.util.find_spec("PySide6")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("make: PySide6 is not installed in .venv; remove .venv and run make again")
    folder = Path(next(iter(spec.submodule_search_locations)))
    files = [path for name in MODULES for path in folder.glob(f"{name}.*.so")]
    platforms = folder / "Qt" / "plugins" / "platforms"
    return files + [platforms / name for variable, name in PLUGINS.items() if not variable or os.environ.get(variable)]


def _try_qt() -> int:
    """Start Qt once without a screen, and record the success so that later runs skip this."""
    if LOADED.exists():
        return 0
    trial = TRIAL.format(modules=", ".join(MODULES))
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    result = subprocess.run([sys.executable, "-c", trial], capture_output=True, text=True, env=environment, check=False)
    if result.returncode == 0:
        LOADED.touch()
        return 0
    reason = (result.stderr.strip().splitlines() or [f"it ended with status {result.returncode}"])[-1]
    _say(f"Qt cannot start: {reason}")
    return 1


def _install(missing: list[str]) -> bool:
    """Install the packages that contain ``missing``; without root rights print the command and return False."""
    names = ", ".join(missing)
    if shutil.which("apt-get") is None:
        _say(f"Qt needs {names}; install the packages that contain them with this system's package manager")
        return False
    unknown = [name for name in missing if name not in PACKAGES]
    if unknown:
        _say(f"Qt needs {', '.join(unknown)}, whose Debian packages are unknown; `apt-file search` finds them")
        return False
    rights = _rights()
    if rights is None:
        packages = _packages(missing)
        _say(f"Qt needs {names}. Install them as root, then run make again:")
        print(" ".join((*APT_INSTALL, *packages)), file=sys.stderr)
        return False
    if not _all_known(missing) and not _apt(rights, ("apt-get", "update")):
        _say("apt-get update failed; see above")
        return False
    _say(f"installing what Qt needs from the system: {names}")
    install = (*APT_INSTALL, *_packages(missing))
    # An outdated list of packages refers to files that no longer exist, so update it once.
    if _apt(rights, install) or (_apt(rights, ("apt-get", "update")) and _apt(rights, install)):
        return True
    _say(f"this failed: {' '.join(install)}")
    return False


def _rights() -> tuple[str, ...] | None:
    """Return the prefix for a command that requires root rights, or None if that would ask for a password."""
    if os.geteuid() == 0:
        return ()
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ("sudo", "-n")
    return None


def _apt(rights: tuple[str, ...], command: tuple[str, ...]) -> bool:
    line = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", *command]
    return subprocess.run(line, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False).returncode == 0


def _packages(missing: list[str]) -> list[str]:
    """Return the package for each library, by its name in this release."""
    return sorted({next(filter(_is_known, PACKAGES[name]), PACKAGES[name][-1]) for name in missing})


def _all_known(missing: list[str]) -> bool:
    return all(any(map(_is_known, PACKAGES[name])) for name in missing)


def _is_known(package: str) -> bool:
    candidate = re.search(r"Candidate: (\S+)", _answer("apt-cache", "policy", package))
    return candidate is not None and candidate[1] != "(none)"


def _answer(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, env=PLAIN, check=False).stdout


def _say(text: str) -> None:
    print(f"make: {text}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
