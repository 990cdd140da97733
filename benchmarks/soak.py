"""The window for a long time: recording, and another model each minute.

Run as `python -m benchmarks.soak [--minutes 30] [--source demo] [--folder DIR] [--models NAME,NAME]`, with a display or
with Xvfb installed. The whole app runs in a process of its own, as a person starts it; each minute it goes over to
another model and begins another recording. Memory, threads, descriptors and the rate of images are read from outside
and printed; the exit code is 1 where one of them is beyond its bound, or where the window does not end as it should.

Bounds hold for what is left after the first round of all models, when everything was loaded once: a leak shows in each
further round. Memory may grow by 40 MB and 2 MB more for each switch (allocators do not give everything back); threads
and descriptors may not grow at all but for the few of a recording that is just being finished. Of the rate, the last
round's must be at least 0.7 of the first one's, model by model.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil
from rich.console import Console
from rich.table import Table

from tools.x_server import start_x_server

SWITCH_SECONDS = 60.0
SAMPLE_SECONDS = 5.0
MEMORY_MB, MEMORY_PER_SWITCH_MB = 40.0, 2.0
MORE_THREADS, MORE_DESCRIPTORS = 4, 6
LEAST_RATE = 0.7

_WINDOW = """
import json, os, sys
from pathlib import Path
from PyQt5.QtCore import QTimer
from app import cli
from app.window import application

models, seconds, news = sys.argv[1].split(","), float(sys.argv[2]), open(sys.argv[3], "a", buffering=1)

class Soaked(application.MainWindow):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._turn = 0
        self._switching, self._telling = QTimer(self), QTimer(self)
        self._switching.timeout.connect(self._switch)
        self._telling.timeout.connect(self._tell)
        self._switching.start(int(1000 * seconds))
        self._telling.start(1000)

    def _switch(self):
        self._turn += 1
        self.panel.choose_model(self._session.models.index(models[self._turn % len(models)]))
        if self._session.status.recording is not None:
            self._session.stop_recording()
        self._session.start_recording()

    def _tell(self):
        status = self._session.status
        if status.recording is None and status.model and self._turn == 0:
            self._session.start_recording()
        problems = [b.message.text for b in self.banners.banners if b.message.severity == "error"]
        news.write(json.dumps({
            "turn": self._turn, "model": status.model, "rate": status.frames_per_second,
            "recording": status.recording is not None, "errors": problems,
        }) + "\\n")

