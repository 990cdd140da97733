"""The window as a person meets it: time to the first image and hands, age of its images, a switch of models, its end.

Run as `python -m benchmarks.window [--seconds 20] [--model NAME] [--to NAME] [--source demo] [--cores N]`, with a
display or with Xvfb installed. The whole app runs in a process of its own, started twice: the first time with empty
cache folders, as on a machine that has just got it, where what numba compiles is compiled beside its images; the second
time with everything in the caches. `--cores 1` lets it use one core, which stands for a laptop of half the speed. The
second start goes over to `--to` after half of the time.

Of each start are printed: seconds from the start of the process to the first image on the screen and to the first
hands; after 5 seconds and until models are switched, images a second and the age of images when they are shown (median
and 95th percentile of all images); seconds from a click on the other model to its first hands; and from the window's
closing to the end of the process.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from time import time

import numpy as np
from rich.console import Console
from rich.table import Table

from tools.x_server import start_x_server

SETTLING_SECONDS = 5.0
"""After the first hands, until images count: what is loaded beside them is through by then."""

_WINDOW = """
import json, sys, time
from app.window import application
from app.window import main_window
from app.live.statistics import AgeMeter

seconds, other = float(sys.argv.pop(1)), sys.argv.pop(1)
news = {"ages": [], "shown_at": []}

class Ages(AgeMeter):
    def add(self, captured_ns, shown_ns):
        super().add(captured_ns, shown_ns)
        news.setdefault("image_at", time.time())
        if "hands_at" in news and "clicked_at" not in news:
            news["ages"].append((shown_ns - captured_ns) * 1e-6)
            news["shown_at"].append(time.time())

main_window.AgeMeter = Ages

class Watched(application.MainWindow):
    def _refresh(self):
        super()._refresh()
        now, status = time.time(), self._session.status
        if status.model and status.hands:
            news.setdefault("hands_at", now)
            if status.model == other:
                news.setdefault("switched_at", now)
        since = now - news.get("hands_at", now)
        if other and since > seconds / 2 and "clicked_at" not in news and not status.loading_model:
            news["clicked_at"] = now
            self.panel.choose_model(self._session.models.index(other))
        if since > seconds and "closed_at" not in news:
            news["closed_at"] = time.time()
            print("BENCHMARK " + json.dumps(news), flush=True)
            self.close()

application.MainWindow = Watched
from app import cli
cli.main()
"""


def main() -> None:
    """Start the window twice and print what was measured."""
    arguments = _arguments()
    environment = dict(os.environ)
    server = None
    if not environment.get("DISPLAY"):
        server, environment["DISPLAY"] = start_x_server()
    try:
        with tempfile.TemporaryDirectory(prefix="bothhands-window-") as folder:
            environment |= {
                "XDG_CACHE_HOME": str(Path(folder, "cache")),
                "NUMBA_CACHE_DIR": str(Path(folder, "numba")),
                "BOTHHANDS_CONFIG": str(Path(folder, "settings.json")),
                "OPENBLAS_NUM_THREADS": "1",  # as `main.py` does before anything else
            }
            # The page that checks the setup does not open.
            Path(folder, "settings.json").write_text(json.dumps({"setup_checked": True}), encoding="utf-8")
            first = _start(arguments, environment, other="")
            subprocess.run([sys.executable, "-m", "app.compiled"], env=environment, check=True)
            later = _start(arguments, environment, other=arguments.to)
    finally:
        if server is not None:
            server.terminate()
            server.wait()
    table = Table("", "first start", "later start")
    for name in first:
        table.add_row(name, first[name], later[name])
    Console().print(table)


def _start(arguments: argparse.Namespace, environment: Mapping[str, str], other: str) -> dict[str, str]:
    own = ["run", "--source", arguments.source, "--model", arguments.model]
    command = [sys.executable, "-c", _WINDOW, str(arguments.seconds), other, *own]
    if arguments.cores:
        command = ["taskset", "-c", ",".join(map(str, range(arguments.cores))), *command]
    begun = time()
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    ended = time()
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("BENCHMARK "))
    news = json.loads(line.removeprefix("BENCHMARK "))
    shown = np.array(news["shown_at"])
    counts = shown > news["hands_at"] + SETTLING_SECONDS
    ages = np.array(news["ages"])[counts]
    rate = (counts.sum() - 1) / np.ptp(shown[counts]) if counts.sum() > 1 else float("nan")
    switch = f"{news['switched_at'] - news['clicked_at']:.2f} s" if "switched_at" in news else ""
    return {
        "first image": f"{news['image_at'] - begun:.1f} s",
        "first hands": f"{news['hands_at'] - begun:.1f} s",
        "images a second": f"{rate:.1f}",
        "age of images, median": f"{np.median(ages):.0f} ms" if len(ages) else "",
        "age of images, 95th percentile": f"{np.percentile(ages, 95):.0f} ms" if len(ages) else "",
        f"switch to {arguments.to}": switch,
        "closed to ended": f"{ended - news['closed_at']:.2f} s",
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0, help="how long from the first hands on")
    parser.add_argument("--model", default="lwa-hand", help="that it starts with")
    parser.add_argument("--to", default="landmark-fit", help="model that the second start goes over to")
    parser.add_argument("--source", default="demo", help="what the window shows")
    parser.add_argument("--cores", type=int, default=0, help="that it may use; 0: all")
    return parser.parse_args()


if __name__ == "__main__":
    main()
