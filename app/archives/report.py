"""What came of an archive: report.json, and a table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from app import __version__
from app.archives.job import Outcome
from app.archives.state import Wanted
from app.sessions.files import replacing
from models.errors import BothhandsError

REPORT_FILE = "report.json"
_MOST_ROWS = 40


@dataclass(frozen=True)
class ArchiveReport:
    """All videos of an archive and what came of each.

    Attributes:
        folder: of the sessions; the report lies in it.
        wanted: what the sessions were made with.
        started: local time with offset, ISO 8601.
        seconds: wall time.
        where: "local" or a cluster's address.
        workers: processes, or a cluster's cores.
        outcomes: in the archive's order.
        stopped: whether a person stopped the run.
    """

    folder: Path
    wanted: Wanted
    started: str
    seconds: float
    where: str
    workers: int
    outcomes: Sequence[Outcome]
    stopped: bool = False

    @property
    def complete(self) -> bool:
        """Whether every video has its session now, with all of it."""
        return all(outcome.state in ("done", "skipped") for outcome in self.outcomes)

    @property
    def totals(self) -> dict[str, Any]:
        """Counts by outcome, and rates over what was done in this run."""
        done = [outcome for outcome in self.outcomes if outcome.state in ("done", "incomplete") and outcome.seconds]
        frames, cpu = sum(each.frames for each in done), sum(each.cpu_seconds for each in done)
        counts = {
            state: sum(each.state == state for each in self.outcomes)
            for state in ("done", "incomplete", "skipped", "failed", "left")
        }
        return {
            "videos": len(self.outcomes),
            **counts,
            "frames": frames,
            "frames_with_hands": sum(each.with_hands for each in done),
            "seconds": round(self.seconds, 3),
            "cpu_seconds": round(cpu, 3),
            "frames_per_second": _rate(frames, self.seconds),
            "frames_per_core_second": _rate(frames, cpu),
        }

    def write(self) -> Path:
        """Write report.json in one step; returns its path.

        Raises:
            BothhandsError: the folder cannot be written.
        """
        path = self.folder / REPORT_FILE
        report = {
            "app_version": __version__,
            **asdict(self.wanted),
            "started": self.started,
            "where": self.where,
            "workers": self.workers,
            "totals": self.totals,
            "videos": [_entry(outcome) for outcome in self.outcomes],
        }
        try:
            with replacing(path) as beside:
                beside.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise BothhandsError(f"The report {path} cannot be written: {error.strerror or error}.") from error
        return path

    def table(self) -> Table:
        """What a person looks at: every video of a small archive; of a large one, those without a session."""
        table = Table("video", "result", "frames", "frames/s", "reason", box=None)
        shown = [
            each for each in self.outcomes if len(self.outcomes) <= _MOST_ROWS or each.state in ("failed", "incomplete")
        ]
        for each in shown[:_MOST_ROWS]:
            rate = f"{each.frames / each.seconds:.1f}" if each.seconds else ""
            reason = " ".join((each.reason, *each.notices)).strip()
            frames = str(each.frames) if each.frames else ""
            table.add_row(each.name, each.state, frames, rate, reason)
        return table

    def text(self) -> str:
        """The sum of it, in words."""
        totals = self.totals
        left = f", {totals['left']} left" if totals["left"] else ""
        incomplete = f", {totals['incomplete']} incomplete" if totals["incomplete"] else ""
        counts = (
            f"{totals['videos']} videos: {totals['done']} done{incomplete}, {totals['skipped']} done before, "
            f"{totals['failed']} failed{left}."
        )
        if not totals["frames"]:
            return counts
        return (
            f"{counts} {totals['frames']} frames in {totals['seconds']:.1f} s: {totals['frames_per_second']} a second, "
            f"{totals['frames_per_core_second']} for each second of a core."
        )


def _entry(outcome: Outcome) -> dict[str, Any]:
    """One video as JSON: what says nothing is left out."""
    values = asdict(outcome)
    for name in ("seconds", "cpu_seconds"):
        values[name] = round(values[name], 3)
    return {name: value for name, value in values.items() if value not in ("", 0, 0.0, ())}


def _rate(frames: int, seconds: float) -> float:
    return round(frames / seconds, 2) if seconds else 0.0
