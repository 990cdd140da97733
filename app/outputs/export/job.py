"""One export from beginning to end, at once or beside other work."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from app.outputs.export.formats import ExportFormat, Progress, Unit, WriterOptions, export_format
from app.outputs.export.place import whole_file
from app.outputs.export.smoothing import smooth_take
from app.outputs.export.take import Take, load_take
from app.replay.runs import stored_runs
from app.sessions.belonging import cut_off, mismatch
from app.sessions.info import no_folder
from app.sessions.session import Session
from models.amounts import size_text
from models.errors import BothhandsError
from models.sentences import joined, say

_MOST_TOLD = 3
"""Changes of the model that a note names."""


class ExportCancelled(Exception):  # noqa: N818 - not an error: a person wanted it
    """The export was stopped on request; nothing was written."""


@dataclass(frozen=True, kw_only=True)
class ExportOptions:
    """What to export and how.

    Attributes:
        session: folder of the session.
        format: name of a format.
        also: names of further formats; their files lie beside the first one's and differ from it in their ending.
        out: file to write, or a folder for a file named after the session; None for the session's own folder.
        smooth: a second, zero-phase smoothing pass before.
        rig_only: see `WriterOptions`.
        unit: see `WriterOptions`.
        overwrite: whether an older file may be replaced.
        mano_dir: folder of official MANO files, used where the session was made with them.
        run: name of a run of another model beside the session, whose hands are exported; None for the recorded ones.
    """

    session: Path
    format: str
    also: tuple[str, ...] = ()
    out: Path | None = None
    smooth: bool = False
    rig_only: bool = False
    unit: Unit = "m"
    overwrite: bool = False
    mano_dir: Path | None = None
    run: str | None = None


@dataclass(frozen=True)
class ExportedFile:
    """A file that was written.

    Attributes:
        path: where it is.
        size: bytes.
    """

    path: Path
    size: int


@dataclass(frozen=True)
class ExportResult:
    """What came of it.

    Attributes:
        files: in the order of the formats.
        notes: sentences that a person should know.
        warnings: sentences on what is missing in the session, and so in the files.
    """

    files: tuple[ExportedFile, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """The result in words."""
        return [*self.wrote, *self.warnings, *self.notes]

    @property
    def path(self) -> Path:
        """The first file."""
        return self.files[0].path

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def wrote(self) -> list[str]:
        """The files, in words."""
        return [say("Wrote {path} ({size}).", path=str(file.path), size=size_text(file.size)) for file in self.files]


def export_session(
    options: ExportOptions, progress: Progress = lambda done, total: None, cancelled: Callable[[], bool] = lambda: False
) -> ExportResult:
    """Export a session to files of which each appears whole or not at all, and none before all are written.

    Args:
        options: what to export and how.
        progress: called with steps done and in all.
        cancelled: asked at each step whether to stop.

    Raises:
        BothhandsError: a session that cannot be read, an option the format does not know, or a file that cannot be
            written; nothing was overwritten.
        ExportCancelled: `cancelled` said so.
    """
    kinds = [export_format(name) for name in (options.format, *options.also)]
    _check_options(options, kinds)
    _check_run(options.session, options.run)
    paths = output_paths(options.session, kinds, options.out, options.run)

    def step(done: int, total: int) -> None:
        if cancelled():
            raise ExportCancelled
        progress(done, total)

    files = []
    with contextlib.ExitStack() as places:
        partial = places.enter_context(whole_file(paths[0], overwrite=options.overwrite))
        writers = [kind.writer() for kind in kinds]
        take, session = load_take(
            options.session,
            with_hand_models=options.smooth or any(kind.needs_hand_model for kind in kinds),
            mano_dir=options.mano_dir,
            run=options.run,
        )
        notes = [sentence for sentence in (models_note(take), take.time.note()) if sentence]
        if options.smooth:
            take = smooth_take(take, step)
        wanted = WriterOptions(rig_only=options.rig_only, unit=options.unit)
        for before, (write, path) in enumerate(zip(writers, paths, strict=True)):
            if before:  # not earlier: a file that cannot be written is called by the name of the last place
                partial = places.enter_context(whole_file(path, overwrite=options.overwrite))

            def step_of_all(done: int, total: int, before: int = before) -> None:
                step(before * total + done, len(writers) * total)

            notes += write(take, partial, wanted, step_of_all)
            files.append(ExportedFile(path, partial.stat().st_size))
    return ExportResult(tuple(files), tuple(notes), tuple(warnings_about(session)))


def warnings_about(session: Session) -> list[str]:
    """What is missing in a session, in sentences."""
    sentences = []
    if session.damage:
        sentences.append(
            say(
                "The session {path} is {damage}; the file has what could be read.",
                path=session.path,
                damage=session.damage,
            )
        )
    if fault := mismatch(session) or cut_off(session):
        sentences.append(fault)
    if session.interrupted:
        sentences.append(say("The session was not finished properly: its last second may be missing."))
    ended = [event for event in session.info.events if event.kind == "ended"]
    if ended:
        sentences.append(say("The session ends before its source did: {why}.", why=ended[-1].value))
    return sentences


def models_note(take: Take) -> str:
    """Which models made the hands, where there were several; "" where there was one."""
    columns = take.columns
    changes = np.flatnonzero(columns.model[1:] != columns.model[:-1]) + 1
    if not len(changes):
        return ""
    told = [
        say("{model} from frame {frame} on", model=str(columns.model[row]), frame=int(columns.frame[row]))
        for row in changes[:_MOST_TOLD]
    ]
    first, later, more = str(columns.model[0]), joined(*told, between=", "), len(changes) - _MOST_TOLD
    if more == 1:
        return say("Hands were made by {model}, then {later} and 1 more change.", model=first, later=later)
    if more > 0:
        return say(
            "Hands were made by {model}, then {later} and {more} more changes.", model=first, later=later, more=more
        )
    return say("Hands were made by {model}, then {later}.", model=first, later=later)


def output_paths(session: Path, kinds: Sequence[ExportFormat], out: Path | None, run: str | None = None) -> list[Path]:
    """The files that an export writes, one for each format.

    Args:
        session: folder of the session.
        kinds: the formats; the first is that of `out`.
        out: what was asked for; see `ExportOptions`.
        run: see `ExportOptions`.

    Raises:
        BothhandsError: the name ends like another format's, or there is no such session to write into.
    """
    first, *others = kinds
    if out is None:
        if not session.is_dir():
            raise no_folder(session)
        out = session
    if out.is_dir():
        name = session.resolve().name if run is None else f"{session.resolve().name}-{run}"
        out = out / f"{name}{first.suffix}"
    elif out.suffix.lower() != first.suffix:
        raise BothhandsError(
            say(
                "The file {out} must end in {suffix} for the format {name}.",
                out=out,
                suffix=first.suffix,
                name=first.name,
            )
        )
    return [out, *(out.with_suffix(kind.suffix) for kind in others)]


def _check_run(session: Path, run: str | None) -> None:
    """Only names of runs that lie beside the session become parts of other names."""
    runs = stored_runs(session)
    if run is not None and run not in runs:
        there = (
            say("there are: {names}", names=", ".join(runs)) if runs else say("run a model over it first, in a replay")
        )
        raise BothhandsError(
            say("The session {session} has no run named {run!r}; {there}.", session=session, run=run, there=there)
        )


def _check_options(options: ExportOptions, kinds: Sequence[ExportFormat]) -> None:
    plain = WriterOptions()
    for name in ("rig_only", "unit"):
        if all(name not in kind.options for kind in kinds) and getattr(options, name) != getattr(plain, name):
            flag = f"--{name.replace('_', '-')}"
            if len(kinds) == 1:
                raise BothhandsError(
                    say(
                        "{option} makes no difference to the format {name}; leave it out.",
                        option=flag,
                        name=kinds[0].name,
                    )
                )
            names = joined(*(kind.name for kind in kinds), between=say(" and "))
            raise BothhandsError(
                say("{option} makes no difference to the formats {names}; leave it out.", option=flag, names=names)
            )


@dataclass(frozen=True)
class JobState:
    """How far a job is.

    Attributes:
        done, total: steps; total 0 before the first.
        finished: whether it ended, however it did.
        result: the files, None until they are there.
        error: why there will be none; None where all is well or it was cancelled.
    """

    done: int = 0
    total: int = 0
    finished: bool = False
    result: ExportResult | None = None
    error: Exception | None = None


class ExportJob:
    """An export in a thread of its own. `state` may be read from any thread, at any time.

    Args:
        options: what to export and how.
    """

    def __init__(self, options: ExportOptions) -> None:
        self._options = options
        self._cancelled = threading.Event()
        self._state = JobState()
        self._thread = threading.Thread(target=self._run, name="bothhands-export", daemon=True)
        self._thread.start()

    @property
    def state(self) -> JobState:
        """How far it is."""
        return self._state

    def cancel(self) -> None:
        """Ask it to stop; it ends with the next step, leaving nothing."""
        self._cancelled.set()

    def wait(self) -> JobState:
        """Wait for its end."""
        self._thread.join()
        return self._state

    def _run(self) -> None:
        try:
            result = export_session(self._options, self._step, self._cancelled.is_set)
        except ExportCancelled:
            self._state = replace(self._state, finished=True)
        except Exception as error:  # noqa: BLE001 - crosses to the thread that asks for it
            self._state = replace(self._state, finished=True, error=error)
        else:
            self._state = replace(self._state, finished=True, result=result)

    def _step(self, done: int, total: int) -> None:
        self._state = replace(self._state, done=done, total=total)
