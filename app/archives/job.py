"""One video to one session, whatever goes wrong with it."""

from __future__ import annotations

import logging
import shutil
import time
import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from app.archives.catalog import Job
from app.archives.state import Wanted, partial_of, settle
from app.processing import LeftUnfinishedError, ProcessOptions, process_source
from models.errors import BothhandsError
from tracking.sources import readable

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What came of a video.

    Attributes:
        name: of the job.
        state: "incomplete": its session has all that was there, which is less than the video's header says;
            "skipped": its session was there already; "left": never begun or not finished, as the run was stopped.
        reason: why it failed, as a sentence.
        frames: tracked (skipped: by the session that is there).
        with_hands: frames in which at least one hand was measured.
        seconds: wall time, model loading included.
        cpu_seconds: of all threads.
        notices: what else there is to know (frames that were damaged, an early end).
        trace: of an error that nobody expected.
    """

    name: str
    state: Literal["done", "incomplete", "failed", "skipped", "left"]
    reason: str = ""
    frames: int = 0
    with_hands: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    notices: tuple[str, ...] = ()
    trace: str = ""


def do_job(
    job: Job, options: ProcessOptions, progress: Callable[[int, int | None], None] = lambda done, total: None
) -> Outcome:
    """Track a video as `process` does, with a tracker of its own: nothing is carried over from another video.

    The session gets its name when it is finished; until then it has that of a partial one.

    Args:
        job: what to read and where to write.
        options: the rest; their `source` and `out` are not looked at.
        progress: as `process_source` calls it.
    """
    partial = partial_of(job.folder, uuid.uuid4().hex[:8])
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        result = process_source(replace(options, source=str(job.source), out=partial), progress)
        settle(partial, job.folder, Wanted.by(options))
    except BothhandsError as error:
        told = error.__cause__ if isinstance(error, LeftUnfinishedError) else error  # the partial session is not kept
        return Outcome(job.name, "failed", reason=str(told))
    except OSError as error:
        return Outcome(
            job.name, "failed", reason=f"{readable(job.folder)} cannot be written: {error.strerror or error}."
        )
    except Exception as error:
        logger.exception("%s failed", job.source)
        reason = f"Something in the program failed: {type(error).__name__}: {error}."
        return Outcome(job.name, "failed", reason=reason, trace=traceback.format_exc())
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return Outcome(
        job.name,
        "incomplete" if result.ended_early else "done",
        frames=result.frames,
        with_hands=result.with_hands,
        seconds=time.perf_counter() - wall,
        cpu_seconds=time.process_time() - cpu,
        notices=result.notices,
    )
