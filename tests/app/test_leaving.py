"""How the program ends: what Python has to do is done, what C++ libraries would do is not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

_ENDS = """
import atexit, ctypes, sys, threading, time
from app.leaving import end_process
if sys.argv[1] == "window":
    import PyQt5.QtWidgets
# What a library would do when it is taken down: here, end the process with 99.
libc = ctypes.CDLL(None)
libc.__cxa_atexit(ctypes.cast(libc._exit, ctypes.c_void_p), ctypes.c_void_p(99), None)
atexit.register(print, "registered")
ready = threading.Event()
threading.Thread(target=lambda: (ready.wait(), print("thread"))).start()
print("written", end=" ")
ready.set()
try:
    sys.exit(3)
except SystemExit as end:
    end_process(end)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="registers with the C library by its name on Linux")
@pytest.mark.parametrize(("kind", "code"), [("window", 3), ("command", 99)])
def test_behind_a_window_no_library_is_taken_down(kind: str, code: int):
    done = subprocess.run(
        [sys.executable, "-c", _ENDS, kind], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.split() == ["written", "thread", "registered"]
    assert (done.returncode, done.stderr) == (code, "")
