"""Whether a window can be opened here, found out without being the one who fails.

Qt ends the whole program where it cannot open the display that a variable names, with advice to reinstall it. Such a
name may well be left over: from a session that has ended, from another machine by ssh, or from another user by sudo.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys

from app.window.qt_environment import QT_PATH_VARIABLES

_PROBE = (
    "import sys\n"
    "try:\n    import resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n"
    "except (ImportError, OSError, ValueError):\n    pass\n"
    "from PyQt5.QtGui import QGuiApplication; QGuiApplication(sys.argv[:1])"
)
_PATIENCE_SECONDS = 10.0
_PLATFORM = "QT_QPA_PLATFORM"
_DISPLAYS = {"DISPLAY": "xcb", "WAYLAND_DISPLAY": "wayland"}
"""Variables that name a display, and the part of Qt that opens it."""
_OTHER_PACKAGES = {
    **dict.fromkeys(("libglib-2.0", "libgthread-2.0", "libgobject-2.0", "libgio-2.0"), "libglib2.0-0"),
    "libz": "zlib1g",
}
"""Libraries to packages that do not have their names."""


def display_problem() -> str | None:
    """Why no window can be opened, as the beginning of a sentence; None where one can.

    Where Qt by itself would try another display than the one that works, it is told which one to take.
    """
    if sys.platform in ("win32", "darwin"):
        return None
    named = {variable: os.environ[variable] for variable in _DISPLAYS if os.environ.get(variable)}
    if not named:
        return "There is no display to open a window on"
    problem = _problem(None)
    if problem is None:
        return None
    if not os.environ.get(_PLATFORM):
        for variable in named:
            if _problem(_DISPLAYS[variable]) is None:
                os.environ[_PLATFORM] = _DISPLAYS[variable]
                return None
    return f"The display {' or '.join(named.values())} cannot be opened ({problem})"


def display_name() -> str:
    """What the display is called, for people."""
    return os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY") or sys.platform


def debian_package(library: str) -> str:
    """The package that brings a shared library on Debian and Ubuntu.

    Packages are named after the library and its version, with a hyphen between two digits (Debian Policy, 8.1); those
    that are not, and that a window needs, are listed.

    Args:
        library: such as "libxcb-icccm.so.4".
    """
    name, _, version = library.partition(".so")
    if name in _OTHER_PACKAGES:
        return _OTHER_PACKAGES[name]
    version = version.lstrip(".").partition(".")[0]
    return f"{name}{'-' if name[-1].isdigit() and version else ''}{version}".lower()


def _problem(platform: str | None) -> str | None:
    """Why a process cannot make Qt's application; None where it can."""
    environment = {**os.environ, "QT_DEBUG_PLUGINS": "1", **({_PLATFORM: platform} if platform else {})}
    # OpenCV names its own Qt plugins to every process that this one starts; the window does without them as well.
    for variable in QT_PATH_VARIABLES:
        if "cv2" in environment.get(variable, ""):
            del environment[variable]
    try:
        done = subprocess.run(
            [sys.executable, "-c", _PROBE],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "it does not answer"
    return None if done.returncode == 0 else _reason(done.stderr.decode(errors="replace"))


def _reason(said: str) -> str:
    if "No module named 'PyQt5" in said:
        return "PyQt5 is not installed"
    refused = re.search(r"Authorization required|No protocol specified|Invalid MIT-MAGIC-COOKIE", said)
    if refused:
        return "it does not let this user in"
    missing = re.search(r"(lib[\w.+-]+\.so[.\d]*): cannot open shared object file", said)
    if missing and "could not connect to display" not in said:
        remedy = f"`apt-get install {debian_package(missing[1])}` brings it on Debian and Ubuntu"
        return f"the library {missing[1]} is missing: {remedy}"
    return "nothing answers there"
