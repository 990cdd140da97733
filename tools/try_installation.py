"""Tries an installed program as a new user meets it: `python -m tools.try_installation PROGRAM`.

The program runs in an emptied environment (a path to the system's commands, a home that is new), and, with --root, in
another system's folder (chroot), such as debootstrap makes. It must say its version and its commands, find nothing
missing, track the demo clip, and open its window on an X server without a screen, on which both hands must appear in
their colours; the window is closed by Ctrl+C. What each step took is printed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from render.protocol import SIDE_COLOURS

_ROOT = Path(__file__).resolve().parents[1]
_DEMO = _ROOT / "assets" / "demo.mp4"
_SIZE = (1280, 900)
_PATIENCE = 180.0
"""Seconds for the window: it may be the first start of a slow disk."""
_HAND_PIXELS = 2000
"""As many of a hand's colour are a hand, not a letter or a button."""


class FailedError(Exception):
    """A step did not do what it must."""


class Installation:
    """A program in an emptied environment.

    Args:
        command: what starts it.
        home: a new folder, as the program sees it.
        root: of another system; None for this one.
    """

    def __init__(self, command: Sequence[str], home: str, root: Path | None = None) -> None:
        self._command = ["chroot", str(root), *command] if root else list(command)
        self._environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": home, "LANG": "C.UTF-8"}

    def run(self, *arguments: str) -> str:
        """Run a command to its end; returns what it printed.

        Raises:
            FailedError: it ended with another code than 0.
        """
        done = subprocess.run(
            [*self._command, *arguments],
            env=self._environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise FailedError(f"{' '.join(arguments)} ended with {done.returncode}: {done.stderr[-2000:]}")
        return done.stdout

    def open(self, display: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a command that opens a window."""
        environment = {**self._environment, "DISPLAY": display}
        return subprocess.Popen([*self._command, *arguments], env=environment, cwd="/", stdin=subprocess.DEVNULL)


class Screen:
    """An X server that draws into a file."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "Xvfb_screen0"
        reading, writing = os.pipe()
        size = "x".join(map(str, (*_SIZE, 24)))
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp", "-fbdir", str(folder)]
        self._server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
        os.close(writing)
        with os.fdopen(reading) as numbers:
            self.display = f":{numbers.readline().strip()}"

    def picture(self) -> np.ndarray:
        """What is on the screen, (H, W, 3) RGB: the file is an X window dump, whose header says where pixels begin."""
        content = self._file.read_bytes()
        header = np.frombuffer(content[:100], ">u4").astype(int)
        begin, height, line = header[0] + 12 * header[19], header[5], header[12]
        pixels = np.frombuffer(content, np.uint8, height * line, begin).reshape(height, line // 4, 4)
        return pixels[:, : header[4], 2::-1]

    def close(self) -> None:
        """End the server."""
        self._server.terminate()
        self._server.wait()


def hands_on(picture: np.ndarray) -> set[str]:
    """Sides whose colour covers enough of an image (H, W, 3): shaded, so it is the hue that counts."""
    seen = set()
    unit = picture / np.maximum(np.linalg.norm(picture.astype(float), axis=-1, keepdims=True), 60.0)
    for side, colour in SIDE_COLOURS.items():
        direction = np.array(colour) / np.linalg.norm(colour)
        if np.count_nonzero(unit @ direction > 0.985) > _HAND_PIXELS:
            seen.add(side)
    return seen


def try_window(program: Installation, demo: str) -> dict[str, float]:
    """Open the window on the demo clip until both hands are seen, and close it.

    Returns:
        Seconds until there was something on the screen, and until both hands were.

    Raises:
        FailedError: they were not, or it did not end by Ctrl+C.
    """
    with tempfile.TemporaryDirectory() as folder:
        screen = Screen(Path(folder))
        try:
            began = time.monotonic()
            window = program.open(screen.display, "run", "--source", demo)
            took: dict[str, float] = {}
            while "hands" not in took:
                elapsed = time.monotonic() - began
                if window.poll() is not None or elapsed > _PATIENCE:
                    raise FailedError(f"no hands in the window after {elapsed:.0f} s; exit code {window.poll()}")
                picture = screen.picture()
                if np.count_nonzero(picture.max(axis=-1)) > picture.shape[0] * picture.shape[1] // 4:
                    took.setdefault("window", elapsed)
                    if hands_on(picture) == set(SIDE_COLOURS):
                        took["hands"] = elapsed
                time.sleep(0.1)
            window.send_signal(signal.SIGINT)
            code = window.wait(30)
            if code:
                raise FailedError(f"the window ended with {code}")
            return took
        finally:
            screen.close()


def main() -> int:
    """Read the command line and try everything; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.try_installation", description=__doc__)
    parser.add_argument("program", nargs="+", help="what starts it, as --root sees it")
    parser.add_argument("--root", type=Path, help="folder of another system, with its /proc mounted")
    parser.add_argument("--no-window", action="store_true")
    given = parser.parse_args()
    base = given.root or Path("/")
    with tempfile.TemporaryDirectory(dir=base / "tmp", prefix="bothhands-") as folder:
        shutil.copyfile(_DEMO, Path(folder) / "demo.mp4")
        (Path(folder) / "home").mkdir()
        seen = "/" + Path(folder).relative_to(base).as_posix()
        command = list(given.program)
        if given.root is None and Path(command[0]).is_file():
            command[0] = str(Path(command[0]).resolve())  # it is started in another folder
        program = Installation(command, f"{seen}/home", given.root)

        def doctor() -> None:
            missing = [line for line in program.run("doctor").splitlines() if line.startswith("missing")]
            if missing:
                raise FailedError("\n".join(missing))

        steps: dict[str, Callable[[], object]] = {
            "--version": lambda: program.run("--version"),
            "--help": lambda: program.run("--help"),
            "doctor": doctor,
            "process, the demo without overlay": lambda: program.run(
                "process", f"{seen}/demo.mp4", "--no-video", "--out", f"{seen}/out"
            ),
        }
        try:
            for name, step in steps.items():
                began = time.monotonic()
                step()
                print(f"{name}: {time.monotonic() - began:.1f} s", flush=True)
            if not given.no_window:
                took = try_window(program, f"{seen}/demo.mp4")
                print(f"window: {took['window']:.1f} s to the window, {took['hands']:.1f} s to both hands")
        except FailedError as error:
            print(f"failed: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
