"""How long the window stands still in each thing that a person may do with it, while it shows tracked hands.

Run as `python -m benchmarks.stalls [--rounds 2]`, with a display or with Xvfb installed, on a quiet machine. The window
runs on the demo clip; every entry of its menus that opens or changes much is chosen, one after the other. Of each, and
of the time before the first hands, is printed the longest turn of the event loop afterwards: by the clock, and how much
of a core it took. What is longer by the clock alone waited for others.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, thread_time
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from tools.x_server import start_x_server

if TYPE_CHECKING:
    from app.window.main_window import MainWindow

BEAT_MS = 1
STEP_SECONDS = 1.5
"""For each thing that is done: what it begins has happened by then."""
COMMANDS = (
    *("help", "shortcuts", "about", "log", "setup", "models", "sessions"),
    *("scene", "view", "mirror", "zoom-in", "zoom-all", "full-screen", "leave-full-screen"),
    *("theme", "theme", "larger-text", "smaller-text", "compare", "compare", "record", "record"),
)


class Turns:
    """The longest turn of the event loop since it was asked last."""

    def __init__(self) -> None:
        self._begun = perf_counter(), thread_time()
        self._clock_ms = self._core_ms = 0.0

    def beat(self) -> None:
        """The event loop turns."""
        now = perf_counter(), thread_time()
        clock_ms, core_ms = (1e3 * (end - start) for end, start in zip(now, self._begun, strict=True))
        self._clock_ms, self._core_ms = max(self._clock_ms, clock_ms - BEAT_MS), max(self._core_ms, core_ms)
        self._begun = now

    def take(self) -> tuple[float, float]:
        """By the clock and of a core, ms."""
        found, self._clock_ms, self._core_ms = (self._clock_ms, self._core_ms), 0.0, 0.0
        return found


def steps(window: MainWindow) -> Iterator[str]:
    """Does one thing after the other and names it once it is done."""
    from PyQt5.QtWidgets import QAction, QApplication, QDialog

    for name in COMMANDS:
        window.commands.actions[name].trigger()
        yield name
        for part in QApplication.topLevelWidgets():
            if isinstance(part, QDialog) and part.isVisible():
                part.close()
    for language in ("Deutsch", "English"):
        next(action for action in window.findChildren(QAction) if action.text().replace("&", "") == language).trigger()
        yield language
    window.panel.export_wanted.emit()
    yield "export"


def run(rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Show the window and do everything so often."""
    from PyQt5.QtCore import Qt, QTimer

    from app.settings import SettingsStore
    from app.window import application, run_window

    found: dict[str, list[tuple[float, float]]] = {}

    class Watched(application.MainWindow):
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            self._turns, self._done, self._since = Turns(), "start", perf_counter()
            self._steps = (name for _ in range(rounds) for name in steps(self))
            self._beats = QTimer(self)
            self._beats.setTimerType(Qt.TimerType.PreciseTimer)
            self._beats.timeout.connect(self._beat)
            self._beats.start(BEAT_MS)

        def _beat(self) -> None:
            self._turns.beat()
            if self._done == "start" and not self._session.status.hands:
                self._since = perf_counter()
            if perf_counter() - self._since < STEP_SECONDS:
                return
            found.setdefault(self._done, []).append(self._turns.take())
            self._since = perf_counter()
            self._done = next(self._steps, "")
            if not self._done:
                self._beats.stop()
                self.close()

    application.MainWindow = Watched
    with tempfile.TemporaryDirectory(prefix="bothhands-stalls-") as folder:
        choices: dict[str, Any] = {"source": "demo", "recordings": Path(folder, "takes"), "language": "en"}
        run_window(SettingsStore.load(Path(folder, "settings.json"), setup_checked=True, **choices))
    return found


def main() -> None:
    """Run, and print the longest turns."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=2, help="how often everything is done")
    rounds = parser.parse_args().rounds
    server = None
    if not os.environ.get("DISPLAY"):
        server, os.environ["DISPLAY"] = start_x_server()
    try:
        found = run(rounds)
    finally:
        if server is not None:
            server.terminate()
            server.wait()
    table = Table("done", "longest turn, ms", "of a core, ms")
    for name, turns in found.items():
        clock_ms, core_ms = ([f"{value:.0f}" for value in values] for values in zip(*turns, strict=True))
        table.add_row(name, " ".join(clock_ms), " ".join(core_ms))
    Console().print(table)


if __name__ == "__main__":
    main()
