"""The display server ends while the window is open."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.window.qt_environment import QT_PATH_VARIABLES
from tools.x_server import start_x_server

ROOT = Path(__file__).parents[2]
_LOSES_IT = """
import ctypes, os, signal, sys
from PyQt5.QtCore import QTimer, qWarning
from PyQt5.QtWidgets import QApplication, QWidget
from app.window.display_loss import end_with_display
application = QApplication([])
end_with_display(lambda: print("finished"))
window = QWidget()
window.show()
# What a library would do when it is taken down: here, end the process with 99.
libc = ctypes.CDLL(None)
libc.__cxa_atexit(ctypes.cast(libc._exit, ctypes.c_void_p), ctypes.c_void_p(99), None)
qWarning("an ordinary one")
QTimer.singleShot(0, lambda: os.kill(int(sys.argv[1]), signal.SIGKILL))
application.exec()
"""


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs an X server without a screen")
def test_what_is_open_is_finished_and_nothing_crashes():
    """Qt ended the process by C's exit: a segmentation fault, and a recording that had to be recovered."""
    ours = {name: value for name, value in os.environ.items() if name not in QT_PATH_VARIABLES}
    server, display = start_x_server((64, 64))
    try:
        done = subprocess.run(
            [sys.executable, "-c", _LOSES_IT, str(server.pid)],
            cwd=ROOT,
            env={**ours, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        server.kill()
        server.wait()
    assert (done.returncode, done.stdout) == (1, "finished\n")
    assert "an ordinary one" in done.stderr
    assert "The X11 connection broke" in done.stderr
