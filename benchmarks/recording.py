"""A long recording: how memory, disk and queue behave, faster than real time.

Run as `python -m benchmarks.recording [--minutes 30] [--clip FILE] [--folder DIR]`. The clip's frames are tracked once;
then they are recorded over and over with rising capture times, as fast as they can be encoded, through the same queue
and writer as in the window. The goal: at the end of thirty minutes the process has at most 50 MB more than after the
first one.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from app import __version__
from app.demo import demo_clip
from app.sessions.recorder import QUEUE_SIZE, Recorder
from app.sessions.session import SessionInfo, SessionWriter, load_session
from tracking.smoothing import SmoothingSettings
from tracking.sources import open_source
from tracking.tracker import Tracker
from tracking.values import Frame, TrackedFrame

FPS = 30
MOST_FRAMES = 150
"""Frames of the clip that are kept in memory, as they are used over and over."""


class PacedWriter(SessionWriter):
    """Lets the benchmark wait until an image is written, so that none is dropped."""

    room = threading.Semaphore(QUEUE_SIZE)

    def append_image(self, frame: Frame) -> None:
        """Write an image; another one may come then."""
        super().append_image(frame)
        self.room.release()


def track(clip: Path, model: str) -> list[TrackedFrame]:
    """The first frames of a clip with their hands."""
    tracker = Tracker.create(model, device="cpu", smoothing=SmoothingSettings())
    source = open_source(str(clip))
    try:
        found = []
        while len(found) < MOST_FRAMES and (frame := source.read()) is not None:
            found.append(tracker.track(frame))
        return found
    finally:
        source.close()
        tracker.close()


def endless(clip: list[TrackedFrame]) -> Iterator[TrackedFrame]:
    """The same frames again and again, thirty a second."""
    for index in count():
        tracked = clip[index % len(clip)]
        captured_ns = round(index * 1e9 / FPS)
        yield replace(tracked, frame=replace(tracked.frame, index=index, captured_ns=captured_ns))


def record(clip: list[TrackedFrame], folder: Path, minutes: int) -> tuple[list[tuple[float, float]], Path, int]:
    """Record; returns megabytes of memory and seconds of work after each minute, the session, and images dropped."""
    info = SessionInfo(
        app_version=__version__,
        model=clip[0].model,
        weights_sha256=None,
        hand_model="free",
        source="benchmark",
        intrinsics=clip[0].intrinsics,
    )
    writer = PacedWriter.create(folder, info, video=True)
    recorder = Recorder(writer)
    process = psutil.Process()
    frames = endless(clip)
    after: list[tuple[float, float]] = []
    begun = time.perf_counter()
    for _ in range(minutes):
        for _ in range(60 * FPS):
            PacedWriter.room.acquire()
            recorder.offer(next(frames))
        after.append((process.memory_info().rss / 1e6, time.perf_counter() - begun))
    recorder.stop()
    if recorder.error is not None:
        raise recorder.error
    return after, writer.path, recorder.dropped


def main() -> None:
    """Record, and print metrics."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--minutes", type=int, default=30, help="length of the recording")
    parser.add_argument("--clip", type=Path, default=None, help="default: the demo clip")
    parser.add_argument("--model", default="landmark-fit")
    parser.add_argument("--folder", type=Path, default=None, help="where to record; default: a temporary folder")
    options = parser.parse_args()
    clip = track(options.clip or demo_clip(), options.model)
    folder = options.folder or Path(tempfile.mkdtemp(prefix="bothhands-"))
    try:
        after, path, dropped = record(clip, folder, options.minutes)
        session = load_session(path)
        sizes = {file.name: file.stat().st_size / 1e6 for file in path.iterdir()}
    finally:
        if options.folder is None:
            shutil.rmtree(folder)
    table = Table("minute", "memory, MB", "frames a second")
    for minute in sorted({1, 2, 5, 10, 20, options.minutes} & set(range(1, options.minutes + 1))):
        memory, seconds = after[minute - 1]
        table.add_row(str(minute), f"{memory:.1f}", f"{minute * 60 * FPS / seconds:.0f}")
    console = Console(highlight=False)
    console.print(table)
    console.print(
        f"{session.info.frames} frames, {dropped} dropped; memory at the end {after[-1][0] - after[0][0]:+.1f} MB "
        f"against the first minute; video {sizes['video.mkv'] / options.minutes:.1f} and journal "
        f"{sizes['hands.arrows'] / options.minutes:.1f} MB a minute."
    )


if __name__ == "__main__":
    main()
