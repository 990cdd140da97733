"""How far an archive is."""

from __future__ import annotations

import time
from collections.abc import Callable

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from app.archives.job import Outcome
from app.terminal import PlainConsole


class Tally:
    """Counts frames and videos while they are done.

    Attributes:
        videos: in all.
        outcomes: of those that are finished, in the order in which they finished.

    Args:
        videos: in all.
        changed: called with this tally after each piece of news.
    """

    def __init__(self, videos: int, changed: Callable[[Tally], None] = lambda tally: None) -> None:
        self.videos = videos
        self.outcomes: list[Outcome] = []
        self._changed = changed
        self._start = time.perf_counter()
        self._running: dict[str, tuple[int, int | None]] = {}
        self._frames = 0

    def advance(self, name: str, done: int, total: int | None) -> None:
        """A running video has so many frames done, of so many in all (None where unknown)."""
        self._running[name] = (done, total)
        self._changed(self)

    def finish(self, outcome: Outcome) -> None:
        """A video has come to its end."""
        self._running.pop(outcome.name, None)
        self.outcomes.append(outcome)
        if outcome.state in ("done", "incomplete"):
            self._frames += outcome.frames
        self._changed(self)

    @property
    def frames(self) -> int:
        """Frames tracked in this run, those of running videos included."""
        return self._frames + sum(done for done, _ in self._running.values())

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return time.perf_counter() - self._start

    @property
    def videos_done(self) -> float:
        """Videos that are finished, running ones by their part where that is known."""
        parts = sum(min(done / total, 1.0) for done, total in self._running.values() if total)
        return len(self.outcomes) + parts

    def count(self, state: str) -> int:
        """Finished videos with this outcome."""
        return sum(outcome.state == state for outcome in self.outcomes)


class ArchiveBar:
    """A progress bar over all videos, on stderr."""

    def __init__(self) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[told]}"),
            TimeRemainingColumn(),
        )
        self._progress = Progress(*columns, console=PlainConsole(stderr=True))
        self._task = self._progress.add_task("Tracking", total=None, told="")

    def show(self, tally: Tally) -> None:
        """Show how far it is; the bar appears with the first call."""
        failed = f", {tally.count('failed')} failed" if tally.count("failed") else ""
        told = (
            f"{len(tally.outcomes)}/{tally.videos} videos{failed}, "
            f"{tally.frames:,} frames, {tally.frames / max(tally.seconds, 1e-9):.1f}/s"
        )
        self._progress.start()
        self._progress.update(self._task, completed=tally.videos_done, total=tally.videos, told=told)

    def close(self) -> None:
        """Take the bar away from what is printed next."""
        if self._progress.live.is_started:  # else it would print an empty line
            self._progress.stop()