application.MainWindow = Soaked
sys.argv = ["main.py", "run", "--source", sys.argv[4], "--model", models[0]]
cli.main()
"""


@dataclass(frozen=True)
class Sample:
    """One look at the process.

    Attributes:
        seconds: since the start.
        turn: switches so far.
        model: that runs, "" where none does yet.
        rate: images a second.
        megabytes: resident memory.
        threads: of the process.
        descriptors: open files, sockets and pipes.
    """

    seconds: float
    turn: int
    model: str
    rate: float
    megabytes: float
    threads: int
    descriptors: int


def main() -> int:
    """Run the window and measure it."""
    arguments = _arguments()
    models = arguments.models.split(",")
    folder = Path(tempfile.mkdtemp(prefix="bothhands-soak-", dir=arguments.folder))
    try:
        samples, errors, code = _soak(arguments.source, models, 60.0 * arguments.minutes, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    console = Console()
    console.print(_course(samples))
    verdicts = _judge(samples, len(models))
    verdicts["errors in the window"] = (float(len(errors)), 0.0)
    verdicts["exit code"] = (float(code), 0.0)
    table = Table("bound", "measured", "at most", "")
    for name, (measured, most) in verdicts.items():
        table.add_row(name, f"{measured:.2f}", f"{most:.2f}", "ok" if measured <= most else "BEYOND")
    console.print(table)
    for error in errors:
        console.print(error, markup=False)
    return int(any(measured > most for measured, most in verdicts.values()))


def _soak(source: str, models: Sequence[str], seconds: float, folder: Path) -> tuple[list[Sample], set[str], int]:
    news = folder / "news.jsonl"
    news.touch()
    settings = {"recordings": str(folder / "recordings")}
    (folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    environment = {**os.environ, "BOTHHANDS_CONFIG": str(folder / "settings.json")}
    command = [sys.executable, "-c", _WINDOW, ",".join(models), str(SWITCH_SECONDS), str(news), source]
    server = None
    if not environment.get("DISPLAY"):
        server, environment["DISPLAY"] = start_x_server()
    window = subprocess.Popen(command, env=environment)
    samples, errors = [], set()
    try:
        start = time.monotonic()
        while window.poll() is None and time.monotonic() - start < seconds:
            time.sleep(SAMPLE_SECONDS)
            lines = news.read_text(encoding="utf-8").splitlines()
            _drop_recordings(folder / "recordings")
            if lines and window.poll() is None:
                told = json.loads(lines[-1])
                errors.update(told["errors"])
                samples.append(_look(psutil.Process(window.pid), time.monotonic() - start, told))
        window.send_signal(signal.SIGINT)
        code = window.wait(60.0)
    finally:
        window.kill()
        window.wait()
        if server is not None:
            server.terminate()
            server.wait()
    return samples, errors, code


def _look(process: psutil.Process, seconds: float, told: Mapping[str, object]) -> Sample:
    with process.oneshot():
        return Sample(
            seconds,
            int(str(told["turn"])),
            str(told["model"]),
            float(str(told["rate"])),
            process.memory_info().rss / 1e6,
            process.num_threads(),
            process.num_fds() if hasattr(process, "num_fds") else 0,
        )


def _drop_recordings(folder: Path) -> None:
    """All but the newest two, so that no disk is filled: the others are finished."""
    if folder.is_dir():
        for old in sorted(folder.iterdir())[:-2]:
            shutil.rmtree(old, ignore_errors=True)


def _judge(samples: Sequence[Sample], models: int) -> dict[str, tuple[float, float]]:
    """What was measured, and the most that it may be, by name; of less than two rounds only what there is."""
    begin = min(models, max((sample.turn for sample in samples), default=0))
    first = [sample for sample in samples if sample.turn == begin and sample.model]
    # The last turn of the same model: models differ by more than any leak.
    last_turn = max((sample.turn for sample in samples if first and sample.model == first[-1].model), default=0)
    last = [sample for sample in samples if sample.turn == last_turn]
    if not first or not last:
        return {"rounds that were left out": (1.0, 0.0)}
    switches = last_turn - begin

    def growth(name: str) -> float:
        return median(getattr(sample, name) for sample in last) - median(getattr(sample, name) for sample in first)

    return {
        "memory, MB more": (growth("megabytes"), MEMORY_MB + MEMORY_PER_SWITCH_MB * switches),
        "threads, more": (growth("threads"), MORE_THREADS),
        "descriptors, more": (growth("descriptors"), MORE_DESCRIPTORS),
        "slowdown of the slowest model": (_slowdown(samples), 1.0 / LEAST_RATE),
    }


def _slowdown(samples: Sequence[Sample]) -> float:
    """How many times slower a model's last turn is than its first, of the model that lost most."""
    ratios = [1.0]
    for model in {sample.model for sample in samples} - {""}:
        turns: dict[int, list[float]] = {}
        for sample in samples:
            if sample.model == model and sample.rate:
                turns.setdefault(sample.turn, []).append(sample.rate)
        # Half of a turn loads the next model beside this one: the median is of what runs alone.
        rates = [median(rates) for _, rates in sorted(turns.items()) if len(rates) >= 4]
        if len(rates) >= 2:
            ratios.append(rates[0] / rates[-1])
    return max(ratios)


def _course(samples: Sequence[Sample]) -> Table:
    table = Table("minute", "model", "frames/s", "memory, MB", "threads", "descriptors")
    shown: dict[int, list[Sample]] = {}
    for sample in samples:
        shown.setdefault(sample.turn, []).append(sample)
    for turn, looks in shown.items():
        row = [
            f"{median(getattr(look, name) for look in looks):.0f}" for name in ("megabytes", "threads", "descriptors")
        ]
        table.add_row(str(turn), looks[-1].model, f"{median(look.rate for look in looks):.1f}", *row)
    return table


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30.0, help="how long")
    parser.add_argument("--source", default="demo", help="what the window shows")
    parser.add_argument("--folder", type=Path, help="where recordings are put for the time being")
    parser.add_argument("--models", default="lwa-hand,landmark-fit", help="to go round, with commas between")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
