"""`process` over an archive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from app.archives.catalog import Job, find_jobs
from app.archives.cluster import run_on_ray
from app.archives.job import Outcome
from app.archives.local import run_local
from app.archives.progress import Tally
from app.archives.report import ArchiveReport
from app.archives.sizing import workers_for
from app.archives.state import Wanted, look, remove_partials
from app.processing import ProcessOptions
from models.errors import BothhandsError
from tracking.sources import readable


def process_archive(
    options: ProcessOptions,
    *,
    workers: int | None = None,
    ray: str | None = None,
    changed: Callable[[Tally], None] = lambda tally: None,
) -> ArchiveReport:
    """Track every video of an archive; each gets a session folder of its own under `options.out`.

    A video whose session is finished and made with the same model, weights and settings is skipped; one whose session
    is half-done is done again, and so is one that was not whole and has changed since. One that fails does not stop
    the others. Ctrl+C ends the run; the report is written then too.

    Args:
        options: as for one video; `source` is a folder of videos or a list.
        workers: processes at a time; None for as many as this machine bears.
        ray: address of a Ray cluster that does the work in place of this machine.
        changed: called while it goes on.

    Raises:
        BothhandsError: the archive cannot be read, the folder cannot be written, or what was asked for cannot run.
    """
    _check(options)
    folder = (options.out or Path("out") / Path(options.source).absolute().stem).absolute()
    jobs = find_jobs(options.source, folder)
    if any(job.folder == job.source for job in jobs):
        raise BothhandsError(
            f"Sessions would take the place of their videos in {readable(folder)}; choose another --out, such as a new "
            "folder in it."
        )
    wanted = Wanted.by(options)
    _make(folder)
    started, tally = datetime.now().astimezone().isoformat(timespec="seconds"), Tally(len(jobs), changed)
    parents = {job.folder.parent for job in jobs}
    remove_partials(parents)
    todo = _not_done(jobs, folder, wanted, tally)
    count = workers or (0 if ray else workers_for(options))
    stopped = False
    try:
        if ray and todo:
            count = run_on_ray(todo, _everywhere(options), ray, tally)
        elif todo:
            run_local(todo, options, count, tally)
    except KeyboardInterrupt:
        stopped = True
    finally:
        remove_partials(parents)
    outcomes = {outcome.name: outcome for outcome in tally.outcomes}
    ordered = [outcomes.get(job.name, Outcome(job.name, "left")) for job in jobs]
    report = ArchiveReport(folder, wanted, started, tally.seconds, ray or "local", count, ordered, stopped)
    report.write()
    return report


def _not_done(jobs: list[Job], folder: Path, wanted: Wanted, tally: Tally) -> list[Job]:
    """The jobs that are to be done; the tally gets the others."""
    todo = []
    for job in jobs:
        if not job.folder.resolve().is_relative_to(folder.resolve()):
            reason = f"A link leads from {readable(job.folder)} out of {readable(folder)}; choose another --out."
            tally.finish(Outcome(job.name, "failed", reason=reason))
            continue
        found = look(job.folder, wanted, job.source)
        if found.state == "done":
            tally.finish(Outcome(job.name, "skipped", frames=found.frames))
        elif found.state == "incomplete":
            tally.finish(Outcome(job.name, "incomplete", reason=found.reason, frames=found.frames))
        elif found.state == "taken":
            tally.finish(Outcome(job.name, "failed", reason=found.reason))
        else:
            todo.append(job)
    return todo


def _check(options: ProcessOptions) -> None:
    """Find out once, and not once a video, what cannot work at all."""
    from models.hand_model import load_hand_models
    from models.registry import require_weights
    from models.runtime.device import resolve_device
    from tracking.camera_model import camera_from

    if options.video is not None:
        raise BothhandsError("--video names one file, and an archive has many videos: leave it out, or use --no-video.")
    if options.streams:
        raise BothhandsError("Streams show one video at a time; leave them out for an archive.")
    config = options.tracker
    require_weights(config.model)
    resolve_device(config.device)
    camera_from(*config.camera_choice)
    load_hand_models(config.mano_dir)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise BothhandsError(
            f"No session can be written in {folder}: {error.strerror or error}; choose another --out."
        ) from error


def _everywhere(options: ProcessOptions) -> ProcessOptions:
    """The options with paths that mean the same on every machine."""
    config = options.tracker
    mano_dir, camera_file = config.mano_dir, config.camera_file
    absolute = replace(
        config, mano_dir=mano_dir and mano_dir.absolute(), camera_file=camera_file and camera_file.absolute()
    )
    return replace(options, tracker=absolute)
